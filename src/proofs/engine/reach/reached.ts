/** Where packets get to from a stop, as boxes: what each of its fates lets through of all that may be sent. */
import type { Box, Boxes } from '../boxes/boxes.ts'
import { byDestination, meetNear } from '../boxes/near.ts'
import type { Space } from '../boxes/space.ts'
import type { Fates, Row } from './fates.ts'
import type { Gates } from './gates.ts'

/** What packets from a stop come to, whoever sends them. */
export interface Reached {
  /** What arrives by some way, by end. */
  readonly may: ReadonlyMap<number, Boxes>
  /** What arrives, wherever that is, by each of several equal ways. */
  readonly must: Boxes
  /** What some way goes round with, and between which devices: of this, more may arrive than is told here. */
  readonly rounds: readonly Round[]
}

/** Packets to some destinations, and the devices that they go round between. */
export interface Round {
  readonly devices: readonly string[]
  readonly boxes: Boxes
}

/** Adds up the fates of a row. */
export function reachedFrom({ space, kinds, fate }: Fates, { fates }: Row, passes: Gates['passes']): Reached {
  const may = new Map<number, Box[]>()
  const must: Box[] = []
  const rounds: Round[] = []
  for (const [number, boxes] of kinds.boxesBy(fates)) {
    const { ways, all, round } = fate(number)
    if (round) rounds.push({ devices: round, boxes })
    for (const { behind, end } of ways) {
      const passed = passing(space, boxes, passes(behind))
      if (passed.length === 0) continue
      const arrived = may.get(end)
      if (arrived) for (const box of passed) arrived.push(box)
      else may.set(end, [...passed])
      if (behind === all && ways.length === 1) for (const box of passed) must.push(box)
    }
    if (all && ways.length > 1) for (const box of passing(space, boxes, passes(all))) must.push(box)
  }
  return { may, must, rounds }
}

/** What of the boxes passes: both are mostly few. */
function passing(space: Space, boxes: Boxes, passes: Boxes): Boxes {
  return passes.length === 0 ? passes : meetNear(space, boxes, byDestination(space, passes))
}
