/** What becomes of packets: at each stop, what the steps there make of the fates that they lead to. */
import type { Interval } from './boxes.ts'
import type { Network } from './network.ts'
import { remembered } from './remembered.ts'
import { groups, lists, type Members, members, refuse, whole, wholes } from './shapes.ts'
import { OUTSIDE, type Partition, type Step, type Table } from './tables.ts'

export const ROUND = -1
export const UNMET = -2
const ANY_PORT = -1
const OWN = -2

interface Fate {
  /** Whether some way ends nowhere. */
  readonly lost: boolean
  /** By each way that ends somewhere: where, and behind which gates, in order. */
  readonly ways: readonly { readonly end: number; readonly gates: readonly number[] }[]
}

/** The fates of a certificate by number, and others that come up on the way. */
interface Algebra {
  readonly fates: readonly Fate[]
  readonly lost: number
  end(end: number): number
  behind(gate: number, fate: number): number
  either(one: number, other: number): number
}

export function algebraOf(told: readonly Fate[], where: string): Algebra {
  const fates: Fate[] = []
  const numbers = new Map<string, number>()
  const keyOf = ({ lost, ways }: Fate) => `${lost} ${[...new Set(ways.map(({ end, gates }) => `${end}:${gates.join()}`))].sort().join(' ')}`
  const numberOf = (fate: Fate) => {
    const key = keyOf(fate)
    if (!numbers.has(key)) {
      const distinct = new Map(fate.ways.map((way) => [`${way.end}:${way.gates.join()}`, way]))
      numbers.set(key, fates.push({ lost: fate.lost, ways: [...distinct.values()] }) - 1)
    }
    return numbers.get(key)!
  }
  for (const [index, fate] of told.entries()) if (numberOf(fate) !== index) refuse(`${where}.fates[${index}] is told twice.`)
  const known = new Map<number, number>()
  const made = (key: number, make: () => Fate) => {
    if (!known.has(key)) known.set(key, numberOf(make()))
    return known.get(key)!
  }
  // Numbers of gates and fates are far below this.
  const MOST = 2 ** 25
  const ends = remembered((end: number) => numberOf({ lost: false, ways: [{ end, gates: [] }] }))
  const gated = remembered((gate: number) => {
    const behind = new Map<number, number>()
    return (fate: number) => {
      if (!behind.has(fate)) {
        const { lost, ways } = fates[fate]!
        behind.set(fate, numberOf({ lost, ways: ways.map(({ end, gates }) => ({ end, gates: [...new Set([...gates, gate])].sort((a, b) => a - b) })) }))
      }
      return behind.get(fate)!
    }
  })
  return {
    fates,
    lost: numberOf({ lost: true, ways: [] }),
    end: ends,
    behind: (gate, fate) => (gate < 0 ? fate : gated(gate)(fate)),
    either: (one, other) =>
      one === other
        ? one
        : made(one * MOST + other, () => ({ lost: fates[one]!.lost || fates[other]!.lost, ways: [...fates[one]!.ways, ...fates[other]!.ways] })),
  }
}

export function fatesOf(family: Members, where: string, gates: number): readonly Fate[] {
  return lists(family.fates, `${where}.fates`).map(([lost, ...ways], index) => ({
    lost: whole(lost, `${where}.fates[${index}]`, 2) === 1,
    ways: lists(ways, `${where}.fates[${index}]`).map(([end, ...behind]) => ({
      end: whole(end, `an end in ${where}.fates[${index}]`, OUTSIDE + 1),
      gates: wholes(behind, `a gate in ${where}.fates[${index}]`, gates),
    })),
  }))
}

/** What becomes of packets when some devices are missing, or none. */
export interface World {
  readonly stops: readonly { readonly table: number; readonly port: number; readonly row: Int32Array; readonly rank: Int32Array; readonly number: number }[]
  /** By place: the row of the stop at which its packets begin, by number too, and their sources. */
  readonly places: readonly (readonly Begun[])[]
}

export interface Begun {
  readonly number: number
  readonly row: Int32Array
  readonly sources: readonly Interval[]
}

