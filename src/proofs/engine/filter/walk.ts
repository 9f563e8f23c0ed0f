/**
 * Sends a set of packets, all the first of their flows, past one base chain. The walk itself only meets boxes: which packets come to a rule and match it, whoever took
 * some of them before. What earlier rules took is subtracted when it is asked for, so that the rule that drops the rest of everything costs nothing until somebody looks.
 */
import type { NftChain, Statement } from '#targets/nftables/tree.ts'
import { type Box, type Boxes, meetAll, subtract } from '../boxes/boxes.ts'
import { APART, relation } from '../boxes/carve.ts'
import { type Entry, near } from '../boxes/near.ts'
import type { Space } from '../boxes/space.ts'
import type { RuleRef } from './interpret.ts'
import type { Where } from './matches.ts'
import type { Program } from './program.ts'
import { atRule, MOST_PARTS, Tangled } from './tangled.ts'

/** A rule that is reached on the way, or would be if no other rule took the packets before. */
export interface Step extends RuleRef {
  /** What comes that way and matches. */
  readonly boxes: Boxes
  /** What becomes of it; absent for a rule that only sends packets elsewhere, or does nothing that matters. */
  readonly verdict?: 'accept' | 'drop' | 'return'
  /** The address that it gets as its source. */
  readonly to?: string
  /** Whether it is so for each packet: not behind a limit or a meter, on either side of it. */
  readonly sure: boolean
  /** The steps that take packets before this one sees them; put together when asked, since all of them for each is the square of the rules. */
  before(): readonly Step[]
}

/** Rules to be left out: `chain index`. */
export type Skipped = ReadonlySet<string>

/** A rule as it stands in {@link Skipped}. */
export function keyOf({ chain, index }: RuleRef): string {
  return `${chain} ${index}`
}

const NONE: Skipped = new Set()

/** All steps of packets that come to the base chain there, in order. */
export function walk(program: Program, base: NftChain, where: Where, from: Boxes, skipped: Skipped = NONE): readonly Step[] {
  const { space, family } = program
  const steps: Step[] = []
  const taken: Step[] = []
  let at: RuleRef | undefined
  atRule(
    () => at,
    () => enter(base, from, true),
  )
  return steps

  function enter({ name: chain, rules }: NftChain, from: Boxes, sure: boolean): void {
    const returned: Step[] = []
    for (const [index, { statements }] of rules.entries()) {
      if (skipped.size > 0 && skipped.has(keyOf({ chain, index }))) continue
      at = { chain, index }
      const found = follow(statements, from, sure)
      if (!found) continue
      const { into, ...effect } = found
      const [before, beside] = [taken.length, returned.length]
      const step: Step = { chain, index, ...effect, before: () => [...taken.slice(0, before), ...returned.slice(0, beside)] }
      steps.push(step)
      // What returned from this chain is still there for those after its caller: no rule behind has taken it.
      const boxes = returned.length > 0 ? without(space, step.boxes, boxesOf(returned)) : step.boxes
      if (into && boxes.length > 0) enter(program.chains.get(into)!, boxes, step.sure)
      else if (step.sure && step.verdict === 'return') returned.push(step)
      else if (step.sure && step.verdict) taken.push({ ...step, boxes })
    }
  }

  /** Undefined when nothing matches. */
  function follow(
    statements: readonly Statement[],
    from: Boxes,
    surely: boolean,
  ): (Pick<Step, 'boxes' | 'verdict' | 'to' | 'sure'> & { readonly into?: string }) | undefined {
    let boxes = from
    let sure = surely
    for (const statement of statements) {
      switch (statement.kind) {
        case 'is':
        case 'in':
          boxes = meetAll(space, boxes, program.matcher(statement)(where))
          if (boxes.length === 0) return undefined
          if (boxes.length > MOST_PARTS) throw new Tangled(space, boxes)
          break
        case 'limit':
        case 'meter':
          sure = false
          break
        case 'dscp':
          if (statement.family !== family) return undefined
          break
        case 'snat':
          return statement.family === family ? { boxes, sure, verdict: 'accept', to: statement.to } : undefined
        case 'verdict':
          return { boxes, sure, verdict: statement.verdict }
        case 'jump':
          return { boxes, sure, into: statement.chain }
        case 'dispatch': {
          const into = program.target(statement, where)
          return into === undefined ? undefined : { boxes, sure, into }
        }
      }
    }
    return { boxes, sure }
  }
}

/** What of the step's boxes no earlier step took: disjoint. */
export function reaching(space: Space, { chain, index, boxes, before }: Step): Boxes {
  return atRule(
    () => ({ chain, index }),
    () => without(space, boxes, boxesOf(before())),
  )
}

function boxesOf(steps: readonly Step[]): Boxes {
  return steps.flatMap(({ boxes }) => boxes)
}

/** What is in `from` and not in `what`, disjoint. Throws {@link Tangled} where that is too much, which takes rules made for it. */
export function without(space: Space, from: Boxes, what: Boxes): Boxes {
  const seen = [...what, ...from]
  const index =
    from.length > FEW
      ? near(
          space,
          [...seen.entries()].map(([of, box]) => ({ box, of })),
        )
      : undefined
  const found: Box[] = []
  for (const [at, box] of from.entries()) {
    // Nearly all rules are about other packets.
    const end = what.length + at
    const before = index ? boxesBefore(index.meeting(box), end) : seen.slice(0, end)
    const meeting = before.filter((other) => relation(space, other, 0, box) !== APART)
    const parts = meeting.length === 0 ? [box] : subtract(space, [box], meeting, MOST_PARTS)
    if (!parts || found.length + parts.length > MOST_PARTS) throw new Tangled(space, parts?.length ? parts : from)
    for (const part of parts) found.push(part)
  }
  return found
}

/** Boxes that are each held against all others: to ask an index so seldom costs more than to make it. */
const FEW = 32

/** Those with a lower number, in order. */
function boxesBefore(entries: readonly Entry<number>[], end: number): Boxes {
  return entries
    .filter(({ of }) => of < end)
    .sort((a, b) => a.of - b.of)
    .map(({ box }) => box)
}
