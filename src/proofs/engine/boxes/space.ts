/** The fields of packets that boxes have an interval in. */

import type { Box } from './words.ts'

/** A field: an unsigned number of so many bits. */
export interface Field {
  readonly name: string
  readonly bits: number
}

/** Fields in the order in which points and boxes hold them, each in as many 32-bit words as it takes, the most significant word first. */
export interface Space {
  readonly fields: readonly Field[]
  /** Where each field begins in a point, in words, and how many it has. */
  readonly at: readonly number[]
  readonly width: readonly number[]
  /** Words of a point; a box has twice as many: its lowest point, then its highest. */
  readonly words: number
  /** The box of all points. */
  readonly all: Box
  /** Fields by name. */
  readonly index: ReadonlyMap<string, number>
}

/** A space of these fields. */
export function spaceOf(fields: readonly Field[]): Space {
  const width = fields.map(({ bits }) => Math.ceil(bits / 32))
  const at = width.map((_, index) => width.slice(0, index).reduce((sum, words) => sum + words, 0))
  const words = width.reduce((sum, words) => sum + words, 0)
  const all: Box = Array.from({ length: 2 * words }, () => 0)
  // The most significant word of a field may not be used in full.
  for (const [field, { bits }] of fields.entries())
    for (let word = 0; word < width[field]!; word++) all[words + at[field]! + word] = word === 0 ? 2 ** (bits - 32 * (width[field]! - 1)) - 1 : 0xffff_ffff
  return { fields, at, width, words, all, index: new Map(fields.map(({ name }, index) => [name, index])) }
}
