/**
 * What a change opens, closes and leads elsewhere: where packets of each place get to in one network and in another, as exact differences of packet sets. Places whose packets have the same fates on both sides are
 * compared once.
 */
import type { Family } from '#base/ip.ts'
import type { Asked } from './asked.ts'
import { byFamily, FAMILIES } from './by-family.ts'
import { type Box, type Boxes, meetAll, subtract } from './engine/boxes/boxes.ts'
import { byDestination, meetNear } from './engine/boxes/near.ts'
import { hashOf } from './engine/boxes/words.ts'
import { PACKETS } from './engine/packet.ts'
import { fatesOf, type Row } from './engine/reach/fates.ts'
import { reachedFrom } from './engine/reach/reached.ts'
import type { Source } from './engine/reach/spread.ts'
import type { Place } from './intent/places.ts'
import { about } from './network.ts'
import { otherwiseIn } from './otherwise.ts'
import type { Network } from './proof.ts'
import { DESTINATIONS } from './properties/denied/denied.ts'
import { once, remembered } from './remembered.ts'

/** What is otherwise for the packets of a place. */
export interface PlaceChange {
  readonly place: Place
  readonly family: Family
  /** What arrives now and did not. */
  readonly opened: Boxes
  /** What arrived and does not now. */
  readonly closed: Boxes
  /** What arrives before and after, by other devices. */
  readonly rerouted: readonly Rerouted[]
}

/** Packets that go another way: the firewalls on it, and the devices at which circuits end; of several equal ways all. */
export interface Rerouted {
  readonly boxes: Boxes
  readonly before: readonly string[]
  readonly after: readonly string[]
}

/** What is otherwise. */
export interface Change {
  readonly changes: readonly PlaceChange[]
  /** Places that both networks have, and those of them of which nothing is otherwise. */
  readonly compared: number
  readonly unchanged: number
}

/** Parts that a difference may have; with more it is taken whole. */
const MOST_PARTS = 20_000

/** Compares two networks, place by place; what a place does that one of the two has alone comes or goes whole. Of all others only the destinations are looked at of which something else may become. */
export function changeBetween(before: Network, after: Network): Change {
  const was = new Map(before.places.map((place) => [place.id, place]))
  const is = new Map(after.places.map((place) => [place.id, place]))
  const isAlike = isRoutedAlike(before, after)
  const { asked, places } = otherwiseIn(before, after)
  const others = new Set([...places].map(({ id }) => id))
  const comparer = (of: Asked | undefined) => {
    const [one, other] = [before, after].map((network) => (network.asked === of ? network : about(network, of)))
    return byFamily((family) => comparing(one!, other!, family, isAlike))
  }
  const [ofSome, ofAll] = [comparer(asked), comparer(undefined)]
  const changes = [...new Set([...was.keys(), ...is.keys()])].flatMap((id) =>
    FAMILIES.flatMap((family): PlaceChange[] => {
      const compare = was.has(id) && is.has(id) && !others.has(id) ? ofSome : ofAll
      const found = compare(family)(was.get(id), is.get(id))
      return found ? [{ place: (is.get(id) ?? was.get(id))!, family, ...found }] : []
    }),
  )
  const touched = new Set(changes.map(({ place }) => place.id))
  const compared = after.places.filter(({ id }) => was.has(id))
  return { changes, compared: compared.length, unchanged: compared.filter(({ id }) => !touched.has(id)).length }
}

/** Compares places of a family; where routing is alike, no packet goes another way. */
function comparing(
  before: Network,
  after: Network,
  family: Family,
  isAlike: boolean,
): (was: Place | undefined, is: Place | undefined) => Omit<PlaceChange, 'place' | 'family'> | undefined {
  const space = PACKETS[family]
  const sides = [sideOf(before, family), sideOf(after, family)] as const
  /** Of destinations that both networks are asked about. */
  const asked = meetNear(space, everyKind(before, family), byDestination(space, everyKind(after, family)))
  const within = (boxes: Boxes) => meetNear(space, boxes, byDestination(space, asked))
  const compareRows = ofPairs((one: Row, other: Row) => {
    const [was, is] = [sides[0].arrivals(one), sides[1].arrivals(other)]
    if (was.hash === is.hash) return { opened: [], closed: [] }
    return { opened: within(less(is.boxes, was.boxes)), closed: within(less(was.boxes, is.boxes)) }
  })
  const compareWays = ofPairs((one: Row, other: Row): readonly Rerouted[] => {
    const now = sides[1].ways(other)
    return [...sides[0].ways(one)].flatMap(([way, { boxes, devices: before }]) => {
      const left = within(less(boxes, now.get(way)?.boxes ?? []))
      if (left.length === 0) return []
      return [...now].flatMap(([another, { boxes: others, devices: after }]) => {
        const part = another === way ? [] : meetNear(space, left, byDestination(space, others))
        return part.length > 0 ? [{ boxes: part, before, after }] : []
      })
    })
  })
  const less = (boxes: Boxes, others: Boxes): Boxes => {
    const index = byDestination(space, others)
    return boxes.flatMap((box) => {
      const near = index.meeting(box).map((entry) => entry.box)
      return near.length === 0 ? [box] : (subtract(space, [box], near, MOST_PARTS) ?? [box])
    })
  }
  return (was, is) => {
    const opened: Boxes[] = []
    const closed: Boxes[] = []
    const rerouted: Rerouted[] = []
    const [from, to] = [was?.sources(family) ?? [], is?.sources(family) ?? []]
    for (const { one, other } of paired(from, to)) {
      if (one && other) {
        const found = compareRows(sides[0].row(one), sides[1].row(other))
        // What only one of the two sends is no change of what becomes of it.
        const sent = meetAll(space, one.boxes, other.boxes)
        opened.push(meetAll(space, found.opened, sent))
        closed.push(meetAll(space, found.closed, sent))
        if (!isAlike)
          for (const { boxes, ...ways } of compareWays(sides[0].wayRow(one), sides[1].wayRow(other))) {
            const arriving = [sides[0].arrivals(sides[0].row(one)), sides[1].arrivals(sides[1].row(other))]
            const part = arriving.reduce((left, { boxes }) => meetNear(space, left, byDestination(space, boxes)), meetAll(space, boxes, sent))
            if (part.length > 0) rerouted.push({ boxes: part, ...ways })
          }
      } else if (other) opened.push(meetAll(space, sides[1].arrivals(sides[1].row(other)).boxes, other.boxes))
      else if (one) closed.push(meetAll(space, sides[0].arrivals(sides[0].row(one)).boxes, one.boxes))
    }
    const found = { opened: opened.flat(), closed: closed.flat(), rerouted }
    return found.opened.length + found.closed.length + rerouted.length > 0 ? found : undefined
  }
}

