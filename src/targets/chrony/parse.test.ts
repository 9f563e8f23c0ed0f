/** What the reader refuses, and that it reads back whatever is printed. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { nth, showIp } from '#base/ip.ts'
import { textOf } from '../target.ts'
import { cases } from './cases/devices.ts'
import { chrony } from './index.ts'

const text = textOf(chrony.print(chrony.lower(cases.firewall!)!)[0]!)

/** The diagnostics of the firewall's file after `find` was replaced, as `line code: message`. */
function said(find: string, replacement: string): string[] {
  assert(text.includes(find), find)
  const { diagnostics } = chrony.parse(new Map([['chrony.conf', text.replace(find, replacement)]]))
  return diagnostics.map(({ code, message, place }) => `${place?.file}:${place?.line} ${code}: ${message}`)
}

test('what is never printed is refused with its place', () => {
  assert.deepEqual(said('rtcsync\n', 'rtcsync\nallow 10.0.0.0/8\n'), [
    'chrony.conf:21 unknown-line: `allow 10.0.0.0/8` in chrony.conf is not a line that is written for chrony.',
  ])
  assert.match(said('10.1.250.11 iburst', '10.1.250.011 iburst')[0]!, /:2 unknown-line/)
  assert.match(said('10.1.250.11 iburst', 'time.example iburst')[0]!, /:2 unknown-line/)
  assert.match(said(' iburst', ' iburst trust')[0]!, /:2 unknown-line/)
  assert.match(said('minsources 2', 'minsources 1')[0]!, /unknown-line/)
  assert.match(said('rtcsync', ' rtcsync')[0]!, /unknown-line/)
})

test('a second saying is refused', () => {
  assert.match(said('10.1.250.12', '10.1.250.11')[0]!, /:3 repeated-line/)
  assert.match(said('bindacqaddress', 'bindacqaddress 10.0.0.1\nbindacqaddress')[0]!, /repeated-line/)
  assert.match(said('rtcsync', 'rtcsync\nrtcsync')[0]!, /repeated-line/)
})

test('a constant line that is missing is an error', () => {
  assert.deepEqual(said('cmdport 0\n', ''), ['chrony.conf:1 missing-line: chrony.conf lacks the line `cmdport 0`, which is always written for chrony.'])
  assert.deepEqual(
    chrony.parse(new Map()).diagnostics.map(({ code }) => code),
    ['missing-file'],
  )
})

test('comments, blank lines and order say nothing', () => {
  assert.deepEqual(said('rtcsync\n', '\n! note\n# note\nrtcsync\n').length, 1)
  assert.deepEqual(said('makestep 1 3\n', '').length, 1)
  assert.deepEqual(said('leapsecmode slew', '\n# note\nleapsecmode slew'), [])
})

const address = (family: 4 | 6) =>
  fc.nat({ max: 2 ** 24 }).map((index) => showIp(nth({ family, base: family === 4 ? 10n << 24n : 0x2001_0db8n << 96n, length: 8 }, index)))
const addresses = fc.uniqueArray(fc.oneof(address(4), address(6)), { maxLength: 6 })

test('parse(print(tree)) is the tree, whys aside, and every line says why', () => {
  fc.assert(
    fc.property(addresses, addresses, fc.constantFrom(undefined, 'management', 'oob.1'), (clocks, own, vrf) => {
      const { vrf: _, ...rest } = cases.firewall!.management!
      const tree = chrony.lower({ ...cases.firewall!, management: { ...rest, clocks, addresses: own, ...(vrf === undefined ? {} : { vrf }) } })
      assert.equal(tree === undefined, clocks.length === 0)
      if (!tree) return
      const [file] = chrony.print(tree)
      for (const { text, why } of file!.lines) assert(why.length > 0 && why.every(Boolean), text)
      const parsed = chrony.parse(new Map([['chrony.conf', textOf(file!)]]))
      assert(parsed.ok, JSON.stringify(parsed.diagnostics))
      assert.deepEqual(parsed.value, { ...tree, why: [] })
    }),
  )
})
