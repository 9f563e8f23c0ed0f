/**
 * The space of a pool as a binary tree of halves, each node knowing how much of it is used and the largest free block in it. Built once for an allocation; taking a block and
 * asking for room cost one walk down. The only mutable data of this room; it never leaves the allocator.
 *
 * Heights are the base-2 logarithm of a size in addresses. `used` is a floating-point count: exact for IPv4, and for IPv6 a pure function of what is in the tree (never a
 * running sum), so it does not depend on the order of insertion either.
 */
import { hash32 } from '#base/canonical.ts'
import { aggregate, bitsOf, contains, overlaps, type Prefix } from '#base/ip.ts'

/** A block of the tree. A half that is absent is free. */
interface Node {
  used: number
  /** Height of the largest free block; -1 when full. */
  room: number
  zero: Node | undefined
  one: Node | undefined
}

interface Root {
  readonly prefix: Prefix
  readonly height: number
  readonly node: Node
}

/** The space of a pool: its maximal prefixes in address order. */
export type BuddyTree = readonly Root[]

/**
 * 2^8 slots of one size make a neighbourhood. Coarser than that, blocks are packed, so that large blocks stay free for later; finer, they are spread, so that each can grow in
 * place: sparse allocation, RFC 3531.
 */
const NEIGHBOURHOOD = 8

/** Bits that are turned from and to a bigint at once. */
const WORD = 32

/** The tree of the pool, empty. Prefixes that touch become one. */
export function buddyTree(pool: readonly Prefix[]): BuddyTree {
  return aggregate(pool).map((prefix) => {
    const height = bitsOf(prefix.family) - prefix.length
    return { prefix, height, node: free(height) }
  })
}

/** The height of the smallest block that holds `size` addresses. */
export function heightOf(size: bigint): number {
  return size <= 1n ? 0 : (size - 1n).toString(2).length
}

/** Marks as used what the pool and `prefix` have in common. */
export function occupy(tree: BuddyTree, prefix: Prefix): void {
  for (const root of tree) {
    if (contains(prefix, root.prefix)) fill(root.node, root.height, pathTo(root, root.prefix), 0)
    else if (overlaps(root.prefix, prefix)) fill(root.node, root.height, pathTo(root, prefix), 0)
  }
}

/**
 * Takes a free block of the given height and returns it; undefined when there is none. The fullest prefix of the pool that has room is used; in it, the walk down prefers the
 * fuller half above a neighbourhood and the emptier one inside, and where they are equal a bit of the hash of `key` decides, so that branches that add
 * different keys seldom take the same block.
 */
export function take(tree: BuddyTree, height: number, key: string): Prefix | undefined {
  let best: Root | undefined
  for (const root of tree) if (root.node.room >= height && (!best || fullness(root) > fullness(best))) best = root
  if (!best) return undefined
  const bit = bitsFrom(key)
  return takeAt(best, height, [], (zero, one, half) => (zero === one ? bit(half) : zero > one === half >= height + NEIGHBOURHOOD ? 0 : 1))
}

/** Takes the lowest free block of the given height inside `region`; undefined when there is none. */
export function takeInside(tree: BuddyTree, region: Prefix, height: number): Prefix | undefined {
  const root = tree.find(({ prefix }) => contains(prefix, region))
  if (!root) return undefined
  const path = pathTo(root, region)
  let node: Node | undefined = root.node
  for (const step of path) {
    if (node && node.room < 0) return undefined
    node = step === 0 ? node?.zero : node?.one
  }
  return node && node.room < height ? undefined : takeAt(root, height, path, () => 0)
}

/** How many addresses are free, and in the largest free block. */
export function freeIn(tree: BuddyTree): { readonly free: bigint; readonly largest: bigint } {
  const room = Math.max(-1, ...tree.map(({ node }) => node.room))
  return { free: tree.reduce((sum, { node, height }) => sum + freeBelow(node, height), 0n), largest: room < 0 ? 0n : 1n << BigInt(room) }
}

/** How many addresses the pool has. */
export function capacityOf(tree: BuddyTree): bigint {
  return tree.reduce((sum, { height }) => sum + (1n << BigInt(height)), 0n)
}

/** Walks down from the root, first along `path`, then into the half that has room or that `prefer` names given what is used of both and their height, and takes the block there. */
function takeAt(root: Root, height: number, path: ArrayLike<number>, prefer: (zero: number, one: number, half: number) => number): Prefix {
  const steps = new Uint8Array(root.height - height)
  let node: Node | undefined = root.node
  for (let at = 0; at < steps.length; at++) {
    const half = root.height - 1 - at
    const zero: Node | undefined = node?.zero
    const one: Node | undefined = node?.one
    steps[at] = path[at] ?? ((zero?.room ?? half) < height ? 1 : (one?.room ?? half) < height ? 0 : prefer(zero?.used ?? 0, one?.used ?? 0, half))
    node = steps[at] === 0 ? zero : one
  }
  fill(root.node, root.height, steps, 0)
  return prefixAt(root, steps)
}

function fill(node: Node, height: number, path: Uint8Array, at: number): void {
  if (node.room < 0) return
  if (at === path.length) {
    node.used = 2 ** height
    node.room = -1
    node.zero = undefined
    node.one = undefined
    return
  }
  const below = height - 1
  if (path[at] === 0) {
    node.zero ??= free(below)
    fill(node.zero, below, path, at + 1)
  } else {
    node.one ??= free(below)
    fill(node.one, below, path, at + 1)
  }
  node.used = (node.zero?.used ?? 0) + (node.one?.used ?? 0)
  node.room = Math.max(node.zero?.room ?? below, node.one?.room ?? below)
}

function freeBelow(node: Node | undefined, height: number): bigint {
  if (!node || node.used === 0) return 1n << BigInt(height)
  return node.room < 0 ? 0n : freeBelow(node.zero, height - 1) + freeBelow(node.one, height - 1)
}

function free(height: number): Node {
  return { used: 0, room: height, zero: undefined, one: undefined }
}

function fullness({ node, height }: Root): number {
  return node.used / 2 ** height
}

/** The turns from the root to a prefix inside it: 0 for the lower half, 1 for the upper. */
function pathTo(root: Root, prefix: Prefix): Uint8Array {
  const steps = new Uint8Array(prefix.length - root.prefix.length)
  let rest = (prefix.base - root.prefix.base) >> BigInt(root.height - steps.length)
  for (let end = steps.length; end > 0; end -= WORD) {
    const word = Number(BigInt.asUintN(WORD, rest))
    for (let i = 1; i <= WORD && i <= end; i++) steps[end - i] = (word >>> (i - 1)) & 1
    rest >>= BigInt(WORD)
  }
  return steps
}

/** The prefix at the end of a path from the root. */
function prefixAt(root: Root, steps: Uint8Array): Prefix {
  let offset = 0n
  for (let at = 0; at < steps.length; ) {
    const end = Math.min(at + WORD, steps.length)
    const width = BigInt(end - at)
    let word = 0
    while (at < end) word = word * 2 + steps[at++]!
    offset = (offset << width) | BigInt(word)
  }
  const { family, base, length } = root.prefix
  return { family, base: base + (offset << BigInt(root.height - steps.length)), length: length + steps.length }
}

/** The hash of a key as a bit for each height; of 32 heights it is one word. */
function bitsFrom(key: string): (height: number) => number {
  const words: number[] = []
  return (height) => {
    const index = height >>> 5
    words[index] ??= hash32(`${key} ${index}`)
    return (words[index] >>> (height & 31)) & 1
  }
}
