/** What is found for each family when it is first asked for. */
import type { Family } from '#base/ip.ts'

export function byFamily<T>(find: (family: Family) => T): (family: Family) => T {
  const found: { [F in Family]?: T } = {}
  return (family) => {
    found[family] ??= find(family)
    return found[family]
  }
}
