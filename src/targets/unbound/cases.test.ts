/** The printed files of whole devices, line by line. `UPDATE=1` writes them anew. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { textOf } from '../target.ts'
import { cases } from './cases/devices.ts'
import { unbound } from './index.ts'

for (const [name, device] of Object.entries(cases)) {
  test(`case ${name}`, () => {
    const text = textOf(unbound.print(unbound.lower(device)!)[0]!)
    const path = join(import.meta.dirname, 'cases', `${name}.conf`)
    if (process.env.UPDATE) writeFileSync(path, text)
    assert.equal(text, readFileSync(path, 'utf8'))
  })
}
