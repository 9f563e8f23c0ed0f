/** Places of people in DHCP: GEOCONF_CIVIC (RFC 4776), option 99 of IPv4 and 36 of IPv6, which have the same content. */
import type { CivicLocation } from '#design/for-hosts.ts'

/** What the place is the place of: the network element that is thought to be closest to the client (§3.1). */
const CLOSEST_ELEMENT = 1

/** Kinds of elements, CAtype (§3.4). */
const CITY = 3
const ADDITIONAL = 22
const STREET = 34

/** Bytes of a text: three such elements fit into the 255 bytes of an option of DHCPv4 (RFC 2132 §2). */
const LONGEST = 80

/** The content of the option in hexadecimal. */
export function civicBytes({ country, city, address, area }: CivicLocation): string {
  const element = (type: number, text: string) => {
    const bytes = cut(text)
    return [type, bytes.length, ...bytes]
  }
  const elements = [...element(CITY, city), ...(address === undefined ? [] : element(STREET, address)), ...element(ADDITIONAL, area)]
  return [CLOSEST_ELEMENT, ...utf8(country), ...elements].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** As many whole characters as fit. */
function cut(text: string): number[] {
  const bytes: number[] = []
  for (const character of text.toWellFormed()) {
    const more = utf8(character)
    if (bytes.length + more.length > LONGEST) break
    bytes.push(...more)
  }
  return bytes
}

/** The bytes of a text: those of its escapes, and ASCII for what needs none. */
function utf8(text: string): number[] {
  return [...encodeURIComponent(text).matchAll(/%(..)|./g)].map(([one, hex]) => (hex === undefined ? one.charCodeAt(0) : Number.parseInt(hex, 16)))
}
