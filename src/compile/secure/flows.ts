/**
 * Policies as flows between address sets: who may speak to whom, each side resolved to the prefixes that it has at each site. Made once for the company; every filter takes from it what
 * concerns its site.
 */
import { aggregate, complement, familyOf, prefixOf, showPrefix } from '#base/ip.ts'
import type { Why } from '#base/place.ts'
import { type Endpoint, type Policy, policyOrigin, showEndpoint } from '#model/policy.ts'
import type { Service } from '#model/port.ts'
import type { Addressed } from '../address/address-site.ts'
import { INFRASTRUCTURE } from '../company.ts'

/** Prefixes of one side of a flow in one place. */
export interface Spot {
  /** Absent for someone outside the company. */
  readonly site?: string
  /** The zone that they are in at the site. */
  readonly zone?: string
  readonly prefixes: readonly { readonly prefix: string; readonly why: Why }[]
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
  /** What each service listens on. */
  readonly listens: Readonly<Record<string, readonly Service[]>>
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
    const services = policy.services.length > 0 || policy.to.kind !== 'service' ? policy.services : (said.listens[policy.to.service] ?? [])
    return { id: policy.id, from: side(policy.from), to: side(policy.to), services, owner: policy.owner, why: [policyOrigin(policy)] }
  })
  const needs = said.needs.map(
    (need): Flow => ({
      id: `${need.service} needs ${need.needs}`,
      from: side({ kind: 'service', service: need.service }),
      to: side({ kind: 'service', service: need.needs }),
      services: said.listens[need.needs] ?? [],
      owner: need.owner,
      why: need.why,
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
          add({ site, zone, prefixes: [...blocks.v4, ...blocks.v6].map((prefix) => ({ prefix, why: blocks.why })) })
        }
      }
      break
    case 'segment': {
      const [site, segment] = endpoint.segment.split('/') as [string, string]
      const at = sites.get(site)?.segments.get(segment)
      if (at) add({ site, zone: at.zone, prefixes: [...at.v4, ...at.v6].map((prefix) => ({ prefix, why: at.why })) })
      break
    }
    case 'service':
      for (const [site, at] of sites) {
        const byZone = new Map<string, { prefix: string; why: Why }[]>()
        for (const replica of at.replicas.values()) {
          if (replica.service !== endpoint.service) continue
          const list = byZone.get(replica.zone) ?? []
          list.push({ prefix: `${replica.v4}/32`, why: replica.why }, { prefix: `${replica.v6}/128`, why: replica.why })
          byZone.set(replica.zone, list)
        }
        for (const [zone, prefixes] of byZone) add({ site, zone, prefixes })
      }
      break
    case 'external': {
      const own = said.externals[endpoint.external] ?? []
      const why: Why = [`external ${endpoint.external}`]
      const prefixes = own.length > 0 ? own : internet(said.space)
      add({ prefixes: prefixes.map((prefix) => ({ prefix, why })) })
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

/** Everything that is not the company's. */
function internet(space: readonly string[]): string[] {
  return ([4, 6] as const).flatMap((family) => complement(family, space.filter((prefix) => familyOf(prefix) === family).map(prefixOf)).map(showPrefix))
}

/** Prefixes as a set: aggregated exactly, each with the whys of all that went into it. */
export function unite(prefixes: readonly { readonly prefix: string; readonly why: Why }[]): { prefix: string; why: Why }[] {
  const whyOf = new Map<string, Why>()
  for (const { prefix, why } of prefixes) whyOf.set(prefix, [...new Set([...(whyOf.get(prefix) ?? []), ...why])])
  const parsed = [...whyOf.keys()].map(prefixOf)
  const whole = aggregate(parsed)
  if (whole.length === parsed.length) return whole.map((prefix) => ({ prefix: showPrefix(prefix), why: whyOf.get(showPrefix(prefix))! }))
  return whole.map((prefix) => {
    const text = showPrefix(prefix)
    const inside = parsed.filter(
      (part) =>
        part.family === prefix.family &&
        part.length >= prefix.length &&
        part.base >> BigInt(bits(prefix) - prefix.length) === prefix.base >> BigInt(bits(prefix) - prefix.length),
    )
    return { prefix: text, why: [...new Set(inside.flatMap((part) => whyOf.get(showPrefix(part))!))] }
  })
}

function bits(prefix: { readonly family: 4 | 6 }): number {
  return prefix.family === 4 ? 32 : 128
}
