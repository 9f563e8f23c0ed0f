/**
 * Prefixes from a pool. What a key holds it keeps; what it needs beyond that it gets as one more block, beside the first when that is free. New blocks are placed largest first
 * into the {@link BuddyTree}, which packs any batch that fits by its sum into an empty prefix: aligned powers of two, no block smaller than the next (Kraft's inequality), so
 * "does not fit" is a proof.
 */
import { aggregate, bitsOf, comparePrefixes, contains, type Prefix, parsePrefix, prefixAround, prefixOf, showPrefix, sizeOf } from '#base/ip.ts'
import { byCodeUnit } from '#base/order.ts'
import { claimOf, type Exhausted, type Holder, type Problem, settle, type Unreadable, type Want } from './allocation.ts'
import { type BuddyTree, buddyTree, capacityOf, freeIn, heightOf, occupy, take, takeInside } from './buddy-tree.ts'
import { blockKey, type Entry } from './ledger.ts'

/** A prefix wanted. Its key must not end in a number: further blocks do. */
export interface PrefixWant extends Want {
  /** How many addresses it needs; rounded up to a power of two where a block is made for it. */
  readonly size: bigint
  /** Canonical text of the prefix it has in the world. It takes the place of the first block; further ones are added when it is too small. */
  readonly pinned?: string
}

/** A block, with the key of its entry: the want's own for the first, with a number for a further one. */
export interface Block {
  readonly key: string
  readonly value: string
}

/** What every want has after this build. */
export interface Prefixes {
  /** The blocks of each want by its key, first block first; empty or too small only where `problems` says so. */
  readonly blocksOf: ReadonlyMap<string, readonly Block[]>
  readonly problems: readonly Problem[]
}

/** A block that is held, or pinned. */
interface Held extends Holder {
  readonly prefix: Prefix
}

/** A block to be made. */
interface Need {
  readonly want: PrefixWant
  readonly key: string
  readonly height: number
  /** The block it should lie beside, when there is one. */
  readonly beside: Prefix | undefined
}

/**
 * Allocates prefixes of one family.
 *
 * @param held entries of this kind and family, freed ones too. What no want claims is taken all the same: it is in quarantine, or about to be.
 * @param wants in any order; keys differ.
 * @param blocks canonical text of the pool's prefixes, in any order. A held or pinned prefix may lie outside.
 * @param avoid canonical text of what is in use elsewhere: never handed out; a planned block in it moves, and an active or pinned one is a clash.
 */
export function allocatePrefixes({
  held,
  wants,
  blocks,
  avoid,
}: {
  readonly held: Iterable<Entry>
  readonly wants: Iterable<PrefixWant>
  readonly blocks: readonly string[]
  readonly avoid: readonly string[]
}): Prefixes {
  const wantOf = new Map([...wants].map((want) => [want.key, want]))
  const claims = claimsOf(held, wantOf)
  const reserved = avoid.map((value): Held => ({ key: '', value, claim: 'reserved', prefix: prefixOf(value) }))
  const { stay, clashes } = settle([...reserved, ...claims.holders], overlapping([...reserved, ...claims.holders]))

  const tree = buddyTree(blocks.map(prefixOf))
  const blocksOf = new Map<string, Held[]>([...wantOf.keys()].sort(byCodeUnit).map((key) => [key, []]))
  for (const holder of stay) if (holder.want !== undefined) blocksOf.get(holder.want)!.push(holder)
  for (const taken of [...stay, ...claims.unwanted]) occupy(tree, taken.prefix)

  const unmet: Need[] = []
  for (const need of needsOf(wantOf.values(), blocksOf)) {
    const prefix = (need.beside && takeInside(tree, need.beside, need.height)) ?? take(tree, need.height, need.key)
    if (prefix) blocksOf.get(need.want.key)!.push({ want: need.want.key, key: need.key, value: showPrefix(prefix), claim: need.want.state, prefix })
    else unmet.push(need)
  }
  return {
    blocksOf: new Map(
      [...blocksOf].map(([key, of]) => [key, of.sort((a, b) => numberOf(key, a) - numberOf(key, b)).map(({ key, value }) => ({ key, value }))]),
    ),
    problems: [...claims.unreadable, ...clashes, ...exhausted(unmet, blocks, tree, [...claims.unwanted, ...[...blocksOf.values()].flat()])],
  }
}

