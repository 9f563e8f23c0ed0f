import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { asksOf } from '../../../test/asks.ts'
import { callCentre1 } from '../call-centre/call-centre-1.ts'
import { office1, office2 } from '../office/office.ts'
import { warehouse1 } from '../warehouse/warehouse-1.ts'

const OFFICE = office2.zones
const FLOORS = [
  { name: '3', area: '14000 sqft', seats: 80 },
  { name: '4', area: '12000 sqft', seats: 70 },
]
const CIRCUITS = [
  { id: 'one', carrier: 'Colt', kind: 'private', to: 'here', bandwidth: '100 Mbps' },
  { id: 'two', carrier: 'DTAG', kind: 'internet', bandwidth: '500 Mbps' },
]
const names = (things: readonly { readonly name: string }[]) => things.map((thing) => thing.name)
const office = (facts: object) => asksOf(office2, { circuits: CIRCUITS, ...facts }, OFFICE)

test('a normal office has an edge pair that is gateway and filter, kept in step', () => {
  const asks = office({ seats: 150, floors: FLOORS })
  assert.deepEqual(names(asks.devices), ['access-3', 'access-4', 'edge-a', 'edge-b'])
  assert.deepEqual(
    asks.filters.map((filter) => filter.devices),
    [['edge-a', 'edge-b']],
  )
  assert.ok(asks.segments.every(({ gateways }) => gateways.join() === 'edge-a,edge-b'))
  assert.deepEqual(
    asks.links.filter(({ carries }) => carries.kind === 'sync').map(({ name }) => name),
    ['edge-a~edge-b-sync'],
  )
})

test('a place of elevated risk gets a firewall pair behind an edge pair', () => {
  const asks = office({ seats: 150, floors: FLOORS, risk: 'elevated' })
  assert.deepEqual(
    asks.filters.map((filter) => filter.devices),
    [['fw-a', 'fw-b']],
  )
  assert.deepEqual(
    asks.devices.filter((device) => device.standby).map((device) => device.name),
    ['edge-b', 'fw-b'],
  )
})

test('every seat has a port, and a stack has no more members than it takes', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 250 }), (seats) => {
      const asks = office({ seats, floors: [{ name: '1', area: '9000 sqft', seats }] })
      const desks = asks.ports.filter(({ name }) => name === 'desk')
      assert.equal(
        desks.reduce((sum, { count }) => sum + count, 0),
        seats,
      )
      const used = asks.ports.reduce((sum, { count }) => sum + count, 0)
      const { members } = asks.devices.find(({ name }) => name === 'access-1')!
      assert.ok(used <= members * 48 && members <= 8)
    }),
  )
})

test('a later version gives power enough, with the same segments', () => {
  const facts = { seats: 150, floors: FLOORS, circuits: CIRCUITS }
  const [before, after] = [office1, office2].map((standard) => asksOf(standard, facts, OFFICE)) as [ReturnType<typeof office>, ReturnType<typeof office>]
  const members = ({ devices }: typeof before) => devices.filter(({ role }) => role === 'access-switch').map((device) => device.members)
  assert.deepEqual(
    [members(before), members(after)],
    [
      [3, 2],
      [3, 3],
    ],
  )
  assert.deepEqual(names(after.segments), names(before.segments))
})

test('a segment lives on one stack, and no stack has two ways to a gateway: there is no loop', () => {
  for (const floors of [FLOORS, Array.from({ length: 7 }, (_, n) => ({ name: String(n + 1), area: '9000 sqft', seats: 40 }))]) {
    const seats = floors.reduce((sum, floor) => sum + floor.seats, 0)
    const { links, segments } = office({ seats, floors, risk: 'elevated' })
    const trunks = links.filter((link) => link.carries.kind === 'trunk')
    for (const { name } of segments) {
      const carrying = trunks.filter(({ carries }) => carries.kind === 'trunk' && carries.segments.includes(name))
      const devices = new Set(carrying.flatMap(({ a, b }) => [...a.among, ...b!.among]))
      // A tree: one link fewer than devices.
      assert.equal(carrying.length, devices.size - 1, name)
      assert.equal([...devices].filter((device) => device.startsWith('access-')).length, 1)
    }
  }
})

test('floors that do not add up are refused with both numbers', () => {
  assert.throws(() => office({ seats: 140, floors: FLOORS }), /the floors have 150 seats, the office 140/)
})

test('a floor of more seats than a stack can hold is refused, with how many it takes', () => {
  assert.throws(
    () => office({ seats: 400, floors: [{ name: '1', area: '40000 sqft', seats: 400 }] }),
    /area 1 needs 13 switches and a stack holds 8: split it into 2 areas/,
  )
})

test('above fifty seats it takes two circuits that share no risk', () => {
  const required = (facts: object) => office({ seats: 150, floors: FLOORS, ...facts }).requirements.find(({ name }) => name === 'two-circuits')!
  assert.equal(required({}).met, true)
  assert.equal(required({ circuits: CIRCUITS.slice(0, 1) }).met, false)
  assert.match(
    required({ circuits: CIRCUITS.map((circuit) => ({ ...circuit, sharedRisk: 'duct' })) }).reason,
    /150 seats hang on 2 circuits that can fail together/,
  )
})

test('agents take circuits that have room for their calls', () => {
  const facts = { seats: 150, floors: FLOORS, circuits: CIRCUITS }
  const met = asksOf(callCentre1, facts, callCentre1.zones).requirements.find(({ name }) => name === 'room-for-calls')!
  assert.equal(met.met, true)
  const narrow = [{ ...CIRCUITS[0]!, bandwidth: '20 Mbps' }, CIRCUITS[1]!]
  const unmet = asksOf(callCentre1, { ...facts, circuits: narrow }, callCentre1.zones).requirements.find(({ name }) => name === 'room-for-calls')!
  assert.match(unmet.reason, /150 agents take 15.7 Mbps of voice.*each needs 48 Mbps, and one has less/)
})

const HALL = { name: 'a', area: '90000 sqft', use: 'racked', scanners: 30, seats: 4, cameras: 6 }
const warehouse = (facts: object) => asksOf(warehouse1, { circuits: CIRCUITS, ...facts }, warehouse1.zones)

test('a hall of a warehouse has a stack that its access points and cameras hang on', () => {
  const asks = warehouse({ area: '90000 sqft', seats: 4, halls: [HALL] })
  assert.deepEqual(
    asks.ports.map(({ name, count }) => [name, count]),
    [
      ['ap', 19],
      ['camera', 6],
      ['desk', 4],
    ],
  )
})

test('a hall that its cabinet can’t cable is refused, with the number of parts', () => {
  assert.throws(
    () => warehouse({ area: '230000 sqft', seats: 4, halls: [{ ...HALL, area: '230000 sqft' }] }),
    /hall a has 230,000 sq ft, and a cabinet reaches 102,494 sq ft: split it into 3/,
  )
})
