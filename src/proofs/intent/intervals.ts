/** Addresses as intervals. */
import { type Family, familyOf, prefixOf, sizeOf } from '#base/ip.ts'
import type { Interval } from '../engine/reach/kinds.ts'

export type { Interval } from '../engine/reach/kinds.ts'

/** The prefixes of a family, as intervals: those that touch are one, which is fewer boxes. */
export function intervalsOf(family: Family, prefixes: readonly string[]): readonly Interval[] {
  return joined(prefixes.filter((prefix) => familyOf(prefix) === family).map(intervalOf))
}

/** The same addresses in order, those that touch as one. */
export function joined(intervals: readonly Interval[]): readonly Interval[] {
  if (intervals.length < 2) return intervals
  const merged: Interval[] = []
  for (const [first, last] of [...intervals].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const before = merged.at(-1)
    if (!before || first > before[1] + 1n) merged.push([first, last])
    else if (last > before[1]) merged[merged.length - 1] = [before[0], last]
  }
  return merged
}

/** The addresses of a prefix, as an interval. */
export function intervalOf(prefix: string): Interval {
  const read = prefixOf(prefix)
  return [read.base, read.base + sizeOf(read) - 1n]
}

/** What intervals in order share with another one. */
export function common(sorted: readonly Interval[], [first, last]: Interval): readonly Interval[] {
  let [from, to] = [0, sorted.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if (sorted[middle]![1] < first) from = middle + 1
    else to = middle
  }
  const found: Interval[] = []
  for (let at = from; at < sorted.length && sorted[at]![0] <= last; at++) {
    const [a, b] = sorted[at]!
    found.push([a > first ? a : first, b < last ? b : last])
  }
  return found
}
