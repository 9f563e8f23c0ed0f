/**
 * The proofs of the starter: all of them hold for what is printed. Single faults in printed files are caught by the property that they are about, at the device where they are, with a packet where one shows it;
 * and faults that are none raise nothing.
 */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import type { Device } from '#design/device.ts'
import { parsePort } from '#model/port.ts'
import { alikeOf } from '#proofs/alike.ts'
import { waysBetween } from '#proofs/between.ts'
import { type Boxes, equal, meetAll, subtract, uncovered } from '#proofs/engine/boxes/boxes.ts'
import { byDestination, meetNear } from '#proofs/engine/boxes/near.ts'
import { mostTaken } from '#proofs/engine/filter/calls.ts'
import { PACKETS } from '#proofs/engine/packet.ts'
import { sentFrom } from '#proofs/intent/concern.ts'
import { packetsOf } from '#proofs/intent/flows.ts'
import { isDestination, linksOf } from '#proofs/intent/links.ts'
import type { Verdict } from '#proofs/proof.ts'
import { DESTINATIONS } from '#proofs/properties/denied/denied.ts'
import { properties } from '#proofs/properties/index.ts'
import { survives } from '#proofs/properties/survives/survives.ts'
import { type Prover, proofOfBuilt, prover, verdictsOf } from '#workspace/prove.ts'
import { type Built, openWorkspace } from '#workspace/workspace.ts'
import { assertSameVerdicts } from './same-verdicts.ts'
import { buildGood } from './why/starter.ts'

let built: Built
let next: Prover

before(async () => {
  built = await buildGood(openWorkspace(join(import.meta.dirname, '../examples/starter'), { date: '2026-01-01', typeCheck: false }))
  next = prover()
  const proof = next(built)
  assert(proof.ok)
  verdictsOf(proof.value)
})

/** The verdicts after `change` to a printed file, of a design. */
function verdicts(path?: string, change: (text: string) => string = (text) => text, { design } = built): readonly Verdict[] {
  const files = new Map(built.files)
  if (path !== undefined) {
    const text = files.get(path)!
    const other = change(text)
    assert.notEqual(other, text, `${path} has not changed`)
    files.set(path, other)
  }
  const changed = { ...built, design, files }
  const proof = proofOfBuilt(changed)
  assert(proof.ok, JSON.stringify(proof.diagnostics))
  const all = verdictsOf(proof.value)
  // After one that held, what is otherwise tells the same.
  const part = next(changed)
  assert(part.ok && part.value.since)
  assertSameVerdicts(verdictsOf(part.value), all)
  return all
}

const failed = (all: readonly Verdict[]) => all.filter(({ holds }) => !holds)

/** The set of a filter, with what becomes of its elements. */
const inSet = (set: string, change: (elements: string) => string) => (text: string) =>
  text.replace(
    new RegExp(`(add element inet netwright ${set.replaceAll(/[/.]/g, '\\$&')} \\{\\n)([^}]*)(\\})`),
    (_, open, elements, close) => open + change(elements) + close,
  )

const without = (line: string) => (text: string) => text.replace(`${line}\n`, '')

test('all that the company means holds', () => {
  const all = verdicts()
  assert.deepEqual(failed(all), [])
  assert(all.length > 700, String(all.length))
  // That failures are outlived is claimed by nobody here.
  for (const { name } of properties.filter((property) => property !== survives))
    assert(
      all.some(({ property }) => property === name),
      name,
    )
})

/** A fault: where, what, by which property it is caught, at which device, and the packet that shows it. */
interface Fault {
  readonly file: string
  readonly change: (text: string) => string
  readonly property: string
  readonly device: string
  readonly packet?: RegExp
  /** What it is told by where no packet shows it. */
  readonly says?: RegExp
}

const WEB_TO_DB = 'web-db-web/service/orders_map-ports'

