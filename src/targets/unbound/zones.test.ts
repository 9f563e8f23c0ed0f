/** The reverse zones of prefixes. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { bitsOf, contains, type Family, type Ip, nth, prefixAround, showPrefix } from '#base/ip.ts'
import { reverseZones } from './zones.ts'

test('a prefix that ends with a label is one zone, another is split', () => {
  assert.deepEqual(reverseZones(['10.0.0.0/8', '2001:db8::/32']), ['10.in-addr.arpa', '8.b.d.0.1.0.0.2.ip6.arpa'])
  assert.deepEqual(reverseZones(['192.0.2.254/31', '2001:db8::/34']), [
    '254.2.0.192.in-addr.arpa',
    '255.2.0.192.in-addr.arpa',
    ...['0', '1', '2', '3'].map((label) => `${label}.8.b.d.0.1.0.0.2.ip6.arpa`),
  ])
  const zones = reverseZones(['172.16.0.0/12'])
  assert.deepEqual([zones.length, zones[0], zones.at(-1)], [16, '16.172.in-addr.arpa', '31.172.in-addr.arpa'])
})

test('prefixes of others in between are none, and those inside each other are named once', () => {
  assert.deepEqual(reverseZones(['10.1.0.0/16', '10.0.0.0/8', '192.168.0.0/17', '192.168.128.0/17']), ['10.in-addr.arpa', '168.192.in-addr.arpa'])
  assert.deepEqual(reverseZones([]), [])
})

/** The full reverse name of an address. */
function nameOf({ family, value }: Ip): string {
  const labels = family === 4 ? 4 : 32
  const bits = bitsOf(family) / labels
  const parts = Array.from({ length: labels }, (_, index) =>
    Number((value >> BigInt(index * bits)) & ((1n << BigInt(bits)) - 1n)).toString(family === 4 ? 10 : 16),
  )
  return `${parts.join('.')}.${family === 4 ? 'in-addr' : 'ip6'}.arpa`
}

test('an address of the prefix is in one zone, every other in none', () => {
  const families = fc.constantFrom<Family>(4, 6)
  fc.assert(
    fc.property(
      families,
      fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }),
      fc.nat({ max: 128 }),
      fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }),
      (family, seed, some, other) => {
        const bits = BigInt(bitsOf(family))
        const length = some % (Number(bits) + 1)
        const prefix = prefixAround({ family, value: seed & ((1n << bits) - 1n) }, length)
        const zones = reverseZones([showPrefix(prefix)])
        const inside = nth(prefix, other & ((1n << (bits - BigInt(length))) - 1n))
        const anywhere: Ip = { family, value: other & ((1n << bits) - 1n) }
        const zonesOf = (ip: Ip) => zones.filter((zone) => `.${nameOf(ip)}`.endsWith(`.${zone}`)).length
        assert.equal(zonesOf(inside), 1)
        assert.equal(zonesOf(anywhere), contains(prefix, prefixAround(anywhere, Number(bits))) ? 1 : 0)
      },
    ),
  )
})
