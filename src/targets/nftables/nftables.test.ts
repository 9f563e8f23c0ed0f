/** The nftables target over random filters: what is printed reads back as the same tree, accepts exactly what the filter accepts, and says why on every line. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import fc from 'fast-check'
import { bitsOf, contains, type Family, lastOf, type Prefix, parseIp, prefixAround, prefixOf, showIp, showPrefix } from '#base/ip.ts'
import type { Why } from '#base/place.ts'
import type { AddressSet, Filter, LocalRule, Service, ZonePair } from '#design/device.ts'
import { textOf } from '../target.ts'
import { devices, deviceWith } from './cases/devices.ts'
import { checkReferences } from './check-references.ts'
import { type Box, disjoint } from './disjoint.ts'
import { nftables } from './index.ts'
import { identifier } from './names.ts'
import { FILE, type NftElement, type NftTree, type Selector, type Statement } from './tree.ts'

// ---- Random filters: few names, prefixes that nest and touch, ranges that overlap.

const ZONES = ['web', 'web-db', 'db', 'db-web', 'auto', 'merge']
const SETS = ['users', 'web-users', 'users_2', '10/8 & Ünï', 'auto']
const why = fc.integer({ min: 1, max: 99 }).map((n): Why => [`policy p${n}`])

const prefix = fc
  .record({
    family: fc.constantFrom<Family>(4, 6),
    start: fc.constantFrom(0n, 0x0a000000n, 0x0aff0000n, 0xc0a80000n),
    end: fc.constantFrom(0n, 1n, 2n, 255n, 65535n),
    cut: fc.constantFrom(0, 1, 4, 8, 16, 23, 24, 31, 32),
  })
  .map(({ family, start, end, cut }) => {
    const value = family === 4 ? start | end : (start << 96n) | end
    const length = family === 4 ? cut : cut * 4
    return showPrefix(prefixAround({ family, value }, length))
  })

const port = fc.constantFrom(0, 1, 79, 80, 81, 443, 1023, 1024, 65534, 65535)
const service: fc.Arbitrary<Service> = fc.oneof(
  fc.constant<Service>({ protocol: 'icmp' }),
  fc.record({
    protocol: fc.constantFrom('tcp' as const, 'udp' as const),
    ports: fc.tuple(port, port).map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b)]),
  }),
)
const setName = fc.constantFrom('any', 'any', ...SETS)
const filter: fc.Arbitrary<Filter> = fc.record({
  zones: fc
    .tuple(...ZONES.map((name) => fc.record({ name: fc.constant(name), count: fc.integer({ min: 0, max: 2 }), why })))
    .map((zones) => zones.map(({ name, count, why }) => ({ name, interfaces: Array.from({ length: count }, (_, i) => `${name}.${i}`), why }))),
  sets: fc
    .tuple(...SETS.map((name) => fc.record({ name: fc.constant(name), prefixes: fc.array(fc.record({ prefix, why }), { maxLength: 5 }), why })))
    .map((sets): readonly AddressSet[] => sets),
  pairs: fc.uniqueArray(
    fc.record({
      from: fc.constantFrom(...ZONES),
      to: fc.constantFrom(...ZONES),
      rules: fc.array(fc.record({ id: fc.constant('r'), from: setName, to: setName, services: fc.array(service, { maxLength: 3 }), why }), {
        minLength: 1,
        maxLength: 5,
      }),
    }),
    { selector: ({ from, to }) => `${from} ${to}`, minLength: 1, maxLength: 5 },
  ),
  local: fc.array(fc.record({ interface: fc.constantFrom('web.0', 'db.1'), from: prefix.map((text) => text.slice(0, text.indexOf('/'))), service, why }), {
    maxLength: 4,
  }),
  why,
})

const textOfFilter = (filter: Filter) => textOf(nftables.print(nftables.lower(deviceWith(filter))!)[0]!)
const parsed = (text: string): NftTree => {
  const result = nftables.parse(new Map([[FILE, text]]))
  assert.ok(result.ok, JSON.stringify(result.diagnostics))
  return result.value
}
const withoutWhys = (tree: unknown): unknown => JSON.parse(JSON.stringify(tree, (key, value) => (key === 'why' ? [] : value)))

// ---- Packets, and two readings of them: the filter's own words, and the parsed tree.

interface Packet {
  readonly hook: 'forward' | 'input'
  readonly iif: string
  readonly oif: string
  readonly family: Family
  readonly src: bigint
  readonly dst: bigint
  /** IANA protocol number: 1 ICMP, 6 TCP, 17 UDP, 47 GRE, 58 ICMPv6. */
  readonly protocol: number
  /** Bytes 2 and 3 of the transport header: a port for TCP and UDP, anything for others. */
  readonly dport: number
}

