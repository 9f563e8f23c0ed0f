/**
 * Edits of synthetic companies, as a person makes them between two builds, each with what it is about: which entries of the ledger it may take away or change, and how it names others anew. No other
 * may differ afterwards.
 */
import { dice, type Facts, internetCircuit, type SyntheticCompany, syntheticCompany, TIERS } from './companies.ts'
import { balanced, CIRCUITS, type Circuit, circuitsOf, coded, type Floor, service, smaller, tagged, WAIVED } from './small-company.ts'

/** An edit, done. */
export interface Edited {
  readonly what: string
  readonly company: SyntheticCompany
  /** Whether it may take away or change this entry. */
  readonly belongs: (scope: string, words: readonly string[]) => boolean
  /** The new name of a thing, where it gives one: `name` is a part of a word of a key, or a value. `scope` is the entry's own. */
  readonly renamed: (scope: string, name: string) => string
}

/** A kind of edit. Gives undefined where there is nothing to be edited so. */
type Kind = (company: SyntheticCompany, roll: (below: number) => number) => Edited | undefined

type Rack = { readonly role?: string; readonly hosts?: Readonly<Record<string, number>> }

const NOTHING = () => false
const SAME = (_scope: string, name: string) => name

const withSite = (company: SyntheticCompany, name: string, facts: Facts | undefined): SyntheticCompany => {
  const { [name]: _old, ...others } = company.sites
  return { ...company, sites: facts ? { ...others, [name]: facts } : others }
}
const withService = (company: SyntheticCompany, name: string, facts: Facts | undefined): SyntheticCompany => {
  const { [name]: _old, ...others } = company.services
  return { ...company, services: facts ? { ...others, [name]: facts } : others }
}
const sitesOf = (company: SyntheticCompany, standard: string) =>
  Object.keys(company.sites).filter((name) => String(company.sites[name]!.standard).startsWith(`${standard}@`))
const runsOf = (facts: Facts) => facts.runs as { readonly replicas: number; readonly at: readonly string[] }
/** Without what a rename before may have left. */
const unnamed = <F extends Facts>({ renamedFrom: _before, ...facts }: F) => facts

