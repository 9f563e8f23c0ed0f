/** What the device itself accepts from single addresses: two lookups per address family, however many neighbours it has. */
import { bitsOf, ipOf, prefixAround } from '#base/ip.ts'
import { sortedBy } from '#base/order.ts'
import { anyOf, type Why } from '#base/place.ts'
import type { LocalRule } from '#design/device.ts'
import { disjoint } from './disjoint.ts'
import { ADDRESS, accept, element, FAMILIES, ICMP, ranges, SERVICE, SERVICE_TYPE, SOURCE, whysOf } from './lookups.ts'
import { identifier, interfaceName } from './names.ts'
import type { FieldType, NftRule, NftSet, Selector } from './tree.ts'

/** The rules for the input chain of the filter (which is why: `ground`), and the sets they look in. Throws on malformed addresses. */
export function localRules(local: readonly LocalRule[], ground: Why): { readonly sets: readonly NftSet[]; readonly rules: readonly NftRule[] } {
  const sets: NftSet[] = []
  const rules: NftRule[] = []
  const located = local.map((rule) => ({ ...rule, ip: ipOf(rule.from) }))
  const byInterface = Map.groupBy(located, (rule) => rule.interface)
  for (const family of FAMILIES) {
    for (const kind of ['ports', 'icmp'] as const) {
      const type: readonly FieldType[] = ['ifname', ADDRESS[family], ...(kind === 'ports' ? SERVICE_TYPE : [])]
      const selectors: readonly Selector[] = ['iifname', SOURCE[family], ...(kind === 'ports' ? SERVICE : [])]
      const elements = sortedBy(byInterface.keys(), (name) => name).flatMap((name) => {
        const those = byInterface.get(name)!.filter(({ ip }) => ip.family === family)
        const boxes = those.flatMap(({ ip, service, why }) =>
          ranges([service], kind).map((range) => ({ prefix: prefixAround(ip, bitsOf(family)), ...range, why })),
        )
        return disjoint(boxes).map((box) => ({ interface: interfaceName(name), ...element(type, box) }))
      })
      if (elements.length === 0) continue
      const set: NftSet = { name: identifier('local', kind, `v${family}`), type, elements, why: anyOf(ground, whysOf(elements)) }
      sets.push(set)
      rules.push(accept([...(kind === 'icmp' ? [ICMP[family]] : []), { kind: 'in', selectors, set: set.name }], set.why))
    }
  }
  return { sets, rules }
}
