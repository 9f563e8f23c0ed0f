/**
 * Policies as flows between address sets: who may speak to whom, each side resolved to the prefixes that it has at each site. Made once for the company; every filter takes from it what
 * concerns its site.
 */
import { aggregate, comparePrefixes, complement, contains, familyOf, type Prefix, prefixOf, showPrefix } from '#base/ip.ts'
import type { Origin, Why } from '#base/place.ts'
import { type Endpoint, type Policy, policyOrigin, showEndpoint } from '#model/policy.ts'
import type { Service } from '#model/port.ts'
import type { Addressed } from '../address/address-site.ts'
import { INFRASTRUCTURE } from '../company.ts'

/** A prefix, as text and read: every filter that a flow concerns computes with it. */
interface SidePrefix {
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
  readonly why: Why
}

/** What a filter needs to know of one site: its zones, segments and replicas. */
export type SiteSpots = Pick<Addressed, 'zones' | 'segments' | 'replicas'>

/** A need of a service: it calls another. */
export interface Need {
  readonly service: string
  readonly needs: string
  readonly owner: string
  readonly why: Why
}

/** What the company says about flows. */
export interface Said {
  readonly policies: readonly Omit<Policy, 'place'>[]
  readonly needs: readonly Need[]
  /** What each service listens on, and where it says so. */
  readonly listens: Readonly<Record<string, { readonly services: readonly Service[]; readonly why: Why }>>
  /** Where each service says in which zone and where it runs. */
  readonly serviceWhy: Readonly<Record<string, Why>>
  /** Prefixes of each external; the internet has none. */
  readonly externals: Readonly<Record<string, readonly string[]>>
  /** The company's own space, of both families. */
  readonly space: readonly string[]
}

/** All flows of the company, by id. Names in policies have been checked. */
export function flowsOf(said: Said, sites: ReadonlyMap<string, SiteSpots>): Flow[] {
  const sides = new Map<string, Side>()
  const side = (endpoint: Endpoint): Side => {
    const name = showEndpoint(endpoint)
    const known = sides.get(name)
    if (known) return known
    const made = sideOf(endpoint, name, said, sites)
    sides.set(name, made)
    return made
  }
  const policies = said.policies.map((policy): Flow => {
    const { services, why } = policy.services.length > 0 || policy.to.kind !== 'service' ? { ...policy, why: [] } : said.listens[policy.to.service]!
    return { id: policy.id, from: side(policy.from), to: side(policy.to), services, owner: policy.owner, why: [policyOrigin(policy), ...why] }
  })
  const needs = said.needs.map(
    (need): Flow => ({
      id: `${need.service} needs ${need.needs}`,
      from: side({ kind: 'service', service: need.service }),
      to: side({ kind: 'service', service: need.needs }),
      services: said.listens[need.needs]!.services,
      owner: need.owner,
      why: [...need.why, ...said.listens[need.needs]!.why],
    }),
  )
  // A service that listens on nothing is reached by nobody; an empty list of services would mean everything.
  return [...policies, ...needs].filter((flow) => flow.services.length > 0 || !flow.to.name.startsWith('service/')).sort((a, b) => (a.id < b.id ? -1 : 1))
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
          list.push(sidePrefix(`${replica.v4}/32`, replica.why), sidePrefix(`${replica.v6}/128`, replica.why))
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

/** The internet: what is given out there and is not the company's. */
function internet(space: readonly string[]): string[] {
  const own = (family: 4 | 6) => space.filter((prefix) => familyOf(prefix) === family).map(prefixOf)
  const v4 = complement(4, [...own(4), ...NOT_INTERNET_V4.map(prefixOf)])
  const v6 = complement(6, [...own(6), ...complement(6, [prefixOf(INTERNET_V6)])])
  return [...v4, ...v6].map(showPrefix)
}

function sidePrefix(prefix: string, why: Why): SidePrefix {
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
