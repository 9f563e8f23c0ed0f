/**
 * A device of the design: what it is made of and what it is told, in no vendor's words. This is what targets lower to text, and what `why`
 * walks. Plain frozen data: passes make new devices, nothing changes one. Addresses and prefixes are canonical text.
 *
 * Names inside a device (interfaces, VRFs, prefix lists, policies, sets) refer to each other by name; ids are paths of declared names.
 */
import type { Why } from '#base/place.ts'
import type { Service } from '#model/port.ts'

/** Whether something is planned, in use, or on its way out. */
export type Lifecycle = 'planned' | 'active' | 'retiring'

/** One device, complete. */
export interface Device {
  readonly kind: 'device'
  /** `site/name`. */
  readonly id: string
  readonly site: string
  readonly name: string
  readonly role: string
  /** Slug of the device type in the catalogue. */
  readonly model: string
  /** The targets that together configure it. */
  readonly platform: readonly string[]
  readonly status: Lifecycle
  /** Boxes that are one device, a stack; absent for one. */
  readonly members?: number
  /** Fully qualified name. */
  readonly hostname: string
  /** Where it is mounted; absent when nothing is said of it. */
  readonly place?: RackPlace
  /** Its power supplies, each on a feed of the rack; absent when it is mounted nowhere. */
  readonly supplies?: readonly PowerSupply[]
  /** Whether it forwards packets that are not for itself. */
  readonly forwards: boolean
  readonly interfaces: readonly Interface[]
  readonly vrfs: readonly Vrf[]
  readonly routing?: Routing
  readonly filter?: Filter
  /** What it knows of connections, told to the other member of its pair. */
  readonly stateSync?: StateSync
  /** The gateway addresses that it shares with the other member of its pair. */
  readonly vrrp?: Vrrp
  readonly dhcp?: DhcpServer
  readonly balancer?: Balancer
  readonly resolver?: Resolver
  readonly authenticator?: Authenticator
  readonly wireless?: Wireless
  /** How it is run: clock, log, monitoring, log-in. */
  readonly management?: Management
  readonly why: Why
}

/**
 * A secret by name, such as `bos1/edge-a/wireguard`: never its value. On the device it is the file {@link secretPath}, put there by whoever applies the design.
 */
export type SecretName = string

/** Where a device has its secrets, a file each, readable by root alone. */
export const SECRETS_FOLDER = '/etc/netwright/secrets'

/** The file of a secret on a device. */
export function secretPath(name: SecretName): string {
  return `${SECRETS_FOLDER}/${name}`
}

/** A mounting: the lowest unit it fills, counted from 1 at the bottom, and its height. */
export interface RackPlace {
  readonly rack: string
  readonly unit: number
  readonly height: number
  readonly why: Why
}

/** A power supply, and which of the two feeds of the rack it hangs on. */
export interface PowerSupply {
  readonly name: string
  readonly feed: 'a' | 'b'
}

/** A VRF of a device; the default routing table is no VRF. */
export interface Vrf {
  readonly name: string
  /** Kernel routing table number, unique on the device. */
  readonly table: number
  /** The layer-3 VNI that carries the VRF over EVPN, with the bridge and VXLAN interfaces that hold it. */
  readonly vni?: number
  readonly why: Why
}

/** An interface of any kind. Every member of {@link InterfaceBase} holds for all. */
export type Interface =
  | PhysicalInterface
  | LagInterface
  | VlanInterface
  | BridgeInterface
  | VxlanInterface
  | LoopbackInterface
  | TunnelInterface
  | WireguardInterface

interface InterfaceBase {
  /** As the device knows it, at most 15 characters (Linux IFNAMSIZ − 1). Unique on the device. */
  readonly name: string
  /** `site/device/name`. */
  readonly id: string
  /** Says to a person at 3 a.m. where the other end is. */
  readonly description: string
  /** Bytes of IP packet. */
  readonly mtu: number
  /** The VRF it is in; absent for the default table. */
  readonly vrf?: string
  /** The bridge it is a port of. */
  readonly bridge?: string
  readonly addresses: readonly InterfaceAddress[]
  /** What it tells IPv6 hosts as their router (RFC 4861); absent where no hosts are. */
  readonly advertises?: RouterAdvertisement
  readonly why: Why
}

