import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { allocateUnits, showUnits, type UnitWant } from './allocate-units.ts'
import type { Entry } from './ledger.ts'

const active = (key: string, value: string): Entry => ({ key, value, state: 'active' })
const want = (key: string, height: number, from: 'top' | 'bottom' = 'bottom'): UnitWant => ({ key, height, from, state: 'active' })
const place = (held: Entry[], wants: UnitWant[], height: number, occupied: number[] = []) => {
  const { unitOf, problems } = allocateUnits({ held, wants, height, occupied })
  return { units: Object.fromEntries(unitOf), problems }
}

test('larger gear first, from the end that is asked for', () => {
  const { units } = place([], [want('server-10', 1), want('server-9', 1), want('ups', 4), want('leaf-a', 1, 'top'), want('leaf-b', 1, 'top')], 42, [42])
  assert.deepEqual(units, { ups: 1, 'server-9': 5, 'server-10': 6, 'leaf-a': 41, 'leaf-b': 40 })
})

test('what stands stays; what was taken out leaves its units free', () => {
  assert.deepEqual(place([active('b', '1'), active('gone', '2')], [want('a', 2), want('b', 1)], 42).units, { b: 1, a: 2 })
})

test('planned gear moves out of the way, active gear clashes: with each other, with what is occupied, with the end of the rack', () => {
  const planned: Entry = { key: 'p', value: '10', state: 'planned' }
  assert.deepEqual(place([planned, active('a', '9-10')], [{ ...want('p', 1), state: 'planned' }, want('a', 2)], 42).units, { a: 9, p: 1 })
  assert.deepEqual(place([active('p', '10'), active('a', '9-10')], [want('p', 1), want('a', 2)], 42).problems, [
    { kind: 'clash', key: 'p', value: '10', other: { key: 'a', value: '9-10' } },
  ])
  assert.deepEqual(place([active('a', '9-10')], [want('a', 2)], 42, [10]).problems, [{ kind: 'clash', key: 'a', value: '9-10', other: { value: '10' } }])
  assert.deepEqual(place([active('a', '42-43')], [want('a', 2)], 42).problems, [{ kind: 'clash', key: 'a', value: '42-43', other: { value: '43-43' } }])
  assert.deepEqual(place([active('a', 'swp1')], [], 42).problems, [])
  for (const value of ['swp1', '0', '7-6', '7-'])
    assert.deepEqual(place([active('a', value)], [want('a', 2)], 42).problems, [{ kind: 'unreadable', key: 'a', value }])
})

test('gear of another height stays where it was unless it is in the way', () => {
  assert.deepEqual(place([active('a', '7'), active('b', '9-10')], [want('a', 2), want('b', 1)], 42), { units: { a: 7, b: 9 }, problems: [] })
  assert.deepEqual(place([active('a', '7'), active('b', '8')], [want('a', 2), want('b', 1)], 42), { units: { b: 8, a: 1 }, problems: [] })
  assert.deepEqual(
    place(
      [active('a', '7'), active('b', '8'), active('c', '9')],
      ['a', 'b', 'c'].map((key) => want(key, 2)),
      42,
    ),
    {
      units: { a: 7, c: 9, b: 1 },
      problems: [],
    },
  )
})

test('a rack that is full says by how much', () => {
  assert.deepEqual(place([active('a', '3-4')], [want('a', 2), want('b', 3), want('c', 3)], 8).problems, [
    {
      kind: 'exhausted',
      key: 'c',
      need: 3n,
      pool: ['1-8'],
      free: 3n,
      largestFree: 2n,
      missing: 0n,
      quarantined: 0n,
      biggest: [
        { key: 'b', size: 3n },
        { key: 'c', size: 3n },
        { key: 'a', size: 2n },
      ],
    },
  ])
  assert.equal((place([], [want('a', 9)], 8).problems[0] as { missing: bigint }).missing, 1n)
})

test('gear never overlaps, the order of wants does not matter, and nothing moves when more comes', () => {
  const gear = fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.constantFrom<'top' | 'bottom'>('top', 'bottom')), { maxLength: 14 })
  const occupied = fc.array(fc.integer({ min: 1, max: 24 }), { maxLength: 4 })
  fc.assert(
    fc.property(gear, gear, occupied, (first, more, occupied) => {
      const wants = first.map(([height, from], i) => want(`k${i}`, height, from))
      const { units } = place([], wants, 24, occupied)
      const used = new Set(occupied)
      for (const { key, height } of wants) {
        for (let i = 0; i < height && units[key] !== undefined; i++) {
          const unit = units[key] + i
          assert.ok(unit >= 1 && unit <= 24 && !used.has(unit))
          used.add(unit)
        }
      }
      assert.deepEqual(place([], [...wants].reverse(), 24, occupied).units, units)
      const held = wants.flatMap(({ key, height }) => (units[key] === undefined ? [] : [active(key, showUnits(units[key], height))]))
      const next = place(held, [...more.map(([height, from], i) => want(`a${i}`, height, from)), ...wants], 24, occupied).units
      for (const [key, unit] of Object.entries(units)) assert.equal(next[key], unit)
    }),
  )
})
