/** Who is there to receive: of a zone or a segment the addresses that hosts have, of a service exactly those that it has. */
import { type Family, familyOf } from '#base/ip.ts'
import { RESERVED_IN_SEGMENT } from '#compile/address/plan.ts'
import type { Design } from '#design/design.ts'
import type { Asked } from '../asked.ts'
import type { Links } from '../engine/network/links.ts'
import type { World } from '../engine/reach/world.ts'
import type { Spot } from './flows.ts'
import { type Interval, intervalOf, intervalsOf } from './intervals.ts'

/** Somebody who receives. */
export interface Receiver {
  readonly addresses: Interval
  /** Of whose prefix that is. */
  readonly spot: Spot
  /** The segment that they are on; none for those outside. */
  readonly segment?: string
}

/** Receivers of these prefixes in a family, found once for each list; or what is asked of them. */
export function receiversOf(design: Design, world: World, spots: readonly Spot[], family: Family, asked?: Asked): readonly Receiver[] {
  const last = KNOWN[family].get(spots)
  const known = last?.links === world.routed.links ? last : { links: world.routed.links, found: find(design, world, spots, family) }
  KNOWN[family].set(spots, known)
  if (!asked) return known.found
  if (known.part?.asked === asked) return known.part.found
  const found = known.found.flatMap((one) => asked.cut(family, [one.addresses]).map((addresses) => ({ ...one, addresses })))
  known.part = { asked, found }
  return found
}

/** Who receives, on these links: all of them, and those of whom the last proof is that was about a part. */
interface Known {
  readonly links: Links
  readonly found: readonly Receiver[]
  part?: { readonly asked: Asked; readonly found: readonly Receiver[] }
}

const KNOWN: Readonly<Record<Family, WeakMap<readonly Spot[], Known>>> = { 4: new WeakMap(), 6: new WeakMap() }

function find(design: Design, world: World, spots: readonly Spot[], family: Family): readonly Receiver[] {
  const found = new Map<string, Receiver>()
  const add = (receiver: Receiver) => found.set(`${receiver.addresses[0]} ${receiver.addresses[1]} ${receiver.segment}`, receiver)
  for (const spot of spots) {
    const { prefix, site } = spot
    if (familyOf(prefix) !== family) continue
    const around = intervalOf(prefix)
    if (site === undefined) {
      for (const addresses of withoutOurs(around, design, world, family)) add({ addresses, spot })
      continue
    }
    if (around[0] === around[1]) {
      add({ addresses: around, spot })
      continue
    }
    for (const segment of design.sites.find(({ id }) => id === site)!.segments) {
      for (const block of segment.prefixes) {
        if (familyOf(block) !== family) continue
        const inside = intervalOf(block)
        if (inside[0] < around[0] || inside[1] > around[1]) continue
        const there = segment.vlan === undefined ? held(world, site, inside, family) : hosts(inside, family)
        for (const addresses of there) add({ addresses, spot, segment: segment.id })
      }
    }
  }
  return [...found.values()]
}

/** An interval without what is ours: blocks of sites, and the addresses that carriers gave to our ends of circuits. */
function withoutOurs(around: Interval, design: Design, world: World, family: Family): readonly Interval[] {
  const { links } = world.routed
  const known = OUTSIDE.get(links) ?? new Map<string, readonly Interval[]>()
  OUTSIDE.set(links, known)
  const key = `${family} ${around[0]} ${around[1]}`
  const last = known.get(key)
  if (last) return last
  const found = cut(around, design, world, family)
  known.set(key, found)
  return found
}

/** Asked for by each flow to the internet, from each place. */
const OUTSIDE = new WeakMap<Links, Map<string, readonly Interval[]>>()

function cut([first, last]: Interval, design: Design, world: World, family: Family): readonly Interval[] {
  const blocks = intervalsOf(
    family,
    design.sites.flatMap((site) => site.blocks),
  )
  const ours = [...blocks, ...world.addresses(family).map((address): Interval => [address, address])].sort(([a], [b]) => (a < b ? -1 : 1))
  const found: Interval[] = []
  let next = first
  for (const [from, to] of ours) {
    if (to < next || from > last) continue
    if (from > next) found.push([next, from - 1n])
    next = to + 1n
  }
  return next <= last ? [...found, [next, last]] : found
}

/** Hosts have what gateways and spares leave. */
function hosts([first, last]: Interval, family: Family): readonly Interval[] {
  const [low, high] = [first + BigInt(RESERVED_IN_SEGMENT), family === 4 ? last - 1n : last]
  return low <= high ? [[low, high]] : []
}

/** The addresses of a pool that hosts have on their loopbacks. */
function held(world: World, site: string, [first, last]: Interval, family: Family): readonly Interval[] {
  return world
    .at(site)
    .flatMap(([, ports]) =>
      (ports.get('lo')?.addresses ?? []).flatMap(({ ip }): Interval[] =>
        ip.family === family && ip.value >= first && ip.value <= last ? [[ip.value, ip.value]] : [],
      ),
    )
}
