/** Routing comes to rest: both ends of each session know each other, and there is one outcome. */
import { carrierPorts, isOver } from '../../engine/network/cables.ts'
import type { Property } from '../../proof.ts'

/** The property. A session to a carrier has its other end outside. */
export const sessions: Property = {
  name: 'sessions',
  title: 'routers agree',
  ofRouting: true,
  *ofNetwork({ world, design }) {
    const { speakers, outcome } = world.routed
    const circuits = carrierPorts(design)
    for (const { device, vrf, sessions: own, router } of speakers) {
      for (const { neighbor, port, other } of own) {
        const holds = other !== undefined || isOver(circuits, device, port.name)
        const counter = { says: `${device} calls ${neighbor.address} by ${port.name}, where nobody of AS ${neighbor.asn} calls back`, device }
        yield { property: sessions.name, id: `${device}${vrf && `#${vrf}`} ${neighbor.address}`, holds, why: [], ...(holds ? {} : { counter }) }
      }
      const known = new Set(own.map(({ neighbor }) => neighbor.address))
      for (const { address } of router.neighbors)
        if (!known.has(address))
          yield {
            property: sessions.name,
            id: `${device}${vrf && `#${vrf}`} ${address}`,
            holds: false,
            why: [],
            counter: { says: `${device} calls ${address}, which is on none of its links`, device },
          }
    }
    for (const { speaker, prefix } of outcome.unstable) {
      const { device } = speakers[speaker]!
      yield {
        property: sessions.name,
        id: `${device} ${prefix}`,
        holds: false,
        why: [],
        counter: { says: `${device} goes on changing its mind about ${prefix}`, device },
      }
    }
  },
}
