/**
 * A build that is killed or runs out of disk in the middle of writing: after the next command the folder is exactly as it was before that build, or exactly as the build would have made
 * it, and nothing between.
 */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { recover } from '#workspace/write-out.ts'
import { BIN, NOBODY, runAlone } from './bad-input/command-line.ts'
import { changesOf, type Snapshot, snapshot } from './bad-input/snapshot.ts'

const BASE = join(import.meta.dirname, 'bad-input', 'base')
const BUILD = ['build', '--date', '2026-11-23']
const STAGING = join('.netwright', 'staging')

/** No process has it: Linux gives numbers up to 2²², other systems fewer. */
const DEAD = 99_999_999

const temporary = mkdtempSync(join(tmpdir(), 'netwright-crash-'))
/** The company as the build before left it, edited since, and as a build of that makes it. */
const edited = join(temporary, 'edited')
const rebuilt = join(temporary, 'rebuilt')
let was: Snapshot
let made: Snapshot

/** What a build writes, and what it builds from: not what belongs to the machine. */
function stateOf(folder: string): Snapshot {
  return new Map([...snapshot(folder)].filter(([path]) => !path.startsWith('.netwright')))
}

function build(folder: string): void {
  const { exit, stderr } = runAlone({ folder, args: BUILD })
  assert.deepEqual({ exit, stderr }, { exit: 0, stderr: '' })
}

/** An edit after which a build writes, changes and removes files. */
function edit(folder: string): void {
  rmSync(join(folder, 'sites', 'leipzig.yaml'))
  appendFileSync(join(folder, 'services', 'directory.yaml'), 'notes: moved\n')
  writeFileSync(
    join(folder, 'sites', 'ber.yaml'),
    readFileSync(join(folder, 'sites', 'ber.yaml'), 'utf8').replace('owner: network', 'owner: network\nrisk: elevated'),
  )
}

function copy(from: string): string {
  const folder = mkdtempSync(join(temporary, 'copy-'))
  cpSync(from, folder, { recursive: true })
  return folder
}

before(() => {
  cpSync(BASE, edited, { recursive: true })
  build(edited)
  edit(edited)
  cpSync(edited, rebuilt, { recursive: true })
  build(rebuilt)
  was = stateOf(edited)
  made = stateOf(rebuilt)
})

after(() => rmSync(temporary, { recursive: true }))

/** One thing that a build does after its journal is written. */
type Step = { readonly remove: string } | { readonly staged: string; readonly path: string }

/** The steps from what was to what is made: files removed, then files put, the ledger first and the manifest last. */
function steps(): Step[] {
  const files = (of: Snapshot) => [...of].filter(([path, bytes]) => bytes !== 'folder' && /^(out\/|netwright\.lock$)/.test(path))
  const gone = files(was).filter(([path]) => !made.has(path))
  const order = (path: string) => (path === 'netwright.lock' ? 0 : path === 'out/manifest.json' ? 2 : 1)
  const changed = files(made).filter(([path, bytes]) => was.get(path) !== bytes)
  const put = changed.map(([path]) => path).sort((a, b) => order(a) - order(b))
  return [...gone.map(([path]) => ({ remove: path })), ...put.map((path, index) => ({ staged: String(index), path }))]
}

/** The edited company, with everything staged for the build by process `owner`. */
function staged(owner: number | undefined): string {
  const folder = copy(edited)
  mkdirSync(join(folder, STAGING), { recursive: true })
  if (owner !== undefined) writeFileSync(join(folder, STAGING, 'owner'), String(owner))
  for (const step of steps()) if ('path' in step) writeFileSync(join(folder, STAGING, step.staged), made.get(step.path)!, 'latin1')
  return folder
}

function writeJournal(folder: string): void {
  const remove = steps().flatMap((step) => ('remove' in step ? [step.remove] : []))
  writeFileSync(join(folder, STAGING, 'journal.json'), JSON.stringify({ put: steps().filter((step) => 'path' in step), remove }))
}

function take(step: Step, folder: string): void {
  if ('remove' in step) rmSync(join(folder, step.remove))
  else {
    mkdirSync(dirname(join(folder, step.path)), { recursive: true })
    renameSync(join(folder, STAGING, step.staged), join(folder, step.path))
  }
}

