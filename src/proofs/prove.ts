/** Proves a network: all properties, of the whole and of each place, from what its devices are told. */
import type { Company } from '#compile/company.ts'
import type { Design } from '#design/design.ts'
import { alikeOf } from './alike.ts'
import { byFamily } from './by-family.ts'
import { cablesOf, carrierPorts, isOver } from './engine/network/cables.ts'
import type { Told } from './engine/network/told.ts'
import { fatesOf, kindsIn } from './engine/reach/fates.ts'
import { gatesOf } from './engine/reach/gates.ts'
import { worldOf } from './engine/reach/world.ts'
import type { Outside } from './engine/routing/bgp.ts'
import { route } from './engine/routing/forwarding.ts'
import { type Interval, intentOf, strangersOf } from './intent/flows.ts'
import { linksOf } from './intent/links.ts'
import { placesOf } from './intent/places.ts'
import type { Network, Proof, Property, Verdict } from './proof.ts'

/** What is proved: the network that the devices make, beside what the company means. */
export function proofOf(company: Company, design: Design, devices: readonly Told[], before?: Network): Proof {
  return { ...networkOf(company, design, devices, before), company, intent: intentOf(company, design) }
}

/** The network that devices make; the company says who is outside. Of a network `before`, routes that nothing has changed are kept. */
export function networkOf(company: Company, design: Design, devices: readonly Told[], before?: Network): Network {
  const cables = cablesOf(design)
  const all = [...cables.values()]
  const carriers = carrierPorts(design)
  const isRouted = before && routesAlike(before, devices, cables, carriers)
  const routed = isRouted ? before.world.routed : route(devices, all, carriersOf(carriers))
  const world = worldOf(devices, routed, isRouted ? [...before.cables.values()] : all)
  const links = byFamily((family) => linksOf(design, family))
  const kinds = byFamily((family) =>
    isRouted && sameIntervals(linksOf(before.design, family), links(family)) ? before.kinds(family) : kindsIn(world, family, links(family)),
  )
  const gates = byFamily((family) => gatesOf(world, family))
  const fates = byFamily((family) => fatesOf(world, family, kinds(family), gates(family).gateOf))
  const places = placesOf(company, design, world, strangersOf(company, design))
  return { design, world, cables: isRouted ? before.cables : cables, kinds, gates, fates, places }
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
  const verdicts = properties.flatMap((property) => [...(property.ofNetwork?.(proof) ?? [])])
  for (const alike of alikeOf(proof)) for (const property of properties) verdicts.push(...(property.ofPlaces?.(proof, alike) ?? []))
  return verdicts
}

/** Carriers that speak BGP announce the internet: a default is all that is taken of it. Over any other link nobody of ours means nobody. */
function carriersOf(circuits: ReadonlySet<string>): Outside {
  return ({ device }, { neighbor, family, port }) =>
    isOver(circuits, device, port.name) ? [{ prefix: family === 4 ? '0.0.0.0/0' : '::/0', asPath: [neighbor.asn] }] : []
}
