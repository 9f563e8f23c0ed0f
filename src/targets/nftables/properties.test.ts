/** The nftables target over random devices: what is printed reads back as the same tree, does exactly what the filter says, and loads, one over the other. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import fc from 'fast-check'
import { bitsOf, contains, type Family, lastOf, prefixAround, prefixOf, showIp, showPrefix } from '#base/ip.ts'
import type { Why } from '#base/place.ts'
import type { Device } from '#design/device.ts'
import type { AddressSet, Filter, LocalRule, MarkRule, NatRule } from '#design/filter.ts'
import type { Vrrp } from '#design/for-hosts.ts'
import type { Interface } from '#design/interface.ts'
import type { Service } from '#model/port.ts'
import { textOf } from '../target.ts'
import { withoutWhys } from '../without-whys.ts'
import { deviceWith } from './cases/devices.ts'
import { type Fate, fate, type Packet, within } from './cases/interpret.ts'
import { nftables } from './index.ts'
import type { NftTree } from './tree.ts'

// ---- Random devices: few names, prefixes that nest and touch, ranges that overlap.

const ZONES = ['web', 'web-db', 'db', 'db-web', 'auto', 'merge']
const SETS = ['users', 'web-users', 'users_2', '10/8 & Ünï', 'auto']
/** The VRFs of interfaces of two zones: what comes in by them may be seen as coming in by these. */
const VRFS: Readonly<Record<string, string>> = { 'web.0': 'red', 'db.1': 'blue' }
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
    return showPrefix(prefixAround({ family, value }, family === 4 ? cut : cut * 4))
  })
const address = prefix.map((text) => text.slice(0, text.indexOf('/')))
const addressOf = (family: Family) => address.filter((text) => text.includes(':') === (family === 6))

const port = fc.constantFrom(0, 1, 22, 67, 79, 80, 81, 179, 443, 1023, 1024, 65534, 65535)
const service: fc.Arbitrary<Service> = fc.oneof(
  fc.constant<Service>({ protocol: 'icmp' }),
  fc.record({
    protocol: fc.constantFrom('tcp' as const, 'udp' as const),
    ports: fc.tuple(port, port).map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b)]),
  }),
)
const some = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined })
const setName = fc.constantFrom(...SETS)
const source = fc.constantFrom('any', 'any', ...SETS)
const said = fc.string({ unit: 'grapheme', maxLength: 20 })
const rule = fc
  .record({
    id: fc.constantFrom('r', 'shop needs db', 'x: y (z)', ' odd\n'),
    from: source,
    to: source,
    services: fc.array(service, { maxLength: 3 }),
    owner: some(said),
    reason: some(said),
    why,
  })
  .map(({ owner, reason, ...rule }) => ({ ...rule, ...(owner === undefined ? {} : { owner }), ...(reason === undefined ? {} : { reason }) }))
const interfaceName = fc.constantFrom('web.0', 'web.1', 'db.1', 'merge.0', 'auto.1')
const local: fc.Arbitrary<LocalRule> = fc.record({
  interface: fc.constantFrom('web.0', 'db.1'),
  from: fc.oneof(fc.constant('any'), address, prefix),
  service: fc.oneof(service, fc.constant({ protocol: 'vrrp' as const })),
  why,
})
const nat: fc.Arbitrary<NatRule> = fc
  .record({ interface: interfaceName, from: setName, v4: some(addressOf(4)), v6: some(addressOf(6)), why })
  .map(({ v4, v6, ...rule }) => ({ ...rule, ...(v4 ? { v4 } : {}), ...(v6 ? { v6 } : {}) }))
const mark: fc.Arbitrary<MarkRule> = fc
  .record({ interface: interfaceName, service: some(service), class: fc.constantFrom('ef' as const, 'cs3' as const, 'cs0' as const, 'cs1' as const), why })
  .map(({ service, ...rule }) => ({ ...rule, ...(service ? { service } : {}) }))

