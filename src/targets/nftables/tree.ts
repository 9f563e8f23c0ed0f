/**
 * A device's filter as nftables sees it: tables with sets, verdict maps and chains. `lower` makes it, `print` writes it, `parse` reads it back, and proofs
 * interpret it. Every part that becomes a line carries a why; a parsed tree has empty ones.
 */
import type { Why } from '#base/place.ts'
import type { TrafficClass } from '#design/filter.ts'

/** The name of every table. */
export const TABLE = 'netwright'

/** The verdict map from interface pairs to the chains of zone pairs. */
export const ZONE_PAIRS = 'zone-pairs'

/** The printed file of the table of each family: what IPv4 and IPv6 are told, and what a bridge is told. A kernel that lacks the one family still loads the other. */
export const FILES = { inet: 'nftables.conf', bridge: 'guard.conf' } as const

/** Everything that is loaded: at most one table of a family, `inet` first. */
export interface NftTree {
  readonly tables: readonly NftTable[]
}

/** A table. */
export interface NftTable {
  readonly family: keyof typeof FILES
  readonly sets: readonly NftSet[]
  readonly maps: readonly NftMap[]
  /** Those that the kernel calls come first. */
  readonly chains: readonly NftChain[]
  readonly why: Why
}

/** The types of the fields of a set's key, in the order in which they stand in it. */
export type FieldType = 'ifname' | 'ipv4_addr' | 'ipv6_addr' | 'inet_proto' | 'inet_service'

/** A named set: of interfaces, or with intervals. Its elements are disjoint: nftables refuses overlaps. */
export interface NftSet {
  readonly name: string
  readonly type: readonly FieldType[]
  /** Packets put elements in, at most so many: it is a meter. None are printed. Absent for a set that is only looked in. */
  readonly meters?: number
  readonly elements: readonly NftElement[]
  readonly why: Why
}

/** One element of a set: a value for each field type of the set, and no other. */
export interface NftElement {
  readonly interface?: string
  /** Interfaces of VLANs of that port: elements of their own, told in the same line. Absent where there are none. */
  readonly vlans?: readonly string[]
  readonly prefix?: string
  readonly protocol?: 'tcp' | 'udp'
  /** Both ends belong to it. */
  readonly ports?: readonly [first: number, last: number]
  readonly why: Why
}

/** A verdict map: one hash lookup by one interface, or by the incoming and the outgoing one. */
export interface NftMap {
  readonly name: string
  readonly type: readonly 'ifname'[]
  readonly entries: readonly NftEntry[]
  readonly why: Why
}

/** Packets with these interfaces jump to the chain. */
export interface NftEntry {
  readonly interfaces: readonly string[]
  readonly chain: string
  readonly why: Why
}

/** A chain. Packets that no rule decides return to the caller, or meet the policy of a base chain. */
export interface NftChain {
  readonly name: string
  /** For a chain that the kernel calls. */
  readonly base?: Hook
  readonly rules: readonly NftRule[]
  readonly why: Why
}

/** Where the kernel calls a chain, in which order among others there (lowest first), and what it does at the end. */
export interface Hook {
  readonly type: 'filter' | 'nat'
  readonly hook: 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting'
  readonly priority: string
  readonly policy: 'accept' | 'drop'
}

/** Statements from left to right, until one does not match or decides. */
export interface NftRule {
  /** Said in comments above it: the flows that it is the first rule of. Absent where there are none. */
  readonly notes?: readonly NftNote[]
  readonly statements: readonly Statement[]
  readonly why: Why
}

/** One line for a person. */
export interface NftNote {
  readonly text: string
  readonly why: Why
}

/** What a statement looks at. `ip` selectors hold for IPv4 packets only, `ip6` and `icmpv6` for IPv6 only, `icmp` for IPv4 only. */
export type Selector =
  | 'iifname'
  | 'oifname'
  | 'ether daddr'
  | 'ip saddr'
  | 'ip daddr'
  | 'ip6 saddr'
  | 'ip6 daddr'
  | 'meta nfproto'
  | 'meta l4proto'
  | 'meta pkttype'
  | 'th sport'
  | 'th dport'
  | 'icmp type'
  | 'icmpv6 type'

/** One statement of a rule. */
export type Statement =
  /** The selectors, concatenated, have one of the values (a tuple each). */
  | { readonly kind: 'is'; readonly selectors: readonly Selector[]; readonly values: readonly (readonly string[])[] }
  /** The selectors, concatenated, are in the named set. */
  | { readonly kind: 'in'; readonly selectors: readonly Selector[]; readonly set: string }
  /** Established and related packets are accepted and invalid ones dropped; others go on. */
  | { readonly kind: 'state' }
  /** Jump to the chain that the map has for the interfaces, if any. */
  | { readonly kind: 'dispatch'; readonly selectors: readonly ('iifname' | 'oifname')[]; readonly map: string }
  /** Matches at most so often; with `over`, only what comes more often. */
  | { readonly kind: 'limit'; readonly over: boolean; readonly perSecond: number; readonly burst: number }
  /** Of packets from one interface, what comes more often; the dynamic set remembers for each interface how often that was. Matches nothing from an interface that it has no room for. */
  | { readonly kind: 'meter'; readonly set: string; readonly perSecond: number; readonly burst: number }
  | { readonly kind: 'log'; readonly prefix: string }
  | { readonly kind: 'counter' }
  /** Connection tracking leaves the packet alone. */
  | { readonly kind: 'notrack' }
  /** Sets the traffic class of packets of the family; others do not match. */
  | { readonly kind: 'dscp'; readonly family: 4 | 6; readonly class: TrafficClass }
  /** The flow gets this source address. */
  | { readonly kind: 'snat'; readonly family: 4 | 6; readonly to: string }
  | { readonly kind: 'jump'; readonly chain: string }
  | { readonly kind: 'verdict'; readonly verdict: 'accept' | 'drop' | 'return' }