/** The kinds, by name. */
export const EDITS: Readonly<Record<string, Kind>> = {
  'reorder everything': (company, roll) => ({ what: 'everything reordered', company: shuffled(company, roll), belongs: NOTHING, renamed: SAME }),

  'add an office': (company, roll) => {
    const name = free(company.sites, 'office', roll)
    const like = pick(sitesOf(company, 'office'), roll)
    const small = syntheticCompany({ seed: roll(1000), offices: 1, dataCentres: 1, computeRacks: 1, hostsPerRack: 1, services: 0 })
    const { circuits: _new, ...facts } = smaller(small.sites['office-001']!, roll(2))
    const circuits = like === undefined ? [] : circuitsOf(company.sites[like]!).filter(({ to }) => to !== undefined)
    return edited(`${name} added`, withSite(company, name, { ...facts, circuits }), NOTHING)
  },
  'add a data centre': (company, roll) => {
    const name = free(company.sites, 'dc', roll)
    const small = syntheticCompany({ seed: roll(1000), offices: 0, dataCentres: 1, computeRacks: 1 + roll(2), hostsPerRack: 3, services: 0 })
    const { circuits: _new, ...facts } = small.sites.dc1!
    return edited(
      `${name} added`,
      withSite(company, name, { ...facts, circuits: [{ id: 'link', carrier: 'Carrier', kind: 'private', to: 'dc1', bandwidth: '10 Gbps' }] }),
      NOTHING,
    )
  },
  'add a service': (company, roll) => {
    const tier = TIERS[roll(TIERS.length)]!
    const name = free(company.services, tier, roll)
    const at = pick(dataCentresFor(company, tier), roll)
    if (at === undefined) return undefined
    return edited(`${name} added`, withService(company, name, service(tier, 1 + roll(3), [at])), NOTHING)
  },
  'add a circuit': (company, roll) => {
    const [site, to] = [pick(Object.keys(company.sites), roll), pick(sitesOf(company, 'data-centre'), roll)]
    if (site === undefined || to === undefined || to === site) return undefined
    const facts = company.sites[site]!
    const id = `more-${roll(3)}`
    if (circuitsOf(facts).some((circuit) => circuit.id === id)) return undefined
    const circuit = { id, carrier: 'Other', kind: 'private', to, bandwidth: '1 Gbps' }
    return edited(`${site} ${id} added`, withSite(company, site, { ...facts, circuits: [circuit, ...circuitsOf(facts)] }), NOTHING)
  },
  'add an internet circuit': (company, roll) => {
    const site = pick(Object.keys(company.sites), roll)!
    const facts = company.sites[site]!
    const id = `dsl-${roll(2)}`
    if (circuitsOf(facts).some((circuit) => circuit.id === id)) return undefined
    const circuit = internetCircuit(id, 2 * CIRCUITS + roll(CIRCUITS))
    return edited(`${site} ${id} added`, withSite(company, site, { ...facts, circuits: [circuit, ...circuitsOf(facts)] }), NOTHING)
  },
  'add a rack': (company, roll) => {
    const dc = pick(sitesOf(company, 'data-centre'), roll)
    if (dc === undefined) return undefined
    const racks = racksOf(company, dc)
    const name = `r0${1 + roll(5)}`
    if (racks[name]) return undefined
    return edited(`${dc} ${name} added`, withRacks(company, dc, { [name]: { hosts: { web: 1, db: 2 } }, ...racks }), NOTHING)
  },

  'add a network rack': (company, roll) => {
    const dc = pick(sitesOf(company, 'data-centre'), roll)
    const name = `n0${roll(9)}`
    if (dc === undefined || racksOf(company, dc)[name]) return undefined
    return edited(`${dc} ${name} added`, withRacks(company, dc, { [name]: { role: 'network' }, ...racksOf(company, dc) }), NOTHING)
  },

  'add a floor': (company, roll) => {
    const name = pick(sitesOf(company, 'office'), roll)
    if (name === undefined) return undefined
    const facts = company.sites[name]!
    const floors = facts.floors as readonly Floor[]
    // One below the others, or one above them: where the gateways stand has nothing to do with it.
    const floor = { name: ['0', '8'][roll(2)]!, area: '9000 sqft', seats: 1 + roll(80) }
    if (floors.some((other) => other.name === floor.name)) return undefined
    const after = { ...facts, seats: Number(facts.seats) + floor.seats, floors: [floor, ...floors] }
    return edited(`${name} floor ${floor.name} added`, withSite(company, name, after), NOTHING)
  },

  'remove a site': (company, roll) => {
    const name = pick(
      Object.keys(company.sites).filter((site) => site !== 'dc1'),
      roll,
    )
    if (name === undefined) return undefined
    const gone = new Set<string>()
    let after = withSite(company, name, undefined)
    for (const [site, facts] of Object.entries(after.sites)) {
      for (const { id, to } of circuitsOf(facts)) if (to === name) gone.add(`${site}/${id}`)
      after = withSite(after, site, { ...facts, circuits: circuitsOf(facts).filter(({ to }) => to !== name) })
    }
    for (const [service, facts] of Object.entries(after.services)) {
      const at = runsOf(facts).at.filter((site) => site !== name)
      const others = dataCentresFor(after, String(facts.tier))
      after = withService(
        after,
        service,
        at.length > 0 || others[0] ? { ...facts, runs: { ...runsOf(facts), at: at.length > 0 ? at : [others[0]!] } } : undefined,
      )
    }
    return edited(
      `${name} removed`,
      after,
      (scope, words) =>
        scope === name ||
        words.some((word) => word === name || word.startsWith(`${name}/`) || word.includes(`-${name}-`)) ||
        isCircuit(gone, scope, words) ||
        isKey(words),
    )
  },
  'remove a service': (company, roll) => {
    const name = pick(Object.keys(company.services), roll)
    if (name === undefined) return undefined
    let after = withService(company, name, undefined)
    for (const [other, facts] of Object.entries(after.services)) {
      const needs = ((facts.needs ?? []) as readonly string[]).filter((needed) => needed !== name)
      after = withService(after, other, { ...facts, needs })
    }
    return edited(`${name} removed`, after, (_scope, words) => isBalanced(words, name) || words.some((word) => isReplica(word, name, 0)))
  },
  'remove a circuit': (company, roll) => {
    const found = pickCircuit(company, roll)
    if (!found) return undefined
    const { site, facts, circuit } = found
    const after = withSite(company, site, { ...facts, circuits: circuitsOf(facts).filter((other) => other !== circuit) })
    return edited(`${site} ${circuit.id} removed`, after, (scope, words) => isCircuit(new Set([`${site}/${circuit.id}`]), scope, words) || isKey(words))
  },
  'remove a rack': (company, roll) => {
    const found = pickRack(company, roll)
    if (!found || !spareable(found)) return undefined
    const { dc, name, racks } = found
    const { [name]: _gone, ...others } = racks
    const isOf = (word: string) => word === name || [`${name}-`, `leaf-${name}-`, `mgmt-${name}`, `management-${name}`].some((start) => word.startsWith(start))
    return edited(`${dc} ${name} removed`, withRacks(company, dc, others), (scope, words) => scope === dc && words.some((word) => word.split('~').some(isOf)))
  },

  'rename a site': (company, roll) => {
    const from = pick(
      Object.keys(company.sites).filter((site) => site !== 'dc1'),
      roll,
    )
    if (from === undefined) return undefined
    const to = free(company.sites, company.sites[from]!.standard === 'data-centre@1' ? 'dc' : 'office', roll)
    let after = withSite(withSite(company, from, undefined), to, { ...company.sites[from]!, renamedFrom: from })
    for (const [site, facts] of Object.entries(after.sites)) {
      after = withSite(after, site, { ...facts, circuits: circuitsOf(facts).map((circuit) => (circuit.to === from ? { ...circuit, to } : circuit)) })
    }
    for (const [service, facts] of Object.entries(after.services)) {
      after = withService(after, service, { ...facts, runs: { ...runsOf(facts), at: runsOf(facts).at.map((site) => (site === from ? to : site)) } })
    }
    // Which of two hubs calls follows from their names, so tunnels between hubs are new ones.
    const hubs = sitesOf(company, 'data-centre')
    const anew = (scope: string, word: string) => {
      const [tunnel, owner = scope] = word.split('/').reverse() as [string, string?]
      return hubs.includes(owner) && hubs.some((hub) => tunnel.includes(`-${hub}-`)) && (owner === from || tunnel.includes(`-${from}-`))
    }
    return edited(
      `${from} renamed to ${to}`,
      after,
      (scope, words) => hubs.includes(from) && words.some((word) => anew(scope, word)),
      (_scope, name) => (name === from ? to : name.replace(`-${from}-`, `-${to}-`)),
    )
  },
  'rename a service': (company, roll) => {
    const from = pick(Object.keys(company.services), roll)
    if (from === undefined) return undefined
    const to = free(company.services, String(company.services[from]!.tier), roll)
    let after = withService(withService(company, from, undefined), to, { ...company.services[from]!, renamedFrom: from })
    for (const [other, facts] of Object.entries(after.services)) {
      const needs = ((facts.needs ?? []) as readonly string[]).map((needed) => (needed === from ? to : needed))
      after = withService(after, other, { ...facts, needs })
    }
    return edited(`${from} renamed to ${to}`, after, NOTHING, (_scope, name) =>
      name === from || name === `service/${from}` ? name.slice(0, -from.length) + to : isReplica(name, from, 0) ? to + name.slice(from.length) : name,
    )
  },
  'rename a circuit': (company, roll) => {
    const found = pickCircuit(company, roll)
    if (!found) return undefined
    const { site, facts, circuit } = found
    const to = `new-${roll(3)}`
    if (circuitsOf(facts).some(({ id }) => id === to)) return undefined
    const circuits = circuitsOf(facts).map((other) => (other === circuit ? { ...unnamed(circuit as Circuit & Facts), id: to, renamedFrom: circuit.id } : other))
    const after = withSite(company, site, { ...facts, circuits })
    return edited(`${site} ${circuit.id} renamed to ${to}`, after, NOTHING, (scope, name) => {
      const [full, mine] = name.includes('/') ? [name, false] : [`${scope}/${name}`, true]
      const [own, hub] = [`${site}/${circuit.id}`, `-${site}-${circuit.id}`]
      const isTunnel = sitesOf(company, 'data-centre').some((dc) => full.includes(`-${dc}-`))
      const renamed =
        full === own || (isTunnel && full.startsWith(`${own}-`))
          ? `${site}/${to}${full.slice(own.length)}`
          : full.endsWith(hub)
            ? `${full.slice(0, -circuit.id.length)}${to}`
            : full
      return mine ? renamed.slice(scope.length + 1) : renamed
    })
  },
  'rename a rack': (company, roll) => {
    const site = pick(sitesOf(company, 'depot'), roll)
    if (site === undefined) return undefined
    const facts = company.sites[site]!
    const shelves = facts.shelves as Readonly<Record<string, Facts>>
    const from = pick(Object.keys(shelves), roll)!
    const to = free(shelves, 'shelf', roll)
    const { [from]: shelf, ...others } = shelves
    const after = withSite(company, site, { ...facts, shelves: { [to]: { ...unnamed(shelf!), renamedFrom: from }, ...others } })
    const parts = ['', 'floor-', 'run-', 'cameras-', 'switch-']
    return edited(`${site} ${from} renamed to ${to}`, after, NOTHING, (scope, name) =>
      scope === site && parts.some((part) => name === part + from) ? name.replace(from, to) : name,
    )
  },

  'resize an office': (company, roll) => {
    const name = pick(sitesOf(company, 'office'), roll)
    if (name === undefined) return undefined
    const facts = company.sites[name]!
    const floors = facts.floors as readonly Floor[]
    const floor = pick(floors, roll)!
    const seats = 1 + roll(120)
    const after = { ...facts, seats: Number(facts.seats) - floor.seats + seats, floors: floors.map((other) => (other === floor ? { ...other, seats } : other)) }
    // Fewer seats: the ports of those that are gone, and of the boxes of the stack that are gone. Either way the stack has another height.
    const stack = `access-${floor.name}`
    return edited(`${name} floor ${floor.name}: ${floor.seats} → ${seats} seats`, withSite(company, name, after), (scope, [kind, ...words]) => {
      if (scope !== name) return false
      if (kind === 'unit') return words[1] === stack
      return kind === 'port' && words[0] === stack && seats < floor.seats && (words.length === 4 || words.at(-1)!.startsWith('s'))
    })
  },
  'upgrade an office': (company, roll) => {
    const name = pick(
      sitesOf(company, 'office').filter((site) => company.sites[site]!.standard === 'office@1'),
      roll,
    )
    if (name === undefined) return undefined
    const after = withSite(company, name, { ...company.sites[name]!, standard: 'office@2' })
    return edited(`${name} built to office@2`, after, (scope, words) => scope === name && words[0] === 'unit' && words[2]!.startsWith('access-'))
  },
  'change the risk': (company, roll) => {
    const name = pick(sitesOf(company, 'office'), roll)
    if (name === undefined) return undefined
    const { risk, ...facts } = company.sites[name]!
    const after = withSite(company, name, risk === 'elevated' ? facts : { ...facts, risk: 'elevated' })
    const sides = (word: string) => word.split('~')
    return edited(`${name} is ${risk === 'elevated' ? 'no longer' : 'now'} of elevated risk`, after, (scope, words) => {
      if (scope !== name) return false
      return words.some((word) => sides(word).some((side) => side.startsWith('fw-') || (sides(word).length > 1 && side.startsWith('edge-'))))
    })
  },
  'waive something': (company, roll) => {
    const name = pick([...sitesOf(company, 'office'), ...sitesOf(company, 'data-centre')], roll)
    if (name === undefined || tagged(company.sites[name]!, WAIVED)) return undefined
    return edited(`${name} has a waiver`, withSite(company, name, { ...company.sites[name]!, tags: [WAIVED] }), NOTHING)
  },
  'work on a device': (company, roll) => {
    const name = pick(Object.keys(company.sites), roll)!
    const { maintenance, ...facts } = company.sites[name]!
    const [device] = MODELS[String(facts.standard)]!.filter(([role]) => role === 'edge-router').map(([, , , example]) => example)
    const after = maintenance === undefined ? { ...facts, maintenance: { [device!]: 'new software' } } : facts
    return edited(`${name}/${device} ${maintenance === undefined ? 'is worked on' : 'is back'}`, withSite(company, name, after), NOTHING)
  },
  'balance a service': (company, roll) => {
    const name = pick(Object.keys(company.services), roll)
    if (name === undefined) return undefined
    const { balanced: was, ...facts } = company.services[name]!
    const isPublic = runsOf(facts).at.every((site) => site === 'dc1') && roll(2) === 0
    const after = withService(company, name, was === undefined ? { ...facts, balanced: { ...balanced(name), public: isPublic } } : facts)
    return edited(`${name} is ${was === undefined ? 'balanced' : 'not balanced any more'}`, after, (_scope, words) => isBalanced(words, name))
  },
  'resize a service': (company, roll) => {
    const name = pick(Object.keys(company.services), roll)
    if (name === undefined) return undefined
    const facts = company.services[name]!
    const replicas = 1 + roll(4)
    // A site that runs none of it any more balances none of it either.
    return edited(
      `${name}: ${replicas} replicas`,
      withService(company, name, { ...facts, runs: { ...runsOf(facts), replicas } }),
      (_scope, words) => isBalanced(words, name) || words.some((word) => isReplica(word, name, replicas)),
    )
  },
  'resize a circuit': (company, roll) => {
    const found = pickCircuit(company, roll)
    if (!found) return undefined
    const { site, facts, circuit } = found
    const bandwidth = ['100 Mbps', '1 Gbps', '10 Gbps'][roll(3)]!
    const after = withSite(company, site, { ...facts, circuits: circuitsOf(facts).map((other) => (other === circuit ? { ...other, bandwidth } : other)) })
    return edited(
      `${site} ${circuit.id}: ${bandwidth}`,
      after,
      (scope, words) => words[0] === 'port' && isCircuit(new Set([`${site}/${circuit.id}`]), scope, words),
    )
  },
  'resize a rack': (company, roll) => {
    const found = pickRack(company, roll)
    if (!found || found.rack.role === 'network') return undefined
    const { dc, name, rack, racks } = found
    const zone = TIERS[roll(TIERS.length)]!
    const [before = 0, count] = [rack.hosts?.[zone], 1 + roll(4)]
    const after = withRacks(company, dc, { ...racks, [name]: { ...rack, hosts: { ...rack.hosts, [zone]: count } } })
    const gone = new Set(Array.from({ length: Math.max(0, before - count) }, (_, index) => `${name}-${zone}-host-${'abcdefgh'[count + index]}`))
    const hosts = Object.entries({ ...rack.hosts, [zone]: count }).reduce((sum, [, of]) => sum + of, 0)
    return edited(`${dc} ${name}: ${count} hosts for ${zone}`, after, (scope, words) => {
      if (scope !== dc) return false
      const [kind, of, what, number] = words
      if (kind === 'port' && of === `mgmt-${name}` && what === 'controller') return Number(number) > hosts
      // What ran on hosts that are gone runs elsewhere, perhaps in another rack.
      if (kind === 'host' && of === `${name}-${zone}` && gone.size > 0) return !what!.includes('-host-') || gone.has(what!)
      return words.some((word) => word.split('~').some((part) => gone.has(part)))
    })
  },

  'change a device model': (company, roll) => {
    const name = pick(Object.keys(company.sites), roll)
    if (name === undefined) return undefined
    const facts = company.sites[name]!
    const [role, model, devices] = pick(MODELS[String(facts.standard)]!, roll)!
    const after = withSite(company, name, { ...facts, hardware: { ...(facts.hardware as Facts), [role]: model } })
    return edited(
      `${name}: ${role} is ${model}`,
      after,
      (scope, [kind, ...words]) => scope === name && (kind === 'port' ? devices.test(words[0]!) : kind === 'unit' && devices.test(words[1]!)),
    )
  },
  'bump a standard': (company, roll) => {
    const name = pick(sitesOf(company, 'depot'), roll)
    if (name === undefined || company.sites[name]!.standard === 'depot@2') return undefined
    return edited(`${name} built to depot@2`, withSite(company, name, { ...company.sites[name]!, standard: 'depot@2' }), NOTHING)
  },
}

