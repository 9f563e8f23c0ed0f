/** The printed files of whole devices, line by line. `UPDATE=1` writes them anew. */
import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { textOf } from '../target.ts'
import { cases } from './cases/devices.ts'
import { wireguard } from './index.ts'

for (const [name, device] of Object.entries(cases)) {
  test(`case ${name}`, () => {
    const tree = wireguard.lower(device)
    assert(tree)
    const files = wireguard.print(tree)
    const folder = join(import.meta.dirname, 'cases', name)
    if (process.env.UPDATE) {
      rmSync(folder, { recursive: true, force: true })
      for (const file of files) {
        mkdirSync(dirname(join(folder, file.path)), { recursive: true })
        writeFileSync(join(folder, file.path), textOf(file))
      }
    }
    const there = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    assert.deepEqual(there.map((entry) => join(entry.parentPath, entry.name)).sort(), files.map((file) => join(folder, file.path)).sort())
    for (const file of files) assert.equal(textOf(file), readFileSync(join(folder, file.path), 'utf8'), file.path)
  })
}

test('a device without tunnels, or with tunnels of something else, is told nothing', () => {
  const device = cases.gateway!
  assert.equal(wireguard.lower({ ...device, platform: ['linux'] }), undefined)
  assert.equal(wireguard.lower({ ...device, interfaces: device.interfaces.filter(({ kind }) => kind !== 'wireguard') }), undefined)
})
