/** What legs of tables do with packets: names that are the same for legs that do the same, before something is gone and afterwards. */
import { type Family, familyOf, type Ip, ipOf } from '#base/ip.ts'
import type { Port } from '../network/links.ts'
import { tableName } from '../routing/forwarding.ts'
import type { Route } from '../routing/tables.ts'
import type { TableChange } from './kinds.ts'
import type { Leg } from './lookup.ts'
import type { Left, World } from './world.ts'

/** What a table does when something is gone, beside what it did; undefined where it is as before. */
export function changeOf(world: World, { world: left, loss, moved }: Left, family: Family, device: string, vrf: string): TableChange | undefined {
  const owner = (world: World, port: Port, address: Ip) => {
    const found = world.ownerAt(port, address)
    return typeof found === 'object' ? `${found.device} ${found.name}` : found
  }
  const before = world.routed.tables.get(tableName(device, vrf))
  const ports = world.routed.links.ports.get(device)!
  const isTouched = loss.touched.has(device) || moved.size > 0 || [...ports.values()].some(loss.concerns)
  if (!isTouched && before) {
    // Where no route of the family is another one, nothing is.
    const now = left.table(device, vrf)
    const isOther = (route: Route, of: ReadonlyMap<string, Route>) => of.get(route.prefix) !== route && familyOf(route.prefix) === family
    const isSame = ![...now.values()].some((route) => isOther(route, before)) && ![...before.values()].some((route) => isOther(route, now))
    if (isSame) return undefined
  }
  const hasSameOwner = (port: Port, address: Ip) => owner(world, port, address) === owner(left, port, address)
  return {
    before: world.legs(device, vrf, family),
    after: left.legs(device, vrf, family),
    isSame(before, after) {
      if (before.kind === 'neighbor' && after.kind === 'neighbor') return before.port === after.port && hasSameOwner(after.port, { family, value: after.first })
      if (before.kind !== 'route' || after.kind !== 'route') return wayOf(before) === wayOf(after)
      const { to } = after.route
      if (before.route !== after.route && wayOf(before) !== wayOf(after)) return false
      if (!isTouched || typeof to === 'string' || 'port' in to) return true
      return to.every((hop) => 'tunnel' in hop || !ports.has(hop.port) || hasSameOwner(ports.get(hop.port)!, ipOf(hop.address)))
    },
    wayOf(leg) {
      if (leg.kind === 'neighbor') return `to ${leg.port.name} ${owner(left, leg.port, { family, value: leg.first })}`
      if (leg.kind !== 'route' || typeof leg.route.to === 'string' || 'port' in leg.route.to) return wayOf(leg)
      const hops = leg.route.to.map((hop) => {
        if ('tunnel' in hop) return `${hop.port} ${hop.tunnel}`
        const port = ports.get(hop.port)
        return `${hop.port} ${hop.address} ${port && owner(left, port, ipOf(hop.address))}`
      })
      return hops.join(', ')
    },
  }
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
