/** nftables identifiers made of neutral names: always valid, and different for different parts. */

/** Words of nftables' own language that have the form of a chain name (nftables 1.0.6 and 1.1; names with more or other parts cannot meet one). */
const KEYWORDS = new Set(['auto-merge', 'gc-interval'])

/**
 * The identifier of the thing with these names: `web-db`, `web-db-users-ports-v4`. A hyphen stands between parts only; one inside a name is written `_`, and
 * what is neither an ASCII letter, a digit nor `/`, or may not be first, as its hexadecimal code point between dots. So it can be read backwards, and never collides.
 */
export function identifier(...parts: readonly string[]): string {
  const name = parts.map((part) => part.replace(/[^A-Za-z0-9/]/gu, (character) => (character === '-' ? '_' : escaped(character)))).join('-')
  const valid = name.replace(/^[^A-Za-z_.]/, escaped)
  return KEYWORDS.has(valid) ? valid.replace(/^./, escaped) : valid
}

/** The name of an interface, which nftables must take literally: `*` at its end would be a wildcard, a quote would end it. Throws on such a name. */
export function interfaceName(name: string): string {
  if (!INTERFACE.test(name)) throw new Error(`not an interface name that nftables can match literally: ${name}`)
  return name
}

/** Linux interface names (at most IFNAMSIZ − 1 characters) without those that mean something to nftables. */
export const INTERFACE: RegExp = /^[A-Za-z0-9._@:-]{1,15}$/

function escaped(character: string): string {
  return `.${character.codePointAt(0)!.toString(16)}.`
}
