/** Boxes in order of one field, so that those which may meet a box are found without asking all. */
import { contains, meet, type Point, uncovered } from './boxes.ts'
import type { Space } from './space.ts'
import { approximately, type Box, type Boxes } from './words.ts'

/** Boxes, each with something that it stands for. */
export interface Near<T> {
  /** Those that may meet the box: none that does is left out. */
  meeting(box: Box): readonly Entry<T>[]
}

/** A box and what it stands for. */
export interface Entry<T> {
  readonly box: Box
  readonly of: T
}

/**
 * An index over destinations. Among those that are near in it, sources tell apart: a filter in front of a service has the same destination for each of all who call it. Bounds are compared as floating-point numbers,
 * which order never inverts.
 */
export function near<T>(space: Space, entries: readonly Entry<T>[]): Near<T> {
  const boundsOf = (field: string) => {
    const index = space.index.get(field)!
    const [at, width] = [space.at[index]!, space.width[index]!]
    return { low: (box: Box) => approximately(box, at, width), high: (box: Box) => approximately(box, space.words + at, width) }
  }
  const [destination, source] = [boundsOf('destination'), boundsOf('source')]
  const sorted = entries.map((entry) => ({ entry, low: destination.low(entry.box) })).sort((a, b) => a.low - b.low)
  const lows = Float64Array.from(sorted, ({ low }) => low)
  const highs = Float64Array.from(sorted, ({ entry }) => destination.high(entry.box))
  const sourceLows = Float64Array.from(sorted, ({ entry }) => source.low(entry.box))
  const sourceHighs = Float64Array.from(sorted, ({ entry }) => source.high(entry.box))
  /** The highest that any box up to here reaches. */
  const reach = new Float64Array(sorted.length)
  for (let at = 0; at < sorted.length; at++) reach[at] = at === 0 ? highs[0]! : Math.max(reach[at - 1]!, highs[at]!)
  return {
    meeting: (box) => {
      const [first, last] = [destination.low(box), destination.high(box)]
      const [from, to] = [source.low(box), source.high(box)]
      let [begin, end] = [0, lows.length]
      while (begin < end) {
        const middle = (begin + end) >> 1
        if (lows[middle]! <= last) begin = middle + 1
        else end = middle
      }
      const found: Entry<T>[] = []
      for (let at = begin - 1; at >= 0 && reach[at]! >= first; at--)
        if (highs[at]! >= first && sourceLows[at]! <= to && sourceHighs[at]! >= from) found.push(sorted[at]!.entry)
      return found
    },
  }
}

/** Indexes over destinations that were made for a union; unions are not changed. */
const KNOWN = new WeakMap<Boxes, Near<undefined>>()

/** The index of a union over its destinations, made once. */
export function byDestination(space: Space, boxes: Boxes): Near<undefined> {
  const known = KNOWN.get(boxes) ?? near(space, plain(boxes))
  KNOWN.set(boxes, known)
  return known
}

/** What a union has in common with an indexed one; a box that is in one of its boxes whole is given back as it is. */
export function meetNear(space: Space, boxes: Boxes, others: Near<undefined>): Boxes {
  const found: Box[] = []
  for (const box of boxes) {
    for (const { box: other } of others.meeting(box)) {
      const part = contains(space, other, box) ? box : meet(space, box, other)
      if (part) found.push(part)
      if (part === box) break
    }
  }
  return found
}

/** The boxes of a union, as entries that stand for nothing. */
export function plain(boxes: Boxes): readonly Entry<undefined>[] {
  return boxes.map((box) => ({ box, of: undefined }))
}

/** A point of the box that none of an indexed union holds; undefined when there is none, 'unknown' when that is too hard to find out. */
export function uncoveredBy(space: Space, box: Box, others: Near<undefined>): Point | undefined | 'unknown' {
  return uncovered(
    space,
    box,
    others.meeting(box).map((entry) => entry.box),
  )
}
