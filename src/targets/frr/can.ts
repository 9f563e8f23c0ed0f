/** What FRR can be asked: routes and BGP. It makes no links, addresses or tables; it routes over those that are there. */
import type { Abilities, Answer } from '#design/capability.ts'

const links: Answer = { no: 'linux makes interfaces; FRR only routes over them' }
const addresses: Answer = { no: 'linux sets addresses, so that they are there before FRR starts and after it stops' }
const filters: Answer = { no: 'nftables filters packets; FRR filters routes' }

const others: Answer = { no: 'FRR does routing and nothing else' }

/** FRR 8.4's answers. */
export const can: Abilities = {
  'interface.physical': links,
  'interface.lag': links,
  'interface.vlan': links,
  'interface.bridge': links,
  'interface.vxlan': links,
  'interface.loopback': links,
  'interface.tunnel': links,
  'interface.wireguard': links,
  'interface.active-standby': links,
  'interface.guard': links,
  'interface.authenticated': links,
  'interface.mtu': links,
  vrf: { no: 'linux makes VRFs; FRR only routes in them' },
  'address.ipv4': addresses,
  'address.ipv6': addresses,
  forwarding: { no: 'linux turns forwarding on by sysctl; FRR only keeps it off where a device must not forward' },
  'route.static': true,
  'route.bgp': true,
  'route.bgp.ipv6': true,
  'route.bgp.vrf': true,
  'route.bgp.evpn': true,
  'route.bgp.prepend': true,
  'route.bgp.community': true,
  'route.bgp.limit': true,
  'route.bgp.strip': true,
  'route.bfd': true,
  'route.advertise': true,
  'route.multipath': true,
  'filter.stateful': filters,
  'filter.sets': filters,
  'filter.self': filters,
  'filter.sources': filters,
  'filter.nat': filters,
  'filter.marks': filters,
  'filter.sync': filters,
  gateway: { no: 'keepalived runs VRRP; FRR is not asked to' },
  dhcp: others,
  balance: others,
  names: others,
  admit: others,
  'manage.clock': others,
  'manage.log': others,
  'manage.monitor': others,
  'manage.login': others,
}
