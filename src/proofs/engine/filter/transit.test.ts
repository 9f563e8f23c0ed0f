/** What passes, as boxes, against the plain interpreter, on printed filters; and edits, which must show. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Family, lastOf, prefixOf, showPrefix } from '#base/ip.ts'
import { nftables } from '#targets/nftables/index.ts'
import { FILES, type NftChain, type NftElement, type NftRule, type NftTable } from '#targets/nftables/tree.ts'
import { type Box, equal, everything, holds, type Point, pointOf } from '../boxes/boxes.ts'
import { copy } from '../boxes/words.ts'
import { PACKETS, PROTOCOLS } from '../packet.ts'
import { type Fate, interpret } from './interpret.ts'
import { programOf } from './program.ts'
import { arrivals, sourceNat, type Transit, transit } from './transit.ts'

const root = join(import.meta.dirname, '../../../..')
const cases = join(root, 'src/targets/nftables/cases')
const files = [
  ...readdirSync(cases)
    .filter((name) => name.endsWith('.conf'))
    .map((name) => join(cases, name)),
  ...['examples/starter/out/ber-office', 'examples/starter/out/bos1', 'test/goldens/harborpine/bos1'].map((site) => join(root, site, 'fw-a', FILES.inet)),
]

function tableOf(file: string): NftTable {
  const parsed = nftables.parse(new Map([[file.endsWith(FILES.bridge) ? FILES.bridge : FILES.inet, readFileSync(file, 'utf8')]]))
  assert.ok(parsed.ok)
  return parsed.value.tables[0]!
}

const FAMILIES: readonly Family[] = [4, 6]

/** The interfaces that the table names, and one that it does not. */
const interfacesOf = (table: NftTable) => [...programOf(table, 4).names(), 'other0']

// ---- Random packets: from anywhere, from the ends of the table's own elements, and from the corners of what rules decide, one step beside them at times.

/** Values at both ends of each element, and beside them. */
function endsOf(table: NftTable, family: Family): Readonly<Record<string, readonly bigint[]>> {
  const elements = table.sets.flatMap(({ elements }) => elements)
  const around = (first: bigint, last: bigint, bits: number) =>
    [first - 1n, first, last, last + 1n].filter((value) => value >= 0n && value < 1n << BigInt(bits))
  const bits = family === 4 ? 32 : 128
  const prefixes = [...elements.flatMap(({ prefix }) => prefix ?? []), '0.0.0.0/32', '255.255.255.255/32', '::/128', 'fe80::/10'].map(prefixOf)
  const addresses = prefixes.filter((prefix) => prefix.family === family).flatMap((prefix) => around(prefix.base, lastOf(prefix), bits))
  const ports = [0n, 67n, 179n, 5060n, ...elements.flatMap(({ ports }) => (ports ? around(BigInt(ports[0]), BigInt(ports[1]), 16) : []))]
  const protocols = [...Object.values(PROTOCOLS), 0, 47, 255].map(BigInt)
  const types = [0n, 8n, 128n, 129n, 130n, 133n, 134n, 135n, 143n, 144n]
  return { source: addresses, destination: addresses, protocol: protocols, sourcePort: ports, destinationPort: ports, icmpType: types }
}

interface Drawn {
  readonly family: Family
  readonly iif: string
  readonly oif: string
  readonly point: Point
}

