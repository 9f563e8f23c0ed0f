/**
 * What a failure costs: who is cut off with what failed, what else stops working, and whether anything gets through that nothing allows. Routes and gateways are found anew, and only what they change is judged: most
 * of it by comparing the gates on the way before and after, once for all who have them.
 */
import { bitsOf, type Family, familyOf } from '#base/ip.ts'
import { byFamily, FAMILIES } from '../by-family.ts'
import { type Boxes, boxOf, boxOfPoint, meetAll, type Point, subtract } from '../engine/boxes/boxes.ts'
import { byDestination, meetNear, uncoveredBy } from '../engine/boxes/near.ts'
import type { Port } from '../engine/network/links.ts'
import { siteOf } from '../engine/network/told.ts'
import { PACKETS } from '../engine/packet.ts'
import type { Fate, GateSet } from '../engine/reach/fate.ts'
import type { FateChange } from '../engine/reach/fates.ts'
import type { Source } from '../engine/reach/spread.ts'
import { spread } from '../engine/reach/spread.ts'
import type { Left } from '../engine/reach/world.ts'
import { concernOf, sendersOf } from '../intent/concern.ts'
import type { Flow } from '../intent/flows.ts'
import { type Interval, intervalsOf, joined } from '../intent/intervals.ts'
import type { Place } from '../intent/places.ts'
import { type Receiver, receiversOf } from '../intent/receivers.ts'
import { obstacleOf } from '../obstacle.ts'
import { showPacket } from '../packet-text.ts'
import type { Counter, Proof } from '../proof.ts'
import { allowedFrom, DESTINATIONS } from '../properties/denied/denied.ts'
import { remembered } from '../remembered.ts'
import type { Failure } from './failures.ts'

/** Parts that a difference may have; with more, it is taken for all. */
const MOST_PARTS = 4000

/** What some packets are for: a flow of the company, or one that a claim is about. */
export type Tried = Pick<Flow, 'id' | 'from' | 'to' | 'services'>

/** What a failure came to. */
export interface Trial {
  readonly failure: Failure
  /** Places that have no gateway or no host any more. */
  readonly cutOff: readonly Place[]
  /** What does not work any more from a place that is there to somebody who is there. */
  readonly lost: readonly { readonly tried: Tried; readonly place: Place; readonly counter: Counter }[]
  /** What gets through that nothing allows. */
  readonly leaks: readonly { readonly place: Place; readonly counter: Counter }[]
  /** Routers that do not come to rest. */
  readonly unstable: Left['unstable']
}

/** What is looked at: packets from some places, to some kinds of destinations. */
export interface Scope {
  readonly places: readonly Place[]
  kinds(family: Family): ReadonlySet<number>
}

