/** How many ways packets have to an address, by equal ones at each table: they differ in a device or a cable, those below a tunnel of the fabric too. */
import type { Family } from '#base/ip.ts'
import { ipOf } from '#base/ip.ts'
import { tableName } from '../routing/forwarding.ts'
import type { Hop } from '../routing/path.ts'
import { type Leg, legFor } from './lookup.ts'
import type { World } from './world.ts'

/** Tells it of a table. Filters are not asked. */
export function waysTo(world: World, family: Family, address: bigint): (device: string, vrf: string) => number {
  const known = new Map<string, number>()
  return ways

  function ways(device: string, vrf: string): number {
    const name = tableName(device, vrf)
    const last = known.get(name)
    if (last !== undefined) return last
    // Who comes back here goes round, and to no end.
    known.set(name, 0)
    const found = along(legFor(world.legs(device, vrf, family), address), device)
    known.set(name, found)
    return found
  }

  function along(leg: Leg, device: string): number {
    switch (leg.kind) {
      case 'none':
        return 0
      case 'own':
        return 1
      case 'hosts':
        return leg.port.name === 'lo' ? 0 : 1
      case 'neighbor':
        return onwards(world.ownerAt(leg.port, { family, value: address }))
      case 'route': {
        const { to } = leg.route
        return typeof to === 'string' || 'port' in to ? 0 : to.reduce((sum, hop) => sum + by(hop, device), 0)
      }
    }
  }

  function by(hop: Hop, device: string): number {
    const port = world.routed.links.ports.get(device)!.get(hop.port)
    if (!port) return 0
    if (!('tunnel' in hop)) return onwards(world.ownerAt(port, ipOf(hop.address)))
    const vni = world.routed.links.vnis.get(device)?.find(({ bridge }) => bridge === hop.port)?.vni
    const end = vni === undefined ? undefined : world.tunnelTo(hop.tunnel, vni)
    if (!end) return 0
    const below = ipOf(hop.tunnel)
    return waysTo(world, below.family, below.value)(device, '') * onwards(end)
  }

  function onwards(next: ReturnType<World['ownerAt']> | ReturnType<World['tunnelTo']>): number {
    return next === 'outside' ? 1 : next ? ways(next.device, next.vrf) : 0
  }
}
