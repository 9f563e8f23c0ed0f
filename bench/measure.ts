/** How the bench measures: whole processes, the same work in this one, and a fixed loop beside them that says how fast the machine is right now. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..')

/** What a process took. */
export interface Cost {
  readonly seconds: number
  /** Of all threads, the system's share too. */
  readonly cpuSeconds: number
  /** Largest resident set, MB. */
  readonly megabytes: number
}

/** Runs in the measured process before anything else, and tells on the fourth pipe what it took. */
const TELL = `data:text/javascript,${encodeURIComponent(`
import { writeSync } from 'node:fs'
process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
  writeSync(3, JSON.stringify({ cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, megabytes: maxRSS / 1024 }))
})`)}`

/** `netwright ARGS` as a process of its own, from its start to its end. Throws when it fails. */
export function runNetwright(...args: readonly string[]): Promise<Cost> {
  return new Promise((resolve, reject) => {
    const start = performance.now()
    const child = spawn(process.execPath, ['--import', TELL, join(ROOT, 'bin/netwright'), ...args], { stdio: ['ignore', 'ignore', 'inherit', 'pipe'] })
    let told = ''
    child.stdio[3]!.on('data', (chunk) => {
      told += chunk
    })
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve({ seconds: (performance.now() - start) / 1000, ...(JSON.parse(told) as Omit<Cost, 'seconds'>) })
      else reject(new Error(`netwright ${args.join(' ')} ended with ${code}`))
    })
  })
}

/** Seconds that `work` takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}

/** Seconds of a fixed loop over what a compiler does most: it makes strings, and looks them up. */
export function calibrate(): number {
  const start = performance.now()
  const seen = new Map<string, number>()
  for (let n = 0; n < 1_000_000; n++) {
    const key = `10.${n & 255}.${(n >>> 8) & 63}.0/24`
    seen.set(key, (seen.get(key) ?? 0) + n)
  }
  return (performance.now() - start) / 1000
}

/** The middle one. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!
}
