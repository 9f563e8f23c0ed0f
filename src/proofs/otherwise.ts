/**
 * What is otherwise than in a proof before: the destinations of all packets about which filters, flows or claims say something else. Of any other packet, what becomes of it and what is meant are as they were, so what
 * held then holds.
 */
import type { Family } from '#base/ip.ts'
import type { Company } from '#compile/company.ts'
import type { Design } from '#design/design.ts'
import type { Claim } from '#model/policy.ts'
import { type Asked, askedOf } from './asked.ts'
import { byFamily, FAMILIES } from './by-family.ts'
import { type Boxes, intervalOf, subtract } from './engine/boxes/boxes.ts'
import { interning } from './engine/boxes/intern.ts'
import { byDestination } from './engine/boxes/near.ts'
import { ALL } from './engine/filter/passage.ts'
import type { Transit } from './engine/filter/transit.ts'
import type { Port } from './engine/network/links.ts'
import { PACKETS } from './engine/packet.ts'
import { reroutedBetween } from './engine/reach/rerouted.ts'
import { prefixesOf } from './intent/concern.ts'
import { type Flow, type Spot, strangersOf } from './intent/flows.ts'
import { type Interval, intervalsOf, joined } from './intent/intervals.ts'
import type { Place } from './intent/places.ts'
import type { Proof, Since } from './proof.ts'

/** Parts that a difference may have; with more, all that it is of is taken. */
const MOST_PARTS = 4000

/** What of a network is compared, and what of a proof. */
type Layout = Pick<Proof, 'design' | 'world' | 'places'>
type Side = Layout & Pick<Proof, 'company' | 'intent'>

/** Whether who is where, what carriers are told, and what can fail, is as it was. */
export function isPlacedAlike(before: Pick<Proof, 'company' | 'design'>, after: Pick<Proof, 'company' | 'design'>): boolean {
  return placing(before) === placing(after)
}

function placing({ company, design }: Pick<Proof, 'company' | 'design'>): string {
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
  const told = company.sites.map(({ name, facts }) => [name, announced(company, name), facts.circuits?.map(({ id, sharedRisk }) => [id, sharedRisk])])
  const text = JSON.stringify([sites, told, strangersOf(company, design)])
  PLACING.set(design, { company, text })
  return text
}

/** Found once for each design. */
const PLACING = new WeakMap<Design, { readonly company: Company; readonly text: string }>()

/** What a site tells its carriers, in words. */
function announced({ sites }: Company, name: string): string {
  const facts = sites.find((site) => site.name === name)?.facts
  return JSON.stringify([facts?.public, facts?.circuits?.map(({ id, asn }) => [id, asn])])
}

/** Compares them; with `isRerouted` also tables, and who is where. */
export function otherwise(before: Side, after: Side, isRerouted: boolean): Since & { readonly asked: Asked } {
  const claims = claimedAnew(before, after)
  const places = isRerouted ? othersOf(before, after, ({ company }, site) => announced(company, site)) : new Set<Place>()
  const own = new Set([...places].flatMap(({ prefixes }) => prefixes))
  const flows = meantAnew(before.intent.flows, after.intent.flows, own)
  const moved = byFamily((family) => (isRerouted ? movedBetween(before, after, family) : []))
  const asked = byFamily((family) =>
    joined([
      ...intervalsOf(family, flows),
      ...claims.flatMap((spots) => prefixesOf(spots, family)),
      ...filteredAnew(before, after, family, intervalsOf(family, [...own])),
      ...moved(family),
    ]),
  )
  return { asked: askedOf(asked), before: before.world.routed.links, places, ...(isRerouted ? { rerouted: askedOf(moved) } : {}) }
}

/** The same of networks alone: the destinations of packets of which something else becomes, and the places that are others, of whose packets all may be otherwise. */
export function otherwiseIn(before: Layout, after: Layout): { readonly asked: Asked; readonly places: ReadonlySet<Place> } {
  const places = othersOf(before, after, () => '')
  const own = [...places].flatMap(({ prefixes }) => prefixes)
  const asked = byFamily((family) => joined([...filteredAnew(before, after, family, intervalsOf(family, own)), ...movedBetween(before, after, family)]))
  return { asked: askedOf(asked), places }
}

/** Destinations of packets that go another way, and addresses that somebody else has. */
function movedBetween(before: Layout, after: Layout, family: Family): readonly Interval[] {
  return joined([...reroutedBetween(before.world, after.world, family), ...placedAnew(before, after, family)])
}

/** Places that send otherwise, or did not; `said` is what counts of a site for who is outside of it. */
function othersOf<L extends Layout>(before: L, after: L, said: (side: L, site: string) => string): ReadonlySet<Place> {
  const sending = (side: L, { prefixes, site, zone, id, sources }: Place) => {
    const { sites } = side.design
    const from = FAMILIES.map((family) => sources(family).map(({ device, vrf, port, boxes }) => [device, vrf, port?.name, boxes.map((box) => box.join())]))
    // Who sends as somebody else is told by the zone that it is in, and who is outside by what is inside.
    const around =
      site === undefined
        ? [...sites.flatMap(({ blocks }) => blocks), said(side, id.slice(OUTSIDE.length, id.indexOf('/')))]
        : sites.find((one) => one.id === site)!.zones.find(({ name }) => name === zone)?.prefixes
    return JSON.stringify([prefixes, site, zone, around, from])
  }
  const known = new Map(before.places.map((place) => [place.id, sending(before, place)]))
  return new Set(after.places.filter((place) => known.get(place.id) !== sending(after, place)))
}

