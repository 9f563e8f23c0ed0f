/**
 * What this machine has for a boot. Tables of neighbours and of file watches are one for the whole kernel, however many namespaces there are, so a boot that is too large
 * for them fails in ways that look like bugs of the network.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { works } from './run.ts'

/** Kinds of link that the kernel has; what it lacks is translated. */
export interface Kernel {
  readonly vlan: boolean
  readonly vrf: boolean
  readonly wireguard: boolean
}

/** Where Debian and its descendants put FRR's daemons. */
export const FRR = '/usr/lib/frr'

/** Programs that a boot runs, and the package that has each. */
const PROGRAMS: readonly (readonly [program: string, probe: readonly [string, ...string[]], packageName: string])[] = [
  ['ip', ['ip', '-V'], 'iproute2'],
  ['sysctl', ['sysctl', '--version'], 'procps'],
  ['nsenter', ['nsenter', '--version'], 'util-linux'],
  ['nft', ['nft', '--version'], 'nftables'],
  ['vtysh', ['vtysh', '--help'], 'frr'],
  ['wg', ['wg', '--version'], 'wireguard-tools'],
  ['wireguard-go', ['wireguard-go', '--version'], 'wireguard-go'],
  ['keepalived', ['keepalived', '--version'], 'keepalived'],
  ['conntrackd', ['conntrackd', '-v'], 'conntrackd'],
  ['kea-dhcp4', ['kea-dhcp4', '-v'], 'kea-dhcp4-server'],
  ['kea-dhcp6', ['kea-dhcp6', '-v'], 'kea-dhcp6-server'],
  ['haproxy', ['haproxy', '-v'], 'haproxy'],
  ['socat', ['socat', '-V'], 'socat'],
  ['openssl', ['openssl', 'version'], 'openssl'],
]

/** Why nothing can be booted here, by nobody's fault; false when it can. */
export function unable(): string | false {
  if (process.platform !== 'linux') return 'booting takes Linux'
  if (process.getuid?.() !== 0) return 'booting takes root (network namespaces)'
  return works('unshare', ['--net', '--mount', '--uts', 'true']) ? false : 'no network namespace can be made here'
}

/** A program that is missing, and the package that has it. */
export function missingProgram(): { readonly program: string; readonly packageName: string } | undefined {
  const found = PROGRAMS.find(([, [command, ...args]]) => !works(command, args))
  const daemon = ['zebra', 'staticd', 'bgpd', 'bfdd'].find((name) => !existsSync(`${FRR}/${name}`))
  return found ? { program: found[0], packageName: found[2] } : daemon === undefined ? undefined : { program: daemon, packageName: 'frr' }
}

/** Tries which kinds of link the kernel has, in a namespace that is gone afterwards. */
export function tryKernel(): Kernel {
  const takes = (...commands: string[]) => works('unshare', ['--net', 'ip', '-batch', '-'], `${commands.join('\n')}\n`)
  return {
    vlan: takes('link add name a type veth peer name b', 'link add link a name a.5 type vlan id 5'),
    vrf: takes('link add name red type vrf table 10'),
    wireguard: takes('link add name wg0 type wireguard'),
  }
}

/** Raises limits of the whole kernel that `neighbors` table entries and `watchers` inotify instances would exceed. Returns what it raised. They stay raised. */
export function makeRoom(neighbors: number, watchers: number): string[] {
  const atLeast = (key: string, wanted: number): string[] => {
    const file = `/proc/sys/${key}`
    const had = Number(readFileSync(file, 'utf8'))
    if (had >= wanted) return []
    writeFileSync(file, String(wanted))
    return [`${key.replaceAll('/', '.')}: ${had}, now ${wanted}`]
  }
  return [
    // The soft limit before the hard one; both families have a table. Twice the need, since stale entries are collected late and others use it too.
    ...['ipv4', 'ipv6'].flatMap((family) => [
      ...atLeast(`net/${family}/neigh/default/gc_thresh3`, neighbors * 4),
      ...atLeast(`net/${family}/neigh/default/gc_thresh2`, neighbors * 2),
    ]),
    ...atLeast('fs/inotify/max_user_instances', watchers + 64),
  ]
}
