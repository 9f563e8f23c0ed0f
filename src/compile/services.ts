/** Which site each replica of a service runs at: spread over the sites it may run at, and kept by the ledger. */
import { type Diagnostic, diagnose } from '#base/diagnostic.ts'
import { count } from '#base/units.ts'
import { choose } from '#ledger/choose.ts'
import type { Scope } from '#ledger/ledger.ts'
import { factOrigin, type ServiceSite, type Site, stateOf } from './company.ts'
import { type ClaimedEntry, holdings, ledgerOrigin } from './holdings.ts'
import type { Replica } from './join.ts'

/** The replicas at each site, in the order of their names. */
export function replicasBySite(
  services: readonly ServiceSite[],
  sites: readonly Site[],
  company: Scope,
): { readonly replicas: ReadonlyMap<string, readonly Replica[]>; readonly claims: readonly ClaimedEntry[]; readonly diagnostics: readonly Diagnostic[] } {
  const held = holdings(company)('replica')
  const known = new Set(sites.map((site) => site.name))
  const replicas = new Map<string, Replica[]>()
  const claims: ClaimedEntry[] = []
  const diagnostics: Diagnostic[] = []
  for (const service of [...services].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const { runs, tier, status } = service.facts
    const among = runs.at.filter((site) => known.has(site))
    const wants = Array.from({ length: runs.replicas }, (_, index) => ({ key: `replica ${service.name}-${index + 1}`, state: stateOf(status), among }))
    const { memberOf, problems } = choose({ held, wants })
    if (problems.length > 0)
      diagnostics.push(
        diagnose('runs-nowhere', { service: service.name, replicas: count(runs.replicas, 'replica') }, { origin: factOrigin(service.file, 'runs', 'at') }),
      )
    const why = [factOrigin(service.file, 'runs', 'replicas'), factOrigin(service.file, 'tier')]
    for (const { key } of wants) {
      const site = memberOf.get(key)
      if (site === undefined) continue
      const name = key.slice('replica '.length)
      claims.push({ key, value: site, state: stateOf(status) })
      const list = replicas.get(site) ?? []
      // Where there was nothing to choose from, the ledger has decided nothing.
      const kept = among.length > 1 ? [ledgerOrigin('company', key)] : []
      list.push({ service: service.name, name, zone: tier, why: [...why, ...kept] })
      replicas.set(site, list)
    }
  }
  return { replicas, claims, diagnostics }
}
