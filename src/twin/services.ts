/** The daemons of a machine, started in the order in which they need each other, each with the file that is printed for it. What becomes of them is found in the machine's folder `log`. */
import { startFrr } from './frr.ts'
import type { Machine } from './machine.ts'
import type { Place } from './place.ts'

/** A file that a daemon is told by, and how the daemon is started. */
type Service = readonly [file: string, start: (place: Place, files: Machine['files']) => unknown]

const SERVICES: readonly Service[] = [
  ['conntrackd.conf', startStateSync],
  // Its log is the only place where it says why it did what it did.
  ['keepalived.conf', ({ keep }) => keep('keepalived', 'keepalived', '--dont-fork', '--log-console', '--no-syslog', '-f', '/etc/keepalived/keepalived.conf')],
  ['haproxy.cfg', startProxy],
  ['announce.sh', ({ keep }) => keep('announce', 'sh', '/etc/haproxy/announce.sh')],
]

/** Started when all else runs everywhere: of two that start more than a few seconds apart, the first gives up on the other and takes all leases to itself for a minute. */
const PAIRED: readonly Service[] = [
  ['kea-dhcp4.conf', ({ keep }) => keep('kea-dhcp4', 'kea-dhcp4', '-c', '/etc/kea/kea-dhcp4.conf')],
  ['kea-dhcp6.conf', ({ keep }) => keep('kea-dhcp6', 'kea-dhcp6', '-c', '/etc/kea/kea-dhcp6.conf')],
]

/** Whether anything runs on a machine, or has to be kept from other machines. */
export function runsDaemons({ files }: Machine): boolean {
  return files.has('frr.conf') || files.has('wireguard.sh') || [...SERVICES, ...PAIRED].some(([file]) => files.has(file))
}

/** Starts all that the machine has a file for, but for what has to find its partner soon. */
export async function startServices(machine: Machine, vrfs: readonly string[], place: Place): Promise<void> {
  if (machine.files.has('wireguard.sh')) await place.tell('sh', 'wireguard.sh')
  if (machine.files.has('frr.conf')) await startFrr(machine, vrfs, place)
  await startEach(SERVICES, machine, place)
}

/** Starts what has to find its partner soon. */
export async function startPaired(machine: Machine, place: Place): Promise<void> {
  await startEach(PAIRED, machine, place)
}

async function startEach(services: readonly Service[], { files }: Machine, place: Place): Promise<void> {
  for (const [file, start] of services) if (files.has(file)) await start(place, files)
}

/** Starts what keeps connections in step, and what its unit has run after it. */
async function startStateSync({ tell, keep }: Place, files: Machine['files']): Promise<void> {
  await tell('conntrackd', '-d')
  const after = [...(files.get('conntrackd-service.conf') ?? '').matchAll(/^ExecStartPost=(.*)$/gm)].map(([, command]) => command!)
  for (const command of after) keep('conntrackd', 'sh', '-c', command)
}

/** Starts the proxy, as systemd does with what is printed for its unit. */
export async function startProxy({ tell, keep }: Place): Promise<void> {
  await tell('sh', '-c', 'echo 1 >/run/haproxy-state/servers')
  keep('haproxy', 'haproxy', '-W', '-f', '/etc/haproxy/haproxy.cfg', '-p', '/run/haproxy.pid')
}

/** Kills the proxy with its workers, as a crash does. */
export async function killProxy({ tell }: Place): Promise<void> {
  await tell('sh', '-c', 'master=$(cat /run/haproxy.pid); kill -KILL $master $(pgrep -P $master)')
}