/** Places of the internet are called so, after the site. */
const OUTSIDE = 'internet at '

/** Addresses that somebody has who did not, or had who does not, by what is said of them. */
function placedAnew(before: Layout, after: Layout, family: Family): readonly Interval[] {
  const said = ({ design, world }: Layout) => {
    const prefixes = design.sites.flatMap(({ id, blocks, zones, segments }) => [
      ...blocks.map((prefix) => [`${id} ${prefix}`, prefix] as const),
      ...zones.flatMap(({ name, prefixes }) => prefixes.map((prefix) => [`${id} ${name} ${prefix}`, prefix] as const)),
      ...segments.flatMap(({ id, zone, vlan, prefixes }) => prefixes.map((prefix) => [`${id} ${zone} ${vlan} ${prefix}`, prefix] as const)),
    ])
    const own = world.addresses(family).map((value): readonly [string, Interval] => [`${value}`, [value, value]])
    return new Map<string, Interval>([...prefixes.flatMap(([key, prefix]) => intervalsOf(family, [prefix]).map((one) => [key, one] as const)), ...own])
  }
  const [was, is] = [said(before), said(after)]
  return [...[...was].flatMap(([key, one]) => (is.has(key) ? [] : [one])), ...[...is].flatMap(([key, one]) => (was.has(key) ? [] : [one]))]
}

/** Prefixes to which flows are meant, or were, and are not on the other side: all of those of a flow where its senders or services are others, but for senders more of whom all is proved. */
function meantAnew(before: readonly Flow[], after: readonly Flow[], proved: ReadonlySet<string>): readonly string[] {
  const known = new Map(before.map((flow) => [flow.id, flow]))
  const found: string[] = []
  for (const flow of after) {
    const last = known.get(flow.id)
    known.delete(flow.id)
    const { gone, come } = apart(last?.from ?? [], flow.from)
    const isSame = last && JSON.stringify(last.services) === JSON.stringify(flow.services) && gone.length === 0 && come.every((prefix) => proved.has(prefix))
    const to = apart(isSame ? last.to : [], flow.to)
    found.push(...to.gone, ...to.come)
    if (last && !isSame) found.push(...last.to.map(({ prefix }) => prefix))
  }
  return [...found, ...[...known.values()].flatMap(({ to }) => to.map(({ prefix }) => prefix))]
}

/** Prefixes that only one of two sides has. */
function apart(before: readonly Spot[], after: readonly Spot[]): { readonly gone: readonly string[]; readonly come: readonly string[] } {
  if (before === after) return { gone: [], come: [] }
  const key = ({ prefix, site, zone }: Spot) => `${site} ${zone} ${prefix}`
  const [was, is] = [new Set(before.map(key)), new Set(after.map(key))]
  const less = (spots: readonly Spot[], others: ReadonlySet<string>) => spots.flatMap((spot) => (others.has(key(spot)) ? [] : [spot.prefix]))
  return { gone: less(before, is), come: less(after, was) }
}

/** Whom claims are about that nobody made before, about the same services and roles. */
function claimedAnew(before: Side, after: Side): readonly (readonly Spot[])[] {
  const roles = ({ design }: Side) => design.sites.flatMap(({ devices }) => devices.map(({ id, role }) => `${id} ${role}`)).join()
  const areOthers = after.design !== before.design && roles(before) !== roles(after)
  const said = ({ intent }: Side, claim: Claim) => JSON.stringify([claim, claim.to.kind === 'service' ? intent.listens(claim.to.service) : []])
  const known = new Set(before.company.declaration.expectations.map(({ claim }) => said(before, claim)))
  return after.company.declaration.expectations.flatMap(({ claim }) => {
    const isByRole = claim.kind === 'reach' && claim.through !== undefined && areOthers
    return known.has(said(after, claim)) && !isByRole ? [] : [after.intent.target(claim.to)]
  })
}

/** Destinations of packets that some filter passes, and did not, or the other way round; but for senders of whom all is proved. */
function filteredAnew({ world: before }: Layout, { world: after }: Layout, family: Family, proved: readonly Interval[]): readonly Interval[] {
  const space = PACKETS[family]
  const found: Interval[] = []
  const seen = new Map<Boxes, Set<Boxes>>()
  const add = (boxes: Boxes) => {
    for (const box of boxes) {
      const [first, last] = intervalOf(space, box, 'source')
      if (!proved.some((one) => one[0] <= first && last <= one[1])) found.push(intervalOf(space, box, 'destination'))
    }
  }
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
    if (told.nftables === before.told.get(device)?.nftables && told.linux === before.told.get(device)?.linux) continue
    // By a port that is new come only packets of new places, or such as go another way.
    const old = before.routed.links.ports.get(device) ?? new Map<string, Port>()
    const ports = [...after.routed.links.ports.get(device)!.values()].filter(({ name }) => old.has(name))
    const was = ({ name }: Port) => old.get(name)!
    for (const iif of ports) {
      compare(before.arrivals(device, family, was(iif)), after.arrivals(device, family, iif))
      for (const oif of ports) compare(before.transit(device, family, was(iif), was(oif)), after.transit(device, family, iif, oif))
    }
  }
  return found
}
