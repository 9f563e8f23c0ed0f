/** Where a table sends packets: the longest prefix decides, so the prefixes of a table fall into intervals of addresses, each with one route. */
import { bitsOf, type Family, familyOf, prefixOf } from '#base/ip.ts'
import { type Box, boxOf } from '../boxes/boxes.ts'
import { order } from '../boxes/words.ts'
import { PACKETS } from '../packet.ts'
import type { Route } from '../routing/tables.ts'

/** An interval of destinations, as a box of packets to them, and their route. */
export interface Leg {
  readonly box: Box
  readonly route: Route
}

/** The legs of a table in a family, in order of address and apart from each other. Addresses between them have no route. */
export function legsOf(table: ReadonlyMap<string, Route>, family: Family): readonly Leg[] {
  const bits = BigInt(bitsOf(family))
  const routes = [...table.values()]
    .filter(({ prefix }) => familyOf(prefix) === family)
    .map((route) => {
      const { base, length } = prefixOf(route.prefix)
      return { route, first: base, last: base + (1n << (bits - BigInt(length))) - 1n, length }
    })
    .sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : a.length - b.length))
  const legs: Leg[] = []
  const open: typeof routes = []
  let next = 0n
  const upTo = (last: bigint) => {
    const top = open[open.length - 1]
    if (top && next <= last) legs.push({ box: boxOf(PACKETS[family], { destination: [next, last] }), route: top.route })
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
  return legs
}

/** The legs that hold a destination of the box. */
export function legsFor(legs: readonly Leg[], box: Box, family: Family): readonly Leg[] {
  const { words, at, width, index } = PACKETS[family]
  const field = index.get('destination')!
  const [low, size] = [at[field]!, width[field]!]
  const high = words + low
  // The first leg that does not end before the box begins.
  let [from, to] = [0, legs.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if (order(legs[middle]!.box, high, box, low, size) < 0) from = middle + 1
    else to = middle
  }
  let end = from
  while (end < legs.length && order(legs[end]!.box, low, box, high, size) <= 0) end++
  return legs.slice(from, end)
}
