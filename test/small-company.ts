/**
 * A small company of all kinds of sites, for tests that edit it. Its `company.ts` follows from its facts, so that an edit of facts is an edit of the company.
 */
import { companyCode, type Facts, internetCircuit, type Size, type SyntheticCompany, syntheticCompany } from './companies.ts'

/** A circuit, as far as edits look at it. */
export interface Circuit {
  readonly id: string
  readonly kind: string
  readonly to?: string
  readonly use?: string
  readonly bandwidth: string
}

/** A floor, as far as edits look at it. */
export type Floor = { readonly name: string; readonly seats: number }

/** A company-own standard in two versions: the second has more of everything. Its shelves are racks that know their former names. */
const DEPOT = `import { fact, type SiteView, standard, type Ask } from 'netwright'

const facts = { shelves: fact.mapOf(fact.object({ staff: fact.integer(), renamedFrom: fact.name().optional() })) }

const design = (version: number) => (site: SiteView<typeof facts>, ask: Ask): void => {
  const shelves = Object.entries(site.shelves).map(([name, { staff, renamedFrom: from }]) => {
    const was = (prefix: string) => (from === undefined ? {} : { renamedFrom: prefix + from })
    return { name, staff, was, rack: ask.rack(name, { units: 20 + version, ...was('') }) }
  })
  const racks = shelves.map(({ rack }) => rack)
  const gates = ask.devices('gate', { count: 2, role: 'edge-router', rack: racks, from: 'top', asn: 'own', active: 'first' })
  ask.sync(gates, { speed: 10e9 })
  if (version > 1) ask.devices('printer', { count: 3, role: 'server', rack: racks })
  ask.filter(gates)
  for (const { name, staff, was, rack } of shelves) {
    const floor = ask.segment(\`floor-\${name}\`, { zone: 'users', hosts: staff * version, gateway: gates, ...was('floor-') })
    const cameras = version > 1 ? [ask.segment(\`cameras-\${name}\`, { zone: 'voice', hosts: 10, gateway: gates, ...was('cameras-') })] : []
    const on = ask.device(\`switch-\${name}\`, { role: 'access-switch', rack, ...was('switch-') })
    const run = ask.segment(\`run-\${name}\`, { zone: 'management', hosts: 10, gateway: gates, ...was('run-') })
    ask.manage(on, { segment: run })
    ask.trunk(on, gates[0]!, { speed: 10e9, segments: [floor, run, ...cameras] })
    ask.ports(on, 'desk', { count: Math.min(40, staff), speed: 1e9, segment: floor })
  }
  ask.attach('wan', { devices: gates, circuits: site.circuits ?? [] })
}

export const depot1 = standard('depot', 1, { kind: 'depot', facts, zones: ['users', 'voice', 'management'], lessons: [], design: design(1) })
export const depot2 = standard('depot', 2, { kind: 'depot', facts, zones: ['users', 'voice', 'management'], lessons: ['1→2: cameras'], design: design(2) })
`

/** Floors of an office of a small company: so many at most. */
const FLOORS = 2

/** Seats above which an office needs two circuits that share no risk, or a waiver. */
const SEATS_WITH_ONE_CIRCUIT = 50

/** Circuits of data centres are numbered from here, so that their addresses are nobody else's; those of edits from twice that. */
export const CIRCUITS = 10_000

/**
 * A small company of all kinds of sites: offices of both versions, of which the first is of elevated risk; data centres that all offices have tunnels to; a depot to a standard of the company's own;
 * services that are balanced, one of which the internet reaches; and one that all devices are run with.
 */
export function smallCompany(size: Size): SyntheticCompany {
  const company = syntheticCompany(size)
  const sites = Object.fromEntries(Object.entries(company.sites).map(([name, facts], index) => [name, smaller(facts, index)]))
  const services = Object.entries(company.services).map(([name, facts], index): [string, Facts] => [
    name,
    index % 2 === 0 ? { ...facts, balanced: balanced(name) } : facts,
  ])
  return coded({
    sites: { ...sites, dc1: { ...sites.dc1, public: '203.0.113.0/28' }, depot: depot(1) },
    services: { ...Object.fromEntries(services), names: { ...service('app', 2, ['dc1']), listens: [{ name: 'main', port: '53/udp' }], tags: [BASELINE] } },
    files: { 'standards/depot.ts': DEPOT },
  })
}

