/** The routing tables of all devices: what routing came to, put together with what is on links. */
import type { Cable, Links } from '../network/links.ts'
import { linksOf } from '../network/links.ts'
import type { Told } from '../network/told.ts'
import { converge, type Outcome, type Outside } from './bgp.ts'
import type { Hop, Path } from './path.ts'
import { type Speaker, speakersOf } from './sessions.ts'
import { DISTANCE, givenRoutes, type Route } from './tables.ts'

/** Routing, at rest. */
export interface Routed {
  readonly links: Links
  readonly speakers: readonly Speaker[]
  readonly outcome: Outcome
  /** Routes by prefix, by table: {@link tableName}. */
  readonly tables: ReadonlyMap<string, ReadonlyMap<string, Route>>
}

/** The name of a table: the device, and the VRF unless it is the default table. */
export function tableName(device: string, vrf: string): string {
  return vrf === '' ? device : `${device}#${vrf}`
}

/** Routes everything: what the devices say to each other over these cables, until nothing changes. */
export function route(devices: readonly Told[], cables: readonly Cable[], outside: Outside): Routed {
  const links = linksOf(devices, cables)
  const given = new Map<string, ReadonlyMap<string, Route>>()
  for (const told of devices) {
    const vrfs = ['', ...told.linux.links.flatMap(({ name, kind }) => (kind.type === 'vrf' ? [name] : []))]
    for (const vrf of vrfs) given.set(tableName(told.id, vrf), givenRoutes(told, vrf, links))
  }
  const speakers = speakersOf(devices, links)
  const outcome = converge(speakers, links, ({ device, vrf }) => given.get(tableName(device, vrf))!, outside)
  const tables = new Map(given)
  for (const { number, device, vrf } of speakers) {
    const name = tableName(device, vrf)
    const routes = new Map(given.get(name))
    for (const [prefix, paths] of outcome.chosen[number]!) {
      const learned = routeOf(prefix, paths)
      const held = routes.get(prefix)
      if (learned && (!held || learned.distance < held.distance)) routes.set(prefix, learned)
    }
    tables.set(name, routes)
  }
  return { links, speakers, outcome, tables }
}

/** What becomes of the packets to a prefix of BGP: a summary's own are dropped, and what one announces oneself has a route already. */
function routeOf(prefix: string, paths: readonly Path[]): Route | undefined {
  const [best] = paths
  if (!best || best.kind === 'own') return undefined
  if (best.kind === 'aggregate') return { prefix, protocol: 'bgp', distance: DISTANCE.internal, to: 'blackhole' }
  const hops = new Map<string, Hop>()
  for (const { hop } of paths) if (hop) hops.set('tunnel' in hop ? hop.tunnel : `${hop.port} ${hop.address}`, hop)
  return { prefix, protocol: 'bgp', distance: best.kind === 'internal' ? DISTANCE.internal : DISTANCE.external, to: [...hops.values()] }
}
