/** Source addresses that are translated on the way out. Only the first packet of a flow is looked at; conntrack remembers the rest, and turns the answers back. */
import type { NatRule } from '#design/filter.ts'
import type { AddressSets } from './address-sets.ts'
import { HOOKS } from './hooks.ts'
import { FAMILIES } from './lookups.ts'
import { interfaceName } from './names.ts'
import { RULES } from './rules.ts'
import { is } from './statements.ts'
import type { NftChain } from './tree.ts'

/** The chain; none when nothing is translated. A rule without an address of a family, or of a set without one, is none for that family. */
export function translations(nat: readonly NatRule[], addresses: AddressSets): readonly NftChain[] {
  if (nat.length === 0) return []
  const rules = nat.flatMap((rule) =>
    FAMILIES.flatMap((family) => {
      const to = family === 4 ? rule.v4 : rule.v6
      const from = to === undefined ? undefined : addresses.from(rule.from, family)
      if (to === undefined || !from) return []
      return [{ statements: [is('oifname', interfaceName(rule.interface)), from, { kind: 'snat' as const, family, to }], why: rule.why }]
    }),
  )
  return [{ name: 'postrouting', base: HOOKS.inet.postrouting!, rules, why: [RULES.translations.origin] }]
}