/** The boxes are those of rules between the interfaces: among far-apart corners alone, hardly any packet would be accepted. */
function packets(table: NftTable): fc.Arbitrary<Drawn> {
  const names = fc.constantFrom(...interfacesOf(table))
  const told = table.maps.flatMap(({ entries }) => entries.flatMap(({ interfaces: [iif, oif] }) => (oif === undefined ? [] : [[iif!, oif] as const])))
  const places = told.length > 0 ? fc.oneof(fc.constantFrom(...told), fc.tuple(names, names)) : fc.tuple(names, names)
  const ends = { 4: endsOf(table, 4), 6: endsOf(table, 6) }
  return fc.tuple(fc.constantFrom(...FAMILIES), places).chain(([family, [iif, oif]]) => {
    const space = PACKETS[family]
    const anywhere = fc
      .record(
        Object.fromEntries(
          space.fields.map(({ name, bits }) => [
            name,
            fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...ends[family][name]!) }, fc.bigInt(0n, (1n << BigInt(bits)) - 1n)),
          ]),
        ),
      )
      .map((values) => pointOf(space, values))
    const rules = [transit(table, family, iif, oif), arrivals(table, family, iif)].flatMap(({ rules, uncertain }) => [...rules, ...uncertain])
    const boxes = rules.map(({ boxes }) => boxes).filter((boxes) => boxes.length > 0)
    const corners = fc
      .tuple(fc.constantFrom(...(boxes.length > 0 ? boxes : [[everything(space)]])), fc.nat(), fc.nat(63), fc.option(fc.nat(5)), anywhere)
      .map(([boxes, which, high, other, point]) => {
        const corner = cornerOf(boxes[which % boxes.length]!, high, family)
        if (other !== null) copy(point, space.at[other]!, corner, space.at[other]!, space.width[other]!)
        return corner
      })
    return fc.oneof(anywhere, corners).map((point) => ({ family, iif, oif, point }))
  })
}

/** The corner that is high in the fields whose bit is set. */
function cornerOf(box: Box, high: number, family: Family): Point {
  const { at, width, words } = PACKETS[family]
  const point = box.slice(0, words)
  for (const [field, start] of at.entries()) if ((high >> field) & 1) copy(box, words + start, point, start, width[field]!)
  return point
}

// ---- Both readings of one packet.

function fateOf(table: NftTable, hook: 'forward' | 'input', { oif, ...packet }: Drawn, state: 'new' | 'established' = 'new'): Fate {
  const before = interpret(table, 'prerouting', { ...packet, state })
  return before.verdict === 'drop' ? before : interpret(table, hook, { ...packet, state, ...(hook === 'forward' ? { oif } : {}) })
}

function agrees({ family, point }: Drawn, { accepted, rules, uncertain }: Transit, fate: Fate): void {
  const space = PACKETS[family]
  const has = ({ boxes }: { readonly boxes: readonly Box[] }) => boxes.filter((box) => holds(space, box, point)).length
  const times = has({ boxes: accepted })
  assert.ok(times <= 1, 'accepted boxes are disjoint')
  const perhaps = uncertain.filter((rule) => has(rule) > 0)
  assert.equal(fate.verdict, times === 1 || perhaps.some(({ verdict }) => verdict === 'accept') ? 'accept' : 'drop')
  if (perhaps.length > 0) return
  const deciding = rules.filter((rule) => has(rule) > 0)
  for (const rule of deciding) assert.equal(has(rule), 1, 'boxes of a rule are disjoint')
  if (fate.rule) assert.deepEqual({ chain: deciding.at(-1)?.chain, index: deciding.at(-1)?.index }, fate.rule)
}

for (const file of files) {
  test(`boxes and interpreter agree on every packet: ${file.slice(root.length + 1)}`, () => {
    const table = tableOf(file)
    let accepted = 0
    fc.assert(
      fc.property(packets(table), (packet) => {
        const { family, iif, oif, point } = packet
        const through = fateOf(table, 'forward', packet)
        agrees(packet, transit(table, family, iif, oif), through)
        const to = fateOf(table, 'input', packet)
        agrees(packet, arrivals(table, family, iif), to)
        if (through.verdict === 'accept' || to.verdict === 'accept') accepted++
        const { rule } = interpret(table, 'postrouting', { ...packet, state: 'new' })
        const translated = sourceNat(table, family, oif).filter(({ boxes }) => boxes.some((box) => holds(PACKETS[family], box, point)))
        assert.deepEqual(
          translated.map(({ rule }) => rule),
          rule ? [rule] : [],
        )
      }),
      { numRuns: 400 },
    )
    assert.ok(accepted > 20, `only ${accepted} packets were accepted`)
  })
}

