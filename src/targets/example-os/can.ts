/** What the toy operating system can do. Every capability has an answer; a reason is what a person would be told at the line that asked for it. */
import type { Abilities } from '#design/capability.ts'

const PORTS_ONLY = { no: 'example-os has ports and loopbacks only' }
const NO_PROTOCOLS = { no: 'example-os speaks no routing protocol' }
const NO_FILTER = { no: 'example-os filters nothing' }

const NO_PROGRAMS = { no: 'example-os runs no programs' }

/** The answers, capability by capability. */
export const can: Abilities = {
  'interface.physical': true,
  'interface.lag': PORTS_ONLY,
  'interface.vlan': PORTS_ONLY,
  'interface.bridge': PORTS_ONLY,
  'interface.vxlan': PORTS_ONLY,
  'interface.loopback': true,
  'interface.tunnel': PORTS_ONLY,
  'interface.wireguard': PORTS_ONLY,
  'interface.active-standby': PORTS_ONLY,
  'interface.guard': PORTS_ONLY,
  'interface.authenticated': PORTS_ONLY,
  'interface.mtu': { no: 'example-os sends packets of 1500 bytes and no others' },
  vrf: { no: 'example-os has one routing table' },
  'address.ipv4': true,
  'address.ipv6': true,
  forwarding: true,
  'route.static': true,
  'route.bgp': NO_PROTOCOLS,
  'route.bgp.ipv6': NO_PROTOCOLS,
  'route.bgp.vrf': NO_PROTOCOLS,
  'route.bgp.evpn': NO_PROTOCOLS,
  'route.bgp.prepend': NO_PROTOCOLS,
  'route.bgp.community': NO_PROTOCOLS,
  'route.bgp.limit': NO_PROTOCOLS,
  'route.bgp.strip': NO_PROTOCOLS,
  'route.bfd': NO_PROTOCOLS,
  'route.advertise': NO_PROTOCOLS,
  'route.multipath': { no: 'example-os keeps one next hop for a prefix' },
  'filter.stateful': NO_FILTER,
  'filter.sets': NO_FILTER,
  'filter.self': NO_FILTER,
  'filter.sources': NO_FILTER,
  'filter.nat': NO_FILTER,
  'filter.marks': NO_FILTER,
  'filter.sync': NO_FILTER,
  gateway: NO_PROTOCOLS,
  dhcp: NO_PROGRAMS,
  balance: NO_PROGRAMS,
  names: NO_PROGRAMS,
  admit: NO_PROGRAMS,
  'manage.clock': NO_PROGRAMS,
  'manage.log': NO_PROGRAMS,
  'manage.monitor': NO_PROGRAMS,
  'manage.login': NO_PROGRAMS,
}
