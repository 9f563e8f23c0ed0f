/** Services as nodes: where each replica runs, under which addresses. */
import { sortedBy } from '#base/order.ts'
import type { ServiceNode } from '#design/design.ts'
import type { Addressed } from '../address/address-site.ts'
import { factOrigin, type ServiceSite } from '../company.ts'

/** A node for each service, in the order of their names. */
export function serviceNodes(services: readonly ServiceSite[], addressed: ReadonlyMap<string, Addressed>): ServiceNode[] {
  const replicas = new Map<string, ServiceNode['replicas'][number][]>()
  for (const [site, at] of addressed) {
    for (const [name, { host, service, v4, v6, why }] of at.replicas) {
      const list = replicas.get(service) ?? []
      list.push({ id: `service/${name}`, host: `${site}/${host}`, v4, v6, why })
      replicas.set(service, list)
    }
  }
  return sortedBy(services, (service) => service.name).map((service) => ({
    kind: 'service',
    id: `service/${service.name}`,
    owner: service.facts.owner,
    zone: service.facts.tier,
    listens: (service.facts.listens ?? []).map(({ port }) => port),
    replicas: sortedBy(replicas.get(service.name) ?? [], (replica) => replica.id),
    why: [factOrigin(service.file, 'runs')],
  }))
}
