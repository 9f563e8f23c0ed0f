/** Filters as gates: what passes from one port to another, by number, the same for all filters that pass the same. */
import type { Family } from '#base/ip.ts'
import type { Boxes } from '../boxes/boxes.ts'
import { byDestination, meetNear } from '../boxes/near.ts'
import { hashOf, same } from '../boxes/words.ts'
import { ALL } from '../filter/passage.ts'
import { MOST_PARTS, Tangled } from '../filter/tangled.ts'
import type { Port } from '../network/links.ts'
import { PACKETS } from '../packet.ts'
import type { GateSet } from './fate.ts'
import type { GateOf } from './fates.ts'
import type { World } from './world.ts'

/** The gates of a family. */
export interface Gates {
  readonly gateOf: GateOf
  /** What gates let through together. */
  passes(set: GateSet): Boxes
}

/** Numbers gates as they are asked for. */
export function gatesOf(world: World, family: Family): Gates {
  const space = PACKETS[family]
  const gates: Boxes[] = []
  const hashes: number[] = []
  const together = new Map<GateSet, Boxes>()
  const all: Passed = { boxes: ALL[family], behind: new Map() }
  const numbers = new Map<Boxes, number>()
  const alike = new Map<number, number[]>()
  const numberOf = (boxes: Boxes): number => {
    const known = numbers.get(boxes)
    if (known !== undefined) return known
    const hash = boxes.reduce<number | undefined>((hash, box) => hashOf(box, hash), undefined) ?? 0
    const near = alike.get(hash) ?? []
    alike.set(hash, near)
    let number = near.find((gate) => sameBoxes(gates[gate]!, boxes))
    if (number === undefined) {
      number = gates.push(boxes) - 1
      hashes.push(hash)
      near.push(number)
    }
    numbers.set(boxes, number)
    return number
  }
  return {
    gateOf: (device: string, iif: Port, oif: Port | undefined) => {
      const filter = oif ? world.transit(device, family, iif, oif) : world.arrivals(device, family, iif)
      return filter && numberOf(filter.accepted)
    },
    passes(set) {
      const known = together.get(set)
      if (known) return known
      // Those with the most boxes are on the way of the most packets: what several of them pass is found once. In which order gates were asked for makes no difference to the boxes.
      const ordered = [...set.gates].sort((a, b) => gates[b]!.length - gates[a]!.length || hashes[a]! - hashes[b]! || a - b)
      let passed = all
      for (const gate of ordered) {
        const last = passed.behind.get(gate)
        const next = last ?? { boxes: common(passed.boxes, gates[gate]!), behind: new Map() }
        if (!last) passed.behind.set(gate, next)
        passed = next
        if (passed.boxes.length === 0) break
      }
      together.set(set, passed.boxes)
      return passed.boxes
    },
  }

  function common(one: Boxes, other: Boxes): Boxes {
    if (one === ALL[family]) return other
    const [few, many] = one.length < other.length ? [one, other] : [other, one]
    const found = few.length === 0 ? few : meetNear(space, few, byDestination(space, many))
    if (found.length > MOST_PARTS) throw new Tangled(space, found)
    return found.length === 0 ? NONE : found
  }
}

/** What some gates pass together, and what that comes to behind one more, by its number. */
interface Passed {
  readonly boxes: Boxes
  readonly behind: Map<number, Passed>
}

const NONE: Boxes = []

function sameBoxes(a: Boxes, b: Boxes): boolean {
  return a.length === b.length && a.every((box, index) => same(box, b[index]!))
}
