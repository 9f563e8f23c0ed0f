/** No route goes round: wherever a table sends packets, and the next one, they come to an end. A filter on the way that drops them is no excuse. */
import type { Family } from '#base/ip.ts'
import type { Alike } from '../../alike.ts'
import { lowest, meet } from '../../engine/boxes/boxes.ts'
import { PACKETS } from '../../engine/packet.ts'
import type { Place } from '../../intent/places.ts'
import { showPacket } from '../../packet-text.ts'
import type { Counter, Property } from '../../proof.ts'

/** The property. */
export const loops: Property = {
  name: 'loops',
  title: 'no route goes round',
  *ofPlaces(_, alike) {
    for (const place of alike.places) {
      const counter = roundFrom(place, alike, 4) ?? roundFrom(place, alike, 6)
      yield { property: loops.name, id: `from ${place.id}`, holds: !counter, why: [], ...(counter ? { counter } : {}) }
    }
  },
}

function roundFrom(place: Place, { reached }: Alike, family: Family): Counter | undefined {
  const space = PACKETS[family]
  const [round] = reached(family).rounds
  if (!round) return undefined
  const { boxes, devices } = round
  const [sent] = place.sources(family).flatMap((source) => source.boxes)
  const packet = sent && meet(space, sent, boxes[0]!)
  return { says: `it goes round: ${devices.join(', ')}`, device: devices[0]!, ...(packet ? { packet: showPacket(family, lowest(space, packet)) } : {}) }
}
