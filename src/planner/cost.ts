/** What circuits cost, and how long they take. */
import { byName } from '#base/order.ts'
import type { Money } from '#base/units.ts'
import type { CircuitNode, SiteDesign } from '#design/design.ts'
import type { FirstDay, FixedCost } from './plan.ts'

/** The sum of the fixed prices: one for each currency and term, in their order. */
export function costOf(circuits: readonly CircuitNode[]): FixedCost {
  const sums = new Map<string, Money>()
  let unknown = 0
  for (const { monthly } of circuits) {
    if (!monthly) unknown++
    else {
      const key = `${monthly.currency}/${monthly.per ?? ''}`
      // Hundredths, so that binary tails do not add up.
      sums.set(key, { ...monthly, amount: Math.round((monthly.amount + (sums.get(key)?.amount ?? 0)) * 100) / 100 })
    }
  }
  return { sums: [...sums.keys()].sort(byName).map((key) => sums.get(key)!), unknown }
}

/** When the site opens, and the circuit that this hangs on; undefined when the site does not say. */
export function firstDayOf({ opens, circuits }: SiteDesign): FirstDay | undefined {
  if (opens === undefined) return undefined
  const unknown = circuits.filter(({ leadTime }) => leadTime === undefined).map(({ id }) => id)
  const known = circuits.flatMap(({ id, leadTime }) => (leadTime === undefined ? [] : [{ circuit: id, leadTime }]))
  const [critical] = known.sort((a, b) => b.leadTime - a.leadTime || byName(a.circuit, b.circuit))
  return { date: opens, ...(critical ? { critical } : {}), unknown: unknown.sort(byName) }
}
