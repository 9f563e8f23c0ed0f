/**
 * Devices are run from the management zone, and by whom the company names for it: nothing else that others send arrives there, and of others a device itself takes only what links and first hops are made of.
 */
import type { Family } from '#base/ip.ts'
import { FAMILIES } from '../../by-family.ts'
import { type Boxes, boxOf, meetAll, uncovered } from '../../engine/boxes/boxes.ts'
import { byDestination, meetNear } from '../../engine/boxes/near.ts'
import { PACKETS } from '../../engine/packet.ts'
import { END } from '../../engine/reach/fate.ts'
import type { Reached } from '../../engine/reach/reached.ts'
import type { Spread } from '../../engine/reach/spread.ts'
import { prefixesOf, sendersOf } from '../../intent/concern.ts'
import { type Flow, managementOf, packetsOf, type Spot } from '../../intent/flows.ts'
import type { Place } from '../../intent/places.ts'
import { showPacket } from '../../packet-text.ts'
import type { Counter, Proof, Property, Verdict } from '../../proof.ts'
import { takenBy } from './own-filters.ts'

/** The property. */
export const management: Property = {
  name: 'management',
  title: 'devices are run from management alone',
  *ofNetwork(proof) {
    for (const [device, counter] of takenBy(proof, runBy(proof).flows)) yield verdict(`taken by ${device}`, counter)
  },
  *ofPlaces(proof, { places, reached, spread }) {
    if (places[0].zone === managementOf(proof.company)) return
    const run = runBy(proof)
    const none = FAMILIES.every((family) => isKeptOut(run, places, reached(family), family))
    for (const place of places) {
      const counter = none ? undefined : FAMILIES.map((family) => arriving(run, place, spread(place)[family], family)).find((found) => found !== undefined)
      yield verdict(`from ${place.id}`, counter)
    }
  },
}

function verdict(id: string, counter: Counter | undefined): Verdict {
  return { property: management.name, id, holds: !counter, why: [], ...(counter ? { counter } : {}) }
}

/** The management zone, and the flows that are for it and for nothing else: a policy for all zones opens it to nobody. */
interface Run {
  readonly there: readonly Spot[]
  readonly flows: readonly Flow[]
}

function runBy({ company, intent }: Proof): Run {
  const zone = managementOf(company)
  const flows = intent.flows.filter(({ to }) => to.length > 0 && to.every((spot) => spot.zone === zone))
  return { there: intent.side({ kind: 'zone', zone }), flows }
}

/** Whether nothing arrives there that no flow names. */
function isKeptOut({ there, flows }: Run, places: readonly Place[], { may, rounds }: Reached, family: Family): boolean {
  const space = PACKETS[family]
  const named = namedFrom(flows, places, family)
  const toThere = destinedTo(there, family)
  return (
    rounds.length === 0 &&
    [END.hosts, END.device].every((end) =>
      meetNear(space, toThere, byDestination(space, may.get(end) ?? [])).every((box) => uncovered(space, box, named) === undefined),
    )
  )
}

function arriving({ there, flows }: Run, place: Place, { arrivals }: Spread, family: Family): Counter | undefined {
  const space = PACKETS[family]
  const named = namedFrom(flows, [place], family)
  for (const { kind, device, boxes } of arrivals) {
    if (kind === 'outside') continue
    for (const box of meetAll(space, boxes, destinedTo(there, family))) {
      const point = uncovered(space, box, named)
      if (point === 'unknown') return { says: 'there are too many parts to tell' }
      if (point) return { says: `it arrives at ${device}, where devices are run, and nothing allows that by name`, packet: showPacket(family, point), device }
    }
  }
  return undefined
}

function destinedTo(there: readonly Spot[], family: Family): Boxes {
  return prefixesOf(there, family).map((destination) => boxOf(PACKETS[family], { destination }))
}

function namedFrom(flows: readonly Flow[], places: readonly Place[], family: Family): Boxes {
  return flows.flatMap(({ from, to, services }) => packetsOf(family, sendersOf(from, places, family), prefixesOf(to, family), services))
}
