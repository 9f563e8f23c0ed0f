/** From the neutral filter to the nftables table. */
import { sortedBy } from '#base/order.ts'
import { anyOf } from '#base/place.ts'
import type { Device, Filter, ZonePair } from '#design/device.ts'
import { addressSets } from './address-sets.ts'
import { baseChains } from './base-chains.ts'
import { setsUsed } from './check-references.ts'
import { localRules } from './local-rules.ts'
import { whysOf } from './lookups.ts'
import { identifier, interfaceName } from './names.ts'
import { pairRules } from './pair-rules.ts'
import { RULES } from './rules.ts'
import type { NftChain, NftPair, NftSet, NftTree } from './tree.ts'

/** The table of the device; undefined when it filters nothing. Throws on a filter that names a set or a zone which it does not have. */
export function lower({ filter }: Device): NftTree | undefined {
  if (!filter) return undefined
  const addresses = addressSets(filter.sets)
  const merged = new Map<string, NftSet>()
  const pairs: NftPair[] = []
  const chains: NftChain[] = []
  for (const pair of filter.pairs) {
    const entries = pairEntries(filter, pair)
    const rules = entries.length > 0 ? pairRules(pair, addresses, merged, filter.why) : []
    if (rules.length === 0) continue
    pairs.push(...entries)
    chains.push({ name: identifier(pair.from, pair.to), rules, why: anyOf(filter.why, whysOf(pair.rules)) })
  }
  const local = localRules(filter.local, filter.why)
  const used = setsUsed(chains)
  const sources = sortedBy(addresses.sources.values(), (set) => set.name).filter((set) => used.has(set.name))
  return {
    sets: [...sources, ...merged.values(), ...local.sets],
    pairs,
    chains: [...baseChains(local.rules), ...chains],
    why: [RULES.table.origin, ...filter.why],
  }
}

/** Every pair of an interface of the one zone and one of the other. */
function pairEntries({ zones, why: ground }: Filter, pair: ZonePair): NftPair[] {
  const [from, to] = [pair.from, pair.to].map((name) => {
    const zone = zones.find((zone) => zone.name === name)
    if (!zone) throw new Error(`a zone pair names the zone ${name}, which the filter does not have`)
    return zone
  }) as [Filter['zones'][number], Filter['zones'][number]]
  const why = [...new Set([...anyOf(ground, whysOf(pair.rules)), ...from.why, ...to.why])]
  const chain = identifier(pair.from, pair.to)
  return from.interfaces.flatMap((incoming) => to.interfaces.map((outgoing) => ({ from: interfaceName(incoming), to: interfaceName(outgoing), chain, why })))
}
