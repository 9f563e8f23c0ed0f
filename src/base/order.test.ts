import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { byCodeUnit, byName, sortedBy } from './order.ts'

const names = fc.oneof(
  fc.string(),
  fc
    .array(fc.constantFrom('leaf', '-', '0', '00', '1', '01', '10', '9', '9007199254740993', '9007199254740992', '/', 'z'), { maxLength: 6 })
    .map((parts) => parts.join('')),
)

test('both orders are total: antisymmetric, transitive, equal only for equal strings', () => {
  for (const order of [byCodeUnit, byName]) {
    fc.assert(
      fc.property(names, names, names, (a, b, c) => {
        assert.equal(Math.sign(order(a, b)) + Math.sign(order(b, a)), 0)
        assert.equal(order(a, b) === 0, a === b)
        const [x, y, z] = [a, b, c].sort(order) as [string, string, string]
        assert.ok(order(x, y) <= 0 && order(y, z) <= 0 && order(x, z) <= 0)
      }),
      { numRuns: 2000 },
    )
  }
})

test('byCodeUnit is the default order of sort', () => {
  fc.assert(fc.property(fc.array(fc.string({ unit: 'grapheme' })), (list) => assert.deepEqual([...list].sort(byCodeUnit), [...list].sort())))
})

test('runs of digits compare as numbers of any length', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 400n }), fc.bigInt({ min: 0n, max: 10n ** 400n }), (a, b) => {
      assert.equal(Math.sign(byName(`leaf-${a}-x`, `leaf-${b}-x`)), a < b ? -1 : a > b ? 1 : 0)
    }),
  )
  assert.deepEqual(['leaf-10', 'leaf-2', 'leaf-02', 'leaf', 'leaf-2-a', 'leaf-1'].sort(byName), ['leaf', 'leaf-1', 'leaf-02', 'leaf-2', 'leaf-2-a', 'leaf-10'])
})

test('sortedBy copies', () => {
  const items = [{ name: 'b10' }, { name: 'b9' }]
  assert.deepEqual(
    sortedBy(new Set(items), ({ name }) => name),
    [{ name: 'b9' }, { name: 'b10' }],
  )
  assert.equal(items[0]!.name, 'b10')
})