const within = (text: string, family: Family, value: bigint) => contains(prefixOf(text), { family, base: value, length: bitsOf(family) })

const serves = ({ protocol, ports }: Service, packet: Packet) =>
  protocol === 'icmp'
    ? packet.protocol === (packet.family === 4 ? 1 : 58)
    : packet.protocol === (protocol === 'tcp' ? 6 : 17) && packet.dport >= ports![0] && packet.dport <= ports![1]

/** Whether the filter accepts a new packet; the types of ICMP that a device needs aside. */
function filterAccepts({ zones, sets, pairs, local }: Filter, packet: Packet): boolean {
  if (packet.hook === 'input')
    return local.some(({ interface: name, from, service }) => {
      const ip = parseIp(from)!
      return name === packet.iif && ip.family === packet.family && ip.value === packet.src && serves(service, packet)
    })
  const zone = (name: string) => zones.find(({ interfaces }) => interfaces.includes(name))?.name
  const holds = (name: string, value: bigint) =>
    name === 'any' || sets.find((set) => set.name === name)!.prefixes.some(({ prefix }) => within(prefix, packet.family, value))
  const pair = pairs.find(({ from, to }) => from === zone(packet.iif) && to === zone(packet.oif))
  return (
    pair?.rules.some(
      ({ from, to, services }) =>
        holds(from, packet.src) && holds(to, packet.dst) && (services.length === 0 || services.some((service) => serves(service, packet))),
    ) ?? false
  )
}

/** Whether the table accepts a new packet (`ct state` new, and no ICMP type that a constant rule names). */
function treeAccepts({ sets, pairs, chains }: NftTree, packet: Packet): boolean {
  const names: Record<number, string> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 47: 'gre', 58: 'icmpv6' }
  const value = (selector: Selector): string | number | bigint | undefined => {
    const of: Record<Selector, () => string | number | bigint | undefined> = {
      iifname: () => packet.iif,
      oifname: () => packet.oif,
      'ip saddr': () => (packet.family === 4 ? packet.src : undefined),
      'ip daddr': () => (packet.family === 4 ? packet.dst : undefined),
      'ip6 saddr': () => (packet.family === 6 ? packet.src : undefined),
      'ip6 daddr': () => (packet.family === 6 ? packet.dst : undefined),
      'meta nfproto': () => `ipv${packet.family}`,
      'meta l4proto': () => names[packet.protocol],
      'th dport': () => packet.dport,
      'icmp type': () => undefined,
      'icmpv6 type': () => undefined,
    }
    return of[selector]()
  }
  const holds = (element: NftElement, selectors: readonly Selector[]) =>
    selectors.every((selector) => {
      const found = value(selector)
      if (found === undefined) return false
      if (selector === 'iifname') return element.interface === found
      if (selector === 'meta l4proto') return element.protocol === found
      if (selector === 'th dport') return Number(found) >= element.ports![0] && Number(found) <= element.ports![1]
      return within(element.prefix!, selector.startsWith('ip6') ? 6 : 4, found as bigint)
    })
  const run = (name: string): 'accept' | 'drop' | undefined => {
    for (const { statements } of chains.find((chain) => chain.name === name)!.rules) {
      const verdict = first(statements)
      if (verdict) return verdict
    }
    return undefined
  }
  const first = (statements: readonly Statement[]): 'accept' | 'drop' | undefined => {
    for (const statement of statements) {
      if (statement.kind === 'verdict') return statement.verdict
      if (statement.kind === 'dispatch') {
        const pair = pairs.find(({ from, to }) => from === packet.iif && to === packet.oif)
        return pair && run(pair.chain)
      }
      if (statement.kind === 'is' && !statement.values.some((tuple) => tuple.every((part, at) => part === value(statement.selectors[at]!)))) return undefined
      if (statement.kind === 'in') {
        const { elements } = sets.find(({ name }) => name === statement.set)!
        if (!elements.some((element) => holds(element, statement.selectors))) return undefined
      }
    }
    return undefined
  }
  const { name, base } = chains.find(({ base }) => base?.hook === packet.hook)!
  return (run(name) ?? base!.policy) === 'accept'
}

