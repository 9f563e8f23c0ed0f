/** What circuits carry of what they can, in each direction: at rest, and when something is gone. */
import type { Why } from '#base/place.ts'
import { byFamily, FAMILIES } from './by-family.ts'
import { isOver } from './engine/network/cables.ts'
import type { Port } from './engine/network/links.ts'
import { siteOf } from './engine/network/told.ts'
import { type Loads, loading } from './engine/reach/loads.ts'
import type { Left } from './engine/reach/world.ts'
import { demandsOf } from './intent/demands.ts'
import type { Place } from './intent/places.ts'
import type { Proof } from './proof.ts'

/** One direction of a circuit. */
export interface Used {
  /** `ber-office/dtag-dia`. */
  readonly circuit: string
  /** From the site that has the circuit, or to it. */
  readonly direction: 'out' | 'in'
  /** bit/s */
  readonly bandwidth: number
  /** Whole bit/s in the busy hour. */
  readonly load: number
  /** Of the circuit. */
  readonly why: Why
}

/** Utilisation of all circuits, both directions of each, always in the same order. */
export interface Utilisation {
  readonly atRest: readonly Used[]
  without(left: Left): readonly Used[]
  /** What each flow puts on one direction of a circuit at rest, the most first: bit/s by id. */
  flowsOn(used: Used): readonly (readonly [flow: string, load: number])[]
}

/** Finds it. Hosts speak one family to all, or the other: of both that counts which loads a circuit more. */
export function utilisationOf(proof: Pick<Proof, 'design' | 'world' | 'cables' | 'intent' | 'places'>): Utilisation {
  const { design, world, intent, places } = proof
  const circuits = circuitsOf(proof)
  const demanded = demandsOf(design, world, intent.flows)
  const runs = FAMILIES.map((family) => {
    const byPlace = new Map(places.map((place) => [place, demanded(place, place.sources, family)]))
    const demands = [...byPlace.values()].flat()
    return { family, byPlace, demands, loading: loading(world, demands) }
  })
  const atRest = used(runs.map((run) => run.loading.atRest))
  return {
    atRest,
    without(left) {
      const moved = movedIn(places, left)
      const loads = runs.map(({ family, byPlace, loading }) => {
        const gone = moved.flatMap(({ place }) => byPlace.get(place)!)
        return loading.without(
          left,
          gone,
          moved.flatMap(({ place, sources }) => demanded(place, sources, family)),
        )
      })
      return loads.every((one, at) => one === runs[at]!.loading.atRest) ? atRest : used(loads)
    },
    flowsOn({ circuit, direction }) {
      const index = atRest.findIndex((one) => one.circuit === circuit && one.direction === direction)
      const ids = new Set(runs.flatMap(({ demands }) => demands.map(({ id }) => id)))
      const alone = (id: string) =>
        used(
          runs.map(
            ({ demands }) =>
              loading(
                world,
                demands.filter((demand) => demand.id === id),
              ).atRest,
          ),
        )
      return [...ids].map((id) => [id, alone(id)[index]!.load] as const).sort(([, a], [, b]) => b - a)
    },
  }

  function used(runs: readonly Loads[]): readonly Used[] {
    return circuits.flatMap(({ ports, ...circuit }) =>
      (['out', 'in'] as const).map((direction): Used => {
        const loads = runs.map((run) => ports.reduce((sum, port) => sum + (run[direction].get(port) ?? 0), 0))
        return { ...circuit, direction, load: Math.round(Math.max(...loads)) }
      }),
    )
  }
}

/** A circuit with the ports of its site that it is plugged into, and the VLANs of those. */
interface Plugged extends Pick<Used, 'circuit' | 'bandwidth' | 'why'> {
  readonly ports: readonly Port[]
}

/** All circuits, in the order of the design; a tunnel is none. */
function circuitsOf({ design, world, cables }: Pick<Proof, 'design' | 'world' | 'cables'>): readonly Plugged[] {
  return design.sites.flatMap(({ id: site, circuits, links }) => {
    const sold = new Map(circuits.map((one) => [`${site}/${one.id.slice(one.id.lastIndexOf('/') + 1)}`, one]))
    return links.flatMap(({ id, a, b, circuit }): Plugged[] => {
      const { bandwidth, why } = sold.get(circuit ?? '') ?? {}
      if (circuit === undefined || bandwidth === undefined || !why || (b && !cables.has(id))) return []
      const plug = new Set([`${a.device} ${a.port}`])
      const ports = [...(world.routed.links.ports.get(a.device)?.values() ?? [])].filter(({ name }) => isOver(plug, a.device, name))
      return [{ circuit, bandwidth, why, ports }]
    })
  })
}

/** Places that send by other gateways or hosts than before, with those by which they do. */
function movedIn(places: readonly Place[], { world, loss, moved }: Left): readonly { readonly place: Place; readonly sources: Place['sources'] }[] {
  const sites = new Set([...loss.touched, ...moved].map(siteOf))
  return places.flatMap((place) => {
    if (place.site === undefined || !sites.has(place.site)) return []
    const sources = byFamily((family) => place.sourcesIn(world, family))
    const isMoved = FAMILIES.some((family) => {
      const [before, now] = [place.sources(family), sources(family)]
      return before.length !== now.length || now.some(({ device, port }, at) => device !== before[at]!.device || port !== before[at]!.port)
    })
    return isMoved ? [{ place, sources }] : []
  })
}
