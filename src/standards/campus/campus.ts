/**
 * What offices, warehouses and call centres have in common: a pair of gateways where the zones of the place meet at a filter, and a stack of access switches in each area. A stack is one
 * logical switch with one uplink towards each gateway, and every segment lives on one stack, so there is no loop that a protocol would have to break.
 *
 * A place of elevated risk gets a firewall pair as gateways, behind a pair of edge routers; elsewhere the edge pair is the gateways.
 */
import { sortedBy } from '#base/order.ts'
import { count } from '#base/units.ts'
import type { CircuitFacts, SiteFacts } from '#model/site.ts'
import type { Ask, DeviceRef, SegmentRef } from '../authoring/site-asking.ts'
import { CABINET, POE, SEATS_WITH_ONE_CIRCUIT, SPEED, STACK_MEMBERS, STACKS_ON_DISTRIBUTION, STACKS_ON_GATEWAYS, STORM_FRAMES, SWITCH } from './sizing.ts'

/** An area that one stack serves: a floor, a wing, a hall. */
export interface Area {
  readonly name: string
  readonly segments: readonly AreaSegment[]
  readonly ports: readonly AreaPorts[]
}

/** A segment of an area, named after the two. */
export interface AreaSegment {
  readonly name: string
  readonly zone: string
  readonly hosts: number
  readonly voice?: boolean
  readonly strangers?: boolean
}

/** Ports of an area for one purpose. Segments go by their names in the area; `management` is there in each. */
export interface AreaPorts {
  readonly name: string
  readonly count: number
  readonly segment: string
  readonly tagged?: readonly string[]
  /** Set where people plug in what they bring: it is let in by name. */
  readonly authenticated?: boolean
  /** Set for access points: the tagged segments are their networks. */
  readonly wireless?: boolean
  /** W that each takes; 0 where nothing is powered. */
  readonly watts: number
}

/** How the switches of an area are counted: by ports alone, or by power as well. */
export type Sizing = 'ports' | 'ports-and-power'

