/** Finds the rules of a long list that may meet a box: a column of numbers for each end of each field, looked through one field after the other. */
import { rowsOf } from './carve.ts'
import type { Space } from './space.ts'
import { approximately, type Box } from './words.ts'

/** A rule: what it matches, and what happens to that. */
export interface BoxRule {
  readonly box: Box
  readonly accept: boolean
}

/** The rules of a list, to be looked through. */
export interface RuleIndex {
  /** Their boxes, one after the other. */
  readonly rows: Uint32Array
  /** Which of them accept. */
  readonly accept: Uint8Array
  /** The field that tells most boxes apart first. */
  readonly columns: readonly Column[]
  /** What was found last. */
  readonly found: Int32Array
}

/** A field of all boxes. */
interface Column {
  readonly field: number
  readonly low: Float64Array
  readonly high: Float64Array
}

/** Rules of which each is compared with each, to find out which field tells most apart. */
const SAMPLE = 64

/** An index of rules. */
export function ruleIndexOf(space: Space, rules: readonly BoxRule[]): RuleIndex {
  const boxes = rules.map(({ box }) => box)
  const columns = space.at.map((at, field) => {
    const low = new Float64Array(rules.length)
    const high = new Float64Array(rules.length)
    for (let row = 0; row < rules.length; row++) {
      low[row] = approximately(boxes[row]!, at, space.width[field]!)
      high[row] = approximately(boxes[row]!, space.words + at, space.width[field]!)
    }
    return { field, low, high }
  })
  const meetings = columns.map(meetingsOf)
  columns.sort((a, b) => meetings[a.field]! - meetings[b.field]!)
  return { rows: rowsOf(space, boxes), accept: Uint8Array.from(rules, ({ accept }) => Number(accept)), columns, found: new Int32Array(rules.length) }
}

/** Never finds the rule again. */
export function forget({ columns }: RuleIndex, row: number): void {
  columns[0]!.low[row] = Number.POSITIVE_INFINITY
}

/**
 * Adds the rules from number `from` up to, not including, `end` that meet the box, and perhaps others that come close to it, to those that decide in a carving. The answer
 * of each is no; or, when there is a `verdict`, yes for those that have another one.
 */
export function addDeciders(deciders: number[], space: Space, index: RuleIndex, box: Box, from: number, end: number, verdict?: boolean): number[] {
  const { found, accept } = index
  const count = search(space, index, box, from, end)
  const same = Number(verdict)
  for (let k = 0; k < count; k++) {
    const row = found[k]!
    deciders.push(2 * row + (verdict === undefined ? 0 : accept[row]! ^ same))
  }
  return deciders
}

/** Rules that may meet the box go to the front of `found`, in their order. Returns how many they are. */
function search(space: Space, { columns, found }: RuleIndex, box: Box, from: number, end: number): number {
  let count = -1
  for (const { field, low, high } of columns) {
    const at = space.at[field]!
    const first = approximately(box, at, space.width[field]!)
    const last = approximately(box, space.words + at, space.width[field]!)
    let kept = 0
    // Each is written, and the place moves on past those that stay: there is no jump to mispredict.
    if (count < 0) {
      for (let row = from; row < end; row++) {
        found[kept] = row
        kept += Number(low[row]! <= last) & Number(high[row]! >= first)
      }
    } else {
      for (let k = 0; k < count; k++) {
        const row = found[k]!
        found[kept] = row
        kept += Number(low[row]! <= last) & Number(high[row]! >= first)
      }
    }
    count = kept
  }
  return Math.max(count, 0)
}

/** How many of a sample's pairs meet in a field. */
function meetingsOf({ low, high }: Column): number {
  const step = Math.max(1, Math.floor(low.length / SAMPLE))
  let meetings = 0
  for (let a = 0; a < low.length; a += step) for (let b = 0; b < a; b += step) if (low[a]! <= high[b]! && low[b]! <= high[a]!) meetings++
  return meetings
}