/** The facts of a site as a small company has them; `index` tells its circuits from those of others. */
export function smaller(facts: Facts, index: number): Facts {
  if (String(facts.standard).startsWith('office@')) {
    const floors = (facts.floors as readonly Floor[]).slice(0, FLOORS)
    return { ...facts, standard: `office@${1 + (index % 2)}`, floors, seats: floors.reduce((sum, { seats }) => sum + seats, 0) }
  }
  const circuits = circuitsOf(facts).map((circuit) => {
    if (circuit.kind !== 'internet') return circuit
    const outOfBand = circuit.use === 'out-of-band'
    return { ...internetCircuit(circuit.id, CIRCUITS + 2 * index + Number(outOfBand)), ...circuit }
  })
  return { ...facts, circuits }
}

/** The tag of the service that answers for names, time, logs and the rest. */
const BASELINE = 'baseline'

/** The tag of a site that has waivers whether it needs them or not. */
export const WAIVED = 'waived'

/** The company with the text of `company.ts` that its facts need: policies for its services, and waivers for what its sites lack. */
export function coded(company: SyntheticCompany): SyntheticCompany {
  const names = Object.keys(company.services)
  const [baseline] = names.filter((name) => tagged(company.services[name]!, BASELINE))
  const members = baseline === undefined ? [] : ['resolvers', 'clocks', 'logs', 'authenticators', 'monitors', 'bastions'].map((of) => `${of}: '${baseline}'`)
  const text = companyCode({
    services: names.filter((name) => name.startsWith('web-')),
    imports: [`import { depot1, depot2 } from './standards/depot.ts'`],
    standards: ['office', 'dataCentre', 'wan', 'depot1', 'depot2'],
    members: [`baseline: { ${["owner: 'network'", "strangersResolvers: ['192.0.2.53']", ...members].join(', ')} }`],
  })
  const waivers = Object.keys(company.sites).flatMap((site) =>
    lacking(company, site).map(
      (requirement) => `waive({ site: '${site}', requirement: '${requirement}', why: 'an edit', owner: 'network', until: '2027-12-31' })`,
    ),
  )
  return { ...company, files: { ...company.files, 'company.ts': [text, ...waivers, ''].join('\n') } }
}

/** The requirements of its standard that a site does not meet. */
function lacking({ sites }: SyntheticCompany, name: string): string[] {
  const facts = sites[name]!
  const circuits = circuitsOf(facts)
  const waived = tagged(facts, WAIVED)
  if (String(facts.standard).startsWith('office@'))
    return waived || (Number(facts.seats) > SEATS_WITH_ONE_CIRCUIT && circuits.length < 2) ? ['two-circuits'] : []
  if (facts.standard !== 'data-centre@1') return []
  const centre = (site: string | undefined) => site !== undefined && sites[site]!.standard === 'data-centre@1'
  const centres = Object.keys(sites).filter(centre)
  const between = centres.flatMap((site) => circuitsOf(sites[site]!).filter(({ to }) => (site === name ? centre(to) : to === name)))
  return [
    ...(waived || (centres.length > 1 && between.length < 2) ? ['diverse-circuits'] : []),
    ...(circuits.some(({ use }) => use === 'out-of-band') ? [] : ['out-of-band']),
  ]
}

function depot(version: number): Facts {
  const circuits = [{ id: 'line', carrier: 'Carrier', kind: 'private', to: 'dc1', bandwidth: '100 Mbps' }]
  return { standard: `depot@${version}`, city: 'Rome', country: 'IT', shelves: { s1: { staff: 12 }, s2: { staff: 30 } }, circuits }
}

/** The facts of a service. */
export function service(tier: string, replicas: number, at: readonly string[]): Facts {
  return { owner: 'platform', tier, listens: [{ name: 'main', port: '443/tcp' }], runs: { replicas, at } }
}

/** How a service is balanced. */
export function balanced(name: string): Facts {
  return { hostname: `${name}.synthetic.example`, protocol: 'http', health: 'GET /healthz' }
}

/** Its circuits. */
export const circuitsOf = (facts: Facts) => facts.circuits as readonly Circuit[]

/** Whether a site or a service has a tag. */
export const tagged = (facts: Facts, tag: string) => ((facts.tags ?? []) as readonly string[]).includes(tag)
