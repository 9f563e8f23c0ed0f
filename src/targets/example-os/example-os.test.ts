/** The printed file of a whole device (`UPDATE=1` writes it anew), reading it back, and refusing what is never printed. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { textOf } from '../target.ts'
import { cases } from './cases/devices.ts'
import { exampleOs } from './index.ts'

const tree = exampleOs.lower(cases.branch!)!
const text = textOf(exampleOs.print(tree)[0]!)

test('case branch', () => {
  const path = join(import.meta.dirname, 'cases/branch/example.conf')
  if (process.env.UPDATE) writeFileSync(path, text)
  assert.equal(text, readFileSync(path, 'utf8'))
})

test('what is never printed is refused with its line', () => {
  const refused = (wrong: string) => exampleOs.parse(new Map([['example.conf', wrong]])).diagnostics.map(({ place, value }) => `${place?.line}: ${value}`)
  assert.deepEqual(refused(text), [])
  assert.deepEqual(refused(text.replace('route ::/0', 'route ::1/0')), ['8: route ::1/0 via 2001:db8:0:1::'])
  assert.deepEqual(refused(text.replace('\nend', '')), ['10: '])
  assert.deepEqual(refused(`${text}reboot\n`), ['11: reboot'])
  assert.deepEqual(refused(''), ['1: '])
})

test('a device that runs something else is not configured', () => {
  assert.equal(exampleOs.lower({ ...cases.branch!, platform: ['linux'] }), undefined)
})
