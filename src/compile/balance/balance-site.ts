/** The pass balance: what the balancers of a site take connections on, and to which replicas they hand them. */
import { byName, sortedBy } from '#base/order.ts'
import type { Why } from '#base/place.ts'
import type { Backend, Balancer, Frontend } from '#design/for-hosts.ts'
import { parsePort } from '#model/port.ts'
import type { ServiceFacts } from '#model/service.ts'
import type { Addressed } from '../address/address-site.ts'
import { factOrigin, type ServiceSite, type Site } from '../company.ts'
import type { Wanted } from '../join.ts'

/** What a service says of how it is balanced. */
export interface Balancing {
  readonly service: string
  readonly file: string
  readonly listens: ServiceFacts['listens']
  readonly balanced: ServiceFacts['balanced']
}

/** Seconds of silence after which a connection ends, if the service does not say: longer than people think, shorter than a forgotten connection. */
const TIMEOUT = 60

/** Seconds for which a replica that comes up gets less than its share, and for which connections of one that is taken out go on, if the service does not say. */
const SLOW_START = 30
const DRAIN = 60

/** What the balancing of a service follows from. */
export function balancingOf({ name, file, facts }: ServiceSite): Balancing {
  return { service: name, file, listens: facts.listens, balanced: facts.balanced }
}

/** The balancers of a site, by device: each of them balances all. */
export function balanceSite(
  _site: Site,
  { wanted, addressed }: { readonly wanted: Wanted; readonly addressed: Addressed },
  services: readonly Balancing[],
): ReadonlyMap<string, Balancer> {
  const here = sortedBy(
    services.filter(({ service }) => addressed.services.has(service)),
    ({ service }) => service,
  )
  const asked = wanted.asks.balancers.flatMap(({ why }) => why)
  const parts = here.flatMap((of) => balance(of, addressed, asked))
  // How long connections may go on concerns a balancer as a whole: it waits for the last of any service.
  const drains = here.flatMap(({ file, balanced }) => (balanced?.drain === undefined ? [] : [factOrigin(file, 'balanced', 'drain')]))
  const [frontends, backends] = [parts.map(({ frontend }) => frontend), parts.map(({ backend }) => backend)]
  return new Map(
    wanted.asks.balancers.flatMap(({ devices, why }) => devices.map((device) => [device, { frontends, backends, why: [...why, ...drains] }] as const)),
  )
}

/** A frontend and a backend for each port that a service listens on, where somebody asked for balancers. */
function balance({ service, file, listens = [], balanced }: Balancing, addressed: Addressed, asked: Why): { frontend: Frontend; backend: Backend }[] {
  const address = addressed.services.get(service)!
  const replicas = [...addressed.replicas].filter(([, replica]) => replica.service === service).sort(([a], [b]) => byName(a, b))
  const { protocol = 'tcp', health, algorithm = 'roundrobin', sticky, slowStart, drain, timeouts, hostname } = balanced!
  /** That it is balanced, and what of that the service says itself. */
  const because = (...names: readonly (keyof NonNullable<typeof balanced>)[]): Why => {
    const said = names.filter((name) => balanced?.[name] !== undefined)
    return [factOrigin(file, 'listens'), ...['hostname', ...said].map((name) => factOrigin(file, 'balanced', name))]
  }
  return listens.flatMap(({ name: listener, port: text }) => {
    const port = parsePort(text)!
    if (port.protocol !== 'tcp') return []
    const [number] = port.ports!
    const [behind] = parsePort(balanced!.replicas ?? text)!.ports ?? [number]
    const name = `${service}-${listener}`
    const [method, path] = health?.split(' ') ?? []
    return [
      {
        frontend: {
          name,
          v4: address.v4,
          v6: address.v6,
          port: number,
          backend: name,
          protocol,
          ...(protocol === 'https' ? { certificate: `certificates/${hostname}` } : {}),
          clientTimeoutSeconds: timeouts?.client ?? TIMEOUT,
          why: [...new Set([...because('protocol', 'timeouts'), ...address.why])],
        },
        backend: {
          name,
          mode: protocol === 'tcp' ? 'tcp' : 'http',
          algorithm,
          health: method && path ? { kind: 'http', method, path } : { kind: 'connect' },
          ...(sticky === undefined ? {} : { stickSeconds: sticky }),
          slowStartSeconds: slowStart ?? SLOW_START,
          drainSeconds: drain ?? DRAIN,
          serverTimeoutSeconds: timeouts?.server ?? TIMEOUT,
          servers: replicas.map(([replica, { v4, why: own }]) => ({
            name: replica,
            address: v4,
            port: behind,
            why: [...because('replicas'), ...own, ...asked],
          })),
          why: [...because('protocol', 'algorithm', 'health', 'sticky', 'slowStart', 'timeouts'), ...asked],
        },
      },
    ]
  })
}