/** Tries failures, one at a time. `tried` is what has to go on working; all that may be sent is looked at, or what is in the scope. */
export function trials(proof: Proof, tried: readonly Tried[], scope?: Scope): (failure: Failure, left?: Left) => Trial {
  const { world, design, places, fates, gates } = proof
  const judged = scope?.places ?? places
  // What begins anywhere has been followed when it is first asked what changes.
  for (const place of judged) for (const family of FAMILIES) for (const { device, vrf, port } of place.sources(family)) fates(family).row(device, vrf, port)
  const grade = byFamily((family) => gradesOf(proof, family))
  const flowsOf = new Map(
    judged.map((place) => [place, byFamily((family) => tried.filter(({ from }) => sendersOf(from, [place], family).length > 0))] as const),
  )
  const concerns = new Map<string, Boxes>()
  const concernAt = (place: Place, flow: Tried, family: Family): Boxes => {
    const key = `${family} ${place.id} ${flow.id}`
    const known = concerns.get(key) ?? concernOf(proof, flow, [place], family)
    concerns.set(key, known)
    return known
  }
  const allowed = new Map<string, Boxes>()
  const holders = byFamily((family) => holdersOf(proof, family))
  const atRest = byFamily((family) => new Map(places.map((place) => [place, place.sources(family).map((source) => ({ before: source, after: source }))])))

  return (failure, left = world.without(failure.gone)) => {
    const { loss, moved } = left
    const sites = new Set([...loss.touched, ...moved].map(siteOf))
    const lost: Trial['lost'][number][] = []
    const leaks: Trial['leaks'][number][] = []
    /** Where each place sends from now, beside where it sent from. */
    const sending = byFamily((family) => new Map(places.map((place) => [place, startsOf(place, family)])))
    const startsOf = (place: Place, family: Family) => {
      if (place.site !== undefined && !sites.has(place.site)) return atRest(family).get(place)!
      const before = place.sources(family)
      return place
        .sourcesIn(left.world, family)
        .map((source) => ({ before: before.find(({ device }) => device === source.device) ?? before[0]!, after: source }))
    }
    const under = byFamily((family) =>
      fates(family).under(
        left,
        judged.flatMap((place) => sending(family).get(place)!),
        scope?.kinds(family),
      ),
    )
    const isCutOff = remembered((receiver: Receiver) => {
      const family = familyOf(receiver.spot.prefix)
      const ports = holders(family)(receiver)
      return ports.length > 0 && ports.every(isDead)
    })
    const isDead = (port: Port) => !loss.isUp(port) || (port.name === 'lo' && isAlone(left, port.device))
    const unanswered = new Set(tried.filter((flow) => isUnanswered(flow)))
    const isThere = (place: Place) => FAMILIES.some((family) => sending(family).get(place)!.length > 0)
    const cutOff = places.filter((place) => !isThere(place) && FAMILIES.some((family) => place.sources(family).length > 0))
    /** To whom nobody gets: segments without a gateway, and addresses of devices whose ports have lost what was plugged in. */
    const dead = byFamily((family) => {
      const addresses = [...loss.touched].flatMap((device) =>
        [...world.routed.links.ports.get(device)!.values()].flatMap((port) => (isDead(port) ? port.addresses : [])),
      )
      const segments = intervalsOf(
        family,
        cutOff.flatMap(({ site, prefixes }) => (site === undefined ? [] : prefixes)),
      )
      const own = addresses.filter(({ ip }) => ip.family === family).map(({ ip }): Interval => [ip.value, ip.value])
      return joined([...segments, ...own]).map((destination) => boxOf(PACKETS[family], { destination }))
    })
    /** Of some destinations, those at which somebody is. */
    const alive = byFamily((family) => remembered((destinations: Boxes) => subtract(PACKETS[family], destinations, dead(family), MOST_PARTS) ?? destinations))
    for (const place of judged) {
      if (!isThere(place)) continue
      for (const flow of unanswered)
        if (FAMILIES.some((family) => flowsOf.get(place)!(family).includes(flow)))
          lost.push({ tried: flow, place, counter: { says: 'nobody is left who answers' } })
      for (const family of FAMILIES)
        for (const moved of sending(family).get(place)!) for (const change of under(family)(moved)) judge(family, place, moved.after, change)
    }
    return { failure, cutOff, lost, leaks, unstable: left.unstable }

    /** Whether all who answer are gone, where that is somebody by name. */
    function isUnanswered({ to }: Tried): boolean {
      const receivers = FAMILIES.flatMap((family) => receiversOf(design, world, to, family))
      return receivers.length > 0 && receivers.every((receiver) => receiver.addresses[0] === receiver.addresses[1] && isCutOff(receiver))
    }

    function judge(family: Family, place: Place, source: Source, change: FateChange): void {
      const graded = grade(family)(change)
      if (graded.isTight && graded.isWhole) return
      const space = PACKETS[family]
      const destinations = byDestination(space, change.boxes())
      const living = alive(family)(change.boxes())
      if (!graded.isWhole && living.length > 0) {
        const fate = fates(family).fate(change.after)
        const arrives = fate.all ? byDestination(space, gates(family).passes(fate.all)) : undefined
        for (const flow of flowsOf.get(place)!(family)) {
          if (lost.some((other) => other.place === place && other.tried === flow)) continue
          const meant = meetNear(space, concernAt(place, flow, family), byDestination(space, living))
          for (const box of place.sources(family).length > 1 ? meetAll(space, meant, source.boxes) : meant) {
            const point = arrives ? uncoveredBy(space, box, arrives) : box.slice(0, space.words)
            if (point === undefined) continue
            const counter = point === 'unknown' ? { says: 'there are too many parts to tell' } : lostAt(family, source, point)
            lost.push({ tried: flow, place, counter })
            break
          }
        }
      }
      if (!graded.isTight) {
        const key = `${family} ${place.id}`
        const may = allowed.get(key) ?? allowedFrom(proof, [place], family)
        allowed.set(key, may)
        const through = fates(family)
          .fate(change.after)
          .ways.filter(({ end }) => DESTINATIONS.some((other) => other === end))
          .flatMap(({ behind }) => {
            const arriving = meetAll(space, meetNear(space, gates(family).passes(behind), destinations), source.boxes)
            const point = firstOf(arriving, (box) => uncoveredBy(space, box, byDestination(space, may)))
            return point === undefined ? [] : [point === 'unknown' ? '' : showPacket(family, point)]
          })
        if (through.length === 0) return
        const packet = through.sort()[0]!
        leaks.push({ place, counter: { says: 'it arrives, and nothing allows it', ...(packet === '' ? {} : { packet }) } })
      }
    }

    function lostAt(family: Family, source: Source, point: Point): Counter {
      const packet = boxOfPoint(point)
      const obstacle = obstacleOf(left.world, family, spread(left.world, family, [{ ...source, boxes: [packet] }]), point)
      const shown = { packet: showPacket(family, point) }
      if (!obstacle) return { says: 'nobody takes it', ...shown }
      return { says: `${obstacle.device} ${obstacle.says}`, ...shown, device: obstacle.device, ...(obstacle.rule ? { rule: obstacle.rule } : {}) }
    }
  }
}

