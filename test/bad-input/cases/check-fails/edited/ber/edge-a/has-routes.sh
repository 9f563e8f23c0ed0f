# this very prefix, and from BGP: a longer or shorter one says nothing about the WAN, and neither does a static route that stands by
test -n "$(/bin/ip -4 route show exact 10.0.0.0/8 proto bgp)" || exit 1
test -n "$(/bin/ip -6 route show exact 2001:db8::/32 proto bgp)" || exit 1
