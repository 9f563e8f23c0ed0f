/** What holds for every pair: it reads back as itself, one that lacks something stands below one that lacks nothing, and the order stays among two that lack the same. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nth, prefixAround, showIp, showPrefix } from '#base/ip.ts'
import type { Device } from '#design/device.ts'
import type { VrrpGroup } from '#design/for-hosts.ts'
import { textOf } from '../target.ts'
import { withoutWhys } from '../without-whys.ts'
import { cases } from './cases/devices.ts'
import { keepalived } from './index.ts'

const why = fc.array(fc.constantFrom('ask a segment staff', 'ask a pair edge', 'ledger a/staff'), { minLength: 1, maxLength: 3 })
const ip = (family: 4 | 6) =>
  fc
    .bigInt({ min: 1n, max: (1n << (family === 4 ? 24n : 100n)) - 1n })
    .map((value) => nth({ family, base: family === 4 ? 10n << 24n : 0x2001_0db8n << 96n, length: 8 }, value))
const withLength = (family: 4 | 6) =>
  fc.tuple(ip(family), fc.integer({ min: 8, max: family === 4 ? 30 : 127 })).map(([ip, length]) => `${showIp(ip)}/${length}`)
const prefix = (family: 4 | 6) =>
  fc.tuple(ip(family), fc.integer({ min: 0, max: family === 4 ? 32 : 128 })).map(([ip, length]) => showPrefix(prefixAround(ip, length)))

const group: fc.Arbitrary<VrrpGroup> = fc.record({
  name: fc.stringMatching(/^[a-z][a-z0-9-]{0,14}$/),
  interface: fc.constantFrom('eth0', 'eth1.10', 'br20', 'bond0.4094'),
  id: fc.integer({ min: 1, max: 255 }),
  v4: fc.uniqueArray(withLength(4), { minLength: 1, maxLength: 3 }),
  v6: withLength(6),
  why,
})

const device: fc.Arbitrary<Device> = fc
  .record({
    priority: fc.integer({ min: 1, max: 254 }),
    follows: fc.uniqueArray(fc.oneof(prefix(4), prefix(6)), { maxLength: 4 }),
    groups: fc.uniqueArray(group, { selector: ({ name }) => name, minLength: 1, maxLength: 5 }),
    why,
  })
  .map((vrrp) => ({ ...cases['one-segment']!, vrrp }))

const print = (device: Device) => keepalived.print(keepalived.lower(device) ?? assert.fail('the device shares gateways'))
test('parse(print(tree)) is the tree, whys aside', () => {
  fc.assert(
    fc.property(device, (device) => {
      const parsed = keepalived.parse(new Map(print(device).map((file) => [file.path, textOf(file)])))
      assert(parsed.ok, JSON.stringify(parsed.diagnostics))
      assert.deepEqual(parsed.value, withoutWhys(keepalived.lower(device)))
      assert.deepEqual(keepalived.print(parsed.value).map(textOf), print(device).map(textOf))
    }),
    { numRuns: 300 },
  )
})

test('every line says why', () => {
  fc.assert(
    fc.property(device, (device) => {
      for (const { path, lines } of print(device)) for (const { text, why } of lines) assert(why.length > 0 && why.every(Boolean), `${path}: ${text}`)
    }),
  )
})

test('priorities that are 10 apart and above 25 decide also after a loss, of one or of both', () => {
  const left = (priority: number) => {
    const { penalty } = keepalived.lower({ ...cases['one-segment']!, vrrp: { ...cases['one-segment']!.vrrp!, priority } })!
    assert(penalty >= 1 && penalty <= 253)
    return Math.max(1, priority - penalty)
  }
  const pair = fc.integer({ min: 26, max: 244 }).chain((lesser) => fc.tuple(fc.constant(lesser), fc.integer({ min: lesser + 10, max: 254 })))
  fc.assert(
    fc.property(pair, ([lesser, greater]) => {
      assert(left(greater) < lesser, 'who lacks something is below who lacks nothing')
      assert(left(greater) > left(lesser), 'the order stays when both do')
    }),
  )
})
