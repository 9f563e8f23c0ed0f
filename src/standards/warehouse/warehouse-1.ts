/**
 * warehouse@1: halls with a cabinet and a stack each ({@link campus}), handheld scanners on the air, cameras, and a few desks. A scanner belongs to its hall's segment: who walks into the
 * next hall gets a new address and its terminal session goes on, rather than one broadcast domain over a million square feet.
 */
import { AREA, grouped } from '#base/units.ts'
import { fact } from '#model/fact.ts'
import { standard } from '../authoring/standard.ts'
import { type Area, campus } from '../campus/campus.ts'
import { ADDRESSES_PER_SEAT, AREA_PER_CABINET, AREA_PER_WAREHOUSE_ACCESS_POINT, GUESTS_PER_SEAT, WATTS } from '../campus/sizing.ts'

/** m² that differ when areas are written in rounded square feet. */
const ROUNDING = 1

const Hall = fact.object({
  name: fact.name(),
  area: fact.area(),
  use: fact.oneOf(['racked', 'dock', 'staging']),
  scanners: fact.integer(),
  seats: fact.integer().optional().describe('desks in the hall; none if not said'),
  cameras: fact.integer().optional().describe('none if not said'),
})

export const warehouse1 = standard('warehouse', 1, {
  kind: 'warehouse',
  facts: { area: fact.area(), seats: fact.integer(), halls: fact.list(Hall) },
  zones: ['users', 'voice', 'guest', 'things', 'scanners', 'management'],
  lessons: ['1: a hall is no larger than its cabinet can cable: 90 m are used up by going up and down the racks'],
  design(site, ask) {
    const seats = site.halls.reduce((sum, hall) => sum + (hall.seats ?? 0), 0)
    if (seats !== site.seats) ask.refuse(`the halls have ${seats} seats, the warehouse ${site.seats}`, site.halls)
    const area = site.halls.reduce((sum, hall) => sum + hall.area, 0)
    if (Math.abs(area - site.area) > ROUNDING) ask.refuse(`the halls have ${sqft(area)}, the warehouse ${sqft(site.area)}`, site.halls)
    for (const hall of site.halls) {
      if (hall.area <= AREA_PER_CABINET) continue
      const parts = Math.ceil(hall.area / AREA_PER_CABINET)
      ask.refuse(`hall ${hall.name} has ${sqft(hall.area)}, and a cabinet reaches ${sqft(AREA_PER_CABINET)}: split it into ${parts}`, site.halls)
    }
    const areas = site.halls.map(({ name, area, use, scanners, seats = 0, cameras = 0 }): Area => {
      const accessPoints = Math.ceil(area / AREA_PER_WAREHOUSE_ACCESS_POINT[use])
      return {
        name,
        segments: [
          { name: 'scanners', zone: 'scanners', hosts: scanners },
          { name: 'users', zone: 'users', hosts: Math.ceil(seats * ADDRESSES_PER_SEAT) },
          { name: 'voice', zone: 'voice', hosts: seats, voice: true },
          { name: 'guest', zone: 'guest', hosts: Math.ceil(seats * GUESTS_PER_SEAT), strangers: true },
          { name: 'things', zone: 'things', hosts: cameras },
        ],
        ports: [
          { name: 'desk', count: seats, segment: 'users', tagged: ['voice'], authenticated: true, watts: WATTS.telephone },
          { name: 'ap', count: accessPoints, segment: 'management', tagged: ['scanners', 'users', 'voice', 'guest'], wireless: true, watts: WATTS.accessPoint },
          { name: 'camera', count: cameras, segment: 'things', watts: WATTS.camera },
        ],
      }
    })
    campus(site, ask, { areas, about: site.halls, seats: site.seats, sizing: 'ports-and-power' })
  },
})

function sqft(area: number): string {
  return `${grouped(Math.round(area / AREA.factors.sqft!))} sq ft`
}
