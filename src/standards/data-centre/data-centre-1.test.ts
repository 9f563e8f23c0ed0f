import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asksOf } from '../../../test/asks.ts'
import { dataCentre1 } from './data-centre-1.ts'

const ZONES = ['web', 'db']
const RACKS = { n01: { role: 'network' }, n02: { role: 'network' }, r01: { hosts: { web: 2, db: 1 } }, r02: { hosts: { web: 1 } } }

test('each leaf is joined to each spine, borders too', () => {
  const asks = asksOf(dataCentre1, { racks: RACKS, spines: 3 }, ZONES)
  const fabric = asks.links.filter((link) => link.carries.kind === 'fabric').map((link) => link.name)
  assert.equal(fabric.length, 4 * 3)
  assert.ok(fabric.includes('leaf-r02~spine-c'))
})

test('a zone in a rack is a segment in a VRF, whose gateway is the rack’s leaf', () => {
  const asks = asksOf(dataCentre1, { racks: RACKS }, ZONES)
  assert.deepEqual(
    asks.segments.map(({ name, zone, vrf, gateways }) => [name, zone, vrf, gateways]),
    [
      ['r01-db', 'db', true, ['leaf-r01']],
      ['r01-web', 'web', true, ['leaf-r01']],
      ['r02-web', 'web', true, ['leaf-r02']],
    ],
  )
})

test('every zone that has hosts is handed to both firewalls by both borders', () => {
  const asks = asksOf(dataCentre1, { racks: RACKS }, ZONES)
  const handoffs = asks.links.filter((link) => link.carries.kind === 'handoff')
  assert.deepEqual(
    handoffs.map((link) => link.name),
    ['border-a~fw-a', 'border-a~fw-b', 'border-b~fw-a', 'border-b~fw-b'],
  )
  assert.ok(handoffs.every((link) => link.carries.kind === 'handoff' && link.carries.zones.join() === 'db,web'))
})

test('a pod without a network rack is refused', () => {
  assert.throws(() => asksOf(dataCentre1, { racks: { r01: { hosts: { web: 1 } } } }, ZONES), /no rack has the role network/)
})
