/** What the tree of a device is like: its names, its whys, its notes, and what is refused. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Prefix, prefixOf, showPrefix } from '#base/ip.ts'
import type { Filter, LocalRule, ZonePair } from '#design/filter.ts'
import type { PhysicalInterface } from '#design/interface.ts'
import { textOf } from '../target.ts'
import { devices, deviceWith } from './cases/devices.ts'
import { pair, rule, set, tcp, zone } from './cases/parts.ts'
import { type Box, disjoint } from './disjoint.ts'
import { nftables } from './index.ts'
import { identifier } from './names.ts'
import { METER_SIZE } from './rules.ts'
import { FILES } from './tree.ts'

const filter = devices['office-gateway']!.filter!

test('an element has the why of every rule and prefix that it holds a part of', () => {
  const box = (text: string, first: number, last: number, origin: string): Box => ({ prefix: prefixOf(text), first, last, why: [origin] })
  const show = (boxes: readonly Box[]) =>
    boxes.map(({ prefix, first, last, why }: Box & { prefix: Prefix }) => `${showPrefix(prefix)} ${first}-${last} ${why.join('+')}`)
  assert.deepEqual(show(disjoint([box('10.0.0.0/8', 80, 90, 'a'), box('10.0.0.0/8', 85, 99, 'b')])), ['10.0.0.0/8 80-99 a+b'])
  assert.deepEqual(show(disjoint([box('10.1.0.0/16', 70, 99, 'narrow'), box('10.0.0.0/8', 80, 90, 'wide')])), [
    '10.0.0.0/8 80-90 wide+narrow',
    '10.1.0.0/16 70-79 narrow',
    '10.1.0.0/16 91-99 narrow',
  ])
  assert.deepEqual(show(disjoint([box('10.0.0.0/8', 80, 90, 'a'), box('10.0.0.0/8', 91, 91, 'b'), box('10.0.0.0/9', 85, 91, 'c')])), [
    '10.0.0.0/8 80-90 a+c',
    '10.0.0.0/8 91-91 b+c',
  ])
})

test('every line says why, and every constant choice is cited', () => {
  const cited = new Set<string>()
  const rules = new Set(nftables.rules.map(({ origin }) => origin))
  for (const device of Object.values(devices)) {
    for (const { text, why } of nftables.print(nftables.lower(device)!).flatMap(({ lines }) => lines)) {
      assert.ok(why.length > 0 && why.every((origin) => origin !== ''), `no why: ${text}`)
      for (const origin of why) {
        if (origin.startsWith('rule ')) assert.ok(rules.has(origin), origin)
        cited.add(origin)
      }
    }
  }
  assert.deepEqual(
    [...rules].filter((origin) => !cited.has(origin)),
    [],
  )
  assert.ok(nftables.rules.every(({ reason, place }) => reason.length > 20 && place.file.endsWith('nftables/rules.ts')))
  assert.equal(new Set(nftables.rules.map(({ place }) => place.line)).size, nftables.rules.length)
})

test('identifiers are valid, stable and never collide', () => {
  const name = fc.string({ minLength: 1, unit: fc.constantFrom('a', 'Z', '1', '-', '_', '.', '/', ' ', 'é', '\n', '"') })
  const names = fc.array(name, { minLength: 1, maxLength: 3 })
  fc.assert(
    fc.property(names, names, (a, b) => {
      assert.match(identifier(...a), /^[A-Za-z_.][A-Za-z0-9_./-]*$/)
      assert.equal(identifier(...a) === identifier(...b), JSON.stringify(a) === JSON.stringify(b))
    }),
    { numRuns: 2000 },
  )
  assert.equal(identifier('web', 'db'), 'web-db')
  assert.notEqual(identifier('auto', 'merge'), 'auto-merge')
})

test('a device without a filter or a guarded port has no file, and neither has one that runs something else', () => {
  const { filter: _, ...bare } = deviceWith(filter)
  assert.equal(nftables.lower(bare), undefined)
  assert.equal(nftables.lower({ ...bare, interfaces: devices.leaf!.interfaces }), undefined)
  for (const device of Object.values(devices)) assert.equal(nftables.lower({ ...device, platform: ['linux', 'frr'] }), undefined)
})

test('a guard is printed whether or not there is a filter', () => {
  const files = (name: string) => nftables.print(nftables.lower(devices[name]!)!).map(({ path }) => path)
  assert.deepEqual(files('access-switch'), [FILES.inet, FILES.bridge])
  assert.deepEqual(files('desk-switch'), [FILES.bridge])
  assert.deepEqual(files('leaf'), [FILES.inet])
})

test('more guarded ports than a meter has room for are refused', () => {
  const [port] = devices['desk-switch']!.interfaces as readonly PhysicalInterface[]
  const ports = (count: number) => Array.from({ length: count }, (_, at): PhysicalInterface => ({ ...port!, name: `p${at}` }))
  assert.throws(() => nftables.lower({ ...devices['desk-switch']!, interfaces: ports(METER_SIZE + 1) }), /65536 guarded ports/)
})

test('a flow is told once in a zone pair, above the first rule that it is in', () => {
  const both = set('both', '10.0.0.0/8', '2001:db8::/32')
  const two: Filter = {
    ...filter,
    zones: [zone('a', ['p1']), zone('b', ['p2'])],
    nat: [],
    sets: [both, set('six', '2001:db8:6::/48'), set('void')],
    pairs: [
      pair(
        'a',
        'b',
        rule('one', 'both', 'both', [tcp(80), { protocol: 'icmp' }], { owner: 'me', reason: 'first' }),
        rule('two', 'both', 'six', [tcp(81)]),
        rule('none', 'both', 'void', [tcp(82)]),
      ),
      pair('b', 'a', rule('one', 'any', 'any', [], { owner: 'me', reason: 'first' })),
    ],
  }
  const { lines } = nftables.print(nftables.lower(deviceWith(two))!)[0]!
  const told = lines.map(({ text }) => text.trim()).filter((text, at) => /^# (one|two|none)/.test(text) || lines[at - 1]?.text.trim().startsWith('# t'))
  assert.deepEqual(told, [
    '# one: first (me)',
    '# two',
    'ip6 saddr @both-v6 ip6 daddr . meta l4proto . th dport @a-b-both-ports-v6 counter accept',
    '# one: first (me)',
  ])
  assert.deepEqual(lines.find(({ text }) => text.trim() === '# two')!.why, ['policy two'])
})

test('what comes in by an interface of a VRF is known by both names', () => {
  const interfaces = [port('eth0', 'mgmt'), port('eth1', 'red'), port('eth2', 'red')]
  const local: LocalRule[] = [{ interface: 'eth0', from: 'any', service: tcp(22), why: ['ask x'] }]
  const zones = [zone('a', ['eth1']), zone('b', ['eth2']), zone('c', ['eth3'])]
  const device = (pairs: ZonePair[]) => deviceWith({ ...filter, nat: [], marks: [], sets: [], zones, pairs, local }, { interfaces })
  const printed = textOf(nftables.print(nftables.lower(device([pair('a', 'c', rule('r', 'any', 'any', []))]))!)[0]!)
  for (const element of ['"eth0" . 0.0.0.0/0 . tcp . 22,', '"mgmt" . ::/0 . tcp . 22,', '"eth1" . "eth3" : jump a-c,', '"red" . "eth3" : jump a-c,'])
    assert.ok(printed.includes(element), element)
  // Of two zones in one VRF, its name says nothing.
  assert.throws(
    () => nftables.lower(device([pair('a', 'c', rule('r', 'any', 'any', [])), pair('b', 'c', rule('s', 'any', 'any', []))])),
    /red eth3 are in several zones/,
  )
})

test('a filter that names what it does not have is refused', () => {
  const changed = (change: Partial<ZonePair>): Filter => ({ ...filter, pairs: [{ ...filter.pairs[0]!, ...change }] })
  const nowhere = { ...filter.pairs[0]!.rules[0]!, to: 'nowhere' }
  for (const [wrong, message] of [
    [changed({ to: 'nowhere' }), /zone nowhere/],
    [changed({ rules: [nowhere] }), /set nowhere/],
    [{ ...filter, zones: [...filter.zones, zone('x', ['p'], { sources: 'nowhere' })] }, /set nowhere/],
    [{ ...filter, nat: [{ interface: 'eth0', from: 'nowhere', v4: '192.0.2.1', why: ['x'] }] }, /set nowhere/],
    [{ ...filter, local: [{ ...filter.local[0]!, interface: 'eth*' }] }, /eth\*/],
    [{ ...filter, local: [{ ...filter.local[0]!, from: '10.0.0.1/8' }] }, /10\.0\.0\.1\/8/],
  ] as const)
    assert.throws(() => nftables.lower(deviceWith(wrong)), message)
})

function port(name: string, vrf: string): PhysicalInterface {
  return { kind: 'physical', name, id: `lab/fw/${name}`, description: '', mtu: 1500, vrf, speed: 1e9, addresses: [], why: ['x'] }
}
