/**
 * Answers meet the firewalls that saw the question: each filter on the way back is on the way there too, or is the other member of its pair, which is told what that one knows. One that is not would drop the
 * answers, as packets of no connection (RFC 2979 §1 is about such devices).
 */
import type { Family } from '#base/ip.ts'
import type { Design } from '#design/design.ts'
import { byFamily, FAMILIES } from '../../by-family.ts'
import type { Links } from '../../engine/network/links.ts'
import { fatesOf, kindsIn } from '../../engine/reach/fates.ts'
import type { Spot } from '../../intent/flows.ts'
import { intervalsOf, joined } from '../../intent/intervals.ts'
import { linksOf } from '../../intent/links.ts'
import type { Place } from '../../intent/places.ts'
import type { Proof, Property } from '../../proof.ts'

/** The property. */
export const symmetric: Property = {
  name: 'symmetric',
  title: 'answers come back the same way',
  *ofNetwork(proof) {
    const pairs = [...peersOf(proof)].flatMap(([place, others]) =>
      [...others].flatMap((other): readonly Pair[] => (place.id < other.id ? [[place, other]] : [])),
    )
    const known = knownOf(proof)
    const judged = pairs.filter((pair) => !known.has(idOf(pair)))
    const ends = [...new Set(judged.flat())]
    const met = byFamily((family) => filtersMet(proof, family, ends))
    for (const pair of pairs) {
      const id = idOf(pair)
      const [place, other] = pair
      const lone = known.has(id) ? undefined : FAMILIES.flatMap((family) => [...met(family)(place, other).symmetricDifference(met(family)(other, place))])[0]
      if (lone === undefined) known.add(id)
      const counter =
        lone === undefined ? undefined : { says: `${lone} is on the way between ${place.id} and ${other.id} in one direction alone`, device: lone }
      yield { property: symmetric.name, id, holds: lone === undefined, why: [], ...(counter ? { counter } : {}) }
    }
  },
}

/** Two who have to do with each other. */
type Pair = readonly [Place, Place]

function idOf([place, other]: Pair): string {
  return `${place.id} ↔ ${other.id}`
}

/** Pairs of which it is known, by what was routed: what filters pass makes no difference. Of a proof before, those of which neither goes another way. */
function knownOf({ world, design, places, since }: Proof): Set<string> {
  const filters = [...pairsOf(design)].join()
  const before = since && KNOWN.get(since.before)
  if (before?.filters === filters && !since!.rerouted) return before.symmetric
  const symmetric = new Set<string>()
  if (before?.filters === filters) {
    const isOther = (place: Place) =>
      since!.places.has(place) || FAMILIES.some((family) => since!.rerouted!.cut(family, intervalsOf(family, place.prefixes)).length > 0)
    const others = new Set(places.flatMap((place) => (isOther(place) ? [place.id] : [])))
    for (const id of before.symmetric) if (!id.split(' ↔ ').some((end) => others.has(end))) symmetric.add(id)
  }
  KNOWN.set(world.routed.links, { filters, symmetric })
  return symmetric
}

const KNOWN = new WeakMap<Links, { readonly filters: string; readonly symmetric: Set<string> }>()

/** Filters that decide by zones what passes; of a pair that keeps its state in step the first stands for both. */
function pairsOf({ sites }: Design): ReadonlyMap<string, string> {
  const filters = sites.flatMap(({ devices }) => devices.filter(({ filter }) => filter?.transit === 'filtered'))
  return new Map(filters.map(({ id, stateSync }) => [id, stateSync ? [id, stateSync.remoteName].sort()[0]! : id]))
}

/** For each place those that it has to do with, in either direction. The internet sends answers wherever it likes. */
function peersOf({ places, intent }: Proof): ReadonlyMap<Place, ReadonlySet<Place>> {
  const inside = places.filter(({ site }) => site !== undefined)
  const known = new Map<readonly Spot[], readonly Place[]>()
  const at = (spots: readonly Spot[]) => {
    const found = known.get(spots) ?? inside.filter((place) => touches(spots, place))
    known.set(spots, found)
    return found
  }
  const peers = new Map<Place, Set<Place>>()
  const add = (one: Place, other: Place) => peers.set(one, (peers.get(one) ?? new Set()).add(other))
  for (const { from, to } of intent.flows)
    for (const one of at(from))
      for (const other of at(to)) {
        if (one === other) continue
        add(one, other)
        add(other, one)
      }
  return peers
}

function touches(spots: readonly Spot[], { site, prefixes }: Place): boolean {
  const near = spots.filter((spot) => spot.site === site).map(({ prefix }) => prefix)
  return ([4, 6] as const).some((family) =>
    intervalsOf(family, near).some(([a, b]) => intervalsOf(family, prefixes).some(([first, last]) => a <= last && first <= b)),
  )
}

/** Tells which stateful filters, one of each pair, packets from one of some places to another of them meet, by whichever of several equal ways. They all let them pass: answers belong to what was let through. */
function filtersMet(
  { world, design, kinds: kindsOf, asked }: Proof,
  family: Family,
  places: readonly Place[],
): (from: Place, to: Place) => ReadonlySet<string> {
  const pairs = pairsOf(design)
  const names = [...new Set(pairs.values())]
  const numbers = new Map(names.map((name, number) => [name, number]))
  // Answers go to those who asked, whatever the proof is about.
  const every = asked
    ? kindsIn(world, family, linksOf(design, family), joined(places.flatMap((place) => intervalsOf(family, place.prefixes))))
    : kindsOf(family)
  const fates = fatesOf(world, family, every, (device) => {
    const pair = pairs.get(device)
    return pair === undefined ? undefined : numbers.get(pair)!
  })
  const kinds = new Map<Place, readonly number[]>()
  const stopsOf = new Map<Place, readonly ((kind: number) => number)[]>()
  const known = new Map<string, ReadonlySet<string>>()
  return (from, to) => {
    const there = kinds.get(to) ?? intervalsOf(family, to.prefixes).flatMap((interval) => [...fates.kinds.within(interval)])
    kinds.set(to, there)
    const stops = stopsOf.get(from) ?? from.sources(family).map(({ device, vrf, port }) => fates.at(device, vrf, port))
    stopsOf.set(from, stops)
    const found = new Set(stops.flatMap((fateOf) => there.map(fateOf)))
    const key = [...found].sort().join(' ')
    const last = known.get(key)
    if (last) return last
    const all = new Set([...found].flatMap((number) => fates.fate(number).ways.flatMap(({ behind }) => behind.gates.map((gate) => names[gate]!))))
    known.set(key, all)
    return all
  }
}
