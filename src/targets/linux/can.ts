/** What a Linux kernel can do by itself. Routing protocols and filters are other targets of the same platform. */
import type { Abilities } from '#design/capability.ts'

const BGP = { no: 'the kernel forwards by its tables and speaks no routing protocol; frr does' }
const PROGRAM = { no: 'that takes a program of its own' }
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
  'interface.wireguard': { no: 'the kernel makes the device; wireguard gives it its keys' },
  'interface.active-standby': true,
  'interface.guard': { no: 'what a port refuses is dropped by nftables' },
  'interface.authenticated': true,
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
  'route.bgp.community': BGP,
  'route.bgp.limit': BGP,
  'route.bgp.strip': BGP,
  'route.bfd': BGP,
  'route.advertise': { no: 'the kernel listens to router advertisements; frr sends them' },
  'route.multipath': true,
  'filter.stateful': FILTER,
  'filter.sets': FILTER,
  'filter.self': FILTER,
  'filter.sources': FILTER,
  'filter.nat': FILTER,
  'filter.marks': FILTER,
  'filter.sync': { no: 'the kernel tracks connections; conntrackd tells them on' },
  gateway: { no: 'the kernel holds addresses; keepalived decides who holds a shared one' },
  dhcp: PROGRAM,
  balance: PROGRAM,
  names: PROGRAM,
  admit: PROGRAM,
  'manage.clock': PROGRAM,
  'manage.log': PROGRAM,
  'manage.monitor': PROGRAM,
  'manage.login': PROGRAM,
}
