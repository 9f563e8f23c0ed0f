/**
 * Kinds of destinations: addresses that every table treats alike, so that what becomes of one becomes of all. They are what is left of the addresses when each table has parted them by its legs (the atoms of
 * Yang and Lam, "Real-Time Verification of Network Properties Using Atomic Predicates", ICNP 2013, of the longest prefix alone).
 */
import { bitsOf, type Family } from '#base/ip.ts'
import { type Box, type Boxes, boxOf } from '../boxes/boxes.ts'
import { PACKETS } from '../packet.ts'
import type { Leg } from './lookup.ts'

/** Addresses from the first to the last. */
export type Interval = readonly [first: bigint, last: bigint]

/** All kinds of a family. */
export interface Kinds {
  readonly count: number
  /** The kinds of the addresses from the first to the last. */
  within(interval: Interval): ReadonlySet<number>
  /** All packets to destinations of which the kind has the same value, by value; each as few boxes as there are gaps. */
  boxesBy(values: Int32Array): ReadonlyMap<number, Boxes>
  /** For the legs of a table, by kind, the number of the leg that it is on. */
  legsOf(legs: readonly Leg[]): (kind: number) => number
}

/** Parts the addresses of a family, but for those that nobody asks about, by the legs of all tables. `wayOf` names what a leg does with packets, alike for alike. */
export function kindsOf(family: Family, tables: readonly (readonly Leg[])[], unasked: readonly Interval[], wayOf: (leg: Leg) => string): Kinds {
  const end = 1n << BigInt(bitsOf(family))
  // Atoms: between two neighbouring bounds, no table makes a difference.
  const bounds = new Set<bigint>([0n])
  for (const legs of tables) for (const { first } of legs) bounds.add(first)
  for (const [first, last] of unasked) bounds.add(first).add(last + 1n)
  bounds.delete(end)
  const firsts = [...bounds].sort((a, b) => (a < b ? -1 : 1))
  const at = new Map(firsts.map((first, atom) => [first, atom]))
  const kinds = new Int32Array(firsts.length)
  for (const [first, last] of unasked) for (let atom = at.get(first)!; atom < firsts.length && firsts[atom]! <= last; atom++) kinds[atom] = UNASKED

  /** Legs are next to each other, so each ends where the next one begins. */
  const known = new Map<readonly Leg[], Int32Array>()
  const startsOf = (legs: readonly Leg[]): Int32Array => {
    const starts = known.get(legs) ?? Int32Array.from(legs, ({ first }) => at.get(first)!)
    known.set(legs, starts)
    return starts
  }

  // Each table parts the kinds that there are: by what it does with them, each gets a new number.
  const seen = new Int32Array(firsts.length).fill(-1)
  const renamed = new Int32Array(firsts.length)
  let ways = 0
  let count = 1
  for (const legs of tables) {
    const starts = startsOf(legs)
    const byWay = new Map<string, number[]>()
    for (const [index, leg] of legs.entries()) {
      const way = wayOf(leg)
      const alike = byWay.get(way)
      if (alike) alike.push(index)
      else byWay.set(way, [index])
    }
    if (byWay.size < 2) continue
    count = 0
    for (const alike of byWay.values()) {
      const way = ways++
      for (const index of alike) {
        const end = starts[index + 1] ?? firsts.length
        for (let atom = starts[index]!; atom < end; atom++) {
          const kind = kinds[atom]!
          if (kind === UNASKED) continue
          if (seen[kind] !== way) {
            seen[kind] = way
            renamed[kind] = count++
          }
          kinds[atom] = renamed[kind]!
        }
      }
    }
  }

  const atoms = new Int32Array(count)
  for (const [atom, kind] of kinds.entries()) if (kind !== UNASKED) atoms[kind] = atom
  /** By the first atom and the last one. */
  const boxes = new Map<number, Box>()
  const boxOfRun = (from: number, to: number): Box => {
    const key = from * firsts.length + to
    const known = boxes.get(key)
    if (known) return known
    const box = boxOf(PACKETS[family], { destination: [firsts[from]!, (firsts[to + 1] ?? end) - 1n] })
    boxes.set(key, box)
    return box
  }
  return {
    count,
    boxesBy(values) {
      const found = new Map<number, Box[]>()
      for (let from = 0; from < kinds.length; ) {
        const kind = kinds[from]!
        let to = from
        if (kind !== UNASKED) {
          const value = values[kind]!
          while (to + 1 < kinds.length && kinds[to + 1] !== UNASKED && values[kinds[to + 1]!] === value) to++
          const own = found.get(value)
          if (own) own.push(boxOfRun(from, to))
          else found.set(value, [boxOfRun(from, to)])
        }
        from = to + 1
      }
      return found
    },
    within([first, last]) {
      const found = new Set<number>()
      let [from, to] = [0, firsts.length]
      while (from < to) {
        const middle = (from + to) >> 1
        if (firsts[middle]! <= first) from = middle + 1
        else to = middle
      }
      for (let atom = from - 1; atom < firsts.length && firsts[atom]! <= last; atom++) if (kinds[atom] !== UNASKED) found.add(kinds[atom]!)
      return found
    },
    legsOf(legs) {
      const starts = startsOf(legs)
      return (kind) => {
        const atom = atoms[kind]!
        let [from, to] = [0, starts.length]
        while (from < to) {
          const middle = (from + to) >> 1
          if (starts[middle]! <= atom) from = middle + 1
          else to = middle
        }
        return from - 1
      }
    },
  }
}

/** The kind of addresses that nobody asks about. */
const UNASKED = -1
