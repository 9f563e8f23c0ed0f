/** The only makers of a new ledger: what a build claims is written, what it no longer claims goes into quarantine, and what was released leaves it. */
import { type Entry, fullKey, type Ledger, type Scope, type State } from './ledger.ts'

/** What a build claims for one key. */
export interface Claimed {
  readonly value: string
  readonly state: State
}

/**
 * The scope after a build. A claimed entry has the claimed value; its state follows the claim, except that what was active stays active. An entry that is not claimed is freed on
 * `date`, or dropped where `quarantined` says that its value may be taken at once (a pulled cable frees its port). Returns `before` itself when nothing changed.
 */
export function updateScope(
  before: Scope,
  claimed: ReadonlyMap<string, Claimed>,
  { date, quarantined }: { readonly date: string; readonly quarantined: (entry: Entry) => boolean },
): Scope {
  const after = new Map<string, Entry>()
  let changed = false
  for (const [key, entry] of before) {
    if (claimed.has(key)) continue
    const freed = !quarantined(entry) ? undefined : entry.freed ? entry : { ...entry, freed: date }
    if (freed) after.set(key, freed)
    changed ||= freed !== entry
  }
  for (const [key, { value, state }] of claimed) {
    const old = before.get(key)
    const now: Entry = { key, value, state: old?.state === 'active' ? 'active' : state }
    const kept = old && old.value === value && old.state === now.state && !old.freed
    after.set(key, kept ? old : now)
    changed ||= !kept
  }
  return changed ? after : before
}

/**
 * The ledger without the freed entries that are among `keys` (full keys) and were freed before the day `before`; a condition that is left out holds for all. Entries in use are
 * never released. Returns `ledger` itself when there is nothing to release.
 */
export function release(ledger: Ledger, { keys, before }: { readonly keys?: ReadonlySet<string>; readonly before?: string }): Ledger {
  const after = new Map<string, Scope>()
  let changed = false
  for (const [name, scope] of ledger) {
    const kept = new Map([...scope].filter(([key, { freed }]) => !freed || (keys && !keys.has(fullKey(name, key))) || (before && freed >= before)))
    changed ||= kept.size < scope.size
    if (kept.size > 0) after.set(name, kept.size < scope.size ? kept : scope)
  }
  return changed ? after : ledger
}
