/** Command lines of the program and what they answer: each in a process of its own, or many in one that is kept. */
import { type ChildProcess, fork, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** A command line: the arguments after `netwright`, given in a folder. */
export interface CommandLine {
  readonly folder: string
  readonly args: readonly string[]
}

/** Somebody to run the program as. */
export interface User {
  readonly uid: number
  readonly gid: number
}

/** Who may do nothing but what all may: of most systems, the user `nobody`. */
export const NOBODY: User = { uid: 65534, gid: 65534 }

/** What came back. */
export interface Answer {
  readonly exit: number | null
  readonly stdout: string
  readonly stderr: string
}

/** The program, as it is called from a shell. */
export const BIN = join(import.meta.dirname, '..', '..', 'bin', 'netwright')

/** Runs a command line as a shell would; as another user, if one is given. */
export function runAlone({ folder, args }: CommandLine, user?: User): Answer {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], { cwd: folder, encoding: 'utf8', ...user })
  return { exit: status, stdout, stderr }
}

/** A process that runs command lines one after the other. */
export interface KeptProcess {
  readonly run: (line: CommandLine) => Promise<Answer>
  readonly end: () => void
}

/** Starts a process to be kept, with its first command line; as another user, if one is given. */
export function keptProcess(user?: User): KeptProcess {
  let child: ChildProcess | undefined
  return {
    async run(line) {
      child ??= fork(join(import.meta.dirname, 'command-lines.ts'), { ...user })
      child.send(line)
      const [answer] = (await once(child, 'message')) as [Answer]
      return answer
    },
    end: () => child?.kill(),
  }
}
