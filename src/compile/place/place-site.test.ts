import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BUILT_IN_DEVICE_TYPES } from '#catalog/built-in.ts'
import type { Asks, DeviceAsk } from '#standards/authoring/asks.ts'
import type { Site } from '../company.ts'
import { placeSite } from './place-site.ts'

const CHOICES = {
  catalog: new Map(BUILT_IN_DEVICE_TYPES.map((type) => [type.slug, type])),
  hardware: {},
  platforms: {},
  targets: ['linux', 'wireguard', 'frr', 'nftables', 'conntrackd', 'keepalived', 'kea', 'chrony', 'rsyslog', 'snmpd', 'sshd'],
}

function suppliesOf(model: string, members = 1): string[] {
  const device = (name: string): DeviceAsk =>
    ({ name, role: 'edge-router', model, members, rack: { among: ['r1'], from: 'top' }, group: 'edge', why: [] }) as unknown as DeviceAsk
  const asks = { devices: [device('edge-a'), device('edge-b')], racks: [{ name: 'r1', units: 42, why: [] }] } as unknown as Asks
  const site = { name: 'here', file: 'sites/here.yaml', facts: {} } as unknown as Site
  const { devices, diagnostics } = placeSite(site, { asks, held: () => [] }, CHOICES)
  assert.deepEqual(diagnostics, [])
  return [...devices.values()].map(({ ask, supplies }) => `${ask.name}: ${supplies!.map(({ name, feed }) => `${name} ${feed}`).join(', ')}`)
}

test('two supplies hang on two feeds, those of each box of a stack', () => {
  assert.deepEqual(suppliesOf('dell/poweredge-r650-8x25g'), ['edge-a: psu1 a, psu2 b', 'edge-b: psu1 a, psu2 b'])
  assert.deepEqual(suppliesOf('dell/poweredge-r650-8x25g', 2)[0], 'edge-a: psu1 a, psu2 b, s2-psu1 a, s2-psu2 b')
})

test('of a pair with one supply each, no feed carries both', () => {
  assert.deepEqual(suppliesOf('supermicro/sys-510d-8c-fn6p'), ['edge-a: psu1 a', 'edge-b: psu1 b'])
})
