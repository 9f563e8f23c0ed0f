/**
 * Whole synthetic companies, for the bench and for property tests: plain data that is written as a company folder. The same parameters give the same bytes; a
 * seed decides what varies (floors, seats, risk, who needs whom).
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { stringify } from 'yaml'

/** The facts of a site or a service, as its YAML file has them. */
export type Facts = Readonly<Record<string, unknown>>

/** A company as data: facts by name, and its TypeScript and device types by path. */
export interface SyntheticCompany {
  readonly sites: Readonly<Record<string, Facts>>
  readonly services: Readonly<Record<string, Facts>>
  readonly files: Readonly<Record<string, string>>
}

/** How large a company is to be. */
export interface Size {
  readonly seed: number
  readonly offices: number
  readonly dataCentres: number
  /** Of each data centre; two more hold its network. */
  readonly computeRacks: number
  /** Servers in each compute rack, spread over the zones of {@link TIERS}. */
  readonly hostsPerRack: number
  readonly services: number
}

/** 29 sites with 92 racks and about 500 devices: the size of the example company. */
export const TODAY: Size = { seed: 1, offices: 25, dataCentres: 4, computeRacks: 21, hostsPerRack: 3, services: 30 }

/** A tenth of {@link LARGE}: a region of it, so to speak. */
export const TENTH: Size = { seed: 1, offices: 18, dataCentres: 2, computeRacks: 14, hostsPerRack: 12, services: 10 }

/** 5,000 devices at 200 sites and pods, with a hundred services. */
export const LARGE: Size = { ...TENTH, offices: 180, dataCentres: 20, services: 100 }

/** The zones that servers are in; a service needs services of the next one. */
export const TIERS = ['web', 'app', 'db'] as const

/** Floors of an office: from one to so many. */
const FLOORS = 4

/** Every so many-th office is a place of elevated risk. */
const ELEVATED = 4

/** The zones of offices. */
export const OFFICE_ZONES = ['users', 'voice', 'guest', 'things'] as const

