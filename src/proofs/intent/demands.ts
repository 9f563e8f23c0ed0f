/** What hosts of places take of services and of those outside in the busy hour, as demands: of each host once, however many flows there are to whom it calls. */
import type { Family } from '#base/ip.ts'
import type { Design } from '#design/design.ts'
import { byFamily, FAMILIES } from '../by-family.ts'
import { type Boxes, intervalOf } from '../engine/boxes/boxes.ts'
import { PACKETS } from '../engine/packet.ts'
import type { Demand } from '../engine/reach/loads.ts'
import type { Source } from '../engine/reach/spread.ts'
import type { World } from '../engine/reach/world.ts'
import { remembered } from '../remembered.ts'
import { prefixesOf } from './concern.ts'
import type { Flow, Traffic } from './flows.ts'
import { common, type Interval } from './intervals.ts'
import type { Place } from './places.ts'
import { receiversOf } from './receivers.ts'

/** The demands of a place by these sources: in one family where both sides have it, else in the other. None from outside: how many are there nobody says. */
export function demandsOf(
  design: Design,
  world: World,
  flows: readonly Flow[],
): (place: Place, sources: (family: Family) => readonly Source[], family: Family) => readonly Demand[] {
  const segments = new Map(design.sites.flatMap(({ segments }) => segments.map((segment) => [segment.id, segment])))
  const loading = flows.flatMap(({ id, from, to, traffic }) => (traffic ? [{ id, from, to, traffic }] : []))
  const receivers = receiversIn(design, world)
  return (place, sources, preferred) => {
    const segment = segments.get(place.id)
    if (!segment) return []
    // Of a pool of addresses each source is one host.
    const count = segment.vlan === undefined ? 1 : segment.hosts
    const taken = new Map<Traffic, Set<string>>()
    const sending = byFamily((family) =>
      remembered((from: Flow['from']) =>
        sources(family).flatMap(({ device, vrf, port, boxes }) => {
          const source = addressOf(boxes, from, family)
          return source === undefined ? [] : [{ device, vrf, port, source }]
        }),
      ),
    )
    const families = FAMILIES.toSorted((a, b) => Number(b === preferred) - Number(a === preferred))
    return loading.flatMap(({ id, from, to, traffic }): readonly Demand[] => {
      const taking = taken.get(traffic) ?? new Set<string>()
      taken.set(traffic, taking)
      const [up, down] = [traffic.up * count, traffic.down * count]
      const family = families.find((family) => receivers(to, family).length > 0 && sending(family)(from).length > 0)
      if (family === undefined) return []
      const others = sending(family)(from).filter(({ device }) => !taking.has(device))
      for (const { device } of others) taking.add(device)
      return others.map((sender) => ({ id, family, ...sender, receivers: receivers(to, family), up, down }))
    })
  }
}

/** An address of a source that is on a side of a flow. */
function addressOf(boxes: Boxes, from: Flow['from'], family: Family): bigint | undefined {
  for (const box of boxes) {
    const [found] = common(prefixesOf(from, family), intervalOf(PACKETS[family], box, 'source'))
    if (found) return middleOf(found)
  }
  return undefined
}

/** The addresses at which a side is called: all of a service; of somebody outside the one in the middle of its widest part, which stands for all. */
function receiversIn(design: Design, world: World): (to: Flow['to'], family: Family) => readonly bigint[] {
  const known = { 4: new Map<Flow['to'], readonly bigint[]>(), 6: new Map<Flow['to'], readonly bigint[]>() }
  return (to, family) => {
    const last = known[family].get(to)
    if (last) return last
    const all = receiversOf(design, world, to, family)
    const outside = all.filter(({ spot }) => spot.site === undefined).map(({ addresses }) => addresses)
    const widest = outside.reduce<Interval | undefined>((most, one) => (most && widthOf(most) >= widthOf(one) ? most : one), undefined)
    const found = [...all.flatMap(({ spot, addresses: [first] }) => (spot.site === undefined ? [] : [first])), ...(widest ? [middleOf(widest)] : [])]
    known[family].set(to, found)
    return found
  }
}

function middleOf([first, last]: Interval): bigint {
  return (first + last) / 2n
}

function widthOf([first, last]: Interval): bigint {
  return last - first
}
