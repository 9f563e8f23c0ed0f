import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { choose } from './choose.ts'

const among = ['r1', 'r2', 'r3']

test('new keys are spread evenly, in any order of keys and members; a held member stays while it may', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 20 }),
      fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 20 }),
      (keys, more) => {
        const wants = keys.map((key) => ({ key, among, state: 'active' as const }))
        const { memberOf, problems } = choose({ held: [], wants })
        assert.deepEqual(problems, [])
        const loads = among.map((member) => [...memberOf.values()].filter((chosen) => chosen === member).length)
        assert.ok(Math.max(...loads) - Math.min(...loads) <= 1)
        const shuffled = choose({ held: [], wants: wants.toReversed().map((want) => ({ ...want, among: among.toReversed() })) }).memberOf
        assert.deepEqual([...shuffled].sort(), [...memberOf].sort())

        const held = [...memberOf].map(([key, value]) => ({ key, value, state: 'active' as const }))
        const next = choose({ held, wants: [...new Set([...more, ...keys])].map((key) => ({ key, among, state: 'active' as const })) }).memberOf
        for (const [key, member] of memberOf) assert.equal(next.get(key), member)
      },
    ),
  )
})

test('what is to be apart gets different members, the preferred one first, however full that is; what is held stays', () => {
  const want = (key: string, more: object = {}) => ({ key, among, state: 'active' as const, ...more })
  const held = ['a', 'b', 'c'].map((key) => ({ key, value: 'r2', state: 'active' as const }))
  const others = [want('a'), want('b'), want('c', { apart: 'dub1' })]
  const wants = [...others, ...['d', 'e', 'f', 'g'].map((key) => want(key, { apart: 'bos1', prefer: 'r2' })), want('h', { apart: 'dub1', prefer: 'r2' })]
  const { memberOf } = choose({ held, wants })
  const taken = ['d', 'e', 'f'].map((key) => memberOf.get(key)!)
  assert.deepEqual([taken[0], [...taken].sort(), memberOf.get('g')], ['r2', among, 'r2'])
  assert.ok(['r1', 'r3'].includes(memberOf.get('h')!))
  assert.ok(['a', 'b', 'c'].every((key) => memberOf.get(key) === 'r2'))
})

test('a member that is no longer offered is left; without members there is none', () => {
  const held = [{ key: 'a', value: 'r9', state: 'active' as const }]
  assert.ok(among.includes(choose({ held, wants: [{ key: 'a', among, state: 'active' }] }).memberOf.get('a')!))
  assert.deepEqual(choose({ held, wants: [{ key: 'a', among: [], state: 'active' }] }).problems, [
    { kind: 'exhausted', key: 'a', need: 1n, pool: [], free: 0n, largestFree: 0n, missing: 1n, quarantined: 0n, biggest: [] },
  ])
})
