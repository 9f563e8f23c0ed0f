/** What the reader refuses, and that it reads back whatever is printed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nth, showIp } from '#base/ip.ts'
import { textOf } from '../target.ts'
import { cases } from './cases/devices.ts'
import { snmpd } from './index.ts'
import { words } from './words.ts'

const text = textOf(snmpd.print(snmpd.lower(cases.firewall!)!)[0]!)

/** The diagnostics of the firewall's file after every `find` was replaced, as `line code: message`. */
function said(find: string | RegExp, replacement: string): string[] {
  const changed = text.replaceAll(find, replacement)
  assert.notEqual(changed, text)
  const { diagnostics } = snmpd.parse(new Map([['snmpd.conf', changed]]))
  return diagnostics.map(({ code, message, place }) => `${place?.file}:${place?.line} ${code}: ${message}`)
}

test('what is never printed is refused with its place', () => {
  assert.deepEqual(said('includeFile', 'rocommunity public\nincludeFile'), [
    'snmpd.conf:14 unknown-line: `rocommunity public` in snmpd.conf is not a line that is written for snmpd.',
  ])
  assert.match(said('udp:10.1.254.41@', 'udp:10.1.254.041@')[0]!, /:3 unknown-line/)
  assert.match(said('udp:10.1.254.41@', 'udp:10.1.254.41:1161@')[0]!, /:3 unknown-line/)
  assert.match(said('udp:10.1.254.41@management', 'udp:161')[0]!, /:3 unknown-line/)
  assert.match(said('udp6:[2001:db8:1:fe00::41]@management', 'udp6:[2001:db8:1:fe00::41]')[0]!, /:4 unknown-line/)
  assert.match(said('udp6:[2001:db8:1:fe00::41]', 'udp6:[2001:0db8:1:fe00::41]')[0]!, /:4 unknown-line/)
  assert.match(said('sysLocation ', 'sysLocation  ')[0]!, /:5 unknown-line/)
  assert.match(said('priv exact', 'noauth exact')[0]!, /unknown-line/)
  assert.match(said('none none', 'watched none')[0]!, /unknown-line/)
})

test('a second saying is refused', () => {
  assert.match(said('sysContact', 'sysLocation elsewhere\nsysContact')[0]!, /:6 repeated-line/)
  assert.match(said('sysLocation', 'agentaddress udp:10.1.254.41@management\nsysLocation')[0]!, /:5 repeated-line/)
})

test('a line that is missing is an error', () => {
  assert.match(said(/agentaddress .*\n/g, '')[0]!, /:1 missing-line: snmpd\.conf lacks the line `agentaddress ENDPOINT`/)
  assert.deepEqual(said('view watched excluded .1.3.6.1.2.1.25.4\n', ''), [
    'snmpd.conf:1 missing-line: snmpd.conf lacks the line `view watched excluded .1.3.6.1.2.1.25.4`, which is always written for snmpd.',
  ])
  assert.deepEqual(
    snmpd.parse(new Map()).diagnostics.map(({ code }) => code),
    ['missing-file'],
  )
})

test('words are one line of at most 255 bytes', () => {
  assert.equal(words(' rack 7,\n\tunit\u0000 12 '), 'rack 7, unit 12')
  assert.equal(words('a'.repeat(300)).length, 255)
  assert.equal(words('ü'.repeat(200)), 'ü'.repeat(127))
  assert.equal(words(`${'a'.repeat(254)} b`), 'a'.repeat(254))
})

const address = (family: 4 | 6) =>
  fc.nat({ max: 2 ** 24 }).map((index) => showIp(nth({ family, base: family === 4 ? 10n << 24n : 0x2001_0db8n << 96n, length: 8 }, index)))
const addresses = fc.uniqueArray(fc.oneof(address(4), address(6)), { maxLength: 4 })
const text255 = fc
  .tuple(fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' })), fc.nat({ max: 99 }))
  .map(([text, times]) => text.repeat(times))

test('parse(print(tree)) is the tree, whys aside, and every line says why', () => {
  fc.assert(
    fc.property(addresses, text255, text255, fc.constantFrom(undefined, 'management', 'oob.1'), (own, location, contact, vrf) => {
      const { vrf: _, ...rest } = cases.firewall!.management!
      const management = { ...rest, addresses: own, location, contact, ...(vrf === undefined ? {} : { vrf }) }
      const tree = snmpd.lower({ ...cases.firewall!, management })
      assert.equal(tree === undefined, own.length === 0)
      if (!tree) return
      const [file] = snmpd.print(tree)
      for (const { text, why } of file!.lines) assert(why.length > 0 && why.every(Boolean), text)
      const parsed = snmpd.parse(new Map([['snmpd.conf', textOf(file!)]]))
      assert(parsed.ok, JSON.stringify(parsed.diagnostics))
      assert.deepEqual(parsed.value, { ...tree, why: [] })
    }),
  )
})
