/** Writes the tree as `rsyslog.conf`: where messages come from, and an action with a queue for each server. */
import type { Line, PrintedFile, Rule } from '../target.ts'
import { rules } from './rules.ts'
import type { RsyslogTree } from './tree.ts'

type Constants = readonly (readonly [text: string, rule: Rule])[]

/** The constant lines, as `parse` insists on them: of the file, and of each action. */
export const INPUTS: Constants = [
  ['global(workDirectory="/var/spool/rsyslog")', rules.spool],
  ['module(load="imuxsock" SysSock.RateLimit.Interval="30" SysSock.RateLimit.Burst="1000")', rules.programs],
  ['module(load="imklog" RatelimitInterval="30" RatelimitBurst="1000")', rules.kernel],
]
export const FORWARDING: Constants = [
  ['protocol="tcp" tcp_framing="octet-counted" template="RSYSLOG_SyslogProtocol23Format"', rules.format],
  [
    'queue.type="LinkedList" queue.highWatermark="500" queue.lowWatermark="200" queue.maxDiskSpace="128m" queue.timeoutEnqueue="0" queue.saveOnShutdown="on"',
    rules.queue,
  ],
  ['action.resumeRetryCount="-1"', rules.retry],
]

function reason(rule: Rule, indent = ''): Line {
  return { text: `${indent}# ${rule.reason}`, why: [rule.origin] }
}

function explained(constants: Constants, indent: string): readonly Line[] {
  return constants.flatMap(([text, rule]) => [reason(rule, indent), { text: indent + text, why: [rule.origin] }])
}

// Made once: they are the same lines on every device. What one action says, the next need not explain again.
const INPUT_LINES = explained(INPUTS, '')
const HOSTNAME = reason(rules.hostname)
const DEVICE = reason(rules.device)
const FIRST_LINES = explained(FORWARDING, '  ')
const NEXT_LINES = FIRST_LINES.filter((_, index) => index % 2 === 1)

/** The one file. */
export function print({ hostname, servers, device, why }: RsyslogTree): readonly PrintedFile[] {
  const bound = device === undefined ? '' : ` device="${device}"`
  const opened = device === undefined ? why : [...why, rules.device.origin]
  const lines: Line[] = [
    ...INPUT_LINES,
    HOSTNAME,
    { text: `global(localHostname="${hostname.name}")`, why: [...hostname.why, rules.hostname.origin] },
    ...(device === undefined ? [] : [DEVICE]),
    ...servers.flatMap((server, index) => [
      { text: `action(type="omfwd" target="${server}" queue.filename="${server}"${bound}`, why: opened },
      ...(index === 0 ? FIRST_LINES : NEXT_LINES),
      { text: ')', why },
    ]),
  ]
  return [{ path: 'rsyslog.conf', lines }]
}
