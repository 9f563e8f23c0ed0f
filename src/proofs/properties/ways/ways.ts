/** Claims that packets have several equal ways: from each place to everybody who is called, in both families, while nothing fails. */
import type { Family } from '#base/ip.ts'
import type { Claim } from '#model/policy.ts'
import { FAMILIES } from '../../by-family.ts'
import { boxOfPoint, lowest, meetAll } from '../../engine/boxes/boxes.ts'
import { PACKETS } from '../../engine/packet.ts'
import { waysTo } from '../../engine/reach/count.ts'
import type { Kinds } from '../../engine/reach/kinds.ts'
import { spread } from '../../engine/reach/spread.ts'
import { isApart, isConcerned, sendersOf } from '../../intent/concern.ts'
import { packetsOf } from '../../intent/flows.ts'
import type { Interval } from '../../intent/intervals.ts'
import type { Place } from '../../intent/places.ts'
import { receiversOf } from '../../intent/receivers.ts'
import { aboutReceivers } from '../../network.ts'
import { showPacket } from '../../packet-text.ts'
import type { Counter, Proof, Property } from '../../proof.ts'

/** The property. That packets arrive by each of the ways is another one. */
export const ways: Property = {
  name: 'ways',
  title: 'there are as many ways as claimed',
  *ofNetwork(proof) {
    const { company, intent, places } = proof
    const claims = company.declaration.expectations.filter(({ claim }) => claim.kind === 'reach' && claim.ways !== undefined)
    const whole = proof.since?.rerouted
      ? aboutReceivers(
          proof,
          claims.map(({ claim }) => intent.target(claim.to)),
        )
      : proof
    for (const { id, claim } of claims) {
      if (claim.kind !== 'reach') continue
      const flow = { from: intent.side(claim.from), to: intent.target(claim.to) }
      for (const place of places) {
        const concerned = FAMILIES.filter((family) => isConcerned(proof, flow, place, family))
        if (concerned.length === 0) continue
        const counter = concerned.map((family) => tooFew(whole, claim, claim.ways!, place, family)).find((found) => found !== undefined)
        yield { property: ways.name, id: `${id} from ${place.id}`, holds: !counter, why: [`expectation ${id}`], ...(counter ? { counter } : {}) }
      }
    }
  },
}

/** A packet that has fewer ways, with the devices that it goes by. */
function tooFew({ intent, design, world, kinds }: Proof, { from, to }: Claim, least: number, place: Place, family: Family): Counter | undefined {
  const space = PACKETS[family]
  const senders = sendersOf(intent.side(from), [place], family)
  const services = to.kind === 'service' ? intent.listens(to.service) : []
  for (const receiver of receiversOf(design, world, intent.target(to), family)) {
    if (!isApart(place, receiver)) continue
    for (const destination of firstsIn(kinds(family), receiver.addresses)) {
      const ways = waysTo(world, family, destination)
      for (const { boxes, ...start } of place.sources(family)) {
        const found = ways(start.device, start.vrf)
        if (found >= least) continue
        const [packet] = meetAll(space, packetsOf(family, senders, [[destination, destination]], services), boxes)
        if (!packet) continue
        const point = lowest(space, packet)
        const { stops } = spread(world, family, [{ ...start, boxes: [boxOfPoint(point)] }])
        const devices = [...new Set([...stops.keys()].map((stop) => stop.split(/[ #]/)[0]!))]
        const count = found === 1 ? 'one way' : `${found === 0 ? 'no' : found} ways`
        return { says: `it has ${count}, by ${devices.join(', ')}`, packet: showPacket(family, point), device: start.device }
      }
    }
  }
  return undefined
}

/** Of the addresses between two, one of each kind. */
function firstsIn({ atoms: { firsts, kinds } }: Kinds, [first, last]: Interval): readonly bigint[] {
  if (first === last) return [first]
  const found = new Map<number, bigint>()
  for (const [atom, kind] of kinds.entries()) {
    const from = firsts[atom]! > first ? firsts[atom]! : first
    const to = firsts[atom + 1]
    if (from <= last && (to === undefined || to > from) && kind >= 0 && !found.has(kind)) found.set(kind, from)
  }
  return [...found.values()]
}
