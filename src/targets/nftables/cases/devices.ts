/** The devices of the golden cases: a data-centre firewall between VRF zones, an office gateway, and a lab box whose names and sets are awkward on purpose. */
import type { AddressSet, Device, Filter, FilterRule, FilterZone, LocalRule, Service, ZonePair } from '#design/device.ts'

/** A device of which only the filter matters. */
export function deviceWith(filter: Filter): Device {
  return {
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
    filter,
    why: ['ask lab device fw'],
  }
}

const icmp: Service = { protocol: 'icmp' }

/** The devices, by the name of their golden file. */
export const devices: Readonly<Record<string, Device>> = {
  'data-centre-firewall': device('fra1', 'fw-1', 'firewall', {
    zones: [
      zone('db', 'eth1.120', 'eth2.120'),
      zone('management', 'eth0'),
      zone('outside', 'eth3', 'eth4'),
      zone('web', 'eth1.110', 'eth2.110'),
    ],
    sets: [
      set('admins', '10.255.0.0/24', '2001:db8:ff::/64'),
      set('databases', '10.20.2.0/24', '2001:db8:20:2::/64'),
      set('monitoring', '10.255.1.10/32', '10.255.1.11/32', '2001:db8:ff:1::10/128'),
      set('replicas', '10.20.2.128/25', '10.21.2.0/24', '2001:db8:20:2:8000::/65'),
      set('resolvers', '9.9.9.9/32', '2620:fe::9/128'),
      set('web-servers', '10.20.1.0/24', '2001:db8:20:1::/64'),
    ],
    pairs: [
      pair('db', 'outside', rule('databases-resolve', 'databases', 'resolvers', [udp(53), tcp(53)])),
      pair(
        'management',
        'db',
        rule('admins-to-databases', 'admins', 'databases', [tcp(22), tcp(5432)]),
        rule('monitoring-everywhere', 'monitoring', 'any', [icmp, tcp(9100, 9199)]),
      ),
      pair('management', 'web', rule('admins-to-web', 'admins', 'web-servers', []), rule('monitoring-everywhere', 'monitoring', 'any', [icmp, tcp(9100, 9199)])),
      pair('outside', 'web', rule('public-web', 'any', 'web-servers', [tcp(80), tcp(443), udp(443), icmp])),
      pair(
        'web',
        'db',
        rule('web-to-databases', 'web-servers', 'databases', [tcp(5432)]),
        rule('web-to-replicas', 'web-servers', 'replicas', [tcp(5432, 5433)]),
      ),
      pair('web', 'outside', rule('web-resolve', 'web-servers', 'resolvers', [udp(53), tcp(53)])),
    ],
    local: [
      local('eth1.110', '169.254.110.1', tcp(179)),
      local('eth1.120', '169.254.120.1', tcp(179)),
      local('eth1.110', 'fd00:110::1', tcp(179)),
      local('eth1.120', 'fd00:120::1', tcp(179)),
      local('eth0', '10.255.0.5', tcp(22)),
    ],
  }),
  'office-gateway': device('muc', 'gw-1', 'gateway', {
    zones: [zone('guests', 'eth1.30'), zone('internet', 'eth0'), zone('printers', 'eth1.20'), zone('staff', 'eth1.10')],
    sets: [set('printers', '10.64.20.0/26', '2001:db8:640:20::/64'), set('staff', '10.64.10.0/24', '2001:db8:640:10::/64')],
    pairs: [
      pair('guests', 'internet', rule('guests-browse', 'any', 'any', [tcp(80), tcp(443), udp(443), udp(53), icmp])),
      pair('staff', 'internet', rule('staff-internet', 'staff', 'any', [])),
      pair('staff', 'printers', rule('staff-print', 'staff', 'printers', [tcp(631), tcp(9100), icmp])),
      pair('staff', 'staff', rule('staff-among-themselves', 'any', 'any', [])),
    ],
    local: [local('eth0', '192.0.2.1', tcp(179)), local('eth0', '2001:db8:0:1::1', tcp(179)), local('eth1.10', '10.64.10.5', icmp)],
  }),
  'awkward-names': device('lab', 'fw', 'firewall', {
    zones: [zone('a', 'p1'), zone('a-b', 'p2'), zone('auto', 'p5'), zone('b-c', 'p3'), zone('c', 'p4'), zone('empty'), zone('merge', 'p6')],
    sets: [
      set('10/8 & more', '10.0.0.0/8', '10.1.0.0/16', '192.168.0.0/16'),
      set('everything', '0.0.0.0/0', '::/0'),
      set('only-v4', '192.0.2.0/24'),
      set('only-v6', '2001:db8::/32'),
      set('void'),
    ],
    pairs: [
      pair('a', 'b-c', rule('r1', '10/8 & more', 'everything', [tcp(0, 65535)]), rule('r2', '10/8 & more', '10/8 & more', [tcp(80), udp(53)])),
      pair('a', 'c', rule('r3', 'only-v4', 'only-v6', [])),
      pair('a', 'empty', rule('r4', 'any', 'any', [])),
      pair('a-b', 'c', rule('r5', 'only-v4', 'any', [tcp(80, 90), tcp(85, 99)]), rule('r6', 'void', 'any', [])),
      pair('auto', 'merge', rule('r7', 'any', 'only-v6', [icmp]), rule('r8', 'everything', 'only-v4', [tcp(1)])),
    ],
    local: [],
  }),
}

function device(site: string, name: string, role: string, filter: Omit<Filter, 'why'>): Device {
  return { ...deviceWith({ ...filter, why: [`ask ${site} filter ${name}`] }), id: `${site}/${name}`, site, name, role, hostname: `${name}.${site}.example.net` }
}

function zone(name: string, ...interfaces: string[]): FilterZone {
  return { name, interfaces, why: [`zone ${name}`] }
}

function set(name: string, ...prefixes: string[]): AddressSet {
  return { name, prefixes: prefixes.map((prefix) => ({ prefix, why: [`ledger prefix ${prefix}`] })), why: [`zone ${name}`] }
}

function pair(from: string, to: string, ...rules: FilterRule[]): ZonePair {
  return { from, to, rules }
}

function rule(id: string, from: string, to: string, services: Service[]): FilterRule {
  return { id, from, to, services, why: [`policy ${id}`] }
}

function local(name: string, from: string, service: Service): LocalRule {
  return { interface: name, from, service, why: [`ask link ${name}`] }
}

function tcp(first: number, last = first): Service {
  return { protocol: 'tcp', ports: [first, last] }
}

function udp(first: number, last = first): Service {
  return { protocol: 'udp', ports: [first, last] }
}
