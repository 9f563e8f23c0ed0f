/**
 * The devices whose whole files are beside this one: the gateway of an office behind address translation, which calls, and the edge of a data centre, which listens to
 * it and has a tunnel of equals to another one besides. The two are each other's peers.
 */
import type { Device } from '#design/device.ts'
import type { Interface, WireguardInterface, WireguardPeer } from '#design/interface.ts'
import type { StaticRoute } from '#design/routing.ts'

function base(device: string, name: string, description: string, mtu: number, addresses: readonly string[]) {
  return {
    name,
    id: `${device}/${name}`,
    description,
    mtu,
    addresses: addresses.map((address) => ({ address, why: [`ledger ${device}/${name} ${address}`] })),
    why: [`ask ${device.replace('/', ' device ')}`],
  }
}

function loopback(device: string, ...addresses: string[]): Interface {
  return { kind: 'loopback', ...base(device, 'lo', '', 65536, addresses) }
}

function circuit(device: string, ...addresses: string[]): Interface {
  return { kind: 'physical', speed: 1e9, ...base(device, 'eth0', 'internet circuit', 1500, addresses) }
}

function tunnel(device: string, name: string, port: number, peer: Omit<WireguardPeer, 'why'>, ...addresses: string[]): WireguardInterface {
  return {
    kind: 'wireguard',
    privateKey: `${device}/${name}`,
    port,
    peer: { ...peer, why: [`ask wan tunnel ${device} ${peer.name}`] },
    ...base(device, name, `${peer.name} over the internet`, 1420, addresses),
  }
}

function device(id: string, role: string, interfaces: readonly Interface[], to: readonly (readonly [prefix: string, address: string])[]): Device {
  const [site = '', name = ''] = id.split('/')
  const why = [`ask ${site} devices ${name}`]
  const statics = to.map(([prefix, address]): StaticRoute => ({ prefix, via: { address }, why }))
  return {
    kind: 'device',
    id,
    site,
    name,
    role,
    model: 'server',
    platform: ['linux', 'wireguard'],
    status: 'active',
    hostname: `${name}.${site}.harborpine.example`,
    forwards: true,
    interfaces,
    vrfs: [],
    routing: { statics, prefixLists: [], policies: [], bgp: [] },
    why,
  }
}

const [GATEWAY, EDGE] = ['ber-office/gateway-a', 'bos1/edge-a']

function gateway(): Device {
  const bos1 = { name: EDGE, publicKey: 'xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=', endpoint: '192.0.2.41:51820', keepalive: 25 }
  return device(
    GATEWAY,
    'gateway',
    [
      loopback(GATEWAY, '10.32.31.1/32', '2001:db8:32:ff::1/128'),
      circuit(GATEWAY, '192.0.2.42/24', '2001:db8:ffff::42/64'),
      tunnel(GATEWAY, 'wg-bos1', 51820, bos1, '10.0.128.1/31', '2001:db8:0:8000::1/127'),
    ],
    [
      ['10.1.255.41/32', '10.0.128.0'],
      ['2001:db8:1:ff::41/128', '2001:db8:0:8000::'],
    ],
  )
}

function edge(): Device {
  const office = { name: GATEWAY, publicKey: 'TrMvSoP4jYQlY6RIzBgbssQqY3vxI2Pi+y71lOWWXX0=' }
  const sea1 = { name: 'sea1/edge-a', publicKey: 'gN65BkIKy1eCE9pP1wdc8ROUtkHLF2PfAqYdyYBz6EA=', endpoint: '[2001:db8:fffe::41]:51822' }
  return device(
    EDGE,
    'edge',
    [
      loopback(EDGE, '10.1.255.41/32', '2001:db8:1:ff::41/128'),
      circuit(EDGE, '192.0.2.41/24', '2001:db8:ffff::41/64'),
      tunnel(EDGE, 'wg-ber-office', 51820, office, '10.0.128.0/31', '2001:db8:0:8000::/127'),
      tunnel(EDGE, 'wg-sea1', 51822, sea1, '10.0.128.4/31', '2001:db8:0:8000::4/127'),
    ],
    [
      ['10.32.31.1/32', '10.0.128.1'],
      ['2001:db8:32:ff::1/128', '2001:db8:0:8000::1'],
    ],
  )
}

/** The devices, by the name of the folder of their golden files. */
export const cases: Readonly<Record<string, Device>> = { gateway: gateway(), edge: edge() }
