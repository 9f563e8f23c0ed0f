/** Where tables of one world do something else than those of another: the destinations of which packets go another way, or may. */
import { type Family, showIp } from '#base/ip.ts'
import { once } from '../../remembered.ts'
import { type Routed, tableName } from '../routing/forwarding.ts'
import { sameHop } from '../routing/path.ts'
import type { Route } from '../routing/tables.ts'
import type { Interval } from './kinds.ts'
import { wayIn } from './table-change.ts'
import type { World } from './world.ts'

/** Those of a family. A table that only one of the two has is met by nobody but by way of one that both have, or by who begins there. */
export function reroutedBetween(before: World, after: World, family: Family): readonly Interval[] {
  if (before.routed === after.routed) return []
  const [was, is] = [inWords(before), inWords(after)]
  const found: Interval[] = []
  for (const [name, table] of after.routed.tables) {
    const old = before.routed.tables.get(name)
    const [device, vrf = ''] = name.split('#') as [string, string?]
    if (!old || (sameTable(old, table) && was.ports().get(name) === is.ports().get(name) && was.tunnels() === is.tunnels())) continue
    const [one, other] = [before.legs(device, vrf, family), after.legs(device, vrf, family)]
    // Both hold every address, in order.
    let first = 0n
    for (let at = 0, to = 0; at < one.length; ) {
      const [leg, now] = [one[at]!, other[to]!]
      const { last } = leg.last < now.last ? leg : now
      if (wayIn(before, device, family, leg) !== wayIn(after, device, family, now)) found.push([first, last])
      first = last + 1n
      if (leg.last === last) at++
      if (now.last === last) to++
    }
  }
  return found
}

/** A world in words, which are the same where what they are about is. */
interface Words {
  /** The ports of each table, and who is on their wires. */
  ports(): ReadonlyMap<string, string>
  /** The ends of all tunnels between VRFs. */
  tunnels(): string
}

/** Found once for what was routed. */
function inWords(world: World): Words {
  const known = WORDS.get(world.routed) ?? wordsOf(world)
  WORDS.set(world.routed, known)
  return known
}

const WORDS = new WeakMap<Routed, Words>()

function wordsOf(world: World): Words {
  const { links } = world.routed
  const wires = new Map<number, string>()
  const wireOf = (wire: number) => {
    const known = wires.get(wire)
    if (known !== undefined) return known
    const members = links.onWire.get(wire)!.map((port) => {
      const addresses = port.addresses.map(({ ip, length }) => `${showIp(ip)}/${length}`).join()
      return `${port.device} ${port.name} ${port.vrf} ${addresses}${port.shared.map(({ ip }) => ` ${showIp(ip)} of ${world.priority(port.device)}`).join('')}`
    })
    const text = members.sort().join('; ')
    wires.set(wire, text)
    return text
  }
  return {
    ports: once(() => {
      const found = new Map<string, string>()
      for (const own of links.ports.values())
        for (const { device, name, vrf, wire } of own.values()) {
          const table = tableName(device, vrf)
          found.set(table, `${found.get(table) ?? ''}${name}: ${wireOf(wire)}\n`)
        }
      return found
    }),
    tunnels: once(() => JSON.stringify([...links.vnis].sort(([a], [b]) => (a < b ? -1 : 1)))),
  }
}

function sameTable(one: ReadonlyMap<string, Route>, other: ReadonlyMap<string, Route>): boolean {
  if (one.size !== other.size) return false
  for (const [prefix, { to }] of one) {
    const now = other.get(prefix)
    if (!now || !sameTo(to, now.to)) return false
  }
  return true
}

function sameTo(one: Route['to'], other: Route['to']): boolean {
  if (typeof one === 'string' || typeof other === 'string') return one === other
  if ('port' in one || 'port' in other) return 'port' in one && 'port' in other && one.port === other.port
  return one.length === other.length && one.every((hop, at) => sameHop(hop, other[at]!))
}
