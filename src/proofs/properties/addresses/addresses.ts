/** An address is one device's: on one wire nobody else has it, but for those who share it by VRRP; nor has anybody on another wire, where it would be unreachable for half of the network. */
import { showIp } from '#base/ip.ts'
import type { Port } from '../../engine/network/links.ts'
import type { Property } from '../../proof.ts'

/** The property. Link-local addresses are each wire's own; a balanced service has its address at both balancers of a site. */
export const addresses: Property = {
  name: 'addresses',
  title: 'an address is one device’s',
  ofRouting: true,
  *ofNetwork({ world }) {
    const holders = new Map<string, Port[]>()
    for (const ports of world.routed.links.ports.values())
      for (const port of ports.values())
        for (const { ip } of port.addresses) {
          const text = showIp(ip)
          if (text.startsWith('fe80:')) continue
          holders.set(text, [...(holders.get(text) ?? []), port])
        }
    for (const [address, ports] of holders) {
      const [one, other] = ports as [Port, Port?]
      const holds = other === undefined || ports.every(({ device, name }) => name === 'lo' && world.told.get(device)!.haproxy !== undefined)
      const counter = { says: `${one.device} ${one.name} and ${other?.device} ${other?.name} both have it`, device: one.device }
      yield { property: addresses.name, id: address, holds, why: [], ...(holds ? {} : { counter }) }
    }
  },
}
