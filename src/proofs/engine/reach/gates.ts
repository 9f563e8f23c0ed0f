/** Filters as gates: what passes from one port to another, by number, the same for all filters that pass the same. */
import type { Family } from '#base/ip.ts'
import type { Boxes } from '../boxes/boxes.ts'
import { byDestination, meetNear } from '../boxes/near.ts'
import { hashOf, same } from '../boxes/words.ts'
import { ALL } from '../filter/passage.ts'
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
  const together = new Map<GateSet, Boxes>()
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
      // The fewest first: mostly nothing is left of them before the many are asked.
      const [first, ...others] = set.gates.map((gate) => gates[gate]!).sort((a, b) => a.length - b.length)
      const found = others.reduce(
        (passed, other) => (passed.length === 0 ? passed : meetNear(space, passed, byDestination(space, other))),
        first ?? ALL[family],
      )
      together.set(set, found)
      return found
    },
  }
}

function sameBoxes(a: Boxes, b: Boxes): boolean {
  return a.length === b.length && a.every((box, index) => same(box, b[index]!))
}