const SERVER = (model: string) => ['server', `dell/poweredge-${model}-2x25g`, /-host-[a-z]+$|^printer-/, 'printer-a'] as const
const EDGE = (name: string) => ['edge-router', 'edgecore/as7326-56x', new RegExp(`^${name}-`), `${name}-a`] as const

/** Roles with another device type for each, the names of its devices, and one of them, by standard. */
const MODELS: Readonly<Record<string, readonly (readonly [role: string, model: string, devices: RegExp, example: string])[]>> = {
  'data-centre@1': [SERVER('r750'), SERVER('r650'), EDGE('edge')],
  'office@1': [EDGE('edge')],
  'office@2': [EDGE('edge')],
  'depot@1': [EDGE('gate')],
  'depot@2': [EDGE('gate'), SERVER('r750'), SERVER('r650')],
}

function edited(what: string, company: SyntheticCompany, belongs: Edited['belongs'], renamed: Edited['renamed'] = SAME): Edited {
  return { what, company: coded(company), belongs, renamed }
}

function pick<T>(of: readonly T[], roll: (below: number) => number): T | undefined {
  return of[roll(Math.max(1, of.length))]
}

/** A name that is in use by nobody now, but perhaps was. */
function free(used: Readonly<Record<string, unknown>>, prefix: string, roll: (below: number) => number): string {
  for (let n = 1 + roll(3); ; n++) if (!(`${prefix}-x${n}` in used)) return `${prefix}-x${n}`
}