// ---- Edits.

const firewall = tableOf(join(cases, 'data-centre-firewall.conf'))

function changed(table: NftTable, name: string, change: (rules: readonly NftRule[]) => readonly NftRule[]): NftTable {
  return { ...table, chains: table.chains.map((chain): NftChain => (chain.name === name ? { ...chain, rules: change(chain.rules) } : chain)) }
}

function widened(table: NftTable, name: string, change: (element: NftElement) => NftElement): NftTable {
  return {
    ...table,
    sets: table.sets.map((set) => (set.name === name ? { ...set, elements: set.elements.map((one, at) => (at === 0 ? change(one) : one)) } : set)),
  }
}

/** A packet that one of the tables lets through and the other does not, if any. */
function difference(a: NftTable, b: NftTable): Drawn | undefined {
  const names = interfacesOf(a)
  for (const family of FAMILIES)
    for (const iif of names)
      for (const oif of names) {
        const point = equal(PACKETS[family], transit(a, family, iif, oif).accepted, transit(b, family, iif, oif).accepted)
        assert.notEqual(point, 'unknown')
        if (point && point !== 'unknown') return { family, iif, oif, point }
      }
  return undefined
}

function assertDiffer(a: NftTable, b: NftTable, what: string): void {
  const packet = difference(a, b)
  assert.ok(packet, `${what} changes nothing`)
  assert.notEqual(fateOf(a, 'forward', packet).verdict, fateOf(b, 'forward', packet).verdict, what)
}

const pairs = firewall.chains.filter(
  ({ name, base, rules }) =>
    !base && rules.length > 0 && firewall.maps.some((map) => map.name === 'zone-pairs' && map.entries.some(({ chain }) => chain === name)),
)

test('a rule that is dropped is missed, with a packet that shows it', () => {
  assert.ok(pairs.length > 2)
  for (const { name, rules } of pairs)
    for (const rule of rules)
      assertDiffer(
        firewall,
        changed(firewall, name, (all) => all.filter((other) => other !== rule)),
        `${name} without ${rules.indexOf(rule)}`,
      )
})

test('an element that is wider lets more through, with a packet that shows it', () => {
  const sets = firewall.sets.filter(({ elements: [one], type }) => one?.ports && type[0] !== 'ifname')
  assert.ok(sets.length > 0)
  for (const { name } of sets)
    assertDiffer(
      firewall,
      widened(firewall, name, ({ ports, ...element }) => ({ ...element, ports: [ports![0] - 1, ports![1] + 1] })),
      `wider ${name}`,
    )
})

test('an address that is exchanged for another is seen', () => {
  const sets = firewall.sets.filter(({ elements: [one], type }) => one?.prefix && type.length === 3)
  assert.ok(sets.length > 0)
  for (const { name } of sets)
    assertDiffer(
      firewall,
      widened(firewall, name, (element) => {
        const { base, ...prefix } = prefixOf(element.prefix!)
        return { ...element, prefix: showPrefix({ ...prefix, base: base ^ (1n << BigInt((prefix.family === 4 ? 32 : 128) - prefix.length)) }) }
      }),
      `another ${name}`,
    )
})

test('a drop that goes in front of an accept is seen', () => {
  const [{ name }] = pairs as [NftChain]
  const drop: NftRule = { statements: [{ kind: 'verdict', verdict: 'drop' }], why: [] }
  const behind = changed(firewall, name, (rules) => [...rules, drop])
  assert.equal(difference(firewall, behind), undefined)
  assertDiffer(
    behind,
    changed(firewall, name, (rules) => [drop, ...rules]),
    'a drop in front',
  )
})

