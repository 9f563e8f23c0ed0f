/** What has a new name: facts and asks say the old one, and what was allocated to it moves along. */
import type { Rename } from '#ledger/rename.ts'
import type { Asks, DeviceAsk } from '#standards/authoring/asks.ts'
import { type CompanyLinks, tunnelName } from '#standards/authoring/company-asking.ts'
import type { ServiceSite, Site } from './company.ts'

/** All renames that the company states and that are still to be made: one whose old name is declared again has been made before. `links` are those between sites. */
export function renamesOf(
  sites: readonly Site[],
  asksOf: ReadonlyMap<string, Asks>,
  links: readonly CompanyLinks[],
  services: readonly ServiceSite[],
): Rename[] {
  const renames = renamed(sites.map(({ name, facts }) => ({ name, renamedFrom: facts.renamedFrom })))
  /** Former names of sites, and of circuits as `site/id`. */
  const formerly = new Map(renames.map(({ from, to }) => [to, from]))
  for (const { name, facts } of sites) {
    const asks = asksOf.get(name)!
    const circuits = renamed((facts.circuits ?? []).map(({ id, renamedFrom }) => ({ name: id, renamedFrom })))
    for (const { from, to } of circuits) formerly.set(`${name}/${to}`, from)
    const things = [...asks.devices, ...asks.devices.flatMap(groupOf), ...asks.segments, ...asks.racks]
    renames.push(...circuits.map((rename) => ({ scope: name, ...rename })))
    renames.push(...renamed(things).map((rename) => ({ scope: name, ...rename })))
  }
  // A tunnel is named after the circuits that it runs over and the site that it leads to. Any of the three may have been renamed before, and say so still.
  const names = (now: string, key = now) => [now, formerly.get(key)].filter((name) => name !== undefined)
  for (const [owner, asked] of links.flatMap((of) => [...of])) {
    for (const { name, b, carries } of asked) {
      if (carries.kind !== 'tunnel' || !b) continue
      const { a: own, b: theirs } = carries.over
      const [first, to, last] = [names(own.id, `${owner}/${own.id}`), names(b.site), names(theirs.id, `${b.site}/${theirs.id}`)]
      const former = first.flatMap((circuit) => to.flatMap((site) => last.map((over) => tunnelName(circuit, site, over))))
      renames.push(...former.filter((from) => from !== name).map((from) => ({ scope: owner, from, to: name })))
    }
  }
  for (const { from, to } of renamed(services.map(({ name, facts }) => ({ name, renamedFrom: facts.renamedFrom })))) {
    for (const { name } of sites) renames.push({ scope: name, from: `service/${from}`, to: `service/${to}` })
    const { replicas } = services.find((service) => service.name === to)!.facts.runs
    for (let n = 1; n <= replicas; n++)
      for (const scope of ['company', ...sites.map((site) => site.name)]) renames.push({ scope, from: `${from}-${n}`, to: `${to}-${n}` })
  }
  return renames
}

/** The group of a device, which an AS number that its members share is allocated to, with the name it had. */
function groupOf({ name, group, renamedFrom }: DeviceAsk): { name: string; renamedFrom: string }[] {
  const member = name.slice(group.length)
  return member !== '' && renamedFrom?.endsWith(member) ? [{ name: group, renamedFrom: renamedFrom.slice(0, -member.length) }] : []
}

function renamed(things: readonly { readonly name: string; readonly renamedFrom?: string | undefined }[]): Rename[] {
  const names = new Set(things.map((thing) => thing.name))
  return things.flatMap(({ name, renamedFrom }) => (renamedFrom === undefined || names.has(renamedFrom) ? [] : [{ from: renamedFrom, to: name }]))
}
