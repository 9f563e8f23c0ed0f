/** An area of desks: a floor of an office or a call centre. */
import { fact } from '#model/fact.ts'
import type { Area } from './campus.ts'
import { ADDRESSES_PER_SEAT, AREA_PER_ACCESS_POINT, GUESTS_PER_SEAT, SEATS_PER_ACCESS_POINT, SEATS_PER_PRINTER, WATTS } from './sizing.ts'

/** A floor, as facts have it. */
export const Floor = fact.object({
  name: fact.name(),
  area: fact.area(),
  seats: fact.integer(),
  cameras: fact.integer().optional().describe('none if not said'),
})

/** What a floor takes whose people are in `zone`. A telephone stands at each seat and passes the computer's frames on; visitors come in by the access points. */
export function deskArea(
  floor: { readonly name: string; readonly area: number; readonly seats: number; readonly cameras?: number | undefined },
  zone: string,
): Area {
  // Read where they are asked for and not before, so that `why` names the facts of this floor.
  return {
    name: floor.name,
    get segments() {
      const { seats } = floor
      return [
        { name: zone, zone, hosts: Math.ceil(seats * ADDRESSES_PER_SEAT) },
        { name: 'voice', zone: 'voice', hosts: seats, voice: true },
        { name: 'guest', zone: 'guest', hosts: Math.ceil(seats * GUESTS_PER_SEAT), strangers: true },
        { name: 'things', zone: 'things', hosts: Math.ceil(seats / SEATS_PER_PRINTER) + (floor.cameras ?? 0) },
      ]
    },
    get ports() {
      const { area, seats, cameras = 0 } = floor
      const accessPoints = Math.max(Math.ceil(area / AREA_PER_ACCESS_POINT), Math.ceil(seats / SEATS_PER_ACCESS_POINT))
      return [
        { name: 'desk', count: seats, segment: zone, tagged: ['voice'], authenticated: true, watts: WATTS.telephone },
        { name: 'ap', count: accessPoints, segment: 'management', tagged: [zone, 'voice', 'guest'], wireless: true, watts: WATTS.accessPoint },
        { name: 'printer', count: Math.ceil(seats / SEATS_PER_PRINTER), segment: 'things', watts: 0 },
        { name: 'camera', count: cameras, segment: 'things', watts: WATTS.camera },
      ]
    },
  }
}
