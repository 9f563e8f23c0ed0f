/**
 * Numbers from a range: VLAN ids, AS numbers, VNIs, zone nibbles. What a key holds it keeps; a new key takes the number it prefers, else the one its hash names or the next
 * free one above that, so that branches that add different keys seldom take the same. Nothing is as large as the range, which may be the 94,967,295 private AS numbers of RFC 6996.
 */
import { hash32 } from '#base/canonical.ts'
import { byCodeUnit } from '#base/order.ts'
import { claimOf, type Exhausted, type Holder, type Problem, sameValue, settle, type Unreadable, type Want } from './allocation.ts'
import type { Entry } from './ledger.ts'

/** A number wanted. */
export interface NumberWant extends Want {
  /** Taken when it is free and in the range; of two keys that prefer one number, the smaller in code-unit order gets it. */
  readonly prefer?: number
  /** The number it has in the world; may lie outside the range. */
  readonly pinned?: number
}

/** What every want has after this build. */
export interface Numbers {
  /** The number of each want by its key; absent only where `problems` says so. */
  readonly numberOf: ReadonlyMap<string, number>
  readonly problems: readonly Problem[]
}

/**
 * Allocates numbers.
 *
 * @param held entries of this kind, freed ones too. What no want claims is taken all the same: it is in quarantine, or about to be.
 * @param wants in any order; keys differ.
 * @param range both ends included. A held or pinned number may lie outside.
 * @param avoid numbers in use elsewhere: never handed out; a planned one moves, and an active or pinned one is a clash.
 */
export function allocateNumbers({
  held,
  wants,
  range,
  avoid = [],
}: {
  readonly held: Iterable<Entry>
  readonly wants: Iterable<NumberWant>
  readonly range: { readonly first: number; readonly last: number }
  readonly avoid?: Iterable<number>
}): Numbers {
  const wantOf = new Map([...wants].map((want) => [want.key, want]))
  const holders: Holder[] = [...new Set(avoid)].map((number) => ({ key: '', value: String(number), claim: 'reserved' }))
  const unwanted = new Set<number>()
  const unreadable: Unreadable[] = []
  for (const entry of held) {
    const { key, value } = entry
    const want = wantOf.get(key)
    if (!/^(0|[1-9]\d{0,14})$/.test(value)) unreadable.push({ kind: 'unreadable', key, value })
    else if (!want) unwanted.add(Number(value))
    else if (want.pinned === undefined) holders.push({ want: key, key, value, claim: claimOf(entry, want) })
  }
  for (const { key, pinned } of wantOf.values()) if (pinned !== undefined) holders.push({ want: key, key, value: String(pinned), claim: 'pinned' })
  const { stay, clashes } = settle(holders, sameValue(holders))

  const numberOf = new Map<string, number>()
  const taken = new Set(unwanted)
  for (const { want, value } of stay) {
    taken.add(Number(value))
    if (want !== undefined) numberOf.set(want, Number(value))
  }
  const open = [...wantOf.values()].filter(({ key }) => !numberOf.has(key)).sort((a, b) => byCodeUnit(a.key, b.key))
  const give = (key: string, number: number) => {
    taken.add(number)
    numberOf.set(key, number)
  }
  for (const { key, prefer } of open) if (prefer !== undefined && prefer >= range.first && prefer <= range.last && !taken.has(prefer)) give(key, prefer)

  const size = range.last - range.first + 1
  let free = size
  for (const number of taken) if (number >= range.first && number <= range.last) free--
  const unmet: string[] = []
  for (const { key } of open) {
    if (numberOf.has(key)) continue
    if (free <= 0) {
      unmet.push(key)
      continue
    }
    let offset = hash32(key) % size
    while (taken.has(range.first + offset)) offset = (offset + 1) % size
    give(key, range.first + offset)
    free--
  }
  const quarantined = [...unwanted].filter((number) => number >= range.first && number <= range.last).length
  return {
    numberOf,
    problems: [...unreadable.sort((a, b) => byCodeUnit(a.key, b.key)), ...clashes, ...unmet.map((key) => exhausted(key, range, unmet.length, quarantined))],
  }
}

/** Nothing is free, and every claim is of one number. */
function exhausted(key: string, { first, last }: { readonly first: number; readonly last: number }, missing: number, quarantined: number): Exhausted {
  return {
    kind: 'exhausted',
    key,
    need: 1n,
    pool: [`${first}-${last}`],
    free: 0n,
    largestFree: 0n,
    missing: BigInt(missing),
    quarantined: BigInt(quarantined),
    biggest: [],
  }
}
