/**
 * What becomes of packets at each stop (a table; and where its device has a filter, the port by which they come), by kind of destination: where they end, and behind which gates. Found from the far end: what
 * comes to a stop has the fate that it has at the next one, so all who send share what they have in common. Fates that are alike are one.
 */
import { type Family, ipOf } from '#base/ip.ts'
import { once } from '../../remembered.ts'
import type { Boxes } from '../boxes/boxes.ts'
import type { Space } from '../boxes/space.ts'
import type { Port } from '../network/links.ts'
import { PACKETS } from '../packet.ts'
import { tableName } from '../routing/forwarding.ts'
import { END, type Fate, fateTable } from './fate.ts'
import { AS_BEFORE, type Interval, type Kinds, kindsOf } from './kinds.ts'
import type { Leg } from './lookup.ts'
import { changeOf, wayOf } from './table-change.ts'
import type { Left, World } from './world.ts'

/** The gate on the way out of a device by a port, or to itself; undefined where all pass. */
export type GateOf = (device: string, iif: Port, oif: Port | undefined) => number | undefined

/** Fates at one stop, as numbers, by kind of destination; one object for all stops with the same. */
export interface Row {
  readonly fates: Int32Array
}

/** Fates of a family. */
export interface Fates {
  readonly family: Family
  readonly space: Space
  readonly kinds: Kinds
  fate(number: number): Fate
  /** That of packets to a kind that come to a device by a port, or that it sends itself. */
  at(device: string, vrf: string, port: Port | undefined): (kind: number) => number
  /** Those to all kinds. */
  row(device: string, vrf: string, port: Port | undefined): Row
  /** The stops that packets come to from where they were asked for. */
  stops(): readonly StopFates[]
  /** What changes when something is gone for packets that begin somewhere, or began there and now begin elsewhere; of all kinds, or of those that are asked about. */
  under(left: Left, starts: readonly Moved[], asked?: ReadonlySet<number>): (moved: Moved) => readonly FateChange[]
}

/** A stop and what was found of it. */
export interface StopFates {
  readonly device: string
  readonly vrf: string
  /** The port by which packets come, where the device asks for it. */
  readonly port: Port | undefined
  /** Whether it is where the device itself sends. */
  readonly own: boolean
  /** By kind; below zero where no packets come. */
  readonly fates: Int32Array
  /** The stops that packets of a kind which come go on to. */
  next(kind: number): readonly StopFates[]
}

/** Where packets begin: at a device that they come to by a port, or that sends them itself. */
export interface Start {
  readonly device: string
  readonly vrf: string
  readonly port?: Port
}

/** Where packets began, and where they begin now. */
export interface Moved {
  readonly before: Start
  readonly after: Start
}

/** Destinations whose packets have another fate than before. */
export interface FateChange {
  readonly before: number
  readonly after: number
  boxes(): Boxes
}

/** Not found yet; being found. */
const UNKNOWN = -1
const OPEN = -2

/** The stops of a table; while something is gone, the number of its change, or {@link AS_BEFORE}. */
interface TableStops {
  readonly stops: Stop[]
  change: number
}

interface Stop {
  readonly number: number
  readonly table: TableStops
  readonly device: string
  readonly vrf: string
  readonly port: Port | undefined
  /** Whether it is where the device itself sends. */
  readonly own: boolean
  readonly legs: readonly Leg[]
  /** The leg of each kind, by number. */
  readonly legOf: Int32Array
  /** By kind. Shared with all stops that have the same, once all are found. */
  fates: Int32Array
  /** From where packets come to it. */
  readonly from: From[]
  /** By leg, whether packets come that go on by it; undefined until it is asked, or after somebody else sends. */
  carries: Uint8Array | undefined
  /** The part that was asked last while something is gone, and its fate. */
  part: number
  fate: number
  /** The part that it was last met with on the way back from what changed. */
  met: number
  /** Whether it is asked what changes for packets that begin here. */
  begins: boolean
}

/** A stop before another one, and the legs there that lead on to it, as bits by number. */
interface From {
  readonly stop: Stop
  readonly legs: Uint32Array
}

