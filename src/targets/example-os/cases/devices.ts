/** The device whose whole file is beside this one: a router of a branch. */
import type { Device } from '#design/device.ts'

const why = ['ask branch devices gw-1']

/** The devices, by the name of the folder of their golden files. */
export const cases: Readonly<Record<string, Device>> = {
  branch: {
    kind: 'device',
    id: 'branch/gw-1',
    site: 'branch',
    name: 'gw-1',
    role: 'gateway',
    model: 'example-box',
    platform: ['example-os'],
    status: 'active',
    hostname: 'gw-1.branch.harborpine.example',
    forwards: true,
    interfaces: [
      {
        kind: 'physical',
        name: 'port1',
        id: 'branch/gw-1/port1',
        description: 'circuit dtag-dia',
        mtu: 1500,
        speed: 1e9,
        addresses: [
          { address: '192.0.2.1/31', why: ['ledger branch/gw-1/port1 ipv4'] },
          { address: '2001:db8:0:1::1/127', why: ['ledger branch/gw-1/port1 ipv6'] },
        ],
        why,
      },
      {
        kind: 'physical',
        name: 'port2',
        id: 'branch/gw-1/port2',
        description: 'users',
        mtu: 1500,
        speed: 1e9,
        addresses: [{ address: '10.64.0.1/24', why: ['ledger branch/gw-1/port2 ipv4'] }],
        why,
      },
    ],
    vrfs: [],
    routing: {
      statics: [
        { prefix: '0.0.0.0/0', via: { address: '192.0.2.0' }, why },
        { prefix: '::/0', via: { address: '2001:db8:0:1::' }, why },
        { prefix: '10.64.0.0/16', via: 'discard', why },
      ],
      prefixLists: [],
      policies: [],
      bgp: [],
    },
    why,
  },
}
