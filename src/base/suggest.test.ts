import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { suggest } from './suggest.ts'

/** Optimal string alignment by its definition. */
function distance(a: string, b: string): number {
  if (a === '' || b === '') return a.length + b.length
  const swap =
    a.length > 1 && b.length > 1 && a.at(-1) === b.at(-2) && a.at(-2) === b.at(-1) ? distance(a.slice(0, -2), b.slice(0, -2)) + 1 : Number.POSITIVE_INFINITY
  return Math.min(
    distance(a.slice(0, -1), b) + 1,
    distance(a, b.slice(0, -1)) + 1,
    distance(a.slice(0, -1), b.slice(0, -1)) + (a.at(-1) === b.at(-1) ? 0 : 1),
    swap,
  )
}

test('the nearest name within the limit, by the definition of the distance', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'C', '-'), maxLength: 6 })
  fc.assert(
    fc.property(word, fc.array(word, { maxLength: 5 }), (value, allowed) => {
      const limit = Math.min(3, Math.max(1, Math.floor(value.length / 3)))
      const distances = allowed.map((name) => distance(value.toLowerCase(), name.toLowerCase()))
      const least = Math.min(...distances)
      assert.equal(suggest(value, allowed), least <= limit ? allowed[distances.indexOf(least)] : undefined)
    }),
    { numRuns: 300 },
  )
})

test('as people mistype', () => {
  const allowed = ['bandwidth', 'carrier', 'circuits', 'seats']
  assert.equal(suggest('bandwith', allowed), 'bandwidth')
  assert.equal(suggest('Circiuts', allowed), 'circuits')
  assert.equal(suggest('sets', allowed), 'seats')
  assert.equal(suggest('floors', allowed), undefined)
  assert.equal(suggest('x', []), undefined)
})
