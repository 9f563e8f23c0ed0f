/**
 * Policies as flows between address sets: who may speak to whom, each side resolved to the prefixes that it has at each site. Made once for the company; every filter takes from it what
 * concerns its site.
 */
import { aggregate, comparePrefixes, complement, contains, familyOf, type Prefix, prefixOf, showPrefix } from '#base/ip.ts'
import type { Origin, Why } from '#base/place.ts'
import { type Endpoint, type Policy, policyOrigin, showEndpoint } from '#model/policy.ts'
import type { Service } from '#model/port.ts'
import type { Addressed, Pair } from '../address/address-site.ts'
import type { Located } from '../address/plan-company.ts'
import { INFRASTRUCTURE } from '../company.ts'

/** A prefix, as text and read: every filter that a flow concerns computes with it. */
export interface SidePrefix {
  readonly prefix: string
  readonly read: Prefix
  readonly why: Why
}

/** Prefixes of one side of a flow in one place. */
export interface Spot {
  /** Absent for someone outside the company. */
  readonly site?: string
  /** The zone that they are in at the site. */
  readonly zone?: string
  readonly prefixes: readonly SidePrefix[]
}

/** One side of a flow. */
export interface Side {
  /** Unique for what it holds; sets of filters are named after it. */
  readonly name: string
  readonly spots: readonly Spot[]
  readonly why: Why
}

/** New flows that are allowed. */
export interface Flow {
  readonly id: string
  readonly from: Side
  readonly to: Side
  /** Empty: everything. */
  readonly services: readonly Service[]
  readonly owner: string
  /** What it is for, in the words of whoever allowed it. */
  readonly reason: string
  readonly why: Why
}

/** What a filter needs to know of one site: its zones, segments and replicas. */
export type SiteSpots = Pick<Addressed, 'zones' | 'segments' | 'replicas' | 'services'> & {
  /** Addresses from which the balancers here speak to replicas. */
  readonly balancers: readonly Located[]
  readonly balancerZone?: string
}

/** A need of a service: it calls another. */
export interface Need {
  readonly service: string
  readonly needs: string
  readonly owner: string
  readonly why: Why
}

/** A flow of the baseline: between the management zone and a service that devices are run with. */
export interface BaselineFlow {
  readonly from: Endpoint
  readonly to: Endpoint
  readonly services: readonly Service[]
  readonly owner: string
  readonly reason: string
}

/** What the company says about flows. */
export interface Said {
  readonly policies: readonly Omit<Policy, 'place'>[]
  readonly needs: readonly Need[]
  readonly baseline: readonly BaselineFlow[]
  /** What each service listens on, and its replicas where that differs, and where it says so. */
  readonly listens: Readonly<Record<string, { readonly services: readonly Service[]; readonly behind?: readonly Service[]; readonly why: Why }>>
  /** Where each service says in which zone and where it runs. */
  readonly serviceWhy: Readonly<Record<string, Why>>
  /** The team of each service. */
  readonly owners: Readonly<Record<string, string>>
  /** Prefixes of each external; the internet has none. */
  readonly externals: Readonly<Record<string, readonly string[]>>
  /** The company's own space, of both families. */
  readonly space: readonly string[]
}

