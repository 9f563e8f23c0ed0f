/**
 * What a Linux kernel is told, in its own words: links, addresses, routes and sysctls. Made by `lower` and by `parse`, changed by nobody. What is the same on
 * every link of a kind (the VXLAN port, the rate of LACP) is not here: `print` always writes it and `parse` insists on it.
 */
import type { Why } from '#base/place.ts'

/** One device's kernel. */
export interface LinuxTree {
  readonly hostname: { readonly name: string; readonly why: Why }
  readonly sysctls: readonly Sysctl[]
  /** Each after what it stands on: a VLAN follows its parent. */
  readonly links: readonly Link[]
  readonly routes: readonly Route[]
}

/** A network device of the kernel. */
export interface Link {
  readonly name: string
  readonly kind: LinkKind
  /** The bond, bridge or VRF it is enslaved to. */
  readonly master?: string
  /** Bytes of IP packet; absent for a VRF, through which nothing of its own passes. */
  readonly mtu?: number
  /** Whether it may give itself an IPv6 link-local address. */
  readonly linkLocal: boolean
  /** How a bridge knows which MAC addresses are behind it, as its port: it learns them; it is told (by EVPN); or it is told by who lets hosts in, and drops all that others send. */
  readonly hosts: 'learned' | 'told' | 'admitted'
  /** The text `ip link` shows beside it; at most 255 bytes, without `"`, `#` and control characters. */
  readonly alias?: string
  readonly addresses: readonly LinkAddress[]
  readonly why: Why
}

/** What is made; `existing` is there before anything is told: `lo` and the ports of the hardware. */
export type LinkKind =
  | { readonly type: 'existing' }
  | { readonly type: 'vrf'; readonly table: number }
  /** LACP; with a primary, one member at a time: that one first, and again when the one in use fails. */
  | { readonly type: 'bond'; readonly primary?: string }
  | { readonly type: 'dummy' }
  /** GRE, over IPv4 or IPv6 by the family of its ends. */
  | { readonly type: 'gre'; readonly local: string; readonly remote: string }
  /** Without key, port and peer: those it is told by a program of its own. */
  | { readonly type: 'wireguard' }
  | { readonly type: 'bridge'; readonly mac?: string }
  | { readonly type: 'vxlan'; readonly vni: number; readonly local: string }
  | { readonly type: 'vlan'; readonly parent: string; readonly vid: number }

/** An address with its prefix length. */
export interface LinkAddress {
  readonly address: string
  /** Whether duplicate address detection runs first (RFC 4862 §5.4; IPv6 only). */
  readonly detectsDuplicates: boolean
  readonly why: Why
}

/** A route that no routing daemon makes. */
export interface Route {
  readonly prefix: string
  /** The VRF whose table it is in; absent for the main table. */
  readonly vrf?: string
  /** Next hops, equal in cost; or what becomes of the packets. `unreachable` is the VRF's floor: the worst metric there is. */
  readonly to: readonly string[] | 'blackhole' | 'unreachable'
  readonly why: Why
}

/** A kernel parameter. */
export interface Sysctl {
  readonly key: string
  readonly value: number
  /** Whether a kernel without the key is as good: the key belongs to a module, or to the host of a container. */
  readonly optional: boolean
  readonly why: Why
}
