/** The printed files of whole devices, line by line. `UPDATE=1` writes them anew. */
import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { textOf } from '../target.ts'
import { cases } from './cases/devices.ts'
import { hostapd } from './index.ts'

for (const [name, device] of Object.entries(cases)) {
  test(`case ${name}`, () => {
    const tree = hostapd.lower(device)
    assert(tree)
    const files = hostapd.print(tree)
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

test('a device that lets nobody in, or has that from something else, is told nothing', () => {
  const device = cases['access-switch']!
  const { authenticator: _, wireless: __, ...neither } = device
  assert.equal(hostapd.lower({ ...device, platform: ['linux'] }), undefined)
  assert.equal(hostapd.lower(neither), undefined)
  const { wireless: ___, ...wired } = device
  assert.equal(hostapd.lower({ ...wired, interfaces: device.interfaces.filter(({ name }) => name === 'swp4') }), undefined)
})
