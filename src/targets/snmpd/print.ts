/** Writes the tree as `snmpd.conf`: where it listens, what it says of itself, who may ask what. */
import { secretPath } from '#design/device.ts'
import type { Line, PrintedFile, Rule } from '../target.ts'
import { rules } from './rules.ts'
import type { SnmpdTree } from './tree.ts'

/** The constant lines, as `parse` insists on them. */
export const CONSTANTS: readonly (readonly [rule: Rule, ...texts: string[]])[] = [
  [rules.view, 'view watched included .1.3.6.1.2.1', 'view watched excluded .1.3.6.1.2.1.25.4', 'view watched excluded .1.3.6.1.2.1.25.6'],
  [rules.access, 'access monitors "" usm priv exact watched none none'],
  [rules.user, `includeFile ${secretPath('snmp')}`],
]

function reason(rule: Rule): Line {
  return { text: `# ${rule.reason}`, why: [rule.origin] }
}

// Made once: they are the same lines on every device.
const ADDRESSES = reason(rules.addresses)
const DEVICE = reason(rules.device)
const CONSTANT_LINES: readonly Line[] = CONSTANTS.flatMap(([rule, ...texts]) => [reason(rule), ...texts.map((text) => ({ text, why: [rule.origin] }))])

/** An address as snmpd is told to listen on it: `udp:192.0.2.1@management`. */
export function endpoint(address: string, device: string | undefined): string {
  return `${address.includes(':') ? `udp6:[${address}]` : `udp:${address}`}${device === undefined ? '' : `@${device}`}`
}

/** The one file. */
export function print({ addresses, device, location, contact, why }: SnmpdTree): readonly PrintedFile[] {
  const listening = [...why, rules.addresses.origin, ...(device === undefined ? [] : [rules.device.origin])]
  const lines: Line[] = [
    ADDRESSES,
    ...(device === undefined ? [] : [DEVICE]),
    ...addresses.map((address) => ({ text: `agentaddress ${endpoint(address, device)}`, why: listening })),
    ...(location === undefined ? [] : [{ text: `sysLocation ${location}`, why }]),
    ...(contact === undefined ? [] : [{ text: `sysContact ${contact}`, why }]),
    ...CONSTANT_LINES,
  ]
  return [{ path: 'snmpd.conf', lines }]
}
