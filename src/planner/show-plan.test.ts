/** Whole plans as they are read. The texts are in `cases/`. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Design } from '#design/design.ts'
import { berlin, boston, bostonOpen, circuit, design, device, files, firewallFiles, link, port, segment, service, site, speaker } from './cases/designs.ts'
import { planChange, type Texts } from './diff-designs.ts'
import { showPlan } from './show-plan.ts'

const NO_FILES: Texts = new Map()

function shown(before: Design | undefined, after: Design, texts: { before: Texts; after: Texts } = { before: NO_FILES, after: NO_FILES }, verbose = false) {
  return showPlan(planChange(before, after, texts), { verbose })
}

function assertGolden(name: string, lines: ReturnType<typeof showPlan>) {
  assert.equal(`${lines.map(({ text }) => text).join('\n')}\n`, readFileSync(join(import.meta.dirname, 'cases', `${name}.txt`), 'utf8'))
}

const opening = {
  before: firewallFiles('10.40.0.0/16'),
  after: new Map([...firewallFiles('10.32.16.0/23', '10.40.0.0/16'), ...files({ 'ber-office/edge-a/frr.conf': ['router bgp 4200000201', 'exit'] })]),
}

/** The data centre after a day of changes: another leaf, a model, cables, a circuit, a larger segment, and a renumbered loopback. */
const rebuilt = site('bos1', {
  ...boston,
  status: 'retiring',
  racks: [{ kind: 'rack', id: 'bos1/rack-1', units: 42, why: [] }],
  devices: [
    { ...boston.devices[0]!, interfaces: [port('bos1/fw-a/lo', '10.1.255.9/32')], routing: speaker(4200000113) },
    boston.devices[1]!,
    device('bos1/leaf-1', { model: 'edgecore/as7726-32x', place: { rack: 'bos1/rack-1', unit: 12, height: 1, why: [] } }),
    device('bos1/leaf-3'),
  ],
  links: [
    link('bos1/fw-a leaf-1', 'bos1/fw-a eth0', 'bos1/leaf-3 swp1'),
    link('bos1/fw-b leaf-3', 'bos1/fw-b eth0', 'bos1/leaf-3 swp2'),
    link('bos1/colt-ring', 'bos1/fw-b eth7', undefined, 'bos1/colt-ring'),
  ],
  segments: [segment('bos1/users', 400, 111, '10.1.16.0/24', '10.1.18.0/24')],
  circuits: [circuit('bos1/circuit/colt-ring', 4500, 60, 'USD'), circuit('bos1/circuit/lumen', undefined)],
})

test('a site is added', () => {
  assertGolden('site-added', shown(design([boston]), design([berlin, bostonOpen]), opening))
})

test('a site is added, with the lines', () => {
  assertGolden('site-added-verbose', shown(design([boston]), design([berlin, bostonOpen]), opening, true))
})

test('a site is removed', () => {
  assertGolden('site-removed', shown(design([berlin, bostonOpen]), design([boston]), { before: opening.after, after: opening.before }))
})

test('a site is changed', () => {
  const before = design([boston], [service('erp', { 'erp-1': ['bos1/leaf-1', '10.1.20.9', '2001:db8:1::9'] })])
  const after = design([rebuilt], [service('erp', { 'erp-1': ['bos1/leaf-3', '10.1.20.10', '2001:db8:1::9'] })])
  const frr = (asn: number) => files({ 'bos1/fw-a/frr.conf': [`router bgp ${asn}`, ' no bgp default ipv4-unicast', 'exit'] })
  assertGolden('site-changed', shown(before, after, { before: frr(4200000112), after: frr(4200000113) }))
})

test('what changes alike is told once, names and numbers are cut short, and lines have tones', () => {
  const names = Array.from({ length: 25 }, (_, index) => `r${index + 1}`)
  const routers = (last: number) =>
    design([site('a', { devices: names.map((name, index) => device(`a/${name}`, { interfaces: [port(`a/${name}/eth0`, `10.0.${index}.${last}/24`)] })) })])
  const conf = (last: number) => files(Object.fromEntries(names.map((name, index) => [`a/${name}/frr.conf`, [`router-id 10.0.${index}.${last}`, `! ${name}`]])))
  const lines = shown(routers(1), routers(2), { before: conf(1), after: conf(2) })
  assert.deepEqual(lines.slice(0, 3), [
    { tone: 'change', text: '~ a/r1 a/r2 a/r3 a/r4 a/r5 a/r6 a/r7 a/r8 … and 17 more   1 line each' },
    { tone: 'plain', text: 'renumbered   25' },
    { tone: 'change', text: '  interface a/r1/eth0   10.0.0.1/24 → 10.0.0.2/24' },
  ])
  assert.equal(lines.length, 2 + 20 + 1)
  assert.deepEqual(lines.at(-1), { tone: 'quiet', text: '  … and 5 more' })
  const verbose = shown(routers(1), routers(2), { before: conf(1), after: conf(2) }, true).map(({ text }) => text)
  assert.equal(verbose[0], `~ ${names.map((name) => `a/${name}`).join(' ')}   1 line each`)
  assert.deepEqual(verbose.slice(1, 4), ['    a/r1/frr.conf', '        1 - router-id 10.0.0.1', '        1 + router-id 10.0.0.2'])
  assert.equal(verbose.at(-1), '  interface a/r25/eth0   10.0.24.1/24 → 10.0.24.2/24')
})

test('devices that change in another way are told apart', () => {
  const conf = (a: string, b: string) => files({ 's/a/x': [a], 's/b/x': [b] })
  const both = design([site('s', { devices: [device('s/a'), device('s/b')] })])
  const texts = { before: files({ 's/a/x': [], 's/b/x': [] }), after: conf('neighbor 10.0.0.1', 'router bgp') }
  assert.deepEqual(
    shown(both, both, texts).map(({ text }) => text),
    ['~ s/a   1 line', '~ s/b   1 line', 'renumbered   nothing'],
  )
})

test('a change of what a device is told that is in none of its files is still told', () => {
  const before = design([site('s', { devices: [device('s/a')] })])
  const after = design([site('s', { devices: [device('s/a', { routing: speaker(1) })] })])
  assert.deepEqual(
    shown(before, after).map(({ text }) => text),
    ['~ s/a   routing, in no file', 'renumbered   nothing'],
  )
})
