/** Writes the tree as `conntrackd.conf`, and what systemd is told besides Debian's own unit as `conntrackd-service.conf`. */
import { familyOf } from '#base/ip.ts'
import type { Why } from '#base/place.ts'
import type { Line, PrintedFile, Rule } from '../target.ts'
import { rules } from './rules.ts'
import type { ConntrackdTree } from './tree.ts'

/** Name of the daemon's file. */
export const CONFIG = 'conntrackd.conf'

/** Name of what systemd is told besides Debian's own unit. */
export const SERVICE = 'conntrackd-service.conf'

const LOCK = '/run/conntrackd.lock'

/** Addresses that every device has, and nobody else can reach. */
const LOOPBACK = ['127.0.0.0/8', '::1']

/** UDP port, as in conntrackd.conf(5). */
const PORT = 3780

// Bytes.
const MIB = 1 << 20
const RECEIVE_BUFFER = 64 * MIB
const [EVENT_BUFFER, MOST_EVENT_BUFFER] = [8 * MIB, 64 * MIB]

/** Connections that a kernel with 4 GiB or more tracks if nobody says otherwise (nf_conntrack-sysctl.rst, nf_conntrack_buckets). */
const TRACKED = 262_144

type Constants = readonly (readonly [text: string, rule: Rule])[]

/** The lines of each block that are the same on every device, as `parse` insists on them. */
export const CONSTANTS = {
  mode: [
    ['DisableExternalCache yes', rules.straight],
    ['StartupResync yes', rules.catchUp],
  ],
  udp: [
    [`Port ${PORT}`, rules.port],
    [`RcvSocketBuffer ${RECEIVE_BUFFER}`, rules.burst],
  ],
  general: [
    [`HashSize ${TRACKED}`, rules.size],
    [`HashLimit ${2 * TRACKED}`, rules.size],
    [`NetlinkBufferSize ${EVENT_BUFFER}`, rules.events],
    [`NetlinkBufferSizeMaxGrowth ${MOST_EVENT_BUFFER}`, rules.events],
    ['Syslog yes', rules.log],
    [`LockFile ${LOCK}`, rules.run],
  ],
  unix: [['Path /run/conntrackd.ctl', rules.run]],
  ignored: LOOPBACK.map((address) => [ignore(address), rules.own] as const),
  service: [
    [`ExecStartPre=/bin/rm -f ${LOCK}`, rules.staleLock],
    ['RestartSec=3', rules.again],
  ],
} as const satisfies Record<string, Constants>

/** The line of an address that is not told of. */
export function ignore(address: string): string {
  return `IPv${familyOf(address)}_address ${address}`
}

/**
 * A loop beside the daemon: asks every 5 s whether the other end of the link is there; when three pings of one round get no answer, the daemon's memory is made anew from the
 * kernel's, once, until there is an answer again.
 */
export function adopting(port: string, remote: string): string {
  const there = `there() { ping -q -c 3 -i 0.5 -W 1 -I ${port} ${remote} > /dev/null; }`
  const adopt = 'conntrackd -f internal; conntrackd -R; until there; do sleep 5; done'
  return `ExecStartPost=/bin/sh -c '${there}; while sleep 5; do there || { ${adopt}; }; done &'`
}

/** The two files. */
export function print(tree: ConntrackdTree): readonly PrintedFile[] {
  return [
    { path: CONFIG, lines: [...sync(tree), { text: '', why: tree.why }, ...general(tree)] },
    { path: SERVICE, lines: service(tree) },
  ]
}

function reason(rule: Rule): Line {
  return { text: `# ${rule.reason}`, why: [rule.origin] }
}

/** Constant lines, each reason once above the first line that it is for. */
function explained(lines: Constants, why: Why = []): Line[] {
  return lines.flatMap((one, index) => [...(lines[index - 1]?.[1] === one[1] ? [] : [reason(one[1])]), ...plain([one], why)])
}

/** Constant lines whose reason stands above the block that they are in. */
function plain(lines: Constants, why: Why = []): Line[] {
  return lines.map(([text, rule]) => ({ text, why: [...why, rule.origin] }))
}

function block(opening: string, lines: readonly Line[], why: Why): Line[] {
  return [{ text: `${opening} {`, why }, ...lines.map(({ text, why }) => ({ text: `    ${text}`, why })), { text: '}', why }]
}

function sync({ interface: port, local, remote, why }: ConntrackdTree): Line[] {
  const family = `IPv${familyOf(local)}`
  const ends = [`${family}_address ${local}`, `${family}_Destination_Address ${remote}`, `Interface ${port}`]
  return block(
    'Sync',
    [
      reason(rules.mode),
      ...block('Mode FTFW', explained(CONSTANTS.mode, why), [...why, rules.mode.origin]),
      ...block('UDP', [...ends.map((text) => ({ text, why })), ...explained(CONSTANTS.udp, why)], why),
    ],
    why,
  )
}

function general({ ignored, why }: ConntrackdTree): Line[] {
  const own = [rules.own.origin]
  const addresses = [...plain(CONSTANTS.ignored), ...ignored.map((address) => ({ text: ignore(address), why: [...why, ...own] }))]
  return block(
    'General',
    [
      ...explained(CONSTANTS.general),
      ...block('UNIX', plain(CONSTANTS.unix), [rules.run.origin]),
      reason(rules.own),
      ...block('Filter From Userspace', block('Address Ignore', addresses, own), own),
    ],
    why,
  )
}

function service({ interface: port, remote, why }: ConntrackdTree): Line[] {
  return [{ text: '[Service]', why }, ...explained(CONSTANTS.service), reason(rules.adopt), { text: adopting(port, remote), why: [...why, rules.adopt.origin] }]
}