/** A router advertisement (RFC 4861 §4.2). The prefixes are those of the interface's own addresses. */
export interface RouterAdvertisement {
  /** Addresses come from DHCPv6; hosts make none themselves. */
  readonly managed: boolean
  /** Which of several routers hosts take (RFC 4191). */
  readonly preference: 'high' | 'medium' | 'low'
  /** Seconds between advertisements, and for which one counts: when a router falls silent, hosts leave it after so long. */
  readonly intervalSeconds: number
  readonly lifetimeSeconds: number
  /** Resolvers (RFC 8106). */
  readonly resolvers: readonly string[]
  readonly why: Why
}

/** An address with its prefix length, `10.0.0.1/31`. */
export interface InterfaceAddress {
  readonly address: string
  readonly why: Why
}

/** A port of the hardware. */
export interface PhysicalInterface extends InterfaceBase {
  readonly kind: 'physical'
  /** bit/s it runs at. */
  readonly speed: number
  /** The cable or circuit plugged in; absent for an unused port that is still configured. */
  readonly link?: string
  /** Set where something that is not ours may be plugged in: a desk, a printer, a camera. */
  readonly guard?: PortGuard
}

/** What a port of a switch refuses from whatever is plugged in: bridge protocol frames, router advertisements, DHCP answers, and more broadcast than a host has reason to send. */
export interface PortGuard {
  /** Broadcast and multicast frames a second that pass; beyond it they are dropped. */
  readonly stormFramesPerSecond: number
  /** Whether nothing of a host passes until the device's authenticator has let it in (IEEE 802.1X). Each host behind the port for itself: a telephone and the computer behind it. */
  readonly authenticated: boolean
  readonly why: Why
}

/** Several ports as one. */
export interface LagInterface extends InterfaceBase {
  readonly kind: 'lag'
  readonly members: readonly string[]
  /** LACP, or one port at a time with the first member preferred; LACP if not said. */
  readonly mode?: 'lacp' | 'active-standby'
}

/** A VLAN of a parent interface. */
export interface VlanInterface extends InterfaceBase {
  readonly kind: 'vlan'
  readonly parent: string
  /** IEEE 802.1Q VLAN id, 1–4094. */
  readonly vid: number
}

/** A bridge; its ports name it in `bridge`. */
export interface BridgeInterface extends InterfaceBase {
  readonly kind: 'bridge'
  /** A MAC address of its own where the design needs a stable one (EVPN router MAC). */
  readonly mac?: string
}

/** A VXLAN tunnel end. */
export interface VxlanInterface extends InterfaceBase {
  readonly kind: 'vxlan'
  readonly vni: number
  /** Source address of the tunnel: the device's loopback. */
  readonly local: string
}

/** The loopback (`lo`), or one more of its kind. */
export interface LoopbackInterface extends InterfaceBase {
  readonly kind: 'loopback'
}

/** A point-to-point tunnel. */
export interface TunnelInterface extends InterfaceBase {
  readonly kind: 'tunnel'
  readonly local: string
  readonly remote: string
}

/** A WireGuard tunnel to one other device: what comes out of it was sent by whoever has the private key. It carries every address; routing decides what goes in. */
export interface WireguardInterface extends InterfaceBase {
  readonly kind: 'wireguard'
  /** The private key. */
  readonly privateKey: SecretName
  /** UDP port that it listens on. */
  readonly port: number
  readonly peer: WireguardPeer
}

/** The other end of a tunnel. */
export interface WireguardPeer {
  /** `site/device`. */
  readonly name: string
  /** Curve25519 public key, base64. */
  readonly publicKey: string
  /** Where it listens, `192.0.2.1:51820` or `[2001:db8::1]:51820`; absent where the peer calls us. */
  readonly endpoint?: string
  /** Seconds between packets that keep a way open through address translation; absent where nothing is in between. */
  readonly keepalive?: number
  readonly why: Why
}

