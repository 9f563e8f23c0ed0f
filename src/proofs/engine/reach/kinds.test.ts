/** Kinds of destinations against looking each address up in each table. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { intervalOf } from '../boxes/boxes.ts'
import { PACKETS } from '../packet.ts'
import { type Interval, kindsOf } from './kinds.ts'
import type { Leg } from './lookup.ts'

const LAST = 0xffff_ffffn

/** A table of legs that are next to each other, each with one of a few ways. */
const table: fc.Arbitrary<readonly Leg[]> = fc
  .uniqueArray(fc.tuple(fc.bigInt(1n, 63n), fc.nat(2)), { selector: ([bound]) => bound, maxLength: 6 })
  .chain((bounds) =>
    fc.nat(2).map((first) => {
      const starts = [[0n, first] as const, ...bounds.map(([bound, way]) => [bound, way] as const).sort(([a], [b]) => (a < b ? -1 : 1))]
      return starts.map(([start, way], index): Leg => {
        const last = (starts[index + 1]?.[0] ?? LAST + 1n) - 1n
        return { first: start, last, kind: 'route', route: { prefix: `${way}`, protocol: 'static', distance: 1, to: 'blackhole' } }
      })
    }),
  )

/** Intervals in order and apart. */
const windows: fc.Arbitrary<readonly Interval[]> = fc
  .uniqueArray(fc.bigInt(0n, 79n), { maxLength: 6 })
  .map((bounds) => bounds.sort((a, b) => (a < b ? -1 : 1)))
  .map((bounds) => bounds.flatMap((first, index): readonly Interval[] => (index % 2 === 0 && bounds[index + 1] ? [[first, bounds[index + 1]! - 1n]] : [])))
  .map((intervals) => intervals.filter(([first], index) => index === 0 || first > intervals[index - 1]![1] + 1n))

const wayOf = (leg: Leg) => (leg.kind === 'route' ? leg.route.prefix : '')
const legWith = (legs: readonly Leg[], address: bigint) => legs.find(({ first, last }) => first <= address && address <= last)!

test('addresses are of one kind where every table does the same with them, and only there', () => {
  fc.assert(
    fc.property(
      fc.array(table, { minLength: 1, maxLength: 4 }),
      fc.option(fc.tuple(fc.bigInt(0n, 70n), fc.bigInt(0n, 9n))),
      fc.option(windows),
      (tables, hole, asked) => {
        const unasked: readonly Interval[] = hole ? [[hole[0], hole[0] + hole[1]]] : []
        const kinds = kindsOf(4, tables, unasked, wayOf, asked ?? undefined)
        const byWays = new Map<string, number>()
        for (const address of [...Array(80).keys()].map(BigInt)) {
          const [kind, ...more] = kinds.within([address, address])
          if ((hole && address >= hole[0] && address <= hole[0] + hole[1]) || asked?.every(([first, last]) => address < first || address > last)) {
            assert.equal(kind, undefined)
            continue
          }
          assert.deepEqual(more, [])
          const ways = tables.map((legs) => wayOf(legWith(legs, address))).join()
          assert.equal(byWays.get(ways) ?? kind, kind)
          byWays.set(ways, kind!)
          for (const legs of tables) assert.equal(wayOf(legs[kinds.legsOf(legs)[kind!]!]!), wayOf(legWith(legs, address)))
        }
        assert.equal(new Set(byWays.values()).size, byWays.size)
        assert.equal(kinds.count, byWays.size)
        // As boxes, by kind: every address that is asked about once.
        for (const [kind, boxes] of kinds.boxesBy(Int32Array.from(Array(kinds.count).keys())))
          for (const box of boxes) assert.deepEqual([...kinds.within(intervalOf(PACKETS[4], box, 'destination'))], [kind])
      },
    ),
    { numRuns: 300 },
  )
})
