/**
 * Where packets get to: all that somebody may send, followed through every table and filter, over every one of several equal ways. New connections, since what is established follows them.
 *
 * Each stop (a table, entered by a port) keeps what has been there, so that what comes again is not followed again, and loops end.
 */
import { type Family, ipOf } from '#base/ip.ts'
import { type Box, type Boxes, boxOf, meet, meetAll, subtract } from '../boxes/boxes.ts'
import type { Port } from '../network/links.ts'
import { PACKETS } from '../packet.ts'
import { tableName } from '../routing/forwarding.ts'
import type { Route } from '../routing/tables.ts'
import { legsFor } from './lookup.ts'
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
}

/** Packets that arrived: at a device, at hosts on a wire, or at somebody outside. */
export interface Arrival {
  readonly kind: 'device' | 'wire' | 'outside'
  readonly device: string
  /** The one that they came in by, or go out by. Absent for what a device sends to itself. */
  readonly port: Port | undefined
  readonly boxes: Boxes
}

/** Packets that no table or no neighbour takes further. */
export interface Loss {
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
  readonly passages: readonly Passage[]
  readonly arrivals: readonly Arrival[]
  readonly losses: readonly Loss[]
  /** Stops, with all that came there. */
  readonly stops: ReadonlyMap<string, Boxes>
  /** Stops where ever more came, so that it was not followed to the end: what is missing elsewhere may have gone there. */
  readonly restless: ReadonlySet<string>
}

/** Boxes that a difference may have: with more, what comes is followed though some of it was there before. */
const MOST = 4000

/** How often a stop is entered anew. Packets are not changed on the way, so they come to rest; this ends what does not. */
const MOST_VISITS = 64

