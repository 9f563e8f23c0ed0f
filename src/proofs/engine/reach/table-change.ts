/** What legs of tables do with packets: names that are the same for legs that do the same, before something is gone and afterwards. */
import { type Family, familyOf, type Ip, ipOf } from '#base/ip.ts'
import type { Port } from '../network/links.ts'
import { tableName } from '../routing/forwarding.ts'
import type { Route } from '../routing/tables.ts'
import type { TableChange } from './kinds.ts'
import type { Leg } from './lookup.ts'
import type { Left, World } from './world.ts'

/** What a table does when something is gone, beside what it did; undefined where it is as before. */
export function changeOf(world: World, { world: left, touches }: Left, family: Family, device: string, vrf: string): TableChange | undefined {
  const before = world.routed.tables.get(tableName(device, vrf))
  const ports = world.routed.links.ports.get(device)!
  const isTouched = touches(device)
  if (!isTouched && before) {
    // Where no route of the family is another one, nothing is.
    const now = left.table(device, vrf)
    const isOther = (route: Route, of: ReadonlyMap<string, Route>) => of.get(route.prefix) !== route && familyOf(route.prefix) === family
    const isSame = ![...now.values()].some((route) => isOther(route, before)) && ![...before.values()].some((route) => isOther(route, now))
    if (isSame) return undefined
  }
  const hasSameOwner = (port: Port, address: Ip) => ownerIn(world, port, address) === ownerIn(left, port, address)
  return {
    before: world.legs(device, vrf, family),
    after: left.legs(device, vrf, family),
    isSame(before, after) {
      if (before === after && !isTouched) return true
      if (before.kind === 'neighbor' && after.kind === 'neighbor') return before.port === after.port && hasSameOwner(after.port, { family, value: after.first })
      if (before.kind !== 'route' || after.kind !== 'route') return wayOf(before) === wayOf(after)
      const { to } = after.route
      if (before.route !== after.route && wayOf(before) !== wayOf(after)) return false
      if (!isTouched || typeof to === 'string' || 'port' in to) return true
      return to.every((hop) => 'tunnel' in hop || !ports.has(hop.port) || hasSameOwner(ports.get(hop.port)!, ipOf(hop.address)))
    },
    wayOf: (leg) => wayIn(left, device, family, leg),
  }
}

/** What a leg of a device does, and to whom it gives packets. */
export function wayIn(world: World, device: string, family: Family, leg: Leg): string {
  const { ports, vnis } = world.routed.links
  if (leg.kind === 'neighbor') return `to ${leg.port.name} ${ownerIn(world, leg.port, { family, value: leg.first })}`
  if (leg.kind !== 'route' || typeof leg.route.to === 'string' || 'port' in leg.route.to) return wayOf(leg)
  const hops = leg.route.to.map((hop) => {
    if ('tunnel' in hop) {
      const vni = vnis.get(device)?.find(({ bridge }) => bridge === hop.port)?.vni
      const end = vni === undefined ? undefined : world.tunnelTo(hop.tunnel, vni)
      return `${hop.port} ${hop.tunnel} ${end && `${end.device} ${end.vrf} ${end.bridge}`}`
    }
    const port = ports.get(device)!.get(hop.port)
    return `${hop.port} ${hop.address} ${port && ownerIn(world, port, ipOf(hop.address))}`
  })
  return hops.join(', ')
}

/** Who has an address on the wire of a port, in words. */
function ownerIn(world: World, port: Port, address: Ip): string | undefined {
  const found = world.ownerAt(port, address)
  return typeof found === 'object' ? `${found.device} ${found.name} ${found.vrf}` : found
}

/** What a leg does, at rest. */
export function wayOf(leg: Leg): string {
  switch (leg.kind) {
    case 'none':
      return ''
    case 'own':
      return `own ${leg.at.name}`
    case 'neighbor':
      return `to ${leg.port.name} ${leg.at.device} ${leg.at.name}`
    case 'hosts':
      return `on ${leg.port.name}`
    case 'route': {
      const { to } = leg.route
      if (typeof to === 'string') return ''
      return 'port' in to ? `on ${to.port}` : to.map((hop) => ('tunnel' in hop ? `${hop.port} ${hop.tunnel}` : `${hop.port} ${hop.address}`)).join(', ')
    }
  }
}