/** Packets at the first and last address of every prefix and just outside, and at the edges of every range of ports. */
function packets(filter: Filter): fc.Arbitrary<Packet> {
  const prefixes = [
    ...filter.sets.flatMap((set) => set.prefixes.map(({ prefix }) => prefix)),
    ...filter.local.map(({ from }) => `${from}/${from.includes(':') ? 128 : 32}`),
  ]
  const edges = (family: Family) => {
    const all = prefixes.map(prefixOf).filter((prefix) => prefix.family === family)
    const max = (1n << BigInt(bitsOf(family))) - 1n
    return [5n, ...all.flatMap((prefix) => [prefix.base - 1n, prefix.base, lastOf(prefix), lastOf(prefix) + 1n])].filter((value) => value >= 0n && value <= max)
  }
  const interfaces = [...filter.zones.flatMap((zone) => zone.interfaces), 'stray']
  // Most packets take a pair that has rules, or few would.
  const paths = filter.pairs
    .flatMap(({ from, to }) =>
      [from, to]
        .map((name) => filter.zones.find((zone) => zone.name === name)!.interfaces)
        .reduce<string[][]>((ways, ends) => (ways.length ? ways.flatMap((way) => ends.map((end) => [...way, end])) : ends.map((end) => [end])), []),
    )
    .filter((path) => path.length === 2)
  const anyPath = fc.tuple(fc.constantFrom(...interfaces), fc.constantFrom(...interfaces))
  const path = paths.length > 0 ? fc.oneof({ arbitrary: anyPath, weight: 1 }, { arbitrary: fc.constantFrom(...paths), weight: 5 }) : anyPath
  return fc.constantFrom<Family>(4, 6).chain((family) =>
    fc
      .record({
        hook: fc.constantFrom('forward' as const, 'forward' as const, 'input' as const),
        path,
        src: fc.constantFrom(...edges(family)),
        dst: fc.constantFrom(...edges(family)),
        protocol: fc.constantFrom(1, 6, 6, 17, 17, 47, 58),
        dport: fc.oneof(port, fc.constantFrom(2, 78, 82, 442, 444, 1022, 1025, 65533)),
      })
      .map(({ path, ...rest }) => ({ ...rest, family, iif: path[0]!, oif: path[1]! })),
  )
}

test('what is printed reads back as the same tree', () => {
  fc.assert(
    fc.property(filter, (filter) => {
      const tree = nftables.lower(deviceWith(filter))!
      assert.deepEqual(parsed(textOf(nftables.print(tree)[0]!)), withoutWhys(tree))
    }),
  )
})

test('what is printed accepts exactly what the filter accepts', () => {
  let accepted = 0
  let dropped = 0
  fc.assert(
    fc.property(
      filter.chain((filter) => fc.tuple(fc.constant(filter), fc.array(packets(filter), { minLength: 40, maxLength: 40 }))),
      ([filter, packets]) => {
        const tree = parsed(textOfFilter(filter))
        for (const packet of packets) {
          const expected = filterAccepts(filter, packet)
          if (expected) accepted++
          else dropped++
          const told = () =>
            `${JSON.stringify({ ...packet, src: showIp({ family: packet.family, value: packet.src }), dst: showIp({ family: packet.family, value: packet.dst }) })} should be ${expected ? 'accepted' : 'dropped'}`
          assert.equal(treeAccepts(tree, packet), expected, told())
        }
      },
    ),
    { numRuns: 300 },
  )
  assert.ok(accepted > 500 && dropped > 500, `the packets must try both: ${accepted} accepted, ${dropped} dropped`)
})

