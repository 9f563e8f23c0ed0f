/** The devices whose whole configurations are beside this file: the two edge routers of an office that follow the WAN, and a firewall with one segment that follows nothing. */
import type { Device } from '#design/device.ts'
import type { InterfaceAddress, VlanInterface } from '#design/interface.ts'
import type { Vrrp, VrrpGroup } from '#design/for-hosts.ts'

const OFFICE = 'ask ber-office pair edge'

function addresses(texts: readonly string[], why: readonly string[]): InterfaceAddress[] {
  return texts.map((address) => ({ address, why }))
}

/** A segment of the office with the addresses of the device itself, and what it shares. */
function segment(name: string, vid: number, v4: readonly string[], v6: string, member: 2 | 3): { port: VlanInterface; group: VrrpGroup } {
  const port = `eth2.${vid}`
  const why = [`ask ber-office segment ${name}`, OFFICE]
  const own = (shared: string) => shared.replace(/1\/(\d+)$/, `${member}/$1`)
  return {
    port: {
      kind: 'vlan',
      name: port,
      id: `ber-office/edge-${member === 2 ? 'a' : 'b'}/${port}`,
      description: `segment ${name}`,
      mtu: 1500,
      parent: 'eth2',
      vid,
      addresses: addresses([...v4, v6].map(own), why),
      why,
    },
    group: { name, interface: port, id: vid, v4, v6, why },
  }
}

/** A device of a pair; only what keepalived reads is filled in, and the segments. */
export function deviceWith(id: string, segments: readonly { port: VlanInterface; group: VrrpGroup }[], vrrp: Omit<Vrrp, 'groups' | 'why'>): Device {
  const [site = '', name = ''] = id.split('/')
  return {
    kind: 'device',
    id,
    site,
    name,
    role: 'edge',
    model: 'server',
    platform: ['linux', 'frr', 'nftables', 'keepalived'],
    status: 'active',
    hostname: `${name}.${site}.harborpine.example`,
    forwards: true,
    interfaces: segments.map(({ port }) => port),
    vrfs: [],
    vrrp: { ...vrrp, groups: segments.map(({ group }) => group), why: [OFFICE] },
    why: [`ask ${site} devices ${name}`],
  }
}

const office = (member: 2 | 3) => [
  segment('staff', 10, ['10.32.16.1/24'], '2001:db8:3200:10::1/64', member),
  segment('voice', 20, ['10.32.17.1/24'], '2001:db8:3200:20::1/64', member),
  segment('guest', 200, ['10.32.24.1/22', '10.32.31.1/25'], '2001:db8:3200:200::1/64', member),
]

/** Routes that the office has from the company while its WAN is up. */
const FOLLOWS = ['10.0.0.0/8', '2001:db8::/32']

/** By the name of the folder. */
export const cases: Readonly<Record<string, Device>> = {
  'office-edge-a': deviceWith('ber-office/edge-a', office(2), { priority: 200, follows: FOLLOWS }),
  'office-edge-b': deviceWith('ber-office/edge-b', office(3), { priority: 100, follows: FOLLOWS }),
  'one-segment': deviceWith('ber-office/fw-a', [segment('cameras', 30, ['10.32.18.1/24'], '2001:db8:3200:30::1/64', 2)], { priority: 150, follows: [] }),
}
