/** The constant choices of the nftables target, each with its reason. `print` writes the reason above the line. */
import { rule } from '../rule.ts'

/** Every constant choice, by the name by which the code cites it. */
export const RULES = {
  table: rule('nftables', 'table', 'One table of family inet filters IPv4 and IPv6 together; other tables of the machine are left alone.'),
  declare: rule(
    'nftables',
    'declare',
    'Declare everything first: on a running filter this changes nothing, on an empty kernel it makes what the rest refers to.',
  ),
  inPlace: rule(
    'nftables',
    'in-place',
    'Empty in place, in the same transaction: deleting and recreating the table loses packets of allowed flows at each reload.',
  ),
  transit: rule(
    'nftables',
    'transit',
    'This device forwards all that it is sent: a chain forward that an earlier version left behind, emptied, would drop all of it. Made first, since nothing can be deleted that is not there.',
  ),
  elements: rule('nftables', 'elements', 'Fill the sets: an address is an element that one lookup finds, not a rule to be tried.'),
  fill: rule('nftables', 'fill', 'Fill the chains, now that everything they look in is there.'),
  sources: rule(
    'nftables',
    'sources',
    'Who claims a source that is not behind its interface is dropped before anything else is done for it: before fragments wait for each other, before conntrack remembers it (RFC 2827).',
  ),
  sourceDispatch: rule('nftables', 'source-dispatch', 'One lookup finds the zone of an interface. What has no entry may have any source.'),
  strangers: rule(
    'nftables',
    'strangers',
    'A source that does not belong there: what hosts say before they have an address, or on the link alone, and forgeries.',
  ),
  linkLocal: rule(
    'nftables',
    'link-local',
    'Link-local sources are right on every link and are never forwarded (RFC 4291 section 2.5.6): neighbour discovery, DHCPv6 and VRRP use them.',
  ),
  unspecified: rule(
    'nftables',
    'unspecified',
    'Before a host has an address it asks whether someone else has it (RFC 4862 section 5.4), asks for routers, and says which multicast it listens to (RFC 3590).',
  ),
  discover: rule('nftables', 'discover', 'Before a host has an IPv4 address it asks a DHCP server for one (RFC 2131 section 4.1).'),
  sourceLog: rule('nftables', 'source-log', 'Say who forges, at a rate that cannot fill a disk.'),
  sourceDrop: rule('nftables', 'source-drop', 'Count forgeries: a host behind the wrong interface shows here first.'),
  untracked: rule(
    'nftables',
    'untracked',
    'Connection tracking is for what the device itself is told: if it remembered transit, its table would fill, and then new flows of everyone are dropped. Fragments in transit stay fragments.',
  ),
  tunnelled: rule(
    'nftables',
    'tunnelled',
    'VXLAN has no answers (RFC 7348 section 5): each inner flow has a source port of its own, and conntrack would remember every one.',
  ),
  neighbourly: rule('nftables', 'neighbourly', 'Routing sessions over link-local addresses are for the device itself.'),
  passing: rule('nftables', 'passing', 'Everything else is passing through.'),
  tunnels: rule('nftables', 'tunnels', 'What the device puts into VXLAN is not tracked on its way out either.'),
  marks: rule('nftables', 'marks', 'Traffic classes are set where packets come in (RFC 4594 section 1.1), so that the rest of the network can believe them.'),
  markDispatch: rule('nftables', 'mark-dispatch', 'One lookup finds the marks of an interface. What comes in by one without an entry stays as it is.'),
  unmarked: rule('nftables', 'unmarked', 'What no mark names is class 0: whoever marks its own packets would jump every queue.'),
  forward: rule('nftables', 'forward', 'Forwarded packets: what no rule accepts is dropped.'),
  noTransit: rule(
    'nftables',
    'no-transit',
    'What comes in by the internet does not go out by it: nobody reaches others over us, whatever route we have (BCP 38, RFC 2827, is about sources alone).',
  ),
  answersAlone: rule(
    'nftables',
    'answers-alone',
    'Our other sites answer over the internet from their public addresses, to the address that the carrier gave here. They begin nothing with them: who seems to is a forger.',
  ),
  noRelay: rule(
    'nftables',
    'no-relay',
    'What comes in by the internet is for somebody of ours, or is dropped: where the best way out is at another site, strangers would reach others over the whole of us.',
  ),
  input: rule('nftables', 'input', 'Packets to the device itself: what no rule accepts is dropped.'),
  output: rule(
    'nftables',
    'output',
    'Packets of the device itself are accepted: it is trusted, and a filter here could cut its routing sessions and management.',
  ),
  masterAdvertises: rule(
    'nftables',
    'master-advertises',
    'Only the master of a pair of gateways has the link-local address that they share on a segment: hosts learn the router that moves with it.',
  ),
  backupIsSilent: rule(
    'nftables',
    'backup-is-silent',
    'Under another address a device advertises itself before it is master, while it boots or lacks its WAN: hosts would follow it for as long as it is the one that they prefer (measured).',
  ),
  state: rule('nftables', 'state', 'Nearly every packet belongs to a known flow and is decided here, in one lookup. ICMP errors about a flow are `related`.'),
  dispatch: rule('nftables', 'dispatch', 'One lookup finds the rules of a zone pair, however many pairs there are. A pair without rules has no entry.'),
  forwardLog: rule('nftables', 'forward-log', 'Say what is dropped, at a rate that cannot fill a disk.'),
  forwardDrop: rule('nftables', 'forward-drop', 'Count what is dropped: the first number to look at when something does not pass.'),
  loopback: rule('nftables', 'loopback', 'The device talks to itself.'),
  neighbours: rule(
    'nftables',
    'neighbours',
    'IPv6 does not work without neighbour discovery and multicast listener reports (RFC 4890 section 4.4.1); they are untracked.',
  ),
  echo4: rule('nftables', 'echo-ipv4', 'Answer pings; the limit is on new flows.'),
  echo6: rule('nftables', 'echo-ipv6', 'Answer pings (RFC 4890 section 4.4.1); the limit is on new flows.'),
  limits: rule(
    'nftables',
    'limits',
    'New calls to the device, from those who may call: no more than it can take. What comes faster goes on, to be said and counted as dropped. Known flows do not come here.',
  ),
  sessions: rule(
    'nftables',
    'sessions',
    'BGP: sessions are few and long. This is enough for all neighbours of a spine to call at once, and keeps a flood under the address of one from the processor that all of them need.',
  ),
  logins: rule('nftables', 'logins', 'SSH: each call costs milliseconds of processor before anyone has said who he is.'),
  leases: rule(
    'nftables',
    'leases',
    'DHCP: anyone on the segment may ask, unasked. A host needs two packets: 150 hosts a second come up after a power cut, and a flood does not take the processor from routing.',
  ),
  withinLimits: rule(
    'nftables',
    'within-limits',
    'Within its limits, or without one: BFD and WireGuard defend themselves, and the rest is what the device is for.',
  ),
  translations: rule(
    'nftables',
    'translations',
    'Source addresses are translated on the way out, after all rules: those are about the addresses that hosts have.',
  ),
  inputLog: rule('nftables', 'input-log', 'Say what is dropped, at a rate that cannot fill a disk.'),
  inputDrop: rule('nftables', 'input-drop', 'Count what is dropped: the first number to look at when a session does not come up.'),
  guard: rule(
    'nftables',
    'guard',
    'One table of family bridge guards the ports that anything may be plugged into. It is a file of its own: a kernel that lacks it still loads the filter.',
  ),
  ports: rule(
    'nftables',
    'ports',
    'One lookup finds out whether a port is guarded, by name: ports may come and go, and the file loads before they are there. To a bridge a VLAN of a port is a port of its own.',
  ),
  meter: rule(
    'nftables',
    'meter',
    'Each port has a limit of its own, and a counter of what was over it, from its first such frame on: `nft list set` shows them. A full meter would let through what further ports send: it has more room than a switch has ports.',
  ),
  bridge: rule('nftables', 'bridge', 'Frames as they come in by a port, before the bridge learns from them.'),
  storm: rule(
    'nftables',
    'storm',
    'Broadcast and multicast go to every host of the segment. A quiet port may send a whole second of it at once, as hosts do that have just woken.',
  ),
  refused: rule('nftables', 'refused', 'What only the network may send, whatever is plugged in.'),
  bridgeFrames: rule(
    'nftables',
    'bridge-frames',
    'Bridge protocol frames (IEEE 802.1D, and 802.1Q per VLAN as Cisco does it): another bridge at a desk must not be asked where traffic goes.',
  ),
  advertisements: rule('nftables', 'advertisements', 'A host that says it is a router gets the traffic of its neighbours (RFC 6105).'),
  dhcpServers: rule(
    'nftables',
    'dhcp-servers',
    'A DHCP server at a desk would name itself as the gateway. These are the ports that servers answer from, in both families.',
  ),
  dhcpClients: rule('nftables', 'dhcp-clients', 'The ports that clients listen on: they take an answer from any port.'),
  rogue: rule('nftables', 'rogue', 'Whoever sends such a thing is named by port and MAC address.'),
  rogueLog: rule('nftables', 'rogue-log', 'Say who it is, at a rate that cannot fill a disk.'),
  rogueDrop: rule('nftables', 'rogue-drop', 'The rules that lead here have counted it, each kind on its own.'),
} as const

