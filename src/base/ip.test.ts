import assert from 'node:assert/strict'
import { BlockList, isIPv4, isIPv6 } from 'node:net'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  addressPart,
  aggregate,
  bitsOf,
  comparePrefixes,
  complement,
  contains,
  type Family,
  familyOf,
  type Ip,
  ipOf,
  lastOf,
  nth,
  overlaps,
  type Prefix,
  parseInterface,
  parseIp,
  parsePrefix,
  prefixAround,
  prefixOf,
  rangeToPrefixes,
  showIp,
  showPrefix,
  sizeOf,
} from './ip.ts'

const octet = fc.oneof(fc.integer({ min: 0, max: 300 }).map(String), fc.constantFrom('', '00', '01', '1a', ' 1', '-1', '1e1', '0x1', '٣', '256', '255'))
const v4Like = fc.array(octet, { minLength: 3, maxLength: 5 }).map((octets) => octets.join('.'))
const v4 = fc.ipV4()
const group = fc.oneof(
  fc.integer({ min: 0, max: 0xffff }).map((n) => n.toString(16)),
  fc.constantFrom('', '0', '00', '0000', '00000', 'ABCD', 'g', '-1', '1.2.3.4', '1.2.3', '01.2.3.4', '%eth0', ' '),
)
const v6Like = fc.array(group, { minLength: 1, maxLength: 9 }).map((groups) => groups.join(':'))

const families = fc.constantFrom<Family>(4, 6)
const ips = families.chain((family) => fc.bigInt({ min: 0n, max: (1n << BigInt(bitsOf(family))) - 1n }).map((value): Ip => ({ family, value })))
/** Addresses with runs of zero groups, which the text form shortens. */
const sparseV6 = fc
  .array(fc.constantFrom<bigint>(0n, 0n, 0n, 1n, 0xdb8n, 0xffffn), { minLength: 8, maxLength: 8 })
  .map((groups): Ip => ({ family: 6, value: groups.reduce((value, group) => (value << 16n) | group, 0n) }))
const prefixes = ips.chain((ip) => fc.integer({ min: 0, max: bitsOf(ip.family) }).map((length) => prefixAround(ip, length)))

/** A small universe in which addresses can be counted: 64 of them, at the same place of both families' spaces. */
const small = (family: Family) =>
  fc
    .tuple(fc.integer({ min: 0, max: 63 }), fc.integer({ min: 0, max: 6 }))
    .map(([at, bits]) => prefixAround({ family, value: 0x0a000000n + BigInt(at) }, bitsOf(family) - bits))
const members = (list: readonly Prefix[]) =>
  new Set(list.flatMap((prefix) => Array.from({ length: Number(sizeOf(prefix)) }, (_, i) => prefix.base + BigInt(i))))
/** The fewest prefixes for a set of addresses, by halving. */
const fewest = (set: ReadonlySet<bigint>, base: bigint, bits: number): number => {
  let inside = 0
  for (let value = base; value < base + (1n << BigInt(bits)); value++) inside += Number(set.has(value))
  if (inside === 0) return 0
  if (inside === 2 ** bits) return 1
  return fewest(set, base, bits - 1) + fewest(set, base + (1n << BigInt(bits - 1)), bits - 1)
}

test('IPv4 text is accepted exactly when Node accepts it', () => {
  fc.assert(
    fc.property(fc.oneof(v4, v4Like, fc.string()), (text) => assert.equal(parseIp(text)?.family === 4, isIPv4(text), text)),
    { numRuns: 2000 },
  )
  for (const text of ['010.0.0.1', '1.2.3', '1.2.3.4.5', '1.2.3.4 ', '1.2.3.4\n', '1.2.3.256', '0x7f.1', '']) assert.equal(parseIp(text), undefined, text)
})

test('IPv6 text is accepted exactly when Node accepts it without a zone', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV6(), v6Like, fc.string()), (text) => assert.equal(parseIp(text)?.family === 6, isIPv6(text) && !text.includes('%'), text)),
    { numRuns: 5000 },
  )
  for (const text of [
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8::',
    '::1.2.3.4:5',
    '1.2.3.4::',
    '1:1.2.3.4::1',
    'fe80::1%eth0',
    '12345::',
    ':1::2',
    '1::2:',
  ]) {
    assert.equal(parseIp(text), undefined, text)
  }
})

