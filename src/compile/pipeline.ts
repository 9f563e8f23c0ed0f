/**
 * The compiler, in one place. Facts and standards become asks; each pass answers some of them; what comes out is a design and the ledger that keeps its allocations.
 *
 * A stage is a map of slices, one a site. A slice is remembered by what it was made from ({@link remember}), so an edit compiles again only what it touches. A stage
 * reports all that is wrong and then the compiler stops: no pass sees the output of a broken one.
 */
import { type Diagnostic, type Result, result } from '#base/diagnostic.ts'
import { byName, sortedBy } from '#base/order.ts'
import type { Origin, Place } from '#base/place.ts'
import type { Design } from '#design/design.ts'
import type { Ledger, Scope } from '#ledger/ledger.ts'
import { renameInLedger } from '#ledger/rename.ts'
import { updateScope } from '#ledger/update.ts'
import type { Call } from '#standards/authoring/asks.ts'
import { zonesOf, zonesPlace } from '#standards/authoring/company.ts'
import { type Addressed, addressSite } from './address/address-site.ts'
import { demandOf } from './address/demand.ts'
import { planCompany, type SiteWants } from './address/plan-company.ts'
import { admitSite } from './admit/admit-site.ts'
import { askCompany } from './ask/ask-company.ts'
import { askSite } from './ask/ask-site.ts'
import { checkAsked } from './ask/check-asked.ts'
import { checkRequirements } from './ask/check-requirements.ts'
import { assembleSite } from './assemble/assemble-site.ts'
import { serviceNodes } from './assemble/services.ts'
import { checkTotals, totalsOf } from './assemble/totals.ts'
import { balanceSite, balancingOf } from './balance/balance-site.ts'
import { cableSite } from './cable/cable-site.ts'
import { checkAbilities } from './can/check-abilities.ts'
import { checkNames } from './check.ts'
import { checkCompany } from './check-company.ts'
import type { Company, Site } from './company.ts'
import { connectSite } from './connect/connect-site.ts'
import { neighborsOf } from './connect/neighbors.ts'
import { type ClaimedEntry, type Held, holdings } from './holdings.ts'
import { linksBySite, type Wanted } from './join.ts'
import { manageSite } from './manage/manage-site.ts'
import { intern, type Memo, remember } from './memo.ts'
import { nameSite, namesOf, resolversAt } from './name/name-site.ts'
import { placeSite } from './place/place-site.ts'
import { renamesOf } from './renames.ts'
import { routeSite } from './route/route-site.ts'
import { flowsOf, type SiteSpots } from './secure/flows.ts'
import { managementZone, saidBy } from './secure/said.ts'
import { publicsOf, secureSite } from './secure/secure-site.ts'
import { serveSite } from './serve/serve-site.ts'
import { addressesOf, locatedOf, replicasBySite } from './services.ts'
import { type Stage, stages } from './stage.ts'

/** What a compile makes. */
export interface Compiled {
  readonly design: Design
  readonly ledger: Ledger
}

/** Where things that origins name were said. There whether or not the compile succeeds, since errors are told by origin. */
export interface Said {
  /** Calls of the authoring API. */
  readonly calls: Map<Origin, Call>
  /** Statements of the company. */
  readonly statements: Map<Origin, Statement>
}

/** A statement of the company: where it stands, what it says, and the reason given there. */
export interface Statement {
  readonly place: Place
  readonly text: string
  readonly note?: string
}

/**
 * Entries that rest in quarantine when they are freed. A pulled cable frees its port and a removed server its units at once; addresses and numbers linger in other people's tables, and the private half
 * of a key where it is kept: the tunnel that comes back finds both.
 */
const LINGERS = new Set(['key', 'public', 'block', 'asn', 'space', 'segment', 'vlan', 'host', 'infrastructure', 'zone'])

const NOTHING: Scope = new Map()

/** Compiles `company` with the allocations of `ledger`. `date` (YYYY-MM-DD) is the day on which what is no longer wanted is freed. */
export function compile(company: Company, before: Ledger, date: string, memo: Memo): { readonly outcome: Result<Compiled>; readonly said: Said } {
  const said: Said = { calls: new Map(), statements: statementsOf(company) }
  return { outcome: compileInto(said, company, before, date, memo), said }
}

