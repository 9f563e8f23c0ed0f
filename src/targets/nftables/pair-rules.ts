/**
 * The chain of a zone pair. Rules only accept, so their order is free: all rules with the same source set become at most three lookups per address family
 * (services with ports, ICMP, everything) for all destination sets together, and three more for rules to any address; however many rules, addresses and ports there are.
 */
import { type Family, prefixOf } from '#base/ip.ts'
import { sortedBy } from '#base/order.ts'
import { anyOf, type Why } from '#base/place.ts'
import type { FilterRule, ZonePair } from '#design/filter.ts'
import type { AddressSets } from './address-sets.ts'
import { type Box, disjoint } from './disjoint.ts'
import { ADDRESS, DESTINATION, EITHER_ICMP, element, FAMILIES, ICMP, type Kind, ranges, SERVICE, SERVICE_TYPE, whysOf } from './lookups.ts'
import { identifier } from './names.ts'
import { accept } from './statements.ts'
import type { FieldType, NftNote, NftRule, NftSet, Selector, Statement } from './tree.ts'

/** The name that stands for every address of both families. */
const ANY = 'any'

const KINDS: readonly Kind[] = ['ports', 'icmp', 'all']

/** Prefixes of a destination from which on it is looked up by itself, and its services beside it: the product of the two would be a set of its own for each pair. */
const MANY_PREFIXES = 16

/** A prefix for boxes of which only the ports count. */
const EVERYWHERE = prefixOf('0.0.0.0/0')

/** The rules of one source set in one pair. */
interface Group {
  readonly rules: readonly FilterRule[]
  /** An accepting rule for these rules of the pair, with a note for each that it is the first for. */
  accept(matches: readonly Statement[], rules: readonly FilterRule[]): NftRule
  /** Looks in the set of this name, which is made of the boxes when it is not there yet. */
  lookup(name: readonly string[], type: readonly FieldType[], selectors: readonly Selector[], boxes: readonly Box[], rules: readonly FilterRule[]): Statement
}

/** The rules of the pair in the filter (which is why: `ground`), by name of the source set; the sets they look in are added to `sets`. None when no packet could match. */
export function pairRules(pair: ZonePair, addresses: AddressSets, sets: Map<string, NftSet>, ground: Why): NftRule[] {
  const bySource = Map.groupBy(pair.rules, (rule) => rule.from)
  const because = (rules: readonly FilterRule[]) => anyOf(ground, whysOf(rules))
  const told = new Set<string>()
  const notes = (rules: readonly FilterRule[]): NftNote[] =>
    rules.flatMap((rule) => {
      const text = noteOf(rule)
      if (told.has(text)) return []
      told.add(text)
      return [{ text, why: rule.why }]
    })
  return sortedBy(bySource.keys(), (name) => name).flatMap((source) => {
    const group: Group = {
      rules: bySource.get(source)!,
      accept: (matches, rules) => accept(matches, because(rules), notes(rules)),
      lookup(rest, type, selectors, boxes, rules) {
        const name = identifier(pair.from, pair.to, source, ...rest)
        if (!sets.has(name)) sets.set(name, { name, type, elements: disjoint(boxes).map((box) => element(type, box)), why: because(rules) })
        return { kind: 'in', selectors, set: name }
      },
    }
    if (source === ANY) return [...toAnywhere(group, [], EITHER_ICMP), ...FAMILIES.flatMap((family) => toSets(group, [], family, addresses))]
    return FAMILIES.flatMap((family) => {
      const from = addresses.from(source, family)
      return from ? [...toAnywhere(group, [from], ICMP[family]), ...toSets(group, [from], family, addresses)] : []
    })
  })
}

/** What a flow is for, and who answers for it, in one line: `web-to-db: orders are kept there (shop)`. */
function noteOf({ id, reason, owner }: FilterRule): string {
  const text = `${id}${reason === undefined ? '' : `: ${reason}`}${owner === undefined ? '' : ` (${owner})`}`
  return text.replace(/[\s\p{Cc}]+/gu, ' ').trim()
}

/** The rules to any address. One set of ports serves both families. */
function toAnywhere({ rules, accept, lookup }: Group, from: readonly Statement[], icmp: Statement): NftRule[] {
  return KINDS.flatMap((kind) => {
    const those = rules.filter(({ to, services }) => to === ANY && ranges(services, kind).length > 0)
    if (those.length === 0) return []
    if (kind === 'all') return [accept(from, those)]
    if (kind === 'icmp') return [accept([...from, icmp], those)]
    const boxes = those.flatMap(({ services, why }) => ranges(services, kind).map((range) => ({ prefix: EVERYWHERE, ...range, why })))
    return [accept([...from, lookup(['ports'], SERVICE_TYPE, SERVICE, boxes, those)], those)]
  })
}

/** The rules to sets. A kind of rule without any address of the family is not printed: without its address match it would accept everything. */
function toSets({ rules, accept, lookup }: Group, from: readonly Statement[], family: Family, addresses: AddressSets): NftRule[] {
  return KINDS.flatMap((kind) => {
    const all = rules.filter(({ to, services }) => to !== ANY && addresses.prefixes(to, family).length > 0 && ranges(services, kind).length > 0)
    const [large, those] = [all.filter(isLarge), all.filter((rule) => !isLarge(rule))]
    const apart = [...Map.groupBy(large, ({ to }) => to)].map(([to, group]) => toLargeSet(to, kind, group))
    if (those.length === 0) return apart
    const boxes = those.flatMap(({ to, services, why }) => {
      const numbers = ranges(services, kind)
      return addresses.prefixes(to, family).flatMap((located) => {
        const both = [...new Set([...why, ...located.why])]
        return numbers.map(({ first, last }) => ({ prefix: located.prefix, first, last, why: both }))
      })
    })
    const [address, destination] = [ADDRESS[family], DESTINATION[family]]
    const name = [kind, `v${family}`]
    const matches =
      kind === 'ports'
        ? [lookup(name, [address, ...SERVICE_TYPE], [destination, ...SERVICE], boxes, those)]
        : [...(kind === 'icmp' ? [ICMP[family]] : []), lookup(name, [address], [destination], boxes, those)]
    return [accept([...from, ...matches], those), ...apart]
  })

  function isLarge({ to }: FilterRule): boolean {
    return addresses.prefixes(to, family).length >= MANY_PREFIXES
  }

  function toLargeSet(to: string, kind: Kind, those: readonly FilterRule[]): NftRule {
    const matches = [...from, addresses.to(to, family)!]
    if (kind !== 'ports') return accept([...matches, ...(kind === 'icmp' ? [ICMP[family]] : [])], those)
    const boxes = those.flatMap(({ services, why }) => ranges(services, kind).map((range) => ({ prefix: EVERYWHERE, ...range, why })))
    return accept([...matches, lookup([to, 'ports'], SERVICE_TYPE, SERVICE, boxes, those)], those)
  }
}
