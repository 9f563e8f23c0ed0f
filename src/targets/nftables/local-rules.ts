/** What the device itself accepts: a lookup for each kind of service and address family, however many neighbours it has. */
import { bitsOf, type Family, ipOf, type Prefix, prefixAround, prefixOf } from '#base/ip.ts'
import { sortedBy } from '#base/order.ts'
import { anyOf, type Why } from '#base/place.ts'
import type { LocalRule } from '#design/filter.ts'
import { disjoint } from './disjoint.ts'
import { limitsOn } from './limits.ts'
import { ADDRESS, element, FAMILIES, ICMP, type Kind, ranges, SERVICE, SERVICE_TYPE, SOURCE, VRRP, whysOf } from './lookups.ts'
import { identifier } from './names.ts'
import type { SeenAs } from './seen-as.ts'
import { accept, COUNTER, jump } from './statements.ts'
import type { FieldType, NftChain, NftRule, NftSet, Selector, Statement } from './tree.ts'

const KINDS = ['ports', 'icmp', 'vrrp'] as const satisfies readonly Kind[]

/** The rules for the input chain of the filter (which is why: `ground`), the sets they look in, and the chains they jump to. Throws on malformed addresses. */
export function localRules(
  local: readonly LocalRule[],
  seenAs: SeenAs,
  ground: Why,
): { readonly sets: readonly NftSet[]; readonly rules: readonly NftRule[]; readonly chains: readonly NftChain[] } {
  const sets: NftSet[] = []
  const rules: NftRule[] = []
  const limits = limitsOn(local)
  const seen = local.flatMap(({ interface: name, from, service, why }) => seenAs(name).map((name) => ({ name, prefixes: prefixesOf(from), service, why })))
  const byInterface = Map.groupBy(seen, ({ name }) => name)
  const names = sortedBy(byInterface.keys(), (name) => name)
  for (const family of FAMILIES) {
    for (const kind of KINDS) {
      const type: readonly FieldType[] = ['ifname', ADDRESS[family], ...(kind === 'ports' ? SERVICE_TYPE : [])]
      const selectors: readonly Selector[] = ['iifname', SOURCE[family], ...(kind === 'ports' ? SERVICE : [])]
      const elements = names.flatMap((name) => {
        const boxes = byInterface.get(name)!.flatMap(({ prefixes, service, why }) => {
          const prefix = prefixes[family]
          return prefix ? ranges([service], kind).map(({ first, last }) => ({ prefix, first, last, why })) : []
        })
        return disjoint(boxes).map((box) => ({ interface: name, ...element(type, box) }))
      })
      if (elements.length === 0) continue
      const set: NftSet = { name: identifier('local', kind, `v${family}`), type, elements, why: anyOf(ground, whysOf(elements)) }
      const lookup: Statement = { kind: 'in', selectors, set: set.name }
      sets.push(set)
      rules.push(
        kind === 'ports' && limits ? { statements: [lookup, COUNTER, jump(limits.name)], why: set.why } : accept([...protocol(kind, family), lookup], set.why),
      )
    }
  }
  return { sets, rules, chains: limits ? [limits] : [] }
}

function protocol(kind: (typeof KINDS)[number], family: Family): readonly Statement[] {
  return kind === 'icmp' ? [ICMP[family]] : kind === 'vrrp' ? [VRRP] : []
}

/** The sources that are meant, by family. */
function prefixesOf(from: string): { readonly [F in Family]?: Prefix } {
  if (from === 'any') return { 4: prefixOf('0.0.0.0/0'), 6: prefixOf('::/0') }
  const prefix = from.includes('/') ? prefixOf(from) : hostOf(from)
  return { [prefix.family]: prefix }
}

function hostOf(address: string): Prefix {
  const ip = ipOf(address)
  return prefixAround(ip, bitsOf(ip.family))
}
