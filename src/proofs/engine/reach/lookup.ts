/**
 * What a table does with packets: the longest prefix decides, and on a link the addresses of devices are theirs and all others are hosts'. So its destinations fall into intervals, each with one fate.
 */
import { bitsOf, type Family, familyOf, prefixOf } from '#base/ip.ts'
import { inside } from '../../remembered.ts'
import { type Box, boxOf, intervalOf } from '../boxes/boxes.ts'
import type { Port } from '../network/links.ts'
import { PACKETS } from '../packet.ts'
import type { Route } from '../routing/tables.ts'

/** What becomes of packets to some destinations, from the first to the last. */
export type Leg = { readonly first: bigint; readonly last: bigint } /** No prefix holds them. */ & (
  | { readonly kind: 'none'; readonly route?: undefined }
  | { readonly kind: 'route'; readonly route: Route }
  /** To hosts on the link of a port. */
  | { readonly kind: 'hosts'; readonly route: Route; readonly port: Port }
  /** To an address of a device on the link, at this port of it. */
  | { readonly kind: 'neighbor'; readonly route: Route; readonly port: Port; readonly at: Port }
  /** To an address of the device itself, which this port has. */
  | { readonly kind: 'own'; readonly route: Route; readonly at: Port; readonly address: bigint }
)

/** Who has addresses on the link of a port: the device itself, and others. */
export type OnLink = (port: Port) => ReadonlyMap<bigint, Port>

/** What is on the links of a device, by the names of its ports. */
export interface Wires {
  readonly ports: ReadonlyMap<string, Port>
  readonly onLink: OnLink
}

/** The legs of a table in a family, in order of address and apart from each other: every address is in one. */
export function legsOf(table: ReadonlyMap<string, Route>, family: Family, wires: Wires): readonly Leg[] {
  const legs = noLegs(family)
  // What holds others comes before them: so each enters at the end.
  const routes = [...table.values()]
    .filter(({ prefix }) => familyOf(prefix) === family)
    .map((route) => ({ route, ...prefixOf(route.prefix) }))
    .sort((a, b) => (a.base < b.base ? -1 : a.base > b.base ? 1 : a.length - b.length))
  for (const { route } of routes) enter(legs, route.prefix, route, wires)
  return legs
}

/** Those of an empty table. */
export function noLegs(family: Family): Leg[] {
  return [{ kind: 'none', first: 0n, last: (1n << BigInt(bitsOf(family))) - 1n }]
}

/** The legs of a table, from those of one before it, on the same links: only what routes that are others were for is made anew. */
export function legsAfter(
  legs: readonly Leg[],
  before: ReadonlyMap<string, Route>,
  after: ReadonlyMap<string, Route>,
  family: Family,
  wires: Wires,
): readonly Leg[] {
  let next: Leg[] | undefined
  const give = (prefix: string, route: Route | undefined) => {
    next ??= [...legs]
    enter(next, prefix, route, wires)
  }
  for (const { prefix } of before.values())
    if (!after.has(prefix) && familyOf(prefix) === family) give(prefix, routeAround(prefixesIn(before, family), after, prefix))
  for (const route of after.values()) if (before.get(route.prefix) !== route && familyOf(route.prefix) === family) give(route.prefix, route)
  return next ?? legs
}

/** Prefixes of a family by length, the longest first; by the bits that are theirs. */
export type ByLength = ReadonlyMap<number, ReadonlyMap<bigint, string>>

/** The prefixes of a table, found once. */
export function prefixesIn(table: ReadonlyMap<string, Route>, family: Family): ByLength {
  const known = PREFIXES.get(table) ?? new Map<Family, ByLength>()
  PREFIXES.set(table, known)
  return inside(known, family, () => {
    const prefixes = [...table.keys()].filter((prefix) => familyOf(prefix) === family)
    const byLength = Map.groupBy(prefixes, (prefix) => prefixOf(prefix).length)
    const bitsIn = (length: number) => BigInt(bitsOf(family) - length)
    return new Map(
      [...byLength].sort(([a], [b]) => b - a).map(([length, all]) => [length, new Map(all.map((prefix) => [prefixOf(prefix).base >> bitsIn(length), prefix]))]),
    )
  })
}

const PREFIXES = new WeakMap<ReadonlyMap<string, Route>, Map<Family, ByLength>>()

/** The route of a table for packets to a prefix that itself has none: the longest one that holds all of it, of those to prefixes that are known. */
export function routeAround(known: ByLength, table: ReadonlyMap<string, Route>, prefix: string): Route | undefined {
  const { family, base, length } = prefixOf(prefix)
  for (const [shorter, prefixes] of known) {
    const around = shorter < length ? prefixes.get(base >> BigInt(bitsOf(family) - shorter)) : undefined
    const route = around && table.get(around)
    if (route) return route
  }
  return undefined
}

