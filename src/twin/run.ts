/** Running the system's programs. What fails throws with what the program said. */
import { spawnSync } from 'node:child_process'

/** Runs a program and returns its output. */
export function run(command: string, args: readonly string[], input = ''): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { input, encoding: 'utf8', maxBuffer: 1 << 28 })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? `${stderr}${stdout}`.trim()}`)
  return stdout
}

/** Whether a program ends well. */
export function works(command: string, args: readonly string[], input = ''): boolean {
  return spawnSync(command, args, { input }).status === 0
}

/** Gives `ip -batch` commands to a network namespace, to that of this process if none is named. A command that fails is named. */
export function ipBatch(commands: readonly string[], namespace?: string): void {
  if (commands.length === 0) return
  const args = [...(namespace ? ['-n', namespace] : []), '-batch', '-']
  const { status, stderr, error } = spawnSync('ip', args, { input: `${commands.join('\n')}\n`, encoding: 'utf8' })
  if (status === 0) return
  const line = /Command failed -:(\d+)/.exec(stderr)?.[1]
  throw new Error(`ip ${args.join(' ')}: ${error?.message ?? stderr.trim()}${line ? `: ${commands[Number(line) - 1]}` : ''}`)
}

/** A program in a network namespace, as arguments for {@link run}: `run(...within(namespace, 'nft', '-f', file))`. */
export function within(namespace: string, ...command: string[]): [string, string[]] {
  return ['nsenter', [`--net=/run/netns/${namespace}`, ...command]]
}

/** Waits until `missing` says nothing. Throws with what it said last when `seconds` have passed. */
export async function until(what: string, seconds: number, missing: () => string | undefined | Promise<string | undefined>): Promise<void> {
  const deadline = performance.now() + seconds * 1000
  for (let pause = 20; ; pause = Math.min(pause * 2, 300)) {
    const still = await missing()
    if (still === undefined) return
    if (performance.now() > deadline) throw new Error(`${what}: not within ${seconds} s. Missing: ${still}`)
    await new Promise((done) => setTimeout(done, pause))
  }
}
