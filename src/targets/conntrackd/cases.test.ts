/** The printed files of whole devices, line by line. `UPDATE=1` writes them anew. */
import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { textOf } from '../target.ts'
import { cases } from './cases/devices.ts'
import { conntrackd } from './index.ts'

for (const [name, device] of Object.entries(cases)) {
  test(`case ${name}`, () => {
    const files = conntrackd.print(conntrackd.lower(device)!)
    const folder = join(import.meta.dirname, 'cases', name)
    if (process.env.UPDATE) {
      rmSync(folder, { recursive: true, force: true })
      mkdirSync(folder)
      for (const file of files) writeFileSync(join(folder, file.path), textOf(file))
    }
    assert.deepEqual(readdirSync(folder).sort(), files.map((file) => file.path).sort())
    for (const file of files) assert.equal(textOf(file), readFileSync(join(folder, file.path), 'utf8'), file.path)
  })
}

test('a device that tells nobody, or by another program, has nothing for conntrackd', () => {
  const { stateSync: _, ...alone } = cases['data-centre-a']!
  assert.equal(conntrackd.lower(alone), undefined)
  assert.equal(conntrackd.lower({ ...cases['data-centre-a']!, platform: ['eos'] }), undefined)
})

test('the end of the link that is its own is not told of, whether it is named or not', () => {
  const device = cases['office-ipv6']!
  assert.equal(conntrackd.lower(device)!.ignored.filter((address) => address === device.stateSync!.local).length, 1)
  assert.equal(conntrackd.lower(cases['data-centre-a']!)!.ignored.filter((address) => address === '10.1.254.0').length, 1)
})
