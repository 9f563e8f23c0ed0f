/** Spaces, packets and boxes for the tests of boxes. There are no tests in here: it is named as one since what tests use is no part of the program. */
import fc from 'fast-check'
import { type Box, boxOf, intervalOf, type Point, pointOf } from './boxes.ts'
import { type Space, spaceOf } from './space.ts'

/** So small that all of its packets can be looked at. */
export const SMALL = spaceOf([
  { name: 'a', bits: 3 },
  { name: 'b', bits: 3 },
  { name: 'c', bits: 2 },
])

/** Fields of one word, of several, and of some that are not filled. */
export const LARGE = spaceOf([
  { name: 'wide', bits: 128 },
  { name: 'long', bits: 32 },
  { name: 'odd', bits: 40 },
])

/** All packets of the small space. */
export const PACKETS: readonly Point[] = Array.from({ length: 256 }, (_, index) => pointOf(SMALL, { a: index >> 5, b: (index >> 2) & 7, c: index & 3 }))

/** A box whose ends are often those of words, of the field, or of another box. */
export function someBox(space: Space): fc.Arbitrary<Box> {
  const intervals = space.fields.map(({ bits }) => {
    const end = (1n << BigInt(bits)) - 1n
    const edges = [0n, 1n, 0xffff_ffffn, 1n << 32n, (1n << 32n) + 1n, (1n << 64n) - 1n, 1n << 64n, (1n << 96n) - 1n, 1n << 96n, end - 1n, end]
    const value = bits < 32 ? fc.bigInt({ min: 0n, max: end }) : fc.constantFrom(...edges.filter((edge) => edge <= end))
    return fc.tuple(value, value).map(([x, y]) => (x < y ? [x, y] : [y, x]) as [bigint, bigint])
  })
  return fc.tuple(...intervals).map((chosen) => boxOf(space, Object.fromEntries(space.fields.map(({ name }, field) => [name, chosen[field]!]))))
}

/** Some boxes. */
export function someBoxes(space: Space): fc.Arbitrary<Box[]> {
  return fc.array(someBox(space), { maxLength: 6 })
}

/** Packets at the corners of the boxes, and one beside them. */
export function nearby(space: Space, boxes: readonly Box[]): Point[] {
  return boxes.flatMap((box) => {
    let points: Record<string, bigint>[] = [{}]
    for (const { name, bits } of space.fields) {
      const [low, high] = intervalOf(space, box, name)
      const values = [low - 1n, low, high, high + 1n].filter((value) => value >= 0n && value < 1n << BigInt(bits))
      points = points.flatMap((point) => values.map((value) => ({ ...point, [name]: value })))
    }
    return points.map((point) => pointOf(space, point))
  })
}
