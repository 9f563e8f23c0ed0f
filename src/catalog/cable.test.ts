import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { chooseMedium, type Distance } from './cable.ts'
import type { PortMedium } from './port-medium.ts'

const G = 1e9
const sfp28 = { speed: 25 * G, medium: 'sfp' } as const
const qsfp28 = { speed: 100 * G, medium: 'qsfp' } as const
const jack = { speed: 1 * G, medium: 'copper' } as const

test('25G within a rack is a direct-attach cable, across the room an active optical one', () => {
  assert.deepEqual(chooseMedium({ speed: 25 * G, a: sfp28, b: sfp28, distance: 'same-rack' }), { kind: 'dac', name: '25GBASE-CR-S', speed: 25 * G, reach: 3 })
  assert.equal(chooseMedium({ speed: 25 * G, a: sfp28, b: sfp28, distance: 3.5 })?.kind, 'aoc')
  assert.equal(chooseMedium({ speed: 25 * G, a: sfp28, b: sfp28, distance: 'same-room' })?.kind, 'aoc')
})

test('100G between racks: copper to 5 m, then fibre by length', () => {
  const name = (distance: Distance) => chooseMedium({ speed: 100 * G, a: qsfp28, b: qsfp28, distance })?.name
  assert.deepEqual([5, 20, 80, 500, 8000, 20_000].map(name), ['100GBASE-CR4', '100G AOC', '100GBASE-SR4', '100G-CWDM4', '100GBASE-LR4', undefined])
})

test('an unknown length takes what reaches farthest', () => {
  assert.equal(chooseMedium({ speed: 25 * G, a: sfp28, b: sfp28, distance: 'unknown' })?.name, '25GBASE-LR')
  assert.equal(chooseMedium({ speed: 1 * G, a: jack, b: jack, distance: 'unknown' })?.reach, 100)
})

test('a jack meets a cage by a transceiver with a jack', () => {
  assert.equal(chooseMedium({ speed: 1 * G, a: jack, b: sfp28, distance: 'same-room' })?.name, '1000BASE-T')
  assert.equal(chooseMedium({ speed: 1 * G, a: sfp28, b: sfp28, distance: 'same-room' })?.name, '1000BASE-SX')
})

test('what does not fit is not joined', () => {
  assert.equal(chooseMedium({ speed: 25 * G, a: sfp28, b: qsfp28, distance: 'same-rack' }), undefined)
  assert.equal(chooseMedium({ speed: 100 * G, a: sfp28, b: qsfp28, distance: 'same-rack' }), undefined)
  assert.equal(chooseMedium({ speed: 10 * G, a: jack, b: jack, distance: 'same-rack' }), undefined)
  assert.equal(chooseMedium({ speed: 1 * G, a: { speed: G, medium: 'other' }, b: jack, distance: 'same-rack' }), undefined)
})

test('the choice is the same from both ends, reaches, and a longer way never makes it possible', () => {
  const end = fc.record({
    speed: fc.constantFrom(1, 10, 25, 40, 100, 400).map((n) => n * G),
    medium: fc.constantFrom<PortMedium>('copper', 'sfp', 'qsfp', 'osfp', 'cage', 'other'),
  })
  const length = fc.double({ min: 0, max: 20_000, noNaN: true })
  fc.assert(
    fc.property(end, end, length, length, (a, b, near, far) => {
      const speed = Math.min(a.speed, b.speed)
      const medium = chooseMedium({ speed, a, b, distance: near })
      assert.deepEqual(medium, chooseMedium({ speed, a: b, b: a, distance: near }))
      assert.ok(!medium || medium.reach >= near)
      if (!medium) assert.equal(chooseMedium({ speed, a, b, distance: near + far }), undefined)
    }),
  )
})
