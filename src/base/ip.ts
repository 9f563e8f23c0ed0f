/**
 * IPv4 and IPv6 addresses and prefixes.
 *
 * Parsing is strict: what an engine could read in two ways is refused (leading zeros, short forms, host bits set in a prefix), because a
 * library that reads 010.0.0.1 as 8.0.0.1 has no place in a compiler of filters. IPv6 text is canonical (RFC 5952).
 * The rest of the program stores addresses and prefixes as canonical text, and computes with the values below.
 */

/** Address family. */
export type Family = 4 | 6

/** An address as a number. */
export interface Ip {
  readonly family: Family
  readonly value: bigint
}

/** A block of addresses: `base` has no bits set beyond `length`. */
export interface Prefix {
  readonly family: Family
  readonly base: bigint
  readonly length: number
}

/** Bits in an address of the family. */
export function bitsOf(family: Family): 32 | 128 {
  return family === 4 ? 32 : 128
}

/** Reads an IPv4 or IPv6 address; undefined when it is not exactly one. */
export function parseIp(text: string): Ip | undefined {
  if (text.includes(':')) {
    const value = parseV6(text)
    return value === undefined ? undefined : { family: 6, value }
  }
  const value = parseV4(text)
  return value === undefined ? undefined : { family: 4, value: BigInt(value) }
}

/** Reads `address/length`; undefined when malformed or when host bits are set. */
export function parsePrefix(text: string): Prefix | undefined {
  const found = parseInterface(text)
  if (!found) return undefined
  return (found.ip.value & hostMask(found.ip.family, found.length)) === 0n ? { family: found.ip.family, base: found.ip.value, length: found.length } : undefined
}

/** Reads `address/length` as on an interface, where host bits may be set. */
export function parseInterface(text: string): { ip: Ip; length: number } | undefined {
  const slash = text.indexOf('/')
  if (slash < 0) return undefined
  const ip = parseIp(text.slice(0, slash))
  const digits = text.slice(slash + 1)
  if (!ip || !/^(0|[1-9]\d{0,2})$/.test(digits)) return undefined
  const length = Number(digits)
  return length <= bitsOf(ip.family) ? { ip, length } : undefined
}

/** Reads a prefix that is known to be well-formed. Throws on anything else: use it only on text this program made. */
export function prefixOf(text: string): Prefix {
  return remembered(PREFIXES, text, parsePrefix, 'a prefix')
}

/** Reads an address that is known to be well-formed. Throws on anything else. */
export function ipOf(text: string): Ip {
  return remembered(ADDRESSES, text, parseIp, 'an address')
}

/** The canonical text of an address; undefined when it is none. */
export function canonicalIp(text: string): string | undefined {
  return CANONICAL.has(text) && !text.includes('/') ? text : canonical(parseIp(text), text, showIp)
}

/** The canonical text of a prefix; undefined when it is none. */
export function canonicalPrefix(text: string): string | undefined {
  return CANONICAL.has(text) && text.includes('/') ? text : canonical(parsePrefix(text), text, showPrefix)
}

function canonical<T>(value: T | undefined, text: string, show: (value: T) => string): string | undefined {
  const shown = value && show(value)
  if (shown !== text) return shown
  if (CANONICAL.size >= REMEMBERED) CANONICAL.clear()
  CANONICAL.add(text)
  return text
}

/** Texts that were read last. The same address stands in the files of many devices, and reading is slower than looking up. */
const PREFIXES = new Map<string, Prefix>()
const ADDRESSES = new Map<string, Ip>()
/** Texts of addresses and of prefixes, which are none of the other, that were canonical. */
const CANONICAL = new Set<string>()

/** How many are remembered before all are forgotten: a company of some thousand devices has fewer. */
const REMEMBERED = 1 << 16

function remembered<T>(known: Map<string, T>, text: string, read: (text: string) => T | undefined, what: string): T {
  const last = known.get(text)
  if (last) return last
  const value = read(text)
  if (!value) throw new Error(`not ${what}: ${text}`)
  if (known.size >= REMEMBERED) known.clear()
  known.set(text, value)
  return value
}

/** The address part of `address/length` text. */
export function addressPart(text: string): string {
  const slash = text.indexOf('/')
  return slash < 0 ? text : text.slice(0, slash)
}

/** The family of well-formed address or prefix text. */
export function familyOf(text: string): Family {
  return text.includes(':') ? 6 : 4
}

/** Canonical text of an address. */
export function showIp(ip: Ip): string {
  return ip.family === 4 ? showV4(Number(ip.value)) : showV6(ip.value)
}

/** Canonical text of a prefix. */
export function showPrefix(prefix: Prefix): string {
  return `${showIp({ family: prefix.family, value: prefix.base })}/${prefix.length}`
}

/** The prefix of the given length that holds `ip`. */
export function prefixAround(ip: Ip, length: number): Prefix {
  const mask = hostMask(ip.family, length)
  return { family: ip.family, base: ip.value & ~mask, length }
}

/** How many addresses the prefix holds. */
export function sizeOf(prefix: Prefix): bigint {
  return 1n << BigInt(bitsOf(prefix.family) - prefix.length)
}

/** The `index`-th address of the prefix, counted from its base. */
export function nth(prefix: Prefix, index: bigint | number): Ip {
  return { family: prefix.family, value: prefix.base + BigInt(index) }
}

/** The last address of the prefix. */
export function lastOf(prefix: Prefix): bigint {
  return prefix.base | hostMask(prefix.family, prefix.length)
}

