/** The printed files of whole devices, line by line. `UPDATE=1` writes them anew. */
import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { textOf } from '../target.ts'
import { cases } from './cases/devices.ts'
import { linux } from './index.ts'

for (const [name, device] of Object.entries(cases)) {
  test(`case ${name}`, () => {
    const tree = linux.lower(device)
    assert(tree)
    const files = linux.print(tree)
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

test('a device that runs another operating system has no kernel of ours', () => {
  assert.equal(linux.lower({ ...cases.server!, platform: ['eos'] }), undefined)
})
