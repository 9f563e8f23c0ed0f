/**
 * Where a boot lives: network namespaces and a folder in /run that carry one name. When the process that boots ends before it is done, however it ends, a guard removes all of it. Labs of tests carry the number of their
 * process, so that two do not meet, and what even the guard could not remove is known by the process that is no more.
 */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'

const NAMESPACES = '/run/netns'
const OURS = /^(netwright-boot-(\d+))(\.|$)/

/** How long removing may take, in ms. */
const PATIENCE = 30_000

/** A place for one boot. */
export interface Lab {
  /** Folder for what is read by daemons and written by them. Every process of the lab names it on its command line or in its environment. */
  readonly folder: string
  /** The name of a machine's namespace, or of that of one of its VRFs. */
  namespaceOf(machine: string, vrf?: string): string
  /** Ends all processes of the lab and removes all that it made. */
  close(): void
}

/** Makes a lab for this process, after removing those of processes that are no more. One that is kept stays when this process ends, until the next is made. */
export function openLab(keep: boolean): Lab {
  for (const left of leftovers()) removeLab(left)
  const name = `netwright-boot-${process.pid}`
  if (!keep) guard(name)
  mkdirSync(`/run/${name}`)
  return labNamed(name)
}

/** A lab of this name, whether it is there or not. */
export function labNamed(name: string): Lab {
  return {
    folder: `/run/${name}`,
    namespaceOf: (machine, vrf = '') => `${name}.${machine.replaceAll('/', '.')}${vrf && `@${vrf}`}`,
    close: () => removeLab(name),
  }
}

/** Whether anything of a lab is there. */
export function isThere(name: string): boolean {
  return existsSync(`/run/${name}`) || list(NAMESPACES).some((entry) => entry.startsWith(`${name}.`))
}

/** Ends all processes of a lab and removes all that it made. Somebody else may be doing the same. */
export function removeLab(name: string): void {
  const deadline = performance.now() + PATIENCE
  const namespaces = () => list(NAMESPACES).filter((entry) => entry.startsWith(`${name}.`))
  // A process that was just forked, and what it makes, may be missed once.
  for (let quiet = 0; quiet < 2; quiet++) {
    const found = namespaces()
    const pids = processes(`/run/${name}/`, found)
    if (pids.length > 0) spawnSync('kill', ['-KILL', ...pids])
    spawnSync('ip', ['-force', '-batch', '-'], { input: found.map((namespace) => `netns delete ${namespace}\n`).join('') })
    rmSync(`/run/${name}`, { recursive: true, force: true, maxRetries: 5 })
    if (pids.length > 0 || found.length > 0) quiet = -1
    if (performance.now() > deadline) throw new Error(`not removed within ${PATIENCE / 1000} s: ${namespaces().join(' ')} /run/${name}`)
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50)
  }
}

/** Starts a process that outlives this one and then removes the lab: it waits for the end of its input. Returns what lets the lab stay. */
export function guard(name: string): () => void {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'guard.ts'), name], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  child.unref()
  ;(child.stdin as unknown as { unref(): void }).unref()
  return () => child.kill('SIGKILL')
}

function leftovers(): Set<string> {
  const labs = [...list(NAMESPACES), ...list('/run')].flatMap((entry) => {
    const [, name, pid] = OURS.exec(entry) ?? []
    return name && !existsSync(`/proc/${pid}`) ? [name] : []
  })
  return new Set(labs)
}

/** Processes in the namespaces that were started with the folder on their command line or in their environment. Whoever only looks around in a namespace is none. */
function processes(folder: string, namespaces: readonly string[]): string[] {
  const inodes = new Set(namespaces.flatMap((namespace) => statSync(`${NAMESPACES}/${namespace}`, { throwIfNoEntry: false })?.ino ?? []))
  return list('/proc').flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return []
    try {
      const inode = Number(/\d+/.exec(readlinkSync(`/proc/${entry}/ns/net`))![0])
      return inodes.has(inode) && ['cmdline', 'environ'].some((said) => readFileSync(`/proc/${entry}/${said}`, 'utf8').includes(folder)) ? [entry] : []
    } catch {
      return []
    }
  })
}

function list(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : []
}
