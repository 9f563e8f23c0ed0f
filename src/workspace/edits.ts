/** Edits of what the company says that may open a way: a word more in a statement that there is, or a statement more. */
import { contains, familyOf, prefixOf } from '#base/ip.ts'
import type { Origin } from '#base/place.ts'
import { type Company, factOrigin } from '#compile/company.ts'
import type { Design } from '#design/design.ts'
import { type Endpoint, type Policy, policyOrigin, showEndpoint } from '#model/policy.ts'
import { type Service, showService } from '#model/port.ts'
import { type Asked, serviceOf } from '#proofs/between.ts'
import type { Spot } from '#proofs/intent/flows.ts'
import { endpointOf, segmentOf } from '#proofs/intent/named.ts'
import type { Proof } from '#proofs/proof.ts'

/** An edit, not made. */
export interface Edit {
  /** As it stands in the source then. A new statement is without why and by whom. */
  readonly code: string
  /** What stands there now; absent for a new statement, and where nothing is said. */
  readonly was?: string
  /** The statement or the fact that is edited; absent for a new statement. */
  readonly of?: Origin
  /** The company with it. */
  readonly company: Company
}

/** Edits of what there is, the smallest first: a need of a service, a port of a policy, a site of a policy. Of each sort in the order in which they stand in the sources. */
export function wideningsFor(proof: Proof, asked: Asked): readonly Edit[] {
  const { company, design, intent } = proof
  const [from, to] = [endpointOf(design, asked.from), endpointOf(design, asked.to)]
  if (!from || !to) return []
  const service = serviceOf(proof, asked)
  const { policies } = company.declaration
  const isFrom = (policy: Policy) => isWithin(intent.side(from), intent.side(policy.from))
  const isTo = (policy: Policy) => isWithin(intent.target(to), intent.target(policy.to))
  const said = ({ to: receiver, services }: Policy) => (services.length > 0 || receiver.kind !== 'service' ? services : intent.listens(receiver.service))
  const edited = (policy: Policy, change: Partial<Policy>, code: string, was: string | undefined): Edit => ({
    code,
    ...(was === undefined ? {} : { was }),
    of: policyOrigin(policy),
    company: withPolicies(
      company,
      policies.map((one) => (one === policy ? { ...one, ...change } : one)),
    ),
  })
  const ports = policies.filter((policy) => isFrom(policy) && isTo(policy) && said(policy).length > 0 && !allows(said(policy), service))
  const segment = from.kind === 'segment' ? segmentOf(design.sites, from.segment)! : undefined
  const sites = segment === undefined ? [] : policies.filter((policy) => isTo(policy) && isOfZone(policy.from, segment.zone) && isMeant(said(policy), service))
  return [
    ...needsFor(proof, from, to, service),
    ...ports.map((policy) => {
      const services = [...said(policy), service]
      return edited(policy, { services }, codeOfPorts(services), policy.services.length > 0 ? codeOfPorts(policy.services) : undefined)
    }),
    ...sites.flatMap((policy) => {
      const { from: sender } = policy
      if (sender.kind !== 'zone' || !sender.at) return []
      const wider: Endpoint = { ...sender, at: [...sender.at, segment!.id.slice(0, segment!.id.indexOf('/'))] }
      return [edited(policy, { from: wider }, codeOfEndpoint(wider), codeOfEndpoint(sender))]
    }),
  ]
}

/** Statements that are new, from the narrowest that policies can say to the widest. */
export function policiesFor(proof: Proof, asked: Asked): readonly Edit[] {
  const { company, design, intent } = proof
  const to = endpointOf(design, asked.to)
  if (!to) return []
  const service = serviceOf(proof, asked)
  const [listened, ...others] = to.kind === 'service' ? intent.listens(to.service) : []
  // What a service listens on need not be said.
  const services = listened && others.length === 0 && showService(listened) === showService(service) ? [] : [service]
  const { policies, teams } = company.declaration
  // Somebody whom the company knows: who it is to be is for whoever states it.
  const owner = policies[0]?.owner ?? Object.keys(teams ?? {})[0] ?? ''
  return sendersOf(design, asked.from).map((from) => {
    const id = `${showEndpoint(from)} → ${showEndpoint(to)}${services.map((port) => ` ${showService(port)}`).join('')}`
    const policy: Policy = { id, from, to, services, why: '', owner, place: { file: 'company.ts', line: 1, column: 1 } }
    const ports = services.length > 0 ? `, ${codeOfPorts(services)}` : ''
    return {
      code: `allow({ from: ${codeOfEndpoint(from)}, to: ${codeOfEndpoint(to)}${ports}, why: '…', owner: '…' })`,
      company: withPolicies(company, [...policies, policy]),
    }
  })
}

