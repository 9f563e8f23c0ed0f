/** What is wanted of a site in all: by its own standard, by company standards, and by the services that run there. */

import { byName } from '#base/order.ts'
import type { Why } from '#base/place.ts'
import type { Asks, LinkAsk } from '#standards/authoring/asks.ts'

/** A link, with the site that asked for it. */
export interface OwnedLink {
  readonly owner: string
  readonly link: LinkAsk
}

/** A replica of a service at this site. */
export interface Replica {
  readonly service: string
  /** `orders-map-1` */
  readonly name: string
  readonly zone: string
  readonly why: Why
}

/** A service that is balanced at this site, with the address that it is to have there, if it says one. */
export interface BalancedService {
  readonly service: string
  readonly pinned?: string
  /** Its IPv4 address is of the site's public ones. */
  readonly public: boolean
  readonly why: Why
}

/** All that is wanted of one site. Links that end here are listed whoever asked for them. */
export interface Wanted {
  readonly asks: Asks
  readonly links: readonly OwnedLink[]
  readonly replicas: readonly Replica[]
  readonly balanced: readonly BalancedService[]
}

/** Gathers what company standards want, by each site that a link touches, in the order of names. */
export function linksBySite(asked: readonly ReadonlyMap<string, readonly LinkAsk[]>[]): ReadonlyMap<string, readonly OwnedLink[]> {
  const bySite = new Map<string, OwnedLink[]>()
  const add = (site: string, owned: OwnedLink) => {
    const list = bySite.get(site)
    if (list) list.push(owned)
    else bySite.set(site, [owned])
  }
  for (const [owner, links] of asked.flatMap((of) => [...of]).sort(([a], [b]) => byName(a, b))) {
    for (const link of links) {
      const owned = { owner, link }
      add(link.a.site, owned)
      if (link.b && link.b.site !== link.a.site) add(link.b.site, owned)
    }
  }
  return bySite
}