/** The first that something is found for, and what that is. */
function firstOf<T, U>(all: readonly T[], find: (one: T) => U | undefined): U | undefined {
  for (const one of all) {
    const found = find(one)
    if (found !== undefined) return found
  }
  return undefined
}

/** Whether all ports of a device that have plugs have lost what was plugged in. */
function isAlone({ world, loss }: Left, device: string): boolean {
  if (!loss.touched.has(device)) return false
  const ports = world.routed.links.ports.get(device)!
  const plugs = world.told.get(device)!.linux.links.filter(({ name, kind }) => kind.type === 'existing' && name !== 'lo')
  return plugs.every(({ name }) => !loss.isUp(ports.get(name)!))
}

/** The ports by which receivers are reached: the gateways of a segment, or who has an address. */
function holdersOf({ world, design }: Proof, family: Family): (receiver: Receiver) => readonly Port[] {
  const byAddress = new Map<bigint, Port[]>()
  for (const ports of world.routed.links.ports.values())
    for (const port of ports.values())
      for (const { ip } of port.addresses) {
        if (ip.family !== family) continue
        const known = byAddress.get(ip.value)
        if (known) known.push(port)
        else byAddress.set(ip.value, [port])
      }
  const segments = new Map(design.sites.flatMap(({ id, segments }) => segments.map((segment) => [segment.id, { site: id, segment }] as const)))
  return remembered(({ addresses: [first, last], segment: id }) => {
    if (first === last) return byAddress.get(first) ?? []
    const found = id === undefined ? undefined : segments.get(id)
    return (found?.segment.gateways ?? []).flatMap((name) =>
      [...(world.routed.links.ports.get(`${found!.site}/${name}`)?.values() ?? [])].filter(({ addresses }) =>
        // The gateway's own address is beside those of the hosts.
        addresses.some(({ ip, length }) => ip.family === family && ip.value >> host(ip.family, length) === first >> host(ip.family, length)),
      ),
    )
  })
}

function host(family: Family, length: number): bigint {
  return BigInt(bitsOf(family) - length)
}

/** What a change does, whoever sends. */
interface Grade {
  /** All that arrived on each of several equal ways still does. */
  readonly isWhole: boolean
  /** Nothing arrives that did not before. */
  readonly isTight: boolean
}

/** Grades changes of fates: one for all changes from one fate to another. */
function gradesOf({ fates, gates }: Proof, family: Family): (change: FateChange) => Grade {
  const space = PACKETS[family]
  const known = new Map<number, Map<number, Grade>>()
  const inside = new Map<GateSet, Map<GateSet, boolean>>()
  /** Whether what passes the one passes the other. */
  const isInside = (one: GateSet, other: GateSet): boolean => {
    if (one === other || other.gates.every((gate) => one.gates.includes(gate))) return true
    const of = inside.get(one) ?? new Map<GateSet, boolean>()
    inside.set(one, of)
    const last = of.get(other)
    if (last !== undefined) return last
    const index = byDestination(space, gates(family).passes(other))
    const found = gates(family)
      .passes(one)
      .every((box) => uncoveredBy(space, box, index) === undefined)
    of.set(other, found)
    return found
  }
  const grade = (before: Fate, after: Fate): Grade => ({
    isWhole: before.all === undefined || (after.all !== undefined && isInside(before.all, after.all)),
    isTight: after.ways.every(({ behind, end }) => before.ways.some((way) => way.end === end && isInside(behind, way.behind))),
  })
  return ({ before, after }) => {
    const of = known.get(before) ?? new Map<number, Grade>()
    known.set(before, of)
    const found = of.get(after) ?? grade(fates(family).fate(before), fates(family).fate(after))
    of.set(after, found)
    return found
  }
}