/** All flows of the company, by id. Names in policies have been checked. */
export function flowsOf(said: Said, sites: ReadonlyMap<string, SiteSpots>): Flow[] {
  const sides = new Map<string, Side>()
  const balanced = new Set([...sites.values()].flatMap(({ services }) => [...services.keys()]))
  const made = (name: string, make: () => Side): Side => {
    const known = sides.get(name)
    if (known) return known
    const side = make()
    sides.set(name, side)
    return side
  }
  const side = (endpoint: Endpoint): Side => made(showEndpoint(endpoint), () => sideOf(endpoint, showEndpoint(endpoint), said, sites))
  /** Who speaks to a balanced service speaks to its balancers. */
  const target = (endpoint: Endpoint): Side => {
    if (endpoint.kind !== 'service' || !balanced.has(endpoint.service)) return side(endpoint)
    const name = `address/${endpoint.service}`
    return made(name, () => addressSide(endpoint.service, name, said, sites))
  }
  const policies = said.policies.map((policy): Flow => {
    const { services, why } = policy.services.length > 0 || policy.to.kind !== 'service' ? { ...policy, why: [] } : said.listens[policy.to.service]!
    return {
      id: policy.id,
      from: side(policy.from),
      to: target(policy.to),
      services,
      owner: policy.owner,
      reason: policy.why,
      why: [policyOrigin(policy), ...why],
    }
  })
  const needs = said.needs.map(
    (need): Flow => ({
      id: `${need.service} needs ${need.needs}`,
      from: side({ kind: 'service', service: need.service }),
      to: target({ kind: 'service', service: need.needs }),
      services: said.listens[need.needs]!.services,
      owner: need.owner,
      reason: `${need.service} calls ${need.needs}`,
      why: [...need.why, ...said.listens[need.needs]!.why],
    }),
  )
  const baseline = said.baseline.map(
    ({ from, to, services, owner, reason }): Flow => ({
      id: `baseline ${showEndpoint(from)} → ${showEndpoint(to)}`,
      from: side(from),
      to: target(to),
      services,
      owner,
      reason,
      why: ['company baseline'],
    }),
  )
  const handed = [...sites].flatMap(([site, at]) =>
    [...at.services.keys()].map((service): Flow => {
      const { services, behind = services, why } = said.listens[service]!
      const replicas = { kind: 'service', service } as const
      return {
        id: `balancers of ${service} at ${site}`,
        from: made(`balancers@${site}`, () => balancerSide(site, at)),
        to: made(`service/${service}@${site}`, () => sideOf(replicas, `service/${service}@${site}`, said, new Map([[site, at]]))),
        services: behind,
        owner: said.owners[service]!,
        reason: `balancers hand connections to the replicas of ${service}`,
        why,
      }
    }),
  )
  // A service that listens on nothing is reached by nobody; an empty list of services would mean everything.
  const toService = ({ to }: Flow) => to.name.startsWith('service/') || to.name.startsWith('address/')
  return [...policies, ...needs, ...baseline, ...handed].filter((flow) => flow.services.length > 0 || !toService(flow)).sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** The addresses of a balanced service, at each data centre that has it. */
function addressSide(service: string, name: string, said: Said, sites: ReadonlyMap<string, SiteSpots>): Side {
  const spots = [...sites].flatMap(([site, { services }]): Spot[] => {
    const at = services.get(service)
    return at ? [{ site, zone: at.zone, prefixes: hostPrefixes(at) }] : []
  })
  return { name, spots, why: said.serviceWhy[service] ?? [] }
}

/** The balancers of a data centre, as those who call its replicas. */
function balancerSide(site: string, { balancers, balancerZone }: SiteSpots): Side {
  const prefixes = balancers.map(({ prefix, why }) => sidePrefix(prefix, why))
  return { name: `balancers@${site}`, spots: [{ site, zone: balancerZone ?? '', prefixes }], why: prefixes[0]?.why ?? [] }
}

function hostPrefixes({ v4, v6, why }: Pair): SidePrefix[] {
  return [sidePrefix(`${v4}/32`, why), sidePrefix(`${v6}/128`, why)]
}

function sideOf(endpoint: Endpoint, name: string, said: Said, sites: ReadonlyMap<string, SiteSpots>): Side {
  const spots: Spot[] = []
  const add = (spot: Spot) => spot.prefixes.length > 0 && spots.push(spot)
  switch (endpoint.kind) {
    case 'zone':
    case 'inside':
      for (const [site, at] of sites) {
        if (endpoint.kind === 'zone' && endpoint.at && !endpoint.at.includes(site)) continue
        for (const [zone, blocks] of at.zones) {
          if (endpoint.kind === 'zone' ? zone !== endpoint.zone : zone === INFRASTRUCTURE) continue
          add({ site, zone, prefixes: [...blocks.v4, ...blocks.v6].map(({ prefix, why }) => sidePrefix(prefix, why)) })
        }
      }
      break
    case 'segment': {
      const [site, segment] = endpoint.segment.split('/') as [string, string]
      const at = sites.get(site)?.segments.get(segment)
      if (at) add({ site, zone: at.zone, prefixes: [...at.v4, ...at.v6].map(({ prefix, why }) => sidePrefix(prefix, why)) })
      break
    }
    case 'service':
      for (const [site, at] of sites) {
        const byZone = new Map<string, SidePrefix[]>()
        for (const replica of at.replicas.values()) {
          if (replica.service !== endpoint.service) continue
          const list = byZone.get(replica.zone) ?? []
          list.push(...hostPrefixes(replica))
          byZone.set(replica.zone, list)
        }
        for (const [zone, prefixes] of byZone) add({ site, zone, prefixes })
      }
      break
    case 'external': {
      const own = said.externals[endpoint.external] ?? []
      const why: Why = [`external ${endpoint.external}`]
      const prefixes = own.length > 0 ? own : internet(said.space)
      add({ prefixes: prefixes.map((prefix) => sidePrefix(prefix, why)) })
      break
    }
  }
  return { name, spots, why: whyOf(endpoint, said, spots) }
}

function whyOf(endpoint: Endpoint, said: Said, spots: readonly Spot[]): Why {
  switch (endpoint.kind) {
    case 'zone':
      return [`zone ${endpoint.zone}`]
    case 'inside':
      return ['company zones']
    case 'service':
      return said.serviceWhy[endpoint.service] ?? []
    case 'external':
      return [`external ${endpoint.external}`]
    case 'segment':
      return spots[0]?.prefixes[0]?.why ?? [`zone ${endpoint.segment}`]
  }
}

/**
 * IPv4 that is nobody's on the internet (RFC 6890 and the IANA special-purpose registry): private, shared, loopback, link-local, multicast, reserved. Documentation space is left in: examples
 * and tests stand for the internet with it.
 */
const NOT_INTERNET_V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/3',
] as const