test('rules that only accept may stand in any order', () => {
  const turned = pairs.reduce((table, { name }) => changed(table, name, (rules) => rules.toReversed()), firewall)
  assert.equal(difference(firewall, turned), undefined)
})

// ---- What the printed files don't have.

const hook = { type: 'filter', hook: 'forward', priority: 'filter', policy: 'drop' } as const

function small(...chains: readonly (readonly [name: string, ...rules: readonly NftRule['statements'][]])[]): NftTable {
  return {
    family: 'inet',
    sets: [],
    maps: [],
    chains: chains.map(([name, ...rules]) => ({
      name,
      ...(name === 'forward' ? { base: hook } : {}),
      rules: rules.map((statements) => ({ statements, why: [] })),
      why: [],
    })),
    why: [],
  }
}

const service = (protocol: string, ports: string) => ({ kind: 'is' as const, selectors: ['meta l4proto', 'th dport'] as const, values: [[protocol, ports]] })
const verdict = (verdict: 'accept' | 'drop' | 'return') => ({ kind: 'verdict' as const, verdict })
const jump = (chain: string) => ({ kind: 'jump' as const, chain })
const limit = (over: boolean) => ({ kind: 'limit' as const, over, perSecond: 1, burst: 1 })

const ports = ['0-79', '80', '80-443', '443', '22-8080', '0-65535']
const statements = fc
  .tuple(
    fc.option(fc.tuple(fc.constantFrom('tcp', 'udp'), fc.constantFrom(...ports))),
    fc.constantFrom(verdict('accept'), verdict('drop'), verdict('return'), jump('one'), jump('two'), { kind: 'counter' } as const),
  )
  .map(([match, end]) => [...(match ? [service(...match)] : []), end])

