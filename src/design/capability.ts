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
  'route.multipath': 'equal-cost multipath',
  'filter.stateful': 'a stateful filter between zones, default deny',
  'filter.sets': 'filter rules over sets of prefixes',
} as const

/** The name of a capability. */
export type Capability = keyof typeof CAPABILITIES

/** A target's answer: yes, or no with the reason a person would give. */
export type Answer = true | { readonly no: string }

/** A target's answers to every capability. */
export type Abilities = Readonly<Record<Capability, Answer>>
