/** The reverse zones of prefixes (RFC 1035 §3.5, RFC 3596 §2.5). */
import { aggregate, bitsOf, type Family, nth, type Prefix, prefixOf } from '#base/ip.ts'

/** How addresses of a family are written backwards: bits of a label, the base that it is written in, and what they all end with. */
const REVERSE: Readonly<Record<Family, { readonly bits: number; readonly radix: number; readonly root: string }>> = {
  4: { bits: 8, radix: 10, root: 'in-addr.arpa' },
  6: { bits: 4, radix: 16, root: 'ip6.arpa' },
}

/** The zones that hold the names of exactly these addresses. A prefix that ends within a label is split into as many zones as it has labels there: a /12 is sixteen zones of a /16. */
export function reverseZones(space: readonly string[]): string[] {
  return aggregate(space.map(prefixOf)).flatMap((prefix) => {
    const { bits } = REVERSE[prefix.family]
    const labels = Math.ceil(prefix.length / bits)
    const apart = 1n << BigInt(bitsOf(prefix.family) - labels * bits)
    return Array.from({ length: 2 ** (labels * bits - prefix.length) }, (_, index) => reverseName(prefix, BigInt(index) * apart, labels))
  })
}

/** The name of the first labels of the prefix's address at `offset`, the last of them first. */
function reverseName(prefix: Prefix, offset: bigint, labels: number): string {
  const { bits, radix, root } = REVERSE[prefix.family]
  const value = nth(prefix, offset).value >> BigInt(bitsOf(prefix.family) - labels * bits)
  const backwards = Array.from({ length: labels }, (_, index) => Number((value >> BigInt(index * bits)) & ((1n << BigInt(bits)) - 1n)).toString(radix))
  return [...backwards, root].join('.')
}
