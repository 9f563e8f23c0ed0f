/** What is told again and again, told once and called by its number. */
import { bitsOf, type Family } from '#base/ip.ts'
import type { Interval } from '../intent/intervals.ts'

/** Numbers things as they come up, the same for those with the same key. */
export function numbering<T>(keyOf: (thing: T) => string): { of(thing: T): number; all(): readonly T[] } {
  const numbers = new Map<string, number>()
  const all: T[] = []
  return {
    of(thing) {
      const key = keyOf(thing)
      const number = numbers.get(key) ?? all.push(thing) - 1
      numbers.set(key, number)
      return number
    },
    all: () => all,
  }
}

/** Values and how often each follows itself. */
export function runsOf(count: number, of: (index: number) => number): readonly number[] {
  const runs: number[] = []
  for (let from = 0; from < count; ) {
    const value = of(from)
    let end = from + 1
    while (end < count && of(end) === value) end++
    runs.push(value, end - from)
    from = end
  }
  return runs
}

/** Atoms so small that every interval is made of whole ones: those of the tables, cut further at the bounds of all others. */
export function cutsOf(family: Family, atoms: readonly bigint[], intervals: readonly Interval[]) {
  const end = 1n << BigInt(bitsOf(family))
  const bounds = new Set(atoms)
  for (const [first, last] of intervals) bounds.add(first).add(last + 1n)
  bounds.delete(end)
  const firsts = [...bounds].sort((a, b) => (a < b ? -1 : 1))
  const numbers = new Map(firsts.map((first, number) => [first, number]))
  return {
    firsts,
    interval: ([first, last]: Interval): readonly [number, number] => [numbers.get(first)!, (numbers.get(last + 1n) ?? firsts.length) - 1],
    /** Runs of the tables' atoms of one kind. */
    runs: (kinds: Int32Array) => atoms.flatMap((first, atom) => (atom > 0 && kinds[atom] === kinds[atom - 1] ? [] : [numbers.get(first)!, kinds[atom]!])),
  }
}
