/** A firewall of a data centre that listens on both families in its management VRF, and a switch of an office that does on IPv6 in its only table. */
import type { Device, Management } from '#design/device.ts'

function device(id: string, role: string, management: Omit<Management, 'why'>): Device {
  const [site = '', name = ''] = id.split('/')
  const why = [`ask ${site} devices ${name}`]
  return {
    kind: 'device',
    id,
    site,
    name,
    role,
    model: 'server',
    platform: ['linux', 'sshd'],
    status: 'active',
    hostname: `${name}.${site}.harborpine.example`,
    forwards: true,
    interfaces: [],
    vrfs: management.vrf === undefined ? [] : [{ name: management.vrf, table: 1000, why }],
    management: { ...management, why: ['zone management', ...why] },
    why,
  }
}

/** The devices of the golden files. */
export const cases: Readonly<Record<string, Device>> = {
  firewall: device('bos1/fw-a', 'firewall', {
    interface: 'eth0',
    vrf: 'management',
    addresses: ['10.1.254.41', '2001:db8:1:fe00::41'],
    from: ['10.1.250.0/24', '2001:db8:1:fa00::/64'],
    clocks: ['10.1.250.11'],
    logs: ['10.1.250.21'],
    monitors: ['10.1.250.31'],
    resolvers: ['10.1.250.2'],
    location: 'bos1, rack r01, unit 40',
    contact: 'Network operations, +1 617 555 0100',
  }),
  'office-switch': device('ber-office/access-3a', 'access-switch', {
    interface: 'br99',
    addresses: ['2001:db8:32:f00::13'],
    from: ['2001:db8:1:fa00::/64'],
    clocks: ['10.1.250.11'],
    logs: [],
    monitors: [],
    resolvers: [],
    location: 'ber-office, third floor',
    contact: 'Network operations, +1 617 555 0100',
  }),
}
