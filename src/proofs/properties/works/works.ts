/** What is meant to work works: each flow, from each place that it may begin at, in both families, over every one of several equal ways. */
import type { Family } from '#base/ip.ts'
import type { Alike } from '../../alike.ts'
import { FAMILIES } from '../../by-family.ts'
import { type Boxes, meet, type Point } from '../../engine/boxes/boxes.ts'
import { byDestination, type Entry, type Near, near, plain, uncoveredBy } from '../../engine/boxes/near.ts'
import { PACKETS } from '../../engine/packet.ts'
import type { Spread } from '../../engine/reach/spread.ts'
import { concernOf, isConcerned, sendersOf } from '../../intent/concern.ts'
import type { Flow } from '../../intent/flows.ts'
import { isOfLinks, linksOf } from '../../intent/links.ts'
import type { Place } from '../../intent/places.ts'
import { obstacleOf } from '../../obstacle.ts'
import { showPacket } from '../../packet-text.ts'
import type { Counter, Proof, Property } from '../../proof.ts'

/** The property. */
export const works: Property = {
  name: 'works',
  title: 'what is allowed works',
  *ofPlaces(proof, alike) {
    for (const flow of proof.intent.flows) {
      for (const [place, counter] of lostFrom(proof, flow, alike.places, alike))
        yield { property: works.name, id: `${flow.id} from ${place.id}`, holds: !counter, why: flow.why, ...(counter ? { counter } : {}) }
    }
  },
}

/** The places that send some of a flow, each with what shows that it does not work from there, if anything does. */
export function* lostFrom(
  proof: Proof,
  flow: Pick<Flow, 'from' | 'to' | 'services'>,
  places: readonly Place[],
  { reached, spread }: Pick<Alike, 'reached' | 'spread'>,
): Iterable<readonly [Place, Counter | undefined]> {
  const arrives = (some: readonly Place[]) =>
    FAMILIES.every((family) => {
      const concern = concernOf(proof, flow, some, family)
      return concern.length === 0 || covers(family, reached(family).must, concern)
    })
  if (FAMILIES.every((family) => sendersOf(flow.from, places, family).length === 0)) return
  const concerned = places.filter((place) => FAMILIES.some((family) => isConcerned(proof, flow, place, family)))
  if (concerned.length === 0) return
  const all = arrives(concerned)
  for (const place of concerned) {
    if (all || arrives([place])) yield [place, undefined]
    else {
      const found = FAMILIES.map((family) => lost(proof, family, concernOf(proof, flow, [place], family), spread(place)[family]))
      yield [place, found.find((counter) => counter !== undefined)]
    }
  }
}

/** Whether the one holds all of the other. */
function covers(family: Family, must: Boxes, boxes: Boxes): boolean {
  const space = PACKETS[family]
  const index = byDestination(space, must)
  return boxes.every((box) => uncoveredBy(space, box, index) === undefined)
}

/** What shows that packets do not arrive. */
function lost({ design, world }: Proof, family: Family, boxes: Boxes, spread: Spread): Counter | undefined {
  const space = PACKETS[family]
  const { arrived, stops } = waysOf(design, family, spread)
  for (const box of boxes) {
    const missing = uncoveredBy(space, box, arrived) ?? lostOnAWay(family, box, stops)
    if (missing === undefined) continue
    if (missing === 'unknown') return { says: 'there are too many parts to tell' }
    const obstacle = obstacleOf(world, family, spread, missing)
    const packet = showPacket(family, missing)
    if (!obstacle) return { says: 'nobody takes it', packet }
    return { says: `${obstacle.device} ${obstacle.says}`, packet, device: obstacle.device, ...(obstacle.rule ? { rule: obstacle.rule } : {}) }
  }
  return undefined
}

/** Where packets got to and where they may have been dropped, by destination. */
interface Ways {
  readonly arrived: Near<undefined>
  /** What came to each filter, and what it let through; of what was lost, nothing. */
  readonly stops: Near<Near<undefined>>
}

/** Sorted once for each spread. */
const SORTED = new WeakMap<Spread, Ways>()

function waysOf(design: Proof['design'], family: Family, spread: Spread): Ways {
  const known = SORTED.get(spread)
  if (known) return known
  const space = PACKETS[family]
  const by = <T>(entries: readonly Entry<T>[]) => near(space, entries)
  const nothing = by<undefined>([])
  const links = linksOf(design, family)
  // No flow is meant for links and loopbacks.
  const calls = spread.calls.filter(({ own }) => !isOfLinks(own.address, links))
  const stops = [
    ...[...spread.passages, ...calls].flatMap(({ arriving, passes }) => arriving.map((box) => ({ box, of: passes }))),
    ...spread.deadEnds.flatMap(({ boxes }) => boxes.map((box) => ({ box, of: nothing }))),
  ]
  const arrivals = spread.arrivals.filter(({ own }) => !own || !isOfLinks(own.address, links))
  const ways = { arrived: by(arrivals.flatMap(({ boxes }) => plain(boxes))), stops: by(stops) }
  SORTED.set(spread, ways)
  return ways
}

/** A packet that arrives by one way and is dropped on another, equally good one. */
function lostOnAWay(family: Family, box: Boxes[number], stops: Ways['stops']): Point | 'unknown' | undefined {
  const space = PACKETS[family]
  for (const { box: arriving, of: passed } of stops.meeting(box)) {
    const part = meet(space, arriving, box)
    if (!part) continue
    const dropped = uncoveredBy(space, part, passed)
    if (dropped !== undefined) return dropped
  }
  return undefined
}
