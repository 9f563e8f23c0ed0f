/** What is meant to work works: each flow, from each place that it may begin at, in both families, over every one of several equal ways. */
import type { Family } from '#base/ip.ts'
import { type Box, meetAll, type Point, uncovered } from '../../engine/boxes/boxes.ts'
import { PACKETS } from '../../engine/packet.ts'
import type { Spread } from '../../engine/reach/spread.ts'
import { type Flow, type Interval, intervalsOf, packetsOf } from '../../intent/flows.ts'
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
    for (const flow of proof.flows) {
      const counter = ([4, 6] as const).map((family) => broken(proof, flow, place, spreads[family], family))
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

/** Prefixes are apart, or one is in the other. */
function common(one: Interval, other: Interval): readonly Interval[] {
  if (one[0] <= other[0] && other[1] <= one[1]) return [other]
  return other[0] <= one[0] && one[1] <= other[1] ? [one] : []
}

/** What shows that a flow does not work from a place; `none` where nobody there sends any of it. */
function broken({ design, world }: Proof, flow: Flow, place: Place, spread: Spread, family: Family): Counter | 'none' | undefined {
  const space = PACKETS[family]
  const from = sendersOf(flow, place, family)
  if (from.length === 0) return 'none'
  const to = receiversOf(design, world, flow.to, family, place.id)
  const boxes = packetsOf(family, from, to, flow.services).flatMap((box) => meetAll(space, spread.sent, [box]))
  if (boxes.length === 0) return 'none'
  const arrived = spread.arrivals.flatMap((arrival) => arrival.boxes)
  for (const box of boxes) {
    const missing = uncovered(space, box, arrived) ?? lostOnAWay(family, box, spread)
    if (missing === undefined) continue
    if (missing === 'unknown') return { says: 'there are too many parts to tell' }
    const obstacle = obstacleOf(world, family, spread, missing)
    const packet = showPacket(family, missing)
    if (!obstacle) return { says: 'nobody takes it', packet }
    return { says: `${obstacle.device} ${obstacle.says}`, packet, device: obstacle.device, ...(obstacle.rule ? { rule: obstacle.rule } : {}) }
  }
  return undefined
}

/** A packet that arrives by one way and is dropped on another, equally good one. */
function lostOnAWay(family: Family, box: Box, { passages, losses }: Spread): Point | 'unknown' | undefined {
  const space = PACKETS[family]
  for (const { arriving, accepted } of passages) {
    for (const part of meetAll(space, arriving, [box])) {
      const dropped = uncovered(space, part, accepted)
      if (dropped !== undefined) return dropped
    }
  }
  for (const { boxes } of losses) {
    const [lost] = meetAll(space, boxes, [box])
    if (lost) return lost.slice(0, space.words)
  }
  return undefined
}
