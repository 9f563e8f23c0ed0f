/** Runs the standard of a site: facts in, asks out. */

import { type Diagnostic, diagnose, Refusal } from '#base/diagnostic.ts'
import { byName, sortedBy } from '#base/order.ts'
import type { Asks, Call } from '#standards/authoring/asks.ts'
import { factsView, recorder } from '#standards/authoring/facts-view.ts'
import { siteAsking } from '#standards/authoring/site-asking.ts'
import { pinOf, type SiteView } from '#standards/authoring/standard.ts'
import { factOrigin, type Site } from '../company.ts'
import { thrownBy } from './thrown.ts'

/** What the standard of a site wants, and where it said so. */
export interface Asked {
  readonly asks: Asks
  readonly calls: readonly Call[]
  readonly diagnostics: readonly Diagnostic[]
}

const NOTHING: Asks = { racks: [], devices: [], links: [], ports: [], segments: [], filters: [], attachments: [] }

/** The asks of a site, in the order of their names: the order of calls and of lists in the facts says nothing. */
export function askSite(site: Site, zones: ReadonlySet<string>): Asked {
  const reads = recorder()
  const facts = { ...site.facts, name: site.name } as unknown as SiteView
  const view = factsView(facts, factOrigin(site.file), reads.record)
  const { ask, asks, calls } = siteAsking(site.name, site.standard, zones, reads)
  try {
    site.standard.design(view, ask)
  } catch (thrown) {
    if (thrown instanceof Refusal) return { asks: NOTHING, calls, diagnostics: thrown.diagnostics }
    return { asks: NOTHING, calls, diagnostics: [thrownBy(thrown, pinOf(site.standard), site.name)] }
  }
  const sorted: Asks = {
    racks: sortedBy(asks.racks, (rack) => rack.name),
    devices: sortedBy(asks.devices, (device) => device.name),
    links: sortedBy(asks.links, (link) => link.name),
    ports: sortedBy(asks.ports, (port) => `${port.device} ${port.name}`),
    segments: sortedBy(asks.segments, (segment) => segment.name),
    filters: sortedBy(asks.filters, (filter) => filter.devices.join(' ')),
    attachments: sortedBy(asks.attachments, (attachment) => attachment.name),
  }
  return { asks: sorted, calls, diagnostics: dangling(sorted, site) }
}

/** Refers an ask to something that was not asked for? A standard in plain JavaScript, or a cast, can. */
function dangling(asks: Asks, site: Site): Diagnostic[] {
  const racks = new Set(asks.racks.map((rack) => rack.name))
  const diagnostics: Diagnostic[] = []
  for (const device of asks.devices) {
    for (const rack of device.rack?.among ?? []) {
      if (!racks.has(rack)) {
        diagnostics.push(
          diagnose(
            'no-rack-for-device',
            { who: `${site.name}/${device.name}`, rack, site: site.name },
            { origin: device.why[0], allowed: [...racks].sort(byName) },
          ),
        )
      }
    }
  }
  return diagnostics
}
