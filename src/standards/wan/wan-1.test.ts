import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askCompany } from '#compile/ask/ask-company.ts'
import type { Attachment } from '../authoring/asks.ts'
import { wan1 } from './wan-1.ts'

const circuit = (id: string, more: object = {}) => ({ id, carrier: 'Colt', kind: 'private' as const, bandwidth: 1e8, ...more })
const point = (site: string, hub: boolean, circuits: readonly ReturnType<typeof circuit>[]): Attachment => ({
  name: 'wan',
  site,
  kind: hub ? 'data-centre' : 'office',
  devices: ['edge-a'],
  circuits,
  hub,
  why: [],
})
const ask = (...points: Attachment[]) => askCompany(wan1, points, (site) => `sites/${site}.yaml`)

test('an office says its own blocks and hears the company; the hub believes it nothing else', () => {
  const { links } = ask(point('ber', false, [circuit('a', { to: 'bos1' })]), point('bos1', true, []))
  assert.deepEqual(links.get('ber')![0]!.carries, {
    kind: 'route',
    a: { announce: ['site'], accept: 'foreign' },
    b: { announce: ['company', 'default'], accept: 'their-site' },
  })
})

test('hubs tell each other what they learned', () => {
  const { links } = ask(point('bos1', true, [circuit('x', { to: 'sea1' })]), point('sea1', true, []))
  const both = { announce: ['site', 'learned'], accept: 'foreign' }
  assert.deepEqual(links.get('bos1')![0]!.carries, { kind: 'route', a: both, b: both })
})

test('an internet circuit says nothing of the company', () => {
  const { links } = ask(point('ber', false, [circuit('dia', { kind: 'internet' })]))
  assert.deepEqual(links.get('ber')![0]!.carries, { kind: 'carrier', a: { announce: [], accept: 'foreign' } })
})

test('a circuit to a site that is not there is refused, with the name it may have meant', () => {
  const { diagnostics } = ask(point('ber', false, [circuit('a', { to: 'bos2' })]), point('bos1', true, []))
  assert.match(diagnostics[0]!.message, /goes to "bos2", which is no other site on the WAN; did you mean "bos1"\?/)
})
