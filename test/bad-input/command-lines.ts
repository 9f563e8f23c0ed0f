/**
 * Runs command lines of the program one after the other in one process, which saves its start for each. Every line runs `src/cli/main.ts` from its first statement, as if it had been
 * called from a shell in that folder; what it writes goes back to the parent in place of the terminal. Forked by {@link ./command-line.ts}.
 */
import { pathToFileURL } from 'node:url'
import type { Answer, CommandLine } from './command-line.ts'

const main = pathToFileURL(`${import.meta.dirname}/../../src/cli/main.ts`).href

let count = 0

async function run({ folder, args }: CommandLine): Promise<Answer> {
  const said = { stdout: '', stderr: '' }
  const write = { stdout: process.stdout.write, stderr: process.stderr.write }
  const collect = (stream: 'stdout' | 'stderr') => (text: string | Uint8Array) => {
    said[stream] += String(text)
    return true
  }
  process.chdir(folder)
  process.argv = [process.execPath, 'netwright', ...args]
  process.exitCode = undefined
  process.stdout.write = collect('stdout')
  process.stderr.write = collect('stderr')
  try {
    // The query makes it another module, so that its statements run again.
    await import(`${main}?${count++}`)
  } catch (error) {
    said.stderr += `uncaught ${(error as Error).stack}`
    process.exitCode = 70
  } finally {
    process.stdout.write = write.stdout
    process.stderr.write = write.stderr
  }
  const exit = Number(process.exitCode ?? 0)
  process.exitCode = undefined
  return { exit, ...said }
}

process.on('message', (line: CommandLine) => {
  run(line)
    .then((answer) => process.send!(answer))
    .catch((error) => process.send!({ exit: 71, stdout: '', stderr: String(error) } satisfies Answer))
})
