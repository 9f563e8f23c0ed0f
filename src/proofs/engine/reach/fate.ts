/** The algebra of fates: ends, gates in front of a fate, and either of two. Fates that are the same have one number. */

/** Where packets end: with hosts on a wire; with a device that hosts and people speak to; with a router at its own interface; with somebody outside. */
export const END = { hosts: 0, device: 1, router: 2, outside: 3 } as const

/** Gates that are all to be passed, in order of their numbers: since nothing is rewritten, it makes no difference in which order that is. One object for the same gates. */
export interface GateSet {
  readonly gates: readonly number[]
}

/** What becomes of packets that come to a stop. */
export interface Fate {
  /** Different ways among several equal ones that end somewhere, each with the gates on it. */
  readonly ways: readonly { readonly behind: GateSet; readonly end: number }[]
  /** The gates of all ways: what passes them all arrives on each. Undefined where some way ends nowhere. */
  readonly all: GateSet | undefined
  /** The devices between which some way goes round. */
  readonly round: readonly string[] | undefined
}

/** All fates that were met, by number. */
export interface FateTable {
  readonly lost: number
  /** By {@link END}. */
  readonly ends: readonly number[]
  of(number: number): Fate
  /** That of packets that go round between devices. */
  round(devices: readonly string[]): number
  /** The fate behind a gate, or behind none. */
  behind(gate: number | undefined, next: number): number
  /** That of packets which may have the one or the other. */
  either(one: number, other: number): number
}

/** A table with nothing but the ends. */
export function fateTable(): FateTable {
  const fates: Fate[] = []
  const sets = new Map<string, GateSet & { readonly number: number }>()
  const setOf = (gates: Iterable<number>) => {
    const sorted = [...new Set(gates)].sort((a, b) => a - b)
    const key = sorted.join()
    const set = sets.get(key) ?? { gates: sorted, number: sets.size }
    sets.set(key, set)
    return set
  }
  type Way = { readonly behind: ReturnType<typeof setOf>; readonly end: number }
  const numbers = new Map<string, number>()
  const numberOf = (all: readonly Way[], nowhere: boolean, round?: readonly string[]): number => {
    const keyed = new Map(all.map((way) => [`${way.behind.number} ${way.end}`, way]))
    const keys = [...keyed.keys()].sort()
    const key = `${keys.join()} ${nowhere} ${round?.join() ?? ''}`
    const known = numbers.get(key)
    if (known !== undefined) return known
    const ways = keys.map((key) => keyed.get(key)!)
    const number = fates.push({ ways, all: nowhere ? undefined : setOf(ways.flatMap(({ behind }) => behind.gates)), round }) - 1
    numbers.set(key, number)
    return number
  }
  const NO_GATES = setOf([])
  const LOST = numberOf([], true)
  const ENDS = Object.values(END).map((end) => numberOf([{ behind: NO_GATES, end }], false))

  /** Fates behind a gate, by gate, then by what is behind it. */
  const gated: Map<number, number>[] = []
  const behind = (gate: number | undefined, next: number): number => {
    if (gate === undefined || next === LOST) return next
    gated[gate] ??= new Map()
    let number = gated[gate].get(next)
    if (number === undefined) {
      const { ways, all, round } = fates[next]!
      const through = ways.map(({ behind, end }) => ({ behind: setOf([...behind.gates, gate]), end }))
      number = numberOf(through, all === undefined, round)
      gated[gate].set(next, number)
    }
    return number
  }
  const pairs: Map<number, number>[] = []
  const either = (one: number, other: number): number => {
    if (one === other) return one
    const [a, b] = one < other ? [one, other] : [other, one]
    pairs[a] ??= new Map()
    let number = pairs[a].get(b)
    if (number === undefined) {
      const both = [fates[a]!, fates[b]!]
      number = numberOf(
        both.flatMap(({ ways }) => ways as readonly Way[]),
        both.some(({ all }) => all === undefined),
        both.find(({ round }) => round)?.round,
      )
      pairs[a].set(b, number)
    }
    return number
  }

  return { lost: LOST, ends: ENDS, of: (number) => fates[number]!, round: (devices) => numberOf([], true, devices), behind, either }
}
