/**
 * The proofs of the starter: all of them hold for what is printed. Single faults in printed files are caught by the property that they are about, at the device where they are, with a packet where one shows it;
 * and faults that are none raise nothing.
 */
import assert from 'node:assert/strict'
import { appendFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import type { Device } from '#design/device.ts'
import type { Verdict } from '#proofs/proof.ts'
import { properties } from '#proofs/properties/index.ts'
import { spoofing } from '#proofs/properties/spoofing/spoofing.ts'
import { survives } from '#proofs/properties/survives/survives.ts'
import { type Prover, proofOfBuilt, prover, verdictsOf } from '#workspace/prove.ts'
import { type Built, openWorkspace } from '#workspace/workspace.ts'
import { FAULTS, inSet } from './faults.ts'
import { assertSameVerdicts } from './same-verdicts.ts'
import { buildGood, copyStarter } from './why/starter.ts'

/** Of the data centre, where strangers come in. */
const EDGE = 'bos1/edge-b/nftables.conf'

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

test('strangers with the public addresses of another site get nowhere, and a filter that lets them in is caught', async (context) => {
  const folder = copyStarter()
  context.after(() => rmSync(folder, { recursive: true }))
  appendFileSync(join(folder, 'sites/lis-office.yaml'), 'public: 203.0.113.96/28\n')
  appendFileSync(
    join(folder, 'company.ts'),
    "allow({ from: external('internet'), to: service('orders-map'), why: 'partners look at the map', owner: 'web-operations' })\n",
  )
  const grown = await buildGood(openWorkspace(folder, { date: '2026-01-01', typeCheck: false }))
  const forgedIn = (change: (text: string) => string) => {
    const proof = proofOfBuilt({ ...grown, files: new Map(grown.files).set(EDGE, change(grown.files.get(EDGE)!)) })
    assert(proof.ok, JSON.stringify(proof.diagnostics))
    return verdictsOf(proof.value, [spoofing]).flatMap(({ holds, counter }) => (holds ? [] : [`${counter!.device} ${counter!.packet}`]))
  }
  assert.match(grown.files.get(EDGE)!, / {4}ip saddr @internet\/elsewhere-v4 ip daddr @internet\/ours-v4 jump strangers\n/)
  assert.deepEqual(
    forgedIn((text) => text),
    [],
  )
  const [told, ...others] = forgedIn(inSet('internet/elsewhere-v4', () => '  192.0.2.1/32,\n'))
  assert.match(told!, /^bos1\/edge-b 203\.0\.113\.96 → 203\.0\.113\.\d+ tcp\/443$/)
  assert.deepEqual(others, [])
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
