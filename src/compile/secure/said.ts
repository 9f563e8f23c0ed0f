/** What the company says about flows, without the places where it says so: moving a statement changes no rule. */
import { parsePort } from '#model/port.ts'
import { type Company, factOrigin } from '../company.ts'
import type { Need, Said } from './flows.ts'

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
    listens: Object.fromEntries(
      ordered.map((service) => [
        service.name,
        {
          services: (service.facts.listens ?? [])
            .map(({ port }) => port)
            .sort()
            .map((port) => parsePort(port)!),
          why: [factOrigin(service.file, 'listens')],
        },
      ]),
    ),
    serviceWhy: Object.fromEntries(ordered.map((service) => [service.name, [factOrigin(service.file, 'runs'), factOrigin(service.file, 'tier')]])),
    externals: Object.fromEntries(externals.sort(([a], [b]) => (a < b ? -1 : 1))),
    space,
  }
}
