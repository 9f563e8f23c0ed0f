/**
 * The ledger: every allocation of the company, by key (rule 2: keys, not positions). It is `netwright.lock` in memory; only {@link file://./update.ts} makes a new one,
 * and only the workspace writes it to disk.
 *
 * A full key is `<scope> <kind> <names...>`: the scope is a site's name or `company`, and no word has a space or `=` in it, such as
 * `ber-office segment users users-3 v4`. A block that outgrew its reservation has further ones under the same key and a number: `ber-office segment users users-3 v4 2`.
 */

/** `active` is in use: the ledger never moves it. `planned` has been promised to nobody yet, and moves when a merge gave its place to something else. */
export type State = 'planned' | 'active'

/** One allocation. */
export interface Entry {
  /** The key without the scope: `segment users users-3 v4`. */
  readonly key: string
  /** Canonical text of what was allocated: a prefix, a number, a port name. No spaces. */
  readonly value: string
  readonly state: State
  /** The day (`2026-11-23`) it was no longer wanted. From then on it is in quarantine: its value goes to no other key until it is released. */
  readonly freed?: string
}

/** The allocations of a site, or of the company, by key without the scope. */
export type Scope = ReadonlyMap<string, Entry>

/** All allocations, by scope. A scope without entries is left out. */
export type Ledger = ReadonlyMap<string, Scope>

/** The key as the file has it. */
export function fullKey(scope: string, key: string): string {
  return `${scope} ${key}`
}

/** The key of the `n`-th block of what `key` names: the first has the key itself. */
export function blockKey(key: string, n: number): string {
  return n === 1 ? key : `${key} ${n}`
}