function pickCircuit(company: SyntheticCompany, roll: (below: number) => number) {
  const site = pick(Object.keys(company.sites), roll)!
  const facts = company.sites[site]!
  const circuit = pick(circuitsOf(facts), roll)
  return circuit && { site, facts, circuit }
}

function racksOf(company: SyntheticCompany, dc: string): Readonly<Record<string, Rack>> {
  return company.sites[dc]!.racks as Readonly<Record<string, Rack>>
}

function withRacks(company: SyntheticCompany, dc: string, racks: Readonly<Record<string, Rack>>): SyntheticCompany {
  return withSite(company, dc, { ...company.sites[dc]!, racks })
}

function pickRack(company: SyntheticCompany, roll: (below: number) => number) {
  const dc = pick(sitesOf(company, 'data-centre'), roll)
  if (dc === undefined) return undefined
  const racks = racksOf(company, dc)
  const name = pick(Object.keys(racks), roll)!
  return { dc, name, rack: racks[name]!, racks }
}

/** Whether other racks have what is in this one: a place for its network, and for the services of each of its zones. */
function spareable({ name, rack, racks }: { name: string; rack: Rack; racks: Readonly<Record<string, Rack>> }): boolean {
  const others = Object.entries(racks).flatMap(([other, of]) => (other === name ? [] : [of]))
  if (rack.role === 'network') return others.some(({ role }) => role === 'network')
  return Object.keys(rack.hosts ?? {}).every((zone) => others.some(({ hosts }) => (hosts?.[zone] ?? 0) > 0))
}

