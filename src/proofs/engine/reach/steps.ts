/** Steps of packets from a table to the next, by one of several equal next hops each; and what runs below them, where a step is a tunnel. */
import { type Family, type Ip, ipOf } from '#base/ip.ts'
import { once } from '../../remembered.ts'
import type { Links, Port, Tunnel } from '../network/links.ts'
import type { Hop } from '../routing/path.ts'
import { type Leg, legFor } from './lookup.ts'
import type { Left, World } from './world.ts'

/** A step; all absent where packets are lost. */
export interface Step {
  /** The port by which they leave. */
  readonly out?: Port
  /** The port by which they come to the next device. */
  readonly in?: Port
  /** The next table, or where they end. */
  readonly to?: End | { readonly device: string; readonly vrf: string }
  /** The tunnel that they go in. */
  readonly below?: Below
}

/** Where packets end: at hosts of a device or itself, or outside behind a port of it. */
export interface End {
  readonly isEnd: true
  readonly device: string
  readonly vrf: string
  readonly port?: Port
}

/** Packets of a tunnel: the device that sends them, to an address. */
export interface Below {
  readonly device: string
  readonly address: Ip
  /** The port that has the address, where they may come in from outside. */
  readonly at?: Port
}

/** Steps of a world. */
export interface Steps {
  /** Those of packets in a table to an address; none where no route takes them. */
  of(device: string, vrf: string, family: Family, address: bigint): readonly Step[]
  /** Whether they are the same as in another world. */
  isAlike(device: string, vrf: string, family: Family, address: bigint, other: Steps): boolean
  /** The same when something is gone. */
  without(left: Left): Steps
}

/** Steps of a whole world. */
export function stepsOf(world: World): Steps {
  return stepsIn(
    world,
    once(() => endsOf(world.routed.links)),
  )
}

/** Both ends of tunnels, by `device interface`. */
type TunnelEnds = ReadonlyMap<string, readonly [own: TunnelEnd, other: TunnelEnd]>

type TunnelEnd = Tunnel['ends'][number]

function stepsIn(world: World, tunnels: () => TunnelEnds, gone?: ReadonlySet<string>): Steps {
  const { ports, vnis } = world.routed.links
  const known = new Map<Leg, readonly Step[]>()
  const steps: Steps = {
    of(device, vrf, family, address) {
      if (gone?.has(device)) return []
      const leg = legFor(world.legs(device, vrf, family), address)
      const last = known.get(leg)
      if (last) return last
      const found = along(leg, device, vrf, family)
      known.set(leg, found)
      return found
    },
    isAlike(device, vrf, family, address, other) {
      const [now, then] = [steps.of(device, vrf, family, address), other.of(device, vrf, family, address)]
      return now === then || (now.length === then.length && now.every((step, at) => sameStep(step, then[at]!)))
    },
    without: (left) => stepsIn(left.world, tunnels, left.loss.devices),
  }
  return steps

  function along(leg: Leg, device: string, vrf: string, family: Family): readonly Step[] {
    switch (leg.kind) {
      case 'none':
        return []
      case 'own':
        return [{ to: { isEnd: true, device, vrf } }]
      case 'hosts':
        return leg.port.name === 'lo' ? [] : [{ out: leg.port, to: { isEnd: true, device, vrf } }]
      case 'neighbor':
        return [onwards(leg.port, world.ownerAt(leg.port, { family, value: leg.first }))]
      case 'route': {
        const { to } = leg.route
        return typeof to === 'string' || 'port' in to ? [] : to.flatMap((hop) => by(hop, device))
      }
    }
  }

  function by(hop: Hop, device: string): readonly Step[] {
    const out = ports.get(device)!.get(hop.port)
    if (!out) return []
    if (!('tunnel' in hop)) return [onwards(out, world.ownerAt(out, ipOf(hop.address)))]
    const vni = vnis.get(device)?.find(({ bridge }) => bridge === hop.port)?.vni
    const end = vni === undefined ? undefined : world.tunnelTo(hop.tunnel, vni)
    return [end ? { out, in: ports.get(end.device)!.get(end.bridge)!, to: end, below: { device, address: ipOf(hop.tunnel) } } : {}]
  }

  function onwards(out: Port, next: ReturnType<World['ownerAt']>): Step {
    if (next === 'outside') return { out, to: { isEnd: true, device: out.device, vrf: out.vrf, port: out } }
    if (!next) return {}
    const below = belowOf(out)
    return { out, in: next, to: next, ...(below ? { below } : {}) }
  }

  /** What a tunnel runs over: from its end to where the other one is called, or calls from. */
  function belowOf({ device, name }: Port): Below | undefined {
    const ends = tunnels().get(`${device} ${name}`)
    if (!ends) return undefined
    const [{ calls }, other] = ends
    if (calls !== undefined) return { device, ...holderOf(ipOf(calls), ports.get(other.device)!.values()) }
    const called = ipOf(other.calls!)
    const from = world.waysTo(other.device, called).find(({ addresses }) => addresses.some(({ ip }) => ip.family === called.family))
    const address = from?.addresses.find(({ ip }) => ip.family === called.family)?.ip
    return from && address ? { device, address, at: from } : undefined
  }
}

function endsOf({ joins }: Links): TunnelEnds {
  const tunnels = [...joins.values()].flatMap((made) => made.flatMap(({ by }) => ('tunnel' in by ? [by.tunnel] : [])))
  return new Map(
    tunnels.flatMap(({ ends }) => {
      const [one, other] = ends as readonly [TunnelEnd, TunnelEnd]
      return [
        [`${one.device} ${one.name}`, [one, other]],
        [`${other.device} ${other.name}`, [other, one]],
      ] as const
    }),
  )
}

/** An address with the port that has it. */
function holderOf(address: Ip, ports: Iterable<Port>): Pick<Below, 'address' | 'at'> {
  const at = [...ports].find(({ addresses }) => addresses.some(({ ip }) => ip.family === address.family && ip.value === address.value))
  return { address, ...(at ? { at } : {}) }
}

function sameStep(a: Step, b: Step): boolean {
  return (
    a.out === b.out &&
    a.in === b.in &&
    a.to?.device === b.to?.device &&
    a.to?.vrf === b.to?.vrf &&
    a.below?.address.value === b.below?.address.value &&
    a.below?.at === b.below?.at
  )
}
