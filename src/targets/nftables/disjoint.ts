/**
 * Boxes of a prefix and a range of numbers, made disjoint. nftables refuses overlapping elements in one set, and its own merging (`auto-merge`) exists for plain
 * sets only and would lose why each element is there.
 */
import { comparePrefixes, contains, type Prefix } from '#base/ip.ts'
import type { Why } from '#base/place.ts'

/** A prefix with a range of numbers, both ends included (ports of a protocol as one number; 0 to 0 where only the prefix counts). */
export interface Box {
  readonly prefix: Prefix
  readonly first: number
  readonly last: number
  readonly why: Why
}

interface Range {
  readonly first: number
  readonly last: number
  /** Of each box that it is made of. Grows: a claim that another one covers leaves its why there. */
  readonly whys: Why[]
}

/**
 * Disjoint boxes that hold exactly what the given ones hold, sorted by prefix and first number. Prefixes are never split: one prefix's overlapping ranges become
 * one range, and what a wider prefix holds already is taken out of the narrower one. Each box has the whys of every given box that it holds a part of.
 */
export function disjoint(boxes: readonly Box[]): Box[] {
  if (boxes.length < 2) return [...boxes]
  const sorted = [...boxes].sort((a, b) => comparePrefixes(a.prefix, b.prefix) || a.first - b.first)
  const out: { readonly prefix: Prefix; readonly ranges: readonly Range[] }[] = []
  const around: (typeof out)[number][] = []
  for (let at = 0; at < sorted.length; ) {
    const { prefix } = sorted[at]!
    let end = at
    while (end < sorted.length && comparePrefixes(sorted[end]!.prefix, prefix) === 0) end++
    while (around.length > 0 && !contains(around[around.length - 1]!.prefix, prefix)) around.pop()
    let ranges = merge(sorted.slice(at, end))
    for (const wider of around) ranges = ranges.flatMap((range) => without(range, wider.ranges))
    if (ranges.length > 0) {
      const group = { prefix, ranges }
      out.push(group)
      around.push(group)
    }
    at = end
  }
  return out.flatMap(({ prefix, ranges }) =>
    ranges.map(({ first, last, whys }) => ({ prefix, first, last, why: whys.length === 1 ? whys[0]! : [...new Set(whys.flat())] })),
  )
}

/** Overlapping ranges as one; ranges that only touch stay apart, so that each keeps its own why. Sorted by first in and out. */
function merge(boxes: readonly Box[]): Range[] {
  const out: { first: number; last: number; whys: Why[] }[] = []
  for (const { first, last, why } of boxes) {
    const top = out[out.length - 1]
    if (top && first <= top.last) {
      top.last = Math.max(top.last, last)
      top.whys.push(why)
    } else out.push({ first, last, whys: [why] })
  }
  return out
}

/** What of the range none of `others` (disjoint and sorted) holds; those that hold a part of it take over its why. */
function without(range: Range, others: readonly Range[]): Range[] {
  const out: Range[] = []
  let { first } = range
  for (const other of others) {
    if (other.last < first || other.first > range.last) continue
    other.whys.push(...range.whys)
    if (first < other.first) out.push({ first, last: other.first - 1, whys: [...range.whys] })
    first = other.last + 1
  }
  if (first <= range.last) out.push({ first, last: range.last, whys: [...range.whys] })
  return out
}
