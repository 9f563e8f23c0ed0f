/** Sets of packets as unions of boxes, exact. Values of fields are of up to 128 bits: compared word by word, and bigints at the edge only. */
import { APART, BUDGET, CONTAINS, carve, relation, rowsOf } from './carve.ts'
import type { Space } from './space.ts'
import { type Box, type Boxes, copy, exactly, order, type Point, write } from './words.ts'

export { type Box, type Boxes, boxOfPoint, type Point } from './words.ts'

/** Boxes that an answer has at most; beyond that, nobody reads them. */
export const CAP = 1000

/** All packets. */
export function everything(space: Space): Box {
  return space.all.slice()
}

/** The box of these intervals, both ends included; fields that are not named are free. Throws on an unknown field, and on an interval that is empty or not in its field. */
export function boxOf(space: Space, intervals: Readonly<Record<string, readonly [bigint | number, bigint | number]>>): Box {
  const box = everything(space)
  for (const [name, [first, last]] of Object.entries(intervals)) {
    const field = fieldOf(space, name)
    const [low, high] = [BigInt(first), BigInt(last)]
    if (low < 0n || low > high || high > highest(space, field)) throw new Error(`no interval of ${name}: ${low} to ${high}`)
    write(box, space.at[field]!, space.width[field]!, low)
    write(box, space.words + space.at[field]!, space.width[field]!, high)
  }
  return box
}

/** What both hold; undefined when that is nothing. */
export function meet(space: Space, a: Box, b: Box): Box | undefined {
  if (relation(space, a, 0, b) === APART) return undefined
  const out = a.slice()
  for (let field = 0; field < space.at.length; field++) {
    const [low, width] = [space.at[field]!, space.width[field]!]
    const high = space.words + low
    if (order(b, low, out, low, width) > 0) copy(b, low, out, low, width)
    if (order(b, high, out, high, width) < 0) copy(b, high, out, high, width)
  }
  return out
}

/** Whether `outer` holds every point of `inner`. */
export function contains(space: Space, outer: Box, inner: Box): boolean {
  return relation(space, outer, 0, inner) === CONTAINS
}

/** Whether the box holds the point. */
export function holds({ at, width, words }: Space, box: Box, point: Point): boolean {
  for (let field = 0; field < at.length; field++) {
    const low = at[field]!
    if (order(point, low, box, low, width[field]!) < 0 || order(point, low, box, words + low, width[field]!) > 0) return false
  }
  return true
}

/** The lowest point of a box. */
export function lowest(space: Space, box: Box): Point {
  return box.slice(0, space.words)
}

/** The value of a field of a point. */
// biome-ignore lint/suspicious/noShadowRestrictedNames: nobody means the global one.
export function valueOf(space: Space, point: Point, field: string): bigint {
  const index = fieldOf(space, field)
  return exactly(point, space.at[index]!, space.width[index]!)
}

/** The point with these values; fields that are not named are 0. Throws on an unknown field, and on a value that is not in its field. */
export function pointOf(space: Space, values: Readonly<Record<string, bigint | number>>): Point {
  const point: Point = space.all.slice(0, space.words).fill(0)
  for (const [name, value] of Object.entries(values)) {
    const field = fieldOf(space, name)
    const exact = BigInt(value)
    if (exact < 0n || exact > highest(space, field)) throw new Error(`no value of ${name}: ${exact}`)
    write(point, space.at[field]!, space.width[field]!, exact)
  }
  return point
}

/** The lowest and the highest value of a field in a box. */
export function intervalOf(space: Space, box: Box, field: string): readonly [bigint, bigint] {
  const index = fieldOf(space, field)
  const [at, width] = [space.at[index]!, space.width[index]!]
  return [exactly(box, at, width), exactly(box, space.words + at, width)]
}

/** Disjoint boxes of what is in `from` and not in `what`; undefined when they are more than `cap`, or too hard to find. */
export function subtract(space: Space, from: Boxes, what: Boxes, cap: number = CAP): Boxes | undefined {
  const rows = rowsOf(space, [...what, ...from])
  const out: Box[] = []
  for (const [index, box] of from.entries()) {
    const deciders = Array.from({ length: what.length + index }, (_, row) => 2 * row)
    const ending = carve(space, { box, rows, deciders, otherwise: true }, (part) => out.push(part.slice()) > cap)
    if (ending !== 'whole') return undefined
  }
  return out
}

/** What is in both; disjoint when both are. */
export function meetAll(space: Space, a: Boxes, b: Boxes): Boxes {
  const found: Box[] = []
  for (const box of a)
    for (const other of b) {
      const part = meet(space, box, other)
      if (part) found.push(part)
    }
  return found
}

/** A point of the box that none of `covers` holds; undefined when there is none, 'unknown' when that takes more than `budget` steps to find out. */
export function uncovered(space: Space, box: Box, covers: Boxes, budget: number = BUDGET): Point | undefined | 'unknown' {
  // Mostly one of them holds all of it, or none any of it.
  const meeting: Box[] = []
  for (const cover of covers) {
    const how = relation(space, cover, 0, box)
    if (how === CONTAINS) return undefined
    if (how !== APART) meeting.push(cover)
  }
  if (meeting.length === 0) return lowest(space, box)
  const rows = rowsOf(space, meeting)
  const deciders = Array.from(meeting, (_, row) => 2 * row)
  let point: Point | undefined
  const ending = carve(space, { box, rows, deciders, otherwise: true, budget }, (part) => {
    point = lowest(space, part)
    return true
  })
  return ending === 'unknown' ? ending : point
}

/** How many points disjoint boxes hold. */
export function sizeOf(space: Space, disjoint: Boxes): bigint {
  let sum = 0n
  for (const box of disjoint) {
    let product = 1n
    for (const { name } of space.fields) {
      const [first, last] = intervalOf(space, box, name)
      product *= last - first + 1n
    }
    sum += product
  }
  return sum
}

/** A point that one of them holds and the other does not; undefined when they hold the same, 'unknown' when that is too hard to find out. */
export function equal(space: Space, a: Boxes, b: Boxes): Point | undefined | 'unknown' {
  let unknown = false
  for (const [boxes, others] of [
    [a, b],
    [b, a],
  ] as const) {
    for (const box of boxes) {
      const point = uncovered(space, box, others)
      if (point === 'unknown') unknown = true
      else if (point) return point
    }
  }
  return unknown ? 'unknown' : undefined
}

function fieldOf(space: Space, name: string): number {
  const field = space.index.get(name)
  if (field === undefined) throw new Error(`no field ${name}`)
  return field
}

function highest(space: Space, field: number): bigint {
  return (1n << BigInt(space.fields[field]!.bits)) - 1n
}
