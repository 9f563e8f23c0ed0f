/** FRR on a machine: its daemons in the machine's namespace, told its frr.conf, asked for its sessions. */
import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { FRR } from './kernel.ts'
import type { Lab } from './lab.ts'
import type { Machine } from './machine.ts'

/** A session as bgpd shows it. */
export interface Session {
  /** `default` for the main table. */
  readonly vrf: string
  readonly family: 'ipv4' | 'ipv6' | 'evpn'
  readonly neighbor: string
  readonly state: string
}

/** Starts the daemons that the machine's `daemons` names, and gives them its frr.conf. `vrfs` are those that are namespaces. `folder` holds the machine's files. */
export async function startFrr(machine: Machine, vrfs: readonly string[], folder: string, lab: Lab): Promise<void> {
  const daemons = machine.files.get('daemons') ?? ''
  const optionsOf = (daemon: string) => new RegExp(`^${daemon}_options="(.*)"$`, 'm').exec(daemons)?.[1] ?? ''
  const names = ['zebra', 'staticd', ...[...daemons.matchAll(/^(\w+d)=yes$/gm)].map((match) => match[1]!)]
  const own = `${folder}/netns`
  mkdirSync(own)
  for (const vrf of vrfs) writeFileSync(`${own}/${vrf}`, '')
  writeFileSync(
    `${folder}/start.sh`,
    [
      'set -e',
      `hostname -F ${folder}/hostname`,
      `chown -R frr:frr ${folder}`,
      // zebra -n takes every namespace in /run/netns for a VRF, so there it sees its own only, under their plain names.
      'mount --make-rprivate /',
      ...vrfs.map((vrf) => `mount --bind /run/netns/${lab.namespaceOf(machine.name, vrf)} ${own}/${vrf}`),
      `mount --rbind ${own} /run/netns`,
      ...names.map((name) => {
        const place = `-i ${folder}/${name}.pid -z ${folder}/zserv.api --vty_socket ${folder}`
        return `${FRR}/${name} -d -u frr -g frr -f /dev/null -P 0 ${place} ${name === 'zebra' && vrfs.length > 0 ? '-n ' : ''}${optionsOf(name)}`
      }),
    ].join('\n'),
  )
  await quietly('nsenter', `--net=/run/netns/${lab.namespaceOf(machine.name)}`, 'unshare', '--mount', '--uts', 'sh', `${folder}/start.sh`)
  const said = await quietly('vtysh', '--vty_socket', folder, '-f', `${folder}/frr.conf`)
  if (/^%|^line \d+|[Uu]nknown command|failed/m.test(said)) throw new Error(`${machine.name}: FRR does not take frr.conf: ${said}`)
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

/** Runs a program to its end and returns all that it said. */
async function quietly(command: string, ...args: string[]): Promise<string> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  const status = await new Promise<number | null>((done, failed) => child.on('close', done).on('error', failed))
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${said}`)
  return said
}
