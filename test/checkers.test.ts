/** Every file that is printed for the starter company is accepted by the program's own checker, reads back as what was printed, and refers to nothing that is not there. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { same } from '#base/canonical.ts'
import { checkReferences as checkFrr, frr } from '#targets/frr/index.ts'
import { targets } from '#targets/index.ts'
import { checkReferences as checkNft } from '#targets/nftables/check-references.ts'
import { nftables } from '#targets/nftables/index.ts'
import { textOf } from '#targets/target.ts'
import { type Built, openWorkspace } from '#workspace/workspace.ts'

const STARTER = join(import.meta.dirname, '..', 'examples', 'starter')

let built: Built
let scratch: string

before(async () => {
  const result = await openWorkspace(STARTER, { date: '2026-01-01', typeCheck: false }).build()
  assert.ok(result.ok, JSON.stringify(result.diagnostics, null, 2))
  built = result.value
  scratch = mkdtempSync(join(tmpdir(), 'netwright-checkers-'))
})
after(() => rmSync(scratch, { recursive: true, force: true }))

const devices = () => built.design.sites.flatMap((site) => site.devices)

/** Runs a checker over each printed file of that name; a missing checker fails with how to get it. */
function check(name: string, hint: string, command: (file: string) => readonly [string, ...string[]]) {
  for (const [path, text] of built.files) {
    if (!path.endsWith(`/${name}`)) continue
    const file = join(scratch, name)
    writeFileSync(file, text)
    const [program, ...args] = command(file)
    const run = spawnSync(program, args, { encoding: 'utf8' })
    assert.equal((run.error as NodeJS.ErrnoException | undefined)?.code, undefined, `${program} is missing: ${hint}`)
    assert.equal(run.status, 0, `${path}: ${run.stdout}${run.stderr}`)
  }
}

test('vtysh accepts every frr.conf', () => check('frr.conf', 'apt-get install frr', (file) => ['vtysh', '-C', '-f', file]))

test('nft accepts every nftables.conf', { skip: process.getuid?.() === 0 ? false : 'nft -c needs root' }, () =>
  check('nftables.conf', 'apt-get install nftables', (file) => ['unshare', '-n', 'nft', '-c', '-f', file]),
)

test('what is printed reads back as what was printed', () => {
  for (const device of devices()) {
    for (const name of device.platform) {
      const target = targets.find((candidate) => candidate.name === name)!
      const tree = target.lower(device)
      if (tree === undefined) continue
      const read = target.parse(new Map(target.print(tree).map((file) => [file.path, textOf(file)])))
      assert.ok(read.ok, `${device.id} ${name}: ${JSON.stringify(read.diagnostics[0])}`)
      assert.ok(same(withoutWhy(read.value), withoutWhy(tree)), `${device.id} ${name}`)
    }
  }
})

test('nothing that is printed names what is not there, or is named by nothing', () => {
  for (const device of devices()) {
    const routing = device.platform.includes('frr') ? frr.lower(device) : undefined
    const filter = device.platform.includes('nftables') ? nftables.lower(device) : undefined
    assert.deepEqual(routing ? checkFrr(routing) : [], [], device.id)
    assert.deepEqual(filter ? checkNft(filter) : [], [], device.id)
  }
})

function withoutWhy(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, member: unknown) => (key === 'why' ? undefined : member)))
}
