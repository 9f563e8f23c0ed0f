/** Writes the tree as `chrony.conf`: what is asked, from where, and what is done with the answers. */
import type { Line, PrintedFile, Rule } from '../target.ts'
import { rules } from './rules.ts'
import type { ChronyTree } from './tree.ts'

/** The constant lines, as `parse` insists on them. */
export const CONSTANTS = [
  ['makestep 1 3', rules.step],
  ['leapsecmode slew', rules.leap],
  ['driftfile /var/lib/chrony/chrony.drift', rules.drift],
  ['rtcsync', rules.hardware],
  ['cmdport 0', rules.noCommands],
] as const

function reason(rule: Rule): Line {
  return { text: `# ${rule.reason}`, why: [rule.origin] }
}

// Made once: they are the same lines on every device.
const REASONS = { burst: reason(rules.burst), minSources: reason(rules.minSources), source: reason(rules.source), device: reason(rules.device) }
const CONSTANT_LINES: readonly Line[] = CONSTANTS.flatMap(([text, rule]) => [reason(rule), { text, why: [rule.origin] }])

/** The one file. */
export function print({ servers, minSources, from4, from6, device, why }: ChronyTree): readonly PrintedFile[] {
  const line = (text: string, rule: Rule): Line => ({ text, why: [...why, rule.origin] })
  const sources = [from4, from6].filter((address) => address !== undefined)
  const lines = [
    REASONS.burst,
    ...servers.map((server) => line(`server ${server} iburst`, rules.burst)),
    ...(minSources === undefined ? [] : [REASONS.minSources, line(`minsources ${minSources}`, rules.minSources)]),
    ...(sources.length === 0 ? [] : [REASONS.source, ...sources.map((address) => line(`bindacqaddress ${address}`, rules.source))]),
    ...(device === undefined ? [] : [REASONS.device, line(`bindacqdevice ${device}`, rules.device)]),
    ...CONSTANT_LINES,
  ]
  return [{ path: 'chrony.conf', lines }]
}
