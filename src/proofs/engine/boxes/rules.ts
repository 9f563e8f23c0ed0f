/** Lists of rules that accept or drop packets, where the first rule that matches decides. */
import { type Box, type Boxes, CAP, everything, holds, lowest, meet, type Point, subtract } from './boxes.ts'
import { type Carving, carve, rowsOf } from './carve.ts'
import { addDeciders, type BoxRule, type RuleIndex, ruleIndexOf } from './rule-index.ts'
import type { Space } from './space.ts'

export { type Dead, deadRules } from './dead-rules.ts'
export type { BoxRule } from './rule-index.ts'

/** What an edit changes. */
export interface Region {
  /** Disjoint. */
  readonly boxes: Boxes
  /** A packet of it. */
  readonly witness: Point | undefined
  /** Whether that is all; else the boxes are a part of it. */
  readonly whole: boolean
}

/** Disjoint boxes of what the rules accept; undefined when they are more than `cap`, or too hard to find. `otherwise` is what happens to packets that no rule matches. */
export function permitted(space: Space, rules: readonly BoxRule[], otherwise: boolean, cap: number = CAP): Boxes | undefined {
  const out: Box[] = []
  const rows = rowsOf(
    space,
    rules.map(({ box }) => box),
  )
  const deciders = rules.map(({ accept }, row) => 2 * row + Number(accept))
  const ending = carve(space, { box: everything(space), rows, deciders, otherwise }, (part) => out.push(part.slice()) > cap)
  return ending === 'whole' ? out : undefined
}

/** What happens to a packet, and by which rule: looks at one rule after the other. */
export function decide(
  space: Space,
  rules: readonly BoxRule[],
  otherwise: boolean,
  point: Point,
): { readonly accept: boolean; readonly rule: number | undefined } {
  const rule = rules.findIndex(({ box }) => holds(space, box, point))
  return rule < 0 ? { accept: otherwise, rule: undefined } : { accept: rules[rule]!.accept, rule }
}

/** Exactly the packets that another verdict is for when a rule is replaced, or removed when there is no replacement. At most `cap` boxes of them. */
export function editRegion(
  space: Space,
  rules: readonly BoxRule[],
  index: number,
  replacement: BoxRule | undefined,
  otherwise: boolean,
  cap: number = CAP,
): Region {
  const rule = rules[index]
  if (!rule) throw new Error(`no rule ${index} of ${rules.length}`)
  const known = indexed(space, rules)
  const boxes: Box[] = []
  let whole = true
  const collect = (carving: Carving) => {
    if (!whole) return
    const ending = carve(space, carving, (part) => {
      if (boxes.length === cap) return true
      boxes.push(part.slice())
      return false
    })
    whole = ending === 'whole'
  }
  /** What of the box no rule before decides, and the rules after decide otherwise than `accept`. */
  const outside = (box: Box, accept: boolean) => {
    const deciders = addDeciders([], space, known, box, 0, index)
    addDeciders(deciders, space, known, box, index + 1, rules.length, accept)
    collect({ box, rows: known.rows, deciders, otherwise: otherwise !== accept })
  }
  if (!replacement) outside(rule.box, rule.accept)
  else {
    const both = rule.accept === replacement.accept ? undefined : meet(space, rule.box, replacement.box)
    if (both) collect({ box: both, rows: known.rows, deciders: addDeciders([], space, known, both, 0, index), otherwise: true })
    for (const box of subtract(space, [rule.box], [replacement.box])!) outside(box, rule.accept)
    for (const box of subtract(space, [replacement.box], [rule.box])!) outside(box, replacement.accept)
  }
  return { boxes, witness: boxes[0] && lowest(space, boxes[0]), whole }
}

/** A packet that the two lists have different verdicts for; undefined when there is none, 'unknown' when that is too hard to find out. */
export function firstDifference(space: Space, a: readonly BoxRule[], b: readonly BoxRule[], otherwise: boolean): Point | undefined | 'unknown' {
  // A packet that no rule between the common beginning and the common end matches, is decided by the same rule of both.
  const shorter = Math.min(a.length, b.length)
  let begin = 0
  while (begin < shorter && sameRule(a[begin]!, b[begin]!)) begin++
  let ends = 0
  while (ends < shorter - begin && sameRule(a[a.length - 1 - ends]!, b[b.length - 1 - ends]!)) ends++

  const rules = [...a, ...b]
  const both = ruleIndexOf(space, rules)
  let point: Point | undefined
  let unknown = false
  for (const [first, end, others, othersEnd] of [
    [0, a.length, a.length, rules.length],
    [a.length, rules.length, 0, a.length],
  ] as const) {
    for (let index = first + begin; index < end - ends; index++) {
      const { box, accept } = rules[index]!
      const deciders = addDeciders([], space, both, box, first, index)
      addDeciders(deciders, space, both, box, others + begin, othersEnd, accept)
      const ending = carve(space, { box, rows: both.rows, deciders, otherwise: otherwise !== accept }, (part) => {
        point = lowest(space, part)
        return true
      })
      if (point) return point
      if (ending === 'unknown') unknown = true
    }
  }
  return unknown ? 'unknown' : undefined
}

/** Indexes of lists that were edited last: many edits of one list are looked at, and making an index takes longer than using it. */
const INDEXES = new WeakMap<readonly BoxRule[], { readonly space: Space; readonly index: RuleIndex }>()

function indexed(space: Space, rules: readonly BoxRule[]): RuleIndex {
  const known = INDEXES.get(rules)
  if (known?.space === space && known.index.accept.length === rules.length) return known.index
  const index = ruleIndexOf(space, rules)
  INDEXES.set(rules, { space, index })
  return index
}

function sameRule(a: BoxRule, b: BoxRule): boolean {
  return a === b || (a.accept === b.accept && a.box.every((word, index) => word === b.box[index]))
}
