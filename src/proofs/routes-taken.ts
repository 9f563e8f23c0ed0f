/** The routes that a packet takes: at each device that it comes to the one of its table, and those of the packets around it where it goes through a tunnel. */
import { type Family, familyOf, type Ip, ipOf } from '#base/ip.ts'
import { boxOf } from './engine/boxes/boxes.ts'
import { PACKETS, PROTOCOLS } from './engine/packet.ts'
import { spread } from './engine/reach/spread.ts'
import { routeTo, type World } from './engine/reach/world.ts'
import type { Hop } from './engine/routing/path.ts'
import type { Route } from './engine/routing/tables.ts'
import { type AskWhence, type Whence, whencesOf } from './engine/routing/whence.ts'

/** A route that a packet takes. */
export interface Taken extends Route, Whence {
  readonly device: string
  /** Empty for the default table. */
  readonly vrf: string
  /** The prefix that would take it otherwise: of the same table, the longest of the others around the destination. */
  readonly otherwise?: string
  /** Of packets around it: the end of the tunnel that they go to. */
  readonly around?: string
}

/** By which tables a packet goes, by name of the stop. */
type Stops = Iterable<string>

/** The routes to a destination by these tables, each once, in the order in which packets come to them. */
export function routesTaken(world: World, stops: Stops, destination: Ip): readonly Taken[] {
  const ask = whencesOf(world.routed, world.told)
  const taken = new Map<string, Taken>()
  const follow = (names: Stops, to: Ip, around: string | undefined) => {
    for (const name of new Set([...names].map((stop) => stop.split(' ')[0]!))) {
      const [device, vrf = ''] = name.split('#') as [string, string?]
      const route = takenAt(world, ask, device, vrf, to)
      const key = `${name} ${route?.prefix}`
      if (!route || taken.has(key)) continue
      taken.set(key, around === undefined ? route : { ...route, around })
      for (const { from, end } of tunnelsOf(world, device, route)) follow(stopsTo(world, from, end), ipOf(end), end)
    }
  }
  follow(stops, destination, undefined)
  return [...taken.values()]
}

function takenAt(world: World, ask: AskWhence, device: string, vrf: string, to: Ip): Taken | undefined {
  const table = world.table(device, vrf)
  const route = routeTo(table, to)
  if (!route) return undefined
  const otherwise = routeTo(new Map([...table].filter(([prefix]) => prefix !== route.prefix)), to)?.prefix
  return { device, vrf, ...route, ...ask(device, vrf, route), ...(otherwise === undefined ? {} : { otherwise }) }
}

/** The tunnels that a route leads into: who sends the packets around, and to which address. */
function tunnelsOf({ routed: { links } }: World, device: string, { to }: Route): readonly { readonly from: string; readonly end: string }[] {
  if (typeof to === 'string' || 'port' in to) return []
  return to.flatMap((hop: Hop) => {
    if ('tunnel' in hop) return [{ from: device, end: hop.tunnel }]
    const wire = links.ports.get(device)?.get(hop.port)?.wire
    const joins = wire === undefined ? [] : (links.joins.get(wire) ?? [])
    return joins.flatMap(({ by }) =>
      'tunnel' in by ? by.tunnel.ends.flatMap(({ device: from, calls }) => (calls === undefined ? [] : [{ from, end: calls }])).slice(0, 1) : [],
    )
  })
}

/** The tables by which packets of a device itself go to an address. */
function stopsTo(world: World, device: string, address: string): Stops {
  const family: Family = familyOf(address)
  const { value } = ipOf(address)
  const box = boxOf(PACKETS[family], { destination: [value, value], protocol: [PROTOCOLS.udp, PROTOCOLS.udp] })
  return spread(world, family, [{ device, vrf: '', boxes: [box] }]).stops.keys()
}