const filtered: fc.Arbitrary<Filter> = fc.record({
  transit: fc.constant('filtered'),
  zones: fc
    .tuple(
      ...ZONES.map((name) =>
        fc.record({ name: fc.constant(name), count: fc.integer({ min: 0, max: 2 }), sources: some(setName), refuses: some(setName), checked: fc.nat(3), why }),
      ),
    )
    .map((zones) =>
      zones.map(({ name, count, sources, refuses, checked, why }) => ({
        name,
        interfaces: Array.from({ length: count }, (_, i) => `${name}.${i}`),
        ...(checked === 1 && sources ? { sources } : {}),
        ...(checked >= 2 && refuses ? { refuses } : {}),
        why,
      })),
    ),
  sets: fc
    .tuple(...SETS.map((name) => fc.record({ name: fc.constant(name), prefixes: fc.array(fc.record({ prefix, why }), { maxLength: 5 }), why })))
    .map((sets): readonly AddressSet[] => sets),
  pairs: fc.uniqueArray(fc.record({ from: fc.constantFrom(...ZONES), to: fc.constantFrom(...ZONES), rules: fc.array(rule, { minLength: 1, maxLength: 5 }) }), {
    selector: ({ from, to }) => `${from} ${to}`,
    minLength: 1,
    maxLength: 5,
  }),
  local: fc.array(local, { maxLength: 4 }),
  nat: fc.array(nat, { minLength: 1, maxLength: 4 }),
  marks: fc.array(mark, { maxLength: 4 }),
  why,
})

const filter = fc.tuple(filtered, fc.nat(3), fc.boolean()).map(([filter, open, translates]): Filter => {
  if (open > 0) return filter
  return { ...filter, transit: 'open', zones: [], pairs: [], nat: translates ? filter.nat! : [] }
})

const interfaces = fc
  .record({
    names: fc.uniqueArray(fc.constantFrom('web.0', 'db.1', 'auto.0'), { maxLength: 3 }),
    addresses: fc.array(address, { maxLength: 3 }),
    vxlan: fc.boolean(),
    storms: fc.array(some(fc.constantFrom(1, 300, 5000)), { minLength: 3, maxLength: 3 }),
    vids: fc.uniqueArray(fc.integer({ min: 1, max: 4094 }), { maxLength: 3 }),
    why,
  })
  .map(({ names, addresses, vxlan, storms, vids, why }): Interface[] => {
    const base = (name: string) => ({ name, id: `lab/fw/${name}`, description: '', mtu: 1500, addresses: [], why })
    return [
      ...names.map(
        (name, at): Interface => ({
          ...base(name),
          kind: 'physical',
          speed: 1e9,
          ...(VRFS[name] ? { vrf: VRFS[name] } : {}),
          addresses: addresses.map((text) => ({ address: `${text}/${text.includes(':') ? 64 : 24}`, why })),
          ...(storms[at] ? { guard: { stormFramesPerSecond: storms[at], authenticated: false, why } } : {}),
        }),
      ),
      ...vids.map((vid, at): Interface => ({ ...base(`${names[at % 2]}.${vid}`), kind: 'vlan', parent: `${names[at % 2]}`, vid })),
      ...(vxlan ? [{ ...base('vx1'), kind: 'vxlan' as const, vni: 1, local: '10.0.0.1' }] : []),
    ]
  })

const device = fc.tuple(filter, interfaces, fc.boolean()).map(([filter, interfaces, forwards]) => deviceWith(filter, { interfaces, forwards }))

const filesOf = (device: Device) => new Map(nftables.print(nftables.lower(device)!).map((file) => [file.path, textOf(file)]))
const parsed = (files: ReadonlyMap<string, string>): NftTree => {
  const result = nftables.parse(files)
  assert.ok(result.ok, JSON.stringify(result.diagnostics))
  return result.value
}
// ---- What the filter says, in its own words.

const serves = ({ protocol, ports }: Service | { readonly protocol: 'vrrp'; readonly ports?: undefined }, packet: Packet) => {
  if (protocol === 'vrrp') return packet.protocol === 112
  if (protocol === 'icmp') return packet.protocol === (packet.family === 4 ? 1 : 58)
  return packet.protocol === (protocol === 'tcp' ? 6 : 17) && packet.dport >= ports![0] && packet.dport <= ports![1]
}

