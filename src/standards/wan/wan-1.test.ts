import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askCompany } from '#compile/ask/ask-company.ts'
import type { Attachment } from '../authoring/asks.ts'
import { wan1 } from './wan-1.ts'

const circuit = (id: string, more: object = {}) => ({ id, carrier: 'Colt', kind: 'private' as const, bandwidth: 1e8, ...more })
const internet = (id: string, host: number) =>
  circuit(id, { kind: 'internet', addresses: { v4: { ours: `192.0.2.${host}/30`, theirs: `192.0.2.${host - 1}` } } })
const point = (site: string, hub: boolean, circuits: readonly ReturnType<typeof circuit>[], more: Partial<Attachment> = {}): Attachment => ({
  name: 'wan',
  site,
  kind: hub ? 'data-centre' : 'office',
  devices: ['edge-a', 'edge-b'],
  circuits,
  hub,
  seats: 0,
  why: [],
  ...more,
})
const ask = (...points: Attachment[]) => askCompany(wan1, points, (site) => `sites/${site}.yaml`)

test('an office says its own blocks and hears the company; the hub believes it nothing else', () => {
  const { links } = ask(point('ber', false, [circuit('a', { to: 'bos1' })]), point('bos1', true, []))
  assert.deepEqual(links.get('ber')![0]!.carries, {
    kind: 'route',
    a: { announce: ['site'], accept: 'foreign', preference: 200 },
    b: { announce: ['company', 'default'], accept: 'their-site', preference: 200 },
  })
})

test('hubs tell each other what they learned, and a route keeps the preference of the way to its site', () => {
  const { links } = ask(point('bos1', true, [circuit('x', { to: 'sea1' })]), point('sea1', true, []))
  const both = { announce: ['site', 'learned'], accept: 'foreign', preference: 150, keeps: [140, 150, 170, 180, 190, 200] }
  assert.deepEqual(links.get('bos1')![0]!.carries, { kind: 'route', a: both, b: both })
})

test('an internet circuit says nothing of the company and believes a default; with a carrier that speaks BGP the public prefixes are said', () => {
  const carries = (more: object) => ask(point('ber', false, [circuit('dia', { kind: 'internet', ...more })])).links.get('ber')![0]!.carries
  assert.deepEqual(carries({}), { kind: 'carrier', a: { announce: [], accept: 'default' } })
  assert.deepEqual(carries({ asn: 64500 }), { kind: 'carrier', a: { announce: ['public'], accept: 'default' } })
})

test('an internet circuit carries a tunnel to each hub, behind private circuits, the nearer hub first', () => {
  const boston = point('bos1', true, [internet('lumen', 2)], { location: [42, -71] })
  const dublin = point('dub1', true, [internet('eir', 6)], { location: [53, -6] })
  const { links } = ask(point('ber', false, [internet('dia', 10)], { location: [52, 13] }), boston, dublin)
  const tunnels = links.get('ber')!.filter(({ carries }) => carries.kind === 'tunnel')
  assert.deepEqual(
    tunnels.map(({ name, carries }) => [name, carries.kind === 'tunnel' && carries.a.preference]),
    [
      ['dia-bos1-lumen', 170],
      ['dia-dub1-eir', 180],
    ],
  )
  const between = ['bos1', 'dub1'].flatMap((hub) =>
    links
      .get(hub)!
      .filter(({ carries }) => carries.kind === 'tunnel')
      .map(({ name }) => `${hub} ${name}`),
  )
  assert.deepEqual(between, ['bos1 lumen-dub1-eir'])
})

test('both sides of a way prefer it alike', () => {
  const { links } = ask(
    point('ber', false, [circuit('a', { to: 'bos1' }), internet('dia', 10)]),
    point('bos1', true, [internet('lumen', 2)]),
    point('dub1', true, [internet('eir', 6)]),
  )
  for (const { carries } of [...links.values()].flat()) {
    if (carries.kind === 'route' || carries.kind === 'tunnel') assert.equal(carries.a.preference, carries.b.preference)
  }
})

test('of a private and an internet circuit each lands on an edge of its own', () => {
  const { links } = ask(point('ber', false, [circuit('a', { to: 'bos1' }), internet('dia', 10)]), point('bos1', true, []))
  assert.deepEqual(
    links.get('ber')!.map(({ name, a }) => [name, a.prefer]),
    [
      ['a', 'edge-a'],
      ['dia', 'edge-b'],
    ],
  )
})

test('circuits to one hub are to share no edge at either end, and the active edge has one of them', () => {
  const { links } = ask(
    point('ber', false, [circuit('a', { to: 'bos1' }), circuit('b', { to: 'bos1' }), circuit('c', { to: 'dub1' }), internet('dia', 10)]),
    point('bos1', true, []),
    point('dub1', true, []),
  )
  assert.deepEqual(
    links.get('ber')!.map(({ name, a, b }) => [name, a.prefer, a.apart, b?.apart]),
    [
      ['a', 'edge-a', 'bos1', 'ber'],
      ['b', 'edge-a', 'bos1', 'ber'],
      ['c', 'edge-a', 'dub1', 'ber'],
      ['dia', 'edge-b', 'internet', undefined],
    ],
  )
})

test('circuits of two data centres that are called the same are two', () => {
  const centres = [point('bos1', true, []), point('sea1', true, [circuit('link', { to: 'bos1' })]), point('yyz1', true, [circuit('link', { to: 'bos1' })])]
  const { requirements } = ask(...centres)
  assert.deepEqual(
    requirements.map(({ site, met }) => [site, met]),
    [
      ['bos1', true],
      ['sea1', false],
      ['yyz1', false],
    ],
  )
})

test('a data centre that hangs on one risk is told', () => {
  const risk = { sharedRisk: 'duct-7' }
  const centres = [point('bos1', true, [circuit('x', { to: 'sea1', ...risk }), circuit('y', { to: 'sea1', ...risk })]), point('sea1', true, [])]
  const { requirements } = ask(...centres)
  assert.deepEqual(
    requirements.map(({ site, met }) => [site, met]),
    [
      ['bos1', false],
      ['sea1', false],
    ],
  )
  assert.match(requirements[0]!.reason, /bos1 has 1 of the 2 circuits to other data centres that share no risk/)
})

test('a circuit to a site that is not there is refused, with the name it may have meant', () => {
  const { diagnostics } = ask(point('ber', false, [circuit('a', { to: 'bos2' })]), point('bos1', true, []))
  assert.match(diagnostics[0]!.message, /goes to "bos2", which is no other site on the WAN; did you mean "bos1"\?/)
})
