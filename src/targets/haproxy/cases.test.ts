/** The printed files of whole devices, line by line (`UPDATE=1` writes them anew), and the device for which there are none. */
import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { textOf } from '../target.ts'
import { cases } from './cases/devices.ts'
import { haproxy } from './index.ts'

for (const [name, device] of Object.entries(cases)) {
  test(`case ${name}`, () => {
    const files = haproxy.print(haproxy.lower(device)!)
    const folder = join(import.meta.dirname, 'cases', name)
    if (process.env.UPDATE) {
      rmSync(folder, { recursive: true, force: true })
      mkdirSync(folder)
      for (const file of files) writeFileSync(join(folder, file.path), textOf(file))
    }
    assert.deepEqual(readdirSync(folder).sort(), files.map(({ path }) => path).sort())
    for (const file of files) assert.equal(textOf(file), readFileSync(join(folder, file.path), 'utf8'), file.path)
  })
}

test('a device that runs something else, or balances nothing, has nothing for HAProxy', () => {
  const { balancer, ...silent } = cases.single!
  assert.equal(haproxy.lower(silent), undefined)
  assert.equal(haproxy.lower({ ...silent, balancer: { ...balancer!, frontends: [] } }), undefined)
  assert.equal(haproxy.lower({ ...cases.single!, platform: ['linux'] }), undefined)
})
