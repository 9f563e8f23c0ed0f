/**
 * `npm test`: all tests, on node's own runner. `npm test -- src/base` runs those of a folder or file; further options go to the runner (`--test-name-pattern=...`).
 */
import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { delimiter, join } from 'node:path'
import { ensurePackages, PROGRAM_FOLDERS } from './packages.ts'

const root = join(import.meta.dirname, '..')
const args = process.argv.slice(2)
const options = args.filter((arg) => arg.startsWith('-'))
const paths = args.filter((arg) => !arg.startsWith('-'))

ensurePackages()
const { status } = spawnSync(
  process.execPath,
  [
    '--test',
    `--test-concurrency=${availableParallelism()}`,
    `--test-reporter=${join(import.meta.dirname, 'test-reporter.ts')}`,
    ...options,
    ...(paths.length > 0 ? paths : ['src', 'test']).map(pattern),
  ],
  { cwd: root, stdio: 'inherit', env: { ...process.env, PATH: [process.env.PATH, ...PROGRAM_FOLDERS].join(delimiter) } },
)
process.exitCode = status ?? 1

/** The tests of a folder; a file or a pattern as it is. */
function pattern(path: string): string {
  return statSync(join(root, path), { throwIfNoEntry: false })?.isDirectory() ? `${path}/**/*.test.ts` : path
}
