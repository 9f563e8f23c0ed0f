/** Proves a network: all properties, of the whole and of each place, from what its devices are told. */
import type { Company } from '#compile/company.ts'
import type { Design } from '#design/design.ts'
import { alikeOf } from './alike.ts'
import { FAMILIES } from './by-family.ts'
import { cablesOf, carrierPorts, isOver } from './engine/network/cables.ts'
import type { Links } from './engine/network/links.ts'
import type { Told } from './engine/network/told.ts'
import { type World, worldOf } from './engine/reach/world.ts'
import type { Outside } from './engine/routing/bgp.ts'
import { route } from './engine/routing/forwarding.ts'
import { intentOf, strangersOf } from './intent/flows.ts'
import type { Interval } from './intent/intervals.ts'
import { linksOf } from './intent/links.ts'
import { type Place, placesOf } from './intent/places.ts'
import { about } from './network.ts'
import { isPlacedAlike, otherwise } from './otherwise.ts'
import type { Network, Proof, Property, Verdict } from './proof.ts'

/**
 * What is proved: the network that the devices make, beside what the company means. Of a proof `before`, what nothing has changed is kept; and where all of its claims `held`, only what is otherwise is proved.
 */
export function proofOf(company: Company, design: Design, devices: readonly Told[], before?: Proof, held = false): Proof {
  const routing = routingOf(design, devices, before)
  const intent = intentOf(company, design, before?.intent.sides)
  const isPlaced = before !== undefined && routing.world.routed === before.world.routed && isPlacedAlike(before, { company, design })
  const places = isPlaced ? before.places : placesIn(company, design, routing.world)
  const proof = { ...routing, design, places, company, intent }
  if (!before || !held) return about(proof, undefined, kindsKept(design, routing.world, before))
  const { asked, ...since } = otherwise(before, proof, !isPlaced)
  return { ...about(proof, asked), since }
}

/** The network that devices make; the company says who is outside. Of a network `before`, routes that nothing has changed are kept. */
export function networkOf(company: Company, design: Design, devices: readonly Told[], before?: Network): Network {
  const routing = routingOf(design, devices, before)
  return about({ ...routing, design, places: placesIn(company, design, routing.world) }, undefined, kindsKept(design, routing.world, before))
}

function placesIn(company: Company, design: Design, world: World): readonly Place[] {
  return placesOf(company, design, world, strangersOf(company, design))
}

/** The kinds of a network before, where they are the same. */
function kindsKept(design: Design, world: World, before: Network | undefined): Network['kinds'] | undefined {
  if (!before || before.asked || before.world.routed !== world.routed) return undefined
  return FAMILIES.every((family) => sameIntervals(linksOf(before.design, family), linksOf(design, family))) ? before.kinds : undefined
}

/** Routes, found, or those of a network before. */
function routingOf(design: Design, devices: readonly Told[], before: Network | undefined): Pick<Network, 'world' | 'cables'> {
  const cables = cablesOf(design)
  const carriers = carrierPorts(design)
  if (before && routesAlike(before, devices, cables, carriers)) return { world: before.world.refiltered(devices), cables: before.cables }
  const all = [...cables.values()]
  return { world: worldOf(devices, route(devices, all, carriersOf(carriers)), all), cables }
}

/** Whether devices that say this over these cables come to the routes that there are. */
function routesAlike(before: Network, devices: readonly Told[], cables: Network['cables'], carriers: ReadonlySet<string>): boolean {
  const { told } = before.world
  const text = (of: Network['cables']) => JSON.stringify([...of])
  return (
    told.size === devices.length &&
    devices.every((device) => {
      const last = told.get(device.id)
      return last !== undefined && ROUTING.every((target) => device[target] === last[target]) && sameServed(device, last)
    }) &&
    text(cables) === text(before.cables) &&
    carriers.symmetricDifference(carrierPorts(before.design)).size === 0
  )
}

/** What routing is made of, beside the addresses that balancers take connections on; filters have no part in it. */
const ROUTING = ['linux', 'frr', 'wireguard', 'keepalived'] as const

function sameServed({ haproxy: one }: Told, { haproxy: other }: Told): boolean {
  const served = (tree: Told['haproxy']) => tree?.frontends.map(({ v4, v6 }) => `${v4} ${v6}`).join()
  return one === other || served(one) === served(other)
}

function sameIntervals(a: readonly Interval[], b: readonly Interval[]): boolean {
  return a.length === b.length && a.every(([first, last], index) => first === b[index]![0] && last === b[index]![1])
}

/** The verdicts of these properties. */
export function prove(proof: Proof, properties: readonly Property[]): readonly Verdict[] {
  const verdicts = properties.flatMap((property) => (property.ofRouting ? ofRouting(proof, property) : [...(property.ofNetwork?.(proof) ?? [])]))
  for (const part of partsOf(proof))
    for (const alike of alikeOf(part)) for (const property of properties) verdicts.push(...(property.ofPlaces?.(part, alike) ?? []))
  return verdicts
}

/** The proof by its places: of those that are others than before all is proved. */
function partsOf(proof: Proof): readonly Proof[] {
  const others = proof.since?.places
  if (!others || others.size === 0) return [proof]
  const [some, rest] = [[...others], proof.places.filter((place) => !others.has(place))]
  return [
    { ...proof, places: rest },
    { ...about(proof, undefined), places: some },
  ]
}

/** Judged once for what was routed and who is where. */
function ofRouting(proof: Proof, property: Property): readonly Verdict[] {
  const { since, world } = proof
  const last = since && !since.rerouted ? JUDGED.get(since.before)?.get(property.name) : undefined
  const verdicts = last ?? [...property.ofNetwork!(proof)]
  const known = JUDGED.get(world.routed.links) ?? new Map<string, readonly Verdict[]>()
  JUDGED.set(world.routed.links, known.set(property.name, verdicts))
  return verdicts
}

/** Of the last proof of what was routed, by name of the property. */
const JUDGED = new WeakMap<Links, Map<string, readonly Verdict[]>>()

/** Carriers that speak BGP announce the internet: a default is all that is taken of it. Over any other link nobody of ours means nobody. `circuits` are the ports that theirs are plugged into, as `device port`. */
export function carriersOf(circuits: ReadonlySet<string>): Outside {
  return ({ device }, { neighbor, family, port }) =>
    isOver(circuits, device, port.name) ? [{ prefix: family === 4 ? '0.0.0.0/0' : '::/0', asPath: [neighbor.asn] }] : []
}
