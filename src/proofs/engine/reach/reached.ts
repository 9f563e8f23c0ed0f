/** Where packets get to from a stop, as boxes: what each of its fates lets through of all that may be sent. */
import type { Box, Boxes } from '../boxes/boxes.ts'
import { byDestination, meetNear } from '../boxes/near.ts'
import { END, type Fates, type Row } from './fates.ts'
import type { Gates } from './gates.ts'

/** What packets from a stop come to, whoever sends them. */
export interface Reached {
  /** What arrives by some way, by end. */
  readonly may: ReadonlyMap<number, Boxes>
  /** What arrives, wherever that is, by each of several equal ways. */
  readonly must: Boxes
  /** Whether some go round, so that more may arrive than is told here. */
  readonly round: boolean
}

/** Follows the fates of a row. */
export function reachedFrom({ space, kinds, turn }: Fates, { fates }: Row, passes: Gates['passes']): Reached {
  const may = new Map<number, Box[]>()
  let round = false
  /** What arrives by each way. */
  const follow = (fate: number, boxes: Boxes): Boxes => {
    if (boxes.length === 0 || fate === END.lost) return NONE
    if (fate === END.round) {
      round = true
      return NONE
    }
    const on = turn(fate)
    if (!on) {
      const arrived = may.get(fate)
      if (arrived) for (const box of boxes) arrived.push(box)
      else may.set(fate, [...boxes])
      return boxes
    }
    if (on.kind === 'gate') return follow(on.next, meetNear(space, boxes, byDestination(space, passes(on.gate))))
    const [one, ...others] = on.of.map((next) => follow(next, boxes))
    return others.reduce((sure, other) => (sure.length === 0 || other.length === 0 ? NONE : meetNear(space, sure, byDestination(space, other))), one!)
  }
  const must = [...kinds.boxesBy(fates)].flatMap(([fate, boxes]) => follow(fate, boxes))
  return { may, must, round }
}

const NONE: Boxes = []
