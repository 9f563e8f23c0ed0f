/** The addresses of links and loopbacks of routers: the zone that no segment is in. */
import type { Family } from '#base/ip.ts'
import { INFRASTRUCTURE } from '#compile/company.ts'
import type { Design } from '#design/design.ts'
import { type Interval, intervalsOf } from './flows.ts'

/** Those of all sites, in one family. */
export function linksOf({ sites }: Design, family: Family): readonly Interval[] {
  const zones = sites.flatMap(({ zones }) => zones.filter(({ name }) => name === INFRASTRUCTURE))
  return zones.flatMap(({ prefixes }) => intervalsOf(family, prefixes))
}

/** Whether an address is one of them. */
export function isOfLinks(address: bigint, links: readonly Interval[]): boolean {
  return links.some(([first, last]) => first <= address && address <= last)
}
