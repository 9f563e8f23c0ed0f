/**
 * Ports of one device, or any other named slots that take one thing each. What a key holds it keeps while it may; a new key takes the first free of its candidates. There is no
 * quarantine: a pulled cable frees its port at once, so held entries that no want claims count for nothing here.
 */
import { byName } from '#base/order.ts'
import { claimOf, type Exhausted, type Holder, type Problem, sameValue, settle, type Want } from './allocation.ts'
import type { Entry } from './ledger.ts'

/** A port wanted. */
export interface PortWant extends Want {
  /** The ports that would do, best first. A held port that is no longer among them is given up; a port that is a fact is the only candidate. */
  readonly candidates: readonly string[]
}

/** What every want has after this build. */
export interface Ports {
  /** The port of each want by its key; absent only where `problems` says so. */
  readonly portOf: ReadonlyMap<string, string>
  readonly problems: readonly Problem[]
}

/**
 * Allocates ports. New keys choose in the order of their names; when all candidates of one are taken by other new keys, those give way to it if they can, so that a
 * key goes without only when there are too few ports.
 */
export function allocatePorts({ held, wants }: { readonly held: Iterable<Entry>; readonly wants: Iterable<PortWant> }): Ports {
  const wantOf = new Map([...wants].map((want) => [want.key, want]))
  const holders: Holder[] = []
  for (const entry of held) {
    const want = wantOf.get(entry.key)
    if (want?.candidates.includes(entry.value)) holders.push({ want: want.key, key: want.key, value: entry.value, claim: claimOf(entry, want) })
  }
  const { stay, clashes } = settle(holders, sameValue(holders))
  const portOf = new Map([...stay].map(({ key, value }) => [key, value]))
  const fixed = new Set(portOf.values())

  const takenBy = new Map<string, PortWant>()
  const seat = (want: PortWant, tried: Set<string>): boolean => {
    const open = want.candidates.filter((port) => !fixed.has(port) && !tried.has(port))
    const free = open.find((port) => !takenBy.has(port))
    if (free !== undefined) {
      takenBy.set(free, want)
      return true
    }
    for (const port of open) {
      if (tried.has(port)) continue
      tried.add(port)
      if (seat(takenBy.get(port)!, tried)) {
        takenBy.set(port, want)
        return true
      }
    }
    return false
  }
  const unmet: PortWant[] = []
  for (const want of [...wantOf.values()].filter(({ key }) => !portOf.has(key)).sort((a, b) => byName(a.key, b.key)))
    if (!seat(want, new Set())) unmet.push(want)
  for (const [port, { key }] of takenBy) portOf.set(key, port)
  return { portOf, problems: [...clashes, ...unmet.map((want) => exhausted(want, unmet.length))] }
}

/** None of the candidates is free, and none can be made free. */
function exhausted({ key, candidates }: PortWant, missing: number): Exhausted {
  return { kind: 'exhausted', key, need: 1n, pool: candidates, free: 0n, largestFree: 0n, missing: BigInt(missing), quarantined: 0n, biggest: [] }
}