/** What a device is told about routes. */
export interface Routing {
  /** Profiles of failure detection (BFD, RFC 5880) that neighbours name. */
  readonly bfd?: readonly BfdProfile[]
  readonly statics: readonly StaticRoute[]
  readonly prefixLists: readonly PrefixList[]
  readonly policies: readonly RoutePolicy[]
  /** One BGP instance per VRF that speaks it; the default table first. */
  readonly bgp: readonly BgpInstance[]
}

/** A BFD profile: a neighbour that is silent for `intervalMs` × `multiplier` is down. */
export interface BfdProfile {
  readonly name: string
  readonly intervalMs: number
  readonly multiplier: number
  readonly why: Why
}

/** A static route to a next hop, or one that discards. */
export interface StaticRoute {
  readonly prefix: string
  readonly vrf?: string
  readonly via: { readonly address: string } | 'discard'
  /** Preference against routes of other origin, the lower wins: 1 if not said, 250 for one that stands by. */
  readonly distance?: number
  readonly why: Why
}

/** A list of prefixes of one family. */
export interface PrefixList {
  readonly name: string
  readonly family: 4 | 6
  readonly entries: readonly PrefixListEntry[]
  readonly why: Why
}

/** `permit 10.0.0.0/8 le 24`: prefixes inside `prefix` whose length is from `ge` (default: its own) to `le` (default: `ge`, or its own). */
export interface PrefixListEntry {
  readonly sequence: number
  readonly action: 'permit' | 'deny'
  readonly prefix: string
  readonly ge?: number
  readonly le?: number
  readonly why: Why
}

/** A route policy (route-map): the first entry that matches decides; what none matches is denied. */
export interface RoutePolicy {
  readonly name: string
  readonly entries: readonly RoutePolicyEntry[]
  readonly why: Why
}

/** One entry of a route policy. All matches must hold; an entry without any matches everything. */
export interface RoutePolicyEntry {
  readonly sequence: number
  readonly action: 'permit' | 'deny'
  readonly match: { readonly prefixList4?: string; readonly prefixList6?: string }
  readonly set: {
    /** How many times the device's own AS number is put in front, beyond the usual once. */
    readonly prepend?: number
    readonly localPreference?: number
    /** Large communities (RFC 8092) added to those that are there, `4200000001:1:4`. */
    readonly largeCommunities?: readonly string[]
  }
  readonly why: Why
}

/** A BGP speaker in one routing table. */
export interface BgpInstance {
  /** Absent for the default table. */
  readonly vrf?: string
  readonly asn: number
  /** IPv4 address in the router id's role (RFC 4271 §4.2). */
  readonly routerId: string
  /** Out of use for maintenance: neighbours are asked to prefer every other way (RFC 8326). */
  readonly gracefulShutdown?: boolean
  readonly neighbors: readonly BgpNeighbor[]
  readonly ipv4: BgpFamily
  readonly ipv6: BgpFamily
  /** EVPN: on the default table, that VNIs are advertised; on a VRF, its route distinguisher and target. */
  readonly evpn?: BgpEvpn
  readonly why: Why
}

/** What one address family of an instance originates. */
export interface BgpFamily {
  /** Prefixes announced when the table holds them. */
  readonly networks: readonly { readonly prefix: string; readonly why: Why }[]
  /** Summaries announced while at least one contributing route exists. */
  readonly aggregates: readonly { readonly prefix: string; readonly why: Why }[]
  /** Whether the routes of connected interfaces are announced, through this policy. */
  readonly redistributeConnected?: { readonly policy: string; readonly why: Why }
  /** Equal-cost next hops to install. */
  readonly maximumPaths: number
}

