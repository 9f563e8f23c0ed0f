/**
 * Who is meant to reach whom: policies, needs, the baseline and balancers, as addresses. Read off what the company says and who has which address; the filters that the compiler made of the same are what it is
 * held against, so nothing of theirs is used here.
 */
import { contains, type Family, familyOf, prefixOf } from '#base/ip.ts'
import type { Origin } from '#base/place.ts'
import { BANDWIDTH, parseMeasure } from '#base/units.ts'
import { type Company, factOrigin, INFRASTRUCTURE } from '#compile/company.ts'
import { internet } from '#compile/secure/flows.ts'
import type { Design } from '#design/design.ts'
import { SNMP, SSH } from '#design/ports.ts'
import { type Endpoint, policyOrigin, showEndpoint } from '#model/policy.ts'
import { parsePort, type Service } from '#model/port.ts'
import { type Box, type Boxes, boxOf, meet } from '../engine/boxes/boxes.ts'
import { PACKETS, PROTOCOLS } from '../engine/packet.ts'
import type { Interval } from '../engine/reach/kinds.ts'

/** Prefixes of one side of a flow. */
export interface Spot {
  readonly prefix: string
  /** Absent for someone outside the company. */
  readonly site?: string
  readonly zone?: string
}

/** New connections that are meant to work, and with all others are meant to be all there are. */
export interface Flow {
  /** `users → service/erp`, `orders-map needs orders-db`. */
  readonly id: string
  readonly from: readonly Spot[]
  readonly to: readonly Spot[]
  /** Empty: everything. */
  readonly services: readonly Service[]
  /** What one host that sends takes of who is called; the same object for all flows to them. Absent where nobody says. */
  readonly traffic?: Traffic
  readonly owner: string
  readonly why: readonly Origin[]
}

/** What one host sends and is answered in its busy hour, in bit/s. */
export interface Traffic {
  readonly up: number
  readonly down: number
}

/** The zone of the devices themselves. */
export function managementOf({ declaration: { baseline } }: Company): string {
  return baseline?.zone ?? 'management'
}

/** What the company means. */
export interface Intent {
  readonly flows: readonly Flow[]
  /** The prefixes of who is on a side. */
  side(endpoint: Endpoint): readonly Spot[]
  /** Where somebody is called who is on the other side: a balanced service at its balancers. */
  target(endpoint: Endpoint): readonly Spot[]
  /** What a service listens on. */
  listens(service: string): readonly Service[]
  /** All sides that were asked for, by name. */
  readonly sides: ReadonlyMap<string, readonly Spot[]>
}

