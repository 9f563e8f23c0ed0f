import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Site } from '../company.ts'
import { publicsOf } from './secure-site.ts'

test('a site only answers from its public addresses, unless a circuit has its own among them', () => {
  const site = (name: string, facts: object) => ({ name, file: `sites/${name}.yaml`, facts }) as unknown as Site
  const circuit = (ours: string) => [{ id: 'dia', addresses: { v4: { ours, theirs: '198.51.100.1' } } }]
  const publics = publicsOf([
    site('bos1', { public: '192.0.2.128/27', circuits: circuit('198.51.100.2/30') }),
    site('dub1', { public: '192.0.2.160/27', circuits: circuit('192.0.2.190/30') }),
    site('ber', { circuits: circuit('198.51.100.6/30') }),
    site('sea1', { public: '192.0.2.192/27' }),
  ])
  assert.deepEqual(
    publics.map(({ site, prefix }) => [site, prefix.prefix, prefix.why]),
    [
      ['bos1', '192.0.2.128/27', ['fact sites/bos1.yaml#/public']],
      ['sea1', '192.0.2.192/27', ['fact sites/sea1.yaml#/public']],
    ],
  )
})
