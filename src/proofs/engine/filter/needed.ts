/** The rules without which a packet does not pass a filter. */
import type { Family } from '#base/ip.ts'
import type { NftTable } from '#targets/nftables/tree.ts'
import { holds, type Point } from '../boxes/boxes.ts'
import { PACKETS } from '../packet.ts'
import { interpret, type RuleRef } from './interpret.ts'
import { passages } from './passage.ts'
import { programOf } from './program.ts'
import { hooksOf, type Passing } from './transit.ts'
import { keyOf } from './walk.ts'

/**
 * Rules of the table with which alone the packet passes, and none of which may be missing: what is left when all rules that it does not meet are taken out, and then each of the others as long as it still
 * passes. Limits go first and then the rules that it would meet last, so that of two which would both do the one stays that it meets. In the order in which it meets them; none where policies let it pass.
 */
export function neededRules(table: NftTable, family: Family, passing: Passing, point: Point): readonly RuleRef[] {
  const hooks = hooksOf(passing)
  const met = passages(programOf(table, family), hooks)
    .flatMap(({ steps }) => steps)
    .filter(({ boxes }) => boxes.some((box) => holds(PACKETS[family], box, point)))
  const kept = new Set(met.map(keyOf))
  const passes = () => hooks.every(([hook, where]) => interpret(only(table, kept), hook, { family, ...where, point, state: 'new' }).verdict === 'accept')
  for (const step of [...met.filter(({ sure }) => !sure), ...met.filter(({ sure }) => sure).reverse()]) {
    kept.delete(keyOf(step))
    if (!passes()) kept.add(keyOf(step))
  }
  return met.filter((step) => kept.has(keyOf(step))).map(({ chain, index }) => ({ chain, index }))
}

/** The table with these rules; in place of others stand rules that do nothing, so that each is the how-manieth it was. */
export function only(table: NftTable, kept: ReadonlySet<string>): NftTable {
  const chains = table.chains.map((chain) => ({
    ...chain,
    rules: chain.rules.map((rule, index) => (kept.has(keyOf({ chain: chain.name, index })) ? rule : { ...rule, statements: [] })),
  }))
  return { ...table, chains }
}
