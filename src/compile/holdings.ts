/**
 * A site's allocations during a compile: what it held before, and what this compile claims. A pass reads the entries of its kinds from the scope, lets an allocator decide, and
 * returns its claims; the last stage makes the new scope of them.
 */
import { type Diagnostic, diagnose } from '#base/diagnostic.ts'
import type { Origin } from '#base/place.ts'
import { grouped } from '#base/units.ts'
import type { Exhausted, Problem } from '#ledger/allocation.ts'
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

/**
 * What the problems of one allocator mean to a person: `thing` is what could not be given out (`address`, `port`), `pool` where there is none, in words, and `originOf` what wanted a key:
 * the ask, or the fact that pins it. However many found no room in a pool, it is told once.
 */
export function explain(problems: readonly Problem[], scope: string, thing: string, pool: string, originOf: (key: string) => Origin | undefined): Diagnostic[] {
  const named = (key: string) => (scope === '' ? key : fullKey(scope, key))
  /** What holds a place firmly is pinned by a fact or is a line of the ledger. */
  const holds = (key: string): Origin => (originOf(key)?.includes('#/pinned/') ? originOf(key)! : `ledger ${named(key)}`)
  const exhausted = problems.filter((problem) => problem.kind === 'exhausted')
  const clashes = problems.filter((problem) => problem.kind === 'clash')
  const unreadable = problems.filter((problem) => problem.kind === 'unreadable')
  return [
    ...unreadable.map(({ key, value }) => diagnose('ledger-unreadable', { key: named(key), value }, { origin: `ledger ${named(key)}`, value })),
    ...clashes.map(({ key, value, other }) => {
      const others = other.key === undefined ? `the reserved ${other.value}` : `${named(other.key)} (${other.value})`
      const notes = other.key === undefined ? {} : { notes: [{ message: 'the other one is here', origin: holds(other.key) }] }
      return diagnose('allocation-clash', { what: named(key), value, other: others }, { origin: holds(key), value, ...notes })
    }),
    ...(exhausted.length > 0 ? [explainExhausted(exhausted, thing, pool, named, originOf)] : []),
  ]
}

function explainExhausted(
  unmet: readonly Exhausted[],
  thing: string,
  pool: string,
  named: (key: string) => string,
  originOf: (key: string) => Origin | undefined,
): Diagnostic {
  const largest = unmet.reduce((a, b) => (b.need > a.need ? b : a))
  const plural = thing.endsWith('s') ? `${thing}es` : `${thing}s`
  const need = `${amount(largest.need)} ${largest.need === 1n ? thing : plural}`
  const reason =
    largest.missing > 0n
      ? `all claims together exceed it by ${amount(largest.missing)}`
      : `${amount(largest.free)} are free, but the largest free piece has ${amount(largest.largestFree)}`
  const what = `${named(largest.key)} (${need})${unmet.length > 1 ? ` and ${unmet.length - 1} more` : ''}`
  // Where all take one each, none is too big.
  const biggest = largest.biggest.filter(({ size }) => size > 1n)
  return diagnose(
    'pool-exhausted',
    { what, pool, reason },
    {
      origin: originOf(largest.key),
      ...(largest.pool.length > 0 && largest.pool.length < 9 ? { allowed: largest.pool } : {}),
      notes: [
        ...biggest.map(({ key, size }) => ({ message: `${named(key)} takes ${amount(size)}`, origin: originOf(key) ?? `ledger ${named(key)}` })),
        ...(largest.quarantined > 0n ? [{ message: `${amount(largest.quarantined)} rest in quarantine: netwright ledger release` }] : []),
      ],
    },
  )
}

/** Up to a million as a number, beyond that as a power of two: `1,024`, `2^80`; what is none, rounded down. */
function amount(n: bigint): string {
  return n <= 1_000_000n ? grouped(Number(n)) : `2^${n.toString(2).length - 1}`
}
