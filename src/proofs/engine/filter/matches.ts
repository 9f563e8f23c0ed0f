/** The packets that match statements hold of, as boxes. */
import { type Family, ipOf, lastOf, prefixOf } from '#base/ip.ts'
import type { FieldType, NftElement, NftSet, Selector, Statement } from '#targets/nftables/tree.ts'
import { type Boxes, boxOf } from '../boxes/boxes.ts'
import { coalesce } from '../boxes/coalesce.ts'
import { PACKETS } from '../packet.ts'
import { ICMP_TYPES, portsOf, protocolOf } from './numbers.ts'

/** A statement that packets match or not. */
export type Match = Extract<Statement, { kind: 'is' | 'in' }>

/** Where a packet is: the interfaces by which it came and will go, by the names that the hook sees. */
export interface Where {
  readonly iif: string
  readonly oif: string
}

/** One value of a match: which interfaces it names, and what it holds of behind these. */
export interface Value extends Partial<Where> {
  readonly boxes: Boxes
}

/** What a match holds of, by interfaces. */
export type Matcher = (where: Where) => Boxes

/** Reads a match for packets of a family. Frames are unicast and for the device: what looks for others matches nothing. */
export function matcherOf(match: Match, family: Family, sets: ReadonlyMap<string, NftSet>): Matcher {
  const read = () => tuplesOf(match, sets).flatMap((tuple) => readValue(match.selectors, tuple, family) ?? [])
  if (!namesInterfaces(match)) {
    const all = remembered(match, family, sets, () =>
      coalesce(
        PACKETS[family],
        read().flatMap(({ boxes }) => boxes),
      ),
    )
    return () => all
  }
  const values = read()
  return ({ iif, oif }) => values.filter((value) => (value.iif ?? iif) === iif && (value.oif ?? oif) === oif).flatMap(({ boxes }) => boxes)
}

/** What matches of elements hold of: sets of many devices have the same ones. */
const KNOWN = new WeakMap<readonly NftElement[], Map<string, Boxes>>()

function remembered(match: Match, family: Family, sets: ReadonlyMap<string, NftSet>, find: () => Boxes): Boxes {
  if (match.kind === 'is') return find()
  const { elements, type } = sets.get(match.set)!
  const own = KNOWN.get(elements) ?? new Map<string, Boxes>()
  KNOWN.set(elements, own)
  const key = `${match.selectors.join()} ${type.join()} ${family}`
  const boxes = own.get(key) ?? find()
  own.set(key, boxes)
  return boxes
}

/** Whether it depends on the interfaces what the match holds of. */
export function namesInterfaces({ selectors }: Match): boolean {
  return selectors.some((selector) => selector === 'iifname' || selector === 'oifname')
}

/** The values that are looked for, in words. */
export function tuplesOf(match: Match, sets: ReadonlyMap<string, NftSet>): readonly (readonly string[])[] {
  if (match.kind === 'is') return match.values
  const { type, elements } = sets.get(match.set)!
  return elements.flatMap((element) => {
    const { interface: name, vlans = [] } = element
    return (name === undefined ? [''] : [name, ...vlans]).map((name) => type.map((field) => wordOf(element, field, name)))
  })
}

function wordOf({ prefix, protocol, ports }: NftElement, field: FieldType, name: string): string {
  if (field === 'ifname') return name
  if (field === 'inet_proto') return protocol!
  return field === 'inet_service' ? ports!.join('-') : prefix!
}

/** What a tuple of values holds of; undefined when no packet of the family has these. */
export function readValue(selectors: readonly Selector[], tuple: readonly string[], family: Family): Value | undefined {
  const intervals: Record<string, readonly [bigint, bigint]> = {}
  let value: Omit<Value, 'boxes'> = {}
  for (const [at, selector] of selectors.entries()) {
    const text = tuple[at]!
    if (selector === 'iifname') value = { ...value, iif: text }
    else if (selector === 'oifname') value = { ...value, oif: text }
    else {
      const asked = intervalsOf(selector, text, family)
      if (!asked) return undefined
      for (const [field, low, high] of asked) {
        let [first, last] = intervals[field] ?? [low, high]
        if (first < low) first = low
        if (last > high) last = high
        if (first > last) return undefined
        intervals[field] = [first, last]
      }
    }
  }
  return { ...value, boxes: [boxOf(PACKETS[family], intervals)] }
}

/** What of which fields is asked for; undefined when no packet of the family can have it. */
function intervalsOf(
  selector: Exclude<Selector, 'iifname' | 'oifname'>,
  text: string,
  family: Family,
): readonly (readonly [field: string, low: bigint, high: bigint])[] | undefined {
  switch (selector) {
    case 'ether daddr':
    case 'meta pkttype':
      return undefined
    case 'ip saddr':
    case 'ip6 saddr':
      return (selector === 'ip saddr') === (family === 4) ? [['source', ...addresses(text)]] : undefined
    case 'ip daddr':
    case 'ip6 daddr':
      return (selector === 'ip daddr') === (family === 4) ? [['destination', ...addresses(text)]] : undefined
    case 'meta nfproto':
      return text === `ipv${family}` ? [] : undefined
    case 'meta l4proto':
      return [['protocol', ...only(protocolOf(text))]]
    case 'th sport':
    case 'th dport': {
      const [first, last] = portsOf(text)
      return [[selector === 'th sport' ? 'sourcePort' : 'destinationPort', BigInt(first), BigInt(last)]]
    }
    // nft adds that it is the ICMP of the family.
    case 'icmp type':
      return family === 4 ? icmp('icmp', ICMP_TYPES[4][text]!) : undefined
    case 'icmpv6 type':
      return family === 6 ? icmp('icmpv6', ICMP_TYPES[6][text]!) : undefined
  }
}

function icmp(protocol: string, type: number): readonly (readonly [field: string, low: bigint, high: bigint])[] {
  return [
    ['protocol', ...only(protocolOf(protocol))],
    ['icmpType', ...only(type)],
  ]
}

function only(value: number): readonly [bigint, bigint] {
  return [BigInt(value), BigInt(value)]
}

function addresses(text: string): readonly [bigint, bigint] {
  if (text.includes('/')) {
    const prefix = prefixOf(text)
    return [prefix.base, lastOf(prefix)]
  }
  const { value } = ipOf(text)
  return [value, value]
}