function compileInto(said: Said, company: Company, before: Ledger, date: string, memo: Memo): Result<Compiled> {
  const diagnostics: Diagnostic[] = []
  const failed = () => diagnostics.some((diagnostic) => diagnostic.severity === 'error')
  const stop = (): Result<Compiled> => ({ ok: false, diagnostics: unique(diagnostics) })
  const collect = <T extends { readonly diagnostics: readonly Diagnostic[] }>(slice: T): T => {
    diagnostics.push(...slice.diagnostics)
    return slice
  }
  const broken = (slices: Stage<{ readonly diagnostics: readonly Diagnostic[] }>) => {
    for (const slice of slices.values()) collect(slice)
    return failed()
  }
  const { declaration } = company
  const read = sortedBy(company.sites, (site) => site.name)
  const sites = read.map(({ name, file, facts, standard }) => {
    const { name: of, version, kind } = standard
    return intern<Site>(memo, `site ${name}`, { name, file, facts, standard: { name: of, version, kind } })
  })
  const { stage, gather } = stages(memo, sites)

  diagnostics.push(...checkCompany(company), ...checkNames(company, memo))
  if (failed()) return stop()

  // Ask: what the standards want. Company standards come second, because they attach to what site standards export.
  const zones = intern(memo, 'zones', new Set(zonesOf(declaration.zones).map((zone) => zone.name)))
  const note = <T extends { readonly calls: readonly Call[] }>(of: T): T => {
    for (const call of of.calls) said.calls.set(call.origin, call)
    return of
  }
  const asked = new Map(read.map((site) => [site.name, collect(note(remember(memo, 'ask', site.name, [site, zones], () => askSite(site, zones))))]))
  if (failed()) return stop()
  const asks = gather('asks', (site) => asked.get(site.name)!.asks)
  const attachments = intern(
    memo,
    'attachments',
    [...asks.values()].flatMap((of) => of.attachments),
  )
  const fileOf = (name: string) => sites.find((site) => site.name === name)!.file
  const companyAsked = declaration.standards.flatMap((standard) =>
    standard.scope === 'company'
      ? [collect(note(remember(memo, 'ask company', standard.name, [standard, attachments], () => askCompany(standard, attachments, fileOf))))]
      : [],
  )
  diagnostics.push(...checkAsked(declaration, asks, companyAsked))
  const insisted = companyAsked.flatMap(({ requirements }) => requirements)
  const requirements = new Map(sites.map(({ name }) => [name, [...asks.get(name)!.requirements, ...insisted.filter(({ site }) => site === name)]]))
  diagnostics.push(...checkRequirements(declaration, requirements, date))
  if (failed()) return stop()

  const between = companyAsked.map(({ links }) => links)
  const renames = intern(memo, 'renames', renamesOf(sites, asks, between, company.services))
  const ledger = remember(memo, 'renamed', '', [before, renames], () => renameInLedger(before, renames))
  const scopeOf = (name: string) => intern(memo, `scope ${name}`, ledger.get(name) ?? NOTHING)
  const held = stage('holdings', { scope: gather('scope', (site) => scopeOf(site.name)) }, (_site, { scope }) => holdings(scope))

  // Join: what is wanted of each site by all of them, and by the services that run there.
  const links = linksBySite(between)
  const { replicas, balanced: balancedAt, claims: companyClaims } = collect(replicasBySite(company.services, sites, scopeOf('company')))
  const wanted = gather('wanted', (site): Wanted => {
    const of = asks.get(site.name)!
    return {
      asks: of,
      links: [...of.links.map((link) => ({ owner: site.name, link })), ...(links.get(site.name) ?? [])],
      replicas: replicas.get(site.name) ?? [],
      balanced: balancedAt.get(site.name) ?? [],
    }
  })

  // Place and cable, each site on its own.
  const choices = intern(memo, 'hardware', {
    catalog: company.catalog,
    hardware: declaration.hardware ?? {},
    platforms: declaration.platforms ?? {},
    targets: company.targets.map((target) => target.name),
  })
  const placed = stage('place', { asks, held }, (site, of) => placeSite(site, of, choices), choices)
  if (broken(placed)) return stop()
  const cabled = stage('cable', { wanted, placed, held }, cableSite)
  if (broken(cabled)) return stop()

  // Address: first what belongs to the company (a block and AS numbers for each site), then inside each site.
  const wants = intern(memo, 'wants', [...stage('wants', { wanted, held }, wantsOf).values()])
  const addressing = intern(memo, 'addressing', declaration.addressing)
  const plan = collect(remember(memo, 'plan', '', [wants, ledger, addressing], () => planCompany(wants, ledger, addressing)))
  if (failed()) return stop()
  const numbers = gather('numbers', (site) => plan.numbers.get(site.name)!)
  const addressed = stage('address', { wanted, numbers, held }, addressSite)
  if (broken(addressed)) return stop()

  // Connect and route: the other end of a circuit is all that a site reads of another.
  const neighbors = gather('neighbors', (site) => neighborsOf(site.name, wanted.get(site.name)!, { placed, cabled, addressed, numbers }))
  const ours = addressesOf(declaration.baseline?.resolvers, addressed)
  const resolvers = intern(memo, 'resolvers', { ours, strangers: declaration.baseline?.strangersResolvers ?? [] })
  const clocks = intern(memo, 'clocks', addressesOf(declaration.baseline?.clocks, addressed))
  const servers = intern(memo, 'authenticators', addressesOf(declaration.baseline?.authenticators, addressed))
  const told = intern(memo, 'told', { resolvers, authenticates: servers.length > 0 })
  const connected = stage('connect', { wanted, placed, cabled, addressed, numbers, neighbors }, (site, of) => connectSite(site, of, told), told)
  const spaceOf = (prefixes: readonly string[]) => prefixes.map((prefix) => ({ prefix, why: ['company addressing'] }))
  const space = intern(memo, 'space', { v4: spaceOf(declaration.addressing.v4), v6: spaceOf(declaration.addressing.v6) })
  const { baseline } = declaration
  const [bastions, monitors] = [locatedOf(baseline?.bastions, addressed), locatedOf(baseline?.monitors, addressed)]
  const operators = intern(memo, 'operators', { zone: managementZone(declaration), bastions, monitors })
  const contact = (baseline && declaration.teams?.[baseline.owner]?.contact) ?? baseline?.owner ?? declaration.name
  const logs = addressesOf(baseline?.logs, addressed)
  const managing = intern(memo, 'managing', {
    resolvers: ours,
    clocks,
    logs,
    monitors: monitors.map(({ address }) => address),
    bastions: bastions.map(({ address }) => address),
    contact,
    why: baseline ? ['company baseline'] : [],
  })
  const serving = intern(memo, 'serving', { domain: declaration.domain, resolvers, clocks, follows: [...space.v4, ...space.v6].map(({ prefix }) => prefix) })
  const routed = stage('route', { wanted, placed, connected, addressed, numbers }, (site, of) => routeSite(site, of, space), space)

  // Secure: the flows that policies and needs allow, and the rules that each filter makes of them.
  const spots = gather('spots', (site) => spotsOf(addressed.get(site.name)!, wanted.get(site.name)!))
  const stated = intern(memo, 'stated', saidBy(company))
  const flows = remember(memo, 'flows', '', [stated, ...spots.values()], () => flowsOf(stated, spots))
  const publics = intern(memo, 'publics', publicsOf(sites))
  const secured = stage(
    'secure',
    { wanted, placed, addressed, connected },
    (site, of) => secureSite({ site, ...of }, flows, space, operators, publics),
    flows,
    space,
    operators,
    publics,
  )

  // Serve and balance: what devices do for hosts beside passing their packets on.
  const managed = stage('manage', { placed, connected }, (site, of) => manageSite(site, of, managing), managing)
  const admission = intern(memo, 'admission', { servers, company: declaration.name.toLowerCase().replaceAll(' ', '-'), why: ['company baseline'] })
  const admitted = stage('admit', { wanted, cabled, addressed, connected }, (site, of) => admitSite(site, of, admission), admission)
  const named = stage('name', { addressed, connected }, (site, of) => nameSite(site, of, declaration.domain), declaration.domain)
  const hostnames = intern(
    memo,
    'hostnames',
    Object.fromEntries(company.services.flatMap(({ name, facts: { balanced } }) => (balanced ? [[name, balanced.hostname]] : []))),
  )
  const records = remember(memo, 'names', declaration.domain, [hostnames, ...named.values()], () => namesOf(named.values(), hostnames, declaration.domain))
  const answering = intern(memo, 'answering', { service: declaration.baseline?.resolvers, domain: declaration.domain, records, space })
  const resolving = stage('resolve', { addressed }, (_site, of) => resolversAt(of, answering), answering)
  const served = stage('serve', { wanted, addressed, connected }, (site, of) => serveSite(site, of, serving), serving)
  const facts = intern(memo, 'balancing', company.services.map(balancingOf))
  const balanced = stage('balance', { wanted, addressed }, (site, of) => balanceSite(site, of, facts), facts)

  // Assemble: one frozen slice a site, and whether its targets can do what it wants.
  const { domain } = declaration
  const slicesOf = { wanted, placed, cabled, addressed, connected, routed, secured, served, balancing: balanced, managed, resolving, admitted, neighbors }
  const designed = stage('assemble', slicesOf, (site, of) => assembleSite(site, of, domain, memo), domain)
  for (const found of stage('abilities', { designed }, (_site, of) => checkAbilities(of.designed, company.targets), choices).values())
    diagnostics.push(...found)
  if (failed()) return stop()

  const slices = [...designed.values()]
  const services = serviceNodes(company.services, addressed)
  const totals = totalsOf(company, slices)
  diagnostics.push(...checkTotals(declaration, totals))
  if (failed()) return stop()
  const design: Design = { kind: 'design', company: declaration.name, domain: declaration.domain, sites: slices, services, totals }

  // Settle: what was claimed is kept, what is claimed no longer is freed.
  const scopes = new Map<string, Scope>()
  const settle = (scope: string, ...claims: readonly (readonly ClaimedEntry[])[]) => {
    const after = remember(memo, 'settle', scope, [scopeOf(scope), date, ...claims], () => settled(scopeOf(scope), claims.flat(), date))
    if (after.size > 0) scopes.set(scope, after)
  }
  settle('company', intern(memo, 'replicas', companyClaims))
  for (const { name } of sites) settle(name, ...[numbers, placed, cabled, addressed].map((stage) => stage.get(name)!.claims))
  for (const scope of [...ledger.keys()].sort(byName)) if (!scopes.has(scope)) settle(scope)

  return result({ design, ledger: intern<Ledger>(memo, 'ledger', scopes) }, unique(diagnostics))
}

