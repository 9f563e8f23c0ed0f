/** What a table holds before any routing protocol: the prefixes on its links, and static routes. */
import { type Ip, ipOf, prefixAround, showPrefix } from '#base/ip.ts'
import type { Port } from '../network/links.ts'
import type { Told } from '../network/told.ts'
import type { Hop } from './path.ts'

/** A route of a table: where packets to the prefix go. */
export interface Route {
  readonly prefix: string
  readonly protocol: 'connected' | 'static' | 'bgp' | 'kernel'
  /** Of several for one prefix the least counts (FRR's administrative distance). */
  readonly distance: number
  /** Hosts on the port; next hops, which share the packets; or what becomes of them. */
  readonly to: { readonly port: string } | readonly Hop[] | 'blackhole' | 'unreachable'
}

/** Distances (FRR, "Administrative Distance Metrics"): of connected prefixes, of paths from other ASes, and of those from the own one and of aggregates; of the kernel's own floor. */
export const DISTANCE = { connected: 0, external: 20, internal: 200, floor: 4_278_198_272 } as const

/** The routes of a table that no protocol made, the best for each prefix; `all` are the ports of the device that are up. */
export function givenRoutes({ linux, frr }: Told, vrf: string, all: Iterable<Port>): ReadonlyMap<string, Route> {
  const routes = new Map<string, Route>()
  const add = (route: Route) => {
    const held = routes.get(route.prefix)
    if (!held || route.distance < held.distance) routes.set(route.prefix, route)
    else if (route.distance === held.distance && Array.isArray(route.to) && Array.isArray(held.to))
      routes.set(route.prefix, { ...held, to: [...held.to, ...route.to] })
  }
  const ports = [...all].filter((port) => port.vrf === vrf)
  for (const port of ports)
    for (const { ip, length } of port.addresses.filter(({ ip }) => !isLinkLocal(ip)))
      add({ prefix: showPrefix(prefixAround(ip, length)), protocol: 'connected', distance: DISTANCE.connected, to: { port: port.name } })
  const statics = vrf === '' ? frr?.statics : frr?.vrfs.find(({ name }) => name === vrf)?.statics
  for (const { prefix, via, distance } of statics ?? []) {
    const to = via === 'blackhole' ? via : hopsTo(ports, via)
    if (to.length > 0) add({ prefix, protocol: 'static', distance, to })
  }
  for (const { prefix, vrf: of = '', to } of linux.routes) {
    if (of !== vrf) continue
    const distance = to === 'unreachable' ? DISTANCE.floor : DISTANCE.connected
    add({ prefix, protocol: 'kernel', distance, to: typeof to === 'string' ? to : to.flatMap((via) => hopsTo(ports, via)) })
  }
  return routes
}

/** Of IPv6, on a link alone and never forwarded (RFC 4291 §2.5.6). */
function isLinkLocal({ family, value }: Ip): boolean {
  return family === 6 && value >> 118n === 0x3fan
}

/** The next hop at an address, if a port is on its link: a static route to one that is not is not taken. */
function hopsTo(ports: readonly Port[], address: string): Hop[] {
  const port = portTowards(ports, address)
  return port ? [{ port: port.name, address }] : []
}

/** The port on whose link an address is: of several the one with the longest prefix. */
export function portTowards(ports: Iterable<Port>, address: string): Port | undefined {
  const to = ipOf(address)
  let best: { readonly port: Port; readonly length: number } | undefined
  for (const port of ports) {
    for (const { ip, length } of port.addresses) {
      const near = to.family === ip.family && prefixAround(to, length).base === prefixAround(ip, length).base
      if (near && (!best || length > best.length)) best = { port, length }
    }
  }
  return best?.port
}