/** EVPN in one instance. */
export type BgpEvpn =
  | { readonly kind: 'underlay'; readonly why: Why }
  | { readonly kind: 'vrf'; readonly distinguisher: string; readonly target: string; readonly why: Why }

/** A BGP session. */
export interface BgpNeighbor {
  /** The neighbour's address; its family is the session's transport. */
  readonly address: string
  readonly asn: number
  readonly description: string
  /** The families that the session carries. */
  readonly families: readonly ('ipv4' | 'ipv6' | 'evpn')[]
  /** Names of policies on what comes in and what goes out, for the IP family of the session. */
  readonly importPolicy?: string
  readonly exportPolicy?: string
  /** Announces a default route to it, whatever the table holds. */
  readonly originateDefault: boolean
  /** Name of the BFD profile that watches it. */
  readonly bfd?: string
  /** Prefixes of each IP family beyond which the session is taken down: what sends more has lost its filters. */
  readonly maximumPrefixes?: number
  /** Private AS numbers are taken out of the paths that it is told (RFC 6996 §4). */
  readonly removePrivateAsns?: boolean
  readonly why: Why
}

/** A stateful filter. What no rule accepts is dropped; return traffic of accepted flows passes; both families. */
export interface Filter {
  /**
   * `filtered`: packets between interfaces pass by the rules of their zones. `open`: the device protects itself, checks sources by its zones, and forwards the rest; such a filter has no pairs.
   */
  readonly transit: 'filtered' | 'open'
  /** Where packets are filtered, every interface that forwards is in exactly one zone. */
  readonly zones: readonly FilterZone[]
  readonly sets: readonly AddressSet[]
  /** In order of `from`, then `to`. A pair without rules is not listed: all of it is dropped. */
  readonly pairs: readonly ZonePair[]
  /** What the device itself accepts beside ICMP and established flows: routing sessions, log-ins from the management network. */
  readonly local: readonly LocalRule[]
  /** Source addresses that are translated on the way out, in order: the first that matches. */
  readonly nat?: readonly NatRule[]
  /** Traffic classes that are set on what comes in; what no mark names gets class 0 where any mark is set on its interface. */
  readonly marks?: readonly MarkRule[]
  readonly why: Why
}

/** A zone as the filter sees it: the interfaces by which its packets come and go. */
export interface FilterZone {
  readonly name: string
  readonly interfaces: readonly string[]
  /** The set that sources must be in (BCP 38, RFC 2827): identity is the source prefix, so what claims another is dropped before any rule. Absent: any source. */
  readonly sources?: string
  /** The set that sources must not be in: our own addresses, and those that nobody has (RFC 6890). */
  readonly refuses?: string
  readonly why: Why
}

/** A named set of addresses, aggregated exactly. */
export interface AddressSet {
  readonly name: string
  readonly prefixes: readonly { readonly prefix: string; readonly why: Why }[]
  readonly why: Why
}

/** The rules from one zone to another. */
export interface ZonePair {
  readonly from: string
  readonly to: string
  readonly rules: readonly FilterRule[]
}

/** New flows from a set to a set on a service are accepted. */
export interface FilterRule {
  readonly id: string
  /** Names of sets; `any` is every address of both families. */
  readonly from: string
  readonly to: string
  /** The services; empty means every protocol and port. */
  readonly services: readonly Service[]
  readonly owner?: string
  /** What it is for, in the words of whoever allowed it. */
  readonly reason?: string
  readonly why: Why
}

/** Something that the device itself accepts on an interface. */
export interface LocalRule {
  readonly interface: string
  /** An address or a prefix; `any` is every address of both families. */
  readonly from: string
  /** VRRP is IP protocol 112 (RFC 5798 §5.1.1.4). */
  readonly service: Service | { readonly protocol: 'vrrp' }
  readonly why: Why
}

/** Packets from a set that leave by an interface get these source addresses, one a family; a family without one is not translated. */
export interface NatRule {
  readonly interface: string
  /** Name of a set. */
  readonly from: string
  readonly v4?: string
  readonly v6?: string
  readonly why: Why
}

