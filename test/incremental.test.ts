/** An edit concerns no more than it touches: which slices of the compiler are made again. */
import assert from 'node:assert/strict'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openWorkspace } from '#workspace/workspace.ts'
import { buildGood, copyStarter, DATE } from './why/starter.ts'

/** Slices that belong to the company and not to a site. */
const OF_THE_COMPANY = /^(value|ask company|plan) /

test('how much a circuit carries and what it costs concern its own site alone, though hubs hold its other end', async () => {
  const folder = copyStarter()
  const file = join(folder, 'sites', 'ber-office.yaml')
  const workspace = openWorkspace(folder, { date: DATE, typeCheck: false })
  await buildGood(workspace)
  for (const [was, is] of [
    ['bandwidth: 500 Mbps', 'bandwidth: 600 Mbps'],
    ['bandwidth: 200 Mbps', 'bandwidth: 300 Mbps'],
    ['900 EUR/month', '950 EUR/month'],
  ] as const) {
    const before = new Map(workspace.memo.slices)
    const text = readFileSync(file, 'utf8')
    assert(text.includes(was), was)
    writeFileSync(file, text.replace(was, is))
    await buildGood(workspace)
    const again = [...workspace.memo.slices].filter(([key, slice]) => before.get(key) !== slice).map(([key]) => key)
    const ofSites = again.filter((key) => !OF_THE_COMPANY.test(key))
    assert(ofSites.length > 0)
    assert.deepEqual(
      ofSites.filter((key) => !/ ber-office(\/|$)/.test(key)),
      [],
      is,
    )
  }
  rmSync(folder, { recursive: true })
})
