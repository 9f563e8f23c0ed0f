/**
 * office@1: desks on floors, a cabinet and a line of access switches a floor, and one place where the zones of the office meet: a filter, which is the
 * gateway of every segment. A place of elevated risk gets a firewall pair for that, behind a pair of edge routers; elsewhere one edge router does both.
 */
import { sortedBy } from '#base/order.ts'
import { fact } from '#model/fact.ts'
import { standard } from '../authoring/standard.ts'

/** Seats on one 48-port switch: the rest is for access points, printers and growth. */
const SEATS_PER_SWITCH = 40

/** Addresses a seat: the computer, and every second person's other one. */
const ADDRESSES_PER_SEAT = 1.5

/** Guests at once, a seat. */
const GUESTS_PER_SEAT = 0.5

/** bit/s of a desk port. */
const DESK = 1e9

/** bit/s between switches, gateways and edges. */
const UPLINK = 10e9

/** Height of a floor's cabinet, in rack units. */
const CABINET = 24

export const office1 = standard('office', 1, {
  kind: 'office',
  facts: {
    seats: fact.integer(),
    floors: fact.list(fact.object({ name: fact.name(), area: fact.area(), seats: fact.integer() })),
    rooms: fact.list(fact.object({ name: fact.name(), size: fact.area() })).optional(),
  },
  zones: ['users', 'voice', 'guest'],
  lessons: ['1: a segment never spans two floors: a loop on one floor is that floor’s trouble alone'],
  design(site, ask) {
    const onFloors = site.floors.reduce((sum, floor) => sum + floor.seats, 0)
    if (onFloors !== site.seats) ask.refuse(`the floors have ${onFloors} seats, the office ${site.seats}`, site.floors)
    // The edges stand on the floor that comes first by name: the order of the list says nothing.
    const main = sortedBy(site.floors, (floor) => floor.name)[0] ?? ask.refuse('an office has at least one floor', site.floors)

    const cabinets = new Map(site.floors.map((floor) => [floor.name, ask.rack(`idf-${floor.name}`, { units: CABINET, room: floor.name })]))
    const rack = cabinets.get(main.name)!
    const elevated = site.risk === 'elevated'
    const edges = ask.devices('edge', { count: elevated ? 2 : 1, role: 'edge-router', rack, from: 'top', asn: 'own', active: 'first' })
    const gateways = elevated ? ask.devices('fw', { count: 2, role: 'firewall', rack, from: 'top', asn: 'own', active: 'first' }) : edges
    if (elevated) {
      ask.route(gateways, edges, { speed: UPLINK, a: { announce: ['site'], accept: 'foreign' }, b: { announce: ['learned'], accept: 'their-site' } })
    }
    ask.filter(gateways)

    for (const floor of site.floors) {
      const users = ask.segment(`users-${floor.name}`, { zone: 'users', hosts: Math.ceil(floor.seats * ADDRESSES_PER_SEAT), gateway: gateways })
      const voice = ask.segment(`voice-${floor.name}`, { zone: 'voice', hosts: floor.seats, gateway: gateways })
      const guest = ask.segment(`guest-${floor.name}`, { zone: 'guest', hosts: Math.ceil(floor.seats * GUESTS_PER_SEAT), gateway: gateways })
      const segments = [users, voice, guest]
      const count = Math.max(1, Math.ceil(floor.seats / SEATS_PER_SWITCH))
      const switches = ask.devices(`access-${floor.name}`, { count, role: 'access-switch', rack: cabinets.get(floor.name)! })

      // A line of switches from one gateway to the other has no loop, and either end reaches a gateway.
      ask.trunk(switches[0]!, gateways[0]!, { speed: UPLINK, segments })
      if (gateways[1]) ask.trunk(switches[count - 1]!, gateways[1], { speed: UPLINK, segments })
      for (let i = 1; i < count; i++) ask.trunk(switches[i - 1]!, switches[i]!, { speed: UPLINK, segments })
      for (const [i, on] of switches.entries()) {
        const desks = Math.min(SEATS_PER_SWITCH, floor.seats - i * SEATS_PER_SWITCH)
        ask.desks(on, { count: desks, speed: DESK, segment: users, tagged: [voice] })
      }
    }
    ask.attach('wan', { devices: edges, circuits: site.circuits ?? [] })
  },
})
