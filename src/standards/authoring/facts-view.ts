/**
 * Standards see facts through a view that records what was read. The record becomes the `why` of the ask that follows, down to the YAML value.
 *
 * The origin of a value is a path of names (`fact sites/ber-office.yaml#/circuits/colt-mpls/bandwidth`): items of a list go by their `id` or `name`, so a reordered file changes no
 * origin.
 */
import type { Origin } from '#base/place.ts'

/** The facts read since the last {@link take}, the latest first: what a call is given is read just before it. */
export interface Reads {
  take(): Origin[]
}

interface Source {
  readonly raw: object
  readonly origin: Origin
}

const sources = new WeakMap<object, Source>()

/** A read-recording view of `data` (plain, frozen), whose own origin is `origin`; reads go to `record`. */
export function factsView<T extends object>(data: T, origin: Origin, record: (origin: Origin) => void): T {
  const children = new Map<PropertyKey, unknown>()
  const view = new Proxy(data, {
    get(target, key, receiver) {
      const value = Reflect.get(target, key, receiver) as unknown
      if (key === Symbol.iterator && Array.isArray(target)) {
        // Read once, when a loop begins: the iterator of arrays looks at the length again when it ends, after what the last item was read for.
        record(origin)
        return () => target.map((_, index) => (receiver as unknown[])[index]).values()
      }
      if (typeof key === 'symbol' || typeof value === 'function') return value
      if (Array.isArray(target) && key === 'length') record(origin)
      const at = `${origin}/${nameOf(target, key)}`
      if (typeof value !== 'object' || value === null) {
        // That something is not said decides too.
        if (!Array.isArray(target)) record(at)
        return value
      }
      if (!children.has(key)) children.set(key, factsView(value, at, record))
      return children.get(key)
    },
    ownKeys(target) {
      record(origin)
      return Reflect.ownKeys(target)
    },
    set: refuseChange,
    defineProperty: refuseChange,
    deleteProperty: refuseChange,
  })
  sources.set(view, { raw: data, origin })
  return view
}

function refuseChange(): never {
  throw new TypeError("facts can't be changed; copy what you need, such as [...site.floors].sort(…)")
}

/** A recorder of reads, and the means to collect them. */
export function recorder(): Reads & { record(origin: Origin): void } {
  let seen = new Set<Origin>()
  return {
    record(origin) {
      seen.delete(origin)
      seen.add(origin)
    },
    take() {
      const taken = [...seen].reverse()
      seen = new Set()
      return taken
    },
  }
}

/** The plain data behind a view; anything else is returned as it is. */
export function plain<T>(value: T): T {
  return typeof value === 'object' && value !== null ? ((sources.get(value)?.raw as T | undefined) ?? value) : value
}

/** The origin of a view; undefined for anything else. */
export function originOf(value: unknown): Origin | undefined {
  return typeof value === 'object' && value !== null ? sources.get(value)?.origin : undefined
}

/** What an item of a list is known by: its `id` or `name`, or, for want of one, its position. */
function nameOf(target: object, key: string): string {
  if (!Array.isArray(target)) return key
  const item = (target as unknown[])[Number(key)]
  return typeof item === 'object' && item !== null ? String((item as { id?: string }).id ?? (item as { name?: string }).name ?? key) : key
}
