/**
 * A site's allocations during a compile: what it held before, and what this compile claims. A pass reads the entries of its kinds from the scope, lets an allocator decide, and
 * returns its claims; the last stage makes the new scope of them.
 */
import { type Diagnostic, diagnose } from '#base/diagnostic.ts'
import type { Origin } from '#base/place.ts'
import { count } from '#base/units.ts'
import type { Problem } from '#ledger/allocation.ts'
import { type Entry, fullKey, type Scope, type State } from '#ledger/ledger.ts'

/** A claim to an allocation, by key within the scope. */
export interface ClaimedEntry {
  readonly key: string
  readonly value: string
  readonly state: State
}

/** Gives the entries whose key begins with this word, or with these two. */
export type Held = (kind: string, of?: string) => readonly Entry[]

/** Indexes a scope by the first word and the first two words of its keys. */
export function holdings(scope: Scope): Held {
  const index = new Map<string, Entry[]>()
  const add = (words: string, entry: Entry) => {
    const list = index.get(words)
    if (list) list.push(entry)
    else index.set(words, [entry])
  }
  for (const entry of scope.values()) {
    const one = entry.key.indexOf(' ')
    const two = entry.key.indexOf(' ', one + 1)
    add(entry.key.slice(0, one), entry)
    add(two < 0 ? entry.key : entry.key.slice(0, two), entry)
  }
  return (kind, of) => index.get(of === undefined ? kind : `${kind} ${of}`) ?? []
}

/** The origin of an allocation. */
export function ledgerOrigin(scope: string, key: string): Origin {
  return `ledger ${fullKey(scope, key)}`
}

/** What a problem of an allocator means to a person: `thing` is what could not be given out (`addresses`, `ports`, `rack units`), `of` is the pool in words. */
export function explain(problem: Problem, scope: string, thing: string, of: string, originOf: (key: string) => Origin | undefined): Diagnostic {
  const origin = originOf(problem.key)
  const named = (key: string) => (scope === '' ? key : fullKey(scope, key))
  switch (problem.kind) {
    case 'exhausted': {
      const reason =
        problem.missing > 0n
          ? `all claims together exceed it by ${amount(problem.missing)}`
          : `${amount(problem.free)} are free, but the largest free piece has ${amount(problem.largestFree)}`
      return diagnose(
        'pool-exhausted',
        { what: named(problem.key), need: count(Number(problem.need), thing, thing), pool: of, reason },
        {
          origin,
          ...(problem.pool.length > 0 && problem.pool.length < 9 ? { allowed: problem.pool } : {}),
          notes: [
            ...problem.biggest.map((claim) => ({ message: `${named(claim.key)} takes ${amount(claim.size)}`, origin: originOf(claim.key) })),
            ...(problem.quarantined > 0n ? [{ message: `${amount(problem.quarantined)} rest in quarantine: netwright ledger release` }] : []),
          ],
        },
      )
    }
    case 'clash':
      return diagnose(
        'allocation-clash',
        {
          what: named(problem.key),
          value: problem.value,
          other: problem.other.key === undefined ? `the reserved ${problem.other.value}` : `${named(problem.other.key)} (${problem.other.value})`,
        },
        { origin, ...(problem.other.key ? { notes: [{ message: 'the other claim comes from here', origin: originOf(problem.other.key) }] } : {}) },
      )
    case 'unreadable':
      return diagnose('ledger-unreadable', { key: named(problem.key), value: problem.value }, { origin: ledgerOrigin(scope, problem.key) })
  }
}

function amount(n: bigint): string {
  return n < 1n << 53n ? count(Number(n), '', '').trim() : `2^${n.toString(2).length - 1}`
}
