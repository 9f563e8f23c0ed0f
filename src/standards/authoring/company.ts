/**
 * What `company.ts` is written with. Statements (`allow`, `forbid`, `expect`) may stand in any file that `company.ts` imports; they are collected while the company
 * is loaded, so that none can be declared and then forgotten.
 */
import { diagnose, Refusal } from '#base/diagnostic.ts'
import type { Place } from '#base/place.ts'
import type { Totals } from '#design/design.ts'
import { NAME_PATTERN } from '#model/fact.ts'
import {
  type Addressing,
  type Claim,
  type Endpoint,
  type Expectation,
  type External,
  type FailureKind,
  type Policy,
  RESERVED_ZONES,
  showEndpoint,
  type Team,
  type Waiver,
  type Zone,
} from '#model/policy.ts'
import { parsePort, showService } from '#model/port.ts'
import { authoredAt } from './call.ts'
import type { CompanyStandard, Standard } from './standard.ts'

/** What the company says of itself. */
export interface CompanyParts {
  /** The DNS domain under which devices are named. */
  readonly domain: string
  readonly people?: number
  readonly zones: ZoneBook<string>
  readonly addressing: Addressing
  /** The standards in use: built-in ones, and the company's own; several versions of one as a list. */
  readonly standards: readonly (Standard | CompanyStandard | readonly Standard[])[]
  readonly teams?: Readonly<Record<string, Omit<Team, 'name'>>>
  readonly externals?: Readonly<Record<string, Omit<External, 'name'>>>
  /** Device type by role, where the company differs from the built-in choice. */
  readonly hardware?: Readonly<Record<string, string>>
  /** Targets by role, where the company differs from the built-in choice. */
  readonly platforms?: Readonly<Record<string, readonly string[]>>
  readonly baseline?: Baseline
  /** What the totals must come to; the build fails when they do not. */
  readonly totals?: Partial<Totals>
}

/** How devices are run: the services that they use and that use them, by name. What of them is named may pass between them and the management zone; nothing else reaches that. */
export interface Baseline {
  /** The team that answers for it. */
  readonly owner: string
  /** The zone that devices are run in; `management` if not said. */
  readonly zone?: string
  /** Who answers names, which hosts are told too. */
  readonly resolvers?: string
  /** Addresses of resolvers outside, which strangers are told of. */
  readonly strangersResolvers?: readonly string[]
  /** Who tells the time, which hosts are told too. */
  readonly clocks?: string
  /** Who keeps logs. */
  readonly logs?: string
  /** Who watches over SNMP. */
  readonly monitors?: string
  /** Who decides whom ports and wireless networks let in (RADIUS). Without, there are no wireless networks, and every port lets in whatever is plugged in. */
  readonly authenticators?: string
  /** From where people log in. */
  readonly bastions?: string
}

/** A company as declared: its parts, and the statements about it. */
export interface CompanyDeclaration extends Omit<CompanyParts, 'standards'> {
  readonly name: string
  readonly standards: readonly (Standard | CompanyStandard)[]
  readonly place: Place | undefined
  readonly policies: readonly Policy[]
  readonly expectations: readonly Expectation[]
  readonly waivers: readonly Waiver[]
}

/** Zones by name, to be used as the sides of policies: `zone.users`, and `zone.inside` for all of them. */
export type ZoneBook<N extends string> = Readonly<Record<N | 'inside', Endpoint>> & {
  readonly [declared]: { readonly zones: readonly Zone[]; readonly place: Place | undefined }
}

const declared = Symbol('zones')

/** The zones of a book. */
export function zonesOf(book: ZoneBook<string>): readonly Zone[] {
  return book[declared].zones
}

/** Where the zones of a book are declared. */
export function zonesPlace(book: ZoneBook<string>): Place | undefined {
  return book[declared].place
}

interface Statements {
  readonly policies: Policy[]
  readonly expectations: Expectation[]
  readonly waivers: Waiver[]
  company?: Omit<CompanyDeclaration, 'policies' | 'expectations' | 'waivers'>
}

let collecting: Statements | undefined

/** Runs `load` (which imports `company.ts`) and returns the company that it declared; undefined if it declared none. */
export async function collectCompany(load: () => Promise<unknown>): Promise<CompanyDeclaration | undefined> {
  const statements: Statements = { policies: [], expectations: [], waivers: [] }
  collecting = statements
  try {
    await load()
  } finally {
    collecting = undefined
  }
  const { company, ...said } = statements
  return company && { ...company, ...said }
}

function statements(what: string, below: unknown): Statements {
  if (collecting) return collecting
  throw new Refusal([diagnose('statement-out-of-place', { what }, { place: authoredAt(below)[0] })])
}

/** Declares the company. */
export function company(name: string, parts: CompanyParts): void {
  const place = authoredAt(company)[0]
  const to = statements('company()', company)
  if (to.company) throw new Refusal([diagnose('two-companies', { name }, { place, notes: [{ message: 'declared first here', place: to.company.place }] })])
  to.company = { name, place, ...parts, standards: parts.standards.flat() }
}

/** Declares the zones: `const zone = zones({ users: { title: 'desks' }, guest: {} })`. */
export function zones<const N extends string>(named: Readonly<Record<N, Omit<Zone, 'name'>>>): ZoneBook<N> {
  const place = authoredAt(zones)[0]
  const list = Object.entries<Omit<Zone, 'name'>>(named).map(([name, zone]) => ({ name, ...zone }))
  const reserved = list.find(({ name }) => (RESERVED_ZONES as readonly string[]).includes(name) || !NAME_PATTERN.test(name))
  if (reserved) throw new Refusal([diagnose('bad-zone-name', { name: reserved.name }, { place, value: reserved.name })])
  const book = Object.fromEntries(Object.keys(named).map((zone): [string, Endpoint] => [zone, { kind: 'zone', zone }]))
  return {
    ...book,
    inside: { kind: 'inside' },
    [declared]: { zones: list, place },
  } as unknown as ZoneBook<N>
}

