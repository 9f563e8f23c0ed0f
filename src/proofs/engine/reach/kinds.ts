/**
 * Kinds of destinations: addresses that every table treats alike, so that what becomes of one becomes of all. They are what is left of the addresses when each table has parted them by its legs (the atoms of
 * Yang and Lam, "Real-Time Verification of Network Properties Using Atomic Predicates", ICNP 2013, of the longest prefix alone).
 */
import { bitsOf, type Family } from '#base/ip.ts'
import { remembered } from '../../remembered.ts'
import { type Box, type Boxes, boxOf } from '../boxes/boxes.ts'
import { PACKETS } from '../packet.ts'
import type { Leg } from './lookup.ts'

/** Addresses from the first to the last. */
export type Interval = readonly [first: bigint, last: bigint]

/** All kinds of a family. */
export interface Kinds {
  readonly count: number
  /** The first address of each atom, in order, and its kind; below zero where nobody asks about it. Atoms are where no table makes a difference. */
  readonly atoms: { readonly firsts: readonly bigint[]; readonly kinds: Int32Array }
  /** The kinds of the addresses from the first to the last. */
  within(interval: Interval): ReadonlySet<number>
  /** All packets to destinations of which the kind has the same value, by value; each as few boxes as there are gaps. */
  boxesBy(values: Int32Array): ReadonlyMap<number, Boxes>
  /** All packets to destinations of some kinds. */
  boxesOf(kinds: ReadonlySet<number>): Boxes
  /** For the legs of a table, by kind, the number of the leg that it is on. */
  legsOf(legs: readonly Leg[]): Int32Array
  /** Kinds that are parted because some tables do something else with some of their addresses now; of all, or of those that are asked about. */
  parted(changes: readonly TableChange[], asked?: ReadonlySet<number>): Parts
}

/** A table that is another one now: its legs, whether one does the same as another did, and what it does, alike for alike. */
export interface TableChange {
  readonly before: readonly Leg[]
  readonly after: readonly Leg[]
  isSame(before: Leg, after: Leg): boolean
  wayOf(leg: Leg): string
}

/** Parts of kinds, by number: within one, every table treats addresses alike, before and after. */
export interface Parts {
  readonly count: number
  /** The kinds that are parted, wholly. */
  readonly kinds: ReadonlySet<number>
  kindOf(part: number): number
  boxesOf(part: number): Boxes
  /** By part, the number of the leg that it is on afterwards where the table of a change treats it otherwise, else {@link AS_BEFORE}. */
  changedBy(change: number): Int32Array
}

/**
 * Parts the addresses of a family that are asked about (intervals in order and apart; all, if not said), but for some, by the legs of all tables. `wayOf` names what a leg does with packets, alike for alike.
 */
