/** Finds the rules of a list that can go without a change to any packet. */
import { carve } from './carve.ts'
import { addDeciders, type BoxRule, forget, type RuleIndex, ruleIndexOf } from './rule-index.ts'
import type { Space } from './space.ts'
import type { Box } from './words.ts'

/** A rule that can go. All of a list that can go may go at once. */
export interface Dead {
  readonly rule: number
  /**
   * Rules that make it so, none of which could be left out: those before it that match all that it matches; or those after it that accept or drop, just as it does, all that
   * it decides. They are no dead rules themselves, but for redundant ones that shadow it.
   */
  readonly by: readonly number[]
  /** Whether it decides no packet, or none otherwise than the rules after it would. What happens where no rule matches does not count: rules that repeat it are there to say it. */
  readonly kind: 'shadowed' | 'redundant'
}

/** The rules that can go, in their order, and those that it is too hard to find it out for. */
export function deadRules(space: Space, rules: readonly BoxRule[]): readonly (Dead | { readonly rule: number; readonly kind: 'unknown' })[] {
  const index = ruleIndexOf(space, rules)
  const out: (Dead | { rule: number; kind: 'unknown' })[] = []
  const left: { readonly rule: number; readonly packet: Box }[] = []
  for (const [rule, { box }] of rules.entries()) {
    const used = new Set<number>()
    let packet: Box | undefined
    const decides = (part: Box) =>
      carve(space, { box: part, rows: index.rows, deciders: addDeciders([], space, index, part, 0, rule), otherwise: true, used }, (found) => {
        packet = highestOf(space, found)
        return true
      })
    // Most rules decide their highest packet, and the rules that match a packet are few.
    decides(highestOf(space, box))
    used.clear()
    const ending = packet ? 'stopped' : decides(box)
    if (packet) left.push({ rule, packet })
    else if (ending === 'unknown') out.push({ rule, kind: 'unknown' })
    else {
      out.push({ rule, by: fewest(space, rules, index, rule, [], [...used]), kind: 'shadowed' })
      forget(index, rule)
    }
  }
  // From the last one, so that what makes a rule redundant is there to stay.
  for (const { rule, packet } of left.reverse()) {
    const { box, accept } = rules[rule]!
    const differs = (box: Box, deciders: number[], used?: Set<number>) => {
      addDeciders(deciders, space, index, box, rule + 1, rules.length, accept)
      return carve(space, { box, rows: index.rows, deciders, otherwise: true, used }, () => true)
    }
    // For most rules, the packet that shows that it decides some also shows that it is needed.
    if (differs(packet, []) === 'stopped') continue
    const before = addDeciders([], space, index, box, 0, rule)
    const used = new Set<number>()
    const ending = differs(box, [...before], used)
    if (ending === 'unknown') out.push({ rule, kind: 'unknown' })
    else if (ending === 'whole') {
      const after = [...used].filter((row) => row > rule)
      out.push({ rule, by: fewest(space, rules, index, rule, before, after), kind: 'redundant' })
      forget(index, rule)
    }
  }
  return out.sort((a, b) => a.rule - b.rule)
}

/** Of rows that together with the deciders before cover the rule, as few as still do: the first ones stay. */
function fewest(space: Space, rules: readonly BoxRule[], { rows }: RuleIndex, rule: number, before: readonly number[], covers: readonly number[]): number[] {
  let kept = [...covers].sort((a, b) => a - b)
  for (const cover of kept.toReversed()) {
    const others = kept.filter((row) => row !== cover)
    const deciders = [...before, ...others.map((row) => 2 * row)]
    if (carve(space, { box: rules[rule]!.box, rows, deciders, otherwise: true }, () => true) === 'whole') kept = others
  }
  return kept
}

/** The box of the highest point of a box. */
function highestOf({ words }: Space, box: Box): Box {
  const out = box.slice()
  out.copyWithin(0, words)
  return out
}
