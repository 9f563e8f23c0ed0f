/** Everything else is denied: from each place nothing arrives in another zone, or outside, that no flow allows. */
import type { Family } from '#base/ip.ts'
import { type Boxes, uncovered } from '../../engine/boxes/boxes.ts'
import { PACKETS } from '../../engine/packet.ts'
import type { Spread } from '../../engine/reach/spread.ts'
import { intervalsOf, packetsOf } from '../../intent/flows.ts'
import { isDestination, linksOf } from '../../intent/links.ts'
import type { Place } from '../../intent/places.ts'
import { showPacket } from '../../packet-text.ts'
import type { Counter, Proof, Property } from '../../proof.ts'
import { sendersOf } from '../works/works.ts'

/** The property. */
export const denied: Property = {
  name: 'denied',
  title: 'what is not allowed is denied',
  *ofPlace(proof, place, spreads) {
    const counter = ([4, 6] as const).map((family) => leak(proof, place, spreads[family], family)).find((found) => found !== undefined)
    yield { property: denied.name, id: `from ${place.id} nothing but what is allowed`, holds: !counter, why: [], ...(counter ? { counter } : {}) }
  },
}

function leak(proof: Proof, place: Place, spread: Spread, family: Family): Counter | undefined {
  const space = PACKETS[family]
  const [restless] = spread.restless
  if (restless !== undefined)
    return { says: `its packets come to ${restless} again and again, so not all of them were followed`, device: restless.split(/[ #]/)[0]! }
  const allowed = allowedFrom(proof, place, family)
  const links = linksOf(proof.design, family)
  for (const arrival of spread.arrivals) {
    if (!isDestination(arrival, links)) continue
    for (const box of arrival.boxes) {
      const point = uncovered(space, box, allowed)
      if (point === undefined) continue
      if (point === 'unknown') return { says: 'there are too many parts to tell' }
      const where = arrival.kind === 'outside' ? `leaves the company at ${arrival.device}` : `arrives at ${arrival.device}`
      return {
        says: `it ${where}${arrival.port ? ` by ${arrival.port.name}` : ''}, and nothing allows it`,
        packet: showPacket(family, point),
        device: arrival.device,
      }
    }
  }
  return undefined
}

/** What a place may send: all that flows allow, and anything to its own zone at its own site, whose members trust each other. */
function allowedFrom({ intent, design }: Proof, place: Place, family: Family): Boxes {
  const boxes = intent.flows.flatMap((flow) => {
    const from = sendersOf(flow, place, family)
    return from.length > 0
      ? packetsOf(
          family,
          from,
          intervalsOf(
            family,
            flow.to.map(({ prefix }) => prefix),
          ),
          flow.services,
        )
      : []
  })
  const own = design.sites.find(({ id }) => id === place.site)?.zones.find(({ name }) => name === place.zone)?.prefixes ?? []
  return [...boxes, ...packetsOf(family, intervalsOf(family, place.prefixes), intervalsOf(family, own), [])]
}
