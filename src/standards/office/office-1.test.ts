import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asksOf } from '../../../test/asks.ts'
import { office1 } from './office-1.ts'

const ZONES = ['users', 'voice', 'guest']
const FLOORS = [
  { name: '3', area: '14000 sqft', seats: 80 },
  { name: '4', area: '12000 sqft', seats: 70 },
]
const names = (things: readonly { readonly name: string }[]) => things.map((thing) => thing.name)

test('a normal office has one edge that is gateway and filter', () => {
  const asks = asksOf(office1, { seats: 150, floors: FLOORS }, ZONES)
  assert.deepEqual(names(asks.devices), ['access-3-a', 'access-3-b', 'access-4-a', 'access-4-b', 'edge-a'])
  assert.deepEqual(
    asks.filters.map((filter) => filter.devices),
    [['edge-a']],
  )
  assert.ok(asks.segments.every((segment) => segment.gateways.length === 1))
})

test('a place of elevated risk gets a firewall pair behind an edge pair', () => {
  const asks = asksOf(office1, { seats: 150, floors: FLOORS, risk: 'elevated' }, ZONES)
  assert.deepEqual(
    names(asks.devices).filter((name) => /^(edge|fw)/.test(name)),
    ['edge-a', 'edge-b', 'fw-a', 'fw-b'],
  )
  assert.deepEqual(
    asks.filters.map((filter) => filter.devices),
    [['fw-a', 'fw-b']],
  )
  assert.deepEqual(
    asks.devices.filter((device) => device.standby).map((device) => device.name),
    ['edge-b', 'fw-b'],
  )
})

test('every seat has a port, and no switch more than 40', () => {
  for (const seats of [1, 39, 40, 41, 80, 81, 199]) {
    const { ports } = asksOf(office1, { seats, floors: [{ name: '1', area: '9000 sqft', seats }] }, ZONES)
    assert.equal(
      ports.reduce((sum, port) => sum + port.count, 0),
      seats,
    )
    assert.ok(ports.every((port) => port.count <= 40))
  }
})

test('the switches of a floor are a line: no loop, whatever their number', () => {
  for (const seats of [30, 75, 200]) {
    const { links, devices } = asksOf(office1, { seats, floors: [{ name: '1', area: '9000 sqft', seats }], risk: 'elevated' }, ZONES)
    const trunks = links.filter((link) => link.carries.kind === 'trunk')
    const switches = devices.filter((device) => device.role === 'access-switch').length
    assert.equal(trunks.length, switches + 1)
  }
})

test('segments follow the seats of their floor', () => {
  const { segments } = asksOf(office1, { seats: 150, floors: FLOORS }, ZONES)
  assert.deepEqual(
    segments.map(({ name, hosts }) => [name, hosts]),
    [
      ['guest-3', 40],
      ['guest-4', 35],
      ['users-3', 120],
      ['users-4', 105],
      ['voice-3', 80],
      ['voice-4', 70],
    ],
  )
})

test('floors that do not add up are refused with both numbers', () => {
  assert.throws(() => asksOf(office1, { seats: 140, floors: FLOORS }, ZONES), /the floors have 150 seats, the office 140/)
})
