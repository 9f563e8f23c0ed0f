/** How fast a table follows its routes: one of many comes, goes or leads elsewhere. */
import { bitsOf, type Family, prefixAround, showPrefix } from '#base/ip.ts'
import { enter, legsOf, prefixesIn, routeAround, type Wires } from '#proofs/engine/reach/lookup.ts'
import type { Route } from '#proofs/engine/routing/tables.ts'
import { randomOf } from './boxes.ts'
import { median } from './measure.ts'

/** A large table; and one so large that moving the legs behind one that comes is most of the time. */
const SIZES = [2000, 10_000]
const UPDATES = 3000

/** The limit: the median of updates, for each leg that one touches. */
const UPDATE_US = 5

/** Nets in nets, by family: what all are in, and the lengths that prefixes have. */
const SHAPES = {
  4: { base: 10n << 24n, lengths: [12, 16, 20, 22, 24, 24, 26, 28, 32] },
  6: { base: 0x2001_0db8n << 96n, lengths: [40, 48, 52, 56, 60, 64, 64, 127, 128] },
} as const

const NO_LINKS: Wires = { ports: new Map(), onLink: () => new Map() }

/** Prints a row for each family: what an update takes for each leg that it touches, and how much longer it takes to find all legs anew. Returns how many limits were not kept. */
export function benchRoutes(row: (name: string, ...cells: string[]) => void): number {
  let over = 0
  row('a table of routes', 'µs a leg', 'limit', '', 'p95', 'legs', '× anew')
  for (const [family, size] of SIZES.flatMap((size) => ([4, 6] as const).map((family) => [family, size] as const))) {
    const random = randomOf(1)
    const table = new Map<string, Route>()
    while (table.size < size) {
      const route = routeTo(family, random)
      table.set(route.prefix, route)
    }
    const known = prefixesIn(table, family)
    const legs = [...legsOf(table, family, NO_LINKS)]
    const started = performance.now()
    legsOf(table, family, NO_LINKS)
    const anew = 1000 * (performance.now() - started)
    const prefixes = [...table.keys()]
    const [times, all, counts]: [number[], number[], number[]] = [[], [], []]
    for (let update = 0; update < 2 * UPDATES; update++) {
      const prefix = prefixes[random(size)]!
      const route = table.has(prefix) && update % 2 === 0 ? undefined : { ...routeTo(family, random), prefix }
      const start = performance.now()
      if (route) table.set(prefix, route)
      else table.delete(prefix)
      const touched = enter(legs, prefix, route ?? routeAround(known, table, prefix), NO_LINKS)
      const us = 1000 * (performance.now() - start)
      // Where longer prefixes hold all, none is touched.
      if (update < UPDATES || touched === 0) continue
      times.push(us / touched)
      all.push(us)
      counts.push(touched)
    }
    times.sort((a, b) => a - b)
    const us = median(times)
    const isOk = us <= UPDATE_US
    const isLimited = size === SIZES[0]
    if (isLimited && !isOk) over++
    const limit = isLimited ? [`${UPDATE_US}`, isOk ? 'ok' : 'OVER'] : ['', '']
    const p95 = times[Math.floor(0.95 * times.length)]!
    row(`IPv${family}, ${size.toLocaleString('en')}`, us.toFixed(1), ...limit, p95.toFixed(1), `${median(counts)}`, (anew / median(all)).toFixed(0))
  }
  return over
}

/** A route to a prefix, by one of a few hops. */
function routeTo(family: Family, random: (below: number) => number): Route {
  const { base, lengths } = SHAPES[family]
  const length = lengths[random(lengths.length)]!
  // Bits after the base, as many as the prefix has.
  const value = base | ((BigInt(random(2 ** 24)) << BigInt(bitsOf(family) - 8 - 24)) & ((1n << BigInt(bitsOf(family) - (family === 4 ? 8 : 32))) - 1n))
  const prefix = showPrefix(prefixAround({ family, value: family === 6 ? value | BigInt(random(2 ** 24)) : value }, length))
  return { prefix, protocol: 'bgp', distance: 20, to: [{ port: `eth${random(8)}`, address: '192.0.2.1' }] }
}
