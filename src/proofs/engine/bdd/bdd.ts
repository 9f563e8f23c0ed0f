/**
 * Sets of packets as reduced ordered binary decision diagrams: a node asks for one bit and has a set for each answer. Equal sets are the same node, so sets that were
 * composed along a path, however long, compare in no time. For single filters boxes are faster; this is for what takes many steps.
 */
import { type Box, type Boxes, boxOf, type Point } from '../boxes/boxes.ts'
import type { BoxRule } from '../boxes/rules.ts'
import { type Bdd, bitOf, cached, FALSE, make, type Node, remember, TRUE } from './nodes.ts'

export { type Bdd, bddOf, isTooLarge, type Node, nodes } from './nodes.ts'

/** Stands for the third operand in the cache where the operation is quantification. */
const EXISTS = -1

/** The points whose field is in the interval, both ends included. */
export function interval(bdd: Bdd, field: string, first: bigint, last: bigint): Node {
  return boxNode(bdd, boxOf(bdd.space, { [field]: [first, last] }))
}

/** The points of a box. */
export function boxNode(bdd: Bdd, box: Box): Node {
  let node = TRUE
  for (const [first, end] of [...bdd.spans.values()].reverse()) node = between(bdd, box, first, end, node)
  return node
}

/** The points of any of the boxes. */
export function boxesNode(bdd: Bdd, boxes: Boxes): Node {
  return boxes.reduce((node, box) => or(bdd, node, boxNode(bdd, box)), FALSE)
}

/** The points that the first rule that holds them accepts; of those in no rule, all if `otherwise` says so. */
export function rulesNode(bdd: Bdd, rules: readonly BoxRule[], otherwise: boolean): Node {
  // From the last rule up, since a rule then takes one step with what the rules after it leave.
  let node = otherwise ? TRUE : FALSE
  for (let index = rules.length - 1; index >= 0; index--) {
    const { box, accept } = rules[index]!
    node = (accept ? or : diff)(bdd, node, boxNode(bdd, box))
  }
  return node
}

/** What is in both. */
export function and(bdd: Bdd, a: Node, b: Node): Node {
  return ite(bdd, a, b, FALSE)
}

/** What is in either. */
export function or(bdd: Bdd, a: Node, b: Node): Node {
  return ite(bdd, a, TRUE, b)
}

/** What is not in the set. */
export function not(bdd: Bdd, a: Node): Node {
  return ite(bdd, a, FALSE, TRUE)
}

/** What is in `a` and not in `b`. */
export function diff(bdd: Bdd, a: Node, b: Node): Node {
  return ite(bdd, b, FALSE, a)
}

/** What is in `yes` where it is in `test`, and in `no` where it is not. */
export function ite(bdd: Bdd, test: Node, yes: Node, no: Node): Node {
  if (test === TRUE || yes === no) return yes
  if (test === FALSE) return no
  if (yes === test) yes = TRUE
  if (no === test) no = FALSE
  if (yes === TRUE && no === FALSE) return test
  if (yes === no) return yes
  // Both orders of a union or an intersection are one operation to the cache.
  if (no === FALSE && yes < test) return ite(bdd, yes, test, FALSE)
  if (yes === TRUE && no < test) return ite(bdd, no, TRUE, test)
  const known = cached(bdd, test, yes, no)
  if (known >= 0) return known
  const { variable, low, high } = bdd
  const level = Math.min(variable[test]!, variable[yes]!, variable[no]!)
  const t = variable[test] === level
  const y = variable[yes] === level
  const n = variable[no] === level
  const node0 = ite(bdd, t ? low[test]! : test, y ? low[yes]! : yes, n ? low[no]! : no)
  const node1 = ite(bdd, t ? high[test]! : test, y ? high[yes]! : yes, n ? high[no]! : no)
  return remember(bdd, test, yes, no, make(bdd, level, node0, node1))
}

/** What is in the set for some values of the fields: these no longer matter. */
export function exists(bdd: Bdd, node: Node, fields: readonly string[]): Node {
  // The levels as a set themselves, that of their bits all being 1: equal lists of fields are one node, which the cache can tell apart from others.
  const levels = fields.flatMap((field) => {
    const [first, end] = spanOf(bdd, field)
    return Array.from({ length: end - first }, (_, bit) => first + bit)
  })
  let cube = TRUE
  for (const level of [...new Set(levels)].sort((a, b) => b - a)) cube = make(bdd, level, FALSE, cube)
  return existsCube(bdd, node, cube)
}

