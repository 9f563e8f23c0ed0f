/** What a device lets pass, and what of that it tells the other member of its pair. */
import type { Why } from '#base/place.ts'
import type { Service } from '#model/port.ts'

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
  /** The set of sources that come in by it to answer, and so to none of `destinations`: our other sites have public addresses, and begin nothing with them. */
  readonly answers?: string
  /** The set that destinations must be in of what comes in by it, on a device that forwards the rest: whatever route there is, nobody reaches others over us. Absent: any destination. */
  readonly destinations?: string
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
