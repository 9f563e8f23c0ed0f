/** Where a packet ends that does not arrive, and what ends it. */
import type { Family } from '#base/ip.ts'
import { type Boxes, holds, type Point } from './engine/boxes/boxes.ts'
import type { RuleRef } from './engine/filter/interpret.ts'
import { PACKETS } from './engine/packet.ts'
import type { Passage, Spread } from './engine/reach/spread.ts'
import type { World } from './engine/reach/world.ts'

/** What ends a packet. */
export interface Obstacle {
  readonly device: string
  readonly says: string
  readonly rule?: RuleRef
}

const WORDS = {
  'no-route': 'has no route for it',
  blackhole: 'drops it: of the prefix it knows a summary alone',
  'no-neighbor': 'knows a route for it and nobody at the end of it',
} as const

/** The first obstacle of a packet, in the order in which it meets them. */
export function obstacleOf(world: World, family: Family, found: Spread, point: Point): Obstacle | undefined {
  const { passages, calls } = found
  const dropped = [...passages, ...calls].find(({ arriving, accepted }) => isIn(family, arriving, point) && !isIn(family, accepted, point))
  if (dropped) return { device: dropped.device, says: wordsOf(dropped), ...ruleOf(world, family, dropped, point) }
  const [lost] = lossesOf(family, found, point)
  if (lost) return lost
  // Whatever neither arrives nor ends goes round.
  return roundOf(family, found, point)
}

/** Everywhere that no table or no neighbour takes a packet further: of several equal ways, on each. */
export function lossesOf(family: Family, { deadEnds }: Spread, point: Point): readonly Obstacle[] {
  return deadEnds.flatMap(({ device, boxes, why }) => (isIn(family, boxes, point) ? [{ device, says: WORDS[why] }] : []))
}

/** The round that a packet goes which neither arrives nor ends. */
export function roundOf(family: Family, { stops }: Spread, point: Point): Obstacle | undefined {
  const round = [...stops].filter(([, boxes]) => isIn(family, boxes, point)).map(([stop]) => stop.split(/[ #]/)[0]!)
  return round[0] === undefined ? undefined : { device: round.at(-1)!, says: `passes it on, and it goes round: ${[...new Set(round)].join(', ')}` }
}

/** Whether one of the boxes holds the packet. */
export function isIn(family: Family, boxes: Boxes, point: Point): boolean {
  return boxes.some((box) => holds(PACKETS[family], box, point))
}

function wordsOf({ iif, oif }: Passage): string {
  return oif ? `drops what comes from ${iif.name} for ${oif.name} and no rule accepts` : `does not take it by ${iif.name}`
}

/** The rule that drops it; none where the policy of a chain does. */
function ruleOf(world: World, family: Family, { device, iif, oif }: Passage, point: Point): { readonly rule?: RuleRef } {
  const filter = oif ? world.transit(device, family, iif, oif) : world.arrivals(device, family, iif)
  const rule = filter?.rules.find(({ accept, takes }) => !accept && takes(point))
  return rule ? { rule: { chain: rule.chain, index: rule.index } } : {}
}
