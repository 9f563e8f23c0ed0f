import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  type Box,
  type Boxes,
  boxOf,
  contains,
  equal,
  everything,
  holds,
  intervalOf,
  lowest,
  meet,
  meetAll,
  type Point,
  pointOf,
  sizeOf,
  subtract,
  uncovered,
  // biome-ignore lint/suspicious/noShadowRestrictedNames: nobody means the global one.
  valueOf,
} from './boxes.ts'
import { type Space, spaceOf } from './space.ts'
import { LARGE, nearby, PACKETS, SMALL, someBox, someBoxes } from './universe.test.ts'

const held = (space: Space, boxes: Boxes, point: Point) => boxes.filter((box) => holds(space, box, point)).length

describe('boxes', () => {
  test('are of intervals, and of everything where nothing is said', () => {
    const box = boxOf(LARGE, { wide: [1n << 64n, (1n << 64n) + 5n], long: [7, 0xffff_ffff] })
    assert.deepEqual(intervalOf(LARGE, box, 'wide'), [1n << 64n, (1n << 64n) + 5n])
    assert.deepEqual(intervalOf(LARGE, box, 'long'), [7n, 0xffff_ffffn])
    assert.deepEqual(intervalOf(LARGE, box, 'odd'), [0n, (1n << 40n) - 1n])
    assert.equal(sizeOf(LARGE, [everything(LARGE)]), 1n << (128n + 32n + 40n))
  })

  test('refuse what is in no packet', () => {
    assert.throws(() => boxOf(LARGE, { odd: [0n, 1n << 40n] }), /no interval of odd/)
    assert.throws(() => boxOf(LARGE, { odd: [5, 4] }), /no interval of odd/)
    assert.throws(() => boxOf(LARGE, { odd: [-1, 4] }), /no interval of odd/)
    assert.throws(() => boxOf(LARGE, { colour: [0, 0] }), /no field colour/)
    assert.throws(() => pointOf(LARGE, { odd: 1n << 40n }), /no value of odd/)
    assert.throws(() => pointOf(LARGE, { colour: 1 }), /no field colour/)
    assert.throws(() => valueOf(LARGE, pointOf(LARGE, {}), 'colour'), /no field colour/)
  })

  test('hold both of their ends and nothing beyond, across words', () => {
    const edges = [1n, 0xffff_ffffn, 1n << 32n, (1n << 64n) - 1n, 1n << 64n, (1n << 96n) - 1n, 1n << 96n, (1n << 128n) - 2n]
    for (const low of edges) {
      for (const high of edges.filter((high) => high >= low)) {
        const box = boxOf(LARGE, { wide: [low, high] })
        for (const [value, inside] of [
          [low, true],
          [high, true],
          [low - 1n, false],
          [high + 1n, false],
        ] as const) {
          assert.equal(holds(LARGE, box, pointOf(LARGE, { wide: value })), inside, `${low} to ${high}: ${value}`)
        }
        const outside = subtract(LARGE, [everything(LARGE)], [box])!
        assert.deepEqual(
          outside.map((part) => intervalOf(LARGE, part, 'wide')).sort((a, b) => (a[0] < b[0] ? -1 : 1)),
          [
            [0n, low - 1n],
            [high + 1n, (1n << 128n) - 1n],
          ],
        )
      }
    }
  })

  test('a value comes back from a point', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }), fc.bigInt({ min: 0n, max: (1n << 40n) - 1n }), (wide, odd) => {
        const point = pointOf(LARGE, { wide, odd })
        assert.deepEqual([valueOf(LARGE, point, 'wide'), valueOf(LARGE, point, 'odd'), valueOf(LARGE, point, 'long')], [wide, odd, 0n])
      }),
    )
  })
})

