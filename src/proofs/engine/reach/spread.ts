/**
 * Where packets get to: all that somebody may send, followed through every table and filter, over every one of several equal ways. New connections, since what is established follows them.
 *
 * Each stop keeps what has been there, so that what comes again is not followed again, and loops end. A stop is a table, and the port by which packets come to it where the device has a filter, which asks.
 */
import { type Family, ipOf } from '#base/ip.ts'
import { once } from '../../remembered.ts'
import { type Box, type Boxes, contains, meet, subtract } from '../boxes/boxes.ts'
import { interning } from '../boxes/intern.ts'
import { byDestination, meetNear, type Near } from '../boxes/near.ts'
import type { Port } from '../network/links.ts'
import { PACKETS } from '../packet.ts'
import { tableName } from '../routing/forwarding.ts'
import type { Route } from '../routing/tables.ts'
import { boxOfLeg, legsFor } from './lookup.ts'
import type { World } from './world.ts'

/** Packets that begin at a device: by a port, where a host sends them; by none, where the device itself does. */
export interface Source {
  readonly device: string
  readonly vrf: string
  readonly port?: Port
  readonly boxes: Boxes
}

/** A filter on the way: what came to it and what it let through. */
export interface Passage {
  readonly device: string
  readonly iif: Port
  /** Absent for what is for the device itself. */
  readonly oif?: Port
  readonly arriving: Boxes
  readonly accepted: Boxes
  /** All that the filter lets through there. */
  readonly passes: Near<undefined>
}

/** Packets that arrived: at a device, at hosts on a wire, or at somebody outside. */
export interface Arrival {
  readonly kind: 'device' | 'wire' | 'outside'
  readonly device: string
  /** The one that they came in by, or go out by. Absent for what a device sends to itself. */
  readonly port: Port | undefined
  /** At a device: the address, and the port that has it. */
  readonly own?: { readonly address: bigint; readonly port: Port }
  /** Found when first asked for. */
  readonly boxes: Boxes
}

/** Packets that no table or no neighbour takes further. */
export interface DeadEnd {
  readonly device: string
  readonly vrf: string
  readonly why: 'no-route' | 'blackhole' | 'no-neighbor'
  readonly boxes: Boxes
  readonly route?: Route
}

/** What became of them. */
export interface Spread {
  /** What was sent. */
  readonly sent: Boxes
  /** What has been where, by name of the table, and the port where the device asks for it. */
  readonly stops: ReadonlyMap<string, Boxes>
  readonly passages: readonly Passage[]
  readonly arrivals: readonly Arrival[]
  /** What came for a device itself, before its filter. */
  readonly calls: readonly (Passage & { readonly own: { readonly address: bigint; readonly port: Port } })[]
  readonly deadEnds: readonly DeadEnd[]
  /** Stops where ever more came, so that it was not followed to the end: what is missing elsewhere may have gone there. */
  readonly restless: ReadonlySet<string>
}

/** Boxes that a difference may have: with more, what comes is followed though some of it was there before. */
const MOST = 4000

/** How often a stop is entered anew. Packets are not changed on the way, so they come to rest; this ends what does not. */
const MOST_VISITS = 64

/** What is otherwise than it is. */
export interface Supposed {
  /** Devices that take no packets. */
  readonly avoided?: ReadonlySet<string>
  /** Devices whose filters accept everything. */
  readonly open?: ReadonlySet<string>
}

