/** The smallest policy that would open a way that is closed: tried, by compiling the company with it and proving that, so that what else it would open or break is known. */
import { bitsOf, contains, familyOf, parseIp, prefixOf } from '#base/ip.ts'
import type { Design, SegmentNode } from '#design/design.ts'
import { type Endpoint, type Policy, showEndpoint } from '#model/policy.ts'
import { type Service, showService } from '#model/port.ts'
import { planReach, type ReachPlan } from '#planner/diff-reach.ts'
import { type Asked, waysBetween } from '#proofs/between.ts'
import { changeBetween } from '#proofs/change.ts'
import type { Flow, Spot } from '#proofs/intent/flows.ts'
import type { Proof, Verdict } from '#proofs/proof.ts'
import { claims } from '#proofs/properties/claims/claims.ts'
import { prove } from '#proofs/prove.ts'
import type { Prover } from './prove.ts'
import type { Built, Workspace } from './workspace.ts'

/** An edit that opens it. */
export interface Opening {
  /** As it stands in `company.ts`, but for why and by whom. */
  readonly code: string
  /** All that is otherwise then. */
  readonly reach: ReachPlan
  /** Claims that do not hold any more. */
  readonly breaks: readonly Verdict[]
}

/** Finds it, from the narrowest that policies can say to the widest; undefined where no policy opens it. `prover` has proved what is built. */
export function wouldOpen(workspace: Workspace, built: Built, prover: Prover, proof: Proof, asked: Asked): Opening | undefined {
  const to = endpointOf(built.design, asked.to)
  if (!to) return undefined
  const broken = new Set(prove(proof, [claims]).flatMap(({ id, holds }) => (holds ? [] : [id])))
  for (const from of sendersOf(built.design, asked.from)) {
    const policy = policyFrom(built, from, to, asked.service)
    const supposed = workspace.suppose(built, [policy])
    if (!supposed.ok) continue
    const then = prover(supposed.value)
    if (!then.ok) continue
    const found = waysBetween(then.value, asked)
    if ('nobody' in found || found.ways.length === 0 || found.ways.some(({ arrives }) => !arrives)) continue
    return {
      code: codeOf(policy),
      reach: planReach(built.design, supposed.value.design, changeBetween(proof, then.value)),
      breaks: prove(then.value, [claims]).filter(({ id, holds }) => !holds && !broken.has(id)),
    }
  }
  return undefined
}

/** The flow of the company that is nearest to what is asked: to the same receivers, and if there is none from the same senders. */
export function nearestFlow({ design, intent }: Proof, asked: Asked): Flow | undefined {
  const [from, to] = [endpointOf(design, asked.from), endpointOf(design, asked.to)]
  const shares = (endpoint: Endpoint | undefined, side: (endpoint: Endpoint) => readonly Spot[], of: (spot: Spot) => string) => {
    const near = new Set((endpoint ? side(endpoint) : []).map(of))
    return (spots: readonly Spot[]) => spots.some((spot) => near.has(of(spot)))
  }
  const zoneOf = ({ site, zone }: Spot) => `${site} ${zone}`
  const isFrom = shares(from, intent.side, zoneOf)
  const isTo = [shares(to, intent.target, ({ prefix }) => prefix), shares(to, intent.target, zoneOf)]
  const near =
    isTo.map((is) => intent.flows.filter((flow) => is(flow.to))).find((flows) => flows.length > 0) ?? intent.flows.filter((flow) => isFrom(flow.from))
  return near.find((flow) => isFrom(flow.from)) ?? near.find(({ from: senders, to: receivers }) => senders !== receivers) ?? near[0]
}

/** Who is called that, as policies say it. */
function endpointOf({ sites, services }: Design, name: string): Endpoint | undefined {
  if (name === 'internet') return { kind: 'external', external: 'internet' }
  if (services.some(({ id }) => id === `service/${name}`)) return { kind: 'service', service: name }
  if (parseIp(name)) {
    const service = services.find(({ replicas }) => replicas.some(({ v4, v6 }) => v4 === name || v6 === name))
    if (service) return { kind: 'service', service: service.id.slice(service.id.indexOf('/') + 1) }
  }
  const segment = segmentOf(sites, name)
  return segment && { kind: 'segment', segment: segment.id }
}

/** The segment of that name, or that an address is in. */
function segmentOf(sites: Design['sites'], name: string): SegmentNode | undefined {
  const ip = parseIp(name)
  const isIn = (prefix: string) =>
    ip && familyOf(prefix) === ip.family && contains(prefixOf(prefix), { family: ip.family, base: ip.value, length: bitsOf(ip.family) })
  return sites.flatMap(({ segments }) => segments).find(({ id, prefixes }) => id === name || prefixes.some(isIn))
}

/** The same for who sends, and after it the wider ones that hold it: its zone at its site, and everywhere. */
function sendersOf(design: Design, name: string): readonly Endpoint[] {
  const own = endpointOf(design, name)
  if (own?.kind !== 'segment') return own ? [own] : []
  const { id, zone } = segmentOf(design.sites, own.segment)!
  return [own, { kind: 'zone', zone, at: [id.slice(0, id.indexOf('/'))] }, { kind: 'zone', zone }]
}

function policyFrom({ company: { services, declaration } }: Built, from: Endpoint, to: Endpoint, service: Service | undefined): Policy {
  const listened = to.kind === 'service' ? (services.find(({ name }) => name === to.service)?.facts.listens ?? []).map(({ port }) => port) : []
  // What a service listens on need not be said.
  const ports = service && !(listened.length === 1 && listened[0] === portText(service)) ? [service] : []
  // Somebody whom the company knows: who it is to be is for whoever states it.
  const owner = declaration.policies[0]?.owner ?? Object.keys(declaration.teams ?? {})[0] ?? ''
  const id = `${showEndpoint(from)} → ${showEndpoint(to)}${ports.map((port) => ` ${showService(port)}`).join('')}`
  return { id, from, to, services: ports, why: '', owner, place: { file: 'company.ts', line: 1, column: 1 } }
}

function portText({ protocol, ports }: Service): string {
  if (!ports) return protocol
  const [first, last] = ports
  return `${first === last ? first : `${first}-${last}`}/${protocol}`
}

function codeOf({ from, to, services }: Policy): string {
  const ports = services.length > 0 ? `, ports: [${services.map((service) => `'${portText(service)}'`).join(', ')}]` : ''
  return `allow({ from: ${codeOfEndpoint(from)}, to: ${codeOfEndpoint(to)}${ports}, why: '…', owner: '…' })`
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