describe('of all packets of a small space', () => {
  test('meet and contains', () => {
    fc.assert(
      fc.property(someBox(SMALL), someBox(SMALL), (a, b) => {
        const both = meet(SMALL, a, b)
        for (const point of PACKETS) assert.equal(both !== undefined && holds(SMALL, both, point), holds(SMALL, a, point) && holds(SMALL, b, point))
        assert.equal(
          contains(SMALL, a, b),
          PACKETS.every((point) => !holds(SMALL, b, point) || holds(SMALL, a, point)),
        )
      }),
    )
  })

  test('subtract leaves exactly what is to be left, each packet once', () => {
    fc.assert(
      fc.property(someBoxes(SMALL), someBoxes(SMALL), (from, what) => {
        const left = subtract(SMALL, from, what)!
        for (const point of PACKETS) assert.equal(held(SMALL, left, point), held(SMALL, from, point) > 0 && held(SMALL, what, point) === 0 ? 1 : 0)
        assert.equal(sizeOf(SMALL, left), BigInt(PACKETS.filter((point) => held(SMALL, left, point) > 0).length))
      }),
    )
  })

  test('meetAll', () => {
    fc.assert(
      fc.property(someBoxes(SMALL), someBoxes(SMALL), (a, b) => {
        const both = meetAll(SMALL, a, b)
        for (const point of PACKETS) assert.equal(held(SMALL, both, point) > 0, held(SMALL, a, point) > 0 && held(SMALL, b, point) > 0)
      }),
    )
  })

  test('uncovered finds a packet exactly when there is one', () => {
    fc.assert(
      fc.property(someBox(SMALL), someBoxes(SMALL), (box, covers) => {
        const found = uncovered(SMALL, box, covers)
        const open = PACKETS.filter((point) => holds(SMALL, box, point) && held(SMALL, covers, point) === 0)
        if (open.length === 0) assert.equal(found, undefined)
        else assert.ok(open.some((point) => point.join() === String(found)))
      }),
    )
  })

  test('equal finds a difference exactly when there is one', () => {
    fc.assert(
      fc.property(someBoxes(SMALL), someBoxes(SMALL), (a, b) => {
        const same = subtract(SMALL, a, [])!
        assert.equal(equal(SMALL, a, same), undefined)
        const found = equal(SMALL, a, b)
        const differs = (point: Point) => held(SMALL, a, point) > 0 !== held(SMALL, b, point) > 0
        if (found === undefined) assert.ok(!PACKETS.some(differs))
        else assert.ok(found !== 'unknown' && differs(found))
      }),
    )
  })
})

describe('of fields of 32, 40 and 128 bits', () => {
  test('subtract and uncovered are right at every corner', () => {
    fc.assert(
      fc.property(someBoxes(LARGE), someBoxes(LARGE), (from, what) => {
        const left = subtract(LARGE, from, what)!
        for (const point of nearby(LARGE, [...from, ...what])) {
          assert.equal(held(LARGE, left, point), held(LARGE, from, point) > 0 && held(LARGE, what, point) === 0 ? 1 : 0)
        }
        for (const box of from) {
          const found = uncovered(LARGE, box, what)
          assert.equal(found === undefined, subtract(LARGE, [box], what)!.length === 0)
          if (found) assert.ok(found !== 'unknown' && holds(LARGE, box, found) && held(LARGE, what, found) === 0)
        }
        assert.equal(equal(LARGE, from, [...left, ...meetAll(LARGE, from, what)]), undefined)
      }),
      { numRuns: 50 },
    )
  })

  test('what is taken away in two halves that meet where a word ends is gone', () => {
    for (const end of [32n, 64n, 96n]) {
      const halves: Box[] = [boxOf(LARGE, { wide: [0n, (1n << end) - 1n] }), boxOf(LARGE, { wide: [1n << end, (1n << 128n) - 1n] })]
      assert.equal(uncovered(LARGE, everything(LARGE), halves), undefined)
      const gap = boxOf(LARGE, { wide: [(1n << end) + 1n, (1n << 128n) - 1n] })
      assert.deepEqual(uncovered(LARGE, everything(LARGE), [halves[0]!, gap]), pointOf(LARGE, { wide: 1n << end }))
    }
  })
})

describe('caps', () => {
  const space = spaceOf([{ name: 'x', bits: 16 }])
  const even = (count: number) => Array.from({ length: count }, (_, index) => boxOf(space, { x: [2 * index, 2 * index] }))

  test('subtract gives as many boxes as the cap, and nothing when there were more', () => {
    assert.equal(subtract(space, [everything(space)], even(10), 10)?.length, 10)
    assert.equal(subtract(space, [everything(space)], even(10), 9), undefined)
    assert.equal(subtract(space, [everything(space)], even(1001)), undefined)
  })

  test('a list of any length fits', () => {
    const left = subtract(space, [everything(space)], even(3000), 3000)!
    assert.equal(sizeOf(space, left), 65_536n - 3000n)
  })

  test('uncovered gives up past its budget, and not before', () => {
    const covers = [boxOf(space, { x: [0, 10] }), boxOf(space, { x: [11, 65_535] })]
    assert.equal(uncovered(space, everything(space), covers, 1), 'unknown')
    assert.equal(uncovered(space, everything(space), covers, 2), undefined)
    assert.deepEqual(uncovered(space, everything(space), [], 1), lowest(space, everything(space)))
  })
})
