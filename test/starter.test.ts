/** The whole `out/` of the starter company and its ledger are goldens: read them as a network engineer would. `UPDATE=1` blesses what is printed now. */
import assert from 'node:assert/strict'
import { appendFileSync, cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { LEDGER_FILE } from '#workspace/ledger-file.ts'
import { openWorkspace } from '#workspace/workspace.ts'
import { OUT, writeOut } from '#workspace/write-out.ts'

const STARTER = join(import.meta.dirname, '..', 'examples', 'starter')

/** Builds the company in `folder` and writes what comes out there. */
async function build(folder: string) {
  const built = await openWorkspace(folder, { date: '2026-01-01', typeCheck: false }).build()
  assert.ok(built.ok, JSON.stringify(built.diagnostics, null, 2))
  const written = writeOut(folder, built.value)
  assert.ok(!('code' in written), JSON.stringify(written))
}

/** Every golden file, by path in the company folder. */
function goldens(folder: string): Map<string, string> {
  const paths = [LEDGER_FILE, ...globSync(`${OUT}/**/*.*`, { cwd: folder }), ...globSync(`${OUT}/**/{hostname,daemons}`, { cwd: folder })]
  return new Map(paths.sort().map((path) => [path, readFileSync(join(folder, path), 'utf8')]))
}

/** Leaves of the ledger what no build can make: the public keys of tunnels, whose private halves are made elsewhere. */
function keysAlone(folder: string): void {
  const file = join(folder, LEDGER_FILE)
  const lines = readFileSync(file, 'utf8').split('\n')
  writeFileSync(file, lines.filter((line) => line.startsWith('#') || / key \S+ = /.test(line)).join('\n'))
}

/** The goldens of a build in a copy of the company without some of its files, after `change`. */
async function buildCopy(without: readonly string[], change: (folder: string) => void = () => {}): Promise<Map<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), 'netwright-starter-'))
  try {
    cpSync(STARTER, folder, { recursive: true })
    for (const path of without) rmSync(join(folder, path), { recursive: true, force: true })
    change(folder)
    await build(folder)
    return goldens(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

test('the starter company comes out as committed, byte for byte', async () => {
  if (process.env.UPDATE) await build(STARTER)
  const committed = goldens(STARTER)
  assert.ok(committed.size > 100)
  const fresh = await buildCopy([OUT], keysAlone)
  assert.deepEqual([...fresh.keys()], [...committed.keys()])
  for (const [path, text] of committed) assert.equal(fresh.get(path), text, path)
})

test('a printed file that somebody edited is printed anew', async () => {
  const edited = await buildCopy([], (folder) => appendFileSync(join(folder, OUT, 'bos1', 'fw-a', 'nftables.conf'), 'flush ruleset\n'))
  assert.deepEqual(edited, goldens(STARTER))
})

test('a build over its own output changes nothing', async () => {
  assert.deepEqual(await buildCopy([]), goldens(STARTER))
})
