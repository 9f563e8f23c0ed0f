/**
 * What changes between two designs. Sites, devices and services that are the same object in both are not gone through, so planning an edit costs what the edit touches;
 * planning between designs that were read from disk costs their size.
 */
import { freeze } from '#base/canonical.ts'
import { byName } from '#base/order.ts'
import type { Design, LinkNode, SiteDesign } from '#design/design.ts'
import { costOf, firstDayOf } from './cost.ts'
import { diffAddresses } from './diff-addresses.ts'
import { diffDevice } from './diff-devices.ts'
import { diffFiles } from './diff-files.ts'
import { byFields, diffNodes } from './diff-nodes.ts'
import { circuitFields, companyFields, diffFields, linkFields, rackFields, segmentFields, serviceFields, siteFields, zoneFields } from './fields.ts'
import { type Plan, type SitePlan, unchanged } from './plan.ts'

/** Printed files by path, `site/device/frr.conf`. */
export type Texts = ReadonlyMap<string, string>

/** The change from one design to another; without `before`, from nothing. `texts` are the files printed from each. */
export function planChange(before: Design | undefined, after: Design, texts: { readonly before: Texts; readonly after: Texts }): Plan {
  const { sites, services } = before ?? { sites: [], services: [] }
  const was = new Map(sites.map((site) => [site.id, site]))
  const is = new Map(after.sites.map((site) => [site.id, site]))
  const touched = [...new Set([...was.keys(), ...is.keys()])].filter((id) => was.get(id) !== is.get(id)).sort(byName)
  const both = touched.filter((id) => was.has(id) && is.has(id))
  return freeze<Plan>({
    kind: 'plan',
    fields: before ? diffFields(companyFields, before, after) : [],
    sites: touched.flatMap((id) => planSite(was.get(id), is.get(id)) ?? []),
    services: diffNodes(services, after.services, byFields(serviceFields)),
    addresses: diffAddresses({ sites: both.map((id) => was.get(id)!), services }, { sites: both.map((id) => is.get(id)!), services: after.services }),
    files: diffFiles(texts.before, texts.after),
    cost: { before: costOf(sites.flatMap((site) => site.circuits)), after: costOf(after.sites.flatMap((site) => site.circuits)) },
  })
}

/** What is in a site that is not there. */
const NOTHING = { zones: [], racks: [], segments: [], devices: [], links: [], circuits: [] } as const

/** One of the two may be absent. Undefined when nothing is changed but numbers, which are told apart. */
function planSite(before: SiteDesign | undefined, after: SiteDesign | undefined): SitePlan | undefined {
  const site = (after ?? before)!
  const was = before ?? NOTHING
  const is = after ?? NOTHING
  const isHandover = (link: LinkNode) => link.circuit !== undefined
  const isCable = (link: LinkNode) => !isHandover(link)
  const links = (of: (link: LinkNode) => boolean) => diffNodes(was.links.filter(of), is.links.filter(of), byFields(linkFields))
  const inside = {
    zones: diffNodes(was.zones, is.zones, byFields(zoneFields)),
    racks: diffNodes(was.racks, is.racks, byFields(rackFields)),
    segments: diffNodes(was.segments, is.segments, byFields(segmentFields)),
    devices: diffNodes(was.devices, is.devices, diffDevice),
    cables: links(isCable),
    handovers: links(isHandover),
    circuits: diffNodes(was.circuits, is.circuits, byFields(circuitFields)),
  }
  const fields = before && after ? diffFields(siteFields, before, after) : []
  if (before && after && fields.length === 0 && Object.values(inside).every(unchanged)) return undefined
  const firstDay = before || !after ? undefined : firstDayOf(after)
  return {
    id: site.id,
    how: before ? (after ? 'changed' : 'removed') : 'added',
    standard: site.standard,
    seats: site.seats,
    fields,
    ...inside,
    cost: { before: costOf(was.circuits), after: costOf(is.circuits) },
    ...(firstDay ? { firstDay } : {}),
  }
}
