/**
 * What all allocators share. Each is a pure function of the entries held, the wants and the pool; none reads a list's order, and none moves what is in use.
 * Keys only have to be unique within a call: for a pool that several scopes share, pass full keys.
 *
 * Whether a held value stays when another claims the same place is decided here, by {@link settle}, for every kind of value.
 */
import { byCodeUnit } from '#base/order.ts'
import type { Entry, State } from './ledger.ts'

/** What is wanted in this build, by ledger key. */
export interface Want {
  readonly key: string
  /** Whether it is in use already; a held value counts as active when either its entry or its want says so. */
  readonly state: State
}

/** Why an allocator could not do as asked. The caller knows the places, and makes the diagnostic. */
export type Problem = Exhausted | Clash | Unreadable

/** No place for the key. All numbers are in addresses, numbers, ports or rack units, and are counted after everything else has been placed. */
export interface Exhausted {
  readonly kind: 'exhausted'
  readonly key: string
  /** How much the key needs in one piece. */
  readonly need: bigint
  /** What it was to be taken from. */
  readonly pool: readonly string[]
  readonly free: bigint
  /** The largest free piece. */
  readonly largestFree: bigint
  /** By how much all claims together exceed the pool: 0 when the space would do, but lies in pieces that are too small. */
  readonly missing: bigint
  /** How much is held in the pool by entries that are no longer wanted: what `netwright ledger release` can give back. */
  readonly quarantined: bigint
  /** The largest claims on the pool, largest first; at most three. */
  readonly biggest: readonly { readonly key: string; readonly size: bigint }[]
}

/** Two claims to one place, neither of which may move. */
export interface Clash {
  readonly kind: 'clash'
  readonly key: string
  readonly value: string
  /** The other claim; it has no key when the place is reserved. */
  readonly other: { readonly key?: string; readonly value: string }
}

/** An entry whose value is not of the kind that its key says: somebody edited the ledger. */
export interface Unreadable {
  readonly kind: 'unreadable'
  readonly key: string
  readonly value: string
}

/** A claim to a place. */
export interface Holder {
  /** The want it is for; absent for what is reserved. */
  readonly want?: string
  readonly key: string
  readonly value: string
  readonly claim: Claim
}

/** How firm a claim is, firmest first. Wanted again after it was freed: it gets its value back unless somebody else has it by now. */
export type Claim = 'reserved' | 'pinned' | 'active' | 'planned' | 'freed'

const ORDER: Readonly<Record<Claim, number>> = { reserved: 0, pinned: 1, active: 2, planned: 3, freed: 4 }

/** The claim of a want to the value it holds. */
export function claimOf(entry: Entry, want: Want): Claim {
  return entry.freed ? 'freed' : entry.state === 'active' ? 'active' : want.state
}

/**
 * Decides who stays, given each pair of holders that are in each other's way: the firmer claim, else the smaller key in code-unit order. Two claims of which neither may move
 * both stay, and are a clash; but two of the same want never clash, the later key loses.
 */
export function settle<H extends Holder>(
  holders: readonly H[],
  rivals: Iterable<readonly [H, H]>,
): { readonly stay: ReadonlySet<H>; readonly clashes: readonly Clash[] } {
  const rivalsOf = new Map<H, H[]>()
  const add = (holder: H, rival: H) => {
    const known = rivalsOf.get(holder)
    if (known) known.push(rival)
    else rivalsOf.set(holder, [rival])
  }
  for (const [a, b] of rivals) {
    add(a, b)
    add(b, a)
  }
  const stay = new Set(holders)
  if (rivalsOf.size === 0) return { stay, clashes: [] }

  for (const holder of rivalsOf.keys()) stay.delete(holder)
  const clashes: Clash[] = []
  for (const holder of [...rivalsOf.keys()].sort(byFirmness)) {
    const stronger = rivalsOf
      .get(holder)!
      .filter((rival) => stay.has(rival))
      .sort(byFirmness)
    const movable = ORDER[holder.claim] > ORDER.active || stronger.some((rival) => rival.want !== undefined && rival.want === holder.want)
    if (movable && stronger.length > 0) continue
    stay.add(holder)
    if (holder.want === undefined) continue
    for (const { want, key, value } of stronger) {
      clashes.push({ kind: 'clash', key: holder.key, value: holder.value, other: want === undefined ? { value } : { key, value } })
    }
  }
  return { stay, clashes }
}

/** The pairs of holders that have the same value. */
export function sameValue<H extends Holder>(holders: Iterable<H>): [H, H][] {
  const withValue = new Map<string, H[]>()
  const pairs: [H, H][] = []
  for (const holder of holders) {
    const others = withValue.get(holder.value)
    for (const other of others ?? []) pairs.push([other, holder])
    if (others) others.push(holder)
    else withValue.set(holder.value, [holder])
  }
  return pairs
}

function byFirmness(a: Holder, b: Holder): number {
  return ORDER[a.claim] - ORDER[b.claim] || byCodeUnit(a.key, b.key)
}
