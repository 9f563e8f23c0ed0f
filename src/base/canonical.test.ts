import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { canonicalJson, freeze, hash32, same } from './canonical.ts'

/** Names that an object has without being given them. */
const key = fc.oneof(fc.string({ maxLength: 3 }), fc.constantFrom('toString', 'constructor', '__proto__', '10', '9'))
const data = fc
  .jsonValue({ maxDepth: 3 })
  .chain((value) => fc.dictionary(key, fc.constant(value), { maxKeys: 4 }))
  .map((value): unknown => JSON.parse(JSON.stringify(value)))

/** The same data, every object built in the reverse order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reversed(member)]),
  )
}

test('canonical JSON reads back as the value, and does not know the order of keys', () => {
  fc.assert(
    fc.property(data, (value) => {
      assert.equal(canonicalJson(reversed(value)), canonicalJson(value))
      assert.equal(canonicalJson(JSON.parse(canonicalJson(value))), canonicalJson(value))
      assert.deepEqual(JSON.parse(canonicalJson(value)), value)
    }),
    { numRuns: 500 },
  )
  assert.equal(canonicalJson({ b: 1n, a: [{ d: 1, c: undefined }] }), '{"a":[{"d":1}],"b":"1"}')
  assert.equal(canonicalJson({ b: 1, a: 2 }, 1), '{\n "a": 2,\n "b": 1\n}')
})

test('same is equality of the canonical text', () => {
  const plain = fc.oneof(data, fc.constantFrom({}, { a: 1 }, { toString: 1 }, [], [1], null, 'a', { a: undefined, b: 1 }, { b: 1 }))
  fc.assert(
    fc.property(plain, plain, (a, b) => {
      assert.equal(same(a, b), canonicalJson(a) === canonicalJson(b))
      assert.equal(same(a, b), same(b, a))
      assert.ok(same(a, reversed(a)))
    }),
    { numRuns: 1000 },
  )
})

test('same looks into Maps and Sets, and tells kinds apart', () => {
  assert.ok(same(new Map([['a', { x: [1] }]]), new Map([['a', { x: [1] }]])))
  assert.ok(!same(new Map([['a', 1]]), new Map([['b', 1]])))
  assert.ok(!same(new Map([['a', undefined]]), new Map([['b', undefined]])))
  assert.ok(same(new Set(['a', 'b']), new Set(['b', 'a'])))
  assert.ok(!same(new Set(['a']), new Set(['b'])))
  for (const [a, b] of [
    [[], {}],
    [new Map(), {}],
    [new Set(), {}],
    [new Map(), new Set()],
    [null, {}],
    ['1', 1],
    [1n, 1],
  ]) {
    assert.ok(!same(a, b))
    assert.ok(!same(b, a))
  }
  assert.ok(same(Number.NaN, Number.NaN))
})

test('freeze goes all the way down', () => {
  const value = freeze({ a: [{ b: 1 }] })
  assert.ok(Object.isFrozen(value) && Object.isFrozen(value.a) && Object.isFrozen(value.a[0]))
})

test('hash32 is FNV-1a with the finaliser of MurmurHash3, by exact arithmetic; every ledger depends on it', () => {
  const exact = (text: string) => {
    const mod = 2n ** 32n
    let hash = 2166136261n
    for (let i = 0; i < text.length; i++) hash = ((hash ^ BigInt(text.charCodeAt(i))) * 16777619n) % mod
    hash = ((hash ^ (hash >> 16n)) * 0x85ebca6bn) % mod
    hash = ((hash ^ (hash >> 13n)) * 0xc2b2ae35n) % mod
    return Number(hash ^ (hash >> 16n))
  }
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => assert.equal(hash32(text), exact(text))))
})

test('each bit of hash32 is even over keys that are alike', () => {
  const counts = Array<number>(32).fill(0)
  for (let i = 0; i < 4096; i++) for (let bit = 0; bit < 32; bit++) counts[bit]! += (hash32(`segment users-${i} v4`) >>> bit) & 1
  for (const count of counts) assert.ok(Math.abs(count - 2048) < 200, String(counts))
})