function expected({ filter, interfaces, forwards }: Device, packet: Packet): Fate {
  const { transit, zones, sets, pairs, local, nat = [], marks = [] } = filter!
  const vrfOf = (name: string) => interfaces.find((one) => one.name === name)?.vrf
  const is = (name: string, seen: string) => name === seen || vrfOf(name) === seen
  const holds = (name: string, value: bigint) =>
    name === 'any' || sets.find((set) => set.name === name)!.prefixes.some(({ prefix }) => within(prefix, packet.family, value))
  const covers = (from: string) =>
    from === 'any' ||
    (from.includes(':') === (packet.family === 6) && within(from.includes('/') ? from : `${from}/${bitsOf(packet.family)}`, packet.family, packet.src))

  const own = interfaces.flatMap(({ addresses }) =>
    addresses.map(({ address }) => `${address.slice(0, address.indexOf('/'))}/${address.includes(':') ? 128 : 32}`),
  )
  const toItself = [...own, 'fe80::/10'].some((prefix) => within(prefix, packet.family, packet.dst))
  const tunnelled = packet.protocol === 17 && packet.dport === 4789 && interfaces.some(({ kind }) => kind === 'vxlan')
  const tracked = transit === 'filtered' || !forwards || nat.length > 0 || (toItself && !tunnelled)

  const zone = zones.find(({ interfaces }) => interfaces.includes(packet.iif))
  const strange = zone && ((zone.refuses !== undefined && holds(zone.refuses, packet.src)) || (zone.sources !== undefined && !holds(zone.sources, packet.src)))
  const asks =
    within('fe80::/10', packet.family, packet.src) ||
    (packet.family === 4 && packet.src === 0n && packet.dst === 0xffffffffn && packet.protocol === 17 && packet.dport === 67)
  if (strange && !asks) return { accepted: false, tracked }

  const those = marks.filter((mark) => mark.interface === packet.iif)
  const mark = those.length > 0 ? { class: those.find(({ service }) => !service || serves(service, packet))?.class ?? 'cs0' } : {}
  if (packet.hook === 'input') {
    const accepted = local.some((rule) => is(rule.interface, packet.seen) && covers(rule.from) && serves(rule.service, packet))
    return accepted ? { accepted, tracked, ...mark } : { accepted, tracked }
  }
  const from = zones.find(({ interfaces }) => interfaces.some((name) => is(name, packet.seen)))?.name
  const to = zones.find(({ interfaces }) => interfaces.includes(packet.oif))?.name
  const rules = pairs.find((pair) => pair.from === from && pair.to === to)?.rules ?? []
  const accepted =
    transit === 'open' ||
    rules.some(
      ({ from, to, services }) =>
        holds(from, packet.src) && holds(to, packet.dst) && (services.length === 0 || services.some((service) => serves(service, packet))),
    )
  const translated = nat.find((rule) => rule.interface === packet.oif && holds(rule.from, packet.src) && (packet.family === 4 ? rule.v4 : rule.v6))
  return accepted
    ? { accepted, tracked, ...mark, ...(translated ? { source: packet.family === 4 ? translated.v4! : translated.v6! } : {}) }
    : { accepted, tracked }
}