const FAULTS: Readonly<Record<string, Fault>> = {
  'an element of an office filter is missing': {
    file: 'ber-office/fw-a/nftables.conf',
    change: inSet('users-outside-users-ports-v4', without('  10.189.157.103/32 . tcp . 443,')),
    property: 'works',
    device: 'ber-office/fw-a',
    packet: /^10\.180\.\d+\.\d+ → 10\.189\.157\.103 tcp\/443$/,
  },
  'an element of IPv6 is missing': {
    file: 'ber-office/fw-a/nftables.conf',
    change: inSet('users-outside-users-ports-v6', without('  2001:db8:2888:1664::27/128 . tcp . 443,')),
    property: 'works',
    device: 'ber-office/fw-a',
    packet: /→ 2001:db8:2888:1664::27 tcp\/443$/,
  },
  'an element of a data-centre filter is missing': {
    file: 'bos1/fw-a/nftables.conf',
    change: inSet(`${WEB_TO_DB}-v4`, () => '  10.189.158.230/32 . tcp . 5433,\n'),
    property: 'works',
    device: 'bos1/fw-a',
    packet: /→ 10\.189\.158\.230 tcp\/5432$/,
  },
  'a port is another one': {
    file: 'bos1/fw-a/nftables.conf',
    change: inSet(`${WEB_TO_DB}-v6`, (elements) => elements.replace('5432', '5431')),
    property: 'filters',
    device: 'bos1/fw-a',
    packet: /tcp\/5431$/,
  },
  'a prefix of a destination is wider': {
    file: 'bos1/fw-a/nftables.conf',
    change: inSet(`${WEB_TO_DB}-v4`, (elements) => elements.replace('10.189.158.230/32', '10.189.158.0/24')),
    property: 'denied',
    device: 'bos1/r02-db-host-a',
    packet: /→ 10\.189\.158\.\d+ tcp\/5432$/,
  },
  'a prefix of a source is wider': {
    file: 'bos1/fw-a/nftables.conf',
    change: inSet('web/service/orders_map-v4', (elements) => elements.replace('10.189.157.103/32', '10.189.157.96/27')),
    property: 'denied',
    device: 'bos1/r01-db-host-a',
    packet: /^10\.189\.157\.\d+ → 10\.189\.158\.230 tcp\/5432$/,
  },
  'a port of an office filter is a range, though the data centre drops what it lets through': {
    file: 'lis-office/edge-a/nftables.conf',
    change: inSet('users-outside-users-ports-v4', (elements) => elements.replace('. tcp . 443,', '. tcp . 443-445,')),
    property: 'filters',
    device: 'lis-office/edge-a',
    packet: /tcp\/44[45]$/,
  },
  'two zones are exchanged': {
    file: 'bos1/fw-a/nftables.conf',
    change: (text) => text.replace(/("eth\d\.\d+" \. "eth\d\.\d+" : jump )web-db,/, '$1outside-web,'),
    property: 'works',
    device: 'bos1/fw-a',
  },
  'a rule accepts any port': {
    file: 'bos1/fw-a/nftables.conf',
    change: (text) =>
      text.replace(
        'ip saddr @web/service/orders_map-v4 ip daddr . meta l4proto . th dport @web-db-web/service/orders_map-ports-v4 counter accept',
        'ip saddr @web/service/orders_map-v4 counter accept\n    ip daddr . meta l4proto . th dport @web-db-web/service/orders_map-ports-v4 counter accept',
      ),
    property: 'filters',
    device: 'bos1/fw-a',
  },
  'a rule stands twice': {
    file: 'bos1/fw-a/nftables.conf',
    change: (text) => text.replace(/( {4}ip6 saddr @web\/service\/orders_map-v6 ip6 daddr .*accept\n)/, '$1$1'),
    property: 'rules',
    device: 'bos1/fw-a',
  },
  'a neighbour is missing': {
    file: 'bos1/leaf-r01-a/frr.conf',
    change: (text) => text.replaceAll(/^ +neighbor 10\.189\.147\.47 .*\n/gm, ''),
    property: 'sessions',
    device: 'bos1/spine-a',
  },
  'a neighbour has another AS number': {
    file: 'ber-office/edge-a/frr.conf',
    change: (text) => text.replace(/(neighbor 10\.180\.31\.4 remote-as )\d+/, '$164512'),
    property: 'sessions',
    device: 'ber-office/edge-a',
  },
  'an address of a link is another one': {
    file: 'ber-office/fw-a/network.ip',
    change: (text) => text.replace('address add 10.180.31.4/31 dev eth2', 'address add 10.180.31.6/31 dev eth2'),
    property: 'sessions',
    device: 'ber-office/fw-a',
  },
  'an address is somebody else’s': {
    file: 'bos1/leaf-r02-a/network.ip',
    change: (text) => text.replace(/address add (10\.189\.147\.\d+)\/32 dev lo/, 'address add 10.189.147.8/32 dev lo'),
    property: 'addresses',
    device: 'bos1/leaf-r02-a',
  },
  'the next hop of a default is another one': {
    file: 'ber-office/edge-b/frr.conf',
    change: (text) => text.replace('ip route 0.0.0.0/0 198.51.100.1', 'ip route 0.0.0.0/0 10.180.31.57'),
    property: 'works',
    device: 'ber-office/edge-b',
  },
  'a route goes back to where packets come from': {
    file: 'bos1/leaf-r01-a/frr.conf',
    change: (text) => text.replace('vrf web\n', 'vrf web\n ip route 192.0.2.0/24 10.189.147.61\n'),
    property: 'loops',
    device: 'bos1/leaf-r01-a',
    packet: /^10\.\S+ → 192\.0\.2\.0/,
  },
  'a VRF takes in the routes of another': {
    file: 'bos1/leaf-r01-a/frr.conf',
    change: (text) => text.replaceAll('route-target import 65000:10001', 'route-target import 65000:10014'),
    property: 'vrfs',
    device: 'bos1/leaf-r01-a',
  },
  'a host does not say its addresses': {
    file: 'bos1/r01-db-host-a/frr.conf',
    change: (text) => text.replaceAll('route-map to-leaf permit', 'route-map to-leaf deny'),
    property: 'works',
    device: 'bos1/border-a',
    packet: /→ 10\.189\.158\.230 tcp\/5432$/,
  },
  'a summary of one’s own stands before that of the hubs': {
    file: 'lis-office/edge-a/frr.conf',
    change: (text) => text.replace('  aggregate-address 10.183.40.0/22\n', '  aggregate-address 10.183.40.0/22\n  aggregate-address 10.0.0.0/8\n'),
    property: 'works',
    device: 'lis-office/edge-a',
    packet: /→ 10\.189\.157\.\d+ tcp\/443$/,
  },
  'strangers meet over an edge': {
    file: 'bos1/edge-b/nftables.conf',
    change: (text) =>
      text
        .replace(/ {4}iifname "swp5" counter drop\n/, '')
        .replace(/ {4}iifname "swp5" oifname "swp5" counter drop\n/, '    iifname "swp5" oifname "swp6" counter drop\n'),
    property: 'denied',
    device: 'bos1/edge-b',
  },
  'one end of a link takes smaller packets': {
    file: 'ber-office/edge-a/network.ip',
    change: (text) => text.replace('link set dev eth1 mtu 1500', 'link set dev eth1 mtu 1400'),
    property: 'mtu',
    device: 'ber-office/edge-a',
  },
  'a tunnel leaves no room for what is around its packets': {
    file: 'ber-office/edge-b/network.ip',
    change: (text) => text.replace('link set dev wg51979 mtu 1420', 'link set dev wg51979 mtu 1460'),
    property: 'mtu',
    device: 'ber-office/edge-b',
  },
  'a fabric link is too small for the overlay': {
    file: 'bos1/leaf-r01-a/network.ip',
    change: (text) => text.replace('link set dev swp49 mtu 9216', 'link set dev swp49 mtu 9200'),
    property: 'mtu',
    device: 'bos1/leaf-r01-a',
  },
  'a mask is too short': {
    file: 'ber-office/fw-a/network.ip',
    change: (text) => text.replace(/address add (10\.180\.25\.\d+)\/24/, 'address add $1/20'),
    property: 'overlaps',
    device: 'ber-office/fw-a',
  },
  'a desk may send with any source': {
    file: 'ber-office/fw-a/nftables.conf',
    change: (text) =>
      without('  "eth0.415" : jump sources-of-users,')(text).replace(/(chain users-outside \{\n(?:.*\n)*?) {4}ip saddr @users-v4 ip daddr/, '$1    ip daddr'),
    property: 'spoofing',
    device: 'ber-office/fw-a',
    packet: /^10\.\S+ → /,
  },
  'strangers may send with addresses of ours': {
    file: 'bos1/edge-b/nftables.conf',
    change: inSet('internet/refused-v4', without('  10.0.0.0/8,')),
    property: 'spoofing',
    device: 'bos1/edge-b',
    packet: /^10\.\S+ → /,
  },
  'strangers may send with our addresses of IPv6': {
    file: 'bos1/edge-b/nftables.conf',
    change: inSet('internet/refused-v6', without('  2001:db8::/32,')),
    property: 'spoofing',
    device: 'bos1/edge-b',
    packet: /^2001:db8:\S+ → /,
  },
  'anybody at a desk may log in to a firewall': {
    file: 'ber-office/fw-a/nftables.conf',
    change: inSet('local-ports-v4', (elements) => `  "eth0.415" . 10.180.24.0/22 . tcp . 22,\n${elements}`),
    property: 'management',
    device: 'ber-office/fw-a',
    packet: /^10\.180\.2\d\.\d+ → 10\.180\.\d+\.\d+ tcp\/22$/,
  },
  'servers may ask a leaf how it is': {
    file: 'bos1/leaf-r01-a/nftables.conf',
    change: inSet('local-ports-v6', (elements) => `${elements}  "web" . 2001:db8:2888:1000::/52 . udp . 161,\n`),
    property: 'management',
    device: 'bos1/leaf-r01-a',
    packet: /^2001:db8:2888:1\S+ → \S+ udp\/161$/,
  },
  'desks are let into the management network': {
    file: 'ber-office/fw-a/nftables.conf',
    change: (text) => text.replace('  "eth0.300" . "eth0.300" : jump management-management,', '  "eth0.415" . "eth0.300" : jump management-management,\n$&'),
    property: 'management',
    device: 'ber-office/fw-a',
    packet: /^10\.180\.\d+\.\d+ → 10\.180\.19\.\d+/,
  },
  'a leaf has no more than one way to a zone': {
    file: 'bos1/leaf-r01-a/frr.conf',
    change: (text) => text.replace(/(router bgp \d+ vrf web\n(?:.*\n)*?) {2}maximum-paths 64\n/, '$1  maximum-paths 1\n'),
    property: 'ways',
    device: 'bos1/r01-web-host-a',
    packet: /^10\.189\.157\.103 → 10\.189\.158\.230 tcp\/5432$/,
    says: /^it has 48 ways, by bos1\/r01-web-host-a, .*bos1\/leaf-r01-a/,
  },
  'a spine is lost below the tunnels of the fabric': {
    file: 'bos1/leaf-r01-a/frr.conf',
    change: (text) => text.replaceAll(/^ +neighbor 10\.189\.147\.47 .*\n/gm, ''),
    property: 'ways',
    device: 'bos1/r01-web-host-a',
    packet: /^10\.189\.157\.103 → 10\.189\.158\.230 tcp\/5432$/,
  },
  'a gateway has IPv4 alone': {
    file: 'ber-office/fw-a/network.ip',
    change: without('address add 2001:db8:281f:6920::2/64 dev eth0.415 nodad'),
    property: 'families',
    device: 'ber-office/fw-a',
    says: /eth0\.415 has addresses of IPv4 alone/,
  },
  'a pair shares a gateway address of IPv4 alone': {
    file: 'ber-office/fw-b/keepalived.conf',
    change: without('        2001:db8:281f:ad08::1/64 preferred_lft 0'),
    property: 'families',
    device: 'ber-office/fw-b',
    says: /has addresses of IPv4 alone to share/,
  },
  'more is said over the WAN than the summary': {
    file: 'ber-office/edge-a/frr.conf',
    change: (text) =>
      text.replace('ip prefix-list ber-office-v4 seq 10 permit 10.180.16.0/20\n', 'ip prefix-list ber-office-v4 seq 10 permit 10.180.16.0/20 le 32\n'),
    property: 'summaries',
    device: 'ber-office/edge-a',
    says: /says 10\.180\.31\.51\/32 to bos1\/edge-b, and 10\.180\.16\.0\/20 around it/,
  },
  'a site says the addresses of another': {
    file: 'lis-office/edge-a/frr.conf',
    change: (text) =>
      text
        .replace('ip prefix-list lis-office-v4 seq 10 permit 10.183.40.0/22\n', '$&ip prefix-list lis-office-v4 seq 20 permit 10.180.16.0/20\n')
        .replace('  aggregate-address 10.183.40.0/22\n', '  network 10.180.16.0/20\n$&')
        .replace(/^router bgp/m, 'ip route 10.180.16.0/20 blackhole\n!\n$&'),
    property: 'summaries',
    device: 'lis-office/edge-a',
    says: /says 10\.180\.16\.0\/20 to bos1\/edge-a, which is ber-office’s/,
  },
  'a segment has an address that is in no summary': {
    file: 'lis-office/edge-a/network.ip',
    change: (text) => text.replace(/address add 10\.183\.40\./, 'address add 10.183.48.'),
    property: 'summaries',
    device: 'lis-office/edge-a',
    says: /has 10\.183\.48\.\d+\/\d+ on \S+, which is in no summary of lis-office/,
  },
}

describe('a fault in a printed file is caught', () => {
  for (const [name, { file, change, property, device, packet, says }] of Object.entries(FAULTS))
    test(name, () => {
      const found = failed(verdicts(file, change))
      const told = found.map(
        (verdict) => `${verdict.property} ${verdict.id}: ${verdict.counter?.packet ?? ''} ${verdict.counter?.device} ${verdict.counter?.says}`,
      )
      const right = found.filter(
        ({ property: of, counter }) =>
          of === property && counter?.device === device && (!packet || packet.test(counter.packet ?? '')) && (!says || says.test(counter.says)),
      )
      assert(right.length > 0, `not caught by ${property} at ${device}: ${told.slice(0, 5).join('\n') || 'nothing fails'}`)
    })
})

/** Of the elements that say which services a zone may call, in both families, every other one is dropped, and those between let one more port pass: one fault at a time. */
test('a service that is missing in a filter, or one port too many, is caught, one after the other', () => {
  let faults = 0
  for (const device of ['bos1/fw-a', 'ber-office/fw-a', 'lis-office/edge-a']) {
    const file = `${device}/nftables.conf`
    const lines = built.files.get(file)!.split('\n')
    let set = ''
    for (const [at, line] of lines.entries()) {
      set = /^add element inet netwright (\S+) \{/.exec(line)?.[1] ?? set
      const [, before, first, last = first] = /^( .*\. )(\d+)(?:-(\d+))?,$/.exec(line) ?? []
      if (before === undefined || set.startsWith('local-') || !/-ports(-v[46])?$/.test(set)) continue
      const dropped = faults++ % 2 === 0
      const text = lines.with(at, `${before}${Number(first) - 1}-${last},`)
      const found = failed(verdicts(file, () => (dropped ? lines.toSpliced(at, 1) : text).join('\n')))
      const property = dropped ? 'works' : 'filters'
      const right = found.filter(({ property: of, counter }) => of === property && counter?.device === device && counter.packet !== undefined)
      const told = found.map((verdict) => `${verdict.property} ${verdict.id} ${verdict.counter?.device} ${verdict.counter?.says}`)
      assert(right.length > 0, `${file}:${at + 1} ${line} of ${set}, ${dropped ? 'dropped' : 'widened'}: ${told.slice(0, 5).join('\n') || 'nothing fails'}`)
    }
  }
  assert(faults >= 40, String(faults))
})

test('zones that go out by both firewalls, and are answered by one: a fault where the two keep nothing in step', () => {
  const both = (text: string) => text.replaceAll(/(route-map to-zones permit \d+\n(?: match .*\n)?) set as-path prepend .*\n/g, '$1')
  const lone = ({ stateSync: _, ...device }: Device): Device => device
  const sites = built.design.sites.map((site) => ({ ...site, devices: site.devices.map(lone) }))
  const found = failed(verdicts('bos1/fw-b/frr.conf', both, { ...built, design: { ...built.design, sites } }))
  assert.deepEqual([...new Set(found.map(({ property }) => property))], ['symmetric'])
  assert(found.some(({ id, counter }) => id === 'ber-office/users-3 ↔ bos1/r01-web' && counter?.device === 'bos1/fw-b'))
  assert.deepEqual(failed(verdicts('bos1/fw-b/frr.conf', both)), [])
})

test('who is meant in one family alone is told, by each flow', () => {
  const onlyV4 = (prefixes: readonly string[]) => prefixes.filter((prefix) => !prefix.includes(':'))
  const sites = built.design.sites.map((site) =>
    site.id === 'lis-office'
      ? { ...site, zones: site.zones.map((zone) => (zone.name === 'voice' ? { ...zone, prefixes: onlyV4(zone.prefixes) } : zone)) }
      : site,
  )
  const found = failed(verdicts(undefined, undefined, { ...built, design: { ...built.design, sites } })).filter(({ property }) => property === 'families')
  assert.deepEqual(
    found.map(({ id, counter }) => [id, counter?.says]),
    [['voice → voice udp/16384-32767 udp/5060', 'voice at lis-office is meant in IPv4 alone']],
  )
})

describe('a fault that is none raises nothing', () => {
  const HARMLESS: Readonly<Record<string, readonly [string, (text: string) => string]>> = {
    'elements in another order': [
      'bos1/fw-a/nftables.conf',
      inSet('outside/ours-v4', (elements) => `${elements.split('\n').filter(Boolean).reverse().join('\n')}\n`),
    ],
    'independent rules in another order': [
      'bos1/fw-a/nftables.conf',
      (text) => text.replace(/( {4}ip saddr @web\/service\/orders_map-v4 .*accept\n)( {4}ip6 saddr @web\/service\/orders_map-v6 .*accept\n)/, '$2$1'),
    ],
    'room for fewer ways, and for all that there are': ['bos1/leaf-r01-a/frr.conf', (text) => text.replaceAll('maximum-paths 64', 'maximum-paths 8')],
    'an address of one link alone, of IPv6': [
      'bos1/edge-b/network.ip',
      (text) => text.replace('address add fe80::2d/64 dev wg52793 nodad\n', '$&address add fe80::12d/64 dev wg52793 nodad\n'),
    ],
    'what strangers must not be is said in two parts': [
      'bos1/edge-b/nftables.conf',
      inSet('internet/refused-v4', (elements) => elements.replace('  10.0.0.0/8,\n', '  10.0.0.0/9,\n  10.128.0.0/9,\n')),
    ],
    'devices are run from their management network by another way too': [
      'bos1/leaf-r01-a/nftables.conf',
      inSet('local-ports-v4', (elements) => `${elements}  "web" . 10.189.148.0/24 . udp . 161,\n`),
    ],
    'a part of a summary is summed up too, and told to nobody beyond': [
      'lis-office/edge-a/frr.conf',
      (text) => text.replace('  aggregate-address 10.183.40.0/22\n', '$&  aggregate-address 10.183.40.0/23\n'),
    ],
    'neighbours in another order': [
      'bos1/spine-a/frr.conf',
      (text) =>
        text.replace(
          /((?: neighbor 10\.189\.\S+ (?:remote-as|description|bfd|timers).*\n)+)( neighbor 2001:.*\n)/,
          (_, one: string, other: string) => other + one,
        ),
    ],
  }
  for (const [name, [file, change]] of Object.entries(HARMLESS)) test(name, () => assert.deepEqual(failed(verdicts(file, change)), []))
})

describe('who gets to whom', () => {
  const between = (from: string, to: string, port?: string) => {
    const proof = proofOfBuilt(built)
    assert(proof.ok)
    const service = port === undefined ? undefined : parsePort(port)!
    const found = waysBetween(proof.value, { from, to, ...(service ? { service } : {}) })
    assert('ways' in found, JSON.stringify(found))
    assert.equal(found.ways.length, 2)
    return found.ways.map(({ packet, arrives, gates }) => [
      packet,
      arrives,
      gates.map(({ device, passes, rules }) => `${passes ? 'passes' : 'dropped at'} ${device} ${rules.map(({ chain }) => chain).join(' ')}`),
    ])
  }

  test('an allowed flow, with the rules that it needs', () => {
    assert.deepEqual(between('ber-office/users-3', 'orders-map'), [
      ['10.180.25.8 → 10.189.157.103 tcp/443', true, ['passes ber-office/fw-a forward users-outside', 'passes bos1/fw-a forward outside-web']],
      [
        '2001:db8:281f:6920::8 → 2001:db8:2888:1664::27 tcp/443',
        true,
        ['passes ber-office/fw-a forward users-outside', 'passes bos1/fw-a forward outside-web'],
      ],
    ])
  })

  test('a denied flow, with every obstacle on the whole way', () => {
    const gates = ['dropped at ber-office/fw-a forward', 'dropped at bos1/fw-a forward']
    assert.deepEqual(between('ber-office/users-3', 'orders-db', '5432/tcp'), [
      ['10.180.25.8 → 10.189.158.230 tcp/5432', false, gates],
      ['2001:db8:281f:6920::8 → 2001:db8:2888:e770::26 tcp/5432', false, gates],
    ])
  })

  test('nobody of that name', () => {
    const proof = proofOfBuilt(built)
    assert(proof.ok)
    assert.deepEqual(waysBetween(proof.value, { from: 'ber-office/users-3', to: 'order-map' }), { nobody: 'order-map' })
  })
})

test('what is found for all at once is what following each packet finds', () => {
  const proved = proofOfBuilt(built)
  assert(proved.ok)
  const proof = proved.value
  for (const { places, reached, spread } of alikeOf(proof)) {
    for (const place of places) {
      for (const family of [4, 6] as const) {
        const space = PACKETS[family]
        const links = linksOf(proof.design, family)
        const { may, must, rounds } = reached(family)
        assert.deepEqual(rounds, [])
        const followed = spread(place)[family]
        const sent = place.sources(family).flatMap(({ boxes }) => boxes)
        // What servers send themselves is taken for what they send others.
        const own = sentFrom(place, family)
        const among = place.sources(family).some(({ port }) => port) ? [] : packetsOf(family, own, own, [])
        // Links and routers' own addresses are asked about by nobody.
        const kinds = proof.kinds(family)
        const asked = byDestination(space, kinds.boxesBy(new Int32Array(kinds.count)).get(0)!)
        const ofSent = (boxes: Boxes) => subtract(space, meetNear(space, meetAll(space, boxes, sent), asked), among, Number.POSITIVE_INFINITY)!
        const arrives = ofSent(DESTINATIONS.flatMap((end) => may.get(end) ?? []))
        const arrived = ofSent(followed.arrivals.filter((arrival) => isDestination(arrival, links)).flatMap(({ boxes }) => boxes))
        assert.equal(equal(space, arrives, arrived), undefined, `${place.id} ${family}`)
        // What is dropped or lost on some way does not arrive on all.
        const dropped = [
          ...followed.passages.flatMap(({ arriving, accepted }) => subtract(space, arriving, accepted, Number.POSITIVE_INFINITY)!),
          ...followed.deadEnds.flatMap(({ boxes }) => boxes),
        ]
        assert.deepEqual(meetAll(space, ofSent(must), dropped), [], `${place.id} ${family}`)
      }
    }
  }
})

test('what a device takes by whichever interface is no less than what it takes by each', () => {
  const proved = proofOfBuilt(built)
  assert(proved.ok)
  const { world } = proved.value
  let asked = 0
  for (const [device, { nftables }] of world.told) {
    const table = nftables?.tables.find(({ family }) => family === 'inet')
    if (!table) continue
    for (const family of [4, 6] as const) {
      const most = mostTaken(table, family)
      for (const port of world.routed.links.ports.get(device)!.values()) {
        if (port.name === 'lo') continue
        const { accepted, uncertain } = world.arrivals(device, family, port)!
        const sometimes = uncertain.filter(({ verdict }) => verdict === 'accept').flatMap(({ boxes }) => boxes)
        for (const box of [...accepted, ...sometimes]) assert.equal(uncovered(PACKETS[family], box, most), undefined, `${device} ${port.name} ${family}`)
        asked++
      }
    }
  }
  assert(asked > 300, String(asked))
})
