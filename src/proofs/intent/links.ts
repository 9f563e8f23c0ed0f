/** The addresses of links and loopbacks of routers, the zone that no segment is in; and which arrivals are at somebody that policies speak of. */
import type { Family } from '#base/ip.ts'
import { INFRASTRUCTURE } from '#compile/company.ts'
import type { Design } from '#design/design.ts'
import type { Arrival } from '../engine/reach/spread.ts'
import { type Interval, intervalsOf } from './intervals.ts'

/** Those of all sites, in one family. */
export function linksOf({ sites }: Design, family: Family): readonly Interval[] {
  const zones = sites.flatMap(({ zones }) => zones.filter(({ name }) => name === INFRASTRUCTURE))
  return zones.flatMap(({ prefixes }) => intervalsOf(family, prefixes))
}

/** Whether an address is one of them. */
export function isOfLinks(address: bigint, links: readonly Interval[]): boolean {
  return links.some(([first, last]) => first <= address && address <= last)
}

/**
 * Hosts, services and those who run devices are destinations of policies. Links, loopbacks and gateway addresses of routers are not: what a router takes itself is another matter. What a device sends to itself
 * goes nowhere.
 */
export function isDestination({ port, own }: Arrival, links: readonly Interval[]): boolean {
  if (!own) return true
  if (!port || (own.port.name !== 'lo' && own.port.vrf === '')) return false
  return !isOfLinks(own.address, links)
}
