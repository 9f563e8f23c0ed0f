/** The chains that the kernel calls: the same on every device but for the rules of what the device itself accepts. */
import { ECHO_LIMIT, LOG_LIMIT, RULES } from './rules.ts'
import type { NftChain, NftRule, Selector, Statement } from './tree.ts'

/** The chains `forward`, `input` and `output`; `local` says what is accepted on input beside what every device needs. */
export function baseChains(local: readonly NftRule[]): NftChain[] {
  const state = constant('state', { kind: 'state' })
  return [
    {
      name: 'forward',
      base: { hook: 'forward', policy: 'drop' },
      rules: [state, constant('dispatch', { kind: 'dispatch' }), ...drop('forward')],
      why: [RULES.forward.origin],
    },
    {
      name: 'input',
      base: { hook: 'input', policy: 'drop' },
      rules: [
        state,
        constant('loopback', is('iifname', 'lo'), ACCEPT),
        constant('neighbours', is('icmpv6 type', ...NEIGHBOUR_TYPES), ACCEPT),
        constant('echo4', is('icmp type', 'echo-request'), { kind: 'limit', ...ECHO_LIMIT }, ACCEPT),
        constant('echo6', is('icmpv6 type', 'echo-request'), { kind: 'limit', ...ECHO_LIMIT }, ACCEPT),
        ...local,
        ...drop('input'),
      ],
      why: [RULES.input.origin],
    },
    { name: 'output', base: { hook: 'output', policy: 'accept' }, rules: [], why: [RULES.output.origin] },
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

const ACCEPT: Statement = { kind: 'verdict', verdict: 'accept' }

function drop(chain: 'forward' | 'input'): NftRule[] {
  return [
    constant(`${chain}Log`, { kind: 'limit', ...LOG_LIMIT }, { kind: 'log', prefix: `netwright ${chain} drop: ` }),
    constant(`${chain}Drop`, { kind: 'counter' }, { kind: 'verdict', verdict: 'drop' }),
  ]
}

function constant(name: keyof typeof RULES, ...statements: readonly Statement[]): NftRule {
  return { statements, why: [RULES[name].origin] }
}

function is(selector: Selector, ...values: readonly string[]): Statement {
  return { kind: 'is', selectors: [selector], values: values.map((value) => [value]) }
}
