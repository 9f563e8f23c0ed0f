/** A filter made so that each rule cuts what all others leave: told by a summary and a packet, in bounded memory, and not as a failure of the program. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openWorkspace } from '#workspace/workspace.ts'
import { buildGood } from './why/starter.ts'

const ROOT = join(import.meta.dirname, '..')

/** Slabs in each of three fields: together they leave about the third power of that. */
const SLABS = 60

/** MB that are enough for a check of the starter, and were not for what the rules come to. */
const ENOUGH = 400

/** A printed filter with rules for slabs of sources, of destinations and of ports before all that are printed. */
function tangled(printed: string): string {
  const all = Array.from({ length: SLABS }, (_, number) => number)
  const put = (text: string, before: string, what: readonly string[]) => {
    const at = text.indexOf(before)
    assert(at >= 0, before)
    return text.slice(0, at) + what.join('') + text.slice(at)
  }
  const declared = put(
    printed,
    '  set balancers/sources-v4 {',
    all.map((n) => `  set slab${n}-v4 {\n    type ipv4_addr\n    flags interval\n  }\n`),
  )
  const emptied = put(
    declared,
    'flush set inet netwright balancers/sources-v4',
    all.map((n) => `flush set inet netwright slab${n}-v4\n`),
  )
  const filled = put(
    emptied,
    'add element inet netwright balancers/sources-v4 {',
    all.map((n) => `add element inet netwright slab${n}-v4 {\n  10.${n}.0.0/17,\n}\n`),
  )
  return put(filled, '    # One lookup finds the rules of a zone pair', [
    ...all.map((n) => `    ip saddr @slab${n}-v4 accept\n`),
    ...all.map((n) => `    ip daddr @slab${n}-v4 accept\n`),
    ...all.map((n) => `    meta l4proto . th dport { tcp . ${1000 + 10 * n} } accept\n`),
  ])
}

test('a set of packets past its cap is told by a summary and a packet', async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'netwright-tangled-'))
  context.after(() => rmSync(folder, { recursive: true }))
  const { files } = await buildGood(openWorkspace(join(ROOT, 'examples/starter'), { date: '2026-01-01', typeCheck: false }))
  for (const [path, text] of files) {
    if (!path.startsWith('bos1/fw-a/')) continue
    mkdirSync(join(folder, path, '..'), { recursive: true })
    writeFileSync(join(folder, path), path.endsWith('/nftables.conf') ? tangled(text) : text)
  }
  const args = [
    `--max-old-space-size=${ENOUGH}`,
    join(ROOT, 'src/cli/main.ts'),
    'check',
    join(ROOT, 'examples/starter'),
    '--date',
    '2026-01-01',
    '--configs',
    folder,
  ]
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  assert.equal(
    stderr,
    `error filter-tangled
  The rules of the filter of bos1/fw-a cut packets into more than 50,000 parts.
  value    bos1/fw-a/nftables.conf, chain forward, rule 134
  note     a summary: all of them are inside of anywhere → anywhere
  note     one of them: 10.0.0.0 → 0.0.0.0 protocol 0
  fix      let fewer rules overlap: put what belongs together into one set, and what is narrow before what is wide.

`,
  )
  assert.equal(stdout, '')
  assert.equal(status, 1)
})
