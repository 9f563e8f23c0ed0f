/**
 * Renames in the ledger, so that a thing keeps its allocations under a new name. All renames are made at once, each word at most once. The caller passes those whose old
 * name is declared no longer: a declared name has a right to its own entries, so a chain (b becomes c, and a becomes b) takes two builds.
 */
import { byCodeUnit } from '#base/order.ts'
import { type Entry, fullKey, type Ledger } from './ledger.ts'

/** A new name for a site (without `scope`), or for a thing of a site or of the company: a circuit, rack, device, service or segment. */
export interface Rename {
  /** The scope's name as it is now declared: the new one, when the site is renamed too. */
  readonly scope?: string
  readonly from: string
  readonly to: string
}

/**
 * The ledger under the new names. A site's scope moves as a whole; elsewhere the site is the first part of a word, as in `port edge-a ber-office/colt`. A thing is a whole
 * word or the first part of one in its own scope, and in any scope the word after its site's. What merely begins like the name (`edge-a` for `edge`) is another thing. An
 * entry whose new key exists already stays where it is. Returns `ledger` itself when nothing was renamed.
 */
export function renameInLedger(ledger: Ledger, renames: readonly Rename[]): Ledger {
  const sites = new Map(renames.filter(({ scope }) => scope === undefined).map(({ from, to }) => [from, to]))
  const things = new Map(renames.filter(({ scope }) => scope !== undefined).map(({ scope, from, to }) => [`${scope}/${from}`, to]))

  const renameWord = (word: string, scope: string): string => {
    const [first, second, ...rest] = word.split('/') as [string, ...string[]]
    const own = things.get(`${scope}/${first}`)
    if (own !== undefined) return [own, ...word.split('/').slice(1)].join('/')
    if (second === undefined) return word
    const site = sites.get(first) ?? first
    return [site, things.get(`${site}/${second}`) ?? second, ...rest].join('/')
  }

  const entries = [...ledger]
    .flatMap(([scope, of]) => [...of.values()].map((entry) => ({ scope, entry, key: fullKey(scope, entry.key) })))
    .sort((a, b) => byCodeUnit(a.key, b.key))
  const taken = new Set(entries.map(({ key }) => key))
  const moved = new Map<string, { readonly to: string; readonly key: string }>()
  for (const { scope, entry, key } of entries) {
    const to = sites.get(scope) ?? scope
    const renamed = renameWords(entry.key, (word) => renameWord(word, to))
    if (taken.has(fullKey(to, renamed))) continue
    taken.add(fullKey(to, renamed))
    moved.set(key, { to, key: renamed })
  }
  if (moved.size === 0) return ledger

  const after = new Map<string, Map<string, Entry>>()
  for (const { scope, entry, key } of entries) {
    const { to, key: renamed } = moved.get(key) ?? { to: scope, key: entry.key }
    const of = after.get(to) ?? new Map<string, Entry>()
    after.set(to, of.set(renamed, renamed === entry.key ? entry : { ...entry, key: renamed }))
  }
  return after
}

/** The key with its names renamed. The kind, the family and the number of a block after it are not names. */
function renameWords(key: string, rename: (word: string) => string): string {
  const isFamily = (word: string | undefined) => word === 'v4' || word === 'v6'
  return key
    .split(' ')
    .map((word, i, words) => (i === 0 || isFamily(word) || isFamily(words[i - 1]) ? word : rename(word)))
    .join(' ')
}
