/** No rule of a filter is for nothing: each matches some packet that no earlier one takes, exactly, unions included. */
import type { NftTable } from '#targets/nftables/tree.ts'
import { type Finding, findings } from '../../engine/filter/hygiene.ts'
import type { Property } from '../../proof.ts'

const SAYS: Readonly<Record<Exclude<Finding['kind'], 'overlap'>, string>> = {
  'never-matches': 'nothing that comes to it matches',
  shadowed: 'rules before it take all that it matches',
  redundant: 'what it accepts is accepted without it',
}

/** The property. That an accept stands in front of the drop which it is an exception to is how filters are written. */
export const rules: Property = {
  name: 'rules',
  title: 'no rule is for nothing',
  *ofNetwork({ world }) {
    for (const [device, { nftables }] of world.told) {
      for (const table of nftables?.tables ?? []) {
        const found = findingsOf(table).filter(({ kind }) => kind !== 'overlap')
        if (found.length === 0) yield { property: rules.name, id: `${device} ${table.family}`, holds: true, why: [] }
        for (const { kind, chain, index } of found) {
          const counter = { says: SAYS[kind as keyof typeof SAYS], device, rule: { chain, index } }
          yield { property: rules.name, id: `${device} ${table.family} ${chain} ${index + 1}`, holds: false, why: [], counter }
        }
      }
    }
  },
}

/** Found once for each table. */
function findingsOf(table: NftTable): readonly Finding[] {
  const found = KNOWN.get(table) ?? findings(table)
  KNOWN.set(table, found)
  return found
}

const KNOWN = new WeakMap<NftTable, readonly Finding[]>()