test('elements of a set are disjoint, however the rules overlap', () => {
  fc.assert(
    fc.property(filter, (filter) => {
      for (const { name, elements } of nftables.lower(deviceWith(filter))!.sets) {
        for (const [at, a] of elements.entries())
          for (const b of elements.slice(at + 1)) {
            const meet =
              a.interface === b.interface &&
              a.protocol === b.protocol &&
              (!a.prefix || contains(prefixOf(a.prefix), prefixOf(b.prefix!)) || contains(prefixOf(b.prefix!), prefixOf(a.prefix))) &&
              (!a.ports || (a.ports[0] <= b.ports![1] && b.ports![0] <= a.ports[1]))
            assert.ok(!meet, `${name}: ${JSON.stringify(a)} ${JSON.stringify(b)}`)
          }
      }
    }),
  )
})

test('nft loads what is printed, one filter over the other', {
  skip: process.getuid?.() === 0 ? false : 'nft needs root, and a network namespace of its own',
}, () => {
  const texts = fc.sample(filter, { numRuns: 60, seed: 1 }).map(textOfFilter)
  // Elements of an earlier filter would show as overlaps, or as a listing that differs from that of a kernel which knew none.
  const script =
    'for text in "$@"; do printf %s "$text" | nft -f -; done; nft list sets; nft flush ruleset; printf %s "$text" | nft -f -; echo ALONE; nft list sets'
  const { status, stdout, stderr } = spawnSync('unshare', ['--net', 'sh', '-euc', script, 'sh', ...texts], { encoding: 'utf8' })
  assert.equal(status, 0, /nft: not found/.test(stderr) ? 'nft is missing: apt-get install nftables' : stderr)
  const [over, alone] = stdout.split('ALONE\n')
  const sets = (listing: string) => [...listing.matchAll(/\tset \S+ \{\n[\s\S]*?\n\t\}/g)].map(([set]) => set)
  const found = new Set(sets(over!))
  assert.ok(sets(alone!).length > 5)
  for (const set of sets(alone!)) assert.ok(found.has(set), set)
})

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
    for (const { text, why } of nftables.print(nftables.lower(device)!)[0]!.lines) {
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

test('a device without a filter has no file', () => {
  const { filter: _, ...device } = deviceWith(devices['office-gateway']!.filter!)
  assert.equal(nftables.lower(device), undefined)
})

test('a filter that names what it does not have is refused', () => {
  const filter = devices['office-gateway']!.filter!
  const pair = (change: Partial<ZonePair>): Filter => ({ ...filter, pairs: [{ ...filter.pairs[0]!, ...change }] })
  const local = (change: Partial<LocalRule>): Filter => ({ ...filter, local: [{ ...filter.local[0]!, ...change }] })
  const rule = { ...filter.pairs[0]!.rules[0]!, to: 'nowhere' }
  assert.throws(() => nftables.lower(deviceWith(pair({ to: 'nowhere' }))), /zone nowhere/)
  assert.throws(() => nftables.lower(deviceWith(pair({ rules: [rule] }))), /set nowhere/)
  assert.throws(() => nftables.lower(deviceWith(local({ interface: 'eth*' }))), /eth\*/)
})

const golden = () => textOfFilter(devices['data-centre-firewall']!.filter!)
const refusal = (text: string) => {
  const result = nftables.parse(new Map([[FILE, text]]))
  assert.equal(result.ok, false, 'must be refused')
  return result.diagnostics[0]!
}

test('a statement that the target does not print is refused at its line, wherever it stands', () => {
  const lines = golden().trimEnd().split('\n')
  for (let at = 0; at <= lines.length; at++) {
    const { code, place } = refusal([...lines.slice(0, at), 'tcp dport 80 accept', ...lines.slice(at)].join('\n'))
    assert.equal(code, 'nftables-unknown-statement')
    assert.deepEqual([place?.file, place?.line], [FILE, at + 1])
  }
})

test('a line that is cut short, or missing where it holds others together, is refused', () => {
  const lines = golden().trimEnd().split('\n')
  for (const [at, line] of lines.entries()) {
    const text = line.trim()
    if (text === '' || text.startsWith('#')) continue
    const cut = line.slice(0, line.trimEnd().lastIndexOf(' '))
    if (text.includes(' ')) refusal([...lines.slice(0, at), cut, ...lines.slice(at + 1)].join('\n'))
    if (/^(flush|type|flags|table|set|map|chain|\})/.test(text)) refusal([...lines.slice(0, at), ...lines.slice(at + 1)].join('\n'))
  }
})

