/** From the neutral device to nftables' tables. */
import { sortedBy } from '#base/order.ts'
import { anyOf } from '#base/place.ts'
import type { Device } from '#design/device.ts'
import type { Filter, FilterZone, ZonePair } from '#design/filter.ts'
import { type AddressSets, addressSets } from './address-sets.ts'
import { forwardChain, noTransitChains, ownChains } from './base-chains.ts'
import { setsUsed } from './check-references.ts'
import { guardTable } from './guard.ts'
import { localRules } from './local-rules.ts'
import { whysOf } from './lookups.ts'
import { markChains } from './marks.ts'
import { identifier, interfaceName } from './names.ts'
import { pairRules } from './pair-rules.ts'
import { RULES } from './rules.ts'
import { type SeenAs, seenAs } from './seen-as.ts'
import { sourceChecks } from './source-checks.ts'
import { translations } from './translations.ts'
import { type NftChain, type NftEntry, type NftMap, type NftSet, type NftTable, type NftTree, ZONE_PAIRS } from './tree.ts'
import { untracked } from './untracked.ts'

/** The tables of the device; undefined when it runs something else, or filters and guards nothing. Throws on a filter that names a set or a zone which it does not have. */
export function lower(device: Device): NftTree | undefined {
  if (!device.platform.includes('nftables')) return undefined
  const tables = [filterTable(device), guardTable(device)].filter((table) => table !== undefined)
  return tables.length > 0 ? { tables } : undefined
}

function filterTable(device: Device): NftTable | undefined {
  const { filter } = device
  if (!filter) return undefined
  const addresses = addressSets(filter.sets)
  const seen = seenAs(device)
  const transit = filter.transit === 'filtered' ? filteredTransit(filter, seen, addresses) : openTransit(filter, addresses)
  const passing = untracked(device)
  const marks = markChains(filter.marks ?? [], filter.why)
  const local = localRules(filter.local, seen, filter.why)
  const chains = [
    ...transit.base,
    ...passing.base,
    ...marks.base,
    ...ownChains(local.rules, device.vrrp),
    ...translations(filter.nat ?? [], addresses),
    ...local.chains,
    ...marks.chains,
    ...transit.chains,
  ]
  const used = setsUsed(chains)
  const sources = sortedBy(addresses.named.values(), (set) => set.name).filter((set) => used.has(set.name))
  return {
    family: 'inet',
    sets: [...sources, ...transit.sets, ...local.sets, ...passing.sets],
    maps: [...transit.maps, ...marks.maps],
    chains,
    why: [RULES.table.origin, ...filter.why],
  }
}

/** Parts of the table: chains that the kernel calls, and what they lead to. */
interface Parts {
  readonly base: readonly NftChain[]
  readonly chains: readonly NftChain[]
  readonly sets: readonly NftSet[]
  readonly maps: readonly NftMap[]
}

/** Whatever comes is passed on, but for sources that do not belong where they come from, and what strangers send each other. */
function openTransit({ zones }: Filter, addresses: AddressSets): Parts {
  const { base, chains, maps } = sourceChecks(zones, addresses)
  return { base: [...base, ...noTransitChains(zones, addresses)], chains, maps, sets: [] }
}

/** What passes between zones. */
function filteredTransit(filter: Filter, seenAs: SeenAs, addresses: AddressSets): Parts {
  const sets = new Map<string, NftSet>()
  const entries: NftEntry[] = []
  const chains: NftChain[] = []
  /** Pairs that accept the same share the chain of the first: there are several ways out, and the same passes by each. */
  const chainOf = new Map<string, string | undefined>()
  for (const pair of filter.pairs) {
    const those = pairEntries(filter, pair, seenAs)
    if (those.length === 0) continue
    const likeness = JSON.stringify(pair.rules.map(({ id, from, to, services }) => [id, from, to, services]))
    if (!chainOf.has(likeness)) {
      const name = identifier(pair.from, pair.to)
      const rules = pairRules(pair, addresses, sets, filter.why)
      chainOf.set(likeness, rules.length > 0 ? name : undefined)
      if (rules.length > 0) chains.push({ name, rules, why: anyOf(filter.why, whysOf(pair.rules)) })
    }
    const chain = chainOf.get(likeness)
    if (chain !== undefined) entries.push(...those.map((entry) => ({ ...entry, chain })))
  }
  const sources = sourceChecks(filter.zones, addresses)
  return {
    base: [...sources.base, forwardChain()],
    chains: [...sources.chains, ...chains],
    sets: [...sets.values()],
    maps: [...sources.maps, { name: ZONE_PAIRS, type: ['ifname', 'ifname'], entries: distinct(entries), why: [RULES.dispatch.origin] }],
  }
}

/** Every pair of an interface of the one zone and one of the other. */
function pairEntries({ zones, why: ground }: Filter, pair: ZonePair, seenAs: SeenAs): Omit<NftEntry, 'chain'>[] {
  const [from, to] = [pair.from, pair.to].map((name) => {
    const zone = zones.find((zone) => zone.name === name)
    if (!zone) throw new Error(`a zone pair names the zone ${name}, which the filter does not have`)
    return zone
  }) as [FilterZone, FilterZone]
  const why = [...new Set([...anyOf(ground, whysOf(pair.rules)), ...from.why, ...to.why])]
  return from.interfaces.flatMap(seenAs).flatMap((incoming) => to.interfaces.map((outgoing) => ({ interfaces: [incoming, interfaceName(outgoing)], why })))
}

/** One entry for each key. Throws where interfaces of one VRF are in several zones, which by the name of the VRF cannot be told apart. */
function distinct(entries: readonly NftEntry[]): NftEntry[] {
  const byKey = new Map<string, NftEntry>()
  for (const entry of entries) {
    const key = entry.interfaces.join(' ')
    const known = byKey.get(key)
    if (known && known.chain !== entry.chain) throw new Error(`interfaces that are seen as ${key} are in several zones: ${known.chain}, ${entry.chain}`)
    if (!known) byKey.set(key, entry)
  }
  return [...byKey.values()]
}
