/** Which chains the kernel calls at a hook, and in which order. */
import type { Hook, NftChain, NftTable } from '#targets/nftables/tree.ts'

/** The words for priorities (nft(8), "Standard priority names"), of families ip, ip6 and inet; in the one of bridges they are other numbers in the same order. */
const PRIORITIES: Readonly<Record<string, number>> = { raw: -300, mangle: -150, filter: 0, srcnat: 100 }

/** The base chains of the hook, the first that is called first. Among those of one priority any order has the same verdict: what one accepts goes on to the others, and one drop is enough. */
export function basesOf(table: NftTable, hook: Hook['hook']): readonly NftChain[] {
  const priority = ({ base }: NftChain) => PRIORITIES[base!.priority] ?? Number(base!.priority)
  return table.chains.filter(({ base }) => base?.hook === hook).sort((a, b) => priority(a) - priority(b))
}
