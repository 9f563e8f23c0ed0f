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
  /** Fully qualified name. */
  readonly hostname: string
  /** Where it is mounted; absent when nothing is said of it. */
  readonly place?: RackPlace
  /** Whether it forwards packets that are not for itself. */
  readonly forwards: boolean
  readonly interfaces: readonly Interface[]
  readonly vrfs: readonly Vrf[]
  readonly routing?: Routing
  readonly filter?: Filter
  readonly why: Why
}

/** A mounting: the lowest unit it fills, counted from 1 at the bottom, and its height. */
export interface RackPlace {
  readonly rack: string
  readonly unit: number
  readonly height: number
  readonly why: Why
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
export type Interface = PhysicalInterface | LagInterface | VlanInterface | BridgeInterface | VxlanInterface | LoopbackInterface | TunnelInterface

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
}

/** Several ports as one (LACP). */
export interface LagInterface extends InterfaceBase {
  readonly kind: 'lag'
  readonly members: readonly string[]
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

/** What a device is told about routes. */
export interface Routing {
  readonly statics: readonly StaticRoute[]
  readonly prefixLists: readonly PrefixList[]
  readonly policies: readonly RoutePolicy[]
  /** One BGP instance per VRF that speaks it; the default table first. */
  readonly bgp: readonly BgpInstance[]
}

/** A static route to a next hop, or one that discards. */
export interface StaticRoute {
  readonly prefix: string
  readonly vrf?: string
  readonly via: { readonly address: string } | 'discard'
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
  readonly why: Why
}

/** A stateful filter between zones. What no rule accepts is dropped; return traffic of accepted flows passes; both families. */
export interface Filter {
  /** Every interface that forwards is in exactly one zone. */
  readonly zones: readonly FilterZone[]
  readonly sets: readonly AddressSet[]
  /** In order of `from`, then `to`. A pair without rules is not listed: all of it is dropped. */
  readonly pairs: readonly ZonePair[]
  /** What the device itself accepts: BGP from these neighbours, beside ICMP and established flows. */
  readonly local: readonly LocalRule[]
  readonly why: Why
}

/** A zone as the filter sees it: the interfaces by which its packets come and go. */
export interface FilterZone {
  readonly name: string
  readonly interfaces: readonly string[]
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
  readonly why: Why
}

/** Something the device itself accepts on an interface from one address. */
export interface LocalRule {
  readonly interface: string
  readonly from: string
  readonly service: Service
  readonly why: Why
}

export type { Service }
