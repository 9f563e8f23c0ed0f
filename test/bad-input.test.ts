/**
 * Bad input: each kind of it gives its own diagnostic and its exit code, and touches no file. A case is a folder of `bad-input/cases`: files that lie over those of `bad-input/base`, a list
 * of those to `delete`, the `args` of the command line (`build` if not said), and `expected.txt`, the exit code with all that the program said. `UPDATE=1` blesses what it says now.
 */
import assert from 'node:assert/strict'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type Answer, keptProcess, runAlone } from './bad-input/command-line.ts'
import { changesOf, snapshot } from './bad-input/snapshot.ts'

const HERE = join(import.meta.dirname, 'bad-input')
const CASES = readdirSync(join(HERE, 'cases')).sort()

/** Cases that are run once more in a process of their own. */
const ALONE = ['yaml-malformed', 'usage-unknown-verb', 'json-unknown-key']

const temporary = mkdtempSync(join(tmpdir(), 'netwright-bad-input-'))
const kept = keptProcess()

/** All cases take turns in one folder: types that were found good there once are not checked again. */
const folder = join(temporary, 'acme')
const CHECKED = join('.netwright', 'types-checked')

after(() => {
  kept.end()
  rmSync(temporary, { recursive: true })
})

/** The company of a case. */
function layOut(name: string): void {
  rmSync(folder, { recursive: true })
  cpSync(join(HERE, 'base'), folder, { recursive: true })
  cpSync(join(temporary, 'types-checked'), join(folder, CHECKED), { recursive: true })
  const from = join(HERE, 'cases', name)
  for (const path of wordsOf(name, 'delete')) rmSync(join(folder, path), { recursive: true })
  const about = ['args', 'delete', 'expected.txt'].map((file) => join(from, file))
  cpSync(from, folder, { recursive: true, filter: (path) => !about.includes(path) })
}

/** The lines of a file of a case; none if it has none. */
function wordsOf(name: string, file: string): string[] {
  const path = join(HERE, 'cases', name, file)
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : []
}

function show({ exit, stdout, stderr }: Answer): string {
  const part = (name: string, text: string) => (text === '' ? '' : `--- ${name}\n${text.replaceAll(folder, '/…/acme')}`)
  return `exit ${exit}\n${part('stderr', stderr)}${part('stdout', stdout)}`
}

describe('bad input', () => {
  before(async () => {
    cpSync(join(HERE, 'base'), folder, { recursive: true })
    const { exit, stderr } = await kept.run({ folder, args: ['build'] })
    assert.deepEqual({ exit, stderr }, { exit: 0, stderr: '' }, 'the base itself builds')
    cpSync(join(folder, CHECKED), join(temporary, 'types-checked'), { recursive: true })
  })

  for (const name of CASES) {
    test(name, async () => {
      layOut(name)
      const untouched = snapshot(folder)
      const args = wordsOf(name, 'args')
      const line = { folder, args: existsSync(join(HERE, 'cases', name, 'args')) ? args : ['build'] }
      const answers = [await kept.run(line), ...(ALONE.includes(name) ? [runAlone(line)] : [])]
      const file = join(HERE, 'cases', name, 'expected.txt')
      if (process.env.UPDATE) writeFileSync(file, show(answers[0]!))
      for (const answer of answers) assert.equal(show(answer), readFileSync(file, 'utf8'))
      assert.deepEqual(changesOf(untouched, snapshot(folder)), [], 'no file is touched')
    })
  }
})
