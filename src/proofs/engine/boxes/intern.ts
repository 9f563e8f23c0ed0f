/** Equal boxes as one, so that what is the same is told by identity. */
import { type Box, hashOf, same } from './words.ts'

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
    const found = alike.find((one) => same(one, box))
    if (!found) alike.push(box)
    return found ?? box
  }
}
