/** What new packets pass a filter, as boxes: from one interface to another, or to the device itself; and what is made of their sources on the way out. */
import type { Family } from '#base/ip.ts'
import type { Hook, NftTable } from '#targets/nftables/tree.ts'
import { once } from '../../remembered.ts'
import { type Boxes, holds, type Point } from '../boxes/boxes.ts'
import type { RuleRef } from './interpret.ts'
import type { Where } from './matches.ts'
import { ALL, passages, UNSEEN } from './passage.ts'
import { type Program, programOf } from './program.ts'
import { inFilter } from './tangled.ts'
import { reaching, type Step } from './walk.ts'

/** A rule with a verdict, and the packets that it is for. */
export interface Decision extends RuleRef {
  /** Disjoint; found when it is first asked for. */
  readonly boxes: Boxes
  /** Whether a packet is one of them; told without finding them. */
  takes(point: Point): boolean
}

/**
 * What passes. A verdict behind a limit is not certain: what comes too often does not meet it. Such packets go on here as if that rule did not match, and `uncertain` tells of it.
 * So a packet in none of `uncertain` has one fate, and `accepted` tells which. One that is in some may meet that verdict instead, and after it anything: an echo request
 * that is answered up to a rate is in `uncertain` and not accepted, a call that is taken until there are too many is in `uncertain` and accepted.
 */
export interface Transit {
  /** Packets that pass all hooks; disjoint. */
  readonly accepted: Boxes
  /** The rules that decide, of one base chain after the other: what one of them accepts goes on to the next chain. One without boxes never matches. */
  readonly rules: readonly (Decision & { readonly accept: boolean })[]
  readonly uncertain: readonly (Decision & { readonly verdict: NonNullable<Step['verdict']> })[]
}

/** A source address that is translated. */
export interface Translation {
  /** Disjoint, and apart from those of other translations. */
  readonly boxes: Boxes
  readonly to: string
  readonly rule: RuleRef
}

/** By which interfaces packets come and go; without the second one they are for the device itself. A later hook may see the first one as its VRF: `seen`. */
export interface Passing {
  readonly iif: string
  readonly oif?: string
  readonly seen: string
}

/** The hooks that such packets meet, and the interfaces that each sees. */
export function hooksOf({ iif, oif, seen }: Passing): readonly (readonly [hook: Hook['hook'], where: Where])[] {
  return [['prerouting', { iif, oif: UNSEEN }], oif === undefined ? ['input', { iif: seen, oif: UNSEEN }] : ['forward', { iif: seen, oif }]]
}

/** What passes from one interface to another. The hook `forward` may see the incoming one as its VRF: `seen`. */
export function transit(table: NftTable, family: Family, iif: string, oif: string, seen: string = iif): Transit {
  return through(table, family, hooksOf({ iif, oif, seen }))
}

/** What comes to the device itself by an interface. The hook `input` may see it as its VRF: `seen`. */
export function arrivals(table: NftTable, family: Family, iif: string, seen: string = iif): Transit {
  return through(table, family, hooksOf({ iif, seen }))
}

/** Which packets get another source address when they leave by the interface; they are named as they were before. All others keep theirs. */
export function sourceNat(table: NftTable, family: Family, oif: string): readonly Translation[] {
  const program = programOf(table, family)
  return passages(program, [['postrouting', { iif: UNSEEN, oif }]]).flatMap(({ steps }) =>
    steps.flatMap((step) => {
      const { chain, index, to } = step
      const boxes = to === undefined ? [] : reaching(program.space, step)
      return boxes.length > 0 ? [{ boxes, to: to!, rule: { chain, index } }] : []
    }),
  )
}

function through(table: NftTable, family: Family, hooks: readonly (readonly [hook: Hook['hook'], where: Where])[]): Transit {
  const program = programOf(table, family)
  const met = inFilter(table, () => passages(program, hooks))
  const select = <T>(of: (step: Step) => T | undefined) =>
    once(() =>
      met.flatMap(({ steps }) =>
        steps.flatMap((step): readonly (Decision & T)[] => {
          const found = of(step)
          return found === undefined ? [] : [decision(program, step, found)]
        }),
      ),
    )
  const rules = select(({ sure, verdict }) => (sure && (verdict === 'accept' || verdict === 'drop') ? { accept: verdict === 'accept' } : undefined))
  const uncertain = select(({ sure, verdict }) => (!sure && verdict ? { verdict } : undefined))
  return {
    accepted: met.at(-1)?.passed ?? ALL[family],
    get rules() {
      return rules()
    },
    get uncertain() {
      return uncertain()
    },
  }
}

/** The step without what is only for walking. */
function decision<T>({ space, table }: Program, step: Step, what: T): Decision & T {
  const { chain, index } = step
  const boxes = once(() => inFilter(table, () => reaching(space, step)))
  return {
    ...what,
    chain,
    index,
    get boxes() {
      return boxes()
    },
    takes: (point) => {
      const isIn = (boxes: Boxes) => boxes.some((box) => holds(space, box, point))
      return isIn(step.boxes) && !step.before().some((before) => isIn(before.boxes))
    },
  }
}