/** Follows packets of one family. */
export function spread(world: World, family: Family, sources: readonly Source[], { avoided, open }: Supposed = {}): Spread {
  const space = PACKETS[family]
  const passages: Passage[] = []
  const arrivals: Arrival[] = []
  const calls: (Passage & { readonly own: { readonly address: bigint; readonly port: Port } })[] = []
  const deadEnds: DeadEnd[] = []
  const stops = new Map<string, Boxes>()
  const visits = new Map<string, number>()
  const restless = new Set<string>()
  /** Stops with what waits there: what comes by several ways goes on as one. */
  const waiting = new Map<string, Omit<Source, 'boxes'> & { readonly boxes: Set<Box> }>()
  const same = interning()
  const { ports, vnis } = world.routed.links

  const enter = ({ device, vrf, port, boxes }: Source) => {
    if (boxes.length === 0 || avoided?.has(device)) return
    const asks = port && world.asks(device)
    const key = asks ? `${tableName(device, vrf)} ${port.name}` : tableName(device, vrf)
    const there = waiting.get(key) ?? { device, vrf, ...(port ? { port } : {}), boxes: new Set<Box>() }
    waiting.set(key, there)
    for (const box of boxes) there.boxes.add(same(box))
  }
  for (const source of sources) enter(source)
  // A Map is walked in the order in which its keys came, those that come on the way too.
  for (const [key, { device, vrf, port, boxes: coming }] of waiting) {
    waiting.delete(key)
    const been = stops.get(key)
    const boxes = been ? fresh([...coming], been) : [...coming]
    if (boxes.length === 0) continue
    const count = (visits.get(key) ?? 0) + 1
    visits.set(key, count)
    if (count > MOST_VISITS) {
      restless.add(key)
      continue
    }
    stops.set(key, been ? [...been, ...boxes] : boxes)

    const legs = world.legs(device, vrf, family)
    /** The parts for each leg that ends on a link, and for each route that goes on: those of one route go together. */
    const onLink = new Map<number, Box[]>()
    const onward = new Map<Route, Box[]>()
    const lost: Box[] = []
    for (const box of boxes) {
      const [from, end] = legsFor(legs, box, family)
      for (let at = from; at < end; at++) {
        const leg = legs[at]!
        const whole = boxOfLeg(leg, family)
        const part = contains(space, whole, box) ? box : meet(space, box, whole)!
        if (leg.kind === 'route') push(onward, leg.route, part)
        else if (leg.kind === 'none') lost.push(part)
        else push(onLink, at, part)
      }
    }
    if (lost.length > 0) deadEnds.push({ device, vrf, why: 'no-route', boxes: lost })
    for (const [at, parts] of onLink) {
      const leg = legs[at]!
      if (leg.kind === 'own') toDevice({ address: leg.address, port: leg.at }, parts)
      else if (leg.kind === 'neighbor') {
        const next = world.ownerAt(leg.port, { family, value: leg.first })
        if (next && next !== 'outside') enter({ device: next.device, vrf: next.vrf, port: next, boxes: through(leg.port, parts) })
        else deadEnds.push({ device, vrf, why: 'no-neighbor', boxes: parts })
      } else if (leg.kind === 'hosts' && leg.port.name === 'lo') deadEnds.push({ device, vrf, why: 'no-neighbor', boxes: parts, route: leg.route })
      else if (leg.kind === 'hosts') {
        const passed = through(leg.port, parts)
        if (passed.length > 0) arrivals.push({ kind: 'wire', device, port: leg.port, boxes: passed })
      }
    }
    for (const [route, parts] of onward) {
      const { to } = route
      if (typeof to === 'string') deadEnds.push({ device, vrf, why: 'blackhole', boxes: parts, route })
      else if (!('port' in to)) {
        for (const hop of to) {
          const oif = ports.get(device)!.get(hop.port)
          if (!oif) continue
          const passed = through(oif, parts)
          if (passed.length === 0) continue
          if ('tunnel' in hop) {
            const vni = vnis.get(device)?.find(({ bridge }) => bridge === hop.port)?.vni
            const end = vni === undefined ? undefined : world.tunnelTo(hop.tunnel, vni)
            if (end) enter({ device: end.device, vrf: end.vrf, port: ports.get(end.device)!.get(end.bridge)!, boxes: passed })
            else deadEnds.push({ device, vrf, why: 'no-neighbor', boxes: passed, route })
          } else {
            const next = world.ownerAt(oif, ipOf(hop.address))
            if (next === 'outside') arrivals.push({ kind: 'outside', device, port: oif, boxes: passed })
            else if (next) enter({ device: next.device, vrf: next.vrf, port: next, boxes: passed })
            else deadEnds.push({ device, vrf, why: 'no-neighbor', boxes: passed, route })
          }
        }
      }
    }

    function toDevice(own: { readonly address: bigint; readonly port: Port }, parts: Boxes): void {
      const filter = port && !open?.has(device) && world.arrivals(device, family, port)
      if (!filter || !port) {
        arrivals.push({ kind: 'device', device, port, own, boxes: parts })
        return
      }
      const passes = byDestination(space, filter.accepted)
      const accepted = once(() => meetNear(space, parts, passes))
      const call = {
        get accepted() {
          return accepted()
        },
      }
      calls.push(Object.assign(call, { device, iif: port, arriving: parts, passes, own }))
      const arrival = {
        get boxes() {
          return accepted()
        },
      }
      arrivals.push(Object.assign(arrival, { kind: 'device' as const, device, port, own }))
    }

    /** What passes the filter on the way out by a port; what a device sends itself is not asked. */
    function through(oif: Port, parts: Boxes): Boxes {
      const filter = port && !open?.has(device) && world.transit(device, family, port, oif)
      if (!filter || !port) return parts
      const passes = byDestination(space, filter.accepted)
      const accepted = meetNear(space, parts, passes)
      passages.push({ device, iif: port, oif, arriving: parts, accepted, passes })
      return accepted
    }
  }
  return { sent: sources.flatMap(({ boxes }) => boxes), stops, passages, arrivals, calls, deadEnds, restless }

  /** What has not been at a stop before: mostly all of it has, as the very boxes. */
  function fresh(coming: Boxes, been: Boxes): Boxes {
    const known = new Set(been)
    const others = coming.filter((box) => !known.has(box))
    return others.length === 0 ? others : (subtract(space, others, been, MOST) ?? others)
  }
}

function push<K>(map: Map<K, Box[]>, key: K, box: Box): void {
  const list = map.get(key)
  if (list) list.push(box)
  else map.set(key, [box])
}
