/** The twin as a person uses it: an office of the starter is booted by its printed files, looked into, cut and healed, held against what is computed; and nothing is left of it, however it ends. */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { missingProgram, unable } from '#twin/kernel.ts'
import { until } from '#twin/run.ts'
import { labOf } from '#twin/twin.ts'

const ROOT = join(import.meta.dirname, '..')
const NETWRIGHT = join(ROOT, 'bin/netwright')

/** A copy of the starter, so that its twin is no other test's. */
function copyOf(context: TestContext): string {
  const missing = missingProgram()
  assert(missing === undefined, missing && `${missing.program} is missing: apt-get install ${missing.packageName}`)
  const folder = mkdtempSync(join(tmpdir(), 'netwright-twin-'))
  cpSync(join(ROOT, 'examples/starter'), folder, { recursive: true })
  context.after(() => {
    labOf(folder).close()
    rmSync(folder, { recursive: true })
  })
  return folder
}

/** Runs `netwright twin` and returns all that it said, and what it ended with. */
function twin(...args: readonly string[]): { readonly said: string; readonly status: number | null } {
  const { stdout, stderr, status } = spawnSync(process.execPath, [NETWRIGHT, 'twin', ...args], { encoding: 'utf8' })
  return { said: stdout + stderr, status }
}

/** The handle of the first rule of a chain, as `nft -a` lists it. */
function handleOf(listed: string): string {
  return /accept # handle (\d+)/.exec(listed)![1]!
}

/** Whatever a twin of the company has made and left: folders, namespaces, processes. */
function leftOf(folder: string): readonly string[] {
  const { name } = labOf(folder)
  const processes = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))
  const named = spawnSync('pgrep', ['-f', `/run/${name}/`], { encoding: 'utf8' })
    .stdout.trim()
    .split('\n')
  return [
    ...(existsSync('/run/netns') ? readdirSync('/run/netns') : []).filter((entry) => entry.startsWith(name)),
    ...readdirSync('/run').filter((entry) => entry.startsWith(name)),
    ...named.filter((pid) => processes.includes(pid)),
  ]
}

