import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { PACKETS } from '../packet.ts'
import { boxOf, equal, intervalOf } from './boxes.ts'
import { coalesce } from './coalesce.ts'
import { spaceOf } from './space.ts'
import { someBoxes } from './universe.test.ts'

const small = spaceOf([
  { name: 'a', bits: 3 },
  { name: 'b', bits: 3 },
  { name: 'c', bits: 2 },
])

test('joined boxes hold what they held, and are no more', () => {
  const property = fc.property(someBoxes(small), (boxes) => {
    const joined = coalesce(small, boxes)
    assert.equal(equal(small, boxes, joined), undefined)
    assert(joined.length <= boxes.length)
  })
  fc.assert(property)
})

test('prefixes that touch are one interval, across words too', () => {
  const half = (first: bigint, last: bigint) => boxOf(PACKETS[6], { source: [first, last], destinationPort: [443, 443] })
  const joined = coalesce(PACKETS[6], [half(1n << 96n, (2n << 96n) - 1n), half(2n << 96n, (3n << 96n) - 1n), half(4n << 96n, 4n << 96n)])
  assert.deepEqual(
    joined.map((box) => intervalOf(PACKETS[6], box, 'source')),
    [
      [1n << 96n, (3n << 96n) - 1n],
      [4n << 96n, 4n << 96n],
    ],
  )
})
