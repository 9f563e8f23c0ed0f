/** The devices of the golden cases: firewalls, a gateway, a leaf and switches as they are built, and a lab box whose names and sets are awkward on purpose. */
import type { Device } from '#design/device.ts'
import type { Filter } from '#design/filter.ts'
import type { Interface, PhysicalInterface } from '#design/interface.ts'
import { any, icmp, local, mark, pair, rule, set, tcp, udp, vrrp, zone } from './parts.ts'

const why = ['ask lab device fw']

/** A device of which only the filter matters, and perhaps more. */
export function deviceWith(filter: Filter, more: Partial<Device> = {}): Device {
  return { ...BARE, filter, ...more }
}

const BARE: Device = {
  kind: 'device',
  id: 'lab/fw',
  site: 'lab',
  name: 'fw',
  role: 'firewall',
  model: 'generic-server',
  platform: ['nftables'],
  status: 'active',
  hostname: 'fw.lab.example.net',
  forwards: true,
  interfaces: [],
  vrfs: [],
  why,
}

/** The devices, by the name of their golden files. */
export const devices: Readonly<Record<string, Device>> = {
  'data-centre-firewall': device('fra1', 'fw-1', 'firewall', {
    interfaces: [port('eth0', { vrf: 'mgmt' })],
    filter: {
      transit: 'filtered',
      zones: [
        zone('db', ['eth1.120', 'eth2.120'], { sources: 'databases' }),
        zone('management', ['eth0']),
        zone('outside', ['eth3', 'eth4'], { refuses: 'ours-and-nobodys' }),
        zone('web', ['eth1.110', 'eth2.110'], { sources: 'web-servers' }),
      ],
      sets: [
        set('admins', '10.255.0.0/24', '2001:db8:ff::/64'),
        set('databases', '10.20.2.0/24', '169.254.120.0/31', '2001:db8:20:2::/64', 'fd00:120::/127'),
        set('monitoring', '10.255.1.10/32', '10.255.1.11/32', '2001:db8:ff:1::10/128'),
        set('ours-and-nobodys', '0.0.0.0/8', '10.0.0.0/8', '127.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '224.0.0.0/3', '2001:db8::/32', 'fc00::/7', 'ff00::/8'),
        set('replicas', '10.20.2.128/25', '10.21.2.0/24', '2001:db8:20:2:8000::/65'),
        set('resolvers', '9.9.9.9/32', '2620:fe::9/128'),
        set('web-servers', '10.20.1.0/24', '169.254.110.0/31', '2001:db8:20:1::/64', 'fd00:110::/127'),
      ],
      pairs: [
        pair('db', 'outside', rule('databases-resolve', 'databases', 'resolvers', [udp(53), tcp(53)])),
        pair(
          'management',
          'db',
          rule('admins-to-databases', 'admins', 'databases', [tcp(22), tcp(5432)], { owner: 'dba', reason: 'repairs by hand' }),
          rule('monitoring-everywhere', 'monitoring', 'any', [icmp, tcp(9100, 9199)], { owner: 'sre' }),
        ),
        pair('management', 'web', rule('admins-to-web', 'admins', 'web-servers', []), rule('monitoring-everywhere', 'monitoring', 'any', [icmp, tcp(9100, 9199)], { owner: 'sre' })),
        pair('outside', 'web', rule('public-web', 'any', 'web-servers', [tcp(80), tcp(443), udp(443), icmp], { owner: 'shop', reason: 'the shop is open to everyone' })),
        pair(
          'web',
          'db',
          rule('web-to-databases', 'web-servers', 'databases', [tcp(5432)], { owner: 'shop', reason: 'orders are kept there' }),
          rule('web-to-replicas', 'web-servers', 'replicas', [tcp(5432, 5433)], { owner: 'shop', reason: 'reports read where they do not slow down orders' }),
        ),
        pair('web', 'outside', rule('web-resolve', 'web-servers', 'resolvers', [udp(53), tcp(53)])),
      ],
      local: [
        local('eth1.110', '169.254.110.1', tcp(179)),
        local('eth1.120', '169.254.120.1', tcp(179)),
        local('eth1.110', 'fd00:110::1', tcp(179)),
        local('eth1.120', 'fd00:120::1', tcp(179)),
        local('eth1.110', '169.254.110.1', vrrp),
        local('eth1.110', 'fe80::/10', vrrp),
        local('eth0', '10.255.0.0/24', tcp(22)),
        local('eth0', '2001:db8:ff::/64', tcp(22)),
      ],
    },
  }),
  'office-gateway': device('muc', 'gw-1', 'gateway', {
    vrrp: {
      groups: [
        { name: 'guests', interface: 'eth1.30', id: 1, v4: ['10.64.30.1/24'], v6: '2001:db8:640:30::1/64', why: ['ask muc segment guests'] },
        { name: 'staff', interface: 'eth1.10', id: 10, v4: ['10.64.10.1/24'], v6: '2001:db8:640:10::1/64', why: ['ask muc segment staff'] },
      ],
      priority: 200,
      follows: [],
      why: ['ask muc device gw-1'],
    },
    filter: {
      transit: 'filtered',
      zones: [
        zone('guests', ['eth1.30'], { sources: 'guests' }),
        zone('internet', ['eth0'], { refuses: 'inside' }),
        zone('phones', ['eth1.40'], { sources: 'phones' }),
        zone('printers', ['eth1.20'], { sources: 'printers', refuses: 'old-printers' }),
        zone('staff', ['eth1.10'], { sources: 'staff' }),
        zone('wan', ['wg-hq']),
      ],
      sets: [
        set('guests', '10.64.30.0/24', '2001:db8:640:30::/64'),
        set('inside', '10.64.0.0/16', '2001:db8:640::/48'),
        set('old-printers', '10.64.20.32/28'),
        set('phones', '10.64.40.0/24', '2001:db8:640:40::/64'),
        set('printers', '10.64.20.0/26', '2001:db8:640:20::/64'),
        set('staff', '10.64.10.0/24', '2001:db8:640:10::/64'),
      ],
      pairs: [
        pair('guests', 'internet', rule('guests-browse', 'any', 'any', [tcp(80), tcp(443), udp(443), udp(53), icmp], { owner: 'office', reason: 'guests get the internet and nothing else' })),
        pair('phones', 'wan', rule('phones-call', 'phones', 'any', [udp(5060), udp(16384, 32767)], { owner: 'voice', reason: 'calls' })),
        pair('staff', 'internet', rule('staff-internet', 'staff', 'any', [])),
        pair('staff', 'printers', rule('staff-print', 'staff', 'printers', [tcp(631), tcp(9100), icmp], { owner: 'office' })),
        pair('staff', 'staff', rule('staff-among-themselves', 'any', 'any', [])),
      ],
      local: [
        local('eth0', any, udp(51820)),
        ...['eth1.10', 'eth1.20', 'eth1.30', 'eth1.40'].flatMap((name) => [local(name, any, udp(67)), local(name, any, udp(547))]),
        local('wg-hq', '192.0.2.1', tcp(179)),
        local('wg-hq', '2001:db8:0:1::1', tcp(179)),
        local('wg-hq', '192.0.2.1', udp(3784)),
        local('eth1.10', '10.64.10.5', icmp),
      ],
      nat: [
        { interface: 'eth0', from: 'guests', v4: '203.0.113.10', v6: '2001:db8:ffff::10', why: ['ask muc circuit isp-1'] },
        { interface: 'eth0', from: 'inside', v4: '203.0.113.9', why: ['ask muc circuit isp-1'] },
      ],
      marks: [
        mark('eth1.40', 'ef', udp(16384, 32767)),
        mark('eth1.40', 'cs3', udp(5060)),
        mark('eth1.30', 'cs1'),
        mark('eth1.10', 'ef', udp(16384, 32767)),
        mark('eth1.10', 'cs0', icmp),
      ],
    },
  }),
  leaf: device('fra1', 'leaf-1', 'leaf', {
    interfaces: [
      { ...base('lo'), kind: 'loopback', addresses: addresses('10.0.0.11/32', 'fd00::11/128') },
      port('swp1', { addresses: addresses('10.0.1.1/31', 'fd00:1::1/127') }),
      port('swp2', { addresses: addresses('10.0.1.3/31', 'fd00:1::3/127') }),
      port('swp9', { vrf: 'web', addresses: addresses('169.254.110.1/31', 'fd00:110::1/127') }),
      { ...base('vx110'), kind: 'vxlan', vni: 110, local: '10.0.0.11', bridge: 'br110' },
      port('eth0', { vrf: 'mgmt', addresses: addresses('10.255.2.11/24') }),
    ],
    filter: {
      transit: 'open',
      zones: [],
      sets: [],
      pairs: [],
      local: [
        ...['swp1', 'swp2'].flatMap((name, at) => [
          local(name, `10.0.1.${2 * at}`, tcp(179)),
          local(name, `10.0.1.${2 * at}`, udp(3784)),
          local(name, '10.0.0.0/24', udp(4789)),
        ]),
        local('swp9', '169.254.110.0', tcp(179)),
        local('swp9', 'fd00:110::', tcp(179)),
        local('eth0', '10.255.0.0/24', tcp(22)),
        local('eth0', '10.255.1.10', udp(161)),
      ],
    },
  }),
  'internet-edge': device('fra', 'edge-b', 'edge-router', {
    interfaces: [port('swp1', { addresses: addresses('198.51.100.2/30') }), port('swp2', { addresses: addresses('203.0.113.2/30') }), port('swp3')],
    filter: {
      transit: 'open',
      zones: [zone('internet', ['swp1', 'swp2'], { refuses: 'internet/refused', answers: 'internet/elsewhere', destinations: 'internet/company' })],
      sets: [
        set('internet/refused', '10.0.0.0/8', '2001:db8::/32'),
        set('internet/elsewhere', '192.0.2.160/27'),
        set('internet/company', '10.0.0.0/8'),
      ],
      pairs: [],
      local: [local('swp3', '10.0.1.0', tcp(179))],
      nat: [{ interface: 'swp1', from: 'internet/company', v4: '198.51.100.2', why: ['ask fra circuit dia'] }],
    },
  }),
  'access-switch': device('muc', 'sw-1', 'access-switch', {
    forwards: false,
    interfaces: [guarded('swp1', 300), guarded('swp2', 300), vlan('swp2', 40), guarded('swp3', 100), port('swp48')],
    filter: {
      transit: 'open',
      zones: [],
      sets: [],
      pairs: [],
      local: [local('eth0', '10.255.0.0/24', tcp(22)), local('eth0', '10.255.1.10', udp(161))],
    },
  }),
  'desk-switch': device('muc', 'sw-9', 'desk-switch', { forwards: false, interfaces: [guarded('port-1.a', 50)] }),
  'awkward-names': device('lab', 'fw', 'firewall', {
    filter: {
      transit: 'filtered',
      zones: [
        zone('a', ['p1'], { sources: 'only-v4' }),
        zone('a-b', ['p2'], { refuses: 'void' }),
        zone('auto', ['p5'], { sources: 'void' }),
        zone('b-c', ['p3']),
        zone('c', ['p4']),
        zone('empty', [], { sources: 'only-v6' }),
        zone('merge', ['p6']),
      ],
      sets: [
        set('10/8 & more', '10.0.0.0/8', '10.1.0.0/16', '192.168.0.0/16'),
        set('everything', '0.0.0.0/0', '::/0'),
        set('only-v4', '192.0.2.0/24'),
        set('only-v6', '2001:db8::/32'),
        set('void'),
      ],
      pairs: [
        pair(
          'a',
          'b-c',
          rule('r1', '10/8 & more', 'everything', [tcp(0, 65535)], { owner: 'ops', reason: 'Ümläute,\n  "quotes" and\ttabs; { drop } \\' }),
          rule('r2', '10/8 & more', '10/8 & more', [tcp(80), udp(53)], { reason: '# what?' }),
        ),
        pair('a', 'c', rule('r3', 'only-v4', 'only-v6', [], { reason: 'never printed: no packet has both' })),
        pair('a', 'empty', rule('r4', 'any', 'any', [])),
        pair('a-b', 'c', rule('r5', 'only-v4', 'any', [tcp(80, 90), tcp(85, 99)]), rule('r6', 'void', 'any', [])),
        pair('auto', 'merge', rule('r7', 'any', 'only-v6', [icmp]), rule('r8', 'everything', 'only-v4', [tcp(1)])),
      ],
      local: [],
      nat: [{ interface: 'p4', from: 'only-v6', v4: '192.0.2.1', why: ['ask lab circuit x'] }],
      marks: [mark('p-1.5', 'ef', tcp(0, 65535)), mark('p_1', 'cs0'), mark('p_1', 'ef')],
    },
  }),
}

type Told = Omit<Partial<Device>, 'filter'> & { readonly filter?: Omit<Filter, 'why'> }

function device(site: string, name: string, role: string, { filter, ...more }: Told): Device {
  const known = filter ? { filter: { ...filter, why: [`ask ${site} filter ${name}`] } } : {}
  return { ...BARE, id: `${site}/${name}`, site, name, role, hostname: `${name}.${site}.example.net`, why: [`ask ${site} device ${name}`], ...more, ...known }
}

function base(name: string) {
  return { name, id: `lab/fw/${name}`, description: name, mtu: 1500, addresses: [], why: [`ask link ${name}`] }
}

function port(name: string, more: Partial<PhysicalInterface> = {}): PhysicalInterface {
  return { ...base(name), kind: 'physical', speed: 10e9, ...more }
}

function guarded(name: string, stormFramesPerSecond: number): PhysicalInterface {
  return port(name, { bridge: 'br10', guard: { stormFramesPerSecond, authenticated: false, why: ['ask muc ports desks'] } })
}

function vlan(parent: string, vid: number): Interface {
  return { ...base(`${parent}.${vid}`), kind: 'vlan', parent, vid, bridge: `br${vid}` }
}

function addresses(...texts: string[]) {
  return texts.map((address) => ({ address, why: [`ledger address ${address}`] }))
}
