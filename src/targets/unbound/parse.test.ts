/** What the reader refuses, and that it reads back whatever is printed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nth, prefixAround, showIp, showPrefix } from '#base/ip.ts'
import { textOf } from '../target.ts'
import { cases } from './cases/devices.ts'
import { unbound } from './index.ts'

const text = textOf(unbound.print(unbound.lower(cases['data-centre']!)!)[0]!)

/** The diagnostics of the data centre's file after `find` was replaced, as `line code: message`. */
function said(find: string, replacement: string): string[] {
  assert(text.includes(find), find)
  const { diagnostics } = unbound.parse(new Map([['unbound.conf', text.replace(find, replacement)]]))
  return diagnostics.map(({ code, message, place }) => `${place?.file}:${place?.line} ${code}: ${message}`)
}

test('what is never printed is refused with its place', () => {
  assert.deepEqual(said('  prefetch: yes', '  prefetch: no'), [
    'unbound.conf:46 unknown-line: `prefetch: no` in unbound.conf is not a line that is written for Unbound.',
  ])
  const refused: readonly (readonly [string, string])[] = [
    ['  interface: 10.1.0.53', '  interface: 10.1.0.053'],
    ['  interface: 10.1.0.53', '  interface: 0.0.0.0'],
    ['  interface: 10.1.0.53', 'interface: 10.1.0.53'],
    ['  outgoing-interface: 10.1.0.53\n', '  outgoing-interface: 10.1.0.54\n'],
    ['access-control: 0.0.0.0/0 refuse', 'access-control: 0.0.0.0/0 allow'],
    ['access-control: 10.0.0.0/8 allow', 'access-control: 10.0.0.1/8 allow'],
    ['access-control: 10.0.0.0/8 allow', 'access-control: 10.0.0.0/8 allow_snoop'],
    ['  prefetch: yes', '  prefetch: yes\n  include: "/etc/unbound/unbound.conf.d/*.conf"'],
    ['module-config: "validator iterator"', 'module-config: "iterator"'],
    ['fe80::/10', 'FE80::/10'],
    ['private-address: 10.0.0.0/8', 'private-address: 10.0.0.0/9'],
    ['local-zone: "harborpine.example." static', 'local-zone: "harborpine.example." transparent'],
    ['local-zone: "10.in-addr.arpa." static', 'local-zone: "11.in-addr.arpa." static'],
    ['300 IN A 10.1.9.1', '3600 IN A 10.1.9.1'],
    ['300 IN A 10.1.9.1', '300 IN AAAA 10.1.9.1'],
    ['local-data-ptr: "10.1.9.1 300 orders-1.bos1', 'local-data-ptr: "10.1.9.1 300 orders-2.bos1'],
    ['remote-control:', 'remote-control:\n  control-interface: 0.0.0.0'],
    ['remote-control:', 'stub-zone:\n  name: "example."\nremote-control:'],
  ]
  for (const [find, replacement] of refused) {
    const [first, ...others] = said(find, replacement)
    assert.match(first ?? 'nothing', /^unbound\.conf:\d+ (unknown|missing)-line/, replacement)
    assert.deepEqual(others, [])
  }
})

test('a line that is missing, or twice, or elsewhere, is refused', () => {
  assert.deepEqual(said('  hide-version: yes\n', ''), [
    'unbound.conf:27 missing-line: unbound.conf lacks the line `hide-version: yes`, which is always written for Unbound.',
  ])
  assert.match(said('  control-interface: /run/unbound.ctl\n', '')[0]!, /missing-line/)
  assert.match(said('  outgoing-interface: 2001:db8:1::53\n', '')[0]!, /missing-line/)
  assert.match(said('  prefetch: yes\n', '  prefetch: yes\n  prefetch: yes\n')[0]!, /unknown-line/)
  assert.match(said('  private-address: 2001:db8::/32\n', '')[0]!, /unknown-line.*8\.b\.d\.0/)
  assert.deepEqual(
    unbound.parse(new Map()).diagnostics.map(({ code }) => code),
    ['missing-file'],
  )
  const { diagnostics } = unbound.parse(new Map([['unbound.conf', 'server:\n']]))
  assert.match(diagnostics[0]!.message, /interface: ADDRESS/)
})

test('comments and blank lines say nothing', () => {
  assert.deepEqual(said('  prefetch: yes', '\n# note\n  # note\n  prefetch: yes'), [])
})

const address = (family: 4 | 6) =>
  fc.nat({ max: 2 ** 24 }).map((index) => nth({ family, base: family === 4 ? 10n << 24n : 0x2001_0db8n << 96n, length: 8 }, index))
const addresses = fc.uniqueArray(fc.oneof(address(4), address(6)).map(showIp), { maxLength: 4 })
const prefixes = fc.uniqueArray(
  fc.oneof(address(4), address(6)).chain((ip) => fc.integer({ min: 9, max: ip.family === 4 ? 32 : 44 }).map((length) => showPrefix(prefixAround(ip, length)))),
  { maxLength: 4 },
)
const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,5}(\.[a-z]{1,3}){0,2}$/)
const records = fc.array(
  fc.record({ name: name.map((label) => `${label}.acme.example`), addresses, reverse: fc.boolean(), why: fc.constant(['fact sites/x.yaml#/']) }),
  { maxLength: 6 },
)

test('parse(print(tree)) is the tree, whys aside, and every line says why', () => {
  fc.assert(
    fc.property(addresses, prefixes, prefixes, records, (own, clients, space, records) => {
      const resolver = { addresses: own, clients, domain: 'acme.example', space, records, why: ['fact services/dns.yaml#/'] }
      const tree = unbound.lower({ ...cases['data-centre']!, resolver })
      assert.equal(tree === undefined, own.length === 0)
      if (!tree) return
      const [file] = unbound.print(tree)
      for (const { text, why } of file!.lines) assert(why.length > 0 && why.every(Boolean), text)
      const parsed = unbound.parse(new Map([['unbound.conf', textOf(file!)]]))
      assert(parsed.ok, JSON.stringify(parsed.diagnostics))
      assert.deepEqual(parsed.value, { ...tree, data: tree.data.map((one) => ({ ...one, why: [] })), why: [] })
    }),
  )
})
