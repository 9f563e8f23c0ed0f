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
import { intentOf, strangersOf } from './intent/flows.ts'
import { linksOf } from './intent/links.ts'
import { placesOf } from './intent/places.ts'
import type { Proof, Property, Verdict } from './proof.ts'

/** What is proved: the network that the devices make, beside what the company means. */
export function proofOf(company: Company, design: Design, devices: readonly Told[]): Proof {
  const cables = cablesOf(design)
  const all = [...cables.values()]
  const world = worldOf(devices, route(devices, all, carriersOf(design)), all)
  const kinds = byFamily((family) => kindsIn(world, family, linksOf(design, family)))
  const gates = byFamily((family) => gatesOf(world, family))
  const fates = byFamily((family) => fatesOf(world, family, kinds(family), gates(family).gateOf))
  return {
    company,
    design,
    world,
    kinds,
    gates,
    fates,
    places: placesOf(company, design, world, strangersOf(company, design)),
    intent: intentOf(company, design),
    cables,
  }
}

/** The verdicts of these properties. */
export function prove(proof: Proof, properties: readonly Property[]): readonly Verdict[] {
  const verdicts = properties.flatMap((property) => [...(property.ofNetwork?.(proof) ?? [])])
  for (const alike of alikeOf(proof)) for (const property of properties) verdicts.push(...(property.ofPlaces?.(proof, alike) ?? []))
  return verdicts
}

/** Carriers that speak BGP announce the internet: a default is all that is taken of it. Over any other link nobody of ours means nobody. */
function carriersOf(design: Design): Outside {
  const circuits = carrierPorts(design)
  return ({ device }, { neighbor, family, port }) =>
    isOver(circuits, device, port.name) ? [{ prefix: family === 4 ? '0.0.0.0/0' : '::/0', asPath: [neighbor.asn] }] : []
}
