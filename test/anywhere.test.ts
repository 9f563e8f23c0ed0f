/** A company folder builds wherever it lies: under another package, with a strange name, through a link, with no packages of its own; and says the same wherever it is called from. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { LEDGER_FILE } from '#workspace/ledger-file.ts'

const PROGRAM = join(import.meta.dirname, '..')
const STARTER = join(PROGRAM, 'examples', 'starter')

let root: string
let company: string

before(() => {
  root = mkdtempSync(join(tmpdir(), 'netwright-anywhere-'))
  writeFileSync(join(root, 'package.json'), '{"type": "commonjs"}\n')
  company = join(root, 'our köper & co #1', 'acme 100%')
  mkdirSync(company, { recursive: true })
  for (const part of ['company.ts', 'sites', 'services']) cpSync(join(STARTER, part), join(company, part), { recursive: true })
  // Of the ledger what no build can make: public keys, whose private halves are elsewhere.
  const keys = readFileSync(join(STARTER, LEDGER_FILE), 'utf8').match(/^\S+ key .*\n/gm) ?? []
  writeFileSync(join(company, LEDGER_FILE), keys.join(''))
})
after(() => rmSync(root, { recursive: true, force: true }))

function netwright(cwd: string, ...args: readonly string[]) {
  return spawnSync(process.execPath, [join(PROGRAM, 'bin', 'netwright'), ...args], { cwd, encoding: 'utf8' })
}

test('it builds under a package of another kind, in a folder with any name', () => {
  const run = netwright(root, 'build', company)
  assert.equal(run.status, 0, run.stderr)
  assert.ok(existsSync(join(company, 'out', 'bos1', 'fw-a', 'nftables.conf')))
})

test('it builds from inside, and through a link', () => {
  assert.equal(netwright(company, 'plan').stdout, 'nothing changes\n')
  const link = join(root, 'link')
  symlinkSync(company, link)
  assert.equal(netwright(root, 'plan', 'link').stdout, 'nothing changes\n')
})

test('why finds the company of a file, and cites files by their path in it', () => {
  const run = netwright(root, 'why', `${join(company, 'out', 'bos1', 'leaf-r01-a', 'frr.conf')}:2`)
  assert.equal(run.status, 0, run.stderr)
  assert.match(run.stdout, /^bos1\/leaf-r01-a\/frr\.conf:2\n/)
  assert.match(run.stdout, / sites\/bos1\.yaml:\d+:\d+ /)
})

test('its type errors are told by their place in it', () => {
  writeFileSync(join(company, 'extra.ts'), 'export const n: number = "one"\n')
  const run = netwright(root, 'plan', company)
  assert.equal(run.status, 1)
  assert.match(run.stderr, /type-error {2}extra\.ts:1:14/)
  rmSync(join(company, 'extra.ts'))
})