test('IPv4 is read and shown as its four octets say', () => {
  fc.assert(
    fc.property(v4, (text) => {
      const [a, b, c, d] = text.split('.').map(Number) as [number, number, number, number]
      assert.deepEqual(parseIp(text), { family: 4, value: BigInt(a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d) })
      assert.equal(showIp(ipOf(text)), text)
    }),
  )
})

test('IPv6 is shown as a URL has it (RFC 5952), and read back', () => {
  const canonical = (text: string) => new URL(`http://[${text}]/`).hostname.slice(1, -1)
  fc.assert(
    fc.property(fc.ipV6(), (text) => assert.equal(showIp(ipOf(text)), canonical(text))),
    { numRuns: 1000 },
  )
  fc.assert(
    fc.property(fc.oneof(ips, sparseV6), (ip) => {
      assert.deepEqual(parseIp(showIp(ip)), ip)
      if (ip.family === 6)
        assert.equal(
          showIp(ip),
          canonical(Array.from({ length: 8 }, (_, i) => ((ip.value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16).padStart(4, '0')).join(':')),
        )
    }),
    { numRuns: 1000 },
  )
  assert.equal(showIp(ipOf('2001:0DB8:0:0:1:0:0:1')), '2001:db8::1:0:0:1', 'the first of two equal runs')
  assert.equal(showIp(ipOf('2001:db8:0:1:1:1:1:1')), '2001:db8:0:1:1:1:1:1', 'a single group is not shortened')
  assert.equal(showIp(ipOf('::ffff:192.0.2.1')), '::ffff:c000:201')
})

test('a prefix is read only without host bits, an interface with them', () => {
  fc.assert(
    fc.property(ips, fc.integer({ min: 0, max: 130 }), (ip, length) => {
      const text = `${showIp(ip)}/${length}`
      const fits = length <= bitsOf(ip.family)
      assert.deepEqual(parseInterface(text), fits ? { ip, length } : undefined)
      const host = fits && ip.value % 2n ** BigInt(bitsOf(ip.family) - length) !== 0n
      assert.deepEqual(parsePrefix(text), fits && !host ? { family: ip.family, base: ip.value, length } : undefined)
    }),
  )
  for (const text of ['10.0.0.0', '10.0.0.0/', '10.0.0.0/08', '10.0.0.0/8/8', '10.0.0.0/+8', '10.0.0.0/ 8', '/8', '10.0.0.0/33', '::/129', '10.0.0.0/1000']) {
    assert.equal(parsePrefix(text), undefined, text)
    assert.equal(parseInterface(text), undefined, text)
  }
  assert.throws(() => prefixOf('10.0.0.1/8'), { message: 'not a prefix: 10.0.0.1/8' })
  assert.throws(() => ipOf('10.0.0'), { message: 'not an address: 10.0.0' })
})

test('text helpers', () => {
  fc.assert(
    fc.property(prefixes, (prefix) => {
      const text = showPrefix(prefix)
      assert.deepEqual(prefixOf(text), prefix)
      assert.equal(familyOf(text), prefix.family)
      assert.equal(addressPart(text), showIp({ family: prefix.family, value: prefix.base }))
      assert.equal(addressPart(addressPart(text)), addressPart(text))
    }),
  )
})

test('base, last and size agree', () => {
  fc.assert(
    fc.property(prefixes, (prefix) => {
      assert.equal(lastOf(prefix) - prefix.base + 1n, sizeOf(prefix))
      assert.deepEqual(nth(prefix, sizeOf(prefix) - 1n), { family: prefix.family, value: lastOf(prefix) })
      assert.deepEqual(prefixAround({ family: prefix.family, value: lastOf(prefix) }, prefix.length), prefix)
      assert.deepEqual(nth(prefix, 0), { family: prefix.family, value: prefix.base })
    }),
  )
})

test('contains and overlaps agree with Node and with intervals', () => {
  const nested = fc
    .tuple(prefixes, fc.nat(128))
    .map(
      ([prefix, more]) =>
        [prefix, prefixAround({ family: prefix.family, value: lastOf(prefix) }, Math.min(bitsOf(prefix.family), prefix.length + more))] as const,
    )
  fc.assert(
    fc.property(
      fc.oneof(
        nested,
        fc.tuple(prefixes, prefixes),
        families.chain((family) => fc.tuple(small(family), small(family))),
      ),
      ([a, b]) => {
        const both = a.family === b.family
        assert.equal(contains(a, b), both && a.base <= b.base && lastOf(b) <= lastOf(a))
        assert.equal(overlaps(a, b), both && a.base <= lastOf(b) && b.base <= lastOf(a))
        const list = new BlockList()
        list.addSubnet(addressPart(showPrefix(a)), a.length, a.family === 4 ? 'ipv4' : 'ipv6')
        const first = addressPart(showPrefix(b))
        if (both) assert.equal(contains(a, { ...b, length: bitsOf(b.family) }), list.check(first, b.family === 4 ? 'ipv4' : 'ipv6'))
      },
    ),
    { numRuns: 500 },
  )
})

test('the order puts a container before what it contains, and is total', () => {
  fc.assert(
    fc.property(prefixes, prefixes, (a, b) => {
      assert.equal(Math.sign(comparePrefixes(a, b)) + Math.sign(comparePrefixes(b, a)), 0)
      assert.equal(comparePrefixes(a, b) === 0, showPrefix(a) === showPrefix(b))
      if (contains(a, b) && a.length < b.length) assert.ok(comparePrefixes(a, b) < 0)
    }),
  )
})

test('aggregate covers the same addresses with the fewest prefixes, family by family', () => {
  fc.assert(
    fc.property(fc.array(small(4), { maxLength: 20 }), fc.array(small(6), { maxLength: 20 }), (four, six) => {
      const out = aggregate([...six, ...four])
      assert.deepEqual(out, [...out].sort(comparePrefixes))
      for (const [family, list] of [
        [4, four],
        [6, six],
      ] as const) {
        const mine = out.filter((prefix) => prefix.family === family)
        assert.deepEqual(members(mine), members(list))
        assert.equal(mine.length, fewest(members(list), 0x0a000000n, 6))
      }
    }),
    { numRuns: 500 },
  )
  assert.deepEqual(aggregate(['0.0.0.0/1', '128.0.0.0/1'].map(prefixOf)).map(showPrefix), ['0.0.0.0/0'])
})

test('a range is covered with the fewest prefixes', () => {
  fc.assert(
    fc.property(families, fc.integer({ min: 0, max: 64 }), fc.integer({ min: 0, max: 64 }), (family, from, end) => {
      const base = 0x0a000000n
      const out = rangeToPrefixes(family, base + BigInt(from), base + BigInt(end))
      const set = new Set(Array.from({ length: Math.max(0, end - from) }, (_, i) => base + BigInt(from + i)))
      assert.deepEqual(members(out), set)
      assert.equal(out.length, fewest(set, base, 6))
      assert.equal(
        out.reduce((sum, prefix) => sum + sizeOf(prefix), 0n),
        BigInt(set.size),
      )
    }),
  )
  assert.deepEqual(rangeToPrefixes(6, 0n, 1n << 128n).map(showPrefix), ['::/0'])
})

test('the complement is all that is not in a hole, in the fewest prefixes', () => {
  fc.assert(
    fc.property(families, fc.array(fc.oneof(prefixes, small(4), small(6)), { maxLength: 8 }), (family, holes) => {
      const out = complement(family, holes)
      const mine = holes.filter((hole) => hole.family === family)
      for (const prefix of out) for (const hole of mine) assert.ok(!overlaps(prefix, hole))
      const size = (list: readonly Prefix[]) => list.reduce((sum, prefix) => sum + sizeOf(prefix), 0n)
      assert.equal(size(out) + size(aggregate(mine)), 1n << BigInt(bitsOf(family)))
      assert.deepEqual(aggregate(out), out)
    }),
  )
})
