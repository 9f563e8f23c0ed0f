/** The chains that decide what passes and what the device itself accepts: the same on every device but for the latter. */
import { HOOKS } from './hooks.ts'
import { ECHO_LIMIT, RULES } from './rules.ts'
import { ACCEPT, constant, dispatch, drops, is } from './statements.ts'
import { type NftChain, type NftRule, ZONE_PAIRS } from './tree.ts'

/** The chain `forward`. */
export function forwardChain(): NftChain {
  const rules = [
    constant('state', { kind: 'state' }),
    constant('dispatch', dispatch(ZONE_PAIRS, 'iifname', 'oifname')),
    ...drops('forwardLog', 'forwardDrop', 'forward'),
  ]
  return { name: 'forward', base: HOOKS.inet.forward!, rules, why: [RULES.forward.origin] }
}

/** The chains `input` and `output`; `local` says what is accepted on input beside what every device needs. */
export function ownChains(local: readonly NftRule[]): NftChain[] {
  const rules = [
    constant('state', { kind: 'state' }),
    constant('loopback', is('iifname', 'lo'), ACCEPT),
    constant('neighbours', is('icmpv6 type', ...NEIGHBOUR_TYPES), ACCEPT),
    constant('echo4', is('icmp type', 'echo-request'), { kind: 'limit', over: false, ...ECHO_LIMIT }, ACCEPT),
    constant('echo6', is('icmpv6 type', 'echo-request'), { kind: 'limit', over: false, ...ECHO_LIMIT }, ACCEPT),
    ...local,
    ...drops('inputLog', 'inputDrop', 'input'),
  ]
  return [
    { name: 'input', base: HOOKS.inet.input!, rules, why: [RULES.input.origin] },
    { name: 'output', base: HOOKS.inet.output!, rules: [], why: [RULES.output.origin] },
  ]
}

/** ICMPv6 types of neighbour discovery (RFC 4861) and of multicast listeners (RFC 2710, RFC 3810). */
export const NEIGHBOUR_TYPES: readonly string[] = [
  'nd-router-solicit',
  'nd-router-advert',
  'nd-neighbor-solicit',
  'nd-neighbor-advert',
  'mld-listener-query',
  'mld-listener-report',
  'mld-listener-done',
  'mld2-listener-report',
]
