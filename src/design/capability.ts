/**
 * What a target may be asked to do. The union is closed: a new capability does not compile until every target has answered for it, and the
 * compile errors are the to-do list.
 */

/** Every capability, with what it means. */
export const CAPABILITIES = {
  'interface.physical': 'a port',
  'interface.lag': 'a link aggregate (IEEE 802.1AX)',
  'interface.vlan': 'a VLAN subinterface (IEEE 802.1Q)',
  'interface.bridge': 'a bridge of ports and VLANs',
  'interface.vxlan': 'a VXLAN tunnel end (RFC 7348)',
  'interface.loopback': 'a loopback',
  'interface.tunnel': 'a tunnel',
  'interface.wireguard': 'a WireGuard tunnel',
  'interface.active-standby': 'a link aggregate of which one port is in use',
  'interface.guard': 'ports that refuse what only the network may send',
  'interface.authenticated': 'ports that pass nothing on of a host that was not let in',
  'interface.mtu': 'an MTU other than the default',
  vrf: 'separate routing tables (RFC 4364 VRFs)',
  'address.ipv4': 'IPv4 addresses',
  'address.ipv6': 'IPv6 addresses',
  forwarding: 'forwarding packets between interfaces',
  'route.static': 'static routes',
  'route.bgp': 'BGP (RFC 4271), with policies on import and export',
  'route.bgp.ipv6': 'IPv6 over BGP (RFC 2545)',
  'route.bgp.vrf': 'a BGP instance in a VRF',
  'route.bgp.evpn': 'EVPN routes of type 5 (RFC 9136)',
  'route.bgp.prepend': 'AS path prepending',
  'route.bgp.community': 'large communities (RFC 8092), set and matched',
  'route.bgp.limit': 'a limit on the prefixes that a neighbour may send',
  'route.bgp.strip': 'private AS numbers taken out of paths',
  'route.bfd': 'failure detection by BFD (RFC 5880)',
  'route.advertise': 'router advertisements (RFC 4861)',
  'route.multipath': 'equal-cost multipath',
  'filter.stateful': 'a stateful filter between zones, default deny',
  'filter.sets': 'filter rules over sets of prefixes',
  'filter.self': 'a filter on what the device itself accepts',
  'filter.sources': 'a check of source addresses by zone (RFC 2827)',
  'filter.nat': 'translation of source addresses',
  'filter.marks': 'traffic classes set on what comes in (RFC 2474)',
  'filter.sync': 'connection tracking in step with another device',
  gateway: 'gateway addresses shared by VRRP (RFC 5798)',
  dhcp: 'a DHCP server, both families',
  balance: 'balancing the connections of a service',
  names: 'answering names',
  admit: 'letting hosts in at ports and wireless networks (IEEE 802.1X)',
  'manage.clock': 'time by NTP (RFC 5905)',
  'manage.log': 'a log that is sent on',
  'manage.monitor': 'monitoring by SNMPv3 (RFC 3411)',
  'manage.login': 'log-in by SSH',
} as const

/** The name of a capability. */
export type Capability = keyof typeof CAPABILITIES

/** A target's answer: yes, or no with the reason a person would give. */
export type Answer = true | { readonly no: string }

/** A target's answers to every capability. */
export type Abilities = Readonly<Record<Capability, Answer>>
