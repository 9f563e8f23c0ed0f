/**
 * The same over IPv4 and IPv6: whoever of the company is on a side of a flow has addresses of both, and so has each interface that has any. What is meant is proved in each family by itself, so where both
 * have the same ends, both work alike. Externals have what they have, and so do circuits.
 */
import { familyOf } from '#base/ip.ts'
import { carrierPorts, isOver } from '../../engine/network/cables.ts'
import { isLinkLocal, type Port } from '../../engine/network/links.ts'
import type { Spot } from '../../intent/flows.ts'
import type { Property, Verdict } from '../../proof.ts'

/** The property. */
export const families: Property = {
  name: 'families',
  title: 'IPv4 and IPv6 say the same',
  *ofNetwork({ intent, world, design }) {
    const known = new Map<readonly Spot[], string | undefined>()
    const lone = (spots: readonly Spot[]) => {
      if (!known.has(spots)) known.set(spots, loneAmong(spots))
      return known.get(spots)
    }
    for (const { id, from, to, why } of intent.flows) yield { ...verdict(id, lone(from) ?? lone(to)), why }
    const circuits = carrierPorts(design)
    for (const [device, ports] of world.routed.links.ports) {
      const says = [...ports.values()].map((port) => (isOver(circuits, device, port.name) ? undefined : loneOn(port))).find((found) => found !== undefined)
      yield verdict(`addresses of ${device}`, says, device)
    }
  },
}

function verdict(id: string, says: string | undefined, device?: string): Verdict {
  return {
    property: families.name,
    id,
    holds: says === undefined,
    why: [],
    ...(says === undefined ? {} : { counter: { says, ...(device ? { device } : {}) } }),
  }
}

/** A zone at a site that is on a side in one family alone. */
function loneAmong(spots: readonly Spot[]): string | undefined {
  const inside = Map.groupBy(
    spots.filter(({ site }) => site !== undefined),
    ({ site, zone }) => `${zone} at ${site}`,
  )
  for (const [where, own] of inside) {
    const found = new Set(own.map(({ prefix }) => familyOf(prefix)))
    if (found.size === 1) return `${where} is meant in IPv${[...found][0]} alone`
  }
  return undefined
}

/** What an interface has in one family alone: of its own, and of what it shares while it is master. */
function loneOn({ device, name, addresses, shared }: Port): string | undefined {
  for (const [own, what] of [
    [addresses, ''],
    [shared, ' to share'],
  ] as const) {
    const found = new Set(own.flatMap((address) => (isLinkLocal(address) ? [] : [address.ip.family])))
    if (found.size === 1) return `${device} ${name} has addresses of IPv${[...found][0]} alone${what}`
  }
  return undefined
}
