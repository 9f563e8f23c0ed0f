/**
 * Answers meet the firewalls that saw the question: each filter on the way back is on the way there too, or is the other member of its pair, which is told what that one knows. One that is not would drop the
 * answers, as packets of no connection (RFC 2979 §1 is about such devices).
 */
import type { Family } from '#base/ip.ts'
import type { Design } from '#design/design.ts'
import { type Box, meetAll } from '../../engine/boxes/boxes.ts'
import { byDestination, type Near } from '../../engine/boxes/near.ts'
import { PACKETS } from '../../engine/packet.ts'
import { spread } from '../../engine/reach/spread.ts'
import { intervalsOf, packetsOf, type Spot } from '../../intent/flows.ts'
import type { Place } from '../../intent/places.ts'
import type { Proof, Property } from '../../proof.ts'

/** The property. */
export const symmetric: Property = {
  name: 'symmetric',
  title: 'answers come back the same way',
  *ofNetwork(proof) {
    const pairs = pairsOf(proof.design)
    const peers = peersOf(proof)
    const met = new Map<Place, Readonly<Record<Family, Met>>>()
    for (const [place, others] of peers) met.set(place, { 4: metBy(proof, place, others, pairs, 4), 6: metBy(proof, place, others, pairs, 6) })
    for (const [place, others] of peers) {
      for (const other of others) {
        if (!(place.id < other.id)) continue
        const lone = ([4, 6] as const).flatMap((family) => [
          ...filtersOn(met.get(place)![family], other, family).symmetricDifference(filtersOn(met.get(other)![family], place, family)),
        ])[0]
        const counter =
          lone === undefined ? undefined : { says: `${lone} is on the way between ${place.id} and ${other.id} in one direction alone`, device: lone }
        yield { property: symmetric.name, id: `${place.id} ↔ ${other.id}`, holds: lone === undefined, why: [], ...(counter ? { counter } : {}) }
      }
    }
  },
}

/** Stateful filters that packets of a place meet, one of each pair, with where those packets go. */
type Met = ReadonlyMap<string, Near<undefined>>

/** Filters that decide by zones what passes; of a pair that keeps its state in step the first stands for both. */
function pairsOf({ sites }: Design): ReadonlyMap<string, string> {
  const filters = sites.flatMap(({ devices }) => devices.filter(({ filter }) => filter?.transit === 'filtered'))
  return new Map(filters.map(({ id, stateSync }) => [id, stateSync ? [id, stateSync.remoteName].sort()[0]! : id]))
}

/** For each place those that it has to do with, in either direction. The internet sends answers wherever it likes. */
function peersOf({ places, intent }: Proof): ReadonlyMap<Place, ReadonlySet<Place>> {
  const inside = places.filter(({ site }) => site !== undefined)
  const known = new Map<readonly Spot[], readonly Place[]>()
  const at = (spots: readonly Spot[]) => {
    const found = known.get(spots) ?? inside.filter((place) => touches(spots, place))
    known.set(spots, found)
    return found
  }
  const peers = new Map<Place, Set<Place>>()
  const add = (one: Place, other: Place) => peers.set(one, (peers.get(one) ?? new Set()).add(other))
  for (const { from, to } of intent.flows)
    for (const one of at(from))
      for (const other of at(to)) {
        if (one === other) continue
        add(one, other)
        add(other, one)
      }
  return peers
}

function touches(spots: readonly Spot[], { site, prefixes }: Place): boolean {
  const near = spots.filter((spot) => spot.site === site).map(({ prefix }) => prefix)
  return ([4, 6] as const).some((family) =>
    intervalsOf(family, near).some(([a, b]) => intervalsOf(family, prefixes).some(([first, last]) => a <= last && first <= b)),
  )
}

/** What packets to these others meet, when every filter lets them pass: answers belong to what was let through. */
function metBy(proof: Proof, place: Place, others: ReadonlySet<Place>, pairs: ReadonlyMap<string, string>, family: Family): Met {
  const space = PACKETS[family]
  const to = intervalsOf(
    family,
    [...others].flatMap(({ prefixes }) => prefixes),
  )
  const wanted = packetsOf(family, [[0n, (1n << (family === 4 ? 32n : 128n)) - 1n]], to, [])
  const sources = place.sources(family).map((source) => ({ ...source, boxes: meetAll(space, source.boxes, wanted) }))
  const { stops } = spread(proof.world, family, sources, { open: new Set(proof.world.told.keys()) })
  const found = new Map<string, Box[]>()
  for (const [stop, boxes] of stops) {
    const pair = pairs.get(stop.split(/[ #]/)[0]!)
    if (pair !== undefined) found.set(pair, [...(found.get(pair) ?? []), ...boxes])
  }
  return new Map([...found].map(([pair, boxes]) => [pair, byDestination(space, boxes)]))
}

/** The filters on the way to a place. */
function filtersOn(met: Met, { prefixes }: Place, family: Family): ReadonlySet<string> {
  const to = packetsOf(family, [[0n, 0n]], intervalsOf(family, prefixes), [])
  return new Set([...met].filter(([, stops]) => to.some((box) => stops.meeting(box).length > 0)).map(([pair]) => pair))
}
