/** FRR on a machine: its daemons in the machine's namespace, told its frr.conf, asked for its sessions. */
import { spawn } from 'node:child_process'
import { FRR } from './kernel.ts'
import type { Machine } from './machine.ts'
import type { Place } from './place.ts'

/** A session as bgpd shows it. */
export interface Session {
  /** `default` for the main table. */
  readonly vrf: string
  readonly family: 'ipv4' | 'ipv6' | 'evpn'
  readonly neighbor: string
  readonly state: string
}

/** Starts the daemons that the machine's `daemons` names, and gives them its frr.conf. `vrfs` are those that are namespaces. */
export async function startFrr({ name, files }: Machine, vrfs: readonly string[], place: Place): Promise<void> {
  const names = ['zebra', 'staticd', ...[...daemonsOf(files).matchAll(/^(\w+d)=yes$/gm)].map((match) => match[1]!)]
  for (const daemon of names) await startDaemon(daemon, files, vrfs, place)
  const said = await place.tell('vtysh', '--vty_socket', place.folder, '-f', `${place.folder}/frr.conf`)
  if (/^%|^line \d+|[Uu]nknown command|failed/m.test(said)) throw new Error(`${name}: FRR does not take frr.conf: ${said}`)
}

/** Kills a daemon at once, as a crash does. */
export async function killDaemon(daemon: string, { tell, folder }: Place): Promise<void> {
  await tell('sh', '-c', `kill -KILL $(cat ${folder}/${daemon}.pid)`)
}

/** Starts a daemon that was killed, with the part of frr.conf that is its own, as watchfrr does. */
export async function restartDaemon(daemon: string, { files }: Machine, vrfs: readonly string[], place: Place): Promise<void> {
  await startDaemon(daemon, files, vrfs, place)
  await place.tell('vtysh', '--vty_socket', place.folder, '-d', daemon, '-f', `${place.folder}/frr.conf`)
}

async function startDaemon(daemon: string, files: Machine['files'], vrfs: readonly string[], { folder, tell }: Place): Promise<void> {
  const options = new RegExp(`^${daemon}_options="(.*)"$`, 'm').exec(daemonsOf(files))?.[1]?.split(' ') ?? []
  const where = ['-i', `${folder}/${daemon}.pid`, '-z', `${folder}/zserv.api`, '--vty_socket', folder]
  const own = [...(daemon === 'zebra' && vrfs.length > 0 ? ['-n'] : []), ...(daemon === 'bfdd' ? ['--bfdctl', `${folder}/bfdd.sock`] : [])]
  await tell(`${FRR}/${daemon}`, '-d', '-u', 'frr', '-g', 'frr', '-f', '/dev/null', '-P', '0', ...where, ...own, ...options)
}

function daemonsOf(files: Machine['files']): string {
  return files.get('daemons') ?? ''
}

/** Ends all sessions of a machine; they come up again. */
export async function clearSessions(folder: string): Promise<void> {
  await quietly('vtysh', '--vty_socket', folder, '-c', 'clear bgp *')
}

/** The sessions of a machine, whatever their state. */
export async function sessionsOf(folder: string): Promise<Session[]> {
  const said = await quietly('vtysh', '--vty_socket', folder, '-c', 'show bgp vrf all summary json')
  const FAMILIES = { ipv4Unicast: 'ipv4', ipv6Unicast: 'ipv6', l2VpnEvpn: 'evpn' } as const
  const tables = JSON.parse(said) as Record<string, Record<string, { peers?: Record<string, { state: string }> }>>
  return Object.entries(tables).flatMap(([vrf, families]) =>
    Object.entries(FAMILIES).flatMap(([key, family]) =>
      Object.entries(families[key]?.peers ?? {}).map(([neighbor, { state }]) => ({ vrf, family, neighbor, state })),
    ),
  )
}

/** A BFD session as bfdd shows it. */
export interface Watch {
  readonly peer: string
  readonly vrf: string
  readonly status: string
  /** ms, as agreed. */
  readonly transmit: number
  readonly detect: number
}

/** The BFD sessions of a machine. */
export async function watchesOf(folder: string): Promise<Watch[]> {
  const said = await quietly('vtysh', '--vty_socket', folder, '-c', 'show bfd peers json')
  type Peer = { peer: string; vrf: string; status: string; 'transmit-interval': number; 'remote-receive-interval': number; 'detect-multiplier': number }
  return (JSON.parse(said) as Peer[]).map((one) => ({
    peer: one.peer,
    vrf: one.vrf,
    status: one.status,
    transmit: Math.max(one['transmit-interval'], one['remote-receive-interval']),
    detect: one['detect-multiplier'],
  }))
}

/** Runs a program to its end and returns all that it said. */
async function quietly(command: string, ...args: string[]): Promise<string> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  const status = await new Promise<number | null>((done, failed) => child.on('close', done).on('error', failed))
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${said}`)
  return said
}
