/** The devices whose whole configurations are beside this file: the two firewalls of a data centre, and one of an office whose link has IPv6 only. */
import type { Device } from '#design/device.ts'
import type { PhysicalInterface } from '#design/interface.ts'
import type { StateSync } from '#design/filter.ts'

/** A firewall that keeps in step with the other one of its pair; only what conntrackd reads is filled in, and the link. */
export function deviceWith(id: string, stateSync: Omit<StateSync, 'why'>): Device {
  const [site = '', name = ''] = id.split('/')
  const why = [`ask ${site} pair fw`, `ask ${site} link fw-a fw-b`]
  const link: PhysicalInterface = {
    kind: 'physical',
    name: stateSync.interface,
    id: `${id}/${stateSync.interface}`,
    description: `${stateSync.remoteName} ${stateSync.interface}`,
    mtu: 1500,
    speed: 10e9,
    addresses: [{ address: `${stateSync.local}/${stateSync.local.includes(':') ? 127 : 31}`, why }],
    why,
  }
  return {
    kind: 'device',
    id,
    site,
    name,
    role: 'firewall',
    model: 'server',
    platform: ['linux', 'frr', 'nftables', 'conntrackd'],
    status: 'active',
    hostname: `${name}.${site}.harborpine.example`,
    forwards: true,
    interfaces: [link],
    vrfs: [],
    stateSync: { ...stateSync, why },
    why: [`ask ${site} devices ${name}`],
  }
}

/** By the name of the folder. */
export const cases: Readonly<Record<string, Device>> = {
  'data-centre-a': deviceWith('bos1/fw-a', {
    interface: 'eth5',
    local: '10.1.254.0',
    remote: '10.1.254.1',
    remoteName: 'bos1/fw-b',
    own: ['10.1.255.21', '2001:db8:1:ff::21', '10.1.201.1', '2001:db8:1:201::1', '10.1.202.1', '2001:db8:1:202::1', '10.1.254.0', '198.51.100.8'],
  }),
  'data-centre-b': deviceWith('bos1/fw-b', {
    interface: 'eth5',
    local: '10.1.254.1',
    remote: '10.1.254.0',
    remoteName: 'bos1/fw-a',
    own: ['10.1.255.22', '2001:db8:1:ff::22', '10.1.201.3', '2001:db8:1:201::3', '10.1.202.3', '2001:db8:1:202::3', '10.1.254.1', '198.51.100.8'],
  }),
  'office-ipv6': deviceWith('ber-office/fw-a', {
    interface: 'enp1s0f1',
    local: '2001:db8:3200:fe::',
    remote: '2001:db8:3200:fe::1',
    remoteName: 'ber-office/fw-b',
    own: ['10.32.31.1', '2001:db8:3200:ff::1'],
  }),
}
