# one tunnel whose key is missing must not keep the others dark, and must not pass for success either: all are told, and then the run fails
failed=0

# the private key stays in its file, out of what is printed and out of the list of processes, and goes in together with the rest: a configuration without a key takes away the one that is there and ends every session, and with a key that cannot be read wg changes nothing (both tried)
# syncconf takes away peers that are no longer named and leaves the session of one that stays; setconf ends that too, addconf and set keep peers for ever (wg(8))
# to sea1/edge-a
{ cat wireguard/wg51841.conf; printf '\nPrivateKey = '; cat /etc/netwright/secrets/bos1/edge-a/wireguard; } | wg syncconf wg51841 /dev/stdin || failed=1
# to rno-warehouse/edge-b
{ cat wireguard/wg51883.conf; printf '\nPrivateKey = '; cat /etc/netwright/secrets/bos1/edge-a/wireguard; } | wg syncconf wg51883 /dev/stdin || failed=1
# to ber-office/edge-b
{ cat wireguard/wg51942.conf; printf '\nPrivateKey = '; cat /etc/netwright/secrets/bos1/edge-a/wireguard; } | wg syncconf wg51942 /dev/stdin || failed=1
# to sea1/edge-b
{ cat wireguard/wg51948.conf; printf '\nPrivateKey = '; cat /etc/netwright/secrets/bos1/edge-a/wireguard; } | wg syncconf wg51948 /dev/stdin || failed=1
# to gla-calls/edge-b
{ cat wireguard/wg51963.conf; printf '\nPrivateKey = '; cat /etc/netwright/secrets/bos1/edge-a/wireguard; } | wg syncconf wg51963 /dev/stdin || failed=1
# to brs-office/edge-b
{ cat wireguard/wg52040.conf; printf '\nPrivateKey = '; cat /etc/netwright/secrets/bos1/edge-a/wireguard; } | wg syncconf wg52040 /dev/stdin || failed=1
# to abe-warehouse/edge-b
{ cat wireguard/wg52061.conf; printf '\nPrivateKey = '; cat /etc/netwright/secrets/bos1/edge-a/wireguard; } | wg syncconf wg52061 /dev/stdin || failed=1
# to dub-office/edge-b
{ cat wireguard/wg52064.conf; printf '\nPrivateKey = '; cat /etc/netwright/secrets/bos1/edge-a/wireguard; } | wg syncconf wg52064 /dev/stdin || failed=1
# to pwm-calls/edge-b
{ cat wireguard/wg52065.conf; printf '\nPrivateKey = '; cat /etc/netwright/secrets/bos1/edge-a/wireguard; } | wg syncconf wg52065 /dev/stdin || failed=1
# to orh-warehouse/edge-b
{ cat wireguard/wg52112.conf; printf '\nPrivateKey = '; cat /etc/netwright/secrets/bos1/edge-a/wireguard; } | wg syncconf wg52112 /dev/stdin || failed=1
# to gso-office/edge-b
{ cat wireguard/wg52121.conf; printf '\nPrivateKey = '; cat /etc/netwright/secrets/bos1/edge-a/wireguard; } | wg syncconf wg52121 /dev/stdin || failed=1
# to atl-office/edge-b
{ cat wireguard/wg52139.conf; printf '\nPrivateKey = '; cat /etc/netwright/secrets/bos1/edge-a/wireguard; } | wg syncconf wg52139 /dev/stdin || failed=1
# to bos-hq/edge-b
{ cat wireguard/wg52225.conf; printf '\nPrivateKey = '; cat /etc/netwright/secrets/bos1/edge-a/wireguard; } | wg syncconf wg52225 /dev/stdin || failed=1
# to sea-office/edge-b
{ cat wireguard/wg52227.conf; printf '\nPrivateKey = '; cat /etc/netwright/secrets/bos1/edge-a/wireguard; } | wg syncconf wg52227 /dev/stdin || failed=1
# to lej-office/edge-b
{ cat wireguard/wg52269.conf; printf '\nPrivateKey = '; cat /etc/netwright/secrets/bos1/edge-a/wireguard; } | wg syncconf wg52269 /dev/stdin || failed=1
# to ork-office/edge-b
{ cat wireguard/wg52318.conf; printf '\nPrivateKey = '; cat /etc/netwright/secrets/bos1/edge-a/wireguard; } | wg syncconf wg52318 /dev/stdin || failed=1
# to haj-warehouse/edge-b
{ cat wireguard/wg52321.conf; printf '\nPrivateKey = '; cat /etc/netwright/secrets/bos1/edge-a/wireguard; } | wg syncconf wg52321 /dev/stdin || failed=1
# to nyc-office/edge-b
{ cat wireguard/wg52337.conf; printf '\nPrivateKey = '; cat /etc/netwright/secrets/bos1/edge-a/wireguard; } | wg syncconf wg52337 /dev/stdin || failed=1
# to ham-office/edge-b
{ cat wireguard/wg52366.conf; printf '\nPrivateKey = '; cat /etc/netwright/secrets/bos1/edge-a/wireguard; } | wg syncconf wg52366 /dev/stdin || failed=1
# to dub1/edge-b
{ cat wireguard/wg52482.conf; printf '\nPrivateKey = '; cat /etc/netwright/secrets/bos1/edge-a/wireguard; } | wg syncconf wg52482 /dev/stdin || failed=1
# to dfw-warehouse/edge-b
{ cat wireguard/wg52520.conf; printf '\nPrivateKey = '; cat /etc/netwright/secrets/bos1/edge-a/wireguard; } | wg syncconf wg52520 /dev/stdin || failed=1
# to aus-office/edge-b
{ cat wireguard/wg52551.conf; printf '\nPrivateKey = '; cat /etc/netwright/secrets/bos1/edge-a/wireguard; } | wg syncconf wg52551 /dev/stdin || failed=1
# to dub2/edge-a
{ cat wireguard/wg52566.conf; printf '\nPrivateKey = '; cat /etc/netwright/secrets/bos1/edge-a/wireguard; } | wg syncconf wg52566 /dev/stdin || failed=1
# to dub2/edge-b
{ cat wireguard/wg52587.conf; printf '\nPrivateKey = '; cat /etc/netwright/secrets/bos1/edge-a/wireguard; } | wg syncconf wg52587 /dev/stdin || failed=1
# to ema-warehouse/edge-b
{ cat wireguard/wg52588.conf; printf '\nPrivateKey = '; cat /etc/netwright/secrets/bos1/edge-a/wireguard; } | wg syncconf wg52588 /dev/stdin || failed=1
# to dub1/edge-a
{ cat wireguard/wg52637.conf; printf '\nPrivateKey = '; cat /etc/netwright/secrets/bos1/edge-a/wireguard; } | wg syncconf wg52637 /dev/stdin || failed=1
# to lba-office/edge-b
{ cat wireguard/wg52675.conf; printf '\nPrivateKey = '; cat /etc/netwright/secrets/bos1/edge-a/wireguard; } | wg syncconf wg52675 /dev/stdin || failed=1
# to chi-office/edge-b
{ cat wireguard/wg52685.conf; printf '\nPrivateKey = '; cat /etc/netwright/secrets/bos1/edge-a/wireguard; } | wg syncconf wg52685 /dev/stdin || failed=1
# to muc-office/edge-b
{ cat wireguard/wg52686.conf; printf '\nPrivateKey = '; cat /etc/netwright/secrets/bos1/edge-a/wireguard; } | wg syncconf wg52686 /dev/stdin || failed=1
# to tul-calls/edge-b
{ cat wireguard/wg52774.conf; printf '\nPrivateKey = '; cat /etc/netwright/secrets/bos1/edge-a/wireguard; } | wg syncconf wg52774 /dev/stdin || failed=1
# to lon-office/edge-b
{ cat wireguard/wg52796.conf; printf '\nPrivateKey = '; cat /etc/netwright/secrets/bos1/edge-a/wireguard; } | wg syncconf wg52796 /dev/stdin || failed=1

exit $failed
