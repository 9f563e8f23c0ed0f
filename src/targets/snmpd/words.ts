/** Text that a person wrote, as one line of `snmpd.conf` that is taken whole. A `#` or a `\` inside a line says nothing special to snmpd (measured). */
import { MOST_BYTES } from './tree.ts'

/** The text with runs of white space and control characters as one space, cut at a whole character. */
export function words(text: string): string {
  const line = text
    .toWellFormed()
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
  let bytes = 0
  let kept = ''
  for (const character of line) {
    bytes += utf8Bytes(character.codePointAt(0)!)
    if (bytes > MOST_BYTES) return kept.trimEnd()
    kept += character
  }
  return kept
}

function utf8Bytes(codePoint: number): number {
  return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4
}
