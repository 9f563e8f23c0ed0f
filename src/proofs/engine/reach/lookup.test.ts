/** Legs of tables against the longest prefix that holds each address, and legs that change with a table against those that are found anew. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Family, ipOf, prefixAround, prefixOf, showPrefix } from '#base/ip.ts'
import type { Port } from '../network/links.ts'
import type { Route } from '../routing/tables.ts'
import { enter, type Leg, legFor, legsAfter, legsOf, noLegs, type Wires } from './lookup.ts'

/** All addresses that are looked at are in here: 64 of them in each family. */
const AROUND = { 4: '192.0.2.0/26', 6: '2001:db8::/122' } as const
const SHORTEST = 6

const port = (name: string, device = 'here'): Port => ({ device, name, vrf: '', wire: 1, addresses: [], shared: [] }) as unknown as Port
const WIRES: Record<Family, Wires> = { 4: wiresIn(4), 6: wiresIn(6) }

/** One port, on whose link the device itself and another one have addresses, some of them beside each other. */
function wiresIn(family: Family): Wires {
  const { base } = prefixOf(AROUND[family])
  const held = new Map([3n, 4n, 17n, 40n].map((offset) => [base + offset, port('lan', offset === 4n ? 'there' : 'here')]))
  return { ports: new Map([['lan', port('lan')]]), onLink: () => held }
}

/** Routes to prefixes in there, or around all of it; the same object where it is the same route. */
const routeIn = (family: Family): fc.Arbitrary<Route> =>
  fc.tuple(fc.nat(63), fc.nat(SHORTEST), fc.constantFrom('lan', 'a', 'b', 'blackhole')).map(([offset, shorter, to]) => {
    const { base, length } = prefixOf(AROUND[family])
    const prefix = showPrefix(prefixAround({ family, value: base + BigInt(offset) }, length + SHORTEST - shorter))
    const key = `${prefix} ${to}`
    const route: Route = KNOWN.get(key) ?? {
      prefix,
      protocol: to === 'lan' ? 'connected' : 'bgp',
      distance: 0,
      to: to === 'blackhole' ? to : to === 'lan' ? { port: to } : [{ port: to, address: '192.0.2.99' }],
    }
    KNOWN.set(key, route)
    return route
  })
const KNOWN = new Map<string, Route>()

const tableIn = (family: Family) => fc.array(routeIn(family), { maxLength: 12 }).map((routes) => new Map(routes.map((route) => [route.prefix, route])))

/** What a table does with an address, by trying every prefix. */
function simply(table: ReadonlyMap<string, Route>, family: Family, value: bigint): string {
  const holding = [...table.values()].filter(({ prefix }) => prefixAround({ family, value }, prefixOf(prefix).length).base === prefixOf(prefix).base)
  const route = holding.sort((one, other) => prefixOf(other.prefix).length - prefixOf(one.prefix).length)[0]
  if (!route) return 'none'
  if (typeof route.to === 'string' || !('port' in route.to)) return `route ${JSON.stringify(route)}`
  const at = WIRES[family].onLink(WIRES[family].ports.get('lan')!).get(value)
  return at ? `${at.device === 'here' ? 'own' : 'neighbor'} ${JSON.stringify(route)}` : `hosts ${JSON.stringify(route)}`
}

const said = (leg: Leg) => (leg.kind === 'none' ? leg.kind : `${leg.kind} ${JSON.stringify(leg.route)}`)

for (const family of [4, 6] as const) {
  const { base } = prefixOf(AROUND[family])
  test(`the longest prefix decides, IPv${family}`, () => {
    fc.assert(
      fc.property(tableIn(family), (table) => {
        const legs = legsOf(table, family, WIRES[family])
        for (let value = base; value < base + 64n; value++) assert.equal(said(legFor(legs, value)), simply(table, family, value))
        // In order, and without a hole.
        for (const [at, leg] of legs.entries()) assert.equal(leg.first, at === 0 ? 0n : legs[at - 1]!.last + 1n)
      }),
    )
  })

  test(`legs that change with a table are those that it has afterwards, IPv${family}`, () => {
    fc.assert(
      fc.property(tableIn(family), tableIn(family), fc.nat(8), (before, other, kept) => {
        const after = new Map([...[...before].slice(0, kept), ...other])
        const legs = legsOf(before, family, WIRES[family])
        const copy = [...legs]
        assert.deepEqual(legsAfter(legs, before, after, family, WIRES[family]), legsOf(after, family, WIRES[family]))
        assert.deepEqual(legs, copy)
        assert.equal(legsAfter(legs, before, new Map(before), family, WIRES[family]), legs)
      }),
      { numRuns: 500 },
    )
  })

  test(`a route touches no legs but those of its prefix, IPv${family}`, () => {
    fc.assert(
      fc.property(tableIn(family), routeIn(family), (table, route) => {
        const legs = [...legsOf(table, family, WIRES[family])]
        const { length } = prefixOf(route.prefix)
        const held = new Set(legs.filter((leg) => leg.route && prefixOf(leg.route.prefix).length > length))
        const touched = enter(legs, route.prefix, route, WIRES[family])
        for (const leg of held) assert.ok(legs.includes(leg))
        assert.ok(touched <= legs.length)
      }),
    )
  })

  test(`routes that go leave nothing, in whatever order they came, IPv${family}`, () => {
    fc.assert(
      fc.property(fc.uniqueArray(routeIn(family), { selector: ({ prefix }) => prefix, maxLength: 12 }), (routes) => {
        const table = new Map<string, Route>()
        let legs: readonly Leg[] = noLegs(family)
        for (const route of routes) {
          const before = new Map(table)
          table.set(route.prefix, route)
          legs = legsAfter(legs, before, table, family, WIRES[family])
        }
        assert.deepEqual(legs, legsOf(table, family, WIRES[family]))
        assert.deepEqual(legsAfter(legs, table, new Map(), family, WIRES[family]), noLegs(family))
      }),
    )
  })
}

test('an address of a device on a link is its own leg', () => {
  const { value } = ipOf('192.0.2.4')
  const table = new Map([['192.0.2.0/26', { prefix: '192.0.2.0/26', protocol: 'connected', distance: 0, to: { port: 'lan' } } satisfies Route]])
  const leg = legFor(legsOf(table, 4, WIRES[4]), value)
  assert.deepEqual([leg.kind, leg.first, leg.last], ['neighbor', value, value])
})
