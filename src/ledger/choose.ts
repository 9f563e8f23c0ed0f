/** A choice of one of several equal members: the rack a server goes to, the hypervisor of a replica. What a key holds it keeps while it may. No quarantine: a choice is no address. */
import { hash32 } from '#base/canonical.ts'
import { byCodeUnit } from '#base/order.ts'
import type { Exhausted, Want } from './allocation.ts'
import type { Entry } from './ledger.ts'

/** A choice wanted. */
export interface ChoiceWant extends Want {
  /** The members that would do, in any order. */
  readonly among: readonly string[]
  /** Wants that say the same get different members, as far as there are any. */
  readonly apart?: string
  /** Of members that are as good in that, this one. */
  readonly prefer?: string
}

/** What every want has after this build. */
export interface Choices {
  /** The member of each want by its key; absent only where it had none to choose from. */
  readonly memberOf: ReadonlyMap<string, string>
  readonly problems: readonly Exhausted[]
}

/**
 * Chooses: the held member while it is among those that would do, else the one that fewest wants have from which it is to be apart; of equals the preferred one, then the one that fewest wants have, then the one that
 * the hash of key and member names.
 */
export function choose({ held, wants }: { readonly held: Iterable<Entry>; readonly wants: Iterable<ChoiceWant> }): Choices {
  const heldBy = new Map([...held].map(({ key, value }) => [key, value]))
  const memberOf = new Map<string, string>()
  const load = new Map<string, number>()
  const loadOf = (member: string, apart?: string) => load.get(`${apart ?? ''} ${member}`) ?? 0
  const give = ({ key, apart }: ChoiceWant, member: string) => {
    memberOf.set(key, member)
    for (const of of new Set([undefined, apart])) load.set(`${of ?? ''} ${member}`, loadOf(member, of) + 1)
  }
  const sorted = [...wants].sort((a, b) => byCodeUnit(a.key, b.key))
  for (const want of sorted) {
    const { key, among } = want
    const member = heldBy.get(key)
    if (member !== undefined && among.includes(member)) give(want, member)
  }
  const problems: Exhausted[] = []
  for (const want of sorted) {
    const { key, among, apart, prefer } = want
    if (memberOf.has(key)) continue
    const better = (a: string, b: string) =>
      loadOf(a, apart) - loadOf(b, apart) ||
      Number(b === prefer) - Number(a === prefer) ||
      loadOf(a) - loadOf(b) ||
      hash32(`${key} ${a}`) - hash32(`${key} ${b}`) ||
      byCodeUnit(a, b)
    const best = [...among].sort(better)[0]
    if (best !== undefined) give(want, best)
    else problems.push({ kind: 'exhausted', key, need: 1n, pool: among, free: 0n, largestFree: 0n, missing: 1n, quarantined: 0n, biggest: [] })
  }
  return { memberOf, problems }
}
