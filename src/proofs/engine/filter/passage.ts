/** Base chains, one after the other, each with the new packets that the ones before it let pass. Interfaces about which a chain gets the same answers share their results, and so do chains of several tables that say the same. */
import type { Family } from '#base/ip.ts'
import type { Hook, NftChain } from '#targets/nftables/tree.ts'
import { inside } from '../../remembered.ts'
import { type Box, type Boxes, everything } from '../boxes/boxes.ts'
import type { Space } from '../boxes/space.ts'
import { PACKETS } from '../packet.ts'
import { basesOf } from './bases.ts'
import type { Where } from './matches.ts'
import type { Program } from './program.ts'
import { atRule, MOST_PARTS, Tangled } from './tangled.ts'
import { reaching, type Step, walk, without } from './walk.ts'

/** What one base chain does with what comes to it. */
export interface Passage {
  /** The table that was asked first, its chain, and the interfaces that were asked for: all others that share this have the same answers. */
  readonly program: Program
  readonly base: NftChain
  readonly where: Where
  /** What comes; disjoint. */
  readonly from: Boxes
  readonly steps: readonly Step[]
  /** What goes on to the next chain; disjoint. */
  readonly passed: Boxes
}

/** An interface that a hook does not see. */
export const UNSEEN = ''

/** All packets: one array for each family, since results are remembered by what comes. */
export const ALL: Readonly<Record<Family, Boxes>> = { 4: [everything(PACKETS[4])], 6: [everything(PACKETS[6])] }

/** The base chains of these hooks, in order. */
export function passages(program: Program, hooks: readonly (readonly [hook: Hook['hook'], where: Where])[]): readonly Passage[] {
  const out: Passage[] = []
  let from = ALL[program.family]
  for (const [hook, where] of hooks) {
    for (const base of basesOf(program.table, hook)) {
      const passage = passageOf(program, base, where, from)
      out.push(passage)
      from = passage.passed
    }
  }
  return out
}

const KNOWN = new WeakMap<object, Map<string, Map<Boxes, Passage>>>()

function passageOf(program: Program, base: NftChain, where: Where, from: Boxes): Passage {
  const known = inside(KNOWN, program.identity(base), () => new Map())
  const byFrom = inside(known, program.answers(base, where), () => new Map())
  return inside(byFrom, from, () => {
    const steps = walk(program, base, where, from)
    return { program, base, where, from, steps, passed: passedBy(program.space, base, from, steps) }
  })
}

/** What the steps let pass of what came. Where nothing is dropped that is the same array: a chain of marks makes no new packets of it. */
export function passedBy(space: Space, { base }: NftChain, from: Boxes, steps: readonly Step[]): Boxes {
  const decided = (verdict: Step['verdict']) => {
    const found: Box[] = []
    for (const step of steps) {
      if (!step.sure || step.verdict !== verdict) continue
      for (const box of reaching(space, step)) found.push(box)
      if (found.length > MOST_PARTS)
        atRule(
          () => step,
          () => {
            throw new Tangled(space, found)
          },
        )
    }
    return found
  }
  if (base!.policy === 'drop') return decided('accept')
  const dropped = decided('drop')
  return dropped.length === 0 ? from : without(space, from, dropped)
}
