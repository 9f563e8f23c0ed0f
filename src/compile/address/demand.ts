/** How much address space a site needs, by zone: the sum that decides the size of its block. */
import type { Asks, LinkAsk } from '#standards/authoring/asks.ts'
import { INFRASTRUCTURE } from '../company.ts'
import type { OwnedLink, Wanted } from '../join.ts'
import { GROWTH, powerOfTwo, RESERVED_IN_SEGMENT, SMALLEST_ZONE } from './plan.ts'

/** IPv4 addresses wanted by a site. */
export interface Demand {
  /** By zone, infrastructure included. */
  readonly zones: ReadonlyMap<string, bigint>
  readonly total: bigint
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

/** What a site needs today, and as much again to grow. */
export function demandOf(site: string, wanted: Wanted): Demand {
  const zones = new Map<string, bigint>()
  const add = (zone: string, size: bigint) => zones.set(zone, (zones.get(zone) ?? 0n) + size)
  for (const segment of wanted.asks.segments) add(segment.zone, segmentSize(segment.hosts))
  for (const device of wanted.asks.devices) if (device.asn !== undefined) add(INFRASTRUCTURE, 1n)
  for (const _hop of hopsOf(site, wanted.links)) add(INFRASTRUCTURE, 2n)
  let total = 0n
  for (const [zone, needed] of zones) {
    const size = powerOfTwo(needed * GROWTH, SMALLEST_ZONE)
    zones.set(zone, size)
    total += size
  }
  return { zones, total: powerOfTwo(total) }
}
