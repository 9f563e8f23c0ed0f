/**
 * The FRR configuration of one device, in FRR's own terms: `frr.conf` and what `daemons` starts. Made by `lower` from a device, or by `parse` from text
 * (whys are then empty). It says everything the text does: what is not here is at the default of FRR 8.4's traditional profile, or is a constant line of `print`
 * without which `parse` refuses the file. Addresses and prefixes are canonical text.
 */
import type { Why } from '#base/place.ts'

/** Equal-cost next hops that FRR installs when nothing is said: `--enable-multipath` of Debian's build; also the most it takes. */
export const BUILD_PATHS = 256

/** Seconds between attempts to open a session when nothing is said (traditional profile). */
export const DEFAULT_CONNECT_RETRY = 120

/** Milliseconds between BFD packets, each way, when nothing is said. */
export const DEFAULT_BFD_INTERVAL = 300

/** Packets in a row that are missed before a BFD session is down, when nothing is said. */
export const DEFAULT_BFD_MULTIPLIER = 3

/** Distance of a static route when nothing is said. */
export const DEFAULT_DISTANCE = 1

/** Seconds between router advertisements when nothing is said. */
export const DEFAULT_RA_INTERVAL = 600

/** All of it. */
export interface FrrTree {
  readonly hostname: string
  /** False keeps forwarding of the family off. That it is on is said by a sysctl, which is not FRR's. */
  readonly forwarding: { readonly ipv4: boolean; readonly ipv6: boolean }
  /** Milliseconds for which zebra gathers changes before it acts on them; 10 when nothing is said. */
  readonly workQueueHold?: number
  /** Messages of daemons that zebra takes at a time; 1000 when nothing is said. */
  readonly zapiPackets?: number
  readonly prefixLists: readonly FrrPrefixList[]
  readonly communityLists: readonly FrrCommunityList[]
  readonly routeMaps: readonly RouteMap[]
  /** `ip protocol bgp route-map NAME`, `ipv6 protocol bgp route-map NAME`: what zebra asks about a route of BGP in the default table before the kernel gets it. */
  readonly protocolMaps: { readonly ipv4?: string; readonly ipv6?: string }
  /** Static routes of the default table. */
  readonly statics: readonly Static[]
  /** The VRFs of which zebra must know more than that they exist. */
  readonly vrfs: readonly FrrVrf[]
  /** The interfaces that advertise a router. */
  readonly interfaces: readonly FrrInterface[]
  readonly bfdProfiles: readonly FrrBfdProfile[]
  readonly routers: readonly Router[]
  readonly why: Why
}

/** `vrf NAME`. */
export interface FrrVrf {
  readonly name: string
  /** The layer-3 VNI, `vni N`. */
  readonly vni?: number
  readonly statics: readonly Static[]
  readonly why: Why
}

/**
 * `ip route PREFIX ADDRESS DISTANCE`, or `… blackhole …`: packets are dropped without an answer. The lower distance wins, also against other protocols: BGP has 20 from
 * other ASes and 200 from the own one.
 */
export interface Static {
  readonly prefix: string
  readonly via: string | 'blackhole'
  readonly distance: number
  readonly why: Why
}

/** `interface NAME`, whatever VRF it is in: what zebra tells the hosts there (RFC 4861). */
export interface FrrInterface {
  readonly name: string
  /** Seconds between advertisements. */
  readonly raInterval: number
  /** Seconds for which hosts keep this router; at least the interval, or FRR refuses it. */
  readonly raLifetime: number
  /** Addresses, and with `otherConfig` the rest, come by DHCPv6. */
  readonly managedConfig: boolean
  readonly otherConfig: boolean
  readonly preference: 'high' | 'medium' | 'low'
  /** On-link; `autonomous` where hosts make addresses in it by themselves. Sorted as text. */
  readonly prefixes: readonly { readonly prefix: string; readonly autonomous: boolean }[]
  /** Resolvers (RFC 8106) in the order in which they are sent, each for three intervals. */
  readonly resolvers: readonly string[]
  readonly why: Why
}

/** `profile NAME` of `bfd`: what is offered to the other side (RFC 5880 §6.8.2); the slower of the two counts, each way. */
export interface FrrBfdProfile {
  readonly name: string
  readonly detectMultiplier: number
  /** Milliseconds. */
  readonly transmitInterval: number
  readonly receiveInterval: number
  readonly why: Why
}