/** What the set becomes when the field of each of its points gets the value, as in address translation. */
export function assign(bdd: Bdd, node: Node, field: string, value: bigint): Node {
  return and(bdd, exists(bdd, node, [field]), interval(bdd, field, value, value))
}

/** A point of the set, the lowest in the order of the diagram; undefined when the set is empty. */
export function anyPoint(bdd: Bdd, node: Node): Point | undefined {
  if (node === FALSE) return undefined
  const point = new Uint32Array(bdd.space.words)
  for (let at = node; at !== TRUE; ) {
    // Every set but the empty one has a point, so there is never a way back.
    const zero = bdd.low[at]!
    const level = bdd.variable[at]!
    if (zero === FALSE) point[bdd.word[level]!]! |= 1 << bdd.shift[level]!
    at = zero === FALSE ? bdd.high[at]! : zero
  }
  return [...point]
}

/** Whether the point is in the set. */
export function holdsPoint(bdd: Bdd, node: Node, point: Point): boolean {
  let at = node
  while (at > TRUE) at = bitOf(bdd, point, 0, bdd.variable[at]!) === 1 ? bdd.high[at]! : bdd.low[at]!
  return at === TRUE
}

/** How many points the set has. */
export function count(bdd: Bdd, node: Node): bigint {
  const known = new Map<Node, bigint>([
    [FALSE, 0n],
    [TRUE, 1n],
  ])
  // Of the bits from the level of a node on; levels that are skipped double it.
  const from = (level: number, node: Node): bigint => below(node) << BigInt(bdd.variable[node]! - level)
  const below = (node: Node): bigint => {
    const before = known.get(node)
    if (before !== undefined) return before
    const next = bdd.variable[node]! + 1
    const sum = from(next, bdd.low[node]!) + from(next, bdd.high[node]!)
    known.set(node, sum)
    return sum
  }
  return from(0, node)
}

/**
 * The points of the box's interval at the levels of one field, which are in `below` at the levels under it. A chain over the bits that both ends share; where they part,
 * one chain of what is at least the lowest and one of what is at most the highest.
 */
function between(bdd: Bdd, box: Box, first: number, end: number, below: Node): Node {
  const { words } = bdd.space
  let split = first
  while (split < end && bitOf(bdd, box, 0, split) === bitOf(bdd, box, words, split)) split++
  let node = below
  if (split < end) {
    let atLeast = below
    let atMost = below
    for (let level = end - 1; level > split; level--) {
      atLeast = bitOf(bdd, box, 0, level) === 1 ? make(bdd, level, FALSE, atLeast) : make(bdd, level, atLeast, below)
      atMost = bitOf(bdd, box, words, level) === 1 ? make(bdd, level, below, atMost) : make(bdd, level, atMost, FALSE)
    }
    node = make(bdd, split, atLeast, atMost)
  }
  for (let level = split - 1; level >= first; level--) node = bitOf(bdd, box, 0, level) === 1 ? make(bdd, level, FALSE, node) : make(bdd, level, node, FALSE)
  return node
}

function spanOf(bdd: Bdd, field: string): readonly [number, number] {
  const span = bdd.spans.get(field)
  if (!span) throw new Error(`no field ${field}`)
  return span
}

/** Quantifies away the levels of the cube. */
function existsCube(bdd: Bdd, node: Node, cube: Node): Node {
  const level = bdd.variable[node]!
  while (bdd.variable[cube]! < level) cube = bdd.high[cube]!
  if (node <= TRUE || cube === TRUE) return node
  const known = cached(bdd, node, cube, EXISTS)
  if (known >= 0) return known
  const away = bdd.variable[cube] === level
  const [zero, one] = [bdd.low[node]!, bdd.high[node]!]
  const node0 = existsCube(bdd, zero, cube)
  if (away && node0 === TRUE) return remember(bdd, node, cube, EXISTS, TRUE)
  const node1 = existsCube(bdd, one, cube)
  return remember(bdd, node, cube, EXISTS, away ? or(bdd, node0, node1) : make(bdd, level, node0, node1))
}
