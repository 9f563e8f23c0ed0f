/** What the company says about flows, without the places where it says so: moving a statement changes no rule. */
import { SNMP, SSH } from '#design/ports.ts'
import { parsePort } from '#model/port.ts'
import { type Company, factOrigin } from '../company.ts'
import type { BaselineFlow, Need, Said } from './flows.ts'

/** The zone that devices are run in, if the company does not say. */
const MANAGEMENT = 'management'

/** The zone that devices are run in. */
export function managementZone({ baseline }: Company['declaration']): string {
  return baseline?.zone ?? MANAGEMENT
}

/** Policies, needs, listening ports and outsiders, in the order of their names. */
export function saidBy({ declaration, services }: Company): Said {
  const ordered = [...services].sort((a, b) => (a.name < b.name ? -1 : 1))
  const policies = declaration.policies.map(({ place: _place, ...policy }) => policy).sort((a, b) => (a.id < b.id ? -1 : 1))
  const needs = ordered.flatMap((service) =>
    [...(service.facts.needs ?? [])]
      .sort()
      .map((needed): Need => ({ service: service.name, needs: needed, owner: service.facts.owner, why: [factOrigin(service.file, 'needs')] })),
  )
  const externals = Object.entries(declaration.externals ?? {}).map(([name, external]) => [name, [...external.prefixes].sort()] as const)
  const { v4, v6, regions } = declaration.addressing
  const space = [...new Set([...v4, ...v6, ...Object.values(regions ?? {}).flatMap((region) => [...region.v4, ...region.v6])])].sort()
  return {
    policies,
    needs,
    baseline: baselineFlows({ declaration, services }),
    listens: Object.fromEntries(
      ordered.map((service) => [
        service.name,
        {
          services: (service.facts.listens ?? [])
            .map(({ port }) => port)
            .sort()
            .map((port) => parsePort(port)!),
          ...(service.facts.balanced?.replicas === undefined ? {} : { behind: [parsePort(service.facts.balanced.replicas)!] }),
          why: [factOrigin(service.file, 'listens')],
        },
      ]),
    ),
    serviceWhy: Object.fromEntries(ordered.map((service) => [service.name, [factOrigin(service.file, 'runs'), factOrigin(service.file, 'tier')]])),
    owners: Object.fromEntries(ordered.map(({ name, facts }) => [name, facts.owner])),
    externals: Object.fromEntries(externals.sort(([a], [b]) => (a < b ? -1 : 1))),
    space,
  }
}

/** What passes between devices and the services that they are run with: they use names, clocks and logs, and are used by who watches and who logs in. */
function baselineFlows({ declaration, services }: Pick<Company, 'declaration' | 'services'>): BaselineFlow[] {
  const { baseline } = declaration
  if (!baseline) return []
  const { owner, resolvers, clocks, logs, authenticators, monitors, bastions } = baseline
  const zone = { kind: 'zone', zone: managementZone(declaration) } as const
  const uses = [resolvers, clocks, logs, authenticators].flatMap((service): BaselineFlow[] => {
    const ports = services.find(({ name }) => name === service)?.facts.listens ?? []
    const to = { kind: 'service', service: service! } as const
    return ports.length > 0 ? [{ from: zone, to, services: ports.map(({ port }) => parsePort(port)!), owner, reason: `devices use ${service}` }] : []
  })
  const used = (service: string | undefined, ports: BaselineFlow['services'], reason: string): BaselineFlow[] =>
    service === undefined ? [] : [{ from: { kind: 'service', service }, to: zone, services: ports, owner, reason }]
  return [...uses, ...used(monitors, [SNMP], 'devices are watched'), ...used(bastions, [SSH], 'people log in to devices')]
}
