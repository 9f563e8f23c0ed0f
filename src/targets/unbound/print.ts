/** Writes the tree as `unbound.conf`: where and by whom it is asked, how it asks others, the company's zones, and the names in them. The reason of a constant choice is a comment above its lines. */
import { familyOf } from '#base/ip.ts'
import type { Why } from '#base/place.ts'
import type { Line, PrintedFile, Rule } from '../target.ts'
import { type Constants, EVERYONE, NEGATIVE_TTL, REMOTE_CONTROL, SERVER, SOA, TTL } from './constants.ts'
import { rules } from './rules.ts'
import type { LocalAddress, UnboundTree } from './tree.ts'
import { reverseZones } from './zones.ts'

/** Whether a line is only for people. */
export function isComment(text: string): boolean {
  return text.trimStart().startsWith('#')
}

/** A line inside a clause. */
function inside(text: string, why: Why): Line {
  return { text: `  ${text}`, why }
}

/** Lines that are there because of a rule, and of what called for it, if anything did; the reason above them. */
function explained(rule: Rule, texts: readonly string[], why: Why = []): Line[] {
  const because = [...why, rule.origin]
  return [inside(`# ${rule.reason}`, [rule.origin]), ...texts.map((text) => inside(text, because))]
}

function constants(groups: Constants): readonly Line[] {
  return groups.flatMap(([rule, ...texts]) => explained(rule, texts))
}

// Made once: they are the same lines on every device.
const SERVER_LINES = constants(SERVER)
const REMOTE_CONTROL_LINES = constants(REMOTE_CONTROL)

/** The one file. */
export function print({ addresses, clients, domain, space, data, why }: UnboundTree): readonly PrintedFile[] {
  const zone = (name: string) => [`local-zone: "${name}." static`, `local-data: "${name}. ${NEGATIVE_TTL} IN ${SOA}"`]
  const lines: Line[] = [
    { text: 'server:', why },
    ...addresses.map((address) => inside(`interface: ${address}`, why)),
    ...explained(rules.freebind, ['ip-freebind: yes'], why),
    ...explained(
      rules.outgoing,
      addresses.map((address) => `outgoing-interface: ${address}`),
      why,
    ),
    ...clients.map((prefix) => inside(`access-control: ${prefix} allow`, why)),
    ...explained(
      rules.refuse,
      EVERYONE.map((prefix) => `access-control: ${prefix} refuse`),
    ),
    ...SERVER_LINES,
    ...explained(rules.unknown, zone(domain), why),
    ...(space.length > 0
      ? explained(
          rules.rebindingOurs,
          space.map((prefix) => `private-address: ${prefix}`),
          why,
        )
      : []),
    ...(space.length > 0 ? explained(rules.reverse, reverseZones(space).flatMap(zone), why) : []),
    ...linesOf(data),
    { text: 'remote-control:', why: [rules.control.origin] },
    ...REMOTE_CONTROL_LINES,
  ]
  return [{ path: 'unbound.conf', lines }]
}

/** All resolvers of a company have the same data, so its lines are made once. */
const LINES = new WeakMap<readonly LocalAddress[], readonly Line[]>()

function linesOf(data: readonly LocalAddress[]): readonly Line[] {
  const known = LINES.get(data)
  if (known) return known
  const lines = data.length > 0 ? [...explained(rules.ttl, []), ...data.flatMap(recordLines)] : []
  LINES.set(data, lines)
  return lines
}

function recordLines({ name, address, reverse, why }: LocalAddress): Line[] {
  const because = [...why, rules.ttl.origin]
  const forward = inside(`local-data: "${name}. ${TTL} IN ${familyOf(address) === 4 ? 'A' : 'AAAA'} ${address}"`, because)
  return reverse ? [forward, inside(`local-data-ptr: "${address} ${TTL} ${name}."`, because)] : [forward]
}
