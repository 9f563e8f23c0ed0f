/** Packets: boxes, as the first and the last value of source, destination, protocol, source port, destination port and type. Addresses are numbers of atoms. */

export type Box = readonly number[]

/** Where fields begin in a box. */
export const DESTINATION = 2
export const PROTOCOL = 4

/** The end of the values of each field behind addresses. */
export const ENDS = [256, 65_536, 65_536, 256]

export function meet(a: Box, b: Box): Box | undefined {
  const found: number[] = []
  for (let at = 0; at < a.length; at += 2) {
    const [first, last] = [Math.max(a[at]!, b[at]!), Math.min(a[at + 1]!, b[at + 1]!)]
    if (first > last) return undefined
    found.push(first, last)
  }
  return found
}

function contains(outer: Box, inner: Box): boolean {
  for (let at = 0; at < outer.length; at += 2) if (outer[at]! > inner[at]! || outer[at + 1]! < inner[at + 1]!) return false
  return true
}

/** What of a box none of the others holds, as boxes: around each of them what is left is cut into slabs, a field after the other. */
function outsideOf(box: Box, others: readonly Box[]): readonly Box[] {
  if (others.some((other) => contains(other, box))) return []
  let left: readonly Box[] = [box]
  for (const other of others) {
    if (left.length === 0) break
    left = left.flatMap((part) => (meet(part, other) ? slabs(part, other) : [part]))
  }
  return left
}

function slabs(box: Box, hole: Box): readonly Box[] {
  const found: (readonly number[])[] = []
  const inner: number[] = [...box]
  for (let at = 0; at < box.length; at += 2) {
    if (inner[at]! < hole[at]!) {
      found.push(inner.with(at + 1, hole[at]! - 1))
      inner[at] = hole[at]!
    }
    if (inner[at + 1]! > hole[at + 1]!) {
      found.push(inner.with(at, hole[at + 1]! + 1))
      inner[at + 1] = hole[at + 1]!
    }
  }
  return found
}

/** Boxes in order of destination, of which those are found that may meet destinations from one to another. */
export type Near = (first: number, last: number) => readonly Box[]

export function nearOf(boxes: readonly Box[]): Near {
  const sorted = [...boxes].sort((a, b) => a[DESTINATION]! - b[DESTINATION]!)
  let highest = -1
  const reach = sorted.map((box) => {
    highest = Math.max(highest, box[DESTINATION + 1]!)
    return highest
  })
  return (first, last) => {
    let [from, end] = [0, sorted.length]
    while (from < end) {
      const middle = (from + end) >> 1
      if (sorted[middle]![DESTINATION]! <= last) from = middle + 1
      else end = middle
    }
    const found: Box[] = []
    for (let at = from - 1; at >= 0 && reach[at]! >= first; at--) if (sorted[at]![DESTINATION + 1]! >= first) found.push(sorted[at]!)
    return found
  }
}

export function meetingOf(boxes: readonly Box[], others: Near): readonly Box[] {
  const found: Box[] = []
  for (const box of boxes)
    for (const other of others(box[DESTINATION]!, box[DESTINATION + 1]!)) {
      const part = meet(box, other)
      if (part) found.push(part)
    }
  return found
}

export function missingOf(boxes: readonly Box[], others: Near): readonly Box[] {
  return boxes.flatMap((box) => outsideOf(box, others(box[DESTINATION]!, box[DESTINATION + 1]!)))
}

export type Interval = readonly number[]

/** What intervals have in common, in order and apart from each other. */
export function common(some: readonly Interval[], others: readonly Interval[]): readonly Interval[] {
  const met = some.flatMap(([a, b]) => others.flatMap(([first, last]) => (first! <= b! && a! <= last! ? [[Math.max(a!, first!), Math.min(b!, last!)]] : [])))
  const joined: number[][] = []
  for (const [first, last] of met.sort(([a], [b]) => a! - b!)) {
    const before = joined.at(-1)
    if (before && first! <= before[1]! + 1) before[1] = Math.max(before[1]!, last!)
    else joined.push([first!, last!])
  }
  return joined
}
