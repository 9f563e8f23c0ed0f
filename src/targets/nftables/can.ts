/** What the nftables target can do: it filters. Interfaces, addresses and routes belong to the targets that share the device with it. */
import type { Abilities } from '#design/capability.ts'

const elsewhere = { no: 'nftables filters packets; it makes no interfaces and sets no addresses' } as const
const routing = { no: 'nftables filters packets; it does not route or forward them' } as const

const others = { no: 'nftables filters packets and does nothing else' } as const

/** The answers of the nftables target. */
export const can: Abilities = {
  'interface.physical': elsewhere,
  'interface.lag': elsewhere,
  'interface.vlan': elsewhere,
  'interface.bridge': elsewhere,
  'interface.vxlan': elsewhere,
  'interface.loopback': elsewhere,
  'interface.tunnel': elsewhere,
  'interface.wireguard': elsewhere,
  'interface.active-standby': elsewhere,
  'interface.guard': true,
  'interface.authenticated': elsewhere,
  'interface.mtu': elsewhere,
  vrf: { no: 'zones are told apart by interface; a filter per routing table is not printed' },
  'address.ipv4': elsewhere,
  'address.ipv6': elsewhere,
  forwarding: routing,
  'route.static': routing,
  'route.bgp': routing,
  'route.bgp.ipv6': routing,
  'route.bgp.vrf': routing,
  'route.bgp.evpn': routing,
  'route.bgp.prepend': routing,
  'route.bgp.community': routing,
  'route.bgp.limit': routing,
  'route.bgp.strip': routing,
  'route.bfd': routing,
  'route.advertise': routing,
  'route.multipath': routing,
  'filter.stateful': true,
  'filter.sets': true,
  'filter.self': true,
  'filter.sources': true,
  'filter.nat': true,
  'filter.marks': true,
  'filter.sync': { no: 'conntrackd tells connections on; nftables only uses them' },
  gateway: others,
  dhcp: others,
  balance: others,
  names: others,
  admit: others,
  'manage.clock': others,
  'manage.log': others,
  'manage.monitor': others,
  'manage.login': others,
}
