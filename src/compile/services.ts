/** Which site each replica of a service runs at: spread over the sites it may run at, and kept by the ledger; and where services are balanced: wherever they run. */
import { type Diagnostic, diagnose } from '#base/diagnostic.ts'
import type { Why } from '#base/place.ts'
import { count } from '#base/units.ts'
import { choose } from '#ledger/choose.ts'
import type { Scope } from '#ledger/ledger.ts'
import type { Addressed } from './address/address-site.ts'
import { factOrigin, type ServiceSite, type Site, stateOf } from './company.ts'
import { type ClaimedEntry, holdings, ledgerOrigin } from './holdings.ts'
import type { BalancedService, Replica } from './join.ts'

/** Addresses under which a service is reached, both families, in the order of the sites that have it: those of its balancers, else those of its replicas. None where no service is named. */
export function addressesOf(service: string | undefined, sites: ReadonlyMap<string, Pick<Addressed, 'services' | 'replicas'>>): string[] {
  return locatedOf(service, sites).map(({ address }) => address)
}

/** The same, each with why it is that one. */
export function locatedOf(
  service: string | undefined,
  sites: ReadonlyMap<string, Pick<Addressed, 'services' | 'replicas'>>,
): { readonly address: string; readonly why: Why }[] {
  if (service === undefined) return []
  return [...sites.values()].flatMap(({ services, replicas }) => {
    const balanced = services.get(service)
    const pairs = balanced ? [balanced] : [...replicas.values()].filter((replica) => replica.service === service)
    return pairs.flatMap(({ v4, v6, why }) => [v4, v6].map((address) => ({ address, why })))
  })
}

/** The replicas at each site, in the order of their names. */
export function replicasBySite(
  services: readonly ServiceSite[],
  sites: readonly Site[],
  company: Scope,
): {
  readonly replicas: ReadonlyMap<string, readonly Replica[]>
  readonly balanced: ReadonlyMap<string, readonly BalancedService[]>
  readonly claims: readonly ClaimedEntry[]
  readonly diagnostics: readonly Diagnostic[]
} {
  const held = holdings(company)('replica')
  const known = new Set(sites.map((site) => site.name))
  const replicas = new Map<string, Replica[]>()
  const balanced = new Map<string, BalancedService[]>()
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
    if (!service.facts.balanced) continue
    const { addresses } = service.facts.balanced
    for (const site of new Set(memberOf.values())) {
      const pinned = addresses?.[site]
      const at = pinned === undefined ? ['balanced', 'hostname'] : ['balanced', 'addresses', site]
      const list = balanced.get(site) ?? []
      list.push({
        service: service.name,
        ...(pinned === undefined ? {} : { pinned }),
        public: service.facts.balanced.public ?? false,
        why: [factOrigin(service.file, ...at)],
      })
      balanced.set(site, list)
    }
  }
  return { replicas, balanced, claims, diagnostics }
}
