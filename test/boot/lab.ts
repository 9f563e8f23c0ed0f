/**
 * Where a boot lives: network namespaces and a folder in /run that carry the process id of whoever booted it, so that two boots do not meet and what a killed one left behind is known.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs'
import { ipBatch } from './run.ts'

const NAMESPACES = '/run/netns'
const OURS = /^netwright-boot-(\d+)(?=\.|$)/

/** A place for one boot. */
export interface Lab {
  /** Folder for what is read by daemons and written by them. Every process of the lab names it on its command line. */
  readonly folder: string
  /** The name of a machine's namespace, or of that of one of its VRFs. */
  namespaceOf(machine: string, vrf?: string): string
  /** Ends all processes of the lab and removes all that it made. Twice is as good as once. */
  close(): void
}

/** Makes a place for this process, after removing those of processes that are no more. */
export function openLab(): Lab {
  for (const name of leftovers()) remove(name)
  const name = `netwright-boot-${process.pid}`
  remove(name)
  const folder = `/run/${name}`
  mkdirSync(folder, { mode: 0o755 })
  return {
    folder,
    namespaceOf: (machine, vrf = '') => `${name}.${machine.replaceAll('/', '.')}${vrf && `@${vrf}`}`,
    close: () => remove(name),
  }
}

function leftovers(): Set<string> {
  const found = [...list(NAMESPACES), ...list('/run')].flatMap((entry) => OURS.exec(entry) ?? []).filter((part) => part.startsWith('netwright'))
  return new Set(found.filter((name) => !existsSync(`/proc/${name.slice(name.lastIndexOf('-') + 1)}`)))
}

function remove(name: string): void {
  const namespaces = list(NAMESPACES).filter((entry) => entry.startsWith(`${name}.`))
  const inodes = new Set(namespaces.map((namespace) => statSync(`${NAMESPACES}/${namespace}`).ino))
  // A process that was just forked may be missed once.
  for (let pids = processes(`/run/${name}`, inodes); pids.length > 0; pids = processes(`/run/${name}`, inodes)) {
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // Gone by itself.
      }
    }
  }
  ipBatch(namespaces.map((namespace) => `netns delete ${namespace}`))
  rmSync(`/run/${name}`, { recursive: true, force: true })
}

/** Processes in one of the namespaces that were started with the folder on their command line. Whoever only looks around in a namespace is none. */
function processes(folder: string, namespaces: ReadonlySet<number>): number[] {
  return list('/proc').flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return []
    try {
      const inode = Number(/\d+/.exec(readlinkSync(`/proc/${entry}/ns/net`))![0])
      return namespaces.has(inode) && readFileSync(`/proc/${entry}/cmdline`, 'utf8').includes(`${folder}/`) ? [Number(entry)] : []
    } catch {
      return []
    }
  })
}

function list(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : []
}
