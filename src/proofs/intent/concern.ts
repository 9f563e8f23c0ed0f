/** What a flow is for a place: the packets of it that the place sends. */
import type { Family } from '#base/ip.ts'
import type { Design } from '#design/design.ts'
import type { Asked } from '../asked.ts'
import { type Boxes, intervalOf } from '../engine/boxes/boxes.ts'
import { PACKETS } from '../engine/packet.ts'
import type { World } from '../engine/reach/world.ts'
import { type Flow, packetsOf, type Spot } from './flows.ts'
import { common, type Interval, intervalsOf, joined } from './intervals.ts'
import type { Place } from './places.ts'
import { type Receiver, receiversOf } from './receivers.ts'

/** The packets of a flow from these places, of those that a proof is about; none where nobody there sends any. What the hosts of one segment send each other meets no router: of a single place it is left out. */
export function concernOf(
  { design, world, asked }: { readonly design: Design; readonly world: World; readonly asked?: Asked },
  { from, to, services }: Pick<Flow, 'from' | 'to' | 'services'>,
  places: readonly Place[],
  family: Family,
): Boxes {
  const senders = sendersOf(from, places, family)
  if (senders.length === 0) return []
  const [place] = places as [Place]
  const receivers = receiversOf(design, world, to, family, asked).filter((receiver) =>
    places.length > 1 ? place.sendsTo(receiver.spot.prefix) : isApart(place, receiver),
  )
  return packetsOf(
    family,
    senders,
    receivers.map(({ addresses }) => addresses),
    services,
  )
}

/** Whether a place sends any packets of a flow. */
export function isConcerned(proof: Parameters<typeof concernOf>[0], { from, to }: Pick<Flow, 'from' | 'to'>, place: Place, family: Family): boolean {
  return sendersOf(from, [place], family).length > 0 && receiversOf(proof.design, proof.world, to, family).some((receiver) => isApart(place, receiver))
}

/** Whether what a place sends to somebody leaves its segment, and has a way. */
export function isApart(place: Place, { segment, spot }: Receiver): boolean {
  return place.sendsTo(spot.prefix) && (segment === undefined || segment !== place.id)
}

/** The addresses of these prefixes that the places send from. */
export function sendersOf(from: readonly Spot[], places: readonly Place[], family: Family): readonly Interval[] {
  const theirs = prefixesOf(from, family)
  return joined(places.flatMap((place) => sentFrom(place, family)).flatMap((own) => common(theirs, own)))
}

/** What a place sends from. */
export function sentFrom(place: Place, family: Family): readonly Interval[] {
  const known = SENT[family].get(place)
  if (known) return known
  const found = joined(place.sources(family).flatMap(({ boxes }) => boxes.map((box) => intervalOf(PACKETS[family], box, 'source'))))
  SENT[family].set(place, found)
  return found
}

const SENT: Readonly<Record<Family, WeakMap<Place, readonly Interval[]>>> = { 4: new WeakMap(), 6: new WeakMap() }

/** The prefixes of a side, as intervals; found once for each list. */
export function prefixesOf(spots: readonly Spot[], family: Family): readonly Interval[] {
  const known = PREFIXES[family].get(spots)
  if (known) return known
  const found = intervalsOf(
    family,
    spots.map(({ prefix }) => prefix),
  )
  PREFIXES[family].set(spots, found)
  return found
}

const PREFIXES: Readonly<Record<Family, WeakMap<readonly Spot[], readonly Interval[]>>> = { 4: new WeakMap(), 6: new WeakMap() }
