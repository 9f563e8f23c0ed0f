/** `npm run check`: all that must hold before a change goes in. One line for each step, with all its output where it fails; every step is run. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

/** What each step runs on node. */
const STEPS: readonly (readonly [name: string, script: string, ...args: string[]])[] = [
  ['format and lint', 'node_modules/@biomejs/biome/bin/biome', 'ci', '--error-on-warnings', '--colors=off'],
  ['messages are up to date', 'tools/messages.ts', '--check'],
  ['rooms are up to date', 'tools/rooms.ts', '--check'],
  ['types and walls', 'node_modules/typescript/bin/tsc', '-b'],
  ['types of the tests', 'node_modules/typescript/bin/tsc', '-p', 'test'],
  ['tests', 'tools/test.ts'],
]

for (const [name, ...args] of STEPS) {
  const start = performance.now()
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 })
  console.log(`${status === 0 ? '✔' : '✖'} ${name}  ${((performance.now() - start) / 1000).toFixed(1)} s`)
  if (status !== 0) {
    console.log(stdout + stderr)
    process.exitCode = 1
  }
}