/** Follows packets of one family. */
export function spread(world: World, family: Family, sources: readonly Source[]): Spread {
  const space = PACKETS[family]
  const passages: Passage[] = []
  const arrivals: Arrival[] = []
  const losses: Loss[] = []
  const stops = new Map<string, Boxes>()
  const restless = new Set<string>()
  const visits = new Map<string, number>()
  /** Stops with what waits there: what comes by several ways goes on as one. */
  const waiting = new Map<string, Omit<Source, 'boxes'> & { readonly boxes: Box[] }>()
  const { ports } = world.routed.links

  const enter = ({ device, vrf, port, boxes }: Source) => {
    if (boxes.length === 0) return
    const key = `${tableName(device, vrf)} ${port?.name ?? ''}`
    const there = waiting.get(key)
    if (there) for (const box of boxes) there.boxes.push(box)
    else waiting.set(key, { device, vrf, ...(port ? { port } : {}), boxes: [...boxes] })
  }
  for (const source of sources) enter(source)
  // A Map is walked in the order in which its keys came, those that come on the way too.
  for (const [key, { device, vrf, port, boxes: coming }] of waiting) {
    waiting.delete(key)
    const been = stops.get(key) ?? NONE
    const boxes = subtract(space, coming, been, MOST) ?? coming
    if (boxes.length === 0) continue
    const count = (visits.get(key) ?? 0) + 1
    visits.set(key, count)
    if (count > MOST_VISITS) {
      restless.add(key)
      continue
    }
    stops.set(key, [...been, ...boxes])

    const own = world.ownOf(device, vrf, family)
    /** What is for the device itself, by address. */
    const here = new Map<bigint, Boxes>()
    const byRoute = new Map<Route, Box[]>()
    const lost: Box[] = []
    for (const box of boxes) {
      const legs = legsFor(world.legs(device, vrf, family), box, family)
      const met: Box[] = []
      for (const { box: leg, route } of legs) {
        const part = meet(space, box, leg)
        if (!part) continue
        met.push(part)
        const list = byRoute.get(route)
        if (list) list.push(part)
        else byRoute.set(route, [part])
      }
      if (legs.length === 0) lost.push(box)
      else lost.push(...(subtract(space, [box], met, MOST) ?? NONE))
    }
    if (lost.length > 0) losses.push({ device, vrf, why: 'no-route', boxes: lost })
    for (const [route, parts] of byRoute) {
      const { to } = route
      if (typeof to === 'string') {
        losses.push({ device, vrf, why: 'blackhole', boxes: parts, route })
      } else if ('port' in to) {
        onLink(route, ports.get(device)!.get(to.port)!, parts)
      } else {
        for (const hop of to) {
          const oif = ports.get(device)!.get(hop.port)
          if (!oif) continue
          const passed = through(oif, parts)
          if (passed.length === 0) continue
          if ('tunnel' in hop) {
            const vni = world.routed.links.vnis.get(device)?.find(({ bridge }) => bridge === hop.port)?.vni
            const end = vni === undefined ? undefined : world.tunnelTo(hop.tunnel, vni)
            if (end) enter({ device: end.device, vrf: end.vrf, port: ports.get(end.device)!.get(end.bridge)!, boxes: passed })
            else losses.push({ device, vrf, why: 'no-neighbor', boxes: passed, route })
          } else {
            const next = world.ownerAt(oif.wire, ipOf(hop.address))
            if (next) enter({ device: next.device, vrf: next.vrf, port: next, boxes: passed })
            else arrivals.push({ kind: 'outside', device, port: oif, boxes: passed })
          }
        }
      }
    }
    for (const parts of here.values()) toDevice(parts)

    /** To a prefix on a link: own addresses are here, others' are theirs, and the rest are hosts. */
    function onLink(route: Route, oif: Port, parts: Boxes): void {
      let rest = parts
      for (const [value, { name }] of own) {
        if (name !== oif.name) continue
        const mine = addressed(rest, value)
        if (mine.length === 0) continue
        here.set(value, [...(here.get(value) ?? NONE), ...mine])
        rest = subtract(space, rest, mine, MOST) ?? rest
      }
      if (rest.length === 0 || oif.name === 'lo') {
        if (rest.length > 0) losses.push({ device, vrf, why: 'no-neighbor', boxes: rest, route })
        return
      }
      const passed = through(oif, rest)
      let hosts = passed
      for (const neighbor of world.routed.links.onWire.get(oif.wire) ?? NO_PORTS) {
        if (neighbor === oif || hosts.length === 0) continue
        for (const { ip } of [...neighbor.addresses, ...neighbor.shared]) {
          if (ip.family !== family) continue
          const theirs = addressed(hosts, ip.value)
          if (theirs.length === 0) continue
          enter({ device: neighbor.device, vrf: neighbor.vrf, port: neighbor, boxes: theirs })
          hosts = subtract(space, hosts, theirs, MOST) ?? hosts
        }
      }
      if (hosts.length > 0) arrivals.push({ kind: 'wire', device, port: oif, boxes: hosts })
    }

    function toDevice(parts: Boxes): void {
      const filter = port && world.arrivals(device, family, port)
      const accepted = filter ? meetAll(space, parts, filter.accepted) : parts
      if (filter && port) passages.push({ device, iif: port, arriving: parts, accepted })
      if (accepted.length > 0) arrivals.push({ kind: 'device', device, port, boxes: accepted })
    }

    /** What passes the filter on the way out by a port; what a device sends itself is not asked. */
    function through(oif: Port, parts: Boxes): Boxes {
      const filter = port && world.transit(device, family, port, oif)
      if (!filter || !port) return parts
      const accepted = meetAll(space, parts, filter.accepted)
      passages.push({ device, iif: port, oif, arriving: parts, accepted })
      return accepted
    }
  }
  return { sent: sources.flatMap(({ boxes }) => boxes), passages, arrivals, losses, stops, restless }

  function addressed(boxes: Boxes, value: bigint): Boxes {
    return meetAll(space, boxes, [boxOf(space, { destination: [value, value] })])
  }
}

const NONE: Boxes = []
const NO_PORTS: readonly Port[] = []
