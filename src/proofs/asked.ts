/** The destinations that a proof is about. */
import type { Family } from '#base/ip.ts'
import { byFamily } from './by-family.ts'
import { type Boxes, boxOf } from './engine/boxes/boxes.ts'
import { byDestination, meetNear } from './engine/boxes/near.ts'
import { PACKETS } from './engine/packet.ts'
import type { Interval } from './engine/reach/kinds.ts'
import { common } from './intent/intervals.ts'

/** Some destinations. */
export interface Asked {
  /** In order and apart. */
  intervals(family: Family): readonly Interval[]
  /** What is asked of some addresses in order; found once for each list. */
  cut(family: Family, intervals: readonly Interval[]): readonly Interval[]
  /** What is asked of some packets. */
  within(family: Family, boxes: Boxes): Boxes
}

/** Tells what is asked; `found` finds it for a family, in order and apart, at once: nothing that it looks at is kept. */
export function askedOf(found: (family: Family) => readonly Interval[]): Asked {
  return cutTo({ 4: found(4), 6: found(6) })
}

function cutTo(asked: Readonly<Record<Family, readonly Interval[]>>): Asked {
  const intervals = (family: Family) => asked[family]
  const known = byFamily(() => new WeakMap<readonly Interval[], readonly Interval[]>())
  const boxes = byFamily((family) => intervals(family).map((destination) => boxOf(PACKETS[family], { destination })))
  return {
    intervals,
    cut(family, some) {
      const last = known(family).get(some)
      if (last) return last
      const found = some.flatMap((one) => common(intervals(family), one))
      known(family).set(some, found)
      return found
    },
    within: (family, some) => meetNear(PACKETS[family], some, byDestination(PACKETS[family], boxes(family))),
  }
}
