/** Which chains the kernel calls at a hook, and in which order. */
import type { Hook, NftChain, NftTable } from '#targets/nftables/tree.ts'

/** The words for priorities (nft(8), "Standard priority names"), of families ip, ip6 and inet; in the one of bridges they are other numbers in the same order. */
const PRIORITIES: Readonly<Record<string, number>> = { raw: -300, mangle: -150, filter: 0, srcnat: 100 }

/** The base chains of the hook, the first that is called first. Among those of one priority any order has the same verdict: what one accepts goes on to the others, and one drop is enough. */
export function basesOf(table: NftTable, hook: Hook['hook']): readonly NftChain[] {
  const known = BASES.get(table) ?? sorted(table)
  BASES.set(table, known)
  return known.get(hook) ?? []
}

const BASES = new WeakMap<NftTable, ReadonlyMap<string, readonly NftChain[]>>()

function sorted({ chains }: NftTable): ReadonlyMap<string, readonly NftChain[]> {
  const priority = ({ base }: NftChain) => PRIORITIES[base!.priority] ?? Number(base!.priority)
  return Map.groupBy(
    chains.filter(({ base }) => base).sort((a, b) => priority(a) - priority(b)),
    ({ base }) => base!.hook,
  )
}
