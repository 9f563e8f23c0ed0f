/** Equal boxes as one, so that what is the same is told by identity. */
import type { Box } from './words.ts'

/** Gives for a box the equal one that was given first. */
export function interning(): (box: Box) => Box {
  const known = new Map<number, Box[]>()
  return (box) => {
    const hash = hashOf(box)
    const alike = known.get(hash)
    if (!alike) {
      known.set(hash, [box])
      return box
    }
    const found = alike.find((one) => equal(one, box))
    if (!found) alike.push(box)
    return found ?? box
  }
}

/** FNV-1a over words (http://www.isthe.com/chongo/tech/comp/fnv/). */
function hashOf(box: Box): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < box.length; at++) hash = Math.imul(hash ^ box[at]!, 0x01000193)
  return hash
}

function equal(a: Box, b: Box): boolean {
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false
  return true
}
