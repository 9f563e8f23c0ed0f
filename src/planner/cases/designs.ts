/**
 * Small designs for the tests: a data centre with a firewall pair and two leaves, and an office that it serves. What a plan does not look at is left at its plainest.
 */
import type { CircuitNode, Design, LinkNode, SegmentNode, ServiceNode, SiteDesign } from '#design/design.ts'
import type { Device } from '#design/device.ts'
import type { Filter } from '#design/filter.ts'
import type { Interface } from '#design/interface.ts'
import type { Routing } from '#design/routing.ts'

/** An interface `site/device/name` with these addresses. */
export function port(id: string, ...addresses: readonly string[]): Interface {
  const name = id.slice(id.lastIndexOf('/') + 1)
  const base = { name, id, description: '', mtu: 1500, addresses: addresses.map((address) => ({ address, why: [`ledger ${address}`] })), why: [`ask ${id}`] }
  return name === 'lo' ? { ...base, kind: 'loopback' } : { ...base, kind: 'physical', speed: 10e9 }
}

/** A BGP speaker with this AS number and no neighbours. */
export function speaker(asn: number): Routing {
  const family = { networks: [], aggregates: [], maximumPaths: 1 }
  return { statics: [], prefixLists: [], policies: [], bgp: [{ asn, routerId: '10.0.0.1', neighbors: [], ipv4: family, ipv6: family, why: ['ask asn'] }] }
}

/** A filter with these rules, each `from zone`, `to zone` and id, over sets by name. */
export function filterOf(rules: readonly (readonly [from: string, to: string, id: string])[], sets: Readonly<Record<string, readonly string[]>>): Filter {
  const pairs = Map.groupBy(rules, ([from, to]) => `${from} ${to}`)
  return {
    transit: 'filtered',
    zones: [],
    sets: Object.entries(sets).map(([name, prefixes]) => ({ name, prefixes: prefixes.map((prefix) => ({ prefix, why: [] })), why: [] })),
    pairs: [...pairs.values()].map((group) => ({
      from: group[0]![0],
      to: group[0]![1],
      rules: group.map(([, , id]) => ({ id, from: 'any', to: 'any', services: [{ protocol: 'tcp', ports: [443, 443] }], why: [`policy ${id}`] })),
    })),
    local: [],
    why: [],
  }
}

/** A device `site/name`. */
export function device(id: string, more: Partial<Device> = {}): Device {
  const [site = '', name = ''] = id.split('/')
  return {
    kind: 'device',
    id,
    site,
    name,
    role: 'server',
    model: 'dell/poweredge-r650-2x25g',
    platform: ['linux'],
    status: 'active',
    hostname: `${name}.${site}.harborpine.example`,
    forwards: true,
    interfaces: [],
    vrfs: [],
    why: [`ask ${site} devices ${name}`],
    ...more,
  }
}

/** A cable, its ends written `site/device port`; with `circuit`, where that is plugged in. */
export function link(id: string, a: string, b?: string, circuit?: string): LinkNode {
  const end = (text: string) => ({ device: text.split(' ')[0]!, port: text.split(' ')[1]! })
  return { kind: 'link', id, a: end(a), ...(b ? { b: end(b) } : {}), speed: 10e9, ...(circuit ? { circuit } : {}), why: [`ask ${id}`] }
}

/** A segment `site/name`. */
export function segment(id: string, hosts: number, vlan: number, ...prefixes: readonly string[]): SegmentNode {
  return { kind: 'segment', id, zone: 'users', vlan, prefixes, gateways: [], hosts, why: [`ask ${id}`] }
}

/** A circuit `site/circuit/name`; lead time in days. */
export function circuit(id: string, monthly?: number, days?: number, currency = 'EUR'): CircuitNode {
  return {
    kind: 'circuit',
    id,
    carrier: 'Colt',
    type: 'private',
    bandwidth: 200e6,
    ...(monthly === undefined ? {} : { monthly: { amount: monthly, currency, per: 'month' } }),
    ...(days === undefined ? {} : { leadTime: days * 86400 }),
    why: [`fact ${id}`],
  }
}

/** A site. */
export function site(id: string, more: Partial<SiteDesign> = {}): SiteDesign {
  return {
    kind: 'site',
    id,
    standard: 'office@3',
    category: 'office',
    status: 'active',
    city: 'Berlin',
    country: 'DE',
    seats: 0,
    blocks: [],
    zones: [],
    segments: [],
    racks: [],
    devices: [],
    links: [],
    circuits: [],
    why: [`fact sites/${id}.yaml#/standard`],
    ...more,
  }
}

