/** What a device is told about routes: BGP and its policies, BFD, static routes. */
import type { Why } from '#base/place.ts'

/** What a device is told about routes. */
export interface Routing {
  /** Profiles of failure detection (BFD, RFC 5880) that neighbours name. */
  readonly bfd?: readonly BfdProfile[]
  readonly statics: readonly StaticRoute[]
  readonly prefixLists: readonly PrefixList[]
  readonly communityLists?: readonly CommunityList[]
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

/** A list of large communities (RFC 8092) under a name: it holds routes that bear all of them. */
export interface CommunityList {
  readonly name: string
  readonly communities: readonly string[]
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
  readonly match: { readonly prefixList4?: string; readonly prefixList6?: string; readonly communityList?: string }
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