/** The claims of the wants to what they hold or are pinned to, and what is held by nobody wanted. */
function claimsOf(
  held: Iterable<Entry>,
  wantOf: ReadonlyMap<string, PrefixWant>,
): { holders: readonly Held[]; unwanted: readonly Held[]; unreadable: readonly Unreadable[] } {
  const holders: Held[] = []
  const unwanted: Held[] = []
  const unreadable: Unreadable[] = []
  for (const entry of held) {
    const { key, value } = entry
    const prefix = parsePrefix(value)
    if (!prefix) {
      unreadable.push({ kind: 'unreadable', key, value })
      continue
    }
    const want = wantOf.get(key) ?? wantOf.get(key.replace(/ \d+$/, ''))
    if (!want) unwanted.push({ key, value, claim: 'freed', prefix })
    else if (want.pinned === undefined || key !== want.key) holders.push({ want: want.key, key, value, claim: claimOf(entry, want), prefix })
  }
  for (const { key, pinned } of wantOf.values()) {
    if (pinned !== undefined) holders.push({ want: key, key, value: pinned, claim: 'pinned', prefix: prefixOf(pinned) })
  }
  return { holders, unwanted, unreadable: unreadable.sort((a, b) => byCodeUnit(a.key, b.key)) }
}

/** The pairs that overlap: prefixes nest or are apart, so in order of address each lies in those still open before it. */
function overlapping(holders: readonly Held[]): [Held, Held][] {
  const pairs: [Held, Held][] = []
  const open: Held[] = []
  for (const holder of [...holders].sort((a, b) => comparePrefixes(a.prefix, b.prefix))) {
    while (open.length > 0 && !contains(open.at(-1)!.prefix, holder.prefix)) open.pop()
    for (const container of open) pairs.push([container, holder])
    open.push(holder)
  }
  return pairs
}

/** The blocks to be made: largest first; of one size, those that go beside what is there already before new ones; then by key. */
function needsOf(wants: Iterable<PrefixWant>, blocksOf: ReadonlyMap<string, readonly Held[]>): Need[] {
  const needs: Need[] = []
  for (const want of wants) {
    const has = blocksOf.get(want.key)!
    const size = want.size - has.reduce((sum, { prefix }) => sum + sizeOf(prefix), 0n)
    if (has.length > 0 && size <= 0n) continue
    const height = heightOf(size)
    let n = 1
    while (has.some(({ key }) => key === blockKey(want.key, n))) n++
    needs.push({ want, key: blockKey(want.key, n), height, beside: besideOf(want.key, has, height) })
  }
  return needs.sort((a, b) => b.height - a.height || Number(!a.beside) - Number(!b.beside) || byCodeUnit(a.key, b.key))
}

/** The buddy of the first block, with all that has joined it, or of the block as large as the need around that: where a further block makes one aggregate with it. */
function besideOf(key: string, has: readonly Held[], height: number): Prefix | undefined {
  const first = has.find((block) => block.key === key)?.prefix
  if (!first) return undefined
  const home = aggregate(has.map(({ prefix }) => prefix)).find((prefix) => contains(prefix, first))!
  const length = Math.min(home.length, bitsOf(home.family) - height)
  if (length === 0) return undefined
  const { family, base } = prefixAround({ family: home.family, value: home.base }, length)
  return { family, base: base ^ (1n << BigInt(bitsOf(family) - length)), length }
}

/** One problem for each need that found no place, by key. */
function exhausted(unmet: readonly Need[], pool: readonly string[], tree: BuddyTree, holders: readonly Held[]): Exhausted[] {
  if (unmet.length === 0) return []
  const { free, largest: largestFree } = freeIn(tree)
  const needed = unmet.reduce((sum, { height }) => sum + (1n << BigInt(height)), 0n)
  const roots = tree.map(({ prefix }) => prefix)
  const inside = holders.filter(({ prefix }) => roots.some((root) => contains(root, prefix)))
  const quarantine = buddyTree(inside.filter(({ want }) => want === undefined).map(({ prefix }) => prefix))
  const sizes = new Map<string, bigint>()
  for (const { want, key, prefix } of inside) sizes.set(want ?? key, (sizes.get(want ?? key) ?? 0n) + sizeOf(prefix))
  for (const { want, height } of unmet) sizes.set(want.key, (sizes.get(want.key) ?? 0n) + (1n << BigInt(height)))
  const biggest = [...sizes].map(([key, size]) => ({ key, size })).sort((a, b) => (a.size === b.size ? byCodeUnit(a.key, b.key) : a.size > b.size ? -1 : 1))
  return [...unmet]
    .sort((a, b) => byCodeUnit(a.key, b.key))
    .map(({ want, height }) => ({
      kind: 'exhausted',
      key: want.key,
      need: 1n << BigInt(height),
      pool,
      free,
      largestFree,
      missing: needed > free ? needed - free : 0n,
      quarantined: capacityOf(quarantine),
      biggest: biggest.slice(0, 3),
    }))
}

function numberOf(key: string, block: Holder): number {
  return block.key === key ? 1 : Number(block.key.slice(key.length + 1))
}