test('returns, jumps and drops in any order have the verdict of the interpreter', () => {
  const flat = (rules: readonly NftRule['statements'][], may: readonly string[]) =>
    rules.filter(([...all]) => all.every((one) => one.kind !== 'jump' || may.includes(one.chain)))
  const rules = fc.array(statements, { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(rules, rules, rules, (base, one, two) => {
      const table = small(['forward', ...base], ['one', ...flat(one, ['two'])], ['two', ...flat(two, [])])
      for (const protocol of [6, 17, 47])
        for (const destinationPort of [0, 22, 79, 80, 81, 443, 444, 65535]) {
          const packet: Drawn = { family: 4, iif: 'a', oif: 'b', point: pointOf(PACKETS[4], { protocol, destinationPort }) }
          agrees(packet, transit(table, 4, 'a', 'b'), fateOf(table, 'forward', packet))
        }
    }),
    { numRuns: 300 },
  )
})

test('behind a limit nothing is certain', () => {
  const packet: Drawn = { family: 4, iif: 'a', oif: 'b', point: pointOf(PACKETS[4], { protocol: 6, destinationPort: 80 }) }
  const told = (table: NftTable) => {
    const { accepted, rules, uncertain } = transit(table, 4, 'a', 'b')
    return { accepted: accepted.length, rules: rules.map(({ index }) => index), uncertain: uncertain.map(({ verdict }) => verdict) }
  }
  const within = small(['forward', [service('tcp', '80'), limit(false), verdict('accept')]])
  assert.deepEqual(told(within), { accepted: 0, rules: [], uncertain: ['accept'] })
  assert.equal(fateOf(within, 'forward', packet).verdict, 'accept')
  const over = small(['forward', [jump('calls')]], ['calls', [service('tcp', '80'), limit(true), verdict('return')], [service('tcp', '80'), verdict('accept')]])
  assert.deepEqual(told(over), { accepted: 1, rules: [1], uncertain: ['return'] })
  const jumped = small(['forward', [limit(false), jump('calls')]], ['calls', [verdict('accept')]])
  assert.deepEqual(told(jumped), { accepted: 0, rules: [], uncertain: ['accept'] })
})

test('known flows are accepted where a rule says so, whatever their packets', () => {
  const packet: Drawn = { family: 4, iif: 'a', oif: 'b', point: pointOf(PACKETS[4], {}) }
  const table = small(['forward', [{ kind: 'state' }]])
  assert.equal(fateOf(table, 'forward', packet).verdict, 'drop')
  assert.deepEqual(fateOf(table, 'forward', packet, 'established'), { verdict: 'accept', rule: { chain: 'forward', index: 0 } })
  assert.equal(transit(table, 4, 'a', 'b').accepted.length, 0)
})

test('a tuple asks for all of its parts, also of one field', () => {
  const odd = [
    { kind: 'is', selectors: ['meta l4proto', 'icmp type'], values: [['tcp', 'echo-request']] },
    { kind: 'is', selectors: ['th dport', 'th dport'], values: [['5-20', '0-10']] },
    { kind: 'is', selectors: ['th dport', 'th dport'], values: [['0-10', '5-20']] },
  ] as const
  for (const match of odd) {
    const table = small(['forward', [match, verdict('accept')]])
    for (const protocol of [1, 6])
      for (const destinationPort of [0, 4, 5, 10, 11, 20]) {
        const packet: Drawn = { family: 4, iif: 'a', oif: 'b', point: pointOf(PACKETS[4], { protocol, destinationPort, icmpType: 8 }) }
        agrees(packet, transit(table, 4, 'a', 'b'), fateOf(table, 'forward', packet))
      }
  }
})

test('base chains are met in the order of their priorities, and one drop is the end', () => {
  const at = (name: string, priority: string, statements: NftRule['statements']): NftChain => ({
    name,
    base: { type: 'filter', hook: 'prerouting', priority, policy: 'accept' },
    rules: [{ statements, why: [] }],
    why: [],
  })
  const table: NftTable = {
    ...small(),
    chains: [
      at('mangled', 'mangle', [service('tcp', '0-99'), verdict('drop')]),
      at('early', '-450', [service('tcp', '50-150'), verdict('drop')]),
      at('raw', 'raw', [service('tcp', '0-65535'), verdict('accept')]),
    ],
  }
  const { accepted, rules } = transit(table, 4, 'a', 'b')
  assert.deepEqual(
    rules.map(({ chain }) => chain),
    ['early', 'raw', 'mangled'],
  )
  for (const [destinationPort, chain] of [
    [0, 'mangled'],
    [50, 'early'],
    [150, 'early'],
    [151, undefined],
  ] as const) {
    const point = pointOf(PACKETS[4], { protocol: PROTOCOLS.tcp, destinationPort })
    const fate = interpret(table, 'prerouting', { family: 4, iif: 'a', point, state: 'new' })
    assert.equal(fate.rule?.chain, chain)
    assert.equal(
      accepted.some((box) => holds(PACKETS[4], box, point)),
      chain === undefined,
    )
  }
})

test('a source is translated for its own family only, by the first rule that matches', () => {
  const chains: readonly NftChain[] = [
    {
      name: 'postrouting',
      base: { type: 'nat', hook: 'postrouting', priority: 'srcnat', policy: 'accept' },
      rules: [
        {
          statements: [
            { kind: 'is', selectors: ['oifname'], values: [['wan']] },
            { kind: 'snat', family: 4, to: '192.0.2.1' },
          ],
          why: [],
        },
        { statements: [{ kind: 'snat', family: 4, to: '192.0.2.2' }], why: [] },
      ],
      why: [],
    },
  ]
  const table: NftTable = { ...small(), chains }
  const told = (family: Family, oif: string) => sourceNat(table, family, oif).map(({ to, rule }) => `${to} by ${rule.index}`)
  assert.deepEqual([told(4, 'wan'), told(4, 'lan'), told(6, 'wan')], [['192.0.2.1 by 0'], ['192.0.2.2 by 1'], []])
})