function settled(before: Scope, claims: readonly ClaimedEntry[], date: string): Scope {
  const claimed = new Map(claims.map(({ key, value, state }) => [key, { value, state }]))
  return updateScope(before, claimed, { date, quarantined: (entry) => LINGERS.has(entry.key.slice(0, entry.key.indexOf(' '))) })
}

function wantsOf(site: Site, { wanted, held }: { readonly wanted: Wanted; readonly held: Held }): SiteWants {
  const names = new Map(wanted.asks.devices.flatMap((device) => (device.asn === undefined ? [] : [[device.asn, device.why[0]] as const])))
  return { site, v4: demandOf(site, wanted, held).total, asns: [...names].map(([name, origin]) => ({ name, origin })) }
}

function spotsOf({ zones, segments, replicas, services, hosts }: Addressed, { asks }: Wanted): SiteSpots {
  const devices = new Set(asks.balancers.flatMap(({ devices }) => devices))
  const balancers = [...hosts].flatMap(([name, { v4, v6, why }]) => (devices.has(name) ? [`${v4}/32`, `${v6}/128`].map((prefix) => ({ prefix, why })) : []))
  const zone = asks.devices.find(({ name }) => devices.has(name))?.zone
  return { zones, segments, replicas, services, balancers, ...(zone === undefined ? {} : { balancerZone: zone }) }
}

