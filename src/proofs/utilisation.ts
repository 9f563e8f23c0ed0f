/** What circuits and cables carry of what they can, in each direction: at rest, and when something is gone. */

import type { Why } from '#base/place.ts'
import type { LinkNode } from '#design/design.ts'
import { byFamily, FAMILIES } from './by-family.ts'
import { isOver } from './engine/network/cables.ts'
import type { Port } from './engine/network/links.ts'
import { siteOf } from './engine/network/told.ts'
import { type Loads, loading } from './engine/reach/loads.ts'
import type { Left } from './engine/reach/world.ts'
import { demandsOf } from './intent/demands.ts'
import type { Place } from './intent/places.ts'
import type { Proof } from './proof.ts'

/** One direction of a link: a circuit, or a cable that packets are routed over. */
export interface Used {
  /** The circuit, `ber-office/dtag-dia`; or the cable, `bos1/leaf-r01-a~spine-a`. */
  readonly link: string
  /** From the site that has the circuit, or to it; from the first end of the cable, or to it. */
  readonly direction: 'out' | 'in'
  /** bit/s */
  readonly bandwidth: number
  /** Whole bit/s in the busy hour. */
  readonly load: number
  /** Of the link. */
  readonly why: Why
}

/** Utilisation of all links, both directions of each, always in the same order. */
export interface Utilisation {
  readonly atRest: readonly Used[]
  without(left: Left): readonly Used[]
  /** What each flow puts on one direction of a link at rest, the most first: bit/s by id. */
  flowsOn(used: Used): readonly (readonly [flow: string, load: number])[]
}

/** Finds it. Hosts speak one family to all, or the other: of both that counts which loads a link more. */
export function utilisationOf(proof: Pick<Proof, 'design' | 'world' | 'cables' | 'intent' | 'places'>): Utilisation {
  const { design, world, intent, places } = proof
  const links = pluggedOf(proof)
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
    flowsOn({ link, direction }) {
      const index = atRest.findIndex((one) => one.link === link && one.direction === direction)
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
    return links.flatMap(({ ports, isFar, ...link }) =>
      (['out', 'in'] as const).map((direction): Used => {
        const there = isFar ? OTHER[direction] : direction
        const loads = runs.map((run) => ports.reduce((sum, port) => sum + (run[there].get(port) ?? 0), 0))
        return { ...link, direction, load: Math.round(Math.max(...loads)) }
      }),
    )
  }
}

const OTHER = { out: 'in', in: 'out' } as const

/** A link with the ports at one end that it is plugged into, and the VLANs of those. */
interface Plugged extends Pick<Used, 'link' | 'bandwidth' | 'why'> {
  readonly ports: readonly Port[]
  /** Whether the ports are at its far end. */
  readonly isFar: boolean
}

/** All circuits, and all cables that have a routed port at an end, in the order of the design. A tunnel is neither: what goes in it is on the circuits below. */
function pluggedOf({ design, world, cables }: Pick<Proof, 'design' | 'world' | 'cables'>): readonly Plugged[] {
  const portsAt = ({ device, port }: LinkNode['a']) => {
    const plug = new Set([`${device} ${port}`])
    return [...(world.routed.links.ports.get(device)?.values() ?? [])].filter(
      ({ name, addresses, shared }) => addresses.length + shared.length > 0 && isOver(plug, device, name),
    )
  }
  return design.sites.flatMap(({ id: site, circuits, links }) => {
    const sold = new Map(circuits.map((one) => [`${site}/${one.id.slice(one.id.lastIndexOf('/') + 1)}`, one]))
    return links.flatMap(({ id, a, b, circuit, speed, why }): Plugged[] => {
      if (b && !cables.has(id)) return []
      const near = portsAt(a)
      if (circuit === undefined) {
        const ports = near.length > 0 || !b ? near : portsAt(b)
        return ports.length > 0 ? [{ link: id, bandwidth: speed, why, ports, isFar: near.length === 0 }] : []
      }
      const bought = sold.get(circuit)
      return bought ? [{ link: circuit, bandwidth: bought.bandwidth, why: bought.why, ports: near, isFar: false }] : []
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