/** Packets that come in by an interface, on a service or on any, get a traffic class (RFC 2474); marks of one interface are tried in order. */
export interface MarkRule {
  readonly interface: string
  /** Absent: every packet. */
  readonly service?: Service
  readonly class: TrafficClass
  readonly why: Why
}

/** DSCP names (RFC 4594): voice, its signalling, everything else, and what may wait. */
export type TrafficClass = 'ef' | 'cs3' | 'cs0' | 'cs1'

/** Connection tracking kept in step with the other member of a firewall pair, over a link of its own. */
export interface StateSync {
  readonly interface: string
  readonly local: string
  readonly remote: string
  readonly remoteName: string
  /** Addresses of the device itself, whose connections end with it: not told to the other. */
  readonly own: readonly string[]
  readonly why: Why
}

/** First-hop redundancy (VRRPv3, RFC 5798). All groups of a device are master or backup together, so that one box sees both directions of a flow. */
export interface Vrrp {
  readonly groups: readonly VrrpGroup[]
  /** The device with the higher priority is master, 1–254. */
  readonly priority: number
  /** Routes of which the kernel must have each, from BGP, for the device to be master: whoever has lost the WAN stands back. */
  readonly follows: readonly string[]
  readonly why: Why
}

/** A gateway address pair that hosts use. */
export interface VrrpGroup {
  /** Name of the segment. */
  readonly name: string
  readonly interface: string
  /** Virtual router id, 1–255, unique on the segment. */
  readonly id: number
  /** With prefix lengths. */
  readonly v4: string
  readonly v6: string
  readonly why: Why
}

/** A DHCP server for both families; two of a site are a pair in hot standby. */
export interface DhcpServer {
  readonly role: 'primary' | 'standby'
  /** The other one, and the addresses over which the two keep their leases in step; absent for one alone. */
  readonly pair?: { readonly self: PairMember; readonly other: PairMember }
  readonly domain: string
  readonly resolvers: readonly string[]
  readonly clocks: readonly string[]
  readonly subnets: readonly DhcpSubnet[]
  readonly why: Why
}

/** A member of a pair of servers. */
export interface PairMember {
  readonly name: string
  readonly address: string
}

/** A segment as its DHCP server sees it: one IPv4 prefix and one IPv6 prefix. */
export interface DhcpSubnet {
  /** Name of the segment. */
  readonly name: string
  /** Stable number, unique at the site (the VLAN id). */
  readonly id: number
  readonly interface: string
  readonly leaseSeconds: number
  /** Where its hosts are told of others than the server's. */
  readonly resolvers?: readonly string[]
  /** Where its telephones are, for those who come when somebody calls for help. */
  readonly location?: CivicLocation
  readonly v4: { readonly prefix: string; readonly first: string; readonly last: string; readonly gateway: string }
  readonly v6: { readonly prefix: string; readonly first: string; readonly last: string }
  readonly why: Why
}

/** A place as people find it (RFC 4776). */
export interface CivicLocation {
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  readonly city: string
  /** Street and number, where they are known. */
  readonly address?: string
  /** The part of the building: a floor, a hall. */
  readonly area: string
  readonly why: Why
}

/** A load balancer: addresses of services that it takes connections on, and the replicas that it hands them to. */
export interface Balancer {
  readonly frontends: readonly Frontend[]
  readonly backends: readonly Backend[]
  readonly why: Why
}

/** An address pair and port of a service. Its addresses are announced while the backend has a server that is up, and the proxy lives. */
export interface Frontend {
  /** Name of the service and of what it listens on: `orders-map-https`. */
  readonly name: string
  readonly v4: string
  readonly v6: string
  readonly port: number
  /** Name of the backend. */
  readonly backend: string
  /** `tcp` passes bytes; `http` reads requests; `https` ends TLS here, with this certificate. */
  readonly protocol: 'tcp' | 'http' | 'https'
  readonly certificate?: SecretName
  readonly clientTimeoutSeconds: number
  readonly why: Why
}

