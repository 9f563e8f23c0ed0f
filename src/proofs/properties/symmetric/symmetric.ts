/**
 * Answers meet the firewalls that saw the question: each filter on the way back is on the way there too, or is the other member of its pair, which is told what that one knows. One that is not would drop the
 * answers, as packets of no connection (RFC 2979 §1 is about such devices).
 */
import type { Family } from '#base/ip.ts'
import type { Design } from '#design/design.ts'
import { fatesOf, kindsIn } from '../../engine/reach/fates.ts'
import type { Routed } from '../../engine/routing/forwarding.ts'
import type { Spot } from '../../intent/flows.ts'
import { intervalsOf } from '../../intent/intervals.ts'
import { linksOf } from '../../intent/links.ts'
import type { Place } from '../../intent/places.ts'
import type { Proof, Property } from '../../proof.ts'

/** The property. */
export const symmetric: Property = {
  name: 'symmetric',
  title: 'answers come back the same way',
  *ofNetwork(proof) {
    const met = metIn(proof)
    for (const [place, others] of peersOf(proof)) {
      for (const other of others) {
        if (!(place.id < other.id)) continue
        const lone = ([4, 6] as const).flatMap((family) => [...met[family](place, other).symmetricDifference(met[family](other, place))])[0]
        const counter =
          lone === undefined ? undefined : { says: `${lone} is on the way between ${place.id} and ${other.id} in one direction alone`, device: lone }
        yield { property: symmetric.name, id: `${place.id} ↔ ${other.id}`, holds: lone === undefined, why: [], ...(counter ? { counter } : {}) }
      }
    }
  },
}

/** Filters that decide by zones what passes; of a pair that keeps its state in step the first stands for both. */
function pairsOf({ sites }: Design): ReadonlyMap<string, string> {
  const filters = sites.flatMap(({ devices }) => devices.filter(({ filter }) => filter?.transit === 'filtered'))
  return new Map(filters.map(({ id, stateSync }) => [id, stateSync ? [id, stateSync.remoteName].sort()[0]! : id]))
}

/** Found once for what was routed and the same pairs: what filters pass makes no difference. */
function metIn(proof: Proof): Met {
  const { world, design } = proof
  const pairs = pairsOf(design)
  const text = [...pairs].join()
  const last = MET.get(world.routed)
  const met = last?.pairs === text ? last.met : { 4: filtersMet(proof, 4, pairs), 6: filtersMet(proof, 6, pairs) }
  MET.set(world.routed, { pairs: text, met })
  return met
}

type Met = Readonly<Record<Family, (from: Place, to: Place) => ReadonlySet<string>>>

const MET = new WeakMap<Routed, { readonly pairs: string; readonly met: Met }>()

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

/** Tells which stateful filters, one of each pair, packets from one place to another meet, by whichever of several equal ways. They all let them pass: answers belong to what was let through. */
function filtersMet({ world, design, asked, kinds: kindsOf }: Proof, family: Family, pairs: ReadonlyMap<string, string>): Met[Family] {
  const names = [...new Set(pairs.values())]
  const numbers = new Map(names.map((name, number) => [name, number]))
  // Answers go to those who asked, whatever the proof is about.
  const every = asked ? kindsIn(world, family, linksOf(design, family)) : kindsOf(family)
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
