/**
 * Descriptions as `ip -batch` and the kernel can carry them. A batch line is cut at `#` even inside quotes, and inside quotes nothing can be escaped
 * (iproute2 lib/utils.c, `getcmdline` and `makeargs`); the kernel keeps 255 bytes (IFALIASZ).
 */

const MOST_BYTES = 255

/** What can be carried as it is, as nearly every description can. */
const PLAIN = /^[ !$-~]{0,255}$/

/** The description with what cannot be carried replaced or left out: `"` becomes `'`, control characters spaces, `#` nothing; cut at a whole character. */
export function aliasOf(description: string): string {
  if (PLAIN.test(description)) return description
  const carried = description
    .toWellFormed()
    .replaceAll('"', "'")
    .replaceAll('#', '')
    .replace(/\p{Cc}/gu, ' ')
  let bytes = 0
  let alias = ''
  for (const character of carried) {
    bytes += utf8Bytes(character.codePointAt(0)!)
    if (bytes > MOST_BYTES) break
    alias += character
  }
  return alias
}

function utf8Bytes(codePoint: number): number {
  return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4
}