function statementsOf({ declaration }: Company): Said['statements'] {
  const statements = new Map<Origin, Statement>()
  for (const { id, place, why, owner } of declaration.policies) statements.set(`policy ${id}`, { place, text: `allow ${id}`, note: `${why} (${owner})` })
  for (const { id, place, why } of declaration.expectations)
    statements.set(`expectation ${id}`, { place, text: id, ...(why === undefined ? {} : { note: why }) })
  const zonesAt = zonesPlace(declaration.zones)
  if (zonesAt) {
    statements.set('company zones', { place: zonesAt, text: 'the company’s zones' })
    for (const { name } of zonesOf(declaration.zones)) statements.set(`zone ${name}`, { place: zonesAt, text: `the zone ${name}` })
  }
  if (declaration.place) {
    statements.set('company baseline', { place: declaration.place, text: 'how devices are run' })
    statements.set('company addressing', { place: declaration.place, text: 'the company’s address space' })
    for (const name of Object.keys(declaration.externals ?? {})) statements.set(`external ${name}`, { place: declaration.place, text: `the external ${name}` })
  }
  return statements
}

/** Each diagnostic once: several slices may have stumbled over the same thing. */
function unique(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>()
  return diagnostics.filter((diagnostic) => {
    const key = JSON.stringify([diagnostic.code, diagnostic.message, diagnostic.place, diagnostic.origin])
    return !seen.has(key) && seen.add(key)
  })
}