/** Packets at the first and last address of every prefix and just outside, and at the edges of every range of ports. */
function packets({ filter, interfaces }: Device): fc.Arbitrary<Packet> {
  const { zones, sets, local, pairs } = filter!
  const host = (text: string) => (text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`)
  const prefixes = [
    ...sets.flatMap((set) => set.prefixes.map(({ prefix }) => prefix)),
    ...local.map(({ from }) => from).filter((from) => from !== 'any'),
    ...interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address.slice(0, address.indexOf('/')))),
    '255.255.255.255',
    'fe80::/10',
  ].map(host)
  const edges = (family: Family) => {
    const all = prefixes.map(prefixOf).filter((prefix) => prefix.family === family)
    const max = (1n << BigInt(bitsOf(family))) - 1n
    return [0n, 5n, ...all.flatMap((prefix) => [prefix.base - 1n, prefix.base, lastOf(prefix), lastOf(prefix) + 1n])].filter(
      (value) => value >= 0n && value <= max,
    )
  }
  const names = [...zones.flatMap((zone) => zone.interfaces), 'web.0', 'db.1', 'stray']
  // Most packets take a pair that has rules, or few would.
  const ends = (name: string) => zones.find((zone) => zone.name === name)!.interfaces
  const paths = pairs.flatMap(({ from, to }) => ends(from).flatMap((incoming) => ends(to).map((outgoing) => [incoming, outgoing])))
  const anyPath = fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names))
  const path = paths.length > 0 ? fc.oneof({ arbitrary: anyPath, weight: 1 }, { arbitrary: fc.constantFrom(...paths), weight: 5 }) : anyPath
  return fc.constantFrom<Family>(4, 6).chain((family) =>
    fc
      .record({
        hook: fc.constantFrom('forward' as const, 'forward' as const, 'input' as const),
        path,
        asVrf: fc.boolean(),
        src: fc.constantFrom(...edges(family)),
        dst: fc.constantFrom(...edges(family)),
        protocol: fc.constantFrom(1, 6, 6, 17, 17, 47, 58, 112),
        dport: fc.oneof(port, fc.constantFrom(2, 67, 78, 82, 442, 444, 1022, 1025, 4789, 65533)),
      })
      .map(({ path, asVrf, ...rest }) => {
        const vrf = interfaces.find(({ name }) => name === path[0])?.vrf
        return { ...rest, family, iif: path[0]!, seen: asVrf && vrf ? vrf : path[0]!, oif: path[1]! }
      }),
  )
}

const vrrp = fc
  .uniqueArray(fc.record({ interface: interfaceName, id: fc.integer({ min: 1, max: 255 }), why }), { selector: (group) => group.interface, maxLength: 3 })
  .map((groups): Vrrp => {
    return { groups: groups.map((group) => ({ ...group, name: 'x', v4: ['10.0.0.1/24'], v6: '2001:db8::1/64' })), priority: 200, follows: [], why: ['ask x'] }
  })

test('what is printed reads back as the same tree', () => {
  fc.assert(
    fc.property(device, some(vrrp), (random, vrrp) => {
      const device = { ...random, ...(vrrp ? { vrrp } : {}) }
      const tree = nftables.lower(device)!
      assert.deepEqual(parsed(filesOf(device)), withoutWhys(tree))
      for (const { lines } of nftables.print(tree)) for (const { text, why } of lines) assert.ok(why.length > 0 && !text.includes('\n'), text)
    }),
  )
})

test('what is printed does exactly what the filter says', () => {
  const count = { accepted: 0, dropped: 0, translated: 0, marked: 0, untracked: 0 }
  fc.assert(
    fc.property(
      device.chain((device) => fc.tuple(fc.constant(device), fc.array(packets(device), { minLength: 40, maxLength: 40 }))),
      ([device, packets]) => {
        const table = parsed(filesOf(device)).tables[0]!
        for (const packet of packets) {
          const want = expected(device, packet)
          count[want.accepted ? 'accepted' : 'dropped']++
          if (want.source) count.translated++
          if (want.class) count.marked++
          if (!want.tracked) count.untracked++
          const show = (value: bigint) => showIp({ family: packet.family, value })
          // What becomes of a dropped packet does not matter.
          const { accepted, ...rest } = fate(table, packet)
          const found = accepted ? { accepted, ...rest } : { accepted, tracked: want.tracked }
          assert.deepEqual(found, want, JSON.stringify({ ...packet, src: show(packet.src), dst: show(packet.dst) }))
        }
      },
    ),
    { numRuns: 400 },
  )
  for (const [what, times] of Object.entries(count)) assert.ok(times > 50, `the packets must try all: ${what} ${times} times`)
})

test('elements of a set are disjoint, however the rules overlap', () => {
  fc.assert(
    fc.property(device, (device) => {
      for (const { name, elements } of nftables.lower(device)!.tables.flatMap(({ sets }) => sets)) {
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
  const texts = fc.sample(device, { numRuns: 60, seed: 1 }).flatMap((device) => [...filesOf(device).values()])
  const last = [...filesOf(deviceWith(fc.sample(filtered, { numRuns: 1, seed: 1 })[0]!)).values()][0]!
  // Elements of an earlier filter would show as overlaps, or as a listing that differs from that of a kernel which knew none.
  const script =
    'for text in "$@"; do printf %s "$text" | nft -f -; done; nft list sets; nft flush ruleset; printf %s "$text" | nft -f -; echo ALONE; nft list sets'
  const { status, stdout, stderr } = spawnSync('unshare', ['--net', 'sh', '-euc', script, 'sh', ...texts, last], { encoding: 'utf8' })
  assert.equal(status, 0, /nft: not found/.test(stderr) ? 'nft is missing: apt-get install nftables' : stderr)
  const [over, alone] = stdout.split('ALONE\n')
  const sets = (listing: string) => [...listing.matchAll(/\tset \S+ \{\n[\s\S]*?\n\t\}/g)].map(([set]) => set)
  const found = new Set(sets(over!))
  assert.ok(sets(alone!).length > 5, `${sets(alone!).length}`)
  for (const set of sets(alone!)) assert.ok(found.has(set), set)
})
