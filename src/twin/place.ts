/**
 * Where the daemons of a machine run: its network namespace, and a mount namespace in which it has /dev, /etc, /run and /var for itself, so that every machine can have its files, sockets and leases at
 * the paths that they have on a machine of its own. What the printed files do not say is there as on the machine that boots, but for a log: nobody keeps one.
 */
import { spawn } from 'node:child_process'
import { chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Lab } from './lab.ts'
import type { Machine } from './machine.ts'
import { run } from './run.ts'

/** A machine's place. */
export interface Place {
  /** Folder of its files; daemons of FRR have their sockets there. */
  readonly folder: string
  /** Runs a program in the place, to its end, and returns all that it said. Throws with it when the program fails. */
  tell(command: string, ...args: string[]): Promise<string>
  /** Starts a program in the place that stays; what it says goes to a file of that name. */
  keep(name: string, command: string, ...args: string[]): void
}

/** Where a machine has its printed files, beside its folder. */
const INSTALLED: readonly (readonly [file: RegExp, folder: string])[] = [
  [/^conntrackd\.conf$/, 'etc/conntrackd'],
  [/^keepalived\.conf$|^has-routes\.sh$/, 'etc/keepalived'],
  [/^kea-dhcp[46]\.conf$/, 'etc/kea'],
  [/^haproxy\.cfg$|^announce\.sh$/, 'etc/haproxy'],
]

/** Folders that packages make when they are installed, or the system when it starts. */
const MADE = ['run/haproxy', 'run/haproxy-state', 'run/kea', 'run/wireguard', 'run/lock', 'run/netns', 'over/var/lib/kea', 'over/var/lib/haproxy', 'dev/net']

/** Devices that daemons open. */
const DEVICES = ['null', 'zero', 'random', 'urandom', 'net/tun']

/** Makes the place of a machine whose namespaces are there. `vrfs` are those that are namespaces. */
export async function makePlace({ name, files, secrets }: Machine, vrfs: readonly string[], folder: string, lab: Lab): Promise<Place> {
  const put = (path: string, text: string | Buffer, mode = 0o644) => {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text, { mode })
  }
  const [run_, etc, log] = [`${folder}/run`, `${folder}/over/etc`, `${folder}/log`]
  for (const made of [
    ...MADE.map((path) => join(folder, path)),
    etc,
    log,
    `${folder}/over/var`,
    `${folder}/work/etc`,
    `${folder}/work/var`,
    `${run_}${folder.slice('/run'.length)}`,
  ])
    mkdirSync(made, { recursive: true })
  for (const [file, text] of files) {
    const found = INSTALLED.find(([pattern]) => pattern.test(file))
    if (found) put(`${folder}/over/${found[1]}/${file}`, text)
  }
  for (const [secret, value] of secrets ?? []) put(`${etc}/netwright/secrets/${secret}`, value, 0o600)
  for (const vrf of vrfs) writeFileSync(`${run_}/netns/${vrf}`, '')
  chownSync(folder, ...frr())
  writeFileSync(
    `${folder}/place.sh`,
    [
      'set -e',
      `hostname -F ${folder}/hostname`,
      'mount --make-rprivate /',
      ...['etc', 'var'].map((top) => `mount -t overlay -o lowerdir=/${top},upperdir=${folder}/over/${top},workdir=${folder}/work/${top} overlay /${top}`),
      // zebra -n takes every namespace in /run/netns for a VRF, so there it sees its own only, under their plain names.
      ...vrfs.map((vrf) => `mount --bind /run/netns/${lab.namespaceOf(name, vrf)} ${run_}/netns/${vrf}`),
      // Without a log to write to, the library writes to the console, which may be a slow line that daemons then wait for.
      ...DEVICES.map((device) => `touch ${folder}/dev/${device}; mount --bind /dev/${device} ${folder}/dev/${device}`),
      ...['stdin', 'stdout', 'stderr'].map((name, descriptor) => `ln -s /proc/self/fd/${descriptor} ${folder}/dev/${name}`),
      `mount --rbind ${folder}/dev /dev`,
      `mount --bind ${folder} ${run_}${folder.slice('/run'.length)}`,
      `mount --rbind ${run_} /run`,
      'sleep infinity </dev/null >/dev/null 2>&1 &',
      `echo $! >${folder}/place.pid`,
    ].join('\n'),
  )
  await said('nsenter', [`--net=/run/netns/${lab.namespaceOf(name)}`, 'unshare', '--mount', '--uts', 'sh', `${folder}/place.sh`], environmentOf(folder))
  return placeIn(folder)
}

function environmentOf(folder: string): NodeJS.ProcessEnv {
  return { ...process.env, [LAB_VARIABLE]: `${folder}/` }
}

/** What brings a program into the place that is in a folder: the arguments of nsenter. */
export function insideOf(folder: string): readonly string[] {
  return ['-t', readFileSync(`${folder}/place.pid`, 'utf8').trim(), '--net', '--mount', '--uts', `--wd=${folder}`]
}

/** The place that is in a folder. */
export function placeIn(folder: string): Place {
  const [inside, environment, log] = [insideOf(folder), environmentOf(folder), `${folder}/log`]
  return {
    folder,
    tell: (command, ...args) => said('nsenter', [...inside, command, ...args], environment),
    keep(name, command, ...args) {
      const script = `exec "$@" >>${log}/${name} 2>&1 </dev/null`
      spawn('nsenter', [...inside, 'sh', '-c', script, 'sh', command, ...args], { stdio: 'ignore', env: environment, detached: true }).unref()
    },
  }
}

/** In the environment of every process of a place: the folder of its machine. */
export const LAB_VARIABLE = 'NETWRIGHT_BOOT'

/** The user and the group that FRR runs as. */
function frr(): [user: number, group: number] {
  return [Number(run('id', ['-u', 'frr'])), Number(run('id', ['-g', 'frr']))]
}

async function said(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (more: string) => (text += more))
  const status = await new Promise<number | null>((done, failed) => child.on('close', done).on('error', failed))
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${text}`)
  return text
}
