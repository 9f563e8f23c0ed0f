/** What is made for each family apart. */
import type { Family } from '#base/ip.ts'

/** Both families. */
export const FAMILIES: readonly Family[] = [4, 6]

/** Finds it for a family when it is first asked for, and keeps it. */
export function byFamily<T>(find: (family: Family) => T): (family: Family) => T {
  const found: { [F in Family]?: T } = {}
  return (family) => {
    found[family] ??= find(family)
    return found[family]
  }
}
