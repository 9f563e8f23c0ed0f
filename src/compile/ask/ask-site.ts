/** Runs the standard of a site: facts in, asks out. */

import { type Diagnostic, Refusal } from '#base/diagnostic.ts'
import { sortedBy } from '#base/order.ts'
import type { Asks, Call } from '#standards/authoring/asks.ts'
import { factsView, recorder } from '#standards/authoring/facts-view.ts'
import { siteAsking } from '#standards/authoring/site-asking.ts'
import type { SiteView } from '#standards/authoring/standard.ts'
import { factOrigin, type ReadSite } from '../company.ts'
import { dangling, unusedFacts } from './dangling.ts'
import { thrownBy, unlessAsync } from './thrown.ts'

/** What the standard of a site wants, and where it said so. */
export interface Asked {
  readonly asks: Asks
  readonly calls: readonly Call[]
  readonly diagnostics: readonly Diagnostic[]
}

const NOTHING: Asks = { racks: [], devices: [], links: [], ports: [], segments: [], filters: [], balancers: [], managed: [], attachments: [], requirements: [] }

/** The asks of a site, in the order of their names: the order of calls and of lists in the facts says nothing. */
export function askSite(site: ReadSite, zones: ReadonlySet<string>): Asked {
  const reads = recorder()
  const facts = { ...site.facts, name: site.name } as unknown as SiteView
  const name = factOrigin(site.file, 'name')
  // The name is that of the file, and stands nowhere in it.
  const view = factsView(facts, factOrigin(site.file), (origin) => origin !== name && reads.record(origin))
  const { ask, asks, calls } = siteAsking({ site: site.name, location: site.facts.location }, site.standard, zones, reads)
  try {
    const late = unlessAsync(site.standard.design(view, ask), site.standard)
    if (late.length > 0) return { asks: NOTHING, calls, diagnostics: late }
  } catch (thrown) {
    return { asks: NOTHING, calls, diagnostics: thrown instanceof Refusal ? thrown.diagnostics : [thrownBy(thrown, site.standard, site.name)] }
  }
  const sorted: Asks = {
    racks: sortedBy(asks.racks, (rack) => rack.name),
    devices: sortedBy(asks.devices, (device) => device.name),
    links: sortedBy(asks.links, (link) => link.name),
    ports: sortedBy(asks.ports, (port) => `${port.device} ${port.name}`),
    segments: sortedBy(asks.segments, (segment) => segment.name),
    filters: sortedBy(asks.filters, (filter) => filter.devices.join(' ')),
    balancers: sortedBy(asks.balancers, (balancer) => balancer.devices.join(' ')),
    managed: sortedBy(asks.managed, ({ device }) => device),
    attachments: sortedBy(asks.attachments, (attachment) => attachment.name),
    requirements: sortedBy(asks.requirements, (requirement) => requirement.name),
  }
  return { asks: sorted, calls, diagnostics: [...dangling(sorted, site), ...unusedFacts(sorted, site)] }
}
