/** What has a new name: facts and asks say the old one, and what was allocated to it moves along. */
import type { Rename } from '#ledger/rename.ts'
import type { Asks } from '#standards/authoring/asks.ts'
import type { ServiceSite, Site } from './company.ts'

/** All renames that the company states. */
export function renamesOf(sites: readonly Site[], asksOf: ReadonlyMap<string, Asks>, services: readonly ServiceSite[]): Rename[] {
  const renames: Rename[] = []
  for (const { name, facts } of sites) {
    if (facts.renamedFrom !== undefined) renames.push({ from: facts.renamedFrom, to: name })
    for (const circuit of facts.circuits ?? []) if (circuit.renamedFrom !== undefined) renames.push({ scope: name, from: circuit.renamedFrom, to: circuit.id })
    const asks = asksOf.get(name)!
    for (const ask of [...asks.devices, ...asks.segments, ...asks.racks])
      if (ask.renamedFrom !== undefined) renames.push({ scope: name, from: ask.renamedFrom, to: ask.name })
  }
  for (const service of services) {
    const { renamedFrom, runs } = service.facts
    if (renamedFrom === undefined) continue
    for (let n = 1; n <= runs.replicas; n++) {
      for (const scope of ['company', ...sites.map((site) => site.name)]) renames.push({ scope, from: `${renamedFrom}-${n}`, to: `${service.name}-${n}` })
    }
  }
  return renames
}
