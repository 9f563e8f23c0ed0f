/** What is found once. */

/** What is made when it is first asked for, and then kept. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

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
