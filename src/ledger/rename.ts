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
 * word, either side of a link (`edge-a~fw-a`) or the first part of a word in its own scope, and in any scope the word after its site's. What merely begins like the name
 * (`edge-a` for `edge`) is another thing. Where a replica runs is a name too. An entry whose new key exists already stays where it is. Returns `ledger` itself when nothing
 * was renamed.
 */
export function renameInLedger(ledger: Ledger, renames: readonly Rename[]): Ledger {
  const sites = new Map(renames.filter(({ scope }) => scope === undefined).map(({ from, to }) => [from, to]))
  const things = new Map(renames.filter(({ scope }) => scope !== undefined).map(({ scope, from, to }) => [`${scope}/${from}`, to]))

  const renameWord = (word: string, scope: string): string => {
    const [first, second, ...rest] = word.split('/') as [string, ...string[]]
    const thing = (name: string) => things.get(`${scope}/${name}`) ?? name
    const own = first.split('~').map(thing).join('~')
    if (own !== first) return [own, ...word.split('/').slice(1)].join('/')
    if (second === undefined) return word
    const site = sites.get(first) ?? first
    return [site, things.get(`${site}/${second}`) ?? second, ...rest].join('/')
  }
  const renameValue = ({ key, value }: Entry, scope: string): string =>
    !key.startsWith('replica ') ? value : scope === 'company' ? (sites.get(value) ?? value) : renameWord(value, scope)

  const entries = [...ledger]
    .flatMap(([scope, of]) => [...of.values()].map((entry) => ({ scope, entry, key: fullKey(scope, entry.key) })))
    .sort((a, b) => byCodeUnit(a.key, b.key))
  const taken = new Set(entries.map(({ key }) => key))
  const moved = new Map<string, { readonly to: string; readonly entry: Entry }>()
  for (const { scope, entry, key } of entries) {
    const to = sites.get(scope) ?? scope
    const renamed = { ...entry, key: renameWords(entry.key, (word) => renameWord(word, to)), value: renameValue(entry, to) }
    const now = fullKey(to, renamed.key)
    if (now === key ? renamed.value === entry.value : taken.has(now)) continue
    taken.add(now)
    moved.set(key, { to, entry: renamed })
  }
  if (moved.size === 0) return ledger

  const after = new Map<string, Map<string, Entry>>()
  for (const { scope, entry, key } of entries) {
    const now = moved.get(key) ?? { to: scope, entry }
    const of = after.get(now.to) ?? new Map<string, Entry>()
    after.set(now.to, of.set(now.entry.key, now.entry))
  }
  return after
}

/** The key with its names renamed. */
function renameWords(key: string, rename: (word: string) => string): string {
  return key
    .split(' ')
    .map((word, index, words) => (isName(words, index) ? rename(word) : word))
    .join(' ')
}

/** Whether a word of a key names a thing that can be renamed. The kind does not, nor do zones, families, numbers, and words that tell one key of a thing from another. */
function isName(words: readonly string[], index: number): boolean {
  switch (words[0]) {
    case 'block':
    case 'space':
    case 'zone':
      return false
    // `segment ZONE NAME v4`, `infrastructure loopback NAME`, `infrastructure link NAME ZONE`
    case 'segment':
    case 'infrastructure':
      return index === 2
    // `port DEVICE LINK`, `port DEVICE desk 3`
    case 'port':
      return index === 1 || (index === 2 && words.length === 3)
    default:
      return index > 0
  }
}
