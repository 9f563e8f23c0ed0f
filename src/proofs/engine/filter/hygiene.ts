/** Rules of a table that say nothing, or what others say anyway: found exactly, with everything that earlier rules take together, and only what comes to the chain. */
import type { Hook, NftChain, NftRule, NftTable, Statement } from '#targets/nftables/tree.ts'
import { type Boxes, boxOfPoint, lowest, uncovered } from '../boxes/boxes.ts'
import { APART, relation } from '../boxes/carve.ts'
import type { Space } from '../boxes/space.ts'
import type { RuleRef } from './interpret.ts'
import type { Where } from './matches.ts'
import { type Passage, passages, passedBy, UNSEEN } from './passage.ts'
import { type Program, programOf } from './program.ts'
import { inFilter } from './tangled.ts'
import { keyOf, reaching, type Step, walk, without } from './walk.ts'

/** A rule that is not as it seems. */
export interface Finding extends RuleRef {
  /**
   * - `never-matches`: nothing that comes to the chain is what it looks for.
   * - `shadowed`: the rules `by` take all of it before.
   * - `redundant`: it accepts only what would be accepted if it alone were left out, by the rules `by`, or by the policy.
   * - `overlap`: it looks for packets, and the rules `by` do something else with some of them before. This may be meant; the order of these rules matters.
   */
  readonly kind: 'never-matches' | 'shadowed' | 'redundant' | 'overlap'
  readonly by: readonly RuleRef[]
}

/** What is known of a rule from everything that can come to it. */
interface Fact {
  reached: boolean
  /** Rules that take packets it looks for before, by key; and those of them that do something else with them. */
  readonly before: Map<string, RuleRef>
  readonly against: Map<string, RuleRef>
}

/** The findings, in the order of the chains. None for a table of bridges: frames are more than packets. */
export function findings(table: NftTable): readonly Finding[] {
  return table.family === 'bridge' ? [] : inFilter(table, () => findingsIn(table))
}

function findingsIn(table: NftTable): readonly Finding[] {
  const met = ([4, 6] as const).flatMap((family) => [...everyPassage(programOf(table, family))])
  const facts = new Map<string, Fact>()
  for (const { program, steps } of met) for (const step of steps) note(program.space, step, facts)
  const redundant = redundantIn(met, (rule) => !facts.get(keyOf(rule))!.reached)
  return table.chains.flatMap(({ name: chain, rules }) =>
    rules.flatMap((rule, index): readonly Finding[] => {
      const key = keyOf({ chain, index })
      const fact = facts.get(key)
      if (!fact) return [{ kind: 'never-matches', chain, index, by: [] }]
      if (!fact.reached) return [{ kind: 'shadowed', chain, index, by: [...fact.before.values()] }]
      const others = redundant.get(key)
      return [
        ...(others ? [{ kind: 'redundant' as const, chain, index, by: [...others.values()] }] : []),
        ...(fact.against.size > 0 && looks(rule) ? [{ kind: 'overlap' as const, chain, index, by: [...fact.against.values()] }] : []),
      ]
    }),
  )
}

/** What base chains do with what can come to them, by all interfaces that the table names, and by one that it does not. */
function everyPassage(program: Program): ReadonlySet<Passage> {
  const names = [...program.names(), UNSEEN]
  const at = (iif: string, oif: string): Where => ({ iif, oif })
  const all = names.flatMap((iif) => {
    const before = ['prerouting', at(iif, UNSEEN)] as const
    return [
      passages(program, [before, ['input', at(iif, UNSEEN)]]),
      ...names.map((oif) => passages(program, [before, ['forward', at(iif, oif)]])),
      ...(['output', 'postrouting'] as const).map((hook: Hook['hook']) => passages(program, [[hook, at(UNSEEN, iif)]])),
    ]
  })
  return new Set(all.flat())
}

function note(space: Space, step: Step, facts: Map<string, Fact>): void {
  const key = keyOf(step)
  const fact = facts.get(key) ?? { reached: false, before: new Map(), against: new Map() }
  facts.set(key, fact)
  const near = step.before().filter(({ boxes }) => boxes.some((box) => step.boxes.some((other) => relation(space, box, 0, other) !== APART)))
  for (const { chain, index, verdict, to } of near) {
    const rule = { chain, index }
    fact.before.set(keyOf(rule), rule)
    if (step.verdict && verdict !== 'return' && (verdict !== step.verdict || to !== step.to)) fact.against.set(keyOf(rule), rule)
  }
  if (fact.reached) return
  const taken = near.flatMap(({ boxes }) => boxes)
  // What is too hard to find out is no finding.
  fact.reached = step.boxes.some((box) => uncovered(space, box, taken) !== undefined)
}

/** Accepting rules, by key, without which the same is accepted wherever they stand; with the rules that accept it then. Of these none is itself `dead`: never reached. */
function redundantIn(met: readonly Passage[], dead: (rule: RuleRef) => boolean): ReadonlyMap<string, ReadonlyMap<string, RuleRef>> {
  const needed = new Set<string>()
  const found = new Map<string, Map<string, RuleRef>>()
  for (const { program, base, where, steps } of met) {
    if (program.leadsTo(base, hasEffect)) continue
    const accepting = steps.filter(({ sure, verdict }) => sure && verdict === 'accept')
    const idle = accepting.filter(dead).map(keyOf)
    for (const step of accepting) {
      const key = keyOf(step)
      if (needed.has(key) || dead(step)) continue
      const boxes = reaching(program.space, step)
      if (boxes.length === 0) continue
      const others = acceptedWithout(program, base, where, boxes, new Set([...idle, key]))
      if (!others) {
        needed.add(key)
        found.delete(key)
        continue
      }
      const by = found.get(key) ?? new Map<string, RuleRef>()
      found.set(key, by)
      for (const { chain, index } of others) by.set(keyOf({ chain, index }), { chain, index })
    }
  }
  return found
}

/** The steps that accept all of the boxes when these rules are left out; undefined when something is dropped. */
function acceptedWithout(program: Program, base: NftChain, where: Where, boxes: Boxes, skipped: ReadonlySet<string>): readonly Step[] | undefined {
  const { space } = program
  const accepts = (boxes: Boxes) => {
    const steps = walk(program, base, where, boxes, skipped)
    return without(space, boxes, passedBy(space, base, boxes, steps)).length === 0 ? steps : undefined
  }
  // One packet of them tells nearly always that the rule is needed.
  const one = lowest(space, boxes[0]!)
  if (!accepts([boxOfPoint(one)])) return undefined
  return accepts(boxes)?.filter((step) => step.sure && step.verdict === 'accept' && reaching(space, step).length > 0)
}

/** Whether an accepted packet is different for it: then it matters which rule accepts. */
function hasEffect({ kind }: Statement): boolean {
  return kind === 'dscp' || kind === 'snat' || kind === 'notrack'
}

/** Whether it looks for certain packets; one that does not is about the rest. */
function looks({ statements }: NftRule): boolean {
  return statements.some(({ kind }) => kind === 'is' || kind === 'in')
}
