/**
 * The devices whose whole files are beside this one: a leaf with a VRF per zone, a firewall on VLAN subinterfaces, an L2 access switch of an office, a server,
 * a leaf without VRFs that a kernel built without VLAN and VRF devices can run too, and the gateway of an office on WireGuard tunnels.
 */
import type { Device, Vrf } from '#design/device.ts'
import type { Interface, PortGuard, InterfaceAddress } from '#design/interface.ts'

/** What every interface has, with the kind's own fields beside it. */
function base(id: string, name: string, description: string, mtu: number, addresses: readonly string[]) {
  const device = id.replace('/', ' device ')
  return {
    name,
    id: `${id}/${name}`,
    description,
    mtu,
    addresses: addresses.map((address): InterfaceAddress => ({ address, why: [`ledger ${id}/${name} ${address}`] })),
    why: [`ask ${device}`],
  }
}

/** Makes the interfaces of one device. */
function on(id: string) {
  const part = (name: string, description: string, mtu: number, addresses: readonly string[]) => base(id, name, description, mtu, addresses)
  return {
    lo: (...addresses: string[]): Interface => ({ kind: 'loopback', ...part('lo', '', 65536, addresses) }),
    port: (name: string, description: string, mtu: number, in_: { bridge?: string; vrf?: string; guard?: PortGuard } = {}, ...addresses: string[]): Interface => ({
      kind: 'physical',
      speed: 25e9,
      ...in_,
      ...part(name, description, mtu, addresses),
    }),
    lag: (name: string, description: string, mtu: number, members: string[], mode: 'lacp' | 'active-standby' = 'lacp', ...addresses: string[]): Interface => ({
      kind: 'lag',
      members,
      mode,
      ...part(name, description, mtu, addresses),
    }),
    vlan: (parent: string, vid: number, description: string, mtu: number, in_: { bridge?: string; vrf?: string } = {}, ...addresses: string[]): Interface => ({
      kind: 'vlan',
      parent,
      vid,
      ...in_,
      ...part(`${parent}.${vid}`, description, mtu, addresses),
    }),
    tunnel: (name: string, local: string, remote: string, description: string, mtu: number, ...addresses: string[]): Interface => ({
      kind: 'tunnel',
      local,
      remote,
      ...part(name, description, mtu, addresses),
    }),
    wireguard: (name: string, peer: string, port: number, mtu: number, ...addresses: string[]): Interface => ({
      kind: 'wireguard',
      privateKey: `${id}/wireguard`,
      port,
      peer: { name: peer, publicKey: 'xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=', endpoint: '192.0.2.41:51820', keepalive: 25, why: [`ask ${id}`] },
      ...part(name, `${peer} over the internet`, mtu, addresses),
    }),
    bridge: (name: string, description: string, mtu: number, in_: { mac?: string; vrf?: string } = {}, ...addresses: string[]): Interface => ({
      kind: 'bridge',
      ...in_,
      ...part(name, description, mtu, addresses),
    }),
    vxlan: (vni: number, local: string, bridge: string, mtu: number): Interface => ({
      kind: 'vxlan',
      vni,
      local,
      bridge,
      ...part(`vx${vni}`, `VNI ${vni}`, mtu, []),
    }),
  }
}

function device(id: string, role: string, platform: readonly string[], interfaces: readonly Interface[], more: Partial<Device> = {}): Device {
  const [site = '', name = ''] = id.split('/')
  return {
    kind: 'device',
    id,
    site,
    name,
    role,
    model: 'server',
    platform,
    status: 'active',
    hostname: `${name}.${site}.harborpine.example`,
    forwards: true,
    interfaces,
    vrfs: [],
    why: [`ask ${site} devices ${name}`],
    ...more,
  }
}

function vrf(name: string, table: number): Vrf {
  return { name, table, vni: table, why: [`zone ${name}`, `ledger bos1/vrf/${name}`] }
}

