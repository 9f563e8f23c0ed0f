/** Canonical JSON, structural equality and a stable hash: the means by which "the same input gives the same bytes" is checked and memos are kept. */
import { byCodeUnit } from './order.ts'

/** JSON with object keys sorted and `undefined` members left out. Values must be plain data (bigints are written as decimal strings). */
export function canonicalJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, (_key, member) => sortKeys(member), indent)
}

function sortKeys(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value
  const sorted: Record<string, unknown> = Object.create(null)
  for (const key of Object.keys(value).sort(byCodeUnit)) sorted[key] = (value as Record<string, unknown>)[key]
  return sorted
}

/** Deep equality of plain data (objects, arrays, Maps, Sets, primitives); `undefined` members count as absent. */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false
    for (let i = 0; i < a.length; i++) if (!same(a[i], b[i])) return false
    return true
  }
  if (a instanceof Map) {
    if (!(b instanceof Map) || a.size !== b.size) return false
    for (const [key, value] of a) if (!b.has(key) || !same(value, b.get(key))) return false
    return true
  }
  if (a instanceof Set) {
    if (!(b instanceof Set) || a.size !== b.size) return false
    for (const value of a) if (!b.has(value)) return false
    return true
  }
  if (Array.isArray(b) || b instanceof Map || b instanceof Set) return false
  return sameMembers(a as Record<string, unknown>, b as Record<string, unknown>)
}

function sameMembers(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): boolean {
  let more = 0
  for (const key in a) {
    if (a[key] === undefined) continue
    // Every object has a `toString` and the like without being given it.
    if (!Object.hasOwn(b, key) || !same(a[key], b[key])) return false
    more++
  }
  for (const key in b) if (b[key] !== undefined) more--
  return more === 0
}

/** Freezes plain data all the way down, and returns it. Stops at what is frozen already. */
export function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  Object.freeze(value)
  for (const member of Object.values(value)) freeze(member)
  return value
}

/** 32-bit FNV-1a over the code units of `text`, with a final avalanche so that similar keys spread (http://www.isthe.com/chongo/tech/comp/fnv/). Not for security. */
export function hash32(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  hash ^= hash >>> 16
  hash = Math.imul(hash, 0x85ebca6b)
  hash ^= hash >>> 13
  hash = Math.imul(hash, 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
