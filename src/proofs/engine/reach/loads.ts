/**
 * What ports carry: demands are pushed through the tables, each of several next hops with an equal share, and answers go back from where the questions end. All that goes to one address is pushed at once, so it costs as much as the
 * network is large, however many send. Filters are not asked: what is meant gets through them.
 */
import type { Family } from '#base/ip.ts'
import type { Port } from '../network/links.ts'
import { tableName } from '../routing/forwarding.ts'
import { type Below, stepsOf } from './steps.ts'
import { type Stop, type Way, wayTo } from './way.ts'
import type { Left, World } from './world.ts'

/** What some hosts send to one of several addresses, and are answered. */
export interface Demand {
  /** What it is for. */
  readonly id: string
  readonly family: Family
  /** The table that they send to. */
  readonly device: string
  readonly vrf: string
  /** The port that they come in by; none for a device that sends itself. */
  readonly port: Port | undefined
  /** An address of theirs. */
  readonly source: bigint
  /** Those who are asked: whoever of them is reached has an equal share. */
  readonly receivers: readonly bigint[]
  /** bit/s */
  readonly up: number
  /** bit/s */
  readonly down: number
}

/** What goes out of ports and comes in by them, in bit/s; absent is nothing. */
export interface Loads {
  readonly out: ReadonlyMap<Port, number>
  readonly in: ReadonlyMap<Port, number>
}

/** Loads of a world, and of what is left of it. */
export interface Loading {
  readonly atRest: Loads
  /** When something is gone, and some demands with it, and others have come; the same object where nothing changes. */
  without(left: Left, gone: readonly Demand[], come: readonly Demand[]): Loads
}

/** Loads in the making, with what tunnels carry. */
interface Sums {
  readonly out: Map<Port, number>
  readonly in: Map<Port, number>
  readonly below: Map<Below, number>
}

type WayOf = (family: Family, address: bigint) => Way

/** Finds loads of these demands. */
export function loading(world: World, demands: readonly Demand[]): Loading {
  const steps = stepsOf(world)
  const ways = new Map<string, Way>()
  /** The ways that a table is on, and the demands that are on a way. */
  const passing = new Map<string, Set<Way>>()
  const on = new Map<Way, Demand[]>()
  const atRest: WayOf = (family, address) => {
    const key = `${family} ${address}`
    const known = ways.get(key)
    if (known) return known
    const way: Way = wayTo(steps, family, address, undefined, (table) => {
      const known = passing.get(table)
      if (known) known.add(way)
      else passing.set(table, new Set([way]))
    })
    ways.set(key, way)
    on.set(way, [])
    return way
  }
  const above = none()
  push(demands, atRest, 1, above)
  const whole = withBelow(above, atRest)
  for (const demand of demands) for (const address of [demand.source, ...demand.receivers]) on.get(atRest(demand.family, address))!.push(demand)

  return {
    atRest: whole,
    without(left, gone, come) {
      const now = steps.without(left)
      const others = otherWays(left)
      if (others.size === 0 && gone.length === 0 && come.length === 0) return whole
      const made = new Map<string, Way>()
      const wayOf: WayOf = (family, address) => {
        const key = `${family} ${address}`
        const before = ways.get(key)
        const way = made.get(key) ?? wayTo(now, family, address, before && !others.has(before) ? before : undefined)
        made.set(key, way)
        return way
      }
      // What is on no way that has changed stays where it is.
      const led = new Set([...others].flatMap((way) => on.get(way)!))
      for (const demand of gone) led.delete(demand)
      const sums: Sums = { out: new Map(above.out), in: new Map(above.in), below: new Map(above.below) }
      push([...gone, ...led], atRest, -1, sums)
      push([...led, ...come], wayOf, 1, sums)
      return withBelow(sums, wayOf)

      /** The ways on which some table does otherwise now. */
      function otherWays({ tables, loss }: Left): ReadonlySet<Way> {
        const found = new Set<Way>()
        for (const table of passing.keys()) if (loss.devices.has(table.split('#')[0]!)) for (const way of passing.get(table)!) found.add(way)
        for (const [device, vrf] of tables)
          for (const way of passing.get(tableName(device, vrf)) ?? [])
            if (!found.has(way) && !now.isAlike(device, vrf, way.family, way.address, steps)) found.add(way)
        return found
      }
    },
  }
}

function none(): Sums {
  return { out: new Map(), in: new Map(), below: new Map() }
}

function add<K>(to: Map<K, number>, key: K, load: number): void {
  to.set(key, (to.get(key) ?? 0) + load)
}

/** Pushes demands along their ways, so many times each. */
function push(demands: readonly Demand[], wayOf: WayOf, times: number, sums: Sums): void {
  const loaded = new Set<Way>()
  const begin = (way: Way, stop: Stop, load: number) => {
    stop.load += load
    loaded.add(way)
  }
  for (const { family, device, vrf, port, source, receivers, up, down } of demands) {
    const reached = receivers.flatMap((receiver) => {
      if (receiver === source) return []
      const way = wayOf(family, receiver)
      const stop = way.enter(device, vrf)
      return stop.ends.size > 0 ? [{ way, stop }] : []
    })
    const back = wayOf(family, source)
    const part = times / reached.length
    if (port && reached.length > 0) add(sums.in, port, times * up)
    for (const { way, stop } of reached) {
      begin(way, stop, up * part)
      for (const [end, share] of stop.ends) {
        const answer = down * part * share
        if (end.port) add(sums.in, end.port, answer)
        begin(back, back.enter(end.device, end.vrf), answer)
      }
    }
  }
  for (const way of loaded) sweep(way, sums)
}

/** Adds what runs below tunnels; tunnels that run in others are not looked for. */
function withBelow(above: Sums, wayOf: WayOf): Loads {
  const sums: Sums = { out: new Map(above.out), in: new Map(above.in), below: new Map() }
  const loaded = new Set<Way>()
  for (const [{ device, address, at }, load] of above.below) {
    const way = wayOf(address.family, address.value)
    const stop = way.enter(device, '')
    stop.load += load
    loaded.add(way)
    for (const [end, share] of stop.ends) if (end.port && at) add(sums.in, at, load * share)
  }
  for (const way of loaded) sweep(way, sums)
  return sums
}

/** Moves on what waits on a way, from the farthest stops on, so that all that comes to one is there when it goes on. */
function sweep(way: Way, sums: Sums): void {
  for (const stop of way.farthestFirst()) {
    const { load, steps, nexts } = stop
    if (load === 0) continue
    stop.load = 0
    for (let at = 0; at < steps.length; at++) {
      const { out, in: into, below } = steps[at]!
      const share = load / steps.length
      if (out) add(sums.out, out, share)
      if (into) add(sums.in, into, share)
      if (below) add(sums.below, below, share)
      const next = nexts[at]
      if (next) next.load += share
    }
  }
}