/** Whether every address of `inner` is in `outer`. */
export function contains(outer: Prefix, inner: Prefix): boolean {
  return outer.family === inner.family && outer.length <= inner.length && (inner.base & ~hostMask(outer.family, outer.length)) === outer.base
}

/** Whether the two share an address. */
export function overlaps(a: Prefix, b: Prefix): boolean {
  return contains(a, b) || contains(b, a)
}

/** Order by family, base, then shorter first: a container precedes what it contains. */
export function comparePrefixes(a: Prefix, b: Prefix): number {
  return a.family - b.family || (a.base < b.base ? -1 : a.base > b.base ? 1 : 0) || a.length - b.length
}

/** The fewest prefixes that cover exactly the same addresses, sorted. */
export function aggregate(prefixes: readonly Prefix[]): Prefix[] {
  const out: Prefix[] = []
  for (const next of [...prefixes].sort(comparePrefixes)) {
    const top = out[out.length - 1]
    if (top && contains(top, next)) continue
    out.push(next)
    while (out.length > 1) {
      const [left, right] = [out[out.length - 2]!, out[out.length - 1]!]
      if (left.family !== right.family || left.length !== right.length || left.length === 0) break
      const parent = prefixAround({ family: left.family, value: left.base }, left.length - 1)
      if (parent.base !== left.base || !contains(parent, right)) break
      out.length -= 2
      out.push(parent)
    }
  }
  return out
}

/** The fewest prefixes that cover exactly the addresses of the family that are in none of `holes`. */
export function complement(family: Family, holes: readonly Prefix[]): Prefix[] {
  const out: Prefix[] = []
  const end = 1n << BigInt(bitsOf(family))
  let from = 0n
  for (const hole of aggregate(holes.filter((hole) => hole.family === family))) {
    out.push(...rangeToPrefixes(family, from, hole.base))
    from = lastOf(hole) + 1n
  }
  out.push(...rangeToPrefixes(family, from, end))
  return out
}

/** The fewest prefixes that cover the addresses from `from` up to, not including, `end`. */
export function rangeToPrefixes(family: Family, from: bigint, end: bigint): Prefix[] {
  const bits = bitsOf(family)
  const out: Prefix[] = []
  while (from < end) {
    let hostBits = 0
    while (hostBits < bits && (from & (1n << BigInt(hostBits))) === 0n && from + (1n << BigInt(hostBits + 1)) <= end) hostBits++
    out.push({ family, base: from, length: bits - hostBits })
    from += 1n << BigInt(hostBits)
  }
  return out
}

/** By number of host bits. */
const HOST_MASKS: readonly bigint[] = Array.from({ length: 129 }, (_, bits) => (1n << BigInt(bits)) - 1n)

function hostMask(family: Family, length: number): bigint {
  return HOST_MASKS[bitsOf(family) - length]!
}

function parseV4(text: string): number | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)
  if (!match) return undefined
  let value = 0
  for (let i = 1; i <= 4; i++) {
    const part = match[i]!
    const octet = Number(part)
    if (octet > 255 || (part.length > 1 && part[0] === '0')) return undefined
    value = value * 256 + octet
  }
  return value
}

function showV4(value: number): string {
  return `${Math.floor(value / 0x1000000)}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`
}

function parseV6(text: string): bigint | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const head = groupsOf(halves[0]!, halves.length === 1)
  const tail = halves.length === 2 ? groupsOf(halves[1]!, true) : []
  if (!head || !tail) return undefined
  const missing = 8 - head.length - tail.length
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined
  const groups: number[] = [...head, ...Array(missing).fill(0), ...tail]
  // Few large steps, since each step makes a new bigint: a number holds 48 bits exactly.
  const part = (from: number, to: number) => BigInt(groups.slice(from, to).reduce((sum, group) => sum * 65536 + group, 0))
  return (part(0, 3) << 80n) | (part(3, 6) << 32n) | part(6, 8)
}

/** The 16-bit groups of one side of `::`; where the side ends the address, an embedded IPv4 tail (RFC 4291 §2.2.3) counts as two. */
function groupsOf(text: string, ends: boolean): number[] | undefined {
  if (text === '') return []
  const groups: number[] = []
  const parts = text.split(':')
  for (const [index, part] of parts.entries()) {
    if (ends && index === parts.length - 1 && part.includes('.')) {
      const v4 = parseV4(part)
      if (v4 === undefined) return undefined
      groups.push(Math.floor(v4 / 65536), v4 % 65536)
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) {
      groups.push(Number.parseInt(part, 16))
    } else {
      return undefined
    }
  }
  return groups
}

/** RFC 5952: lower case, no leading zeros, the longest run of at least two zero groups (the first of equals) as `::`. */
function showV6(value: bigint): string {
  const digits = value.toString(16).padStart(32, '0')
  const groups: number[] = []
  for (let at = 0; at < 32; at += 4) groups.push(Number.parseInt(digits.slice(at, at + 4), 16))
  let runAt = -1
  let runLength = 1
  for (let i = 0; i < 8; ) {
    let end = i
    while (end < 8 && groups[end] === 0) end++
    if (end - i > runLength) {
      runAt = i
      runLength = end - i
    }
    i = end + 1
  }
  const hex = (part: number[]) => part.map((group) => group.toString(16)).join(':')
  return runAt < 0 ? hex(groups) : `${hex(groups.slice(0, runAt))}::${hex(groups.slice(runAt + runLength))}`
}
