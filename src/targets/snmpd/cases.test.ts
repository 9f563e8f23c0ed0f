/** The printed files of whole devices, line by line. `UPDATE=1` writes them anew. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { textOf } from '../target.ts'
import { cases } from './cases/devices.ts'
import { snmpd } from './index.ts'

for (const [name, device] of Object.entries(cases)) {
  test(`case ${name}`, () => {
    const text = textOf(snmpd.print(snmpd.lower(device)!)[0]!)
    const path = join(import.meta.dirname, 'cases', `${name}.conf`)
    if (process.env.UPDATE) writeFileSync(path, text)
    assert.equal(text, readFileSync(path, 'utf8'))
  })
}

test('a device that nobody watches, or of another platform, gets nothing', () => {
  const device = cases.firewall!
  const { management: _, ...silent } = device
  assert.equal(snmpd.lower(silent), undefined)
  assert.equal(snmpd.lower({ ...device, management: { ...device.management!, monitors: [] } }), undefined)
  assert.equal(snmpd.lower({ ...device, management: { ...device.management!, addresses: [] } }), undefined)
  assert.equal(snmpd.lower({ ...device, platform: ['linux'] }), undefined)
})