test('an office is booted, looked into, cut, healed and taken down', { skip: unable(), timeout: 180_000 }, (context) => {
  const folder = copyOf(context)
  const refused = (code: string, { said, status }: ReturnType<typeof twin>) => {
    assert.match(said, new RegExp(`^error ${code}\\n`))
    assert.equal(status, 1)
    return said
  }
  refused('twin-is-not-up', twin('status', folder))
  refused('twin-is-not-up', twin('test', folder))
  assert.match(refused('unknown-name', twin('up', folder, '--date', '2026-01-01', '--site', 'lis-ofice')), /did you mean "lis-office"\?/)
  assert.deepEqual(leftOf(folder), [])
  refused('no-folder', twin('up', join(folder, 'nowhere')))
  assert.equal(twin('down', join(folder, 'nowhere')).said, 'no twin of this company is up\n')

  const up = twin('up', folder, '--date', '2026-01-01', '--site', 'lis-office')
  assert.match(up.said, /✓ [\d.]+ s {2}ready: \d+ routes of 3 tables are as computed/)
  assert.equal(up.status, 0)
  refused('twin-is-up', twin('up', folder, '--date', '2026-01-01'))
  assert.match(
    twin('status', folder).said,
    /^twin {2}3 devices, 5 hosts, 1 carrier {2}of lis-office\n[\s\S]*nothing is cut\notherwise than printed:\n[\s\S]*port {7}a port is one end of a veth/,
  )

  // As if it were typed there: its name, its routes, and what the command ends with.
  const exec = (machine: string, ...command: string[]) => twin('exec', '-C', folder, machine, '--', ...command)
  assert.equal(exec('lis-office/edge-a', 'hostname').said, 'edge-a.lis-office.acme.example\n')
  assert.match(exec('lis-office/edge-a', 'vtysh', '-c', 'show ip route').said, /C>\* 10\.183\./)
  assert.equal(exec('lis-office/edge-a', 'sh', '-c', 'exit 7').status, 7)
  assert.match(exec('host/lis-office.users-1', 'ip', '-br', 'address').said, /eth0@\S+ +UP +10\.183\.42\./)
  assert.match(refused('unknown-name', exec('lis-office/edge-c', 'hostname')), /did you mean "lis-office\/edge-[ab]"\?/)

  assert.match(twin('cut', '-C', folder, 'lis-office/edge-a~edge-b').said, /routes are as computed without lis-office\/edge-a~edge-b\n/)
  assert.match(twin('status', folder).said, /^cut {2}lis-office\/edge-a~edge-b$/m)
  assert.match(twin('heal', '-C', folder).said, /routes are as computed with nothing cut\n/)
  refused('unknown-name', twin('cut', '-C', folder, 'lis-office/edge-a~edge-z'))

  // Things that fail, one after the other, each healed before the next.
  const failed = twin('test', folder, '--failures', '3')
  assert.match(failed.said, /(✓ without lis-office\/\S+: routes are as computed after [\d.]+ s\n){3}✓ 3 of 3 single failures came to what is computed\n$/)
  assert.equal(failed.status, 0)
  assert.match(twin('test', folder, '--failures', 'all').said, /expected a number from 1/)

  // What a kernel has and no proof computes is told, with the table and both.
  exec('lis-office/edge-a', 'ip', 'route', 'add', 'blackhole', '203.0.113.0/25')
  const wrong = twin('test', folder)
  assert.match(
    wrong.said,
    /^✗ 1 table of 3 is not as computed\n {2}lis-office\/edge-a 203\.0\.113\.0\/25: the kernel has blackhole, computed is nothing, zebra says blackhole\n✓ /,
  )
  assert.equal(wrong.status, 1)
  exec('lis-office/edge-a', 'ip', 'route', 'delete', 'blackhole', '203.0.113.0/25')
  const right = twin('test', folder)
  assert.match(right.said, /✓ \d+ packets did as computed: \d+ arrived, [1-9]\d+ were dropped by the filter that is named, \d+ ended on the way\n$/)
  assert.equal(right.status, 0)

  // What a filter passes and no proof lets pass is told, with the packet, both answers and how to see it again; and so is one that is dropped elsewhere than is said.
  const pair = ['--from', 'lis-office/users-1', '--to', 'lis-office/things-1']
  assert.equal(twin('test', folder, ...pair).status, 0)
  exec('lis-office/edge-b', 'nft', 'insert', 'rule', 'inet', 'netwright', 'forward', 'accept')
  const open = twin('test', folder, ...pair)
  assert.match(
    open.said,
    /✗ \d+ of \d+ packets did not as computed\n {2}10\.183\.\S+ → 10\.183\.\S+ tcp\/9 {2}from lis-office\/users-1 to lis-office\/things-1\n {4}computed: lis-office\/edge-b drops .*\n {4}seen: {5}it arrives\n {4}again: netwright twin test \S+ --from 'lis-office\/users-1' --to 'lis-office\/things-1'\n/,
  )
  assert.equal(open.status, 1)
  exec(
    'lis-office/edge-b',
    'nft',
    'replace',
    'rule',
    'inet',
    'netwright',
    'forward',
    'handle',
    handleOf(exec('lis-office/edge-b', 'nft', '-a', 'list', 'chain', 'inet', 'netwright', 'forward').said),
    'drop',
  )
  assert.match(twin('test', folder, ...pair).said, /seen: {5}it does not arrive, and of 3 such packets a filter there dropped 0\n/)
  assert.match(refused('unknown-name', twin('test', folder, '--to', 'lis-office/user-1')), /did you mean "lis-office\/users-1"\?/)

  assert.equal(twin('down', folder).said, 'the twin is down, and nothing of it is left\n')
  assert.equal(twin('down', folder).said, 'no twin of this company is up\n')
  assert.deepEqual(leftOf(folder), [])
})

test('nothing is left of a boot that is killed', { skip: unable(), timeout: 120_000 }, async (context) => {
  const folder = copyOf(context)
  const child = spawn(process.execPath, [NETWRIGHT, 'twin', 'up', folder, '--date', '2026-01-01'], { stdio: 'ignore' })
  const ended = once(child, 'exit')
  await until('namespaces', 60, () => (leftOf(folder).length > 30 ? undefined : 'those of the twin'))
  child.kill('SIGKILL')
  await ended
  await until('an end', 60, () => (leftOf(folder).length > 0 ? leftOf(folder).join(' ') : undefined))
})