test('what nftables would read otherwise than we do is refused', () => {
  const text = golden()
  for (const [from, to] of [
    ['10.20.1.0/24 . tcp . 80,', '10.20.1.1/24 . tcp . 80,'],
    ['10.20.1.0/24 . tcp . 80,', '010.20.1.0/24 . tcp . 80,'],
    ['10.20.1.0/24 . tcp . 80,', '2001:db8::/32 . tcp . 80,'],
    ['10.20.1.0/24 . tcp . 80,', '10.20.1.0/24 . sctp . 80,'],
    ['10.20.1.0/24 . tcp . 80,', '10.20.1.0/24 . tcp . 90-80,'],
    ['10.20.1.0/24 . tcp . 80,', '10.20.1.0/24 . tcp . 70000,'],
    ['10.20.1.0/24 . tcp . 80,', '10.20.1.0/24 . tcp,'],
    ['"eth3" . "eth1.110"', '"eth*" . "eth1.110"'],
    ['"eth3" . "eth1.110"', '"eth3 . "eth1.110"'],
    ['2001:db8:ff::/64', '2001:DB8:ff::/64'],
    ['policy drop;', 'policy continue;'],
    ['counter drop', 'counter drop accept'],
    ['flags interval', 'flags interval,timeout'],
    ['table inet netwright', 'table ip netwright'],
    ['invalid : drop }', 'invalid : drop, new : accept }'],
    ['established : accept', 'established : accept, untracked : accept'],
  ] as const) {
    assert.ok(text.includes(from), from)
    assert.equal(refusal(text.replace(from, to)).code, 'nftables-unknown-statement', to)
  }
  assert.equal(refusal('').place?.line, 1)
  assert.equal(
    nftables.parse(
      new Map([
        ['nftables.conf', text],
        ['other.conf', ''],
      ]),
    ).ok,
    false,
  )
})

test('sets and chains that are undefined or unused are errors', () => {
  const tree = parsed(golden())
  const codes = (tree: NftTree) => checkReferences(tree).map(({ code, message }) => `${code}: ${message}`)
  assert.deepEqual(codes(tree), [])
  assert.deepEqual(codes({ ...tree, sets: tree.sets.slice(1) }), ['nftables-undefined-reference: The set admins-v4 is used in the filter but not defined.'])
  assert.deepEqual(codes({ ...tree, pairs: tree.pairs.filter(({ chain }) => chain !== 'web-db') }), [
    'nftables-unused-definition: The chain web-db is defined in the filter but nothing uses it.',
  ])
  assert.equal(
    codes({ ...tree, chains: tree.chains.filter(({ name }) => name !== 'web-db') })[2],
    'nftables-undefined-reference: The chain web-db is used in the filter but not defined.',
  )
  assert.equal(refusal(golden().replace('ip saddr @admins-v4 ip daddr', 'ip saddr @nobody-v4 ip daddr')).code, 'nftables-undefined-reference')
})