/** A generator of whole numbers below a bound, the same for the same seed (mulberry32). */
export function dice(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

/** Offices with circuits to two data centres and to the internet, data centres in a ring, and services that need each other. */
export function syntheticCompany({ seed, offices, dataCentres, computeRacks, hostsPerRack, services }: Size): SyntheticCompany {
  const roll = dice(seed)
  const dcs = Array.from({ length: dataCentres }, (_, index) => `dc${index + 1}`)
  const dcAt = (index: number) => dcs[index % dataCentres]!
  const sites: Record<string, Facts> = {}

  const circuit = (id: string, to: string | undefined, bandwidth: string) => ({ id, carrier: 'Carrier', kind: 'private', ...(to ? { to } : {}), bandwidth })
  const internet = (index: number) => ({ ...internetCircuit('dia', index), price: { fixed: `${500 + roll(500)} EUR/month` } })

  /** A ring; two data centres have two circuits, since each is to have so many. */
  const between = (name: string, index: number) => {
    const next = dcAt(index + 1)
    if (next === name || (dataCentres === 2 && index > 0)) return []
    return [`ring-${next}`, ...(dataCentres === 2 ? [`second-${next}`] : [])].map((id) => circuit(id, next, '10 Gbps'))
  }
  /** Without addresses it carries no tunnels, of which there would be one from each office to each data centre. */
  const wayOut = (index: number) => {
    const { addresses: _known, ...facts } = internet(index)
    return { ...facts, asn: 64_500 }
  }

  for (const [index, name] of dcs.entries()) {
    const racks: Record<string, Facts> = { n01: { role: 'network' }, n02: { role: 'network' } }
    for (let rack = 1; rack <= computeRacks; rack++) racks[`r${String(rack).padStart(2, '0')}`] = { hosts: hostsOf(hostsPerRack, rack) }
    sites[name] = {
      standard: 'data-centre@1',
      city: 'Boston',
      country: 'US',
      owner: 'network',
      hub: true,
      racks,
      circuits: [...between(name, index), wayOut(index), { ...circuit('oob', undefined, '20 Mbps'), kind: 'internet', use: 'out-of-band' }],
    }
  }
  for (let index = 0; index < offices; index++) {
    const floors = Array.from({ length: 1 + roll(FLOORS) }, (_, floor) => ({ name: String(floor + 1), area: '9000 sqft', seats: 30 + roll(60) }))
    const [first, second] = [dcAt(index), dcAt(index + 1)]
    sites[`office-${String(index + 1).padStart(3, '0')}`] = {
      standard: 'office@2',
      city: 'Berlin',
      country: 'DE',
      owner: 'network',
      seats: floors.reduce((sum, floor) => sum + floor.seats, 0),
      floors,
      ...(index % ELEVATED === 0 ? { risk: 'elevated' } : {}),
      circuits: [
        circuit(`to-${first}`, first, '200 Mbps'),
        ...(second === first ? [] : [circuit(`to-${second}`, second, '100 Mbps')]),
        internet(dataCentres + index),
      ],
    }
  }

  const names = Array.from({ length: services }, (_, index) => `${TIERS[index % TIERS.length]}-${String(index + 1).padStart(3, '0')}`)
  const serviceFacts = names.map((name, index): [string, Facts] => {
    const tier = index % TIERS.length
    const below = names.filter((_, other) => other % TIERS.length === tier + 1)
    const needs = [...new Set([0, 1].flatMap(() => (below.length > 0 ? [below[roll(below.length)]!] : [])))]
    const at = [...new Set([dcAt(index), dcAt(index + 1)])]
    return [
      name,
      {
        owner: 'platform',
        tier: TIERS[tier],
        listens: [{ name: 'main', port: tier === 2 ? '5432/tcp' : '443/tcp' }],
        runs: { replicas: 2 + roll(2), at },
        ...(needs.length > 0 ? { needs } : {}),
      },
    ]
  })
  const used = names.filter((_, index) => index % TIERS.length === 0)
  return { sites, services: Object.fromEntries(serviceFacts), files: { 'company.ts': companyCode({ services: used }) } }
}

/** An internet circuit with addresses of its own, the `index`-th of the company: it can carry tunnels. */
export function internetCircuit(id: string, index: number) {
  const v4 = (host: number) => `198.${18 + (index >> 14)}.${(index >> 6) & 255}.${(index & 63) * 4 + host}`
  const v6 = (host: number) => `2001:db8:ffff:${index.toString(16)}::${host}`
  return {
    id,
    carrier: 'Carrier',
    kind: 'internet',
    bandwidth: '500 Mbps',
    addresses: { v4: { ours: `${v4(2)}/30`, theirs: v4(1) }, v6: { ours: `${v6(2)}/64`, theirs: v6(1) } },
  }
}

/** So many servers, one after the other in each zone; which zone comes first differs from rack to rack. */
function hostsOf(count: number, rack: number): Facts {
  const hosts: Record<string, number> = {}
  for (let n = 0; n < count; n++) {
    const tier = TIERS[(n + rack) % TIERS.length]!
    hosts[tier] = (hosts[tier] ?? 0) + 1
  }
  return hosts
}

/** What `company.ts` says; the order of each list means nothing. */
export interface CodeParts {
  /** Services that desks may reach. */
  readonly services?: readonly string[]
  readonly zones?: readonly string[]
  readonly standards?: readonly string[]
  /** Further imports, and further statements. */
  readonly imports?: readonly string[]
  readonly policies?: readonly string[]
  /** Members of the company's declaration that it does not have else. */
  readonly members?: readonly string[]
}

/** The text of `company.ts`. */
export function companyCode({
  services = [],
  zones = [...OFFICE_ZONES, ...TIERS, 'balancers', 'management'],
  standards = ['office', 'dataCentre', 'wan'],
  imports = [],
  policies = OFFICE_POLICIES,
  members = [],
}: CodeParts): string {
  return [
    `import { allow, company, external, service, waive, zones } from 'netwright'`,
    `import { dataCentre, office, wan } from 'netwright/standards'`,
    ...imports,
    ``,
    `const zone = zones({ ${zones.map((name) => `${name}: {}`).join(', ')} })`,
    ``,
    `company('Synthetic', {`,
    `  domain: 'synthetic.example',`,
    `  zones: zone,`,
    `  addressing: { v4: ['10.0.0.0/8'], v6: ['2001:db8::/32'] },`,
    `  standards: [${standards.join(', ')}],`,
    `  teams: { network: {}, platform: {} },`,
    `  externals: { internet: { kind: 'internet', prefixes: [] } },`,
    ...members.map((member) => `  ${member},`),
    `})`,
    ``,
    ...policies,
    ...services.map((name) => `allow({ from: zone.users, to: service('${name}'), why: 'staff work in it', owner: 'platform' })`),
    ``,
  ].join('\n')
}

/** What the people in offices may do. */
export const OFFICE_POLICIES = [
  `allow({ from: zone.users, to: external('internet'), ports: ['80/tcp', '443/tcp'], why: 'staff work on the web', owner: 'network' })`,
  `allow({ from: zone.guest, to: external('internet'), ports: ['80/tcp', '443/tcp', '53/udp'], why: 'guests get nothing else', owner: 'network' })`,
  `allow({ from: zone.voice, to: zone.voice, ports: ['5060/udp', '16384-32767/udp'], why: 'telephones call each other', owner: 'network' })`,
] as const

/**
 * A fabric of 208 nodes and 1,008 links, as a standard of the company's own: 4 superspines, 12 spines, 192 leaves with 5 uplinks each, eBGP on every link, EVPN,
 * and a segment in a VRF on every leaf. Counts are those of netlab's tests/platform-integration/large/x-large-fabric.yml.
 */
export function fabricCompany(): SyntheticCompany {
  return {
    sites: { fabric: { standard: 'fabric@1', city: 'Boston', country: 'US', superspines: 4, spines: 12, leaves: 192, uplinks: 5 } },
    services: {},
    files: {
      'company.ts': companyCode({
        zones: ['red', 'green', 'blue'],
        imports: [`import { fabric } from './standards/fabric.ts'`],
        standards: ['fabric'],
        policies: [],
      }),
      'standards/fabric.ts': FABRIC,
      'device-types/chassis.yaml': stringify({
        manufacturer: 'Example',
        model: 'Chassis 128',
        slug: 'example/chassis-128',
        u_height: 8,
        is_full_depth: true,
        interfaces: Array.from({ length: 128 }, (_, port) => ({ name: `swp${port + 1}`, type: '100gbase-x-qsfp28' })),
      }),
    },
  }
}

const FABRIC = `import { fact, standard } from 'netwright'

const SPEED = 100e9
const CHASSIS = 'example/chassis-128'
const ZONES = ['red', 'green', 'blue']

export const fabric = standard('fabric', 1, {
  kind: 'data-centre',
  facts: { superspines: fact.integer(), spines: fact.integer(), leaves: fact.integer(), uplinks: fact.integer() },
  zones: ZONES,
  lessons: [],
  design(site, ask) {
    const superspines = ask.devices('superspine', { count: site.superspines, role: 'spine', model: CHASSIS, asn: 'shared' })
    const spines = ask.devices('spine', { count: site.spines, role: 'spine', model: CHASSIS, asn: 'own' })
    const leaves = ask.devices('leaf', { count: site.leaves, role: 'leaf', asn: 'own' })
    ask.fabric(spines, superspines, { speed: SPEED })
    for (const [index, leaf] of leaves.entries()) {
      const up = Array.from({ length: site.uplinks }, (_, n) => spines[(index + n) % site.spines]!)
      ask.fabric(leaf, up, { speed: SPEED })
      const segment = ask.segment(\`net-\${index + 1}\`, { zone: ZONES[index % ZONES.length]!, hosts: 40, gateway: leaf, vrf: true })
      ask.ports(leaf, 'desk', { count: 1, speed: 25e9, segment })
    }
  },
})
`

/** The files of a company folder by path. With \`facts\` they are printed otherwise than as YAML in blocks: JSON, which is YAML too, is faster to make. */
export function filesOf(
  { sites, services, files }: SyntheticCompany,
  facts: (facts: Facts) => string = (data) => stringify(data),
): ReadonlyMap<string, string> {
  return new Map([
    ...Object.entries(files),
    ...Object.entries(sites).map(([name, data]) => [`sites/${name}.yaml`, facts(data)] as const),
    ...Object.entries(services).map(([name, data]) => [`services/${name}.yaml`, facts(data)] as const),
  ])
}

/** Writes a company as a folder, and returns the folder. */
export function writeCompany(folder: string, company: SyntheticCompany): string {
  for (const [path, text] of filesOf(company)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}
