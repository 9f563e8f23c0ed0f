/** How often the device may be called by those who may call it. Limits stand behind the lookup of who that is: in front of it, strangers would use them up. */
import type { LocalRule } from '#design/filter.ts'
import { ranges, SERVICE } from './lookups.ts'
import { LEASE_LIMIT, LOGIN_LIMIT, RULES, SESSION_LIMIT } from './rules.ts'
import { ACCEPT, COUNTER, constant, tuple } from './statements.ts'
import type { NftChain } from './tree.ts'

interface Limit {
  readonly rule: keyof typeof RULES
  readonly limit: { readonly perSecond: number; readonly burst: number }
  readonly services: readonly (readonly [protocol: 'tcp' | 'udp', port: number])[]
}

const LIMITS: readonly Limit[] = [
  { rule: 'sessions', limit: SESSION_LIMIT, services: [['tcp', 179]] },
  { rule: 'logins', limit: LOGIN_LIMIT, services: [['tcp', 22]] },
  {
    rule: 'leases',
    limit: LEASE_LIMIT,
    services: [
      ['udp', 67],
      ['udp', 547],
    ],
  },
]

/** The chain that accepts what is within its limits, for the services that the device has; undefined when none of them is limited. */
export function limitsOn(local: readonly LocalRule[]): NftChain | undefined {
  const open = ranges(
    local.map(({ service }) => service),
    'ports',
  )
  const limited = LIMITS.filter(({ services }) =>
    services
      .flatMap(([protocol, port]) => ranges([{ protocol, ports: [port, port] }], 'ports'))
      .some(({ first }) => open.some((range) => range.first <= first && first <= range.last)),
  )
  if (limited.length === 0) return undefined
  const rules = limited.map(({ rule, limit, services }) =>
    constant(rule, tuple(SERVICE, ...services.map(([protocol, port]) => [protocol, `${port}`])), { kind: 'limit', over: true, ...limit }, COUNTER, {
      kind: 'verdict',
      verdict: 'return',
    }),
  )
  return { name: 'call_limits', rules: [...rules, constant('withinLimits', ACCEPT)], why: [RULES.limits.origin] }
}
