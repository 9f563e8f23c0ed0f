/** The printed configurations of whole devices, line by line. `UPDATE=1` writes them anew. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { textOf } from '../target.ts'
import { cases } from './cases/devices.ts'
import { frr } from './index.ts'

for (const [name, device] of Object.entries(cases)) {
  test(`case ${name}`, () => {
    const tree = frr.lower(device)
    assert(tree)
    const conf = frr.print(tree).find((file) => file.path === 'frr.conf')
    assert(conf)
    const path = join(import.meta.dirname, 'cases', `${name}.conf`)
    if (process.env.UPDATE) writeFileSync(path, textOf(conf))
    assert.equal(textOf(conf), readFileSync(path, 'utf8'))
  })
}