/** `ip prefix-list` and `ipv6 prefix-list`, which have separate names. Entries are in order of sequence: the first that holds the prefix decides, and none denies. */
export interface FrrPrefixList {
  readonly name: string
  readonly family: 4 | 6
  readonly entries: readonly FrrPrefixListEntry[]
}

/** Prefixes inside `prefix` with a length from `from` to `to`, both inclusive. */
export interface FrrPrefixListEntry {
  readonly sequence: number
  readonly action: 'permit' | 'deny'
  readonly prefix: string
  readonly from: number
  readonly to: number
  readonly why: Why
}

/** `bgp large-community-list standard NAME`, of one entry: it holds routes that bear all of these. */
export interface FrrCommunityList {
  readonly name: string
  readonly communities: readonly string[]
  readonly why: Why
}

/** `route-map NAME`. Entries are in order of sequence: the first one all of whose matches hold decides; what none matches is denied. */
export interface RouteMap {
  readonly name: string
  readonly entries: readonly RouteMapEntry[]
}

/** One entry. A list of one family never matches a route of the other. */
export interface RouteMapEntry {
  readonly sequence: number
  readonly action: 'permit' | 'deny'
  readonly matchPrefixList4?: string
  readonly matchPrefixList6?: string
  readonly matchCommunityList?: string
  /** AS numbers put in front of the path, leftmost first. */
  readonly prepend?: readonly number[]
  /** Added to those that are there. */
  readonly largeCommunities?: readonly string[]
  readonly localPreference?: number
  /** The address that the device itself sends from by such a route, `set src`. */
  readonly source?: string
  readonly why: Why
}

/** `router bgp ASN vrf NAME`. */
export interface Router {
  readonly asn: number
  /** Absent for the default table. */
  readonly vrf?: string
  readonly routerId: string
  /** Whether an external session without policies on both sides exchanges nothing (RFC 8212). */
  readonly requiresPolicy: boolean
  /** Whether paths of equal length through different AS numbers are equally good. */
  /** Whether what is told to and heard from other ASes bears GRACEFUL_SHUTDOWN, and the own AS is told local preference 0 (RFC 8326). */
  readonly gracefulShutdown: boolean
  readonly multipathRelax: boolean
  readonly neighbors: readonly Neighbor[]
  readonly ipv4: AddressFamily
  readonly ipv6: AddressFamily
  readonly evpn: EvpnFamily
  readonly why: Why
}

/** `neighbor ADDRESS remote-as ASN`. */
export interface Neighbor {
  readonly address: string
  readonly asn: number
  readonly description?: string
  /** The BFD profile that watches it; its session ends when that one does. */
  readonly bfd?: string
  /** Seconds between attempts to open the session. */
  readonly connectRetry: number
  readonly why: Why
}

/** `address-family ipv4 unicast` or `ipv6 unicast`. */
export interface AddressFamily {
  /** Announced while the table holds exactly that prefix (import check). */
  readonly networks: readonly { readonly prefix: string; readonly why: Why }[]
  /** Announced while BGP has a more specific route; those are announced still. */
  readonly aggregates: readonly { readonly prefix: string; readonly why: Why }[]
  readonly redistributeConnected?: { readonly routeMap: string; readonly why: Why }
  readonly neighbors: readonly FamilyNeighbor[]
  /** Next hops installed for routes of other ASes and of the own one. */
  readonly maximumPaths: number
  readonly maximumPathsIbgp: number
}

/** A neighbour activated in an address family. */
export interface FamilyNeighbor {
  readonly address: string
  /** Announces itself as the next hop of everything. */
  readonly nextHopSelf: boolean
  /** Puts the own AS number in place of each private one in the paths it is told. */
  readonly removePrivateAsns: boolean
  /** Announces a default route, whatever the table holds; the `out` map is not asked. */
  readonly defaultOriginate: boolean
  /** Accepted prefixes beyond which the session ends, for a while. */
  readonly maximumPrefixes?: number
  /** Route maps. */
  readonly in?: string
  readonly out?: string
  readonly why: Why
}

/** `address-family l2vpn evpn`. Next hops of EVPN routes are passed on unchanged, also to other ASes. */
export interface EvpnFamily {
  readonly neighbors: readonly { readonly address: string; readonly why: Why }[]
  /** `advertise-all-vni`: the VNIs of the kernel are announced. */
  readonly allVnis?: { readonly why: Why }
  /** In a VRF: its routes of both families are announced as type 5 under this distinguisher, and imported by target. */
  readonly vrf?: { readonly distinguisher: string; readonly importTarget: string; readonly exportTarget: string; readonly why: Why }
}
