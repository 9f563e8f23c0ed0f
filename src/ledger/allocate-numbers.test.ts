import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { allocateNumbers, type NumberWant } from './allocate-numbers.ts'
import type { Entry, Scope, State } from './ledger.ts'
import { updateScope } from './update.ts'

const RANGE = { first: 100, last: 119 }
const AVOID = [103, 104, 500]

const active = (key: string, value: string): Entry => ({ key, value, state: 'active' })
const planned = (key: string, value: string): Entry => ({ key, value, state: 'planned' })
const want = (key: string, more: Partial<NumberWant> = {}): NumberWant => ({ key, state: 'active', ...more })

const wantSets = fc.uniqueArray(
  fc.record({
    key: fc.integer({ min: 0, max: 30 }).map((i) => `vlan ${i}`),
    state: fc.constantFrom<State>('planned', 'active'),
    prefer: fc.option(fc.integer({ min: 95, max: 125 }), { nil: undefined }),
  }),
  { selector: ({ key }) => key, maxLength: 24 },
)

function build(before: Scope, wants: readonly NumberWant[]) {
  const { numberOf, problems } = allocateNumbers({ held: before.values(), wants, range: RANGE, avoid: AVOID })
  const claimed = new Map(wants.filter(({ key }) => numberOf.has(key)).map(({ key, state }) => [key, { value: String(numberOf.get(key)), state }]))
  return { scope: updateScope(before, claimed, { date: '2026-05-01', quarantined: () => true }), numberOf, problems }
}

test('no number moves or is given twice, whatever comes and goes; the order of wants does not matter; all numbers are used before one is missing', () => {
  fc.assert(
    fc.property(fc.array(wantSets, { maxLength: 5 }), (builds) => {
      let scope: Scope = new Map()
      for (const wants of builds) {
        const { scope: after, problems, numberOf } = build(scope, wants)
        assert.deepEqual([...build(scope, [...wants].reverse()).numberOf].sort(), [...numberOf].sort())
        for (const [key, { value }] of scope) assert.equal(after.get(key)?.value, value)
        const numbers = [...after.values()].map(({ value }) => Number(value))
        assert.equal(new Set(numbers).size, numbers.length)
        for (const number of numbers) assert.ok(number >= RANGE.first && number <= RANGE.last && !AVOID.includes(number))
        const wanted = new Set([...scope.keys(), ...wants.map(({ key }) => key)]).size
        assert.equal(problems.length, Math.max(0, wanted - 18))
        assert.equal(build(after, wants).scope, after)
        scope = after
      }
    }),
  )
})

test('the preferred number is taken when it is free, by the smaller key of two, and never by a hash', () => {
  const wants = [want('b', { prefer: 110 }), want('a', { prefer: 110 }), want('c', { prefer: 99 }), want('d', { prefer: 103 })]
  const { numberOf, problems } = allocateNumbers({ held: [], wants, range: RANGE, avoid: AVOID })
  assert.deepEqual(problems, [])
  assert.equal(numberOf.get('a'), 110)
  assert.equal(new Set(numberOf.values()).size, 4)
  for (let i = 0; i < 200; i++) {
    const { numberOf } = allocateNumbers({ held: [], wants: [want(`${i}`), want('z', { prefer: 110 })], range: RANGE })
    assert.equal(numberOf.get('z'), 110)
  }
})

test('a range of 94,967,295 numbers costs no more than its entries', () => {
  const wants = Array.from({ length: 5000 }, (_, i) => want(`asn edge-${i}`))
  const { numberOf, problems } = allocateNumbers({ held: [], wants, range: { first: 4200000000, last: 4294967294 } })
  assert.deepEqual(problems, [])
  assert.equal(new Set(numberOf.values()).size, 5000)
})

test('pins, clashes, reservations and the quarantine are as for prefixes', () => {
  const run = (held: Entry[], wants: NumberWant[], avoid: number[] = []) => allocateNumbers({ held, wants, range: RANGE, avoid })
  assert.deepEqual(run([], [want('a', { pinned: 7 })]).numberOf, new Map([['a', 7]]))
  assert.deepEqual(run([active('b', '7')], [want('a', { pinned: 7 }), want('b')]).problems, [
    { kind: 'clash', key: 'b', value: '7', other: { key: 'a', value: '7' } },
  ])
  assert.notEqual(run([planned('b', '7')], [want('a', { pinned: 7 }), want('b', { state: 'planned' })]).numberOf.get('b'), 7)
  assert.deepEqual(run([active('a', '105'), active('b', '105')], [want('a'), want('b')]).problems, [
    { kind: 'clash', key: 'b', value: '105', other: { key: 'a', value: '105' } },
  ])
  assert.equal(run([planned('a', '105'), active('b', '105')], [want('a', { state: 'planned' }), want('b')]).numberOf.get('b'), 105)
  assert.deepEqual(run([active('a', '105')], [want('a')], [105]).problems, [{ kind: 'clash', key: 'a', value: '105', other: { value: '105' } }])
  assert.deepEqual(run([active('a', '1e2')], [want('a')]).problems, [{ kind: 'unreadable', key: 'a', value: '1e2' }])

  const freed: Entry[] = Array.from({ length: 20 }, (_, i) => ({ ...active(`old ${i}`, String(100 + i)), freed: '2026-05-01' }))
  assert.deepEqual(run(freed, [want('new'), want('old 3')]), {
    numberOf: new Map([['old 3', 103]]),
    problems: [{ kind: 'exhausted', key: 'new', need: 1n, pool: ['100-119'], free: 0n, largestFree: 0n, missing: 1n, quarantined: 19n, biggest: [] }],
  })
})
