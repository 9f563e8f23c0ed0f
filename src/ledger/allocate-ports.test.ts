import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { allocatePorts, type PortWant } from './allocate-ports.ts'
import type { Entry, State } from './ledger.ts'

const active = (key: string, value: string): Entry => ({ key, value, state: 'active' })
const want = (key: string, candidates: string[], state: State = 'active'): PortWant => ({ key, candidates, state })
const objectOf = (map: ReadonlyMap<string, string>) => Object.fromEntries(map)

test('ports go by preference, in the order of the names', () => {
  const ports = ['swp1', 'swp2', 'swp3']
  const { portOf } = allocatePorts({ held: [], wants: ['leaf-10', 'leaf-9', 'leaf-1'].map((name) => want(name, ports)) })
  assert.deepEqual(objectOf(portOf), { 'leaf-1': 'swp1', 'leaf-9': 'swp2', 'leaf-10': 'swp3' })
})

test('a held port stays while it will do, and is free at once when nobody wants it', () => {
  const held = [active('a', 'swp2'), active('gone', 'swp1')]
  assert.deepEqual(objectOf(allocatePorts({ held, wants: [want('a', ['swp1', 'swp2']), want('b', ['swp1', 'swp2'])] }).portOf), { a: 'swp2', b: 'swp1' })
  assert.deepEqual(objectOf(allocatePorts({ held, wants: [want('a', ['swp1'])] }).portOf), { a: 'swp1' })
})

test('of two keys with one port the active one stays, and two active ones clash', () => {
  const held: Entry[] = [{ key: 'a', value: 'swp1', state: 'planned' }, active('b', 'swp1')]
  const ports = ['swp1', 'swp2']
  assert.deepEqual(objectOf(allocatePorts({ held, wants: [want('a', ports, 'planned'), want('b', ports)] }).portOf), { b: 'swp1', a: 'swp2' })
  assert.deepEqual(allocatePorts({ held, wants: [want('a', ports), want('b', ports)] }).problems, [
    { kind: 'clash', key: 'b', value: 'swp1', other: { key: 'a', value: 'swp1' } },
  ])
})

test('more wants than candidates', () => {
  const { portOf, problems } = allocatePorts({ held: [], wants: ['a', 'b', 'c'].map((key) => want(key, ['swp1'])) })
  assert.deepEqual(objectOf(portOf), { a: 'swp1' })
  assert.deepEqual(
    problems,
    ['b', 'c'].map((key) => ({ kind: 'exhausted', key, need: 1n, pool: ['swp1'], free: 0n, largestFree: 0n, missing: 2n, quarantined: 0n, biggest: [] })),
  )
})

test('as many keys are served as can be (against trying every choice), each port once; and none moves in the next build', () => {
  const candidates = fc.shuffledSubarray(['p1', 'p2', 'p3', 'p4', 'p5'])
  fc.assert(
    fc.property(fc.array(candidates, { maxLength: 6 }), fc.array(candidates, { maxLength: 3 }), (lists, more) => {
      const wants = lists.map((list, i) => want(`k${i}`, list))
      const { portOf } = allocatePorts({ held: [], wants })
      for (const [key, port] of portOf) assert.ok(wants.find((want) => want.key === key)!.candidates.includes(port))
      assert.equal(new Set(portOf.values()).size, portOf.size)
      assert.equal(portOf.size, mostServed(lists, new Set()))
      assert.deepEqual(objectOf(allocatePorts({ held: [], wants: [...wants].reverse() }).portOf), objectOf(portOf))

      const held = [...portOf].map(([key, port]) => active(key, port))
      const next = allocatePorts({ held, wants: [...more.map((list, i) => want(`a${i}`, list)), ...wants] }).portOf
      for (const [key, port] of portOf) assert.equal(next.get(key), port)
    }),
  )
})

function mostServed([first, ...rest]: readonly string[][], used: ReadonlySet<string>): number {
  if (!first) return 0
  return Math.max(mostServed(rest, used), ...first.filter((port) => !used.has(port)).map((port) => 1 + mostServed(rest, new Set([...used, port]))))
}
