/** The difference of two lists of nodes of a kind, by id. */
import { byName } from '#base/order.ts'
import { diffFields, type FieldTable } from './fields.ts'
import type { Changes, NodeChange } from './plan.ts'

/** What comes, goes and changes. `compare` tells what of a node that both lists have differs; undefined for nothing. The same object on both sides is not compared. */
export function diffNodes<T extends { readonly id: string }, C extends NodeChange>(
  before: readonly T[],
  after: readonly T[],
  compare: (before: T, after: T) => C | undefined,
): Changes<C> {
  const gone = new Map(before.map((node) => [node.id, node]))
  const added: string[] = []
  const changed: C[] = []
  for (const node of after) {
    const was = gone.get(node.id)
    gone.delete(node.id)
    const change = was && was !== node ? compare(was, node) : undefined
    if (!was) added.push(node.id)
    else if (change) changed.push(change)
  }
  return { added: added.sort(byName), removed: [...gone.keys()].sort(byName), changed: changed.sort((a, b) => byName(a.id, b.id)) }
}

/** Compares nodes by the members in the table. */
export function byFields<T extends { readonly id: string }>(fields: FieldTable): (before: T, after: T) => NodeChange | undefined {
  return (before, after) => {
    const found = diffFields(fields, before, after)
    return found.length > 0 ? { id: after.id, fields: found } : undefined
  }
}