/** A need of the service that asks, where the other one listens on that. */
function needsFor({ company, intent }: Proof, from: Endpoint, to: Endpoint, service: Service): readonly Edit[] {
  if (from.kind !== 'service' || to.kind !== 'service' || from.service === to.service || !allows(intent.listens(to.service), service)) return []
  const asking = company.services.find(({ name }) => name === from.service)!
  const { needs } = asking.facts
  const more = [...(needs ?? []), to.service]
  const services = company.services.map((one) => (one === asking ? { ...one, facts: { ...one.facts, needs: more } } : one))
  const code = (names: readonly string[]) => `needs: [${names.join(', ')}]`
  return [{ code: code(more), ...(needs ? { was: code(needs) } : {}), of: factOrigin(asking.file, 'needs'), company: { ...company, services } }]
}

function withPolicies(company: Company, policies: readonly Policy[]): Company {
  return { ...company, declaration: { ...company.declaration, policies } }
}

/** Whether all that some have is others' too. */
function isWithin(spots: readonly Spot[], others: readonly Spot[]): boolean {
  return (
    spots.length > 0 &&
    spots.every(({ prefix }) => others.some((other) => familyOf(other.prefix) === familyOf(prefix) && contains(prefixOf(other.prefix), prefixOf(prefix))))
  )
}

/** Whether a policy is for some sites of a zone. */
function isOfZone(endpoint: Endpoint, zone: string): boolean {
  return endpoint.kind === 'zone' && endpoint.zone === zone && endpoint.at !== undefined
}

/** Whether one of these is for all that is asked. */
function allows(services: readonly Service[], { protocol, ports }: Service): boolean {
  return services.some((one) => one.protocol === protocol && (!one.ports || !ports || (one.ports[0] <= ports[0] && ports[1] <= one.ports[1])))
}

/** The same of what a policy says, to which nothing means everything. */
function isMeant(services: readonly Service[], service: Service): boolean {
  return services.length === 0 || allows(services, service)
}

/** The same for who sends, and after it the wider ones that hold it: its zone at its site, and everywhere. */
function sendersOf(design: Design, name: string): readonly Endpoint[] {
  const own = endpointOf(design, name)
  if (own?.kind !== 'segment') return own ? [own] : []
  const { id, zone } = segmentOf(design.sites, own.segment)!
  return [own, { kind: 'zone', zone, at: [id.slice(0, id.indexOf('/'))] }, { kind: 'zone', zone }]
}

function portText({ protocol, ports }: Service): string {
  if (!ports) return protocol
  const [first, last] = ports
  return `${first === last ? first : `${first}-${last}`}/${protocol}`
}

function codeOfPorts(services: readonly Service[]): string {
  return `ports: [${services.map((service) => `'${portText(service)}'`).join(', ')}]`
}

function codeOfEndpoint(endpoint: Endpoint): string {
  const zone = (name: string) => (/^[a-z]\w*$/i.test(name) ? `zone.${name}` : `zone['${name}']`)
  switch (endpoint.kind) {
    case 'segment':
      return `segment('${endpoint.segment}')`
    case 'service':
      return `service('${endpoint.service}')`
    case 'external':
      return `external('${endpoint.external}')`
    case 'inside':
      return 'zone.inside'
    case 'zone':
      return endpoint.at ? `at(${zone(endpoint.zone)}, ${endpoint.at.map((site) => `'${site}'`).join(', ')})` : zone(endpoint.zone)
  }
}