describe('a build that was killed', () => {
  test('the edit is one that writes, changes and removes files', () => {
    const kinds = new Set(steps().map((step) => ('remove' in step ? 'removed' : was.has(step.path) ? 'changed' : 'new')))
    assert.deepEqual([...kinds].sort(), ['changed', 'new', 'removed'])
  })

  test('after its journal was written, at any step: it is finished', () => {
    const all = steps()
    for (let done = 0; done <= all.length; done++) {
      const folder = staged(DEAD)
      writeJournal(folder)
      for (const step of all.slice(0, done)) take(step, folder)
      assert.equal(recover(folder), undefined)
      assert.deepEqual(changesOf(made, stateOf(folder)), [], `after ${done} of ${all.length} steps`)
      assert.ok(!existsSync(join(folder, STAGING)))
      rmSync(folder, { recursive: true })
    }
  })

  test('while it tidied up: the next command does so', () => {
    const folder = copy(rebuilt)
    mkdirSync(join(folder, STAGING))
    writeFileSync(join(folder, STAGING, 'owner'), String(DEAD))
    assert.equal(recover(folder), undefined)
    assert.deepEqual(changesOf(made, stateOf(folder)), [])
    assert.ok(!existsSync(join(folder, STAGING)))
  })

  test('before its journal was whole: it is discarded', () => {
    for (const leave of [
      (folder: string) => rmSync(join(folder, STAGING, 'owner')),
      (folder: string) => rmSync(join(folder, STAGING, '0')),
      (folder: string) => writeFileSync(join(folder, STAGING, 'journal.json.part'), '{"put": [{"sta'),
    ]) {
      const folder = staged(DEAD)
      leave(folder)
      assert.equal(recover(folder), undefined)
      assert.deepEqual(changesOf(was, stateOf(folder)), [])
      assert.ok(!existsSync(join(folder, STAGING)))
    }
  })

  test('the next command of any kind does it', () => {
    for (const args of [['ledger', 'show'], ['plan'], BUILD]) {
      const folder = staged(DEAD)
      writeJournal(folder)
      take(steps()[0]!, folder)
      assert.equal(runAlone({ folder, args }).exit, 0)
      assert.deepEqual(changesOf(made, stateOf(folder)), [], args.join(' '))
    }
  })

  test('and is alive after all: it is left alone', () => {
    const folder = staged(process.pid)
    const untouched = snapshot(folder)
    const { exit, stderr } = runAlone({ folder, args: BUILD })
    assert.equal(exit, 1)
    assert.match(stderr, new RegExp(`^error build-running\n  Another build is writing to .* \\(process ${process.pid}\\)\\.\n`))
    assert.deepEqual(changesOf(untouched, snapshot(folder)), [])
  })

  test('with a journal that is none: it is discarded, and no file beside it is touched', () => {
    const other = join(temporary, 'other.txt')
    writeFileSync(other, 'mine\n')
    const escapes = '{"put": [{"staged": "0", "path": "out/../../other.txt"}], "remove": []}'
    const takes = '{"put": [], "remove": ["../other.txt"]}'
    for (const text of ['', '{', 'null', '[]', '{"put": 3, "remove": []}', '{"put": [null], "remove": []}', escapes, takes, '\0\0\0\0']) {
      const folder = staged(DEAD)
      writeFileSync(join(folder, STAGING, 'journal.json'), text)
      assert.equal(recover(folder), undefined, text)
      assert.deepEqual(changesOf(was, stateOf(folder)), [], text)
    }
    assert.equal(readFileSync(other, 'utf8'), 'mine\n')
  })

  test('a manifest that names files of others takes none away', () => {
    const folder = copy(edited)
    writeFileSync(join(folder, 'out', 'manifest.json'), '{"../sites/ber.yaml": "", "sites/dc1.yaml": "", "out/../company.ts": ""}')
    build(folder)
    for (const path of ['sites/ber.yaml', 'sites/dc1.yaml', 'company.ts']) assert.ok(existsSync(join(folder, path)), path)
  })

  test('by the system, whenever that is', { skip: process.platform === 'win32' && 'signals are those of POSIX' }, async () => {
    const moments: readonly ((folder: string) => boolean)[] = [
      (folder) => existsSync(join(folder, STAGING)),
      (folder) => existsSync(join(folder, STAGING, '10')),
      (folder) => existsSync(join(folder, STAGING, 'journal.json')),
      (folder) => !existsSync(join(folder, 'out', 'leipzig')),
    ]
    for (const moment of moments) {
      const folder = copy(edited)
      const child = spawn(process.execPath, [BIN, ...BUILD], { cwd: folder, stdio: 'ignore' })
      await killAt(child, () => moment(folder))
      assert.equal(recover(folder), undefined)
      const state = stateOf(folder)
      const differs = [changesOf(was, state), changesOf(made, state)]
      assert.ok(
        differs.some((paths) => paths.length === 0),
        `neither as it was (${differs[0]!.slice(0, 5)}) nor as it is made (${differs[1]!.slice(0, 5)})`,
      )
      build(folder)
      assert.deepEqual(changesOf(made, stateOf(folder)), [])
    }
  })
})