/** Sources of a place before and after: servers by their names, and of a segment the one that there is. */
function paired(was: readonly Source[], is: readonly Source[]): readonly { readonly one?: Source; readonly other?: Source }[] {
  if (was.length === 1 && is.length === 1) return [{ one: was[0]!, other: is[0]! }]
  const found = is.map((other) => {
    const one = was.find(({ device }) => device === other.device)
    return one ? { one, other } : { other }
  })
  const gone = was.filter(({ device }) => !is.some((other) => other.device === device))
  return [...found, ...gone.map((one) => ({ one }))]
}

function everyKind({ kinds }: Network, family: Family): Boxes {
  const { boxesBy, count } = kinds(family)
  return boxesBy(new Int32Array(count)).get(0) ?? []
}

/** One of two networks, in a family. */
interface Side {
  row(source: Source): Row
  /** What arrives of all that may be sent from there, and a number that is the same for the same boxes in any order. */
  arrivals(row: Row): { readonly boxes: Boxes; readonly hash: number }
  /** The same for the devices on the way. */
  wayRow(source: Source): Row
  /** Destinations to which packets go by some devices, by what these are, where they go anywhere by each of several equal ways. */
  ways(row: Row): ReadonlyMap<string, { readonly boxes: Boxes; readonly devices: readonly string[] }>
}

function sideOf({ design, world, kinds, gates, fates }: Network, family: Family): Side {
  const row = ({ device, vrf, port }: Source) => fates(family).row(device, vrf, port)
  const arrivals = remembered((of: Row) => {
    const { may } = reachedFrom(fates(family), of, gates(family).passes)
    const boxes = DESTINATIONS.flatMap((end) => may.get(end) ?? [])
    return { boxes, hash: boxes.reduce((sum, box) => (sum + hashOf(box)) | 0, boxes.length) }
  })
  /** Which of these packets meet is the way; within a site there are many that are as good as each other. */
  const { sites } = design
  const ends = sites.flatMap(({ links }) => links.flatMap(({ a, b, circuit }) => (circuit === undefined ? [] : [a.device, ...(b ? [b.device] : [])])))
  const firewalls = sites.flatMap(({ devices }) => devices.flatMap(({ id, filter }) => (filter?.transit === 'filtered' ? [id] : [])))
  const told = new Set([...ends, ...firewalls])
  const devices: string[] = []
  const numberOf = remembered((device: string) => ({ number: devices.push(device) - 1 }))
  const byDevice = once(() => fatesOf(world, family, kinds(family), (device) => (told.has(device) ? numberOf(device).number : undefined)))
  return {
    row,
    arrivals,
    wayRow: ({ device, vrf, port }) => byDevice().row(device, vrf, port),
    ways: remembered((of: Row) => {
      const found = new Map<string, { readonly boxes: Box[]; readonly devices: readonly string[] }>()
      for (const [number, boxes] of kinds(family).boxesBy(of.fates)) {
        const { ways, all } = byDevice().fate(number)
        if (ways.length === 0 || !all) continue
        const names = all.gates.map((gate) => devices[gate]!).sort()
        const key = names.join()
        const alike = found.get(key) ?? { boxes: [], devices: names }
        found.set(key, alike)
        for (const box of boxes) alike.boxes.push(box)
      }
      return found
    }),
  }
}

/** Whether packets may go another way: tables, or the parts in gateway addresses, are others. */
function isRoutedAlike({ world: one }: Network, { world: other }: Network): boolean {
  if (one.routed === other.routed) return true
  const [was, is] = [one.routed.tables, other.routed.tables]
  const isSame = (name: string) => JSON.stringify([...was.get(name)!]) === JSON.stringify([...(is.get(name) ?? [])])
  const priorities = (world: typeof one) => [...world.told].flatMap(([id, { keepalived }]) => (keepalived ? [`${id} ${world.priority(id)}`] : [])).join()
  return was.size === is.size && [...was.keys()].every(isSame) && priorities(one) === priorities(other)
}

function ofPairs<K, V>(find: (one: K, other: K) => V): (one: K, other: K) => V {
  const of = remembered((one: K) => remembered((other: K) => find(one, other)))
  return (one, other) => of(one)(other)
}
