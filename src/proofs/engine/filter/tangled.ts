/** A set of packets that no box algorithm should be asked for: rules made so that each cuts all others leave more parts than anybody has memory for. */
import type { Family } from '#base/ip.ts'
import type { NftTable } from '#targets/nftables/tree.ts'
import { type Box, type Boxes, lowest, type Point } from '../boxes/boxes.ts'
import type { Space } from '../boxes/space.ts'
import { copy, order } from '../boxes/words.ts'
import { PACKETS } from '../packet.ts'
import type { RuleRef } from './interpret.ts'

/** Boxes that a set of packets has at most: some hundred times what filters of large companies come to. */
export const MOST_PARTS = 50_000

/** Thrown where a set has more. What is known of it is a summary, the box around all of it, and a packet in it. */
export class Tangled extends Error {
  override readonly name = 'Tangled'
  readonly family: Family
  readonly around: Box
  readonly packet: Point
  /** The filter, where it is one alone, and the rule that it was met at. */
  table: NftTable | undefined
  rule: RuleRef | undefined

  /** `boxes` are some of the set, of which all is inside of the box around them. */
  constructor(space: Space, boxes: Boxes) {
    super(`a set of packets of more than ${MOST_PARTS} boxes`)
    this.family = space === PACKETS[4] ? 4 : 6
    this.around = aroundOf(space, boxes)
    this.packet = lowest(space, boxes[0]!)
  }
}

/** Runs; a set that is too tangled is told with the filter. */
export function inFilter<T>(table: NftTable, run: () => T): T {
  return told(run, (tangled) => {
    tangled.table ??= table
  })
}

/** Runs; a set that is too tangled is told with the rule that is at work then. */
export function atRule<T>(rule: () => RuleRef | undefined, run: () => T): T {
  return told(run, (tangled) => {
    tangled.rule ??= rule()
  })
}

function told<T>(run: () => T, tell: (tangled: Tangled) => void): T {
  try {
    return run()
  } catch (error) {
    if (error instanceof Tangled) tell(error)
    throw error
  }
}

function aroundOf({ at, width, words }: Space, boxes: Boxes): Box {
  const around = boxes[0]!.slice()
  for (const box of boxes)
    for (let field = 0; field < at.length; field++) {
      const low = at[field]!
      if (order(box, low, around, low, width[field]!) < 0) copy(box, low, around, low, width[field]!)
      if (order(box, words + low, around, words + low, width[field]!) > 0) copy(box, words + low, around, words + low, width[field]!)
    }
  return around
}