export function worldOf(
  value: unknown,
  where: string,
  network: Network,
  { count, firsts }: Partition,
  fates: number,
): World & { readonly missing: ReadonlySet<number> } {
  const told = members(value, where)
  const rowsIn = (name: string, least: number, end: number) =>
    lists(told[name], `${where}.${name}`).map((runs, index) => {
      const row: number[] = []
      for (const [of, times] of groups(runs as number[], 2, `${where}.${name}[${index}]`)) {
        const value = whole(of, `${where}.${name}[${index}]`, end, least)
        for (let left = whole(times, `${where}.${name}[${index}]`, count + 1); left > 0; left--) row.push(value)
      }
      if (row.length !== count) refuse(`${where}.${name}[${index}] is of ${row.length} kinds, and there are ${count}.`)
      return Int32Array.from(row)
    })
  const rows = rowsIn('rows', UNMET, fates)
  const ranks = rowsIn('ranks', UNMET, 2 ** 31)
  const stops = lists(told.stops, `${where}.stops`).map(([table, port, row, rank], index) => {
    const at = `${where}.stops[${index}]`
    const number = whole(row, at, rows.length)
    return {
      table: whole(table, at, network.tables.length),
      port: whole(port, at, network.ports.length, OWN),
      row: rows[number]!,
      rank: ranks[whole(rank, at, ranks.length)]!,
      number,
    }
  })
  const places = lists(told.places, `${where}.places`).map((begun, place) =>
    lists(begun, `${where}.places[${place}]`).map(([stop, ...sources]): Begun => {
      const at = `${where}.places[${place}]`
      const { number, row } = stops[whole(stop, at, stops.length)]!
      return { number, row, sources: groups(wholes(sources, at, firsts.length), 2, at) }
    }),
  )
  if (places.length !== network.places.length) refuse(`${where}.places are ${places.length}, and there are ${network.places.length} places.`)
  return { stops, places, missing: new Set(wholes(told.missing, `${where}.missing`, network.devices.length)) }
}

/** Looks at each stop and kind by itself: the fate is what the steps there make of the fates that they lead to, and these are nearer to the end. Where packets go round, some step leads to where they go round too. */
export function checkSteps(
  network: Network,
  world: ReturnType<typeof worldOf>,
  tables: readonly Table[],
  passages: ReadonlyMap<string, number>,
  algebra: Algebra,
  count: number,
  where: string,
): void {
  const { devices, ports } = network
  const numbers = new Map(world.stops.map(({ table, port }, number) => [`${table} ${port}`, number]))
  const deviceOf = (table: number) => devices[network.tables[table]!.device]!
  for (const { table, port, row, rank } of world.stops) {
    const { name } = network.tables[table]!
    const at = `${where}: at ${name}${port >= 0 ? ` by ${ports[port]!.name}` : ''}`
    if (port >= 0 && ports[port]!.table !== table) refuse(`${at}: the port is none of that table.`)
    if (port === ANY_PORT && deviceOf(table).asks) refuse(`${at}: its filter asks by which port packets come, and none is told.`)
    const { stepsOf, isOwn, away } = tables[table]!
    const lead = remembered((steps: readonly Step[]) =>
      steps.map((step) => {
        if ('lost' in step) return { gate: -1, fate: algebra.lost, next: undefined }
        if ('enter' in step && world.missing.has(network.tables[ports[step.enter]!.table]!.device)) return { gate: -1, fate: algebra.lost, next: undefined }
        const gate = port < 0 ? -1 : passages.get(`${port} ${step.out}`)
        if (gate === undefined) refuse(`${at}: no gate is told to ${step.out < 0 ? 'the device itself' : ports[step.out]!.name}.`)
        if ('end' in step) return { gate, fate: algebra.end(step.end), next: undefined }
        const to = ports[step.enter]!
        const next = world.stops[numbers.get(`${to.table} ${deviceOf(to.table).asks ? step.enter : ANY_PORT}`)!]
        return { gate, fate: UNMET, next: next ?? refuse(`${at}: packets go on to ${network.tables[to.table]!.name} by ${to.name}, of which nothing is told.`) }
      }),
    )
    for (let kind = 0; kind < count; kind++) {
      const told = row[kind]!
      if (told === UNMET) continue
      let made = UNMET
      let round = false
      for (const { gate, fate, next } of lead((port === OWN && isOwn(kind) && away) || stepsOf(kind))) {
        const there = next ? next.row[kind]! : fate
        if (there === UNMET) refuse(`${at}: packets of kind ${kind} go on to where nothing is told of them.`)
        if (there === ROUND) round = true
        else if (told !== ROUND) {
          if (next && !(next.rank[kind]! >= 0 && next.rank[kind]! < rank[kind]!))
            refuse(`${at}: packets of kind ${kind} come no nearer to an end: the rank is not more than that of the next stop.`)
          const one = algebra.behind(gate, there)
          made = made === UNMET ? one : algebra.either(made, one)
        }
      }
      if (told === ROUND ? !round : round)
        refuse(`${at}: packets of kind ${kind} ${round ? 'go round, which is not told' : 'are told to go round, and do not'}.`)
      if (told !== ROUND && rank[kind]! < 0) refuse(`${at}: packets of kind ${kind} have no rank.`)
      if (told !== ROUND && made !== told) refuse(`${at}: the fate of kind ${kind} is not what its steps make of the fates behind them.`)
    }
  }
}
