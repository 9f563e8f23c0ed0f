/**
 * Bad input: each kind of it gives its own diagnostic and its exit code, and touches no file. A case is a folder of `bad-input/cases`: files that lie over those of `bad-input/base`, a list
 * of those to `delete`, the `args` of the command line (`build` if not said), and `expected.txt`, the exit code with all that the program said. `UPDATE=1` blesses what it says now.
 */
import assert from 'node:assert/strict'
import { chmodSync, chownSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { type Answer, type KeptProcess, keptProcess, NOBODY, runAlone } from './bad-input/command-line.ts'
import { changesOf, snapshot } from './bad-input/snapshot.ts'

const HERE = join(import.meta.dirname, 'bad-input')
const BASE = join(HERE, 'base')
const CASES = readdirSync(join(HERE, 'cases')).sort()

/** Cases that are run once more in a process of their own. */
const ALONE = ['yaml-malformed', 'usage-unknown-verb', 'json-unknown-key', 'ts-throw-standard']

/** Where cases take turns: a process, and a folder in which types that were found good once are not checked again. */
interface Desk {
  readonly process: KeptProcess
  readonly folder: string
  readonly checked: string
}

const CHECKED = join('.netwright', 'types-checked')
const DESKS = 2

const temporary = mkdtempSync(join(tmpdir(), 'netwright-bad-input-'))
const desks = Array.from({ length: DESKS }, (_, index): Desk => {
  return { process: keptProcess(), folder: join(temporary, String(index), 'acme'), checked: join(temporary, String(index), 'checked') }
})

/** Builds the base, and keeps the verdict on its types. */
async function prepare({ process, folder, checked }: Desk): Promise<void> {
  cpSync(BASE, folder, { recursive: true })
  const { exit, stderr } = await process.run({ folder, args: ['build'] })
  assert.deepEqual({ exit, stderr }, { exit: 0, stderr: '' }, 'the base itself builds')
  cpSync(join(folder, CHECKED), checked, { recursive: true })
}

const free = desks.map(async (desk) => {
  await prepare(desk)
  return desk
})

after(() => {
  for (const desk of desks) desk.process.end()
  rmSync(temporary, { recursive: true })
})

/** Lays out the company of a case. */
function layOut(name: string, { folder, checked }: Desk): void {
  rmSync(folder, { recursive: true })
  cpSync(BASE, folder, { recursive: true })
  cpSync(checked, join(folder, CHECKED), { recursive: true })
  const from = join(HERE, 'cases', name)
  for (const path of linesOf(name, 'delete') ?? []) rmSync(join(folder, path), { recursive: true })
  const about = ['args', 'delete', 'expected.txt'].map((file) => join(from, file))
  cpSync(from, folder, { recursive: true, filter: (path) => !about.includes(path) })
}

function linesOf(name: string, file: string): string[] | undefined {
  const path = join(HERE, 'cases', name, file)
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : undefined
}

/** The answer as a text, without what differs from run to run or with an edit of a built-in standard. */
function show({ exit, stdout, stderr }: Answer, folder: string): string {
  const lasting = (text: string) =>
    text
      .replaceAll(folder, '/…/acme')
      .replace(/(netwright\/src\/\S+\.ts):\d+:\d+/g, '$1:…')
      .replace(/adds \d+ lines, such as .*/g, 'adds … lines, such as …')
  const part = (name: string, text: string) => (text === '' ? '' : `--- ${name}\n${lasting(text)}`)
  return `exit ${exit}\n${part('stderr', stderr)}${part('stdout', stdout)}`
}

async function run(name: string, desk: Desk): Promise<void> {
  const { folder } = desk
  layOut(name, desk)
  const untouched = snapshot(folder)
  const line = { folder, args: linesOf(name, 'args') ?? ['build'] }
  const answers = [await desk.process.run(line), ...(ALONE.includes(name) ? [runAlone(line)] : [])]
  const file = join(HERE, 'cases', name, 'expected.txt')
  if (process.env.UPDATE) writeFileSync(file, show(answers[0]!, folder))
  for (const answer of answers) assert.equal(show(answer, folder), readFileSync(file, 'utf8'))
  assert.deepEqual(changesOf(untouched, snapshot(folder)), [], 'no file is touched')
}

describe('bad input', { concurrency: DESKS }, () => {
  for (const name of CASES) {
    test(name, async () => {
      const desk = await free.shift()!
      try {
        await run(name, desk)
      } finally {
        free.push(Promise.resolve(desk))
      }
    })
  }
})

describe('what may not be read', () => {
  const isRoot = process.getuid?.() === 0
  /** The program as somebody who may not read everything: as we are, unless we are root. */
  const other = keptProcess(isRoot ? NOBODY : undefined)
  after(other.end)

  const denied = (path: string, code: string, message: string) =>
    test(path, { skip: process.platform === 'win32' && 'permissions are those of POSIX' }, async (context) => {
      if (isRoot && runAlone({ folder: tmpdir(), args: ['--version'] }, NOBODY).exit !== 0) return context.skip('the program itself may not be read by others')
      const folder = mkdtempSync(join(tmpdir(), 'netwright-denied-'))
      try {
        cpSync(BASE, folder, { recursive: true })
        for (const at of ['', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })]) if (isRoot) chownSync(join(folder, at), NOBODY.uid, NOBODY.gid)
        const untouched = snapshot(folder)
        chmodSync(join(folder, path), 0)
        const { exit, stdout, stderr } = await other.run({ folder: tmpdir(), args: ['build', folder] })
        chmodSync(join(folder, path), 0o700)
        assert.deepEqual({ exit, stdout }, { exit: 1, stdout: '' })
        const [head, sentence] = stderr.replaceAll(folder, '/…/acme').split('\n')
        assert.deepEqual([head!.trim(), sentence!.trim()], [code, message])
        assert.deepEqual(changesOf(untouched, snapshot(folder)), [], 'no file is touched')
      } finally {
        rmSync(folder, { recursive: true })
      }
    })

  denied('.', 'error no-folder', "/…/acme can't be read: permission is denied.")
  denied('company.ts', 'error unreadable-file  company.ts:1:1', "company.ts can't be read: permission is denied.")
  denied('sites', 'error unreadable-file', "sites can't be read: permission is denied.")
  denied('sites/ber.yaml', 'error unreadable-file  sites/ber.yaml:1:1', "sites/ber.yaml can't be read: permission is denied.")
  denied('standards', 'error unreadable-file', "standards can't be read: permission is denied.")
  denied('standards/depot.ts', 'error unreadable-file  standards/depot.ts:1:1', "standards/depot.ts can't be read: permission is denied.")
})
