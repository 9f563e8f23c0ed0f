/** How full circuits get: the most that each direction of one carries while everything runs, or in any single failure. */
import type { Left } from '../engine/reach/world.ts'
import type { Used, Utilisation } from '../utilisation.ts'
import type { Failure } from './failures.ts'

/** One direction of a circuit when it is fullest. */
export interface Fullest extends Used {
  /** Whole bit/s while everything runs. */
  readonly atRest: number
  /** The first failure in which it carries that much; absent where no failure puts more on it. */
  readonly failure?: Pick<Failure, 'kind' | 'id'>
}

/** Takes in failures one after the other; `all` has both directions of each circuit, in the order of the design. */
export function fullestOf(utilisation: Utilisation): { add(failure: Failure, left: Left): void; all(): readonly Fullest[] } {
  let fullest: readonly Fullest[] = utilisation.atRest.map((used) => ({ ...used, atRest: used.load }))
  return {
    add({ kind, id }, left) {
      const now = utilisation.without(left)
      if (now === utilisation.atRest) return
      fullest = fullest.map((most, at) => (now[at]!.load > most.load ? { ...most, load: now[at]!.load, failure: { kind, id } } : most))
    },
    all: () => fullest,
  }
}