/** The replicas of a service at this site. */
export interface Backend {
  readonly name: string
  readonly mode: 'tcp' | 'http'
  readonly algorithm: 'roundrobin' | 'leastconn' | 'source'
  /** How a server shows that it is up. */
  readonly health: { readonly kind: 'connect' } | { readonly kind: 'http'; readonly method: string; readonly path: string }
  /** Connections of one client go to one server, remembered for so long. */
  readonly stickSeconds?: number
  /** A server that comes up gets its full share after so long. */
  readonly slowStartSeconds: number
  /** Connections of a server that is being taken out may go on for so long. */
  readonly drainSeconds: number
  readonly serverTimeoutSeconds: number
  readonly servers: readonly BackendServer[]
  readonly why: Why
}

/** A replica. */
export interface BackendServer {
  readonly name: string
  readonly address: string
  readonly port: number
  readonly why: Why
}

/** Answers names: those of the company from what is written here, all others by asking out there. */
export interface Resolver {
  /** Addresses that it is asked at. */
  readonly addresses: readonly string[]
  /** Prefixes whose hosts may ask. */
  readonly clients: readonly string[]
  /** The company's domain. A name below it that is not among the records does not exist. */
  readonly domain: string
  /** Prefixes of the company's addresses, of which one without a name has none. */
  readonly space: readonly string[]
  /** The same object for all resolvers of a company. */
  readonly records: readonly NameRecord[]
  readonly why: Why
}

/** A name with its addresses, `edge-a.bos1.acme.example`. */
export interface NameRecord {
  readonly name: string
  readonly addresses: readonly string[]
  /** Whether the addresses lead back to the name (PTR, RFC 1035 §3.5): one name for each address. */
  readonly reverse: boolean
  readonly why: Why
}

/** Has servers decide who may use the ports that say so, and the wireless networks: EAP (IEEE 802.1X) towards hosts, RADIUS (RFC 3579) towards servers. */
export interface Authenticator {
  /** Addresses that it asks from, one a family. */
  readonly source: readonly string[]
  /** Addresses of the servers, asked in this order: at UDP 1812 whom to let in, at 1813 told who was there. */
  readonly servers: readonly string[]
  /** What the device and the servers share. */
  readonly secret: SecretName
  readonly why: Why
}

/** What the access points that hang on a switch are told: all of them the same. */
export interface Wireless {
  /** The country whose rules for radio hold, ISO 3166-1 alpha-2, `DE`. */
  readonly country: string
  readonly networks: readonly WirelessNetwork[]
  readonly why: Why
}

/** A wireless network. */
export interface WirelessNetwork {
  /** Its name in the air, 1–32 bytes (IEEE 802.11 §9.4.2.2). */
  readonly ssid: string
  /** The segment that its hosts are on, and its VLAN at the access point's port. */
  readonly segment: string
  readonly vid: number
  /** Who gets in: whom the authenticator lets in (WPA3-Enterprise), or everybody, each encrypted for itself (Enhanced Open, RFC 8110). */
  readonly admits: 'authenticated' | 'everybody'
  /** Whether hosts reach each other. Strangers do not. */
  readonly isolated: boolean
  readonly why: Why
}

/** How a device is run. Everything here is reached over the management network alone. */
export interface Management {
  /** The interface and its VRF; absent VRF for a device that is managed in its only table. */
  readonly interface: string
  readonly vrf?: string
  /** Its own addresses there. */
  readonly addresses: readonly string[]
  /** Who may log in and ask: prefixes of both families. */
  readonly from: readonly string[]
  readonly clocks: readonly string[]
  readonly logs: readonly string[]
  /** Who watches over SNMPv3; the user and both pass phrases are secrets. */
  readonly monitors: readonly string[]
  readonly resolvers: readonly string[]
  /** Where the device stands and who answers for it, in words. */
  readonly location: string
  readonly contact: string
  readonly why: Why
}

export type { Service }