function leaf(): Device {
  const { lo, port, vlan, bridge, vxlan } = on('bos1/leaf-1')
  return device(
    'bos1/leaf-1',
    'leaf',
    ['linux', 'frr'],
    [
      lo('10.1.255.11/32', '2001:db8:1:ff::11/128'),
      port('swp49', 'bos1/spine-1 swp1', 9216, {}, '10.1.128.1/31', '2001:db8:1:8000::1/127'),
      port('swp50', 'bos1/spine-2 swp1', 9216, {}, '10.1.128.3/31', '2001:db8:1:8000::3/127'),
      bridge('br5001', 'layer-3 VNI of web', 9166, { mac: '02:00:0a:01:ff:0b', vrf: 'web' }),
      vxlan(5001, '10.1.255.11', 'br5001', 9166),
      bridge('br5002', 'layer-3 VNI of db', 9166, { mac: '02:00:0a:01:ff:0b', vrf: 'db' }),
      vxlan(5002, '10.1.255.11', 'br5002', 9166),
      bridge('br110', 'web servers', 1500, { vrf: 'web' }, '10.1.16.1/24', '2001:db8:1:1000::1/64'),
      port('swp1', 'bos1/web-1 eth0', 1500, { bridge: 'br110' }),
      port('swp2', 'bos1/web-2 eth0', 1500, { bridge: 'br110' }),
      bridge('br120', 'databases', 9000, { vrf: 'db' }, '10.1.17.1/24', '2001:db8:1:1001::1/64'),
      port('swp3', 'bos1/db-1 eth0', 9000, { bridge: 'br120' }),
      port('swp9', 'bos1/hypervisor-1 eth0', 9000),
      vlan('swp9', 110, 'web servers of hypervisor-1', 1500, { bridge: 'br110' }),
      vlan('swp9', 120, 'databases of hypervisor-1', 9000, { bridge: 'br120' }),
    ],
    { vrfs: [vrf('web', 5001), vrf('db', 5002)] },
  )
}

function firewall(): Device {
  const { lo, port, lag, vlan, tunnel } = on('bos1/fw-a')
  return device(
    'bos1/fw-a',
    'firewall',
    ['linux', 'frr', 'nftables'],
    [
      lo('10.1.255.41/32', '2001:db8:1:ff::41/128'),
      port('eth0', 'out-of-band switch, port #7', 1500, {}, '10.1.254.41/24'),
      vlan('bond0', 101, 'bos1/border-1, zone web', 1500, {}, '10.1.129.1/31', '2001:db8:1:8100::1/127'),
      vlan('bond0', 102, 'bos1/border-1, zone db', 1500, {}, '10.1.129.3/31', '2001:db8:1:8100::3/127'),
      lag('bond0', 'bos1/border-1 swp11 and swp12', 9000, ['eth1', 'eth2']),
      port('eth1', 'bos1/border-1 swp11', 9000),
      port('eth2', 'bos1/border-1 swp12', 9000),
      tunnel('gre-sea1', '192.0.2.41', '198.51.100.41', 'sea1/fw-a over the internet', 1476, '10.0.128.0/31', '2001:db8:0:8000::/127'),
    ],
    { stateSync: { interface: 'eth3', local: '10.1.130.0', remote: '10.1.130.1', remoteName: 'bos1/fw-b', own: [], why: ['ask bos1 sync fw-a~fw-a'] } },
  )
}

function accessSwitch(): Device {
  const { port, vlan, bridge } = on('ber-office/access-3a')
  const why = ['ask ber-office devices access-3a']
  return device(
    'ber-office/access-3a',
    'access-switch',
    ['linux'],
    [
      port('swp1', 'outlet 3.017 "reception"', 1500, { bridge: 'br10', guard: { stormFramesPerSecond: 500, authenticated: true, why } }),
      port('swp2', 'outlet 3.018', 1500, { bridge: 'br10' }),
      port('swp3', 'telephone 3.019', 1500, { bridge: 'br20' }),
      port('swp4', 'unused', 1500, { bridge: 'br10' }),
      port('swp49', 'ber-office/gateway-a eth3', 1500),
      bridge('br10', 'users', 1500),
      bridge('br20', 'voice', 1500),
      bridge('br99', 'management', 1500, {}, '10.32.31.13/26', '2001:db8:32:f00::13/64'),
      vlan('swp1', 20, 'outlet 3.017, voice tagged', 1500, { bridge: 'br20' }),
      vlan('swp49', 10, 'users to gateway-a', 1500, { bridge: 'br10' }),
      vlan('swp49', 20, 'voice to gateway-a', 1500, { bridge: 'br20' }),
      vlan('swp49', 99, 'management to gateway-a', 1500, { bridge: 'br99' }),
    ],
    {
      forwards: false,
      routing: {
        statics: [
          { prefix: '0.0.0.0/0', via: { address: '10.32.31.1' }, why },
          { prefix: '::/0', via: { address: '2001:db8:32:f00::1' }, why },
        ],
        prefixLists: [],
        policies: [],
        bgp: [],
      },
    },
  )
}

