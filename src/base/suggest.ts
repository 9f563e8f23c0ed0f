/** "Did you mean": the nearest allowed name to one that was mistyped. */

/** The allowed name nearest to `value`, or undefined when none is near enough to be a typing mistake (a third of its length, at least 1 edit, at most 3). */
export function suggest(value: string, allowed: Iterable<string>): string | undefined {
  const limit = Math.min(3, Math.max(1, Math.floor(value.length / 3)))
  let best: string | undefined
  let bestDistance = limit + 1
  for (const name of allowed) {
    const distance = editDistance(value.toLowerCase(), name.toLowerCase(), bestDistance)
    if (distance < bestDistance) {
      best = name
      bestDistance = distance
    }
  }
  return best
}

/** Damerau-Levenshtein distance (optimal string alignment); gives up with `limit` when it cannot be smaller. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      let distance = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + cost)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) distance = Math.min(distance, beforeLast[j - 2]! + 1)
      row.push(distance)
    }
    beforeLast = last
    last = row
  }
  return last[b.length]!
}
