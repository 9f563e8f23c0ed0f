/** The devices whose files are beside this one: the two gateways of an office, which are a pair, and the one router of a small one. Only what Kea reads is filled in. */
import type { Device } from '#design/device.ts'
import type { DhcpSegment, DhcpServer } from '#design/for-hosts.ts'
import type { Interface } from '#design/interface.ts'

function vlan(device: string, parent: string, vid: number, addresses: readonly string[]): Interface {
  const name = `${parent}.${vid}`
  return {
    kind: 'vlan',
    name,
    id: `${device}/${name}`,
    description: `VLAN ${vid}`,
    mtu: 1500,
    parent,
    vid,
    addresses: addresses.map((address) => ({ address, why: [`ledger ${address}`] })),
    why: [`ask ${device} segment ${vid}`],
  }
}

/** A device that hands out addresses. */
export function deviceWith(id: string, dhcp: DhcpServer, interfaces: readonly Interface[]): Device {
  const [site = '', name = ''] = id.split('/')
  return {
    kind: 'device',
    id,
    site,
    name,
    role: 'gateway',
    model: 'server',
    platform: ['linux', 'kea'],
    status: 'active',
    hostname: `${name}.${site}.harborpine.example`,
    forwards: true,
    interfaces,
    vrfs: [],
    dhcp,
    why: [`ask ${site} devices ${name}`],
  }
}

const HOUR = 3600

/** A segment: its prefixes of IPv4, each with the gateway and the pool `first` to `last`, and that of IPv6. */
function segment(name: string, id: number, port: string, leaseSeconds: number, v4: readonly (readonly string[])[], v6: string): DhcpSegment {
  return {
    name,
    id,
    interface: port,
    leaseSeconds,
    v4: v4.map(([prefix, gateway, first, last], index) => ({
      prefix: prefix!,
      gateway: gateway!,
      first: first!,
      last: last!,
      why: [`ledger lon2 segment ${name} v4${index === 0 ? '' : `#${index + 1}`}`],
    })),
    v6: { prefix: `${v6}::/64`, first: `${v6}::1000`, last: `${v6}::1fff`, why: [`ledger lon2 segment ${name} v6`] },
    why: [`ask lon2 segment ${name}`],
  }
}

const staff = segment('staff', 10, 'lan0.10', 12 * HOUR, [['10.32.0.0/22', '10.32.0.1', '10.32.0.10', '10.32.3.254']], '2001:db8:32')
const voice = segment('voice', 20, 'lan0.20', 24 * HOUR, [['10.32.4.0/24', '10.32.4.1', '10.32.4.10', '10.32.4.254']], '2001:db8:32:1')
const location = { country: 'GB', city: 'London', address: '12 Wharf Road', area: '3', why: ['ask lon2 segment voice', 'fact sites/lon2.yaml#/address'] }
const guests = segment(
  'guests',
  30,
  'lan0.30',
  HOUR,
  [
    ['10.32.8.0/29', '10.32.8.1', '10.32.8.6', '10.32.8.6'],
    ['10.32.10.0/23', '10.32.10.1', '10.32.10.8', '10.32.11.254'],
  ],
  '2001:db8:32:2',
)

const said = {
  domain: 'lon2.harborpine.example',
  resolvers: ['10.1.0.53', '10.2.0.53', '2001:db8:1::53', '2001:db8:2::53'],
  clocks: ['10.1.0.123', '2001:db8:1::123'],
  why: ['ask lon2 dhcp', 'fact sites/lon2.yaml#/kind'],
}

const members = [
  { name: 'gw-a', address: '10.32.31.0' },
  { name: 'gw-b', address: '10.32.31.1' },
] as const

function gateway(role: DhcpServer['role']): Device {
  const [own, other] = role === 'primary' ? members : [members[1], members[0]]
  const id = `lon2/${own.name}`
  const host = role === 'primary' ? 2 : 3
  const dhcp: DhcpServer = { role, pair: { self: own, other }, ...said, segments: [staff, { ...voice, location }, guests] }
  return deviceWith(id, dhcp, [
    vlan(id, 'lan0', 10, [`10.32.0.${host}/22`, `2001:db8:32::${host}/64`]),
    vlan(id, 'lan0', 20, [`10.32.4.${host}/24`, `2001:db8:32:1::${host}/64`]),
    vlan(id, 'lan0', 30, [`10.32.8.${host}/29`, `10.32.10.${host}/23`, `2001:db8:32:2::${host}/64`]),
    vlan(id, 'lan0', 4000, [`${own.address}/31`]),
  ])
}

const shop: DhcpServer = {
  role: 'primary',
  domain: 'cam1.harborpine.example',
  resolvers: ['2001:db8:1::53'],
  clocks: [],
  segments: [segment('tills', 10, 'lan0.10', 8 * HOUR, [['10.40.0.0/26', '10.40.0.1', '10.40.0.8', '10.40.0.62']], '2001:db8:40')],
  why: ['ask cam1 dhcp'],
}

/** Device by case. */
export const cases: Record<string, Device> = {
  'office-primary': gateway('primary'),
  'office-standby': gateway('standby'),
  'small-office': deviceWith('cam1/edge', shop, [vlan('cam1/edge', 'lan0', 10, ['10.40.0.1/26', '2001:db8:40::1/64'])]),
}