/** Reads it off what the company says, and who has which address. Sides that are as they were `before` are the very same lists. */
export function intentOf(company: Company, design: Design, before?: ReadonlyMap<string, readonly Spot[]>): Intent {
  const { declaration, services } = company
  const facts = new Map(services.map((service) => [service.name, service]))
  const known = new Map<string, readonly Spot[]>()
  const side = (name: string, find: () => readonly Spot[]) => {
    const last = known.get(name)
    if (last) return last
    const found = find()
    const was = before?.get(name)
    const spots = was && sameSpots(was, found) ? was : found
    known.set(name, spots)
    return spots
  }
  const find = sidesOf(company, design)
  const sides = (endpoint: Endpoint) => side(showEndpoint(endpoint), () => find(endpoint))
  const balanced = new Map([...balancedAddresses(company, design)].map(([name, spots]) => [name, side(`balanced ${name}`, () => spots)]))
  const listens = (name: string): readonly Service[] => (facts.get(name)?.facts.listens ?? []).map(({ port }) => parsePort(port)!)
  /** Who speaks to a balanced service speaks to its balancers. */
  const target = (endpoint: Endpoint) => (endpoint.kind === 'service' ? balanced.get(endpoint.service) : undefined) ?? sides(endpoint)
  const whyOf = (name: string, fact: string) => [factOrigin(facts.get(name)!.file, fact)]
  const reached = (endpoint: Endpoint, said: readonly Service[]) => (said.length > 0 || endpoint.kind !== 'service' ? said : listens(endpoint.service))

  const traffic = trafficOf(company)
  const taken = (of: Endpoint) => {
    const said = traffic.get(showEndpoint(of))
    return said ? { traffic: said } : {}
  }
  const flows: Flow[] = declaration.policies.map((policy) => ({
    id: policy.id,
    from: sides(policy.from),
    to: target(policy.to),
    services: reached(policy.to, policy.services),
    ...taken(policy.to),
    owner: policy.owner,
    why: [policyOrigin(policy)],
  }))
  for (const { name, facts: said } of services) {
    for (const needed of said.needs ?? [])
      flows.push({
        id: `${name} needs ${needed}`,
        from: sides({ kind: 'service', service: name }),
        to: target({ kind: 'service', service: needed }),
        services: listens(needed),
        ...taken({ kind: 'service', service: needed }),
        owner: said.owner,
        why: whyOf(name, 'needs'),
      })
    const at = balanced.get(name)
    const behind = said.balanced?.replicas === undefined ? listens(name) : [parsePort(said.balanced.replicas)!]
    for (const site of new Set((at ?? []).flatMap((spot) => spot.site ?? [])))
      flows.push({
        id: `balancers of ${name} at ${site}`,
        from: side(`balancers at ${site}`, () => balancersAt(design, site)),
        to: side(`service/${name} at ${site}`, () => sides({ kind: 'service', service: name }).filter((spot) => spot.site === site)),
        services: behind,
        owner: said.owner,
        why: whyOf(name, 'balanced'),
      })
  }
  const { baseline } = declaration
  if (baseline) {
    const zone: Endpoint = { kind: 'zone', zone: managementOf(company) }
    const flow = (from: Endpoint, to: Endpoint, ports: readonly Service[]): Flow => ({
      id: `baseline ${showEndpoint(from)} → ${showEndpoint(to)}`,
      from: sides(from),
      to: target(to),
      services: ports,
      ...taken(to),
      owner: baseline.owner,
      why: ['company baseline'],
    })
    for (const service of [baseline.resolvers, baseline.clocks, baseline.logs, baseline.authenticators])
      if (service !== undefined) flows.push(flow(zone, { kind: 'service', service }, listens(service)))
    if (baseline.monitors !== undefined) flows.push(flow({ kind: 'service', service: baseline.monitors }, zone, [SNMP]))
    if (baseline.bastions !== undefined) flows.push(flow({ kind: 'service', service: baseline.bastions }, zone, [SSH]))
  }
  // A service that listens on nothing is reached by nobody: no services would mean all.
  const toService = new Set(declaration.policies.filter(({ to }) => to.kind === 'service').map(({ id }) => id))
  const open = new Set(declaration.policies.map(({ id }) => id).filter((id) => !toService.has(id)))
  return { flows: flows.filter(({ id, services: ports }) => ports.length > 0 || open.has(id)), side: sides, target, listens, sides: known }
}

/** What services and externals say that a host takes of them, by endpoint. */
function trafficOf({ declaration, services }: Company): ReadonlyMap<string, Traffic> {
  const found = new Map<string, Traffic>()
  for (const { name, facts } of services) if (facts.traffic) found.set(showEndpoint({ kind: 'service', service: name }), facts.traffic)
  for (const [external, { traffic }] of Object.entries(declaration.externals ?? {}))
    if (traffic)
      found.set(showEndpoint({ kind: 'external', external }), { up: parseMeasure(BANDWIDTH, traffic.up)!, down: parseMeasure(BANDWIDTH, traffic.down)! })
  return found
}

function sameSpots(a: readonly Spot[], b: readonly Spot[]): boolean {
  return a.length === b.length && a.every(({ prefix, site, zone }, at) => prefix === b[at]!.prefix && site === b[at]!.site && zone === b[at]!.zone)
}

/** The company's own space, of both families, with that of its regions. */
export function spaceOf({ declaration: { addressing } }: Company): readonly string[] {
  return [addressing, ...Object.values(addressing.regions ?? {})].flatMap(({ v4, v6 }) => [...v4, ...v6])
}

