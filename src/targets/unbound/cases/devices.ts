/** Resolvers: one of a data centre for both families, and one in a company whose prefixes end within labels of their reverse names. */
import type { Device } from '#design/device.ts'
import type { NameRecord, Resolver } from '#design/for-hosts.ts'

function device(id: string, resolver: Omit<Resolver, 'why'>): Device {
  const [site = '', name = ''] = id.split('/')
  const why = [`ask ${site} devices ${name}`]
  return {
    kind: 'device',
    id,
    site,
    name,
    role: 'host',
    model: 'server',
    platform: ['linux', 'unbound'],
    status: 'active',
    hostname: `${name}.${site}.${resolver.domain}`,
    forwards: true,
    interfaces: [],
    vrfs: [],
    resolver: { ...resolver, why: ['fact services/dns.yaml#/', ...why] },
    why,
  }
}

function record(name: string, addresses: readonly string[], origin: string, reverse = true): NameRecord {
  return { name, addresses, reverse, why: [origin] }
}

/** The names of a small Harborpine. A service is at two sites; which replica calls is told by the reverse names of its replicas. */
const records: readonly NameRecord[] = [
  record('core-a.ber-office.harborpine.example', ['10.32.31.11', '2001:db8:20:1f00::11'], 'ask ber-office devices core-a'),
  record('orders.harborpine.example', ['10.1.200.7', '2001:db8:1:c800::7', '10.2.200.7', '2001:db8:2:c800::7'], 'fact services/orders.yaml#/', false),
  record('orders-1.bos1.harborpine.example', ['10.1.9.1', '2001:db8:1:900::1'], 'ledger bos1 replica orders orders-1 v4'),
  record('orders-1.lon1.harborpine.example', ['10.2.9.1', '2001:db8:2:900::1'], 'ledger lon1 replica orders orders-1 v4'),
  record('sensor.ber-office.harborpine.example', ['2001:db8:20:1e00::9'], 'fact sites/ber-office.yaml#/hosts/sensor'),
  record('shop.harborpine.example', ['198.51.100.20', '2001:db8:1:ff00::20'], 'fact services/storefront.yaml#/', false),
]

/** The devices of the golden files. */
export const cases: Readonly<Record<string, Device>> = {
  'data-centre': device('bos1/host-a', {
    addresses: ['10.1.0.53', '2001:db8:1::53'],
    clients: ['10.0.0.0/8', '2001:db8::/32'],
    domain: 'harborpine.example',
    space: ['10.0.0.0/8', '2001:db8::/32'],
    records,
  }),
  'odd-prefixes': device('yard/host-a', {
    addresses: ['172.20.0.53', '172.20.0.54', '2001:db8:1000::53'],
    clients: ['172.20.0.0/14', '192.0.2.64/27', '2001:db8:1000::/36'],
    domain: 'yard.example',
    space: ['172.20.0.0/14', '192.0.2.64/30', '2001:db8:1000::/38'],
    records: [
      record('gate.yard.example', ['172.23.0.7', '192.0.2.65', '2001:db8:1200::7'], 'fact sites/yard.yaml#/hosts/gate'),
      record('yard.example', ['172.20.0.80'], 'fact services/web.yaml#/', false),
    ],
  }),
}