/** Asks for all of a place: its cabinets, gateways, stacks, segments and ways out. `areas` is the fact that they are made from. */
export function campus(
  site: Pick<SiteFacts, 'risk' | 'circuits'>,
  ask: Ask,
  { areas, about, seats, sizing }: { readonly areas: readonly Area[]; readonly about: unknown; readonly seats: number; readonly sizing: Sizing },
): void {
  // The gateways stand in the area that comes first by name, as the order of the list says nothing; where they stand already they stay when one comes before it.
  const main = sortedBy(areas, (area) => area.name)[0] ?? ask.refuse('there is no area to serve', about)
  if (areas.length > STACKS_ON_DISTRIBUTION) {
    ask.refuse(`${areas.length} areas need as many stacks, and a pair of distribution switches carries ${STACKS_ON_DISTRIBUTION}: make it two sites`, about)
  }
  const cabinets = new Map(areas.map(({ name }) => [name, ask.rack(`idf-${name}`, { units: CABINET, room: name })]))
  const rack = [...cabinets.values()]
  const prefer = cabinets.get(main.name)!

  const elevated = site.risk === 'elevated'
  const edges = ask.devices('edge', { count: 2, role: 'edge-router', rack, prefer, from: 'top', asn: 'own', active: 'first' })
  const gateways = elevated ? ask.devices('fw', { count: 2, role: 'firewall', rack, prefer, from: 'top', asn: 'own', active: 'first' }) : edges
  if (elevated) {
    ask.route(gateways, edges, { speed: SPEED.uplink, a: { announce: ['site'], accept: 'foreign' }, b: { announce: ['learned'], accept: 'their-site' } })
    ask.route(edges, edges, { speed: SPEED.uplink, a: { announce: ['learned'], accept: 'foreign' }, b: { announce: ['learned'], accept: 'foreign' } })
  }
  // What one gateway has lost, a cable to a stack or a way to the internet, it reaches by the other. The company's routes are not told: who has lost the WAN is to notice.
  const peer = { announce: ['inside', 'default'], accept: 'all' } as const
  ask.route(gateways, gateways, { speed: SPEED.uplink, a: peer, b: peer })
  ask.sync(gateways, { speed: SPEED.uplink })
  ask.filter(gateways)

  const distribution = areas.length > STACKS_ON_GATEWAYS ? ask.devices('dist', { count: 2, role: 'distribution-switch', rack, prefer }) : undefined
  const all: SegmentRef[] = []
  const management = new Map<string, SegmentRef>()
  for (const area of areas) {
    const segments = new Map(
      area.segments.map(({ name, zone, hosts, voice = false, strangers = false }) => [
        name,
        ask.segment(`${name}-${area.name}`, { zone, hosts, gateway: gateways, dhcp: true, voice, area: area.name, strangers }),
      ]),
    )
    const members = membersOf(area, sizing)
    if (members > STACK_MEMBERS) {
      ask.refuse(
        `area ${area.name} needs ${count(members, 'switch', 'switches')} and a stack holds ${STACK_MEMBERS}: split it into ${Math.ceil(members / STACK_MEMBERS)} areas`,
        about,
      )
    }
    // Who runs the network reaches what stands in an area by a segment of its own there; access points are on it too.
    const run = ask.segment(`management-${area.name}`, { zone: 'management', hosts: MANAGED, gateway: gateways, dhcp: true })
    segments.set('management', run)
    management.set(area.name, run)
    const stack = ask.device(`access-${area.name}`, { role: 'access-switch', rack: cabinets.get(area.name)!, members })
    const carried = [...segments.values()]
    all.push(...carried)
    ask.manage(stack, { segment: run })
    ask.trunk(stack, distribution ?? gateways, { speed: SPEED.uplink, segments: carried })
    for (const { name, count, segment, tagged = [], authenticated = false, wireless = false } of area.ports) {
      const on = segments.get(segment)!
      const guard = { stormFramesPerSecond: STORM_FRAMES, authenticated }
      ask.ports(stack, name, { count, speed: SPEED.desk, segment: on, tagged: tagged.map((one) => segments.get(one)!), guard, wireless })
    }
  }
  const own = { segment: management.get(main.name)! }
  ask.manage([...gateways, ...(distribution ?? [])], own)
  if (elevated) ask.manage(edges, {})
  if (distribution) for (const [index, on] of distribution.entries()) ask.trunk(on, gateways[index]!, { speed: SPEED.uplink, segments: all })
  waysOut(ask, edges, site.circuits ?? [], seats)
}

/** Addresses for what is run in an area: its stack, its access points, and what stands beside them. */
const MANAGED = 48

/** Switches that an area takes. */
export function membersOf({ ports }: Area, sizing: Sizing): number {
  const used = ports.reduce((sum, { count }) => sum + count, 0)
  const watts = ports.reduce((sum, { count, watts }) => sum + count * watts, 0)
  const byPorts = Math.ceil(used / Math.floor(SWITCH.ports * SWITCH.fill))
  const byPower = Math.ceil(watts / (POE.watts * POE.fill))
  return Math.max(1, byPorts, sizing === 'ports-and-power' ? byPower : 0)
}

function waysOut(ask: Ask, edges: readonly DeviceRef[], circuits: readonly CircuitFacts[], seats: number): void {
  const risks = new Set(circuits.map(({ id, sharedRisk }) => sharedRisk ?? id))
  ask.require(
    'two-circuits',
    seats <= SEATS_WITH_ONE_CIRCUIT || risks.size > 1,
    `${seats} seats hang on ${circuits.length < 2 ? count(circuits.length, 'circuit') : `${circuits.length} circuits that can fail together`}; above ${SEATS_WITH_ONE_CIRCUIT} seats it takes two that share no risk`,
    circuits,
  )
  ask.attach('wan', { devices: edges, circuits, seats })
}
