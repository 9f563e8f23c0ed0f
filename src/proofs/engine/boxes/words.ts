/** Boxes and points as words, and the arithmetic of one field in them. */

/**
 * An interval in each field: the lowest point, then the highest; both belong to it. A plain array of numbers: a typed array of more than 64 bytes, which one of IPv6 would be, lives outside of the heap in V8, and takes
 * eight times as long to make.
 */
export type Box = number[]

/** A packet: a value for each field. */
export type Point = number[]

/** Boxes and points, or many of them one after the other. */
export type Words = Uint32Array | number[]

/** A union of boxes. They may overlap where it is not said that they are disjoint. */
export type Boxes = readonly Box[]

/** Values of a word. */
const WORD = 0x1_0000_0000

/** Below zero when the field of so many words at `i` of `a` is less than the one at `j` of `b`, zero when they are equal. */
export function order(a: Words, i: number, b: Words, j: number, width: number): number {
  for (let word = 0; word < width; word++) {
    const difference = a[i + word]! - b[j + word]!
    if (difference !== 0) return difference
  }
  return 0
}

/** Copies a field. */
export function copy(from: Words, i: number, to: Words, j: number, width: number): void {
  for (let word = 0; word < width; word++) to[j + word] = from[i + word]!
}

/** One more in a field that is not the highest of its words. */
export function increment(a: Uint32Array, i: number, width: number): void {
  for (let word = width - 1; word >= 0; word--) {
    a[i + word]!++
    if (a[i + word] !== 0) return
  }
}

/** One less in a field that is not zero. */
export function decrement(a: Uint32Array, i: number, width: number): void {
  for (let word = width - 1; word >= 0; word--) {
    a[i + word]!--
    if (a[i + word] !== WORD - 1) return
  }
}

/** The value of a field, rounded where it takes more than 53 bits; never in another order than the values. */
export function approximately(a: Words, i: number, width: number): number {
  let value = 0
  for (let word = 0; word < width; word++) value = value * WORD + a[i + word]!
  return value
}

/** The value of a field. */
export function exactly(a: Words, i: number, width: number): bigint {
  let value = 0n
  for (let word = 0; word < width; word++) value = (value << 32n) | BigInt(a[i + word]!)
  return value
}

/** Writes a value into a field. */
export function write(a: Words, i: number, width: number, value: bigint): void {
  if (width === 1) {
    a[i] = Number(value)
    return
  }
  for (let word = width - 1; word >= 0; word--) {
    a[i + word] = Number(value & 0xffff_ffffn)
    value >>= 32n
  }
}

/** The box of one packet. */
export function boxOfPoint(point: Point): Box {
  return [...point, ...point]
}

/** A number that equal boxes share: FNV-1a over words (http://www.isthe.com/chongo/tech/comp/fnv/), going on from that of others. */
export function hashOf(box: Box, from = 0x811c9dc5): number {
  let hash = from
  for (let at = 0; at < box.length; at++) hash = Math.imul(hash ^ box[at]!, 0x01000193)
  return hash
}

/** Whether two boxes of a space are equal. */
export function same(a: Box, b: Box): boolean {
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false
  return true
}