/**
 * Gives packets to a prefix to a route, or to none, but for those that a longer prefix of the table holds. The legs are changed in place, and those of other packets are not touched; they stay in order, and no two
 * beside each other do the same by one route. The time is that of the legs inside of the prefix, and of finding the first. Returns how many there are now where something changed.
 */
export function enter(legs: Leg[], prefix: string, route: Route | undefined, wires: Wires): number {
  const { family, base: first, length } = prefixOf(prefix)
  const last = first + (1n << BigInt(bitsOf(family) - length)) - 1n
  let touched = 0
  for (let from = indexOf(legs, first); from < legs.length && legs[from]!.first <= last; from++) {
    if (lengthOf(legs[from]!) > length) continue
    let end = from + 1
    while (end < legs.length && legs[end]!.first <= last && lengthOf(legs[end]!) <= length) end++
    const [head, tail] = [legs[from]!, legs[end - 1]!]
    const [keepsHead, keepsTail] = [head.first < first, tail.last > last]
    const made: Leg[] = []
    if (keepsHead) made.push({ ...head, last: first - 1n })
    addLegs(made, route, keepsHead ? first : head.first, keepsTail ? last : tail.last, wires)
    if (keepsTail) add(made, { ...tail, first: last + 1n })
    touched += made.length
    // What is beside may do the same.
    if (from > 0 && isOneLeg(legs[from - 1]!, made[0]!)) made[0] = { ...made[0]!, first: legs[--from]!.first }
    if (end < legs.length && isOneLeg(made.at(-1)!, legs[end]!)) add(made, legs[end++]!)
    if (made.length === end - from) for (const [at, leg] of made.entries()) legs[from + at] = leg
    else legs.splice(from, end - from, ...made)
    from += made.length - 1
  }
  return touched
}

/** Adds a leg after others: to the last one where it does the same. */
function add(legs: Leg[], leg: Leg): void {
  const last = legs.at(-1)
  if (last && isOneLeg(last, leg)) legs[legs.length - 1] = { ...last, last: leg.last }
  else legs.push(leg)
}

/** Whether two legs beside each other do the same, by one route. */
function isOneLeg(one: Leg, other: Leg): boolean {
  return one.kind === other.kind && one.route === other.route && one.kind !== 'own' && one.kind !== 'neighbor'
}

/** The length of the prefix that holds the packets of a leg; less than any where none does. */
function lengthOf({ route }: Leg): number {
  return route ? prefixOf(route.prefix).length : -1
}

/** Adds what a route does with the packets from one address to another. */
function addLegs(legs: Leg[], route: Route | undefined, first: bigint, last: bigint, { ports, onLink }: Wires): void {
  if (!route) {
    add(legs, { kind: 'none', first, last })
    return
  }
  if (typeof route.to === 'string' || !('port' in route.to)) {
    add(legs, { kind: 'route', first, last, route })
    return
  }
  const port = ports.get(route.to.port)!
  let next = first
  for (const [address, at] of onLink(port)) {
    if (address < next || address > last) continue
    if (address > next) add(legs, { kind: 'hosts', first: next, last: address - 1n, route, port })
    if (at.device === port.device && at.vrf === port.vrf) add(legs, { kind: 'own', first: address, last: address, route, at, address })
    else add(legs, { kind: 'neighbor', first: address, last: address, route, port, at })
    next = address + 1n
  }
  if (next <= last) add(legs, { kind: 'hosts', first: next, last, route, port })
}

/** The legs that hold a destination of the box, from the first to the one before the last of these. */
export function legsFor(legs: readonly Leg[], box: Box, family: Family): readonly [from: number, end: number] {
  const [first, last] = intervalOf(PACKETS[family], box, 'destination')
  const from = indexOf(legs, first)
  let end = from
  while (end < legs.length && legs[end]!.first <= last) end++
  return [from, end]
}

/** The leg that holds an address. */
export function legFor(legs: readonly Leg[], address: bigint): Leg {
  return legs[indexOf(legs, address)]!
}

/** The first leg that does not end before an address. */
function indexOf(legs: readonly Leg[], address: bigint): number {
  let [from, to] = [0, legs.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if (legs[middle]!.last < address) from = middle + 1
    else to = middle
  }
  return from
}

/** All packets of a leg. */
export function boxOfLeg(leg: Leg, family: Family): Box {
  const box = BOXES.get(leg) ?? boxOf(PACKETS[family], { destination: [leg.first, leg.last] })
  BOXES.set(leg, box)
  return box
}

const BOXES = new WeakMap<Leg, Box>()
