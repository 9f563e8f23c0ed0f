/**
 * Packets fit: the ends of a link agree on how large one may be, and what is carried inside of others leaves room for the outer headers, so that nothing is cut or dropped on the way of a packet that fitted when it
 * was sent.
 */
import { familyOf, ipOf } from '#base/ip.ts'
import type { Port, Tunnel } from '../../engine/network/links.ts'
import type { World } from '../../engine/reach/world.ts'
import type { Property, Verdict } from '../../proof.ts'

/** Bytes around a packet in VXLAN: outer IP, UDP, VXLAN and inner Ethernet (RFC 7348 §5), by family of the outer packet. */
const VXLAN = { 4: 20 + 8 + 8 + 14, 6: 40 + 8 + 8 + 14 } as const

/** Bytes around a packet in WireGuard: outer IP, UDP, and 32 of its own (Donenfeld, "WireGuard: Next Generation Kernel Network Tunnel", §5.4.6), by family of the outer packet. */
const WIREGUARD = { 4: 20 + 8 + 32, 6: 40 + 8 + 32 } as const

/** The property. */
export const mtu: Property = {
  name: 'mtu',
  title: 'packets fit all the way',
  ofRouting: true,
  *ofNetwork({ world }) {
    const { onWire, joins } = world.routed.links
    for (const ports of onWire.values()) {
      const [first, ...others] = ports as [Port, ...Port[]]
      if (others.length === 0) continue
      const other = others.find((port) => port.mtu !== first.mtu)
      const says = other && `${first.device} ${first.name} takes packets of ${first.mtu} bytes, ${other.device} ${other.name} of ${other.mtu}`
      yield verdict(`link of ${first.device} ${first.name}`, first.device, says)
    }
    for (const made of joins.values()) for (const { by } of made) if ('tunnel' in by) yield* tunnelFits(world, by.tunnel)
    yield* overlaysFit(world)
  },
}

function verdict(id: string, device: string, says: string | undefined): Verdict {
  return { property: mtu.name, id, holds: says === undefined, why: [], ...(says === undefined ? {} : { counter: { says, device } }) }
}

/** A tunnel's packets fit into those of the ports that lead to its other end. */
function* tunnelFits(world: World, { ends }: Tunnel): Iterable<Verdict> {
  for (const { device, name, calls } of ends) {
    if (calls === undefined) continue
    const ports = world.routed.links.ports.get(device)!
    const inner = ports.get(name)!.mtu
    const around = WIREGUARD[familyOf(calls)]
    const narrow = world.waysTo(device, ipOf(calls)).find((port) => port.mtu < inner + around)
    yield verdict(
      `${device} ${name}`,
      device,
      narrow && `packets of ${inner} bytes and ${around} around them do not fit through ${narrow.name}, which takes ${narrow.mtu}`,
    )
  }
}

/** What goes into the fabric of a device fits through each of its links in the default table that another device is on. */
function* overlaysFit(world: World): Iterable<Verdict> {
  const { links } = world.routed
  for (const [device, vnis] of links.vnis) {
    const ports = links.ports.get(device)!
    const underlay = [...ports.values()].filter(({ vrf, wire, addresses }) => vrf === '' && addresses.length > 0 && links.onWire.get(wire)!.length > 1)
    for (const { vni, local, bridge } of vnis) {
      const inner = ports.get(bridge)!.mtu
      const around = VXLAN[familyOf(local)]
      const narrow = underlay.find((port) => port.mtu < inner + around)
      yield verdict(
        `${device} VNI ${vni}`,
        device,
        narrow && `packets of ${inner} bytes and ${around} around them do not fit through ${narrow.name}, which takes ${narrow.mtu}`,
      )
    }
  }
}
