/** Everything else is denied: from each place nothing arrives in another zone, or outside, that no flow allows. */
import type { Family } from '#base/ip.ts'
import { FAMILIES } from '../../by-family.ts'
import { type Boxes, boxOf, meetAll, uncovered } from '../../engine/boxes/boxes.ts'
import { byDestination, uncoveredBy } from '../../engine/boxes/near.ts'
import { PACKETS } from '../../engine/packet.ts'
import { END } from '../../engine/reach/fate.ts'
import type { Reached } from '../../engine/reach/reached.ts'
import type { Spread } from '../../engine/reach/spread.ts'
import { prefixesOf, sendersOf, sentFrom } from '../../intent/concern.ts'
import { packetsOf } from '../../intent/flows.ts'
import { intervalsOf, joined } from '../../intent/intervals.ts'
import { isDestination, linksOf } from '../../intent/links.ts'
import type { Place } from '../../intent/places.ts'
import { showPacket } from '../../packet-text.ts'
import type { Counter, Proof, Property } from '../../proof.ts'

/** The property. */
export const denied: Property = {
  name: 'denied',
  title: 'what is not allowed is denied',
  *ofPlaces(proof, { places, reached, spread }) {
    const all = FAMILIES.every((family) => isTight(proof, places, reached(family), family))
    for (const place of places) {
      const counter = all
        ? undefined
        : FAMILIES.map((family) => leak({ ...proof, asked: undefined }, place, spread(place)[family], family)).find((found) => found !== undefined)
      yield { property: denied.name, id: `from ${place.id} nothing but what is allowed`, holds: !counter, why: [], ...(counter ? { counter } : {}) }
    }
  },
}

/** The ends at which somebody is who policies speak of. */
export const DESTINATIONS = [END.hosts, END.device, END.outside]

/** Whether all that arrives is allowed. */
function isTight(proof: Proof, places: readonly Place[], { may, rounds }: Reached, family: Family): boolean {
  if (rounds.length > 0) return false
  const space = PACKETS[family]
  const allowed = byDestination(space, allowedFrom(proof, places, family))
  const sent = joined(places.flatMap((place) => sentFrom(place, family))).map((source) => boxOf(space, { source }))
  return DESTINATIONS.every((end) => meetAll(space, may.get(end) ?? [], sent).every((box) => uncoveredBy(space, box, allowed) === undefined))
}

function leak(proof: Proof, place: Place, spread: Spread, family: Family): Counter | undefined {
  const space = PACKETS[family]
  const [restless] = spread.restless
  if (restless !== undefined)
    return { says: `its packets come to ${restless} again and again, so not all of them were followed`, device: restless.split(/[ #]/)[0]! }
  const allowed = allowedFrom(proof, [place], family)
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

/** What places of one zone at one site may send: all that flows allow, and anything to their own zone there, whose members trust each other. */
export function allowedFrom({ intent, design, asked }: Proof, places: readonly Place[], family: Family): Boxes {
  const boxes = intent.flows.flatMap(({ from, to, services }) => {
    const receivers = asked ? asked.cut(family, prefixesOf(to, family)) : prefixesOf(to, family)
    const senders = receivers.length > 0 ? sendersOf(from, places, family) : []
    return senders.length > 0 ? packetsOf(family, senders, receivers, services) : []
  })
  const [{ site, zone }] = places as [Place]
  const own = design.sites.find(({ id }) => id === site)?.zones.find(({ name }) => name === zone)?.prefixes ?? []
  const prefixes = intervalsOf(
    family,
    places.flatMap((place) => place.prefixes),
  )
  return [...boxes, ...packetsOf(family, prefixes, intervalsOf(family, own), [])]
}