async function killAt(child: ChildProcess, moment: () => boolean): Promise<void> {
  const exited = once(child, 'exit')
  while (child.exitCode === null && child.signalCode === null && !moment()) await setTimeout(0)
  child.kill('SIGKILL')
  await exited
}

describe('a build that can not write', () => {
  test('into a folder that is read-only', { skip: process.getuid?.() !== 0 && 'only root can become another user' }, (context) => {
    if (runAlone({ folder: tmpdir(), args: ['--version'] }, NOBODY).exit !== 0) return context.skip('the program itself may not be read by another user')
    chmodSync(temporary, 0o755)
    for (const path of ['out/ber', 'out', '']) {
      const folder = copy(edited)
      for (const at of ['', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })]) chownSync(join(folder, at), NOBODY.uid, NOBODY.gid)
      chmodSync(join(folder, path), 0o555)
      const untouched = snapshot(folder)
      const { exit, stderr } = runAlone({ folder, args: BUILD }, NOBODY)
      assert.equal(exit, 1)
      assert.match(stderr, /^error write-failed\n {2}\S+ could not be written to: permission is denied\.\n/)
      assert.deepEqual(changesOf(untouched, snapshot(folder)), [], path)
    }
  })

  const disk = join(temporary, 'disk')
  /** Mounts a small disk; false where that is not possible. */
  const mount = (options: string): boolean => {
    mkdirSync(disk, { recursive: true })
    return spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', disk]).status === 0
  }
  const unmount = () => spawnSync('umount', [disk])
  const skip = (() => {
    if (process.platform !== 'linux') return 'small disks are made as on Linux'
    const possible = mount('size=64k')
    unmount()
    return !possible && 'no disk can be mounted here: that takes root'
  })()

  for (const options of ['size=100k', 'size=300k', 'nr_inodes=40', 'nr_inodes=110']) {
    test(`onto a full disk (${options})`, { skip }, () => {
      assert.ok(mount(options))
      try {
        const folder = join(disk, 'acme')
        cpSync(BASE, folder, { recursive: true })
        const untouched = snapshot(folder)
        const { exit, stderr } = runAlone({ folder, args: BUILD })
        assert.equal(exit, 1)
        assert.match(stderr, /^error write-failed\n {2}\S+ could not be written to: the disk is full\.\n/)
        assert.deepEqual(changesOf(untouched, snapshot(folder)), [])
      } finally {
        unmount()
      }
    })
  }

  test('onto a disk that has filled up since the build before; and can once there is room', { skip }, () => {
    assert.ok(mount('size=4m'))
    try {
      const folder = join(disk, 'acme')
      cpSync(edited, folder, { recursive: true })
      spawnSync('dd', ['if=/dev/zero', `of=${join(disk, 'full')}`, 'bs=4k'])
      const untouched = snapshot(folder)
      const { exit, stderr } = runAlone({ folder, args: BUILD })
      assert.deepEqual({ exit, full: /the disk is full/.test(stderr) }, { exit: 1, full: true })
      assert.deepEqual(changesOf(untouched, snapshot(folder)), [])
      rmSync(join(disk, 'full'))
      build(folder)
      assert.deepEqual(changesOf(made, stateOf(folder)), [])
    } finally {
      unmount()
    }
  })

  test('a new company onto a full disk', { skip }, () => {
    assert.ok(mount('size=20k'))
    try {
      const { exit, stderr } = runAlone({ folder: disk, args: ['init', 'acme'] })
      assert.deepEqual({ exit, full: /the disk is full/.test(stderr) }, { exit: 1, full: true })
      assert.deepEqual(readdirSync(disk), [])
    } finally {
      unmount()
    }
  })
})
