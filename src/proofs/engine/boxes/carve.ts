/**
 * The one algorithm of boxes: carves a box into parts that a list of boxes decides, first match first, and tells of those where the answer is yes.
 *
 * A part that has the same answer whatever decides it is not cut. Else one of the boxes that decide first is chosen, the one that overlaps the part most: the part is
 * cut into what that box holds, and slabs around it, which are looked at next, each with the boxes that meet it only. In the worst case this is exponential in the
 * number of fields; with rules as people write them, it is some tens of parts. There is a stack instead of recursion, so that a list of any length has room.
 */
import type { Space } from './space.ts'
import { approximately, type Box, copy, decrement, increment, order, type Words } from './words.ts'

/** Parts that are looked at before it is given up: a few hundred times what rules need that are not made to be hard. */
export const BUDGET = 50_000

/** Room for parts on the stack at first. */
const PARTS = 32

/** Boxes that the one to cut with is chosen from. The last ones: people write wide rules after narrow ones. */
const CHOICE = 32

/** What to carve. */
export interface Carving {
  readonly box: Box
  /** Boxes, one after the other. */
  readonly rows: Uint32Array
  /** The boxes that decide, first match first: twice the number of the row, plus 1 for yes. Is used up. */
  readonly deciders: number[]
  /** The answer where none of them decides. */
  readonly otherwise: boolean
  readonly budget?: number | undefined
  /** Collects rows whose boxes together decide everything, where all is decided by some. */
  readonly used?: Set<number>
}

/** How a carving ended: everything was looked at, `found` asked to stop, or the budget was used up. */
export type Ending = 'whole' | 'stopped' | 'unknown'

/** Calls `found` with disjoint parts of the box that together hold exactly the points with the answer yes; each is overwritten after the call. Stops when it returns true. */
export function carve(space: Space, { box, rows, deciders, otherwise, budget = BUDGET, used }: Carving, found: (part: Box) => boolean): Ending {
  const { at, width, words } = space
  const stride = 2 * words
  const here = box.slice()
  // Parts still to look at, and where their deciders are in the array of deciders. Those of a part lie after those of the part it was cut from, so what lies after
  // those of the part on top is free.
  let parts = new Uint32Array(PARTS * stride)
  const from = [0]
  const to = [deciders.length]
  parts.set(box)
  for (let depth = 1, seen = 0; depth > 0; seen++) {
    if (seen === budget) return 'unknown'
    depth--
    for (let word = 0, part = depth * stride; word < stride; word++) here[word] = parts[part + word]!
    const begin = to[depth]!
    let last = otherwise ? 1 : 0
    let lastRow = -1
    deciders.length = begin
    for (let k = from[depth]!; k < begin; k++) {
      const decider = deciders[k]!
      const how = relation(space, rows, (decider >> 1) * stride, here)
      if (how === MEETS) deciders.push(decider)
      else if (how === CONTAINS) {
        last = decider & 1
        lastRow = decider >> 1
        break
      }
    }
    let end = deciders.length
    while (end > begin && (deciders[end - 1]! & 1) === last) end--
    if (end === begin) {
      if (lastRow >= 0) used?.add(lastRow)
      if (last === 1 && found(here)) return 'stopped'
      continue
    }

    const answer = deciders[begin]! & 1
    let most = -1
    let cutter = 0
    let run = begin
    while (run < end && (deciders[run]! & 1) === answer) run++
    for (let k = Math.max(begin, run - CHOICE); k < run; k++) {
      const size = overlap(space, rows, (deciders[k]! >> 1) * stride, here)
      if (size > most) {
        most = size
        cutter = deciders[k]! >> 1
      }
    }
    used?.add(cutter)
    // The one that decides what is left does so in the slabs as well.
    if (lastRow >= 0) deciders[end++] = 2 * lastRow + last
    if ((depth + 2 * at.length) * stride > parts.length) parts = grown(parts, 2 * at.length * stride)
    const row = cutter * stride
    for (let field = 0; field < at.length; field++) {
      const low = at[field]!
      const high = words + low
      const size = width[field]!
      if (order(here, low, rows, row + low, size) < 0) {
        const part = depth * stride
        for (let word = 0; word < stride; word++) parts[part + word] = here[word]!
        copy(rows, row + low, parts, part + high, size)
        decrement(parts, part + high, size)
        copy(rows, row + low, here, low, size)
        from[depth] = begin
        to[depth++] = end
      }
      if (order(here, high, rows, row + high, size) > 0) {
        const part = depth * stride
        for (let word = 0; word < stride; word++) parts[part + word] = here[word]!
        copy(rows, row + high, parts, part + low, size)
        increment(parts, part + low, size)
        copy(rows, row + high, here, high, size)
        from[depth] = begin
        to[depth++] = end
      }
    }
    if (answer === 1 && found(here)) return 'stopped'
  }
  return 'whole'
}

/** Boxes one after the other. */
export function rowsOf(space: Space, boxes: readonly Box[]): Uint32Array {
  const rows = new Uint32Array(boxes.length * 2 * space.words)
  for (let index = 0; index < boxes.length; index++) rows.set(boxes[index]!, index * 2 * space.words)
  return rows
}

/** How a box lies to another one. */
export const APART = 0
export const MEETS = 1
export const CONTAINS = 2

/** How the box at `row` of the rows lies to `box`. */
export function relation({ at, width, words }: Space, rows: Words, row: number, box: Box): number {
  let inside = true
  for (let field = 0; field < at.length; field++) {
    const low = at[field]!
    const high = words + low
    const size = width[field]!
    if (size === 1) {
      const first = rows[row + low]!
      const last = rows[row + high]!
      const boxFirst = box[low]!
      const boxLast = box[high]!
      if (first > boxLast || last < boxFirst) return APART
      inside &&= first <= boxFirst && last >= boxLast
    } else {
      if (order(rows, row + low, box, high, size) > 0 || order(rows, row + high, box, low, size) < 0) return APART
      inside &&= order(rows, row + low, box, low, size) <= 0 && order(rows, row + high, box, high, size) >= 0
    }
  }
  return inside ? CONTAINS : MEETS
}

/** About how many points the box at `row` shares with `box`, which it meets. */
function overlap({ at, width, words }: Space, rows: Uint32Array, row: number, box: Box): number {
  let product = 1
  for (let field = 0; field < at.length; field++) {
    const low = at[field]!
    const high = words + low
    const size = width[field]!
    const first = Math.max(approximately(rows, row + low, size), approximately(box, low, size))
    const last = Math.min(approximately(rows, row + high, size), approximately(box, high, size))
    product *= last - first + 1
  }
  return product
}

function grown(parts: Uint32Array, more: number): Uint32Array<ArrayBuffer> {
  const out = new Uint32Array(2 * parts.length + more)
  out.set(parts)
  return out
}
