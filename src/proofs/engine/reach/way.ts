/** The way of packets to one address: a stop for each table on it, found from the far end. */
import type { Family } from '#base/ip.ts'
import { tableName } from '../routing/forwarding.ts'
import type { End, Step, Steps } from './steps.ts'

/** A table on the way. */
export interface Stop {
  /** Where packets go on, each step with an equal share. */
  readonly steps: readonly Step[]
  /** The stop that each step leads to; none where packets end, are lost, or go round. */
  readonly nexts: readonly (Stop | undefined)[]
  /** Where packets end, each with its share; what is lost is not among them. */
  readonly ends: ReadonlyMap<End, number>
  /** bit/s that wait to go on. */
  load: number
}

/** The way to an address. */
export interface Way {
  readonly family: Family
  readonly address: bigint
  /** The stop of a table, with all that come after it. */
  enter(device: string, vrf: string): Stop
  /** Its stops, if there is one. */
  find(table: string): Stop | undefined
  /** All stops, each before those that its steps lead to. */
  farthestFirst(): Iterable<Stop>
}

/** Begins a way, on which no table is yet, or one that goes on into another; `told` hears of each table that it comes by. */
export function wayTo(steps: Steps, family: Family, address: bigint, into?: Way, told: (table: string) => void = () => {}): Way {
  /** Undefined while what comes after it is looked for. */
  const stops = new Map<string, Stop | undefined>()
  const order: Stop[] = []
  const find = (table: string) => stops.get(table) ?? into?.find(table)
  return { family, address, enter, find, farthestFirst }

  function enter(device: string, vrf: string): Stop {
    return stopAt(device, vrf)!
  }

  function stopAt(device: string, vrf: string): Stop | undefined {
    const table = tableName(device, vrf)
    const known = find(table)
    // Who comes back here goes round, and to no end.
    if (known || stops.has(table)) return known
    stops.set(table, undefined)
    told(table)
    const own = steps.of(device, vrf, family, address)
    const nexts = own.map(({ to }) => (to && !('isEnd' in to) ? stopAt(to.device, to.vrf) : undefined))
    const stop = { steps: own, nexts, ends: endsOf(own, nexts), load: 0 }
    stops.set(table, stop)
    order.push(stop)
    return stop
  }

  function* farthestFirst(): Iterable<Stop> {
    for (let at = order.length - 1; at >= 0; at--) yield order[at]!
    if (into) yield* into.farthestFirst()
  }
}

function endsOf(steps: readonly Step[], nexts: readonly (Stop | undefined)[]): ReadonlyMap<End, number> {
  if (steps.length === 1 && nexts[0]) return nexts[0].ends
  const ends = new Map<End, number>()
  for (const [at, { to }] of steps.entries()) {
    const found = to && 'isEnd' in to ? new Map([[to, 1]]) : (nexts[at]?.ends ?? [])
    for (const [end, share] of found) ends.set(end, (ends.get(end) ?? 0) + share / steps.length)
  }
  return ends
}
