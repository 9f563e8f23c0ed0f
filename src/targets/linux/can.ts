/** What a Linux kernel can do by itself. Routing protocols and filters are other targets of the same platform. */
import type { Abilities } from '#design/capability.ts'

const BGP = { no: 'the kernel forwards by its tables and speaks no routing protocol; frr does' }
const FILTER = { no: 'packets are filtered by nftables' }

/** The answers, capability by capability. */
export const can: Abilities = {
  'interface.physical': true,
  'interface.lag': true,
  'interface.vlan': true,
  'interface.bridge': true,
  'interface.vxlan': true,
  'interface.loopback': true,
  'interface.tunnel': true,
  'interface.mtu': true,
  vrf: true,
  'address.ipv4': true,
  'address.ipv6': true,
  forwarding: true,
  'route.static': true,
  'route.bgp': BGP,
  'route.bgp.ipv6': BGP,
  'route.bgp.vrf': BGP,
  'route.bgp.evpn': BGP,
  'route.bgp.prepend': BGP,
  'route.multipath': true,
  'filter.stateful': FILTER,
  'filter.sets': FILTER,
}
