/** What the reader refuses, and that it reads back what is printed for any device. Each case changes one line of a printed file. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nth, showIp } from '#base/ip.ts'
import { textOf } from '../target.ts'
import { cases, deviceWith } from './cases/devices.ts'
import { conntrackd } from './index.ts'

const filesOf = (device = cases['data-centre-a']!) => new Map(conntrackd.print(conntrackd.lower(device)!).map((file) => [file.path, textOf(file)]))
const printed = filesOf()

/** What is said of the data centre's files after `find` was replaced, as `file:line code: message`. */
function said(find: string, replacement: string, path = 'conntrackd.conf'): string[] {
  const text = printed.get(path)!
  assert(text.includes(find), find)
  const { diagnostics } = conntrackd.parse(new Map([...printed, [path, text.replace(find, replacement)]]))
  return diagnostics.map(({ code, message, place }) => `${place?.file}:${place?.line} ${code}: ${message}`)
}

test('a line that is not known is refused, with its place', () => {
  assert.deepEqual(said('    Mode FTFW {\n', '    Mode FTFW {\n        CommitTimeout 180\n'), [
    'conntrackd.conf:4 unknown-line: `CommitTimeout 180` in Mode FTFW { is not a line that is written for conntrackd.',
  ])
  assert.match(said('Mode FTFW {', 'Mode NOTRACK {')[0]!, /unknown-line: `Mode NOTRACK {` in Sync/)
  assert.match(said('DisableExternalCache yes', 'DisableExternalCache no')[0]!, /unknown-line/)
  assert.match(said('RcvSocketBuffer 67108864', 'RcvSocketBuffer 1249280')[0]!, /unknown-line/)
  assert.match(said('Address Ignore {', 'Address Accept {')[0]!, /unknown-line/)
})

test('a constant line that is missing is an error', () => {
  for (const line of [
    '        StartupResync yes\n',
    '        Port 3780\n',
    '    HashLimit 524288\n',
    '            IPv6_address ::1\n',
    '    LockFile /run/conntrackd.lock\n',
  ]) {
    assert.match(said(line, '')[0]!, /missing-line/)
  }
})

test('an end of the link that is missing, said twice or of the other family is refused', () => {
  assert.deepEqual(said('        IPv4_address 10.1.254.0\n', ''), [
    'conntrackd.conf:1 missing-line: UDP lacks the line `IPv4_address IP4`, which is always written for conntrackd.',
  ])
  assert.match(said('        IPv4_address 10.1.254.0\n', '        IPv4_address 10.1.254.0\n        IPv6_address 2001:db8::1\n')[0]!, /unknown-line/)
  assert.match(said('IPv4_Destination_Address 10.1.254.1', 'IPv6_Destination_Address 2001:db8::1')[0]!, /unknown-line/)
  assert.match(said('IPv4_Destination_Address 10.1.254.1', 'IPv4_Destination_Address 10.1.254.01')[0]!, /unknown-line/)
})

test('what systemd is told is read as strictly, and speaks of the same link', () => {
  const path = 'conntrackd-service.conf'
  assert.match(said('-I eth5', '-I eth6', path)[0]!, /conntrackd-service\.conf:7 unknown-line/)
  assert.match(said('10.1.254.1 >', '10.1.254.2 >', path)[0]!, /unknown-line/)
  assert.match(said('conntrackd -f internal; ', '', path)[0]!, /unknown-line/)
  assert.match(said('RestartSec=3\n', 'RestartSec=3\nRestart=no\n', path)[0]!, /unknown-line: `Restart=no` in \[Service\]/)
  assert.match(said('[Service]\n', 'RestartSec=3\n[Service]\n', path)[0]!, /unknown-line: `RestartSec=3` in conntrackd-service\.conf/)
  assert.match(said('[Service]\n', '', path)[0]!, /unknown-line/)
  assert.match(said('RestartSec=3\n', '', path)[0]!, /missing-line/)
})

test('a block without its end and a second saying are refused', () => {
  assert(said('        }\n    }\n}\n', '        }\n    }\n').some((text) => text.includes('unclosed-block')))
  assert.match(said('IPv4_address 10.1.201.1\n', 'IPv4_address 10.1.254.0\n')[0]!, /repeated-line/)
  assert.match(said('        Interface eth5\n', '        Interface eth5\n        Interface eth6\n')[0]!, /repeated-line/)
})

test('a missing file is named', () => {
  const { diagnostics } = conntrackd.parse(new Map([...printed].slice(0, 1)))
  assert.deepEqual(
    diagnostics.map(({ message }) => message),
    ['conntrackd lacks its file conntrackd-service.conf.'],
  )
})

test('comments and the order inside a block say nothing', () => {
  assert.deepEqual(said('        Interface eth5\n', '        # a note\n\n        Interface eth5\n'), [])
  assert.deepEqual(
    said('IPv4_address 10.1.254.0\n        IPv4_Destination_Address 10.1.254.1\n', 'IPv4_Destination_Address 10.1.254.1\n        IPv4_address 10.1.254.0\n'),
    [],
  )
})

const ip = (family: 4 | 6) =>
  fc
    .bigInt({ min: 1n, max: (1n << (family === 4 ? 24n : 100n)) - 1n })
    .map((value) => showIp(nth({ family, base: family === 4 ? 10n << 24n : 0x2001_0db8n << 96n, length: 8 }, value)))

const device = fc.constantFrom(4 as const, 6 as const).chain((family) =>
  fc
    .record({
      interface: fc.stringMatching(/^[a-z][a-z0-9.]{0,14}$/),
      local: ip(family),
      remote: ip(family),
      remoteName: fc.constant('a/fw-b'),
      own: fc.uniqueArray(fc.oneof(ip(4), ip(6)), { maxLength: 12 }),
    })
    .map((sync) => deviceWith('a/fw-a', sync)),
)

test('parse(print(tree)) is the tree, whys aside, and every line says why', () => {
  fc.assert(
    fc.property(device, (device) => {
      const tree = conntrackd.lower(device)!
      const parsed = conntrackd.parse(filesOf(device))
      assert(parsed.ok, JSON.stringify(parsed.diagnostics))
      assert.deepEqual(parsed.value, { ...tree, why: [] })
      for (const { path, lines } of conntrackd.print(tree)) for (const { text, why } of lines) assert(why.length > 0 && why.every(Boolean), `${path}: ${text}`)
    }),
    { numRuns: 300 },
  )
})
