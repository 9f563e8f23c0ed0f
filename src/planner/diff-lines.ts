/**
 * The difference of two texts, line by line: patience diff (Bram Cohen). Lines that each side has once are anchors, as many as are in the same order; what lies between two
 * anchors is gone through again. A stretch without such lines is anchored by its repeated ones. Not always the shortest diff, but near-linear, and it never matches a closing
 * brace before the line that it closes.
 */

/** Lines that are replaced: `removed`, which begin at line `before` of the one, by `added`, which begin at line `after` of the other. Lines count from 1. */
export interface Hunk {
  readonly before: number
  readonly removed: readonly string[]
  readonly after: number
  readonly added: readonly string[]
}

/** A stretch of each text: lines `a` to `endA` of one, `b` to `endB` of the other, the ends excluded. */
type Stretch = readonly [a: number, endA: number, b: number, endB: number]

/** A line of one text and the line of the other that it is kept as. */
type Pair = readonly [a: number, b: number]

/** The hunks that make `after` of `before`, in order. Both texts are empty or end with a newline. `diffLines(b, a)` is the mirror image of `diffLines(a, b)`. */
export function diffLines(before: string, after: string): Hunk[] {
  // Among equally good diffs the choice depends on the direction: always go the same way.
  if (before > after) return diffLines(after, before).map((hunk) => ({ before: hunk.after, removed: hunk.added, after: hunk.before, added: hunk.removed }))
  const [one, other] = [linesOf(before), linesOf(after)]
  const partner = match(one, other)
  const hunks: Hunk[] = []
  for (let a = 0, b = 0; a <= one.length; a++, b++) {
    const [from, at] = [a, b]
    while (a < one.length && partner[a]! < 0) a++
    b = a < one.length ? partner[a]! : other.length
    if (a > from || b > at) hunks.push({ before: from + 1, removed: one.slice(from, a), after: at + 1, added: other.slice(at, b) })
  }
  return hunks
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n')
}

/** For each line of `one`, the line of `other` that it is kept as, or −1. Increasing. */
function match(one: readonly string[], other: readonly string[]): Int32Array {
  const partner = new Int32Array(one.length).fill(-1)
  const stretches: Stretch[] = [[0, one.length, 0, other.length]]
  for (let next = stretches.pop(); next; next = stretches.pop()) {
    let [a, endA, b, endB] = next
    while (a < endA && b < endB && one[a] === other[b]) partner[a++] = b++
    while (a < endA && b < endB && one[endA - 1] === other[endB - 1]) partner[--endA] = --endB
    if (a === endA || b === endB) continue
    const anchors = longestIncreasing(pairsIn(one, other, [a, endA, b, endB]))
    for (const [x, y] of anchors) {
      partner[x] = y
      stretches.push([a, x, b, y])
      a = x + 1
      b = y + 1
    }
    // Without an anchor there is no line that both have.
    if (anchors.length > 0) stretches.push([a, endA, b, endB])
  }
  return partner
}

/** The lines that each side of the stretch has exactly once, in the order of `one`; if there are none, each repeated line with its like, first with first. */
function pairsIn(one: readonly string[], other: readonly string[], [a, endA, b, endB]: Stretch): readonly Pair[] {
  const [mine, theirs] = [occurrencesIn(one, a, endA), occurrencesIn(other, b, endB)]
  const pairs = [...mine].flatMap(([key, x]): Pair[] => (theirs.has(key) ? [[x, theirs.get(key)!]] : []))
  const unique = pairs.filter(([x]) => !mine.has(`2 ${one[x]}`) && !theirs.has(`2 ${one[x]}`))
  return unique.length > 0 ? unique : pairs
}

/** Where each line is, as `n line` for the n-th time that it comes. */
function occurrencesIn(lines: readonly string[], from: number, end: number): ReadonlyMap<string, number> {
  const times = new Map<string, number>()
  const at = new Map<string, number>()
  for (let i = from; i < end; i++) {
    const time = (times.get(lines[i]!) ?? 0) + 1
    times.set(lines[i]!, time)
    at.set(`${time} ${lines[i]}`, i)
  }
  return at
}

/** The most pairs whose second numbers increase as the first ones do (patience sorting). */
function longestIncreasing(pairs: readonly Pair[]): readonly Pair[] {
  const piles: number[] = []
  const previous = pairs.map(([, y], index) => {
    let [low, high] = [0, piles.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (pairs[piles[middle]!]![1] < y) low = middle + 1
      else high = middle
    }
    piles[low] = index
    return piles[low - 1]
  })
  const run: Pair[] = []
  for (let at = piles.at(-1); at !== undefined; at = previous[at]) run.push(pairs[at]!)
  return run.reverse()
}
