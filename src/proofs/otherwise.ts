/**
 * What is otherwise than in a proof before: the destinations of all packets about which filters, flows or claims say something else. Of any other packet, what becomes of it and what is meant are as they were, so what
 * held then holds.
 */
import type { Family } from '#base/ip.ts'
import type { Company } from '#compile/company.ts'
import type { Design } from '#design/design.ts'
import { type Asked, askedOf } from './asked.ts'
import { byFamily } from './by-family.ts'
import { type Boxes, intervalOf, subtract } from './engine/boxes/boxes.ts'
import { interning } from './engine/boxes/intern.ts'
import { byDestination } from './engine/boxes/near.ts'
import { ALL } from './engine/filter/passage.ts'
import type { Transit } from './engine/filter/transit.ts'
import { PACKETS } from './engine/packet.ts'
import type { Interval } from './engine/reach/kinds.ts'
import type { World } from './engine/reach/world.ts'
import { prefixesOf } from './intent/concern.ts'
import { type Flow, type Intent, strangersOf } from './intent/flows.ts'
import { joined } from './intent/intervals.ts'
import type { Proof } from './proof.ts'

/** Parts that a difference may have; with more, all that it is of is taken. */
const MOST_PARTS = 4000

/** Whether who is where, what carriers are told, and what can fail, is as it was. */
export function isPlacedAlike(before: Pick<Proof, 'company' | 'design'>, after: Pick<Proof, 'company' | 'design'>): boolean {
  return placing(before) === placing(after)
}

function placing({ company, design }: { readonly company: Company; readonly design: Design }): string {
  const known = PLACING.get(design)
  if (known?.company === company) return known.text
  const sites = design.sites.map(({ id, blocks, zones, segments, links, circuits, devices }) => [
    id,
    blocks,
    zones.map(({ name, prefixes }) => [name, prefixes]),
    segments.map(({ id, zone, vlan, prefixes, gateways }) => [id, zone, vlan, prefixes, gateways]),
    links.flatMap(({ id, a, b, circuit }) => (circuit === undefined ? [] : [[id, a, b, circuit]])),
    circuits.map(({ id, type }) => [id, type]),
    devices.map(({ id, role, filter, supplies }) => [id, role, supplies, filter?.zones.map(({ name, interfaces }) => [name, interfaces])]),
  ])
  const told = company.sites.map(({ name, facts }) => [name, facts.public, facts.circuits?.map(({ id, asn, sharedRisk }) => [id, asn, sharedRisk])])
  const text = JSON.stringify([sites, told, strangersOf(company, design)])
  PLACING.set(design, { company, text })
  return text
}

/** Found once for each design. */
const PLACING = new WeakMap<Design, { readonly company: Company; readonly text: string }>()

/** The destinations, where routing and who is where are as they were. */
export function otherwise(before: Proof, after: Pick<Proof, 'company' | 'world' | 'intent'>): Asked {
  const flows = [...differing(before.intent.flows, after.intent.flows), ...differing(after.intent.flows, before.intent.flows)]
  const claims = claimedAnew(before, after)
  return askedOf(
    byFamily((family) =>
      joined([
        ...flows.flatMap(({ to }) => prefixesOf(to, family)),
        ...claims.flatMap((spots) => prefixesOf(spots, family)),
        ...filteredAnew(before.world, after.world, family),
      ]),
    ),
  )
}

/** Flows of the one that the other does not have. */
function differing(flows: readonly Flow[], others: readonly Flow[]): readonly Flow[] {
  const known = new Map(others.map((flow) => [flow.id, flow]))
  return flows.filter(({ id, from, to, services }) => {
    const other = known.get(id)
    return !other || other.from !== from || other.to !== to || JSON.stringify(other.services) !== JSON.stringify(services)
  })
}

/** Whom claims are about that nobody made before. */
function claimedAnew(before: Pick<Proof, 'company'>, { company, intent }: { readonly company: Company; readonly intent: Intent }) {
  const known = new Set(before.company.declaration.expectations.map(({ claim }) => JSON.stringify(claim)))
  return company.declaration.expectations.flatMap(({ claim }) => (known.has(JSON.stringify(claim)) ? [] : [intent.target(claim.to)]))
}

/** Destinations of packets that some filter passes, and did not, or the other way round. */
function filteredAnew(before: World, after: World, family: Family): readonly Interval[] {
  const space = PACKETS[family]
  const found: Interval[] = []
  const seen = new Map<Boxes, Set<Boxes>>()
  const add = (boxes: Boxes) => found.push(...boxes.map((box) => intervalOf(space, box, 'destination')))
  const one = interning()
  /** What the one has beside the other, both without what is the same in both: what either has is apart from each other. */
  const less = (boxes: Boxes, others: Boxes) => {
    const index = byDestination(space, others)
    for (const box of boxes) {
      const near = index.meeting(box).map((entry) => entry.box)
      add(subtract(space, [box], near, MOST_PARTS) ?? [box])
    }
  }
  const compare = (before: Transit | undefined, after: Transit | undefined) => {
    // Where there is no filter, all passes.
    const [was, is] = [before, after].map((filter) => filter?.accepted ?? ALL[family]) as [Boxes, Boxes]
    if (was === is) return
    const known = seen.get(was) ?? new Set()
    seen.set(was, known)
    if (known.has(is)) return
    known.add(is)
    const [ours, theirs] = [new Set(was.map(one)), new Set(is.map(one))]
    const [gone, come] = [[...ours.difference(theirs)], [...theirs.difference(ours)]]
    less(gone, come)
    less(come, gone)
  }
  for (const [device, told] of after.told) {
    if (told.nftables === before.told.get(device)?.nftables) continue
    const ports = [...after.routed.links.ports.get(device)!.values()]
    for (const iif of ports) {
      compare(before.arrivals(device, family, iif), after.arrivals(device, family, iif))
      for (const oif of ports) compare(before.transit(device, family, iif, oif), after.transit(device, family, iif, oif))
    }
  }
  return found
}
