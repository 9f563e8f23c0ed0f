/** Proves a network: all properties, of the whole and of each place, from what its devices are told. */
import type { Company } from '#compile/company.ts'
import type { Design } from '#design/design.ts'
import type { Family } from '#base/ip.ts'
import { alikeOf } from './alike.ts'
import type { Asked } from './asked.ts'
import { byFamily } from './by-family.ts'
import { cablesOf, carrierPorts, isOver } from './engine/network/cables.ts'
import type { Told } from './engine/network/told.ts'
import { fatesOf, kindsIn } from './engine/reach/fates.ts'
import { gatesOf } from './engine/reach/gates.ts'
import { type World, worldOf } from './engine/reach/world.ts'
import type { Outside } from './engine/routing/bgp.ts'
import { type Routed, route } from './engine/routing/forwarding.ts'
import { intentOf, strangersOf } from './intent/flows.ts'
import { type Interval } from './intent/intervals.ts'
import { linksOf } from './intent/links.ts'
import { placesOf } from './intent/places.ts'
import { isPlacedAlike, otherwise } from './otherwise.ts'
import type { Network, Proof, Property, Verdict } from './proof.ts'

/**
 * What is proved: the network that the devices make, beside what the company means. Of a network `before`, what nothing has changed is kept; and where that was `proved`, so that all of its claims hold, what is proved now
 * is only what is otherwise.
 */
export function proofOf(company: Company, design: Design, devices: readonly Told[], before?: Network & Partial<Proof>, proved = false): Proof {
  const routing = routingOf(design, devices, before)
  const last = isProof(before) && routing.isAsBefore ? before : undefined
  const isPlaced = last !== undefined && isPlacedAlike(last, { company, design })
  const intent = intentOf(company, design, last?.intent.sides)
  const asked = isPlaced && proved ? otherwise(last, { company, world: routing.world, intent }) : undefined
  return { ...networkIn(company, design, routing, before, asked, isPlaced ? last.places : undefined), company, intent }
}

function isProof(network: (Network & Partial<Proof>) | undefined): network is Proof {
  return network?.company !== undefined && network.intent !== undefined
}

/** The network that devices make; the company says who is outside. Of a network `before`, routes that nothing has changed are kept. */
export function networkOf(company: Company, design: Design, devices: readonly Told[], before?: Network): Network {
  return networkIn(company, design, routingOf(design, devices, before), before)
}

/** Routes, found or kept. */
interface Routing {
  readonly world: World
  readonly cables: Network['cables']
  /** Whether they are those of the network before. */
  readonly isAsBefore: boolean
}

function routingOf(design: Design, devices: readonly Told[], before: Network | undefined): Routing {
  const cables = cablesOf(design)
  const carriers = carrierPorts(design)
  if (before && routesAlike(before, devices, cables, carriers)) return { world: before.world.refiltered(devices), cables: before.cables, isAsBefore: true }
  const all = [...cables.values()]
  return { world: worldOf(devices, route(devices, all, carriersOf(carriers)), all), cables, isAsBefore: false }
}

function networkIn(
  company: Company,
  design: Design,
  { world, cables, isAsBefore }: Routing,
  before: Network | undefined,
  asked?: Asked,
  places = placesOf(company, design, world, strangersOf(company, design)),
): Network {
  const links = byFamily((family) => linksOf(design, family))
  const areKept = (family: Family) => isAsBefore && !asked && !before!.asked && sameIntervals(linksOf(before!.design, family), links(family))
  const kinds = byFamily((family) => (areKept(family) ? before!.kinds(family) : kindsIn(world, family, links(family), asked?.intervals(family))))
  const gates = byFamily((family) => gatesOf(world, family))
  const fates = byFamily((family) => fatesOf(world, family, kinds(family), gates(family).gateOf))
  return { design, world, cables, kinds, gates, fates, places, ...(asked ? { asked } : {}) }
}

/** Whether devices that say this over these cables come to the routes that there are. */
function routesAlike(before: Network, devices: readonly Told[], cables: Network['cables'], carriers: ReadonlySet<string>): boolean {
  const { told } = before.world
  const text = (of: Network['cables']) => JSON.stringify([...of])
  return (
    told.size === devices.length &&
    devices.every((device) => {
      const last = told.get(device.id)
      return last !== undefined && ROUTING.every((target) => device[target] === last[target])
    }) &&
    text(cables) === text(before.cables) &&
    carriers.symmetricDifference(carrierPorts(before.design)).size === 0
  )
}

/** What routing is made of; filters have no part in it. */
const ROUTING = ['linux', 'frr', 'wireguard', 'keepalived', 'haproxy'] as const

function sameIntervals(a: readonly Interval[], b: readonly Interval[]): boolean {
  return a.length === b.length && a.every(([first, last], index) => first === b[index]![0] && last === b[index]![1])
}

/** The verdicts of these properties. */
export function prove(proof: Proof, properties: readonly Property[]): readonly Verdict[] {
  const verdicts = properties.flatMap((property) => (property.ofRouting ? ofRouting(proof, property) : [...(property.ofNetwork?.(proof) ?? [])]))
  for (const alike of alikeOf(proof)) for (const property of properties) verdicts.push(...(property.ofPlaces?.(proof, alike) ?? []))
  return verdicts
}

/** Judged once for what was routed. */
function ofRouting(proof: Proof, property: Property): readonly Verdict[] {
  const known = JUDGED.get(proof.world.routed) ?? new Map<string, readonly Verdict[]>()
  JUDGED.set(proof.world.routed, known)
  const verdicts = known.get(property.name) ?? [...property.ofNetwork!(proof)]
  known.set(property.name, verdicts)
  return verdicts
}

const JUDGED = new WeakMap<Routed, Map<string, readonly Verdict[]>>()

/** Carriers that speak BGP announce the internet: a default is all that is taken of it. Over any other link nobody of ours means nobody. */
function carriersOf(circuits: ReadonlySet<string>): Outside {
  return ({ device }, { neighbor, family, port }) =>
    isOver(circuits, device, port.name) ? [{ prefix: family === 4 ? '0.0.0.0/0' : '::/0', asPath: [neighbor.asn] }] : []
}