function server(): Device {
  const { lo, port } = on('bos1/web-1')
  const why = ['ask bos1 devices web-1']
  return device(
    'bos1/web-1',
    'server',
    ['linux'],
    [lo(), port('eth0', 'bos1/leaf-1 swp1', 1500, {}, '10.1.16.10/24', '2001:db8:1:1000::10/64'), port('eth1', 'storage', 9000, {}, '10.1.18.10/24')],
    {
      forwards: false,
      routing: {
        statics: [
          { prefix: '0.0.0.0/0', via: { address: '10.1.16.1' }, why },
          { prefix: '::/0', via: { address: '2001:db8:1:1000::1' }, why },
        ],
        prefixLists: [],
        policies: [],
        bgp: [],
      },
    },
  )
}

function flatLeaf(): Device {
  const { lo, port, bridge, vxlan } = on('lab/leaf-1')
  const why = ['ask lab devices leaf-1']
  return device(
    'lab/leaf-1',
    'leaf',
    ['linux'],
    [
      lo('10.9.255.1/32', '2001:db8:9:ff::1/128'),
      port('swp49', "lab/spine-1 swp1, the one at the 'back'", 9216, {}, '10.9.128.1/31', '2001:db8:9:8000::1/127'),
      port('swp50', 'lab/spine-2 swp1', 9216, {}, '10.9.128.3/31', '2001:db8:9:8000::3/127'),
      bridge('br110', 'everything at Köpenick', 9000, { mac: '02:00:0a:09:ff:01' }, '10.9.16.1/24', '2001:db8:9:1000::1/64'),
      vxlan(110, '10.9.255.1', 'br110', 9000),
      port('swp1', 'lab/host-1 eth0', 9000, { bridge: 'br110' }),
      port('swp2', 'lab/host-2 eth0', 9000, { bridge: 'br110' }),
    ],
    {
      routing: {
        statics: [
          { prefix: '0.0.0.0/0', via: { address: '10.9.128.0' }, why: [...why, 'node lab/spine-1'] },
          { prefix: '0.0.0.0/0', via: { address: '10.9.128.2' }, why: [...why, 'node lab/spine-2'] },
          { prefix: '::/0', via: { address: '2001:db8:9:8000::' }, why: [...why, 'node lab/spine-1'] },
          { prefix: '::/0', via: { address: '2001:db8:9:8000::2' }, why: [...why, 'node lab/spine-2'] },
          { prefix: '10.9.0.0/16', via: 'discard', why },
          { prefix: '2001:db8:9::/48', via: 'discard', why },
        ],
        prefixLists: [],
        policies: [],
        bgp: [],
      },
    },
  )
}

function gateway(): Device {
  const { lo, port, lag, vlan, wireguard } = on('ber-office/gateway-a')
  return device(
    'ber-office/gateway-a',
    'gateway',
    ['linux', 'wireguard', 'frr', 'nftables'],
    [
      lo('10.32.31.1/32', '2001:db8:32:ff::1/128'),
      port('eth0', 'internet circuit ber-1', 1500, {}, '198.51.100.10/30', '2001:db8:ffff:10::2/64'),
      vlan('bond0', 10, 'users', 1500, {}, '10.32.16.2/23', '2001:db8:32:1000::2/64'),
      lag('bond0', 'ber-office/core-1 swp11, in reserve core-2 swp11', 1500, ['eth2', 'eth1'], 'active-standby'),
      port('eth1', 'ber-office/core-2 swp11', 1500),
      port('eth2', 'ber-office/core-1 swp11', 1500),
      wireguard('wg-bos1', 'bos1/edge-a', 51820, 1420, '10.0.128.1/31', '2001:db8:0:8000::1/127'),
      wireguard('wg-sea1', 'sea1/edge-a', 51821, 1420, '10.0.128.3/31', '2001:db8:0:8000::3/127'),
    ],
  )
}

/** The devices, by the name of the folder of their golden files. */
export const cases: Readonly<Record<string, Device>> = {
  leaf: leaf(),
  firewall: firewall(),
  'access-switch': accessSwitch(),
  server: server(),
  'flat-leaf': flatLeaf(),
  gateway: gateway(),
}
