/** What the reader refuses, and that it reads back whatever is printed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nth, prefixAround, showIp, showPrefix } from '#base/ip.ts'
import { textOf } from '../target.ts'
import { cases } from './cases/devices.ts'
import { sshd } from './index.ts'

const text = textOf(sshd.print(sshd.lower(cases.firewall!)!)[0]!)

/** The diagnostics of the firewall's file after every `find` was replaced, as `line code: message`. */
function said(find: string | RegExp, replacement: string): string[] {
  const changed = text.replaceAll(find, replacement)
  assert.notEqual(changed, text)
  const { diagnostics } = sshd.parse(new Map([['sshd_config', changed]]))
  return diagnostics.map(({ code, message, place }) => `${place?.file}:${place?.line} ${code}: ${message}`)
}

test('what is never printed is refused with its place', () => {
  assert.deepEqual(said('UsePAM yes', 'UsePAM yes\nPermitTunnel yes'), [
    'sshd_config:30 unknown-line: `PermitTunnel yes` in sshd_config is not a line that is written for sshd.',
  ])
  assert.match(said('ListenAddress 10.1.254.41 ', 'ListenAddress 10.1.254.041 ')[0]!, /:3 unknown-line/)
  assert.match(said('ListenAddress 10.1.254.41 ', 'ListenAddress 10.1.254.41:22 ')[0]!, /:3 unknown-line/)
  assert.match(said('fe00::41 rdomain management', 'fe00::41')[0]!, /:4 unknown-line/)
  assert.match(said('fe00::41 rdomain management', 'fe00::41 rdomain web')[0]!, /:4 unknown-line/)
  assert.match(said('*@10.1.250.0/24', '*')[0]!, /:6 unknown-line/)
  assert.match(said('*@10.1.250.0/24', '*@10.1.250.1/24')[0]!, /:6 unknown-line/)
  assert.match(said('*@10.1.250.0/24', 'root@10.1.250.0/24')[0]!, /:6 unknown-line/)
  assert.match(said('AuthorizedKeysFile none', 'AuthorizedKeysFile .ssh/authorized_keys')[0]!, /:15 unknown-line/)
})

test('a second saying is refused', () => {
  assert.match(said('UsePAM yes', 'UsePAM yes\nUsePAM yes')[0]!, /repeated-line/)
  assert.match(said('AllowUsers *@10.1.250.0/24', 'AllowUsers *@10.1.250.0/24\nAllowUsers *@10.1.250.0/24')[0]!, /:7 repeated-line/)
})

test('a line that is missing is an error', () => {
  assert.deepEqual(said('AuthenticationMethods publickey\n', ''), [
    'sshd_config:1 missing-line: sshd_config lacks the line `AuthenticationMethods publickey`, which is always written for sshd.',
  ])
  assert.match(said(/ListenAddress .*\n/g, '')[0]!, /:1 missing-line: .*`ListenAddress IP`/)
  assert.match(said(/AllowUsers .*\n/g, '')[0]!, /:1 missing-line: .*`AllowUsers \*@PREFIX`/)
  assert.deepEqual(
    sshd.parse(new Map()).diagnostics.map(({ code }) => code),
    ['missing-file'],
  )
})

const ip = (family: 4 | 6) => fc.nat({ max: 2 ** 24 }).map((index) => nth({ family, base: family === 4 ? 10n << 24n : 0x2001_0db8n << 96n, length: 8 }, index))
const addresses = fc.uniqueArray(fc.oneof(ip(4), ip(6)).map(showIp), { maxLength: 4 })
const prefixes = fc.uniqueArray(
  fc.tuple(fc.oneof(ip(4), ip(6)), fc.integer({ min: 0, max: 32 })).map(([ip, length]) => showPrefix(prefixAround(ip, length))),
  { maxLength: 4 },
)

test('parse(print(tree)) is the tree, whys aside, and every line says why', () => {
  fc.assert(
    fc.property(addresses, prefixes, fc.constantFrom(undefined, 'management', 'oob.1'), (own, from, vrf) => {
      const { vrf: _, ...rest } = cases.firewall!.management!
      const tree = sshd.lower({ ...cases.firewall!, management: { ...rest, addresses: own, from, ...(vrf === undefined ? {} : { vrf }) } })
      assert.equal(tree === undefined, own.length === 0 || from.length === 0)
      if (!tree) return
      const [file] = sshd.print(tree)
      for (const { text, why } of file!.lines) assert(why.length > 0 && why.every(Boolean), text)
      const parsed = sshd.parse(new Map([['sshd_config', textOf(file!)]]))
      assert(parsed.ok, JSON.stringify(parsed.diagnostics))
      assert.deepEqual(parsed.value, { ...tree, why: [] })
    }),
  )
})