/** A service with its replicas, each by name with the host and the addresses. */
export function service(name: string, replicas: Readonly<Record<string, readonly [host: string, v4: string, v6: string]>>): ServiceNode {
  return {
    kind: 'service',
    id: `service/${name}`,
    owner: 'web-operations',
    zone: 'web',
    listens: ['443/tcp'],
    replicas: Object.entries(replicas).map(([replica, [host, v4, v6]]) => ({ id: `service/${replica}`, host, v4, v6, why: [`ledger ${v4}`] })),
    why: [`fact services/${name}.yaml#/runs`],
  }
}

/** A company of these sites. */
export function design(sites: readonly SiteDesign[], services: readonly ServiceNode[] = []): Design {
  const totals = { people: 0, locations: 0, dataCentres: 0, countries: 0, racks: 0, seats: 0, warehouseSqft: 0, growthLocations: 0, growthSeats: 0, growthWarehouseSqft: 0, devices: 0, links: 0, prefixes: 0 }
  return { kind: 'design', company: 'Harborpine', domain: 'harborpine.example', sites, services, totals }
}

/** Files by path, each from its lines. */
export function files(of: Readonly<Record<string, readonly string[]>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(of).map(([path, lines]) => [path, lines.map((line) => `${line}\n`).join('')]))
}

/** The office before it opens, with its firewall pair and two circuits. */
export const berlin = site('ber-office', {
  opens: '2026-05-04',
  seats: 150,
  blocks: ['10.32.16.0/22', '2001:db8:16::/48'],
  zones: [{ kind: 'zone', id: 'ber-office/zone/users', name: 'users', number: 1, prefixes: ['10.32.16.0/23'], why: ['zone users'] }],
  segments: [segment('ber-office/users-3', 120, 110, '10.32.16.0/24', '2001:db8:16:1000::/64')],
  racks: [{ kind: 'rack', id: 'ber-office/idf-3', units: 24, why: ['ask idf-3'] }],
  devices: ['edge-a', 'edge-b', 'fw-a', 'fw-b', 'access-3-1', 'access-3-2'].map((name) => device(`ber-office/${name}`)),
  links: [
    link('ber-office/fw-a edge-a', 'ber-office/fw-a eth1', 'ber-office/edge-a eth1'),
    link('ber-office/fw-b edge-b', 'ber-office/fw-b eth1', 'ber-office/edge-b eth1'),
    link('ber-office/colt-mpls', 'ber-office/edge-a eth0', undefined, 'ber-office/colt-mpls'),
    link('ber-office/dtag-dia', 'ber-office/edge-b eth0', undefined, 'ber-office/dtag-dia'),
  ],
  circuits: [circuit('ber-office/circuit/colt-mpls', 900, 90), circuit('ber-office/circuit/dtag-dia', 780, 30)],
})

/** What the firewalls of the data centre let in, without the office and with it. */
const CLOSED = filterOf([['outside', 'app', 'partners → erp']], { 'users elsewhere': ['10.40.0.0/16'] })
const OPEN = filterOf(
  [
    ['outside', 'app', 'partners → erp'],
    ['users', 'outside', 'users → erp'],
  ],
  { 'users elsewhere': ['10.32.16.0/23', '10.40.0.0/16'] },
)

const firewall = (name: string, filter: Filter) =>
  device(`bos1/${name}`, { role: 'firewall', interfaces: [port(`bos1/${name}/lo`, `10.1.255.${name === 'fw-a' ? 1 : 2}/32`)], routing: speaker(4200000112), filter })

/** The data centre. */
export const boston = site('bos1', {
  standard: 'data-centre@4',
  category: 'data-centre',
  devices: [firewall('fw-a', CLOSED), firewall('fw-b', CLOSED), device('bos1/leaf-1'), device('bos1/leaf-2')],
  links: [
    link('bos1/fw-a leaf-1', 'bos1/fw-a eth0', 'bos1/leaf-1 swp1'),
    link('bos1/fw-b leaf-2', 'bos1/fw-b eth0', 'bos1/leaf-2 swp1'),
    link('bos1/colt-ring', 'bos1/fw-a eth7', undefined, 'bos1/colt-ring'),
  ],
  segments: [segment('bos1/users', 200, 110, '10.1.16.0/24')],
  circuits: [circuit('bos1/circuit/colt-ring', 4000, 60, 'USD')],
})

/** The data centre once its firewalls let the office in. */
export const bostonOpen: SiteDesign = { ...boston, devices: [firewall('fw-a', OPEN), firewall('fw-b', OPEN), ...boston.devices.slice(2)] }

/** The files of a firewall of the data centre, whose set holds these prefixes. */
export const firewallFiles = (...prefixes: readonly string[]) =>
  files(
    Object.fromEntries(
      ['fw-a', 'fw-b'].map((name) => [
        `bos1/${name}/nftables.conf`,
        [`# ${name}`, 'set users_elsewhere {', ...prefixes.map((prefix) => `  ${prefix},`), '}', 'chain forward {', '  policy drop', '}'],
      ]),
    ),
  )
