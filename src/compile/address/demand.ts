/** How much address space a site needs, by zone: the sum that decides the size of its block. */
import { familyOf, prefixOf, sizeOf } from '#base/ip.ts'
import type { Why } from '#base/place.ts'
import { allocatePrefixes } from '#ledger/allocate-prefixes.ts'
import type { Entry } from '#ledger/ledger.ts'
import type { Asks, LinkAsk } from '#standards/authoring/asks.ts'
import { factOrigin, INFRASTRUCTURE, type Site } from '../company.ts'
import type { Held } from '../holdings.ts'
import type { OwnedLink, Wanted } from '../join.ts'
import { GROWTH, powerOfTwo, RESERVED_IN_SEGMENT, SEGMENT_V6, SMALLEST_ZONE } from './plan.ts'

/** IPv4 addresses wanted by a site. */
export interface Demand {
  /** By zone, infrastructure included. */
  readonly zones: ReadonlyMap<string, bigint>
  readonly total: bigint
}

/** A prefix wanted: its key in the ledger, its size in addresses, and what asks for it. */
export interface SpaceWant {
  readonly key: string
  readonly size: bigint
  readonly pinned?: string
  readonly why: Why
}

/** IPv4 addresses of a segment: its hosts, the reserved ones, and the broadcast address. */
export function segmentSize(hosts: number): bigint {
  return powerOfTwo(BigInt(hosts + RESERVED_IN_SEGMENT + 1))
}

/** The routed hops that this site addresses: its own links, one hop a zone for a hand-off. */
export function hopsOf(site: string, links: readonly OwnedLink[]): { readonly link: LinkAsk; readonly zone?: string; readonly key: string }[] {
  return links.flatMap(({ owner, link }) => {
    if (owner !== site) return []
    switch (link.carries.kind) {
      case 'route':
      case 'fabric':
      case 'homed':
      case 'sync':
      case 'tunnel':
        return [{ link, key: `link ${link.name}` }]
      case 'handoff':
        return link.carries.zones.map((zone) => ({ link, zone, key: `link ${link.name} ${zone}` }))
      default:
        return []
    }
  })
}

/** The zones that a site has: those of its segments and its hand-offs. */
export function zonesAt(asks: Asks): string[] {
  const zones = new Set(asks.segments.map((segment) => segment.zone))
  for (const link of asks.links) if (link.carries.kind === 'handoff') for (const zone of link.carries.zones) zones.add(zone)
  return [...zones].sort()
}

/** The prefixes of a family that the segments of a zone want. */
export function segmentWants(site: Site, asks: Asks, zone: string, family: 'v4' | 'v6'): SpaceWant[] {
  return asks.segments.flatMap((ask) => {
    if (ask.zone !== zone) return []
    const pinned = site.facts.pinned?.segments?.[ask.name]?.[family]
    return [
      {
        key: `segment ${zone} ${ask.name} ${family}`,
        size: family === 'v4' ? segmentSize(ask.hosts) : SEGMENT_V6,
        why: pinned === undefined ? ask.why : [factOrigin(site.file, 'pinned', 'segments', ask.name, family)],
        ...(pinned === undefined ? {} : { pinned }),
      },
    ]
  })
}

/** The IPv4 addresses that loopbacks and routed hops want. */
export function infrastructureWants(site: string, wanted: Wanted): SpaceWant[] {
  // A host that routes has its address from the pool of its zone.
  const speakers = wanted.asks.devices.filter((device) => device.asn !== undefined && device.zone === undefined)
  return [
    ...speakers.map(({ name, why }) => ({ key: `infrastructure loopback ${name}`, size: 1n, why })),
    ...hopsOf(site, wanted.links).map(({ key, link }) => ({ key: `infrastructure ${key}`, size: 2n, why: link.why })),
  ]
}

/** What a site needs today, and as much again to grow; and at least so much that all of it finds a place beside what it holds. */
export function demandOf(site: Site, wanted: Wanted, held: Held): Demand {
  const zones = new Map<string, bigint>()
  let least = 0n
  for (const zone of [INFRASTRUCTURE, ...zonesAt(wanted.asks)]) {
    const own = zone === INFRASTRUCTURE
    const wants = own ? infrastructureWants(site.name, wanted) : segmentWants(site, wanted.asks, zone, 'v4')
    const needed = wants.reduce((sum, { size }) => sum + size, 0n)
    if (needed === 0n) continue
    const inside = own ? held('infrastructure') : held('segment', zone)
    const size = powerOfTwo(needed * GROWTH, SMALLEST_ZONE)
    zones.set(zone, withRoom(size, held('space', zone), wants, inside))
    least += size
  }
  const spaces = [...zones].map(([zone, size]) => ({ key: `space ${zone}`, size }))
  return { zones, total: withRoom(powerOfTwo(least), held('block', 'v4'), spaces, held('space')) }
}

/**
 * The size that `blocks` must have so that `wants` fit into them beside what is `inside`: what is free may lie in pieces, and what was freed rests in quarantine. What does
 * not fit goes into one more block, which is large enough for all of it.
 */
function withRoom(least: bigint, blocks: readonly Entry[], wants: readonly Omit<SpaceWant, 'why'>[], inside: readonly Entry[]): bigint {
  if (blocks.length === 0) return least
  const { problems } = allocatePrefixes({
    held: inside.filter(({ value }) => familyOf(value) === 4),
    wants: wants.map((want) => ({ ...want, state: 'active' })),
    blocks: blocks.map(({ value }) => value),
    avoid: [],
  })
  const left = problems.reduce((sum, problem) => (problem.kind === 'exhausted' ? sum + problem.need : sum), 0n)
  const size = blocks.reduce((sum, { value }) => sum + sizeOf(prefixOf(value)), 0n)
  const enough = left === 0n ? size : size + powerOfTwo(left)
  return enough > least ? enough : least
}
