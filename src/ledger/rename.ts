/**
 * Renames in the ledger, so that a thing keeps its allocations under a new name. All renames are made at once, each word at most once. The caller passes those whose old
 * name is declared no longer: a declared name has a right to its own entries, so a chain (b becomes c, and a becomes b) takes two builds.
 */
import { byCodeUnit } from '#base/order.ts'
import { type Entry, fullKey, type Ledger } from './ledger.ts'

/** A new name for a site (without `scope`), or for a thing of a site or of the company: a circuit, rack, device, segment, tunnel or replica, or a service as `service/NAME`. */
export interface Rename {
  /** The scope's name as it is now declared: the new one, when the site is renamed too. */
  readonly scope?: string
  readonly from: string
  readonly to: string
}

/** Where an entry is. */
interface Seat {
  readonly scope: string
  readonly entry: Entry
}

/**
 * The ledger under the new names. A site's scope moves as a whole; elsewhere the site is the first part of a word, as in `port edge-a ber-office/colt`. A thing is a whole
 * word, either side of a link (`edge-a~fw-a`, `edge-a~fw-a-sync`) or the first part of a word in its own scope, and in any scope the word after its site's; as the holder of an address it may go
 * by what it is (`management/edge-a`, `service/orders`). What merely begins like the name (`edge-a` for `edge`) is another thing. Where a replica runs is a name too. An entry whose new key is in use already stays where it is. Returns `ledger` itself when nothing
 * was renamed.
 */
export function renameInLedger(ledger: Ledger, renames: readonly Rename[]): Ledger {
  if (renames.length === 0) return ledger
  // Where only the new name is in use, the rename has been made before: what rests under the old one stays there.
  const inUse = (site: string) => [...(ledger.get(site)?.values() ?? [])].some(({ freed }) => !freed)
  const sites = new Map(renames.flatMap(({ scope, from, to }) => (scope === undefined && (inUse(from) || !inUse(to)) ? [[from, to]] : [])))
  const things = new Map(renames.filter(({ scope }) => scope !== undefined).map(({ scope, from, to }) => [`${scope}/${from}`, to]))

  const renameWord = (word: string, scope: string, kind: string): string => {
    const [first, second, ...rest] = word.split('/') as [string, ...string[]]
    const thing = (name: string) => things.get(`${scope}/${name}`) ?? name
    if (kind === 'public') return thing(`service/${word}`).slice('service/'.length)
    if (kind === 'host' && second !== undefined) return first === 'service' ? thing(word) : `${first}/${thing(second)}`
    const sides = first.split('~')
    const own = sides.length > 1 ? sides.map((side) => renameSide(side, thing)).join('~') : thing(first)
    if (own !== first) return [own, ...word.split('/').slice(1)].join('/')
    if (second === undefined) return word
    const site = sites.get(first) ?? first
    return [site, things.get(`${site}/${second}`) ?? second, ...rest].join('/')
  }
  const renameValue = ({ key, value }: Entry, scope: string): string =>
    !key.startsWith('replica ') ? value : scope === 'company' ? (sites.get(value) ?? value) : renameWord(value, scope, 'replica')

  const seats = new Map<string, Seat>()
  for (const [scope, of] of ledger) for (const entry of of.values()) seats.set(fullKey(scope, entry.key), { scope, entry })
  const arrived = new Map<string, string>()
  for (const [key, { scope, entry }] of [...seats].sort(inUseFirst)) {
    if (arrived.has(key)) continue
    const to = sites.get(scope) ?? scope
    const renamed = { ...entry, key: renameWords(entry.key, (word, kind) => renameWord(word, to, kind)), value: renameValue(entry, to) }
    const now = fullKey(to, renamed.key)
    const holder = seats.get(now)?.entry
    if (now === key ? renamed.value === entry.value : holder && (!holder.freed || entry.freed)) continue
    seats.delete(key)
    seats.set(now, { scope: to, entry: renamed })
    arrived.set(now, to)
    // What rests under the new name was another thing's that had it: it goes on resting, under the old name.
    if (holder && now !== key) seats.set(key, { scope, entry: { ...holder, key: entry.key } })
  }
  if (arrived.size === 0) return ledger

  // So does the rest of what a site of that name left.
  const scopes = new Set(arrived.values())
  for (const [from, to] of sites) {
    if (!scopes.has(to)) continue
    for (const entry of ledger.get(to)?.values() ?? []) {
      const [key, back] = [fullKey(to, entry.key), fullKey(from, entry.key)]
      if (seats.get(key)?.entry !== entry || !entry.freed || seats.has(back)) continue
      seats.delete(key)
      seats.set(back, { scope: from, entry })
    }
  }
  const after = new Map<string, Map<string, Entry>>()
  for (const { scope, entry } of seats.values()) {
    const of = after.get(scope)
    if (of) of.set(entry.key, entry)
    else after.set(scope, new Map([[entry.key, entry]]))
  }
  return after
}

function inUseFirst([a, { entry: x }]: [string, Seat], [b, { entry: y }]: [string, Seat]): number {
  return Number(!!x.freed) - Number(!!y.freed) || byCodeUnit(a, b)
}

/** What is added to the name of a link where its two devices have another one. */
const APART = /-(?:sync|management)$/

/** A side of a link, with or without what tells it apart. */
function renameSide(side: string, rename: (name: string) => string): string {
  const to = rename(side)
  const [apart] = APART.exec(side) ?? ['']
  return to !== side ? to : rename(side.slice(0, side.length - apart.length)) + apart
}

/** The key with its names renamed. */
function renameWords(key: string, rename: (word: string, kind: string) => string): string {
  return key
    .split(' ')
    .map((word, index, words) => (isName(words, index) ? rename(word, words[0]!) : word))
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
