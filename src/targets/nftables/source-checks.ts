/** Whether packets have a source that is behind the interface by which they come: one lookup finds the chain of the zone, and one in it the source. */
import type { Family } from '#base/ip.ts'
import { sortedBy } from '#base/order.ts'
import type { FilterZone } from '#design/filter.ts'
import type { AddressSets } from './address-sets.ts'
import { HOOKS } from './hooks.ts'
import { FAMILIES } from './lookups.ts'
import { identifier, interfaceName } from './names.ts'
import { RULES } from './rules.ts'
import { ACCEPT, constant, dispatch, drops, is, jump, tuple } from './statements.ts'
import type { NftChain, NftMap, NftRule, Statement } from './tree.ts'

/** Where what is unknown ends up. */
const STRANGERS = 'strangers'

/** The chains and the map for the zones that say which sources they have, or have not; empty when none does. */
export function sourceChecks(
  zones: readonly FilterZone[],
  addresses: AddressSets,
): { readonly base: readonly NftChain[]; readonly chains: readonly NftChain[]; readonly maps: readonly NftMap[] } {
  const checked = zones
    .map((zone) => ({ ...zone, chain: identifier('sources', 'of', zone.name), rules: rulesOf(zone, addresses) }))
    .filter(({ rules, interfaces }) => rules.length > 0 && interfaces.length > 0)
  if (checked.length === 0) return { base: [], chains: [], maps: [] }
  const entries = checked.flatMap(({ interfaces, chain, why }) => interfaces.map((name) => ({ interfaces: [interfaceName(name)], chain, why })))
  return {
    base: [
      {
        name: 'source_checks',
        base: HOOKS.inet.source_checks!,
        rules: [constant('sourceDispatch', dispatch('sources-by-interface', 'iifname'))],
        why: [RULES.sources.origin],
      },
    ],
    chains: [
      ...checked.map(({ chain, rules, why }): NftChain => ({ name: chain, rules, why })),
      { name: STRANGERS, rules: strangers(), why: [RULES.strangers.origin] },
    ],
    maps: [
      { name: 'sources-by-interface', type: ['ifname'], entries: sortedBy(entries, ({ interfaces }) => interfaces[0]!), why: [RULES.sourceDispatch.origin] },
    ],
  }
}

/** None for a zone without a check, or with one that refuses nobody. */
function rulesOf({ sources, refuses, answers, destinations, why }: FilterZone, addresses: AddressSets): NftRule[] {
  const answering = (family: Family): NftRule[] => {
    const [from, to] = [answers && addresses.from(answers, family), destinations && addresses.to(destinations, family)]
    if (!from || !to) return []
    const rule = constant('answersAlone', from, to, unknown)
    return [{ ...rule, why: [...rule.why, ...why] }]
  }
  const lookups = (set: string, then: Statement): NftRule[] =>
    FAMILIES.flatMap((family) => {
      const from = addresses.from(set, family)
      return from ? [{ statements: [from, then], why }] : []
    })
  const unknown = jump(STRANGERS)
  return [
    ...(refuses === undefined ? [] : lookups(refuses, unknown)),
    ...FAMILIES.flatMap(answering),
    ...(sources === undefined ? [] : [...lookups(sources, ACCEPT), { statements: [unknown], why }]),
  ]
}

/** Decides every packet: first what hosts must be able to say whatever their address. */
function strangers(): NftRule[] {
  return [
    constant('linkLocal', is('ip6 saddr', 'fe80::/10'), ACCEPT),
    constant(
      'unspecified',
      is('ip6 saddr', '::'),
      is('icmpv6 type', 'nd-router-solicit', 'nd-neighbor-solicit', 'mld-listener-report', 'mld2-listener-report'),
      ACCEPT,
    ),
    constant('discover', tuple(['ip saddr', 'ip daddr', 'meta l4proto', 'th dport'], ['0.0.0.0', '255.255.255.255', 'udp', '67']), ACCEPT),
    ...drops('sourceLog', 'sourceDrop', 'source'),
  ]
}
