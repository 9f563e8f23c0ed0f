/** What has a new name: facts and asks say the old one, and what was allocated to it moves along. */
import type { Rename } from '#ledger/rename.ts'
import type { Asks } from '#standards/authoring/asks.ts'
import type { ServiceSite, Site } from './company.ts'

/** All renames that the company states and that are still to be made: one whose old name is declared again has been made before. */
export function renamesOf(sites: readonly Site[], asksOf: ReadonlyMap<string, Asks>, services: readonly ServiceSite[]): Rename[] {
  const renames = renamed(sites.map(({ name, facts }) => ({ name, renamedFrom: facts.renamedFrom })))
  for (const { name, facts } of sites) {
    const asks = asksOf.get(name)!
    const things = [...asks.devices, ...asks.segments, ...asks.racks, ...(facts.circuits ?? []).map(({ id, renamedFrom }) => ({ name: id, renamedFrom }))]
    renames.push(...renamed(things).map((rename) => ({ scope: name, ...rename })))
  }
  for (const { from, to } of renamed(services.map(({ name, facts }) => ({ name, renamedFrom: facts.renamedFrom })))) {
    const { replicas } = services.find((service) => service.name === to)!.facts.runs
    for (let n = 1; n <= replicas; n++)
      for (const scope of ['company', ...sites.map((site) => site.name)]) renames.push({ scope, from: `${from}-${n}`, to: `${to}-${n}` })
  }
  return renames
}

function renamed(things: readonly { readonly name: string; readonly renamedFrom?: string | undefined }[]): Rename[] {
  const names = new Set(things.map((thing) => thing.name))
  return things.flatMap(({ name, renamedFrom }) => (renamedFrom === undefined || names.has(renamedFrom) ? [] : [{ from: renamedFrom, to: name }]))
}
