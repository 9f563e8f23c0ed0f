/** The constant choices of the linux target: each with what goes wrong without it, and where that is documented. Printed lines cite them. */
import { rule } from '../rule.ts'
import type { Rule } from '../target.ts'

/** Links, in the order of `network.ip`. */
export const UP_LAST = rule('linux', 'up-last', 'links come up after all of them are configured: a batch that fails halfway has opened no port')
export const BRIDGE = rule(
  'linux',
  'bridge-without-stp',
  'no spanning tree: a segment has one path by design, and after every link-up 802.1D keeps a port shut for twice the forward delay, 30 s (IEEE 802.1D §17.14; kernel bridge.rst, stp_state)',
)
export const BOND = rule(
  'linux',
  'bond-lacp',
  'LACP at the fast rate notices a dead partner in 3 s instead of 90 s; carrier is looked at every 100 ms instead of never; flows are spread by ports, as ECMP spreads them (kernel bonding.rst: lacp_rate, miimon, xmit_hash_policy)',
)
export const STANDBY = rule(
  'linux',
  'bond-active-backup',
  'carrier is looked at every 100 ms instead of never. A first port that comes back is left alone until the other fails: its switch gives carrier long before it forwards, and a loose cable would take the traffic with it each time (kernel bonding.rst: miimon, primary_reselect)',
)
export const VXLAN = rule(
  'linux',
  'vxlan-no-learning',
  'EVPN says where a MAC address is; one learned from data besides would point wherever a forged packet says (RFC 7432 §9.2). 4789 is the IANA port (RFC 7348 §5); the kernel default is 8472',
)
export const LOCKED = rule(
  'linux',
  'locked-ports',
  'nothing passes of a host until hostapd has let it in and has its MAC address put into the table (IEEE 802.1X); a port that learns too would let in whoever sends one EAPOL frame (bridge(8), locked)',
)
export const TUNNEL = rule(
  'linux',
  'tunnel-gre',
  'GRE carries both families (RFC 2784, RFC 7676). The TTL is fixed: an inherited one ends eBGP, which sends with 1, at the first router. No encapsulation limit (RFC 2473 §4.1.1): it is a destination option of 8 bytes, which many networks drop (RFC 7872)',
)
export const NO_LINK_LOCAL = rule(
  'linux',
  'no-link-local',
  'a link without an IPv6 address is not an IPv6 host: by default the kernel gives every bridge port and VXLAN an address that answers on its segment (kernel ip-sysctl, addr_gen_mode)',
)
export const WIREGUARD = rule(
  'linux',
  'wireguard-no-link-local',
  'WireGuard in the kernel has no IPv6 link-local address, whatever it is told (drivers/net/wireguard/device.c, wg_open); one in user space is a TUN device and would have one. Said, so that both are the same',
)
export const WIREGUARD_LINK_LOCAL = rule(
  'linux',
  'wireguard-link-local',
  'bgpd opens no IPv6 session over a link without a link-local address, since it has none to give as next hop (measured, FRR 8.4.4; RFC 2545 §3), and WireGuard makes none',
)
export const NO_DAD = rule(
  'linux',
  'no-duplicate-detection',
  'the ledger gives out each address once. With detection one answer from a host takes its gateway away, and a circuit looped for a test leaves the address dead after the loop is gone (RFC 4862 §5.4.5)',
)
export const VRF_FLOOR = rule(
  'linux',
  'vrf-unreachable',
  'a lookup that finds nothing in a VRF goes on to the main table, out of the VRF; an unreachable default with the worst metric ends it there (kernel vrf.rst, Setup 3)',
)
export const VRF_FIRST = rule(
  'linux',
  'vrf-before-local',
  'the table of local addresses comes first by default, so that from inside any VRF the addresses of the default VRF answer; it has to come after the VRF rule at 1000 (kernel selftests, icmp_redirect.sh)',
)

