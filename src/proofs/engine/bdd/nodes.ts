/**
 * Nodes of binary decision diagrams: each is there once, so that equal sets are the same node; and results of operations that were done before. All in typed arrays, which grow.
 * Nodes are never given back one by one: whoever is done drops the whole diagram.
 */
import type { Space } from '../boxes/space.ts'

/** A set of points: a node of one diagram. 0 is the empty set, 1 the set of all points. */
export type Node = number

/** A diagram: all the sets that were made in it. What follows the space is for the files of this folder only. */
export interface Bdd {
  readonly space: Space
  /** Levels of each field, by name: the first (the field's most significant bit), and the one after the last. */
  readonly spans: ReadonlyMap<string, readonly [number, number]>
  /** The bit that each level asks for: its word in a point, and how far right it is to be shifted. */
  readonly word: Int32Array
  readonly shift: Int32Array
  readonly mostNodes: number
  used: number
  /** By node: its level, and the sets where the bit is 0 and where it is 1. */
  variable: Int32Array
  low: Int32Array
  high: Int32Array
  /** Nodes by hash of what they are, open-addressed; 0 where there is none. Twice as many slots as nodes have room. */
  table: Int32Array
  /** Results by hash of the operation, each the last one that fell there: three operands (the first is 0 where there is none), then the result. */
  cache: Int32Array
}

/** The empty set. */
export const FALSE = 0

/** The set of all points. */
export const TRUE = 1

/** Fields whose bits are asked for first, if they are there. Measured on a real firewall of 5,529 rules: a bad order takes thirty times as long. */
const ORDER = ['source', 'destination', 'protocol', 'destinationPort', 'sourcePort', 'icmpType']

/** Room for nodes that a diagram begins with. */
const ROOM = 1 << 12

/** Most nodes of a diagram unless told: some 60 MB with the tables. */
const MOST_NODES = 1 << 21

/** Most slots of the cache: 16 MB. */
const MOST_CACHED = 1 << 20

/** The code of the error about too many nodes. */
const TOO_LARGE = 'bdd-too-large'

/** An empty diagram. Bits of the fields of `order` are asked for first; throws an error that {@link isTooLarge} knows when an operation would take more than `mostNodes`. */
export function bddOf(space: Space, order: readonly string[] = ORDER, { mostNodes = MOST_NODES }: { readonly mostNodes?: number } = {}): Bdd {
  const names = new Set([...order, ...space.fields.map(({ name }) => name)])
  const spans = new Map<string, readonly [number, number]>()
  const word: number[] = []
  const shift: number[] = []
  for (const name of names) {
    const field = space.index.get(name)
    if (field === undefined) continue
    const first = word.length
    for (let bit = space.fields[field]!.bits - 1; bit >= 0; bit--) {
      word.push(space.at[field]! + space.width[field]! - 1 - (bit >>> 5))
      shift.push(bit & 31)
    }
    spans.set(name, [first, word.length])
  }
  const bdd: Bdd = {
    space,
    spans,
    word: Int32Array.from(word),
    shift: Int32Array.from(shift),
    mostNodes,
    used: 2,
    variable: new Int32Array(ROOM),
    low: new Int32Array(ROOM),
    high: new Int32Array(ROOM),
    table: new Int32Array(2 * ROOM),
    cache: new Int32Array(4 * ROOM),
  }
  // Below all levels, so that the lesser level of two nodes is the one to ask for next.
  bdd.variable.fill(word.length, FALSE, TRUE + 1)
  return bdd
}

/** Whether the error says that a diagram would have had more nodes than it may. */
export function isTooLarge(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === TOO_LARGE
}

/** How many nodes the diagram has, those that no longer matter included. */
export function nodes(bdd: Bdd): number {
  return bdd.used
}

/** The bit that a level asks for, of the point that begins at a word. */
export function bitOf({ word, shift }: Bdd, points: readonly number[], at: number, level: number): number {
  return (points[at + word[level]!]! >>> shift[level]!) & 1
}

/** The node of this level and these two sets: the one that is there, or a new one. */
export function make(bdd: Bdd, level: number, zero: Node, one: Node): Node {
  if (zero === one) return zero
  const slot = slotOf(bdd, level, zero, one)
  const found = bdd.table[slot]!
  if (found !== 0) return found
  if (bdd.used >= bdd.mostNodes) throw Object.assign(new Error(`a set of packets takes more than ${bdd.mostNodes} nodes`), { code: TOO_LARGE })
  if (bdd.used === bdd.variable.length) {
    grow(bdd)
    return make(bdd, level, zero, one)
  }
  const node = bdd.used++
  bdd.variable[node] = level
  bdd.low[node] = zero
  bdd.high[node] = one
  bdd.table[slot] = node
  return node
}

/** The slot of the table where the node is, or the free one where it belongs. */
function slotOf({ table, variable, low, high }: Bdd, level: number, zero: Node, one: Node): number {
  const mask = table.length - 1
  for (let slot = hash(level, zero, one) & mask; ; slot = (slot + 1) & mask) {
    const node = table[slot]!
    if (node === 0 || (low[node] === zero && high[node] === one && variable[node] === level)) return slot
  }
}

/** Twice the room. What the cache held may be lost: it is computed again where it is asked for. */
function grow(bdd: Bdd): void {
  const room = 2 * bdd.variable.length
  for (const part of ['variable', 'low', 'high'] as const) {
    const larger = new Int32Array(room)
    larger.set(bdd[part])
    bdd[part] = larger
  }
  bdd.table = new Int32Array(2 * room)
  for (let node = TRUE + 1; node < bdd.used; node++) bdd.table[slotOf(bdd, bdd.variable[node]!, bdd.low[node]!, bdd.high[node]!)] = node
  if (room <= MOST_CACHED) bdd.cache = new Int32Array(4 * room)
}

/** The result of an operation if the cache has it, else -1. */
export function cached({ cache }: Bdd, a: Node, b: Node, c: Node): Node {
  const at = 4 * (hash(a, b, c) & (cache.length / 4 - 1))
  return cache[at] === a && cache[at + 1] === b && cache[at + 2] === c ? cache[at + 3]! : -1
}

/** Puts a result into the cache, and returns it. */
export function remember({ cache }: Bdd, a: Node, b: Node, c: Node, result: Node): Node {
  const at = 4 * (hash(a, b, c) & (cache.length / 4 - 1))
  cache[at] = a
  cache[at + 1] = b
  cache[at + 2] = c
  cache[at + 3] = result
  return result
}

/** Multipliers of the golden ratio kind (odd, bits well mixed; those of xxHash32), then the high bits folded into the low ones that become the slot. */
function hash(a: number, b: number, c: number): number {
  const mixed = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca77) ^ Math.imul(c, 0xc2b2ae3d)
  return (mixed ^ (mixed >>> 15)) >>> 0
}
