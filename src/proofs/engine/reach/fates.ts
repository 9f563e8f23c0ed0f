/**
 * What becomes of packets at each stop (a table; and where its device has a filter, the port by which they come), by kind of destination: where they end, and behind which gates. Found from the far end: what
 * comes to a stop has the fate that it has at the next one, so all who send share what they have in common. Fates that are alike are one.
 */
import { type Family, ipOf } from '#base/ip.ts'
import type { Space } from '../boxes/space.ts'
import type { Port } from '../network/links.ts'
import { PACKETS } from '../packet.ts'
import { tableName } from '../routing/forwarding.ts'
import { type Interval, type Kinds, kindsOf } from './kinds.ts'
import type { Leg } from './lookup.ts'
import type { World } from './world.ts'

/** Where packets end, as a fate: lost; with hosts on a wire; with a device that hosts and people speak to; with a router at its own interface; with somebody outside; nowhere, since they go round. */
export const END = { lost: 0, hosts: 1, device: 2, router: 3, outside: 4, round: 5 } as const

/** A fate that is no end. */
export type Turn =
  /** Packets that pass the gate have the fate behind it, all others are lost. */
  | { readonly kind: 'gate'; readonly gate: number; readonly next: number }
  /** Of several equal ways, each may be taken. */
  | { readonly kind: 'any'; readonly of: readonly number[] }

/** The gate on the way out of a device by a port, or to itself; undefined where all pass. */
export type GateOf = (device: string, iif: Port, oif: Port | undefined) => number | undefined

/** Fates at one stop by kind of destination; one object for all stops with the same. */
export interface Row {
  readonly fates: Int32Array
}

/** Fates of a family. */
export interface Fates {
  readonly family: Family
  readonly space: Space
  readonly kinds: Kinds
  /** Undefined for an end. */
  turn(fate: number): Turn | undefined
  /** Those of packets that come to a device by a port, or that it sends itself. */
  row(device: string, vrf: string, port: Port | undefined): Row
}

/** Not found yet; being found. */
const UNKNOWN = -1
const OPEN = -2

interface Stop {
  readonly device: string
  readonly vrf: string
  readonly port: Port | undefined
  /** Whether it is where the device itself sends. */
  readonly own: boolean
  readonly legs: readonly Leg[]
  readonly legOf: (kind: number) => number
  readonly fates: Int32Array
}

/** The kinds of destinations of a world, but for those that nobody asks about. */
export function kindsIn(world: World, family: Family, unasked: readonly Interval[]): Kinds {
  const tables = [...world.routed.tables.keys()].map((name) => {
    const [device, vrf = ''] = name.split('#') as [string, string?]
    return world.legs(device, vrf, family)
  })
  return kindsOf(family, tables, unasked, wayOf)
}

function wayOf(leg: Leg): string {
  switch (leg.kind) {
    case 'none':
      return ''
    case 'own':
      return `own ${leg.at.name}`
    case 'neighbor':
      return `to ${leg.port.name} ${leg.at.device} ${leg.at.name}`
    case 'hosts':
      return `on ${leg.port.name}`
    case 'route': {
      const { to } = leg.route
      if (typeof to === 'string') return ''
      return 'port' in to ? `on ${to.port}` : to.map((hop) => ('tunnel' in hop ? `${hop.port} ${hop.tunnel}` : `${hop.port} ${hop.address}`)).join(', ')
    }
  }
}