/** A service, as the side of a policy. */
export function service(name: string): Endpoint {
  return { kind: 'service', service: name }
}

/** Someone outside, as the side of a policy. */
export function external(name: string): Endpoint {
  return { kind: 'external', external: name }
}

/** One segment, `ber-office/users-3`, as the side of a policy. */
export function segment(id: string): Endpoint {
  return { kind: 'segment', segment: id }
}

/** A zone at some sites only: `at(zone.users, 'ber-office')`. */
export function at(zone: Endpoint, ...sites: readonly string[]): Endpoint {
  return zone.kind === 'zone' ? { ...zone, at: sites } : zone
}

/** Allows new flows from one side to the other: makes rules, and the expectation that they work. Without `ports`, those that the service listens on. */
export function allow(parts: { from: Endpoint; to: Endpoint; ports?: readonly string[]; why: string; owner: string }): void {
  const place = authoredAt(allow)[0]!
  const services = (parts.ports ?? []).map((text) => {
    const port = parsePort(text)
    if (!port) throw new Refusal([diagnose('bad-port', {}, { place, value: text, allowed: ['443/tcp', '8000-8099/udp', 'icmp'] })])
    return port
  })
  const id = `${showEndpoint(parts.from)} → ${showEndpoint(parts.to)}${services.length ? ` ${services.map(showService).sort().join(' ')}` : ''}`
  const { policies } = statements('allow()', allow)
  const before = policies.find((policy) => policy.id === id)
  if (before) throw new Refusal([diagnose('duplicate-policy', { id }, { place, notes: [{ message: 'stated first here', place: before.place }] })])
  policies.push({ id, from: parts.from, to: parts.to, services, why: parts.why, owner: parts.owner, place })
}

/** Excuses a site from a requirement of its standard until a day, both included. When the day has passed, it is an error again. */
export function waive(parts: { site: string; requirement: string; why: string; owner: string; until: string }): void {
  const place = authoredAt(waive)[0]!
  const { waivers } = statements('waive()', waive)
  for (const name of ['site', 'requirement', 'why', 'owner', 'until'] as const) {
    // Types say so, and are checked beside this.
    if (typeof parts[name] !== 'string' || parts[name] === '') throw new Refusal([diagnose('missing-fact', { name, what: 'a waiver' }, { place })])
  }
  const before = waivers.find(({ site, requirement }) => site === parts.site && requirement === parts.requirement)
  if (before) {
    const words = { requirement: parts.requirement, site: parts.site }
    throw new Refusal([diagnose('duplicate-waiver', words, { place, notes: [{ message: 'stated first here', place: before.place }] })])
  }
  waivers.push({ ...parts, place })
}

/** Claims that nothing gets from one side to the other. Makes an expectation, no rule: all that is not allowed is denied anyway. */
export function forbid(parts: { from: Endpoint; to: Endpoint; why: string; owner?: string }): void {
  const claim: Claim = { kind: 'isolate', from: parts.from, to: parts.to }
  statements('forbid()', forbid).expectations.push({
    id: `forbid ${showClaim(claim)}`,
    claim,
    why: parts.why,
    ...(parts.owner ? { owner: parts.owner } : {}),
    place: authoredAt(forbid)[0]!,
  })
}

/** A claim being written: `reach(a, b).survives('any single circuit').through('firewall').ways(2)`. */
export interface ReachClaim {
  readonly claim: Claim
  survives(...failures: readonly `any single ${FailureKind}`[]): ReachClaim
  through(role: string): ReachClaim
  /** By so many equal ways at least, which differ in a device or a cable. */
  ways(least: number): ReachClaim
}

/** The claim that flows get from one side to the other. */
export function reach(from: Endpoint | string, to: Endpoint | string): ReachClaim {
  return claiming({ kind: 'reach', from: asEndpoint(from), to: asEndpoint(to) })
}

function claiming(claim: Extract<Claim, { kind: 'reach' }>): ReachClaim {
  return {
    claim,
    survives: (...failures) =>
      claiming({ ...claim, survives: [...(claim.survives ?? []), ...failures.map((failure) => failure.replace(/^any single /, '') as FailureKind)] }),
    through: (role) => claiming({ ...claim, through: role }),
    ways,
  }

  function ways(least: number): ReachClaim {
    if (!Number.isSafeInteger(least) || least < 1) {
      const words = { name: 'ways', what: 'a claim', expected: 'a whole number, 1 or more' }
      throw new Refusal([diagnose('wrong-value', words, { place: authoredAt(ways)[0], value: String(least) })])
    }
    return claiming({ ...claim, ways: least })
  }
}

/** States a claim as an expectation. */
export function expect(of: ReachClaim, parts: { why?: string; owner?: string } = {}): void {
  statements('expect()', expect).expectations.push({ id: `expect ${showClaim(of.claim)}`, claim: of.claim, ...parts, place: authoredAt(expect)[0]! })
}

function asEndpoint(side: Endpoint | string): Endpoint {
  return typeof side === 'string' ? segment(side) : side
}

function showClaim(claim: Claim): string {
  const sides = `${claim.kind} ${showEndpoint(claim.from)} → ${showEndpoint(claim.to)}`
  if (claim.kind === 'isolate') return sides
  const { survives = [], through, ways } = claim
  return [
    sides,
    ...survives.map((failure) => `survives any single ${failure}`),
    ...(through === undefined ? [] : [`through ${through}`]),
    ...(ways === undefined ? [] : [`by ${ways} ways`]),
  ].join(' ')
}