/** IPv6 that is given out on the internet: global unicast (RFC 4291 §2.4, IANA). */
const INTERNET_V6 = '2000::/3'

/** Sources that no packet from the internet has: what {@link NOT_INTERNET_V4} lists, but for multicast, which is no source anywhere; and IPv6 that is not given out (RFC 6890). */
export const NOBODYS: readonly string[] = [...NOT_INTERNET_V4, ...complement(6, [prefixOf(INTERNET_V6)]).map(showPrefix)]

/** The prefixes of the internet: what is given out there and is not in the company’s own `space`. */
export function internet(space: readonly string[]): string[] {
  const own = (family: 4 | 6) => space.filter((prefix) => familyOf(prefix) === family).map(prefixOf)
  const v4 = complement(4, [...own(4), ...NOT_INTERNET_V4.map(prefixOf)])
  const v6 = complement(6, [...own(6), ...complement(6, [prefixOf(INTERNET_V6)])])
  return [...v4, ...v6].map(showPrefix)
}

/** A prefix of a side. */
export function sidePrefix(prefix: string, why: Why): SidePrefix {
  return { prefix, read: prefixOf(prefix), why }
}

/** Prefixes as a set: aggregated exactly, each with the whys of all that went into it. */
export function unite(prefixes: readonly SidePrefix[]): { prefix: string; why: Why }[] {
  // In order of address, the parts of a whole follow each other.
  const parts = [...prefixes].sort((a, b) => comparePrefixes(a.read, b.read))
  let at = 0
  return aggregate(parts.map(({ read }) => read)).map((whole) => {
    const first = parts[at]!
    const why = new Set<Origin>()
    for (; at < parts.length && contains(whole, parts[at]!.read); at++) for (const origin of parts[at]!.why) why.add(origin)
    return { prefix: first.read === whole ? first.prefix : showPrefix(whole), why: [...why] }
  })
}
