/** How full links get: the most that each direction of one carries while everything runs, or in any single failure. */
import type { Left } from '../engine/reach/world.ts'
import type { Used, Utilisation } from '../utilisation.ts'
import type { Failure } from './failures.ts'

/** One direction of a link when it is fullest. */
export interface Fullest extends Used {
  /** Whole bit/s while everything runs. */
  readonly atRest: number
  /** The first failure in which it carries that much; absent where no failure puts more on it. */
  readonly failure?: Pick<Failure, 'kind' | 'id'>
}

/** Directions of links that carry more in a failure than at rest: which one of those at rest, and whole bit/s. */
export type More = readonly (readonly [at: number, load: number])[]

/** What carries more when something is gone. */
export function moreWithout({ atRest, without }: Utilisation, left: Left): More {
  const now = without(left)
  if (now === atRest) return []
  return now.flatMap(({ load }, at) => (load > atRest[at]!.load ? [[at, load] as const] : []))
}

/** Both directions of each link, in the order of the design, by what failures come to, one after the other. */
export function fullestOf({ atRest }: Pick<Utilisation, 'atRest'>, tried: Iterable<readonly [failure: Failure, more: More]>): readonly Fullest[] {
  const fullest: Fullest[] = atRest.map((used) => ({ ...used, atRest: used.load }))
  for (const [{ kind, id }, more] of tried)
    for (const [at, load] of more) if (load > fullest[at]!.load) fullest[at] = { ...fullest[at]!, load, failure: { kind, id } }
  return fullest
}
