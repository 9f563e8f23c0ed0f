/** Proves a network: all properties, of the whole and of each place, from what its devices are told. */
import type { Company } from '#compile/company.ts'
import type { Design } from '#design/design.ts'
import { cablesOf, carrierPorts, isOver } from './engine/network/cables.ts'
import type { Told } from './engine/network/told.ts'
import { type Supposed, spread } from './engine/reach/spread.ts'
import { worldOf } from './engine/reach/world.ts'
import type { Outside } from './engine/routing/bgp.ts'
import { route } from './engine/routing/forwarding.ts'
import { intentOf, strangersOf } from './intent/flows.ts'
import { placesOf } from './intent/places.ts'
import type { Proof, Property, Verdict } from './proof.ts'

/** What is proved: the network that the devices make, beside what the company means. */
export function proofOf(company: Company, design: Design, devices: readonly Told[]): Proof {
  const routed = route(devices, [...cablesOf(design).values()], carriersOf(design))
  const world = worldOf(devices, routed)
  return { company, design, world, places: placesOf(company, design, world, strangersOf(company, design)), intent: intentOf(company, design) }
}

/** The verdicts of these properties. */
export function prove(proof: Proof, properties: readonly Property[]): readonly Verdict[] {
  const { world, design } = proof
  const verdicts = properties.flatMap((property) => [...(property.ofNetwork?.(proof) ?? [])])
  for (const place of proof.places) {
    const all = (supposed: Supposed) => ({ 4: spread(world, 4, place.sources(4), supposed), 6: spread(world, 6, place.sources(6), supposed) })
    const spreads = { ...all({}), without: (role: string) => all({ avoided: withRole(design, role) }) }
    for (const property of properties) verdicts.push(...(property.ofPlace?.(proof, place, spreads) ?? []))
  }
  return verdicts
}

function withRole({ sites }: Design, role: string): ReadonlySet<string> {
  return new Set(sites.flatMap(({ devices }) => devices.filter((device) => device.role === role).map(({ id }) => id)))
}

/** Carriers that speak BGP announce the internet: a default is all that is taken of it. Over any other link nobody of ours means nobody. */
function carriersOf(design: Design): Outside {
  const circuits = carrierPorts(design)
  return ({ device }, { neighbor, family, port }) =>
    isOver(circuits, device, port.name) ? [{ prefix: family === 4 ? '0.0.0.0/0' : '::/0', asPath: [neighbor.asn] }] : []
}