/** The kinds of destinations of a world that are asked about (all, if not said), but for those that nobody asks about; what routers have at their own interfaces is not asked about either. */
export function kindsIn(world: World, family: Family, unasked: readonly Interval[], asked?: readonly Interval[]): Kinds {
  const tables = [...world.routed.tables.keys()].map((name) => {
    const [device, vrf = ''] = name.split('#') as [string, string?]
    return world.legs(device, vrf, family)
  })
  const routers = [...world.routed.links.ports.values()].flatMap((ports) =>
    [...ports.values()].flatMap((port) =>
      isCalled(port) ? [] : [...port.addresses, ...port.shared].flatMap(({ ip }): readonly Interval[] => (ip.family === family ? [[ip.value, ip.value]] : [])),
    ),
  )
  return kindsOf(family, tables, [...unasked, ...routers], wayOf, asked)
}

/** Whether somebody speaks to the addresses of a port: those of loopbacks, and those in a VRF. */
function isCalled({ name, vrf }: Port): boolean {
  return name === 'lo' || vrf !== ''
}

/** Fates of packets behind these gates; devices that are avoided take none. */
export function fatesOf(world: World, family: Family, kinds: Kinds, gateOf: GateOf, avoided?: ReadonlySet<string>): Fates {
  const { ports, vnis } = world.routed.links
  const { lost: LOST, ends: ENDS, of, round, behind, either } = fateTable()
  const stops = new Map<string, Stop>()
  const rows = new Map<number, Row[]>()
  const tables = new Map<readonly Leg[], Int32Array>()
  const tablesOfStops = new Map<string, TableStops>()

  const entered = new Map<Port, Stop>()
  const stopOf = (device: string, vrf: string, port: Port | undefined): Stop => {
    const known = port && entered.get(port)
    if (known) return known
    const found = stopAtKey(device, vrf, port)
    if (port) entered.set(port, found)
    return found
  }
  const stopAtKey = (device: string, vrf: string, port: Port | undefined): Stop => {
    const asks = port && world.asks(device)
    const key = `${tableName(device, vrf)} ${port ? (asks ? port.name : 'any') : 'own'}`
    const last = stops.get(key)
    if (last) return last
    const legs = world.legs(device, vrf, family)
    const legOf = tables.get(legs) ?? kinds.legsOf(legs)
    tables.set(legs, legOf)
    const name = tableName(device, vrf)
    const table = tablesOfStops.get(name) ?? { stops: [], change: AS_BEFORE }
    tablesOfStops.set(name, table)
    const stop: Stop = {
      number: stops.size,
      table,
      device,
      vrf,
      port: asks ? port : undefined,
      own: !port,
      legs,
      legOf,
      fates: new Int32Array(kinds.count).fill(UNKNOWN),
      from: [],
      carries: undefined,
      part: -1,
      fate: OPEN,
      met: -1,
      begins: false,
    }
    stops.set(key, stop)
    table.stops.push(stop)
    return stop
  }
  const begun = new WeakMap<Start, Stop>()
  const stopAt = (start: Start): Stop => {
    const stop = begun.get(start) ?? stopOf(start.device, start.vrf, start.port)
    begun.set(start, stop)
    return stop
  }
  /** Steps on from a stop by a leg, which are the same for all kinds on it. */
  const steps = new Map<Stop, (readonly Step[] | undefined)[]>()
  type Step = { readonly gate: number | undefined } & ({ readonly fate: number } | { readonly next: Stop })
  const stepsOf = (stop: Stop, number: number): readonly Step[] => {
    const known = steps.get(stop) ?? []
    if (known.length === 0) steps.set(stop, known)
    const last = known[number]
    if (last) return last
    const found = made(world, stop, stop.legs, number)
    known[number] = found
    for (const step of found)
      if ('next' in step) {
        const legs = comesFrom(step.next, stop)
        legs[number >>> 5]! |= 1 << (number & 31)
        step.next.carries = undefined
      }
    return found
  }
  const comings = new Map<Stop, Map<Stop, From>>()
  const comesFrom = (to: Stop, stop: Stop): Uint32Array => {
    const known = comings.get(to) ?? new Map<Stop, From>()
    comings.set(to, known)
    const last = known.get(stop)
    if (last) return last.legs
    const from = { stop, legs: new Uint32Array((stop.legs.length + 31) >>> 5) }
    known.set(stop, from)
    to.from.push(from)
    return from.legs
  }
  const carried = (stop: Stop): Uint8Array => {
    if (stop.carries) return stop.carries
    const found = new Uint8Array(stop.legs.length)
    for (let kind = 0; kind < kinds.count; kind++) {
      const leg = stop.legOf[kind]!
      if (found[leg] === 0 && stop.from.some((from) => leadsOn(from, kind))) found[leg] = 1
    }
    stop.carries = found
    return found
  }
  function made(world: World, stop: Stop, legs: readonly Leg[], number: number): readonly Step[] {
    const leg = legs[number]!
    const { device, port } = stop
    const out = (oif: Port) => port && gateOf(device, port, oif)
    const enter = (to: { readonly device: string; readonly vrf: string }, by: Port, gate: number | undefined): Step =>
      avoided?.has(to.device) ? { gate: undefined, fate: LOST } : { gate, next: stopOf(to.device, to.vrf, by) }
    const lost: readonly Step[] = [{ gate: undefined, fate: LOST }]
    switch (leg.kind) {
      case 'none':
        return lost
      case 'own': {
        const here: Step = { gate: port && gateOf(device, port, undefined), fate: ENDS[isCalled(leg.at) ? END.device : END.router]! }
        // What a device sends itself goes nowhere. Taken for what it sends others, it makes no difference between devices that are alike.
        const away = stop.own ? legs.findIndex((other) => other.kind === 'route' && typeof other.route.to !== 'string') : -1
        return away >= 0 ? made(world, stop, legs, away) : [here]
      }
      case 'neighbor': {
        const at = world.ownerAt(leg.port, { family, value: leg.first })
        return at && at !== 'outside' ? [enter(at, at, out(leg.port))] : lost
      }
      case 'hosts':
        return leg.port.name === 'lo' ? lost : [{ gate: out(leg.port), fate: ENDS[END.hosts]! }]
      case 'route': {
        const { to } = leg.route
        if (typeof to === 'string' || 'port' in to) return lost
        const found = to.flatMap((hop): readonly Step[] => {
          const oif = ports.get(device)!.get(hop.port)
          if (!oif) return []
          if (!('tunnel' in hop)) {
            const next = world.ownerAt(oif, ipOf(hop.address))
            if (next === 'outside') return [{ gate: out(oif), fate: ENDS[END.outside]! }]
            return next ? [enter(next, next, out(oif))] : lost
          }
          const vni = vnis.get(device)?.find(({ bridge }) => bridge === hop.port)?.vni
          const end = vni === undefined ? undefined : world.tunnelTo(hop.tunnel, vni)
          return end ? [enter(end, ports.get(end.device)!.get(end.bridge)!, out(oif))] : lost
        })
        return found.length > 0 ? found : lost
      }
    }
  }

  const open: Stop[] = []
  /** Whoever goes round is told so, whichever stop of the round is asked first. */
  const fateAt = (stop: Stop, kind: number): number => {
    const known = stop.fates[kind]!
    if (known >= 0) return known
    if (known === OPEN) return round([...new Set(open.slice(open.indexOf(stop)).map(({ device }) => device))])
    stop.fates[kind] = OPEN
    open.push(stop)
    const found = stepsOf(stop, stop.legOf[kind]!)
    let fate = fateBy(found[0]!, kind)
    for (let at = 1; at < found.length; at++) fate = either(fate, fateBy(found[at]!, kind))
    stop.fates[kind] = fate
    open.pop()
    return fate
  }

  const fateBy = (step: Step, kind: number): number => {
    if ('fate' in step) return behind(step.gate, step.fate)
    const known = step.next.fates[kind]!
    return behind(step.gate, known >= 0 ? known : fateAt(step.next, kind))
  }

  const known = new Map<Stop, Row>()
  const rowOf = (stop: Stop): Row => {
    const last = known.get(stop)
    if (last) return last
    let hash = 0
    for (let kind = 0; kind < kinds.count; kind++) hash = (Math.imul(hash, 31) + fateAt(stop, kind)) | 0
    const alike = rows.get(hash) ?? []
    rows.set(hash, alike)
    let row = alike.find(({ fates }) => sameFates(fates, stop.fates))
    if (row) stop.fates = row.fates
    else {
      row = { fates: stop.fates }
      alike.push(row)
    }
    known.set(stop, row)
    return row
  }
  return {
    family,
    space: PACKETS[family],
    kinds,
    fate: of,
    at(device, vrf, port) {
      const stop = stopOf(device, vrf, port)
      return (kind) => fateAt(stop, kind)
    },
    row: (device, vrf, port) => rowOf(stopOf(device, vrf, port)),
    stops() {
      const told = new Map<Stop, StopFates>()
      for (const stop of stops.values()) {
        const { device, vrf, port, own, fates } = stop
        const next = (kind: number) => stepsOf(stop, stop.legOf[kind]!).flatMap((step) => ('next' in step ? [told.get(step.next)!] : []))
        told.set(stop, { device, vrf, port, own, fates, next })
      }
      return [...told.values()]
    },
    under(gone, starts, asked) {
      for (const { before, after } of starts) if (before !== after) for (const start of [before, after]) rowOf(stopAt(start))
      const { world: left } = gone
      const changes = gone.tables.flatMap(([device, vrf]) => {
        const change = changeOf(world, gone, family, device, vrf)
        return change ? [{ table: tableName(device, vrf), ...change }] : []
      })
      const parts = kinds.parted(changes, asked)
      const legsAfter = changes.map((_, number) => parts.changedBy(number))
      /** By part, the stops whose table treats it otherwise. */
      const first = Array.from({ length: parts.count }, (): Stop[] => [])
      for (const [number, { table: name }] of changes.entries()) {
        const table = tablesOfStops.get(name)
        if (!table) continue
        table.change = number
        const legs = legsAfter[number]!
        for (let part = 0; part < legs.length; part++) if (legs[part] !== AS_BEFORE) for (const stop of table.stops) first[part]!.push(stop)
      }
      /** Steps on from a stop whose table is another one. */
      const stepsAfter = new Map<number, readonly Step[]>()
      const stepsFor = (stop: Stop, part: number, kind: number): readonly Step[] => {
        const number = stop.table.change
        const leg = number === AS_BEFORE ? AS_BEFORE : legsAfter[number]![part]!
        if (leg === AS_BEFORE) return stepsOf(stop, stop.legOf[kind]!)
        const key = stop.number * MOST_LEGS + leg
        const last = stepsAfter.get(key)
        if (last) return last
        const found = made(left, stop, changes[number]!.after, leg)
        stepsAfter.set(key, found)
        return found
      }
      /** Parts that have another fate, by stop. */
      const others = new Map<Stop, { readonly part: number; readonly fate: number }[]>()
      let [part, kind] = [0, 0]
      const open: Stop[] = []
      const fateOf = (stop: Stop): number => {
        if (stop.part === part) return stop.fate === OPEN ? round([...new Set(open.slice(open.indexOf(stop)).map(({ device }) => device))]) : stop.fate
        stop.part = part
        stop.fate = OPEN
        open.push(stop)
        const steps = stepsFor(stop, part, kind)
        let fate = fateAfter(steps[0]!)
        for (let at = 1; at < steps.length; at++) fate = either(fate, fateAfter(steps[at]!))
        open.pop()
        stop.fate = fate
        return fate
      }
      const changed = (stop: Stop, fate: number) => {
        const known = others.get(stop)
        if (known) known.push({ part, fate })
        else others.set(stop, [{ part, fate }])
      }
      /** Whether nobody sends to these stops, before or afterwards: what they send on has the fate there that it had. */
      const isAside = (changed: readonly Stop[]): boolean =>
        !changed.some((stop) => carried(stop)[stop.legOf[kind]!] === 1) &&
        !changed.some((stop) => stepsFor(stop, part, kind).some((step) => 'next' in step && step.next.met === part))
      /** The fate at a stop aside. */
      const fateFor = (stop: Stop): number => {
        const steps = stepsFor(stop, part, kind)
        let fate = fateBy(steps[0]!, kind)
        for (let at = 1; at < steps.length; at++) fate = either(fate, fateBy(steps[at]!, kind))
        return fate
      }
      const fateAfter = (step: Step): number => behind(step.gate, 'fate' in step ? step.fate : fateOf(step.next))
      for (const stop of stops.values()) {
        stop.part = -1
        stop.met = -1
        stop.begins = false
      }
      for (const { after } of starts) stopAt(after).begins = true
      for (; part < parts.count; part++) {
        kind = parts.kindOf(part)
        // From the tables that treat it otherwise back to all from where packets come to those, as long as that makes a difference.
        const reached = first[part]!
        for (const stop of reached) stop.met = part
        if (isAside(reached)) {
          for (const stop of reached) {
            if (!stop.begins) continue
            const fate = fateFor(stop)
            if (fate !== fateAt(stop, kind)) changed(stop, fate)
          }
          continue
        }
        for (const stop of reached) {
          const fate = fateOf(stop)
          if (fate === fateAt(stop, kind)) continue
          changed(stop, fate)
          for (const from of stop.from) {
            if (from.stop.met === part || !leadsOn(from, kind)) continue
            from.stop.met = part
            reached.push(from.stop)
          }
        }
      }
      for (const { table: name } of changes) {
        const table = tablesOfStops.get(name)
        if (table) table.change = AS_BEFORE
      }
      /** What is in parts and kinds: one object for the same, by their numbers. */
      const boxes = new Map<string, Boxes>()
      const boxesOf = (some: readonly number[], whole: ReadonlySet<number>): Boxes => {
        const key = `${some.join()} ${[...whole].join()}`
        const known = boxes.get(key) ?? [...some.flatMap(parts.boxesOf), ...(whole.size > 0 ? kinds.boxesOf(whole) : [])]
        boxes.set(key, known)
        return known
      }
      const told = new Map<Stop, Map<Stop, readonly FateChange[]>>()
      return ({ before: from, after: to }) => {
        const [one, other] = [stopAt(from), stopAt(to)]
        const now = others.get(other) ?? []
        if (one === other && now.length === 0) return []
        const known = told.get(one) ?? new Map<Stop, readonly FateChange[]>()
        told.set(one, known)
        const last = known.get(other)
        if (last) return last
        const changes = new Map<number, FateChange & { readonly parts: number[]; readonly kinds: Set<number> }>()
        const changed = (before: number, after: number) => {
          const key = before * MOST_FATES + after
          const known = changes.get(key)
          if (known) return known
          const [some, whole] = [[] as number[], new Set<number>()]
          const change = { before, after, parts: some, kinds: whole, boxes: once(() => boxesOf(some, whole)) }
          changes.set(key, change)
          return change
        }
        if (one === other) for (const { part, fate } of now) changed(fateAt(one, parts.kindOf(part)), fate).parts.push(part)
        else {
          for (let part = 0, next = 0; part < parts.count; part++) {
            const [before, after] = [fateAt(one, parts.kindOf(part)), now[next]?.part === part ? now[next++]!.fate : fateAt(other, parts.kindOf(part))]
            if (before !== after) changed(before, after).parts.push(part)
          }
          for (let kind = 0; kind < kinds.count; kind++) {
            const [before, after] = [fateAt(one, kind), fateAt(other, kind)]
            if (before !== after && !parts.kinds.has(kind) && asked?.has(kind) !== false) changed(before, after).kinds.add(kind)
          }
        }
        const all = [...changes.values()]
        known.set(other, all)
        return all
      }
    },
  }
}

/** Whether packets of a kind go on from a stop. */
function leadsOn({ stop, legs }: From, kind: number): boolean {
  const leg = stop.legOf[kind]!
  return (legs[leg >>> 5]! & (1 << (leg & 31))) !== 0
}

/** More fates than there are. */
const MOST_FATES = 2 ** 26

/** More legs than any table has. */
const MOST_LEGS = 1 << 20

function sameFates(a: Int32Array, b: Int32Array): boolean {
  for (let kind = 0; kind < a.length; kind++) if (a[kind] !== b[kind]) return false
  return true
}
