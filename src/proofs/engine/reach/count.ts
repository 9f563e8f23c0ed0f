/** How many ways packets have to an address, by equal steps from each table: they differ in a device or a cable, those below tunnels too. */
import type { Family } from '#base/ip.ts'
import { tableName } from '../routing/forwarding.ts'
import { type Step, type Steps, stepsOf } from './steps.ts'
import type { World } from './world.ts'

/** Tells it of a table. Filters are not asked. */
export function waysTo(world: World, family: Family, address: bigint): (device: string, vrf: string) => number {
  return countTo(stepsOf(world), family, address)
}

function countTo(steps: Steps, family: Family, address: bigint): (device: string, vrf: string) => number {
  const known = new Map<string, number>()
  const ways = (device: string, vrf: string): number => {
    const table = tableName(device, vrf)
    const last = known.get(table)
    if (last !== undefined) return last
    // Who comes back here goes round, and to no end.
    known.set(table, 0)
    const found = steps.of(device, vrf, family, address).reduce((sum, step) => sum + by(step), 0)
    known.set(table, found)
    return found
  }
  const by = ({ to, below }: Step): number => {
    if (!to) return 0
    const beneath = below ? countTo(steps, below.address.family, below.address.value)(below.device, '') : 1
    return beneath * ('isEnd' in to ? 1 : ways(to.device, to.vrf))
  }
  return ways
}
