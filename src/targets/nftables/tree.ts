/**
 * A device's filter as nftables sees it: one table with sets, one verdict map and chains. `lower` makes it, `print` writes it, `parse` reads it back,
 * and proofs interpret it. Every part that becomes a line carries a why; a parsed tree has empty ones.
 */
import type { Why } from '#base/place.ts'

/** The name of the table, in family inet. */
export const TABLE = 'netwright'

/** The name of the verdict map from interface pairs to the chains of zone pairs. */
export const ZONE_PAIRS = 'zone-pairs'

/** The printed file. */
export const FILE = 'nftables.conf'

/** The whole table. */
export interface NftTree {
  readonly sets: readonly NftSet[]
  /** The map {@link ZONE_PAIRS}. */
  readonly pairs: readonly NftPair[]
  /** Base chains first. */
  readonly chains: readonly NftChain[]
  readonly why: Why
}

/** The types of the fields of a set's key, in the order in which they stand in it. */
export type FieldType = 'ifname' | 'ipv4_addr' | 'ipv6_addr' | 'inet_proto' | 'inet_service'

/** A named set with intervals. Its elements are disjoint: nftables refuses overlaps. */
export interface NftSet {
  readonly name: string
  readonly type: readonly FieldType[]
  readonly elements: readonly NftElement[]
  readonly why: Why
}

/** One element of a set: a value for each field type of the set, and no other. */
export interface NftElement {
  readonly interface?: string
  readonly prefix?: string
  readonly protocol?: 'tcp' | 'udp'
  /** Both ends belong to it. */
  readonly ports?: readonly [first: number, last: number]
  readonly why: Why
}

/** Packets that come in by one interface and go out by another jump to a chain. */
export interface NftPair {
  readonly from: string
  readonly to: string
  readonly chain: string
  readonly why: Why
}

/** A chain. Packets that no rule decides return to the caller, or meet the policy of a base chain. */
export interface NftChain {
  readonly name: string
  /** For a chain that the kernel calls: where, and what it does at the end. */
  readonly base?: { readonly hook: 'forward' | 'input' | 'output'; readonly policy: 'accept' | 'drop' }
  readonly rules: readonly NftRule[]
  readonly why: Why
}

/** Statements from left to right, until one does not match or decides. */
export interface NftRule {
  readonly statements: readonly Statement[]
  readonly why: Why
}

/** What a statement looks at. `ip` selectors hold for IPv4 packets only, `ip6` and `icmpv6` for IPv6 only, `icmp` for IPv4 only. */
export type Selector =
  | 'iifname'
  | 'oifname'
  | 'ip saddr'
  | 'ip daddr'
  | 'ip6 saddr'
  | 'ip6 daddr'
  | 'meta nfproto'
  | 'meta l4proto'
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
  /** Jump to the chain that the map {@link ZONE_PAIRS} has for the incoming and outgoing interface, if any. */
  | { readonly kind: 'dispatch' }
  /** Matches at most so often. */
  | { readonly kind: 'limit'; readonly perSecond: number; readonly burst: number }
  | { readonly kind: 'log'; readonly prefix: string }
  | { readonly kind: 'counter' }
  | { readonly kind: 'verdict'; readonly verdict: 'accept' | 'drop' }
