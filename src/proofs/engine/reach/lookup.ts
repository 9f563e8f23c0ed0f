/**
 * What a table does with packets: the longest prefix decides, and on a link the addresses of devices are theirs and all others are hosts'. So its destinations fall into intervals, each with one fate.
 */
import { bitsOf, type Family, familyOf, prefixOf } from '#base/ip.ts'
import { type Box, boxOf, intervalOf } from '../boxes/boxes.ts'
import type { Port } from '../network/links.ts'
import { PACKETS } from '../packet.ts'
import type { Route } from '../routing/tables.ts'

/** What becomes of packets to some destinations, from the first to the last. */
export type Leg = { readonly first: bigint; readonly last: bigint } /** No prefix holds them. */ & (
  | { readonly kind: 'none' }
  | { readonly kind: 'route'; readonly route: Route }
  /** To hosts on the link of a port. */
  | { readonly kind: 'hosts'; readonly route: Route; readonly port: Port }
  /** To an address of a device on the link, at this port of it. */
  | { readonly kind: 'neighbor'; readonly port: Port; readonly at: Port }
  /** To an address of the device itself, which this port has. */
  | { readonly kind: 'own'; readonly at: Port; readonly address: bigint }
)

/** Who has addresses on the link of a port: the device itself, and others. */
export type OnLink = (port: Port) => ReadonlyMap<bigint, Port>

/** The legs of a table in a family, in order of address and apart from each other: every address is in one. */
export function legsOf(table: ReadonlyMap<string, Route>, family: Family, ports: ReadonlyMap<string, Port>, onLink: OnLink): readonly Leg[] {
  const legs: Leg[] = []
  let end = 0n
  for (const { first, last, route } of intervals(table, family)) {
    if (first > end) legs.push({ kind: 'none', first: end, last: first - 1n })
    end = last + 1n
    if (typeof route.to === 'string' || !('port' in route.to)) {
      legs.push({ kind: 'route', first, last, route })
      continue
    }
    const port = ports.get(route.to.port)!
    let next = first
    for (const [address, at] of onLink(port)) {
      if (address < next || address > last) continue
      if (address > next) legs.push({ kind: 'hosts', first: next, last: address - 1n, route, port })
      if (at.device === port.device && at.vrf === port.vrf) legs.push({ kind: 'own', first: address, last: address, at, address })
      else legs.push({ kind: 'neighbor', first: address, last: address, port, at })
      next = address + 1n
    }
    if (next <= last) legs.push({ kind: 'hosts', first: next, last, route, port })
  }
  const all = (1n << BigInt(bitsOf(family))) - 1n
  if (end <= all) legs.push({ kind: 'none', first: end, last: all })
  return legs
}

/** The legs of a table that differs from another one by where routes lead, and in nothing else; undefined where it differs in more. */
export function ledElsewhere(legs: readonly Leg[], before: ReadonlyMap<string, Route>, after: ReadonlyMap<string, Route>): readonly Leg[] | undefined {
  if (before.size !== after.size) return undefined
  const led = new Map<Route, Route>()
  for (const [prefix, route] of after) {
    const last = before.get(prefix)
    if (last === route) continue
    if (!last || !isOnward(last) || !isOnward(route)) return undefined
    led.set(last, route)
  }
  return legs.map((leg) => {
    const route = leg.kind === 'route' ? led.get(leg.route) : undefined
    return route ? { ...leg, kind: 'route', route } : leg
  })
}

/** Whether a route leads on to others, or nowhere, and not to a link. */
function isOnward({ to }: Route): boolean {
  return typeof to === 'string' || !('port' in to)
}

/** The prefixes of a table, as intervals that do not overlap: inside a longer prefix its route counts. */
function intervals(table: ReadonlyMap<string, Route>, family: Family): { readonly first: bigint; readonly last: bigint; readonly route: Route }[] {
  const bits = BigInt(bitsOf(family))
  const routes = [...table.values()]
    .filter(({ prefix }) => familyOf(prefix) === family)
    .map((route) => {
      const { base, length } = prefixOf(route.prefix)
      return { route, first: base, last: base + (1n << (bits - BigInt(length))) - 1n, length }
    })
    .sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : a.length - b.length))
  const found: { first: bigint; last: bigint; route: Route }[] = []
  const open: typeof routes = []
  let next = 0n
  const upTo = (last: bigint) => {
    const top = open[open.length - 1]
    if (top && next <= last) found.push({ first: next, last, route: top.route })
    if (next <= last) next = last + 1n
  }
  for (const one of routes) {
    for (let top = open[open.length - 1]; top && top.last < one.first; top = open[open.length - 1]) {
      upTo(top.last)
      open.pop()
    }
    if (open.length > 0) upTo(one.first - 1n)
    next = one.first
    open.push(one)
  }
  for (; open.length > 0; open.pop()) upTo(open[open.length - 1]!.last)
  return found
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
