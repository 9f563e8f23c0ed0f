/** The printed files of whole devices, line by line. `UPDATE=1` writes them anew. */
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { textOf } from '../target.ts'
import { cases } from './cases/devices.ts'
import { kea } from './index.ts'

for (const [name, device] of Object.entries(cases)) {
  test(`case ${name}`, () => {
    const folder = join(import.meta.dirname, 'cases', name)
    for (const file of kea.print(kea.lower(device)!)) {
      const path = join(folder, file.path)
      if (process.env.UPDATE) {
        mkdirSync(folder, { recursive: true })
        writeFileSync(path, textOf(file))
      }
      assert.equal(textOf(file), readFileSync(path, 'utf8'))
    }
  })
}