export function kindsOf(
  family: Family,
  tables: readonly (readonly Leg[])[],
  unasked: readonly Interval[],
  wayOf: (leg: Leg) => string,
  asked?: readonly Interval[],
): Kinds {
  const end = 1n << BigInt(bitsOf(family))
  /** Of a table, the numbers of the first leg and the one after the last that hold something of an interval. */
  const within = (legs: readonly Leg[], [first, last]: Interval) => [legHolding(legs, first), legHolding(legs, last) + 1] as const
  const others = [...unasked, ...(asked ? gapsOf(asked, end) : [])]
  // Atoms: between two neighbouring bounds, no table makes a difference.
  const bounds = new Set<bigint>([0n])
  for (const legs of tables) {
    if (!asked) for (const { first } of legs) bounds.add(first)
    else
      for (const interval of asked) {
        const [from, to] = within(legs, interval)
        for (let leg = from + 1; leg < to; leg++) bounds.add(legs[leg]!.first)
      }
  }
  for (const [first, last] of others) bounds.add(first).add(last + 1n)
  bounds.delete(end)
  const firsts = [...bounds].sort((a, b) => (a < b ? -1 : 1))
  const at = new Map(firsts.map((first, atom) => [first, atom]))
  const kinds = new Int32Array(firsts.length)
  for (const [first, last] of others) for (let atom = at.get(first)!; atom < firsts.length && firsts[atom]! <= last; atom++) kinds[atom] = UNASKED

  /** The legs of a table that are asked about, and the atoms at which they begin. Legs are next to each other, so each ends where the next one begins. */
  const known = new Map<readonly Leg[], Starts>()
  const startsOf = (legs: readonly Leg[]): Starts => {
    const last = known.get(legs)
    if (last) return last
    const numbers: number[] = []
    const starts: number[] = []
    for (const interval of asked ?? [[0n, end - 1n] as const]) {
      const [from, to] = within(legs, interval)
      for (let leg = from; leg < to; leg++) {
        numbers.push(leg)
        starts.push(at.get(leg === from ? interval[0] : legs[leg]!.first)!)
      }
    }
    const found = { numbers: Int32Array.from(numbers), atoms: Int32Array.from(starts) }
    known.set(legs, found)
    return found
  }
  /** The atoms at which all legs of a table begin, or the first one after that. */
  const atomOf = (first: bigint) => at.get(first) ?? lowest(firsts.length, (atom) => firsts[atom]! >= first)
  const everyStart = remembered((legs: readonly Leg[]) => Int32Array.from(legs, ({ first }) => atomOf(first)))
  /** The same for legs that are made anew: most begin where some did before. */
  const startsAnew = (legs: readonly Leg[], before: readonly Leg[]): Int32Array => {
    const starts = everyStart(before)
    let near = 0
    return Int32Array.from(legs, ({ first }) => {
      while (near < before.length && before[near]!.first < first) near++
      return before[near]?.first === first ? starts[near]! : atomOf(first)
    })
  }

  // Each table parts the kinds that there are: by what it does with them, each gets a new number.
  const seen = new Int32Array(firsts.length).fill(-1)
  const renamed = new Int32Array(firsts.length)
  let ways = 0
  let count = kinds.some((kind) => kind !== UNASKED) ? 1 : 0
  for (const legs of tables) {
    const { numbers, atoms } = startsOf(legs)
    const byWay = new Map<string, number[]>()
    for (const [index, number] of numbers.entries()) {
      const way = wayOf(legs[number]!)
      const alike = byWay.get(way)
      if (alike) alike.push(index)
      else byWay.set(way, [index])
    }
    if (byWay.size < 2) continue
    count = 0
    for (const alike of byWay.values()) {
      const way = ways++
      for (const index of alike) {
        const end = atoms[index + 1] ?? firsts.length
        for (let atom = atoms[index]!; atom < end; atom++) {
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
  /** Runs of atoms of which a value is the same, but for {@link UNASKED}, each told with its first atom and its last. */
  const eachRun = (of: (atom: number) => number, tell: (value: number, from: number, to: number) => void) => {
    for (let from = 0; from < kinds.length; ) {
      const value = of(from)
      let to = from
      if (value !== UNASKED) {
        while (to + 1 < kinds.length && of(to + 1) === value) to++
        tell(value, from, to)
      }
      from = to + 1
    }
  }
  let byKind: readonly (readonly number[])[] | undefined
  const atomsOf = (kind: number) => {
    if (!byKind) {
      const found = Array.from({ length: count }, (): number[] => [])
      for (const [atom, of] of kinds.entries()) if (of !== UNASKED) found[of]!.push(atom)
      byKind = found
    }
    return byKind[kind]!
  }
  /** All that is in a run of atoms in order. */
  const boxesOfAtoms = (sorted: readonly number[]): Boxes => {
    const found: Box[] = []
    for (let at = 0; at < sorted.length; ) {
      let last = at
      while (sorted[last + 1] === sorted[last]! + 1) last++
      found.push(boxOfRun(sorted[at]!, sorted[last]!))
      at = last + 1
    }
    return found
  }
  return {
    count,
    atoms: { firsts, kinds },
    boxesBy(values) {
      const found = new Map<number, Box[]>()
      eachRun(
        (atom) => (kinds[atom] === UNASKED ? UNASKED : values[kinds[atom]!]!),
        (value, from, to) => {
          const own = found.get(value)
          if (own) own.push(boxOfRun(from, to))
          else found.set(value, [boxOfRun(from, to)])
        },
      )
      return found
    },
    boxesOf(some) {
      const found: Box[] = []
      eachRun(
        (atom) => (some.has(kinds[atom]!) ? 0 : UNASKED),
        (_, from, to) => found.push(boxOfRun(from, to)),
      )
      return found
    },
    within([first, last]) {
      const found = new Set<number>()
      const from = lowest(firsts.length, (atom) => firsts[atom]! > first)
      for (let atom = from - 1; atom < firsts.length && firsts[atom]! <= last; atom++) if (kinds[atom] !== UNASKED) found.add(kinds[atom]!)
      return found
    },
    legsOf(legs) {
      const { numbers, atoms: starts } = startsOf(legs)
      return atoms.map((atom) => numbers[legAt(starts, atom)]!)
    },
    parted(changes, asked) {
      /** By change, the runs of atoms that are treated otherwise: from, to before, and the leg afterwards. */
      const runs = changes.map((change) => [...differing(change, everyStart(change.before), startsAnew(change.after, change.before), firsts.length)])
      const parents = new Set<number>()
      const isAsked = (kind: number) => kind !== UNASKED && (asked?.has(kind) ?? true)
      for (const run of runs) for (const [from, to] of run) for (let atom = from; atom < to; atom++) if (isAsked(kinds[atom]!)) parents.add(kinds[atom]!)
      const part = new Int32Array(kinds.length).fill(UNASKED)
      let count = 0
      for (const kind of parents) {
        for (const atom of atomsOf(kind)) part[atom] = count
        count++
      }
      for (const [index, { after, wayOf }] of changes.entries()) {
        const renamed = new Map<string, Map<number, number>>()
        for (const [from, to, leg] of runs[index]!) {
          const way = wayOf(after[leg]!)
          const alike = renamed.get(way) ?? new Map<number, number>()
          renamed.set(way, alike)
          for (let atom = from; atom < to; atom++) {
            const old = part[atom]!
            if (old === UNASKED) continue
            const number = alike.get(old) ?? count++
            alike.set(old, number)
            part[atom] = number
          }
        }
      }
      const boxesOfParts: Boxes[] = []
      // Numbers without gaps, in order of the first atom.
      const numbers = new Int32Array(count).fill(UNASKED)
      const members: number[][] = []
      for (let atom = 0; atom < part.length; atom++) {
        const old = part[atom]!
        if (old === UNASKED) continue
        if (numbers[old] === UNASKED) numbers[old] = members.push([]) - 1
        members[numbers[old]!]!.push(atom)
        part[atom] = numbers[old]!
      }
      return {
        count: members.length,
        kinds: parents,
        kindOf: (number) => kinds[members[number]![0]!]!,
        boxesOf(number) {
          boxesOfParts[number] ??= boxesOfAtoms(members[number]!)
          return boxesOfParts[number]
        },
        changedBy(change) {
          const legs = new Int32Array(members.length).fill(AS_BEFORE)
          for (const [from, to, leg] of runs[change]!) for (let atom = from; atom < to; atom++) if (part[atom] !== UNASKED) legs[part[atom]!] = leg
          return legs
        },
      }
    },
  }
}

/** Legs of a table, by number, and the atoms at which they begin. */
interface Starts {
  readonly numbers: Int32Array
  readonly atoms: Int32Array
}

/** The number of the leg that holds an address. */
function legHolding(legs: readonly Leg[], address: bigint): number {
  return lowest(legs.length, (leg) => legs[leg]!.last >= address)
}

/** The first number below `end` that a condition holds for, which holds for all after it; `end` where it holds for none. */
function lowest(end: number, holds: (number: number) => boolean): number {
  let [from, to] = [0, end]
  while (from < to) {
    const middle = (from + to) >> 1
    if (holds(middle)) to = middle
    else from = middle + 1
  }
  return from
}

/** What intervals in order leave of the addresses below an end. */
function gapsOf(intervals: readonly Interval[], end: bigint): readonly Interval[] {
  const found: Interval[] = []
  let next = 0n
  for (const [first, last] of intervals) {
    if (first > next) found.push([next, first - 1n])
    next = last + 1n
  }
  return next < end ? [...found, [next, end - 1n]] : found
}

/** The number of the leg that an atom is on. */
function legAt(starts: Int32Array, atom: number): number {
  return lowest(starts.length, (leg) => starts[leg]! > atom) - 1
}

/** Runs of atoms that a table treats otherwise than before: the first, the one after the last, and the leg that they are on afterwards. */
function* differing(
  { before, after, isSame }: TableChange,
  starts: Int32Array,
  startsAfter: Int32Array,
  atoms: number,
): Iterable<readonly [from: number, to: number, leg: number]> {
  let [one, other] = [0, 0]
  for (let from = 0; from < atoms; ) {
    const [endOne, endOther] = [starts[one + 1] ?? atoms, startsAfter[other + 1] ?? atoms]
    const to = Math.min(endOne, endOther)
    if (!isSame(before[one]!, after[other]!)) yield [from, to, other]
    if (endOne === to) one++
    if (endOther === to) other++
    from = to
  }
}

/** The part of a kind that a table treats as it did. */
export const AS_BEFORE = -1

/** The kind of addresses that nobody asks about. */
const UNASKED = -1
