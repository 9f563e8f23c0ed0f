/**
 * Who somebody is is told by the source of what he sends, so sources are not forged: from each place nothing gets past the first filter that has another zone's source or another site's, and from the internet
 * nothing that has ours or nobody's (BCP 38, RFC 2827).
 */
import { addressPart, contains, type Family, ipOf, prefixAround, prefixOf } from '#base/ip.ts'
import { FAMILIES } from '../../by-family.ts'
import { type Box, type Boxes, boxOf, boxOfPoint, uncovered } from '../../engine/boxes/boxes.ts'
import { PACKETS } from '../../engine/packet.ts'
import type { Reached } from '../../engine/reach/reached.ts'
import { spread } from '../../engine/reach/spread.ts'
import { intervalsOf } from '../../intent/intervals.ts'
import type { Place } from '../../intent/places.ts'
import { isIn } from '../../obstacle.ts'
import { showPacket } from '../../packet-text.ts'
import type { Counter, Proof, Property } from '../../proof.ts'
import { DESTINATIONS } from '../denied/denied.ts'

/** The property. */
export const spoofing: Property = {
  name: 'spoofing',
  title: 'forged sources are dropped',
  *ofPlaces(proof, { places, stops }) {
    const forged = FAMILIES.map((family) => {
      const honest = honestFrom(proof, places[0], family)
      return { family, honest, boxes: stops(family).flatMap((reached) => arriving(reached, honest, family)) }
    })
    for (const place of places) {
      const counter = forged.map(({ family, honest, boxes }) => shown(proof, place, family, honest, boxes)).find((found) => found !== undefined)
      yield { property: spoofing.name, id: `from ${place.id}`, holds: !counter, why: [], ...(counter ? { counter } : {}) }
    }
  },
}

/**
 * What members of a zone at a site send, which no filter tells apart, and what is sent to them, which meets none where they are; of the internet what strangers send. Public addresses of our sites answer over it, to
 * addresses of carriers, which are nobody's here; they begin nothing, unless a circuit has its own address among them.
 */
function honestFrom({ company, design: { sites } }: Proof, place: Place, family: Family): Boxes {
  const space = PACKETS[family]
  const sources = (prefixes: readonly string[]) => intervalsOf(family, prefixes).map((source) => boxOf(space, { source }))
  if (place.site !== undefined) {
    const own = sites.find(({ id }) => id === place.site)!.zones.flatMap(({ name, prefixes }) => (name === place.zone ? prefixes : []))
    return [...sources(own), ...intervalsOf(family, own).map((destination) => boxOf(space, { destination }))]
  }
  return sources([...place.prefixes, ...begunFrom(company)])
}

/** Public addresses of sites that have a circuit's own among them: what is begun there comes from these. */
function begunFrom({ sites }: Proof['company']): readonly string[] {
  return sites.flatMap(({ facts: { public: block, circuits } }) => {
    const begins = circuits?.some(
      ({ addresses }) => block && addresses?.v4 && contains(prefixOf(block), prefixAround(ipOf(addressPart(addresses.v4.ours)), 32)),
    )
    return block && begins ? [block] : []
  })
}

/** What arrives that is forged. */
function arriving({ may }: Reached, honest: Boxes, family: Family): readonly Box[] {
  const space = PACKETS[family]
  return DESTINATIONS.flatMap((end) => (may.get(end) ?? []).filter((box) => uncovered(space, box, honest) !== undefined))
}

/** A forged packet of a place, with the first filter that lets it pass. */
function shown({ world }: Proof, place: Place, family: Family, honest: Boxes, boxes: Boxes): Counter | undefined {
  const space = PACKETS[family]
  for (const box of boxes) {
    const point = uncovered(space, box, honest)
    if (point === undefined) continue
    if (point === 'unknown') return { says: 'there are too many parts to tell' }
    const packet = boxOfPoint(point)
    const { passages, arrivals } = spread(
      world,
      family,
      place.sources(family).map((source) => ({ ...source, boxes: [packet] })),
    )
    const [at] = arrivals.filter(({ boxes }) => isIn(family, boxes, point))
    if (!at) continue
    const gate = passages.find(({ accepted }) => isIn(family, accepted, point))
    const rule = gate?.oif && world.transit(gate.device, family, gate.iif, gate.oif)?.rules.findLast(({ accept, takes }) => accept && takes(point))
    const device = gate?.device ?? at.device
    return {
      says: gate ? `${device} lets it pass from ${gate.iif.name}, where nobody has this source` : `it arrives at ${device}, and no filter asks for its source`,
      packet: showPacket(family, point),
      device,
      ...(rule ? { rule: { chain: rule.chain, index: rule.index } } : {}),
    }
  }
  return undefined
}
