/** `check --watch`, as a person uses it: it proves again when a file is saved, in whichever way an editor does that, tells a broken file, and goes on. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

const ROOT = join(import.meta.dirname, '..')

test('check --watch proves again on each save', { timeout: 120_000 }, async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'netwright-watch-'))
  context.after(() => rmSync(folder, { recursive: true }))
  cpSync(join(ROOT, 'examples/starter'), folder, { recursive: true })
  const child = spawn(process.execPath, [join(ROOT, 'bin/netwright'), 'check', folder, '--date', '2026-01-01', '--watch'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  context.after(() => child.kill('SIGKILL'))
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (data: string) => {
      said += data
      child.emit('said')
    })
  /** All that is said up to where it waits again. */
  const proof = async () => {
    while (!/waiting for a change\n$/.test(said)) await once(child, 'said')
    const all = said
    said = ''
    return all
  }
  const holds = /^proofs {2}([\d,]+) of \1 hold$/m
  assert.match(await proof(), holds)

  const company = join(folder, 'company.ts')
  const text = readFileSync(company, 'utf8')
  writeFileSync(company, `${text}forbid({ from: zone.users, to: service('orders-map'), why: 'nobody orders' })\n`)
  const broken = await proof()
  assert.match(broken, /✗ what is claimed is true/)
  assert.match(broken, /because {2}company\.ts:\d+/)

  // Another file in its place, as many editors save.
  writeFileSync(join(folder, 'company.ts.new'), text)
  renameSync(join(folder, 'company.ts.new'), company)
  assert.match(await proof(), holds)

  appendFileSync(company, 'forbid(')
  assert.match(await proof(), /error type-error {2}company\.ts:\d+|error .*company\.ts:\d+/)
  writeFileSync(company, text)
  assert.match(await proof(), holds)

  const site = join(folder, 'sites/lis-office.yaml')
  appendFileSync(site, '# nothing that matters\n')
  assert.match(await proof(), holds)
})
