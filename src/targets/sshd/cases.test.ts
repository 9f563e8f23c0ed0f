/** The printed files of whole devices, line by line. `UPDATE=1` writes them anew. */
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { textOf } from '../target.ts'
import { cases } from './cases/devices.ts'
import { sshd } from './index.ts'

for (const [name, device] of Object.entries(cases)) {
  test(`case ${name}`, () => {
    const text = textOf(sshd.print(sshd.lower(device)!)[0]!)
    const path = join(import.meta.dirname, 'cases', name, 'sshd_config')
    if (process.env.UPDATE) {
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, text)
    }
    assert.equal(text, readFileSync(path, 'utf8'))
  })
}

test('a device that nobody may log in to, or of another platform, gets nothing', () => {
  const device = cases.firewall!
  const { management: _, ...silent } = device
  assert.equal(sshd.lower(silent), undefined)
  assert.equal(sshd.lower({ ...device, management: { ...device.management!, from: [] } }), undefined)
  assert.equal(sshd.lower({ ...device, management: { ...device.management!, addresses: [] } }), undefined)
  assert.equal(sshd.lower({ ...device, platform: ['linux'] }), undefined)
})
