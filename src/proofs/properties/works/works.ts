/** What is meant to work works: each flow, from each place that it may begin at, in both families, over every one of several equal ways. */
import type { Family } from '#base/ip.ts'
import type { Design } from '#design/design.ts'
import { type Box, meet, meetAll, type Point, uncovered } from '../../engine/boxes/boxes.ts'
import { type Entry, type Near, near, plain } from '../../engine/boxes/near.ts'
import { PACKETS } from '../../engine/packet.ts'
import type { Spread } from '../../engine/reach/spread.ts'
import { type Flow, type Interval, intervalsOf, packetsOf } from '../../intent/flows.ts'
import { isOfLinks, linksOf } from '../../intent/links.ts'
import type { Place } from '../../intent/places.ts'
import { receiversOf } from '../../intent/receivers.ts'
import { obstacleOf } from '../../obstacle.ts'
import { showPacket } from '../../packet-text.ts'
import type { Counter, Proof, Property } from '../../proof.ts'

/** The property. */
export const works: Property = {
  name: 'works',
  title: 'what is allowed works',
  *ofPlace(proof, place, spreads) {
    const ways = { 4: waysOf(proof.design, 4, spreads[4]), 6: waysOf(proof.design, 6, spreads[6]) }
    for (const flow of proof.intent.flows) {
      const counter = ([4, 6] as const).map((family) => broken(proof, flow, place, ways[family], family))
      if (counter.every((found) => found === 'none')) continue
      const found = counter.find((one) => typeof one === 'object')
      yield { property: works.name, id: `${flow.id} from ${place.id}`, holds: !found, why: flow.why, ...(found ? { counter: found } : {}) }
    }
  },
}

/** The addresses that a flow may come from and a place has, of one family. */
export function sendersOf({ from }: Pick<Flow, 'from'>, { prefixes }: Place, family: Family): readonly Interval[] {
  const own = intervalsOf(family, prefixes)
  const theirs = intervalsOf(
    family,
    from.map(({ prefix }) => prefix),
  )
  return theirs.flatMap((one) => own.flatMap((other) => common(one, other)))
}

/** What two intervals share. */
function common([a, b]: Interval, [c, d]: Interval): readonly Interval[] {
  const [first, last] = [a > c ? a : c, b > d ? d : b]
  return first <= last ? [[first, last]] : []
}

/** What shows that a flow does not work from a place; `none` where nobody there sends any of it. */
export function broken(
  { design, world }: Proof,
  flow: Pick<Flow, 'from' | 'to' | 'services'>,
  place: Place,
  { spread, arrived, stops }: Ways,
  family: Family,
): Counter | 'none' | undefined {
  const space = PACKETS[family]
  const from = sendersOf(flow, place, family)
  if (from.length === 0) return 'none'
  const to = receiversOf(
    design,
    world,
    flow.to.filter(({ prefix }) => place.sendsTo(prefix)),
    family,
    place.id,
  )
  const boxes = packetsOf(family, from, to, flow.services).flatMap((box) => meetAll(space, spread.sent, [box]))
  if (boxes.length === 0) return 'none'
  for (const box of boxes) {
    const covers = arrived.meeting(box).map((entry) => entry.box)
    const missing = uncovered(space, box, covers) ?? lostOnAWay(family, box, stops)
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
export interface Ways {
  readonly spread: Spread
  readonly arrived: Near<undefined>
  /** What came to each filter, and what it let through; of what was lost, nothing. */
  readonly stops: Near<Near<undefined>>
}

/** Sorted once for each spread: several properties ask. */
const SORTED = new WeakMap<Spread, Ways>()

/** Sorts where packets got to. */
export function waysOf(design: Design, family: Family, spread: Spread): Ways {
  const known = SORTED.get(spread) ?? sort(design, family, spread)
  SORTED.set(spread, known)
  return known
}

function sort(design: Design, family: Family, spread: Spread): Ways {
  const space = PACKETS[family]
  const by = <T>(entries: readonly Entry<T>[]) => near(space, 'destination', entries)
  const nothing = by<undefined>([])
  const links = linksOf(design, family)
  // No flow is meant for links and loopbacks.
  const calls = spread.calls.filter(({ own }) => !isOfLinks(own.address, links))
  const stops = [
    ...[...spread.passages, ...calls].flatMap(({ arriving, passes }) => arriving.map((box) => ({ box, of: passes }))),
    ...spread.losses.flatMap(({ boxes }) => boxes.map((box) => ({ box, of: nothing }))),
  ]
  const arrivals = spread.arrivals.filter(({ own }) => !own || !isOfLinks(own.address, links))
  return { spread, arrived: by(arrivals.flatMap(({ boxes }) => plain(boxes))), stops: by(stops) }
}

/** A packet that arrives by one way and is dropped on another, equally good one. */
function lostOnAWay(family: Family, box: Box, stops: Ways['stops']): Point | 'unknown' | undefined {
  const space = PACKETS[family]
  for (const { box: arriving, of: passed } of stops.meeting(box)) {
    const part = meet(space, arriving, box)
    if (!part) continue
    const covers = passed.meeting(part).map((entry) => entry.box)
    const dropped = uncovered(space, part, covers)
    if (dropped !== undefined) return dropped
  }
  return undefined
}