function dataCentresFor(company: SyntheticCompany, tier: string): string[] {
  return sitesOf(company, 'data-centre').filter((dc) => Object.values(racksOf(company, dc)).some(({ hosts }) => (hosts?.[tier] ?? 0) > 0))
}

/** Whether the word names a replica of the service beyond the first `kept`. */
function isReplica(word: string, service: string, kept: number): boolean {
  return word.startsWith(`${service}-`) && /^\d+$/.test(word.slice(service.length + 1)) && Number(word.slice(service.length + 1)) > kept
}

/** Whether the words name one of these circuits (`site/id`), or a tunnel over it (`site/id-hub-id`); in its own site's scope each goes without its site. */
function isCircuit(circuits: ReadonlySet<string>, scope: string, words: readonly string[]): boolean {
  const names = words.map((word) => (word.includes('/') ? word : `${scope}/${word}`))
  return [...circuits].some((circuit) =>
    names.some((name) => name === circuit || name.startsWith(`${circuit}-`) || name.endsWith(`-${circuit.replace('/', '-')}`)),
  )
}

/** Whether it is the key of a device that may have ended its last tunnel. */
function isKey([kind]: readonly string[]): boolean {
  return kind === 'key'
}

/** Whether the words name an address under which the service is balanced. */
function isBalanced([kind, ...words]: readonly string[], service: string): boolean {
  return kind === 'public' ? words[0] === service : words.includes(`service/${service}`)
}

