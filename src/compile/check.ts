/** Names that the company uses are names that it declares; and no service needs itself, however far around. */
import { z } from 'zod'
import { type Diagnostic, diagnose } from '#base/diagnostic.ts'
import { byName } from '#base/order.ts'
import { suggest } from '#base/suggest.ts'
import { type Reference, referencesIn } from '#model/fact.ts'
import type { Endpoint } from '#model/policy.ts'
import { serviceFacts } from '#model/service.ts'
import { siteFacts } from '#model/site.ts'
import { zonesOf } from '#standards/authoring/company.ts'
import { type Standard, unknownZone } from '#standards/authoring/standard.ts'
import { type Company, factOrigin, type ServiceSite, type Site } from './company.ts'
import { type Memo, remember } from './memo.ts'

const schemas = new WeakMap<Standard, z.ZodObject>()

/** The schema of the facts of a site that is built to `standard`: those of every site, and its own. */
export function schemaOf(standard: Standard): z.ZodObject {
  const known = schemas.get(standard)
  if (known) return known
  const schema = z.strictObject({ ...siteFacts, ...standard.facts })
  schemas.set(standard, schema)
  return schema
}

/** A name that a fact uses. */
interface Used {
  readonly kind: Reference
  readonly name: string
  readonly path: readonly string[]
}

/** All names that don't exist, and all cycles of needs. */
export function checkNames(company: Company, memo: Memo): Diagnostic[] {
  const { declaration } = company
  const names: Record<Reference | 'external', ReadonlySet<string>> = {
    zone: new Set(zonesOf(declaration.zones).map((zone) => zone.name)),
    site: new Set(company.sites.map((site) => site.name)),
    service: new Set(company.services.map((service) => service.name)),
    team: new Set(Object.keys(declaration.teams ?? {})),
    external: new Set(Object.keys(declaration.externals ?? {})),
  }
  const diagnostics: Diagnostic[] = []
  const unknown = (kind: keyof typeof names, name: string, at: Pick<Diagnostic, 'origin' | 'place'>) => {
    if (!names[kind].has(name)) diagnostics.push(unknownName(kind, name, names[kind], at))
  }
  for (const used of company.sites.map((site) => ({
    of: site,
    refs: remember(memo, 'references', site.name, [site], () => referencesOf(schemaOf(site.standard), site)),
  }))) {
    for (const { kind, name, path } of used.refs) unknown(kind, name, { origin: factOrigin(used.of.file, ...path) })
  }
  for (const service of company.services) {
    for (const { kind, name, path } of remember(memo, 'references', `service ${service.name}`, [service], () => referencesOf(serviceFacts, service))) {
      unknown(kind, name, { origin: factOrigin(service.file, ...path) })
    }
  }
  const endpoint = (side: Endpoint, place: Diagnostic['place']) => {
    switch (side.kind) {
      case 'zone':
        unknown('zone', side.zone, { place })
        for (const site of side.at ?? []) unknown('site', site, { place })
        break
      case 'service':
        unknown('service', side.service, { place })
        break
      case 'external':
        unknown('external', side.external, { place })
        break
      case 'segment':
        unknown('site', side.segment.split('/')[0]!, { place })
        break
    }
  }
  for (const policy of declaration.policies) {
    endpoint(policy.from, policy.place)
    endpoint(policy.to, policy.place)
    unknown('team', policy.owner, { place: policy.place })
  }
  for (const { claim, place } of declaration.expectations) {
    endpoint(claim.from, place)
    endpoint(claim.to, place)
  }
  const { owner, zone, strangersResolvers: _addresses, ...services } = declaration.baseline ?? {}
  if (owner !== undefined) unknown('team', owner, { place: declaration.place })
  if (zone !== undefined) unknown('zone', zone, { place: declaration.place })
  for (const service of Object.values(services)) unknown('service', service, { place: declaration.place })
  for (const standard of declaration.standards) {
    if (standard.scope !== 'site') continue
    for (const own of standard.zones) {
      const zone = standard.zoneNames[own] ?? own
      if (!names.zone.has(zone)) diagnostics.push(unknownZone(standard, own, names.zone, declaration.place))
    }
  }
  return [...diagnostics, ...unopened(company), ...cyclesOfNeeds(company.services)]
}

/** There is no such thing of that name; perhaps another was meant. */
export function unknownName(kind: string, name: string, known: ReadonlySet<string>, at: Pick<Diagnostic, 'origin' | 'place'>): Diagnostic {
  const near = suggest(name, known)
  return diagnose('unknown-name', { kind, name }, { ...at, value: name, allowed: [...known].sort(byName), ...(near ? { fix: `did you mean "${near}"?` } : {}) })
}

function referencesOf(schema: z.ZodType, of: Site | ServiceSite): Used[] {
  return [...referencesIn(schema, of.facts)].map(({ kind, name, path }) => ({ kind, name, path: pathOfNames(of.facts, path) }))
}

/** A path with items of lists by their `id` or `name`, as origins have it. */
function pathOfNames(data: unknown, path: readonly PropertyKey[]): string[] {
  let at = data
  return path.map((key) => {
    const item = (at as Record<PropertyKey, unknown> | undefined)?.[key]
    const isItem = Array.isArray(at) && typeof item === 'object' && item !== null
    at = item
    return String(isItem ? ((item as { id?: string }).id ?? (item as { name?: string }).name ?? key) : key)
  })
}

/** Policies and needs that would open nothing, because the service that they lead to listens on nothing. */
function unopened({ declaration, services }: Company): Diagnostic[] {
  const silent = new Set(services.filter(({ facts }) => (facts.listens ?? []).length === 0).map(({ name }) => name))
  const policies = declaration.policies.flatMap(({ id, to, services: ports, place }) =>
    to.kind === 'service' && ports.length === 0 && silent.has(to.service) ? [{ who: `The policy "${id}"`, service: to.service, at: { place } }] : [],
  )
  const needs = services.flatMap(({ name, file, facts }) =>
    (facts.needs ?? []).flatMap((service, index) =>
      silent.has(service) ? [{ who: `The service ${name}`, service, at: { origin: factOrigin(file, 'needs', String(index)) } }] : [],
    ),
  )
  return [...policies, ...needs].map(({ who, service, at }) => diagnose('nothing-listens', { who, service }, { ...at, value: service }))
}

/** Services that need each other in a circle have no order in which they can start. Each circle is told once, from its first name. */
function cyclesOfNeeds(services: readonly ServiceSite[]): Diagnostic[] {
  const byServiceName = new Map(services.map((service) => [service.name, service]))
  const done = new Set<string>()
  const diagnostics: Diagnostic[] = []
  const visit = (name: string, trail: readonly string[]): void => {
    const at = trail.indexOf(name)
    if (at >= 0) {
      const circle = [...trail.slice(at), name]
      const last = byServiceName.get(trail[trail.length - 1]!)!
      diagnostics.push(diagnose('cycle-in-needs', { cycle: circle.join(' → ') }, { origin: factOrigin(last.file, 'needs'), value: name }))
      return
    }
    if (done.has(name)) return
    for (const needed of byServiceName.get(name)?.facts.needs ?? []) visit(needed, [...trail, name])
    done.add(name)
  }
  for (const service of [...services].sort((a, b) => byName(a.name, b.name))) visit(service.name, [])
  return diagnostics
}
