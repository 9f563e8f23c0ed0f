/** What the reader refuses, and that it reads back whatever is printed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nth, showIp } from '#base/ip.ts'
import { textOf } from '../target.ts'
import { cases } from './cases/devices.ts'
import { rsyslog } from './index.ts'

const text = textOf(rsyslog.print(rsyslog.lower(cases.firewall!)!)[0]!)

/** The diagnostics of the firewall's file after `find` was replaced, as `line code: message`. */
function said(find: string, replacement: string): string[] {
  assert(text.includes(find), find)
  const { diagnostics } = rsyslog.parse(new Map([['rsyslog.conf', text.replace(find, replacement)]]))
  return diagnostics.map(({ code, message, place }) => `${place?.file}:${place?.line} ${code}: ${message}`)
}

test('what is never printed is refused with its place', () => {
  assert.deepEqual(said('# the whole', '*.* /var/log/all\n# the whole'), [
    'rsyslog.conf:7 unknown-line: `*.* /var/log/all` in rsyslog.conf is not a line that is written for rsyslog.',
  ])
  assert.match(said('target="10.1.250.21"', 'target="10.1.250.021"')[0]!, /:10 unknown-line/)
  assert.match(said('target="10.1.250.21"', 'target=10.1.250.21')[0]!, /:10 unknown-line/)
  assert.match(said('queue.filename="10.1.250.21"', 'queue.filename="other"')[0]!, /:10 unknown-line/)
  assert.match(said(' device="management"', ' device="web"')[0]!, /unknown-line/)
  assert.match(said(' device="management"', '')[0]!, /unknown-line/)
  assert.match(said('localHostname="fw-a.', 'localHostname="fw-a\\n.')[0]!, /unknown-line/)
  assert.match(said('maxDiskSpace="128m"', 'maxDiskSpace="128g"')[0]!, /unknown-line: .* in action\(type="omfwd" target="10\.1\.250\.21"/)
})

test('a second saying is refused', () => {
  assert.match(said('global(localHostname', 'global(localHostname="a.example")\nglobal(localHostname')[0]!, /repeated-line|unknown-line/)
  assert.match(said('"10.2.250.21" queue.filename="10.2.250.21"', '"10.1.250.21" queue.filename="10.1.250.21"')[0]!, /repeated-line/)
  assert.match(said('  action.resumeRetryCount="-1"', '  action.resumeRetryCount="-1"\n  action.resumeRetryCount="-1"')[0]!, /repeated-line/)
})

test('a line that is missing is an error', () => {
  assert.deepEqual(said('global(localHostname="fw-a.bos1.harborpine.example")\n', ''), [
    'rsyslog.conf:1 missing-line: rsyslog.conf lacks the line `global(localHostname="NAME")`, which is always written for rsyslog.',
  ])
  assert.match(said('  action.resumeRetryCount="-1"\n', '')[0]!, /:10 missing-line/)
  assert.match(said('global(workDirectory="/var/spool/rsyslog")\n', '')[0]!, /:1 missing-line/)
  assert(said('  action.resumeRetryCount="-1"\n)\n', '  action.resumeRetryCount="-1"\n').length > 0)
  assert.deepEqual(
    rsyslog.parse(new Map()).diagnostics.map(({ code }) => code),
    ['missing-file'],
  )
})

const address = (family: 4 | 6) =>
  fc.nat({ max: 2 ** 24 }).map((index) => showIp(nth({ family, base: family === 4 ? 10n << 24n : 0x2001_0db8n << 96n, length: 8 }, index)))
const logs = fc.uniqueArray(fc.oneof(address(4), address(6)), { maxLength: 4 })

test('parse(print(tree)) is the tree, whys aside, and every line says why', () => {
  fc.assert(
    fc.property(logs, fc.domain(), fc.constantFrom(undefined, 'management', 'oob.1'), (logs, hostname, vrf) => {
      const { vrf: _, ...rest } = cases.firewall!.management!
      const tree = rsyslog.lower({ ...cases.firewall!, hostname, management: { ...rest, logs, ...(vrf === undefined ? {} : { vrf }) } })
      assert.equal(tree === undefined, logs.length === 0)
      if (!tree) return
      const [file] = rsyslog.print(tree)
      for (const { text, why } of file!.lines) assert(why.length > 0 && why.every(Boolean), text)
      const parsed = rsyslog.parse(new Map([['rsyslog.conf', textOf(file!)]]))
      assert(parsed.ok, JSON.stringify(parsed.diagnostics))
      assert.deepEqual(parsed.value, { ...tree, hostname: { name: hostname, why: [] }, why: [] })
    }),
  )
})