/** Fates of packets behind these gates; devices that are avoided take none. */
export function fatesOf(world: World, family: Family, kinds: Kinds, gateOf: GateOf, avoided?: ReadonlySet<string>): Fates {
  const { ports, vnis } = world.routed.links
  const turns: Turn[] = []
  const gates = new Map<string, number>()
  const anys = new Map<string, number>()
  const stops = new Map<string, Stop>()
  const rows = new Map<number, Row[]>()
  const tables = new Map<readonly Leg[], (kind: number) => number>()
  const ENDS = Object.keys(END).length

  const turnOf = (known: Map<string, number>, key: string, turn: Turn) => {
    const last = known.get(key)
    if (last !== undefined) return last
    const fate = ENDS + turns.push(turn) - 1
    known.set(key, fate)
    return fate
  }
  const behind = (gate: number | undefined, next: number) => {
    if (gate === undefined || next === END.lost || next === END.round) return next
    const after = turns[next - ENDS]
    // Twice through the same is once.
    return after?.kind === 'gate' && after.gate === gate ? next : turnOf(gates, `${gate} ${next}`, { kind: 'gate', gate, next })
  }
  const any = (fates: readonly number[]) => {
    const of = [...new Set(fates)].sort((a, b) => a - b)
    return of.length === 1 ? of[0]! : turnOf(anys, of.join(' '), { kind: 'any', of })
  }

  const stopOf = (device: string, vrf: string, port: Port | undefined): Stop => {
    const asks = port && world.asks(device)
    const key = `${tableName(device, vrf)} ${port ? (asks ? port.name : 'any') : 'own'}`
    const last = stops.get(key)
    if (last) return last
    const legs = world.legs(device, vrf, family)
    const legOf = tables.get(legs) ?? kinds.legsOf(legs)
    tables.set(legs, legOf)
    const stop = { device, vrf, port: asks ? port : undefined, own: !port, legs, legOf, fates: new Int32Array(kinds.count).fill(UNKNOWN) }
    stops.set(key, stop)
    return stop
  }
  /** Steps on from a stop by a leg, which are the same for all kinds on it. */
  const steps = new Map<Stop, (readonly Step[] | undefined)[]>()
  type Step = { readonly gate: number | undefined } & ({ readonly end: number } | { readonly next: Stop })
  const stepsOf = (stop: Stop, number: number): readonly Step[] => {
    const known = steps.get(stop) ?? []
    if (known.length === 0) steps.set(stop, known)
    known[number] ??= made(stop, stop.legs[number]!)
    return known[number]
  }
  function made(stop: Stop, leg: Leg): readonly Step[] {
    const { device, port } = stop
    const out = (oif: Port) => port && gateOf(device, port, oif)
    const enter = (to: { readonly device: string; readonly vrf: string }, by: Port, gate: number | undefined): Step =>
      avoided?.has(to.device) ? { gate: undefined, end: END.lost } : { gate, next: stopOf(to.device, to.vrf, by) }
    const lost: readonly Step[] = [{ gate: undefined, end: END.lost }]
    switch (leg.kind) {
      case 'none':
        return lost
      case 'own': {
        const called = leg.at.name === 'lo' || leg.at.vrf !== ''
        const here: Step = { gate: port && gateOf(device, port, undefined), end: called ? END.device : END.router }
        // What a device sends itself goes nowhere. Taken for what it sends others, it makes no difference between devices that are alike.
        const away = !stop.own ? undefined : stop.legs.find((other) => other.kind === 'route' && typeof other.route.to !== 'string')
        return away ? made(stop, away) : [here]
      }
      case 'neighbor':
        return [enter(leg.at, leg.at, out(leg.port))]
      case 'hosts':
        return leg.port.name === 'lo' ? lost : [{ gate: out(leg.port), end: END.hosts }]
      case 'route': {
        const { to } = leg.route
        if (typeof to === 'string' || 'port' in to) return lost
        const found = to.flatMap((hop): readonly Step[] => {
          const oif = ports.get(device)!.get(hop.port)
          if (!oif) return []
          if (!('tunnel' in hop)) {
            const next = world.ownerAt(oif.wire, ipOf(hop.address))
            return [next ? enter(next, next, out(oif)) : { gate: out(oif), end: END.outside }]
          }
          const vni = vnis.get(device)?.find(({ bridge }) => bridge === hop.port)?.vni
          const end = vni === undefined ? undefined : world.tunnelTo(hop.tunnel, vni)
          return end ? [enter(end, ports.get(end.device)!.get(end.bridge)!, out(oif))] : lost
        })
        return found.length > 0 ? found : lost
      }
    }
  }

  /** Whoever goes round has `round` among its fates, whichever stop of the round is asked first. */
  const fateAt = (stop: Stop, kind: number): number => {
    const known = stop.fates[kind]!
    if (known >= 0) return known
    if (known === OPEN) return END.round
    stop.fates[kind] = OPEN
    const found = stepsOf(stop, stop.legOf(kind))
    const fates = found.map((step) => behind(step.gate, 'end' in step ? step.end : fateAt(step.next, kind)))
    const fate = fates.length === 1 ? fates[0]! : any(fates)
    stop.fates[kind] = fate
    return fate
  }

  const known = new Map<Stop, Row>()
  return {
    family,
    space: PACKETS[family],
    kinds,
    turn: (fate) => (fate < ENDS ? undefined : turns[fate - ENDS]),
    row(device, vrf, port) {
      const stop = stopOf(device, vrf, port)
      const last = known.get(stop)
      if (last) return last
      let hash = 0
      for (let kind = 0; kind < kinds.count; kind++) hash = (Math.imul(hash, 31) + fateAt(stop, kind)) | 0
      const alike = rows.get(hash) ?? []
      rows.set(hash, alike)
      let row = alike.find(({ fates }) => fates.every((fate, kind) => fate === stop.fates[kind]))
      if (!row) {
        row = { fates: stop.fates }
        alike.push(row)
      }
      known.set(stop, row)
      return row
    },
  }
}
