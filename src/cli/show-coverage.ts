/** Tells what claims do not speak of. */
import { grouped } from '#base/units.ts'
import type { Coverage, Pair } from '#proofs/coverage.ts'
import { tone } from './terminal.ts'

/** One line. */
export function showCoverage({ pairs, flows }: Coverage): string {
  const spoken = ({ all, unclaimed }: { readonly all: number; readonly unclaimed: readonly unknown[] }) =>
    `${grouped(all - unclaimed.length)} of ${grouped(all)}`
  return `claims  speak of ${spoken(pairs)} pairs of zones and externals, and expect ${spoken(flows)} flows`
}

/** All that none speaks of: pairs by who begins, those first between which something is allowed; then flows. */
export function showUnclaimed({ pairs, flows }: Coverage): readonly string[] {
  const lines = ([isAllowed, words]: readonly [boolean, string]) => {
    const some = Map.groupBy(
      pairs.unclaimed.filter((pair) => pair.isAllowed === isAllowed),
      ({ from }) => from,
    )
    return some.size === 0 ? [] : [tone('strong', words), ...[...some].map(toLine)]
  }
  return [
    ...lines([true, 'something is allowed, and nothing claimed']),
    ...lines([false, 'nothing is allowed, and no claim forbids it']),
    ...(flows.unclaimed.length === 0 ? [] : [tone('strong', 'no claim expects these flows'), ...flows.unclaimed.map((flow) => `  ${flow}`)]),
  ]
}

function toLine([from, pairs]: readonly [string, readonly Pair[]]): string {
  return `  ${from} → ${pairs.map(({ to }) => to).join(', ')}`
}
