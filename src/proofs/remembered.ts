/** What is found once. */

/** Finds it for a key when it is first asked for, and keeps it. */
export function remembered<K, V>(find: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>()
  return (key) => {
    const last = known.get(key)
    if (last !== undefined) return last
    const found = find(key)
    known.set(key, found)
    return found
  }
}
