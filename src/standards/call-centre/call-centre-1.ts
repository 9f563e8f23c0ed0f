/** call-centre@1: agents on floors ({@link campus}). A place that lives from its telephones: always two ways out, and its switches are counted by power too. */
import { fact } from '#model/fact.ts'
import { standard } from '../authoring/standard.ts'
import { campus } from '../campus/campus.ts'
import { deskArea, Floor } from '../campus/desks.ts'

/** bit/s of one call: G.711 with 20 ms of speech a packet, over Ethernet (Cisco UCCE design guide). */
const CALL = 87_200

/** Calls an agent, those that a supervisor listens to included (Cisco UCCE design guide: 20 % silent monitoring). */
const CALLS_PER_AGENT = 1.2

/** Share of a circuit that voice may take: what is more than a third of a link no queue can put first. */
const VOICE_SHARE = 0.33

export const callCentre1 = standard('call-centre', 1, {
  kind: 'call-centre',
  facts: { seats: fact.integer(), floors: fact.list(Floor) },
  zones: ['agents', 'voice', 'guest', 'things', 'management'],
  lessons: ['1: agents are a zone of their own: customer data is on their desks and not on others'],
  design(site, ask) {
    const onFloors = site.floors.reduce((sum, floor) => sum + floor.seats, 0)
    if (onFloors !== site.seats) ask.refuse(`the floors have ${onFloors} seats, the call centre ${site.seats}`, site.floors)
    const voice = Math.ceil(site.seats * CALLS_PER_AGENT * CALL)
    const circuits = site.circuits ?? []
    const narrow = circuits.filter(({ bandwidth }) => bandwidth * VOICE_SHARE < voice)
    ask.require(
      'room-for-calls',
      narrow.length === 0,
      `${site.seats} agents take ${(voice / 1e6).toFixed(1)} Mbps of voice, which may be a third of a circuit: each needs ${Math.ceil(voice / VOICE_SHARE / 1e6)} Mbps, and ${narrow.map(({ id }) => id).join(', ')} has less`,
      circuits,
    )
    const areas = site.floors.map((floor) => deskArea(floor, 'agents'))
    campus(site, ask, { areas, about: site.floors, seats: site.seats, sizing: 'ports-and-power' })
  },
})
