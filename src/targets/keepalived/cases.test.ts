/** The printed files of whole devices, line by line. `UPDATE=1` writes them anew. */
import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { textOf } from '../target.ts'
import { cases } from './cases/devices.ts'
import { keepalived } from './index.ts'

for (const [name, device] of Object.entries(cases)) {
  test(`case ${name}`, () => {
    const files = keepalived.print(keepalived.lower(device)!)
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

test('a device that shares no gateway, or by another program, has nothing for keepalived', () => {
  const { vrrp, ...alone } = cases['one-segment']!
  assert.equal(keepalived.lower(alone), undefined)
  assert.equal(keepalived.lower({ ...alone, vrrp: { ...vrrp!, groups: [] } }), undefined)
  assert.equal(keepalived.lower({ ...cases['one-segment']!, platform: ['eos'] }), undefined)
})
