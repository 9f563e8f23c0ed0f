/** The routing tables of all devices: what routing came to, put together with what is on links. */
import type { Cable, Links } from '../network/links.ts'
import { linksOf } from '../network/links.ts'
import type { Loss } from '../network/loss.ts'
import type { Told } from '../network/told.ts'
import { type Chosen, converge, type Outcome, type Outside, type Settled } from './bgp.ts'
import type { Hop, Path } from './path.ts'
import { type Session, type Speaker, speakersOf } from './sessions.ts'
import { DISTANCE, givenRoutes, type Route } from './tables.ts'

/** Routing, at rest. */
export interface Routed {
  readonly links: Links
  readonly speakers: readonly Speaker[]
  readonly outcome: Outcome
  /** Routes by prefix, by table: {@link tableName}. */
  readonly tables: ReadonlyMap<string, Table>
  /** The tables that are others when something is gone, whole; those of what is gone are not among them. And the prefixes that routers do not agree on then. */
  without(loss: Loss): Pick<Outcome, 'unstable'> & { readonly tables: ReadonlyMap<string, Table> }
}

/** Routes by prefix. */
export type Table = ReadonlyMap<string, Route>

/** The name of a table: the device, and the VRF unless it is the default table. */
export function tableName(device: string, vrf: string): string {
  return vrf === '' ? device : `${device}#${vrf}`
}

/** Routes everything: what the devices say to each other over these cables, until nothing changes. */
export function route(devices: readonly Told[], cables: readonly Cable[], outside: Outside): Routed {
  const links = linksOf(devices, cables)
  const given = new Map<string, Table>()
  for (const told of devices) for (const vrf of vrfsOf(told)) given.set(tableName(told.id, vrf), givenRoutes(told, vrf, links.ports.get(told.id)!.values()))
  const speakers = speakersOf(devices, links)
  const settled = converge(speakers, links, ({ device, vrf }) => given.get(tableName(device, vrf))!, outside)
  const tables = new Map(given)
  for (const { number, device, vrf } of speakers) {
    const name = tableName(device, vrf)
    tables.set(name, tableOf(given.get(name)!, given.get(name)!, settled.outcome.chosen[number]!))
  }
  const told = new Map(devices.map((one) => [one.id, one]))
  return { links, speakers, outcome: settled.outcome, tables, without: (loss) => routesWithout(loss, told, links, speakers, settled, given, tables) }
}

function vrfsOf({ linux }: Told): readonly string[] {
  return ['', ...linux.links.flatMap(({ name, kind }) => (kind.type === 'vrf' ? [name] : []))]
}

/** A table in which paths of BGP are put in place of what was there of the same prefixes. */
function tableOf(table: Table, given: Table, paths: Chosen): Table {
  const routes = new Map(table)
  for (const [prefix, chosen] of paths) {
    const learned = routeOf(prefix, chosen)
    const held = given.get(prefix)
    const best = learned && (!held || learned.distance < held.distance) ? learned : held
    if (best) routes.set(prefix, best)
    else routes.delete(prefix)
  }
  return routes
}

function routesWithout(
  loss: Loss,
  told: ReadonlyMap<string, Told>,
  { ports }: Links,
  speakers: readonly Speaker[],
  { outcome, without }: Settled,
  given: ReadonlyMap<string, Table>,
  whole: ReadonlyMap<string, Table>,
): ReturnType<Routed['without']> {
  const left = new Map<string, Table>()
  for (const device of loss.touched) {
    if (loss.devices.has(device)) continue
    const up = [...ports.get(device)!.values()].filter(loss.isUp)
    for (const vrf of vrfsOf(told.get(device)!)) left.set(tableName(device, vrf), givenRoutes(told.get(device)!, vrf, up))
  }
  const alive = speakers.filter(({ device }) => !loss.devices.has(device))
  const ended = speakers.flatMap(({ sessions }) => sessions.filter((session) => isEnded(session, loss, sessionAt)).map(({ number }) => number))
  function sessionAt({ other }: Session): Session | undefined {
    return other && speakers[other.speaker]!.sessions.find(({ number }) => number === other.session)
  }
  const { changed, unstable } = without({
    sessions: new Set(ended),
    given: new Map(
      alive.flatMap((speaker) => ([left.get(tableName(speaker.device, speaker.vrf))] as const).flatMap((own) => (own ? [[speaker, own] as const] : []))),
    ),
  })
  const tables = new Map<string, Table>()
  const bySpeaker = new Map(alive.map((speaker) => [tableName(speaker.device, speaker.vrf), speaker]))
  for (const name of new Set([...left.keys(), ...alive.filter(({ number }) => changed.has(number)).map(({ device, vrf }) => tableName(device, vrf))])) {
    const speaker = bySpeaker.get(name)
    const others: Chosen = (speaker && changed.get(speaker.number)) ?? new Map()
    const own = left.get(name)
    if (!own) {
      tables.set(name, tableOf(whole.get(name)!, given.get(name)!, others))
      continue
    }
    // Routes that are as they were stay the very same.
    const paths = speaker ? new Map([...outcome.chosen[speaker.number]!, ...others]) : others
    const before = whole.get(name)!
    tables.set(name, new Map([...tableOf(own, own, paths)].map(([prefix, route]) => [prefix, asBefore(before.get(prefix), route)])))
  }
  return { tables, unstable }
}

function asBefore(before: Route | undefined, after: Route): Route {
  return before && before.protocol === after.protocol && before.distance === after.distance && JSON.stringify(before.to) === JSON.stringify(after.to)
    ? before
    : after
}

/** Whether the ends of a session hear each other no more. */
function isEnded(session: Session, loss: Loss, sessionAt: (session: Session) => Session | undefined): boolean {
  const { port } = session
  if (!loss.concerns(port)) return false
  const other = sessionAt(session)
  return !loss.isUp(port) || (other !== undefined && (!loss.isUp(other.port) || !loss.isOneWire(port, other.port)))
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