/** The reasons by origin. */
export const REASONS: ReadonlyMap<string, string> = new Map(Object.values(RULES).map(({ origin, reason }) => [origin, reason]))

/**
 * Ports and VLANs of ports that a meter has room for. The same for every switch, since a kernel that cannot change the size of a set in place keeps the first; it takes 2 MiB of kernel memory, full or not.
 * It is what `nft` chooses where nothing is said, and twice what a stack of eight with 48 ports and 84 VLANs on each needs: what a reload empties counts until it has ended.
 */
export const METER_SIZE = 65_535

/** New flows of echo requests answered each second, and how many at once. Enough for every host of a site to ask at the same moment. */
export const ECHO_LIMIT = { perSecond: 100, burst: 200 } as const

/** New BGP connections each second, and how many at once: some 200 neighbours with both families, all calling when a spine comes up. */
export const SESSION_LIMIT = { perSecond: 100, burst: 500 } as const

/** New SSH connections each second, and how many at once. A key exchange takes 10 ms or so: a tenth of a core; automation opens tens at once. */
export const LOGIN_LIMIT = { perSecond: 10, burst: 50 } as const

/** Packets to DHCP servers each second, and how many at once. */
export const LEASE_LIMIT = { perSecond: 300, burst: 600 } as const

/** Dropped packets logged each second, and how many at once: about 1.5 KB/s of log. */
export const LOG_LIMIT = { perSecond: 10, burst: 20 } as const
