/** The rules without which a packet does not pass a filter, and the elements of sets without which these do not match. */
import type { Family } from '#base/ip.ts'
import type { NftElement, NftEntry, NftTable } from '#targets/nftables/tree.ts'
import { holds, type Point } from '../boxes/boxes.ts'
import { PACKETS } from '../packet.ts'
import { interpret, type RuleRef } from './interpret.ts'
import { passages } from './passage.ts'
import { programOf } from './program.ts'
import { hooksOf, type Passing } from './transit.ts'
import { keyOf } from './walk.ts'

/** Which element it is: of which set or map, and the how-manieth there. */
export interface ElementRef {
  readonly set: string
  readonly index: number
}

/** A rule that is needed, with what it needs of the sets and the map that it looks in. */
export interface NeededRule extends RuleRef {
  readonly elements: readonly ElementRef[]
}

/**
 * Rules of the table with which alone the packet passes, and none of which may be missing; the same of the elements of their sets. Of two that would both do it is the one that the packet meets first, and a
 * limit only where nothing else does. In the order in which the packet meets them; none where policies let it pass.
 */
export function neededRules(table: NftTable, family: Family, passing: Passing, point: Point): readonly NeededRule[] {
  const hooks = hooksOf(passing)
  const passes = (filter: NftTable) => hooks.every(([hook, where]) => interpret(filter, hook, { family, ...where, point, state: 'new' }).verdict === 'accept')
  const met = passages(programOf(table, family), hooks)
    .flatMap(({ steps }) => steps)
    .filter(({ boxes }) => boxes.some((box) => holds(PACKETS[family], box, point)))
  const rules = new Set(least([...met.filter(({ sure }) => sure), ...met.filter(({ sure }) => !sure)].map(keyOf), (keys) => passes(only(table, new Set(keys)))))
  let left = only(table, rules)
  return met
    .filter((step) => rules.has(keyOf(step)))
    .map(({ chain, index }) => {
      const { statements } = table.chains.find(({ name }) => name === chain)!.rules[index]!
      const elements = statements.flatMap((statement) => {
        const set = statement.kind === 'in' ? statement.set : statement.kind === 'dispatch' ? statement.map : undefined
        if (set === undefined) return []
        const kept = new Set(least(elementsOf(left, set), (some) => passes(withElements(left, set, new Set(some)))))
        left = withElements(left, set, kept)
        return elementsOf(table, set).flatMap((element, at) => (kept.has(element) ? [{ set, index: at }] : []))
      })
      return { chain, index, elements }
    })
}

/** The table with these rules; in place of others stand rules that do nothing, so that each is the how-manieth it was. */
export function only(table: NftTable, kept: ReadonlySet<string>): NftTable {
  const chains = table.chains.map((chain) => ({
    ...chain,
    rules: chain.rules.map((rule, index) => (kept.has(keyOf({ chain: chain.name, index })) ? rule : { ...rule, statements: [] })),
  }))
  return { ...table, chains }
}

/** The elements of a set, or the entries of a map: no two of a table have one name. */
export function elementsOf({ sets, maps }: NftTable, name: string): readonly (NftElement | NftEntry)[] {
  return sets.find((set) => set.name === name)?.elements ?? maps.find((map) => map.name === name)?.entries ?? []
}

/** The table in which a set or a map has these alone. */
export function withElements({ sets, maps, ...others }: NftTable, name: string, kept: ReadonlySet<NftElement | NftEntry>): NftTable {
  return {
    ...others,
    sets: sets.map((set) => (set.name === name ? { ...set, elements: set.elements.filter((one) => kept.has(one)) } : set)),
    maps: maps.map((map) => (map.name === name ? { ...map, entries: map.entries.filter((one) => kept.has(one)) } : map)),
  }
}

/** Some of the items with which it still holds, and without any one of which it does not; of several such choices one of items that stand early. By halves (QuickXplain: Junker, AAAI 2004). */
function least<T>(items: readonly T[], stillHolds: (some: readonly T[]) => boolean): readonly T[] {
  const among = (others: readonly T[], some: readonly T[], isNew: boolean): readonly T[] => {
    if (isNew && stillHolds(others)) return []
    if (some.length < 2) return some
    const half = some.length >> 1
    const [early, late] = [some.slice(0, half), some.slice(half)]
    const ofLate = among([...others, ...early], late, true)
    return [...among([...others, ...ofLate], early, ofLate.length > 0), ...ofLate]
  }
  return among([], items, true)
}