/** Sysctls. */
export const FORWARDING = rule(
  'linux',
  'forwarding',
  'a new kernel or namespace does not forward, while routing daemons converge as if it did; first, because changing ip_forward resets others (kernel ip-sysctl)',
)
export const HOST = rule('linux', 'no-forwarding', 'a device with two interfaces that forwards without being asked to is a way round the firewall')
export const LOOSE_SOURCE = rule(
  'linux',
  'loose-source-check',
  'what comes back by another of several equal paths is no forgery. The larger of `all` and the interface counts, so that only 2 here outvotes a distribution that sets 1 there (kernel ip-sysctl, rp_filter; RFC 3704 §2.4)',
)
export const HASH_PORTS = rule(
  'linux',
  'hash-ports',
  'ECMP by addresses alone (the default) sends everything between two hosts over one path (kernel ip-sysctl, fib_multipath_hash_policy)',
)
export const DEAD_LINKS = rule(
  'linux',
  'dead-links',
  'a next hop on a port without carrier stays in use by default until a daemon withdraws it (kernel ip-sysctl, ignore_routes_with_linkdown)',
)
export const ARP_SOURCE = rule(
  'linux',
  'arp-source',
  'packets from the loopback (BGP, VXLAN) would make ARP ask with the loopback as its sender, which neighbours outside that subnet may ignore (kernel ip-sysctl, arp_announce)',
)
export const NEIGHBOURS = rule(
  'linux',
  'neighbour-tables',
  'the default of 1024 neighbours counts all interfaces (and namespaces) together; beyond it packets are dropped with "neighbour table overflow". Only the host of a container has the keys (kernel ip-sysctl, gc_thresh3)',
)
export const NO_REDIRECTS = rule(
  'linux',
  'no-redirects',
  'an ICMP redirect moves a host to a path that the design does not have (RFC 1812 §5.2.7.2; kernel ip-sysctl, send_redirects and accept_redirects)',
)
export const NO_ADVERTISEMENTS = rule(
  'linux',
  'no-advertisements',
  'addresses and default routes are given; any machine on the segment can advertise others (RFC 6104). For a port that exists already, `default` comes too late (kernel ip-sysctl, accept_ra)',
)
export const KEEP_ADDRESSES = rule(
  'linux',
  'keep-addresses',
  'a link that goes down administratively, or into a VRF, loses its IPv6 addresses by default, and no daemon brings them back (kernel ip-sysctl, keep_addr_on_down; vrf.rst, Setup 4)',
)
export const NO_BRIDGE_FILTER = rule(
  'linux',
  'no-bridge-filter',
  'with br_netfilter present, frames between two ports of a bridge go through the filter for routed packets, which drops them (kernel ip-sysctl, bridge-nf-call-iptables)',
)

export const ADOPTED = rule(
  'linux',
  'adopted-connections',
  'a connection that the other member of the pair has seen part of comes back with sequence numbers which this one did not follow: without it every one of them is invalid, and dropped (measured; kernel nf_conntrack-sysctl)',
)
export const TOLD = rule(
  'linux',
  'connections-told',
  'the other member of the pair hears of the end of connections that are older than the daemon only where events are always made (kernel nf_conntrack-sysctl, nf_conntrack_events)',
)
export const UNACKNOWLEDGED = rule(
  'linux',
  'idle-after-a-move',
  'a connection that moved between the members of a pair counts as unacknowledged, and would be forgotten after five idle minutes (measured); RFC 5382 REQ-5 asks for 7,440 s',
)

/** All of them. */
export const rules: readonly Rule[] = [
  UP_LAST,
  BRIDGE,
  BOND,
  STANDBY,
  VXLAN,
  LOCKED,
  TUNNEL,
  NO_LINK_LOCAL,
  WIREGUARD,
  WIREGUARD_LINK_LOCAL,
  NO_DAD,
  VRF_FLOOR,
  VRF_FIRST,
  FORWARDING,
  HOST,
  LOOSE_SOURCE,
  HASH_PORTS,
  DEAD_LINKS,
  ARP_SOURCE,
  NEIGHBOURS,
  NO_REDIRECTS,
  NO_ADVERTISEMENTS,
  KEEP_ADDRESSES,
  NO_BRIDGE_FILTER,
  ADOPTED,
  TOLD,
  UNACKNOWLEDGED,
]