/** What strangers send from: neither of the company's space nor of the public addresses of a site. */
export function strangersOf(company: Company, { sites }: Design): readonly string[] {
  const space = spaceOf(company)
  const inside = (block: string) => space.some((one) => familyOf(one) === familyOf(block) && contains(prefixOf(one), prefixOf(block)))
  return internet([...space, ...sites.flatMap(({ blocks }) => blocks.filter((block) => !inside(block)))])
}

/** The prefixes of an endpoint. */
function sidesOf(company: Company, design: Design): (endpoint: Endpoint) => readonly Spot[] {
  const { externals } = company.declaration
  const space = spaceOf(company)
  return (endpoint) => {
    switch (endpoint.kind) {
      case 'zone':
      case 'inside':
        return design.sites.flatMap(({ id: site, zones }) =>
          zones.flatMap(({ name, prefixes }) => {
            const isMeant = endpoint.kind === 'inside' ? name !== INFRASTRUCTURE : name === endpoint.zone && (endpoint.at?.includes(site) ?? true)
            return isMeant ? prefixes.map((prefix): Spot => ({ prefix, site, zone: name })) : []
          }),
        )
      case 'segment': {
        const [site] = endpoint.segment.split('/') as [string]
        const found = design.sites.find(({ id }) => id === site)?.segments.find(({ id }) => id === endpoint.segment)
        return (found?.prefixes ?? []).map((prefix) => ({ prefix, site, zone: found!.zone }))
      }
      case 'service': {
        const service = design.services.find(({ id }) => id === `service/${endpoint.service}`)
        return (service?.replicas ?? []).flatMap(({ host, v4, v6 }) =>
          [`${v4}/32`, `${v6}/128`].map((prefix) => ({ prefix, site: host.slice(0, host.indexOf('/')), zone: service!.zone })),
        )
      }
      case 'external': {
        const own = externals?.[endpoint.external]?.prefixes ?? []
        return (own.length > 0 ? own : internet(space)).map((prefix) => ({ prefix }))
      }
    }
  }
}

/** The addresses on which balancers take connections for a service, by service. */
function balancedAddresses({ services }: Company, { sites }: Design): ReadonlyMap<string, readonly Spot[]> {
  const found = new Map<string, readonly Spot[]>()
  for (const { name, facts } of services) {
    if (!facts.balanced) continue
    const frontends = new Set((facts.listens ?? []).map((listen) => `${name}-${listen.name}`))
    const spots = sites.flatMap(({ id: site, devices }) =>
      devices.flatMap(({ balancer }) =>
        (balancer?.frontends ?? []).flatMap(({ name: of, v4, v6 }) =>
          frontends.has(of) ? [`${v4}/32`, `${v6}/128`].map((prefix): Spot => ({ prefix, site, zone: 'balancers' })) : [],
        ),
      ),
    )
    found.set(name, [...new Map(spots.map((spot) => [spot.prefix, spot])).values()])
  }
  return found
}

/** The addresses from which balancers of a site call replicas: those of their loopbacks that are no service's. */
function balancersAt({ sites }: Design, site: string): readonly Spot[] {
  const devices = sites.find(({ id }) => id === site)!.devices.filter(({ balancer }) => balancer)
  return devices.flatMap(({ interfaces }) =>
    interfaces
      .filter(({ kind }) => kind === 'loopback')
      .flatMap(({ addresses }) => addresses.map(({ address }): Spot => ({ prefix: address, site, zone: 'balancers' }))),
  )
}

/** The packets of new connections from some addresses to others, all of one family. */
export function packetsOf(family: Family, from: readonly Interval[], to: readonly Interval[], services: readonly Service[]): Boxes {
  const space = PACKETS[family]
  const asked = services.map(({ protocol, ports }) => {
    const number = protocol === 'icmp' ? PROTOCOLS[family === 4 ? 'icmp' : 'icmpv6'] : PROTOCOLS[protocol]
    return boxOf(space, { protocol: [number, number], ...(ports ? { destinationPort: ports } : {}) })
  })
  const boxes: Box[] = []
  for (const source of from) {
    for (const destination of to) {
      const all = boxOf(space, { source, destination })
      if (asked.length === 0) boxes.push(all)
      for (const service of asked) boxes.push(meet(space, all, service)!)
    }
  }
  return boxes
}
