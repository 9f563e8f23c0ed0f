/** What a site reads of the sites that its links end at: narrow, so that an edit at one site compiles again only what it touches. */
import type { Why } from '#base/place.ts'
import type { Addressed, Pair } from '../address/address-site.ts'
import type { Located, SiteNumbers } from '../address/plan-company.ts'
import type { Cabled, Plug } from '../cable/cable-site.ts'
import { ledgerOrigin } from '../holdings.ts'
import type { Wanted } from '../join.ts'
import type { Placed } from '../place/place-site.ts'

/** The other end of a link that leaves the site. */
export interface FarEnd {
  readonly plug: Plug
  /** The other device's AS number. */
  readonly asn: number | undefined
  readonly asnWhy: Why
  /** The blocks of the other site. */
  readonly v4: readonly Located[]
  readonly v6: readonly Located[]
  /** The addresses of the hop, where the other site gives them out. */
  readonly hop?: { readonly a: Pair; readonly b: Pair }
}

/** The other ends of a site's links, by id of the link. */
export type Neighbors = ReadonlyMap<string, FarEnd>

/** The stages that other sites' ends are read from, by site. */
interface Stages {
  readonly placed: ReadonlyMap<string, Placed>
  readonly cabled: ReadonlyMap<string, Cabled>
  readonly addressed: ReadonlyMap<string, Addressed>
  readonly numbers: ReadonlyMap<string, SiteNumbers>
}

/** The other ends of the links of `site` that leave it. */
export function neighborsOf(site: string, wanted: Wanted, stages: Stages): Neighbors {
  const neighbors = new Map<string, FarEnd>()
  for (const { owner, link } of wanted.links) {
    const other = link.a.site === site ? link.b?.site : link.a.site
    if (other === undefined || other === site) continue
    const wire = stages.cabled.get(other)!.wires.find(({ id }) => id === `${owner}/${link.name}`)
    const plug = link.a.site === site ? wire?.b : wire?.a
    if (!plug) continue
    const numbers = stages.numbers.get(other)!
    const name = stages.placed.get(other)!.devices.get(plug.device)!.ask.asn ?? ''
    const asn = { asn: numbers.asns[name], asnWhy: [ledgerOrigin(other, `asn ${name}`)] }
    const hop = owner === other ? stages.addressed.get(other)!.hops.get(link.name) : undefined
    neighbors.set(`${owner}/${link.name}`, { plug, ...asn, v4: stages.addressed.get(other)!.v4, v6: numbers.v6, ...(hop ? { hop } : {}) })
  }
  return neighbors
}