/** The same company with its lists and mappings in another order. A list of two numbers is a place on earth, and stays. */
export function shuffled(company: SyntheticCompany, roll: (below: number) => number): SyntheticCompany {
  const mix = <T>(items: readonly T[]): T[] => {
    const rest = [...items]
    return items.map(() => rest.splice(roll(rest.length), 1)[0]!)
  }
  const deep = (value: unknown): unknown => {
    if (Array.isArray(value)) return mix(value).map(deep)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(mix(Object.entries(value)).map(([key, member]) => [key, deep(member)]))
  }
  const lines = company.files['company.ts']!.split('\n')
  const isStatement = (line: string) => /^(allow|waive)\(/.test(line)
  const [head, statements] = [lines.filter((line) => !isStatement(line)), lines.filter(isStatement)]
  const listed = head.map((line) =>
    line.replace(/(standards: \[|zones\(\{ )(.+)( \}\)|\],)$/, (_, open, items, close) => open + mix(String(items).split(', ')).join(', ') + close),
  )
  return {
    sites: deep(company.sites) as SyntheticCompany['sites'],
    services: deep(company.services) as SyntheticCompany['services'],
    files: { ...company.files, 'company.ts': [...listed, ...mix(statements), ''].join('\n') },
  }
}

/** A kind of edit with the numbers it picks by. */
export function applyEdit(company: SyntheticCompany, kind: string, seed: number): Edited | undefined {
  return EDITS[kind]!(company, dice(seed))
}
