/** The pass name: what everything at a site is called, and which hosts answer for the names of the company. */
import { byName, sortedBy } from '#base/order.ts'
import type { NameRecord, Resolver } from '#design/for-hosts.ts'
import type { Addressed } from '../address/address-site.ts'
import type { Site } from '../company.ts'
import type { Connected } from '../connect/connected.ts'
import type { Space } from '../secure/secure-site.ts'

/** A name at a site, and addresses of a service that several sites have. */
export interface SiteNames {
  readonly records: readonly NameRecord[]
  /** By name of the service: its addresses here. */
  readonly services: ReadonlyMap<string, Omit<NameRecord, 'name' | 'reverse'>>
}

/**
 * The names of a site: each device at the address that it is run at, else at its loopback; hosts and replicas at theirs, so that a log says which replica called. Addresses of balanced services lead
 * to the name of the service, which is the company's and not the site's.
 */
export function nameSite(
  site: Site,
  { addressed, connected }: { readonly addressed: Addressed; readonly connected: ReadonlyMap<string, Connected> },
  domain: string,
): SiteNames {
  const here = (name: string) => `${name}.${site.name}.${domain}`
  /** Where a device is run, if that is not its loopback, which it has anyway. */
  const runAt = (name: string) => {
    const management = connected.get(name)?.management
    return management?.interface === 'lo' ? undefined : management
  }
  const devices = [...connected.keys()].flatMap((name): NameRecord[] => {
    const at = runAt(name) ?? addressed.hosts.get(name) ?? addressed.loopbacks.get(name)
    return at ? [{ name: here(name), addresses: [at.v4, at.v6], reverse: true, why: at.why }] : []
  })
  const loopbacks = [...addressed.loopbacks].flatMap(([name, { v4, v6, why }]): NameRecord[] =>
    runAt(name) ? [{ name: here(`${name}-lo`), addresses: [v4, v6], reverse: true, why }] : [],
  )
  const replicas = [...addressed.replicas].map(([name, { v4, v6, why }]): NameRecord => ({ name: here(name), addresses: [v4, v6], reverse: true, why }))
  const services: [string, Omit<NameRecord, 'name' | 'reverse'>][] = [...addressed.services].map(([name, { v4, v6, why }]) => [
    name,
    { addresses: [v4, v6], why },
  ])
  for (const [service, of] of Map.groupBy(addressed.replicas.values(), ({ service }) => service))
    if (!addressed.services.has(service))
      services.push([service, { addresses: of.flatMap(({ v4, v6 }) => [v4, v6]), why: [...new Set(of.flatMap(({ why }) => why))] }])
  return { records: sortedBy([...devices, ...loopbacks, ...replicas], ({ name }) => name), services: new Map(services.sort(([a], [b]) => byName(a, b))) }
}

/** All names of the company: those of its sites, and each service by its own name and by the host name that it is balanced under, at the addresses that it has at all sites. */
export function namesOf(sites: Iterable<SiteNames>, hostnames: Readonly<Record<string, string>>, domain: string): NameRecord[] {
  const records: NameRecord[] = []
  const services = new Map<string, { addresses: string[]; why: Set<string> }>()
  for (const site of sites) {
    for (const record of site.records) records.push(record)
    for (const [service, { addresses, why }] of site.services) {
      const known = services.get(service) ?? { addresses: [], why: new Set() }
      services.set(service, known)
      known.addresses.push(...addresses)
      for (const origin of why) known.why.add(origin)
    }
  }
  for (const [service, { addresses, why }] of services) {
    const name = `${service}.${domain}`
    const hostname = hostnames[service]
    const also = hostname !== undefined && hostname !== name && hostname.endsWith(`.${domain}`) ? [hostname] : []
    for (const one of [name, ...also]) records.push({ name: one, addresses, reverse: false, why: [...why] })
  }
  return sortedBy(records, ({ name }) => name)
}

/** The hosts of a site that answer names: those on which a replica of the resolvers' service runs. Whoever has an address of the company may ask. */
export function resolversAt(
  { addressed }: { readonly addressed: Addressed },
  {
    service,
    domain,
    records,
    space,
  }: { readonly service: string | undefined; readonly domain: string; readonly records: readonly NameRecord[]; readonly space: Space },
): ReadonlyMap<string, Resolver> {
  const ours = [...space.v4, ...space.v6].map(({ prefix }) => prefix)
  const replicas = Map.groupBy(
    [...addressed.replicas.values()].filter((replica) => replica.service === service),
    ({ host }) => host,
  )
  return new Map(
    [...replicas].map(([host, of]) => [
      host,
      {
        addresses: of.flatMap(({ v4, v6 }) => [v4, v6]),
        clients: ours,
        domain,
        space: ours,
        records,
        why: [...new Set([...of.flatMap(({ why }) => why), 'company baseline', 'company addressing'])],
      },
    ]),
  )
}
