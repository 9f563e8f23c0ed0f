/** What the company comes to, and whether that is what it says it comes to. */
import { type Diagnostic, diagnose } from '#base/diagnostic.ts'
import { AREA, grouped } from '#base/units.ts'
import type { SiteDesign, Totals } from '#design/design.ts'
import type { CompanyDeclaration } from '#standards/authoring/company.ts'
import type { Company } from '../company.ts'

/** The kind of site that is a data centre; all others are locations. */
const DATA_CENTRE = 'data-centre'

/** The kind of site whose area is counted as warehouse. */
const WAREHOUSE = 'warehouse'

/** Adds up the sites. */
export function totalsOf(company: Company, sites: readonly SiteDesign[]): Totals {
  const sum = (of: (site: SiteDesign) => number) => sites.reduce((total, site) => total + of(site), 0)
  const dataCentres = sites.filter((site) => site.category === DATA_CENTRE)
  const grown = new Set(company.sites.filter(({ facts, standard }) => facts.growth && standard.kind !== DATA_CENTRE).map(({ name }) => name))
  const warehouse = (of: (name: string) => boolean) => {
    const area = company.sites.filter(({ name, standard }) => standard.kind === WAREHOUSE && of(name)).reduce((total, { facts }) => total + areaOf(facts), 0)
    return Math.round(area / AREA.factors.sqft!)
  }
  return {
    people: company.declaration.people ?? company.sites.reduce((total, site) => total + (site.facts.people ?? 0), 0),
    locations: sites.length - dataCentres.length,
    dataCentres: dataCentres.length,
    countries: new Set(sites.map((site) => site.country)).size,
    racks: dataCentres.reduce((total, site) => total + site.racks.length, 0),
    seats: sum((site) => site.seats),
    warehouseSqft: warehouse(() => true),
    growthLocations: grown.size,
    growthSeats: sum((site) => (grown.has(site.id) ? site.seats : 0)),
    growthWarehouseSqft: warehouse((name) => grown.has(name)),
    devices: sum((site) => site.devices.length),
    links: sum((site) => site.links.length),
    prefixes: sum(
      (site) =>
        site.blocks.length + site.zones.reduce((n, zone) => n + zone.prefixes.length, 0) + site.segments.reduce((n, segment) => n + segment.prefixes.length, 0),
    ),
  }
}

/** Each total that the company says of itself and that its sites do not come to. */
export function checkTotals({ totals: said = {}, place }: CompanyDeclaration, found: Totals): Diagnostic[] {
  return (Object.keys(said) as (keyof Totals)[])
    .filter((name) => said[name] !== undefined && said[name] !== found[name])
    .map((name) => diagnose('totals-differ', { name, said: grouped(said[name]!), found: grouped(found[name]) }, { place, value: String(said[name]) }))
}

/** m², where the standard has a fact of that name. */
function areaOf(facts: object): number {
  const { area } = facts as { readonly area?: unknown }
  return typeof area === 'number' ? area : 0
}
