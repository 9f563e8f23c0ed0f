/** office: desks on floors ({@link campus}), a stack of access switches a floor. */
import { fact } from '#model/fact.ts'
import { type Standard, standard } from '../authoring/standard.ts'
import { campus, type Sizing } from '../campus/campus.ts'
import { deskArea, Floor } from '../campus/desks.ts'

/** One lesson a version, each learned from the one before. */
const LESSONS = [
  '1: a segment never spans two floors: a loop on one floor is that floor’s trouble alone',
  '1→2: switches are counted by the power they give as well as by ports: floors full of telephones and access points ran out of power with ports to spare',
] as const

function office(version: number, sizing: Sizing): Standard {
  return standard('office', version, {
    kind: 'office',
    facts: { seats: fact.integer(), floors: fact.list(Floor), rooms: fact.list(fact.object({ name: fact.name(), size: fact.area() })).optional() },
    zones: ['users', 'voice', 'guest', 'things', 'management'],
    lessons: LESSONS.slice(0, version),
    design(site, ask) {
      const onFloors = site.floors.reduce((sum, floor) => sum + floor.seats, 0)
      if (onFloors !== site.seats) ask.refuse(`the floors have ${onFloors} seats, the office ${site.seats}`, site.floors)
      const areas = site.floors.map((floor) => deskArea(floor, 'users'))
      campus(site, ask, { areas, about: site.floors, seats: site.seats, sizing })
    },
  })
}

/** Switches by ports alone. */
export const office1 = office(1, 'ports')

/** Switches by ports and by power. */
export const office2 = office(2, 'ports-and-power')
