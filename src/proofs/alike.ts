/** Places that are alike: of one zone at one site, whose packets have the same fate. What is proved of all of them at once is proved of each. */
import type { Family } from '#base/ip.ts'
import { byFamily, FAMILIES } from './by-family.ts'
import { meetAll } from './engine/boxes/boxes.ts'
import { type Fates, fatesOf, type Row } from './engine/reach/fates.ts'
import type { Gates } from './engine/reach/gates.ts'
import { type Reached, reachedFrom } from './engine/reach/reached.ts'
import { type Spread, type Supposed, spread } from './engine/reach/spread.ts'
import type { Place } from './intent/places.ts'
import type { Proof } from './proof.ts'
import { remembered } from './remembered.ts'

/** Places that are alike, and where their packets get to, by family. */
export interface Alike {
  readonly places: readonly [Place, ...Place[]]
  /** Of whatever they may send, and more: what others at the same stop send. */
  reached(family: Family): Reached
  /** The same from each stop that they send from, with whatever source. */
  stops(family: Family): readonly Reached[]
  /** The packets of one of them, followed from stop to stop: what ends each is told by this. */
  spread(place: Place): Readonly<Record<Family, Spread>>
  /** The same when no device of this role takes part. */
  without(role: string): Omit<Alike, 'stops' | 'without'>
}

/** Fates of a family, with gates by number. */
interface Decided {
  readonly fates: Fates
  readonly gates: Gates
  readonly reached: Map<Row, Reached>
}

/** Groups the places, one group after the other: what is followed packet by packet is let go of with its group. */
export function* alikeOf({ world, design, places, kinds, gates, fates }: Proof): Iterable<Alike> {
  const decide = (of: (family: Family) => Fates) => byFamily((family): Decided => ({ fates: of(family), gates: gates(family), reached: new Map() }))
  const decided = decide(fates)
  const roles = new Map<string, { readonly avoided: ReadonlySet<string>; readonly decided: (family: Family) => Decided }>()
  const numbers = new Map<Row, number>()
  const numberOf = (row: Row) => {
    const number = numbers.get(row) ?? numbers.size
    numbers.set(row, number)
    return number
  }
  const rowsOf = ({ fates }: Decided, place: Place, avoided?: ReadonlySet<string>) =>
    place.sources(fates.family).flatMap((source) => {
      const { device, vrf, port, boxes } = source
      return avoided?.has(device) ? [] : [{ row: fates.row(device, vrf, port), boxes }]
    })
  const spreadOf = (place: Place, supposed: Supposed) => ({
    4: spread(world, 4, place.sources(4), supposed),
    6: spread(world, 6, place.sources(6), supposed),
  })

  const groups = Map.groupBy(places, (place) => {
    const rows = FAMILIES.map((family) => [...new Set(rowsOf(decided(family), place).map(({ row }) => numberOf(row)))].join(','))
    // Who sends from several stops that differ stands for nobody else.
    return rows.some((row) => row.includes(',')) ? place.id : `${place.site} ${place.zone} ${rows.join(' ')}`
  })
  for (const alike of groups.values()) {
    const [first, ...others] = alike as [Place, ...Place[]]
    const reached = (of: (family: Family) => Decided, avoided?: ReadonlySet<string>) =>
      byFamily((family) =>
        reachedBy(
          of(family),
          // Places that are alike otherwise may not be where a role is missing.
          alike.flatMap((place) => rowsOf(of(family), place, avoided)),
        ),
      )
    yield {
      places: [first, ...others],
      reached: reached(decided),
      stops: (family) => [...new Set(alike.flatMap((place) => rowsOf(decided(family), place).map(({ row }) => reachedOf(decided(family), row))))],
      spread: remembered((place) => spreadOf(place, {})),
      without(role) {
        let known = roles.get(role)
        if (!known) {
          const avoided = new Set(design.sites.flatMap(({ devices }) => devices.filter((device) => device.role === role).map(({ id }) => id)))
          known = { avoided, decided: decide((family) => fatesOf(world, family, kinds(family), gates(family).gateOf, avoided)) }
          roles.set(role, known)
        }
        const { avoided } = known
        return { places: [first, ...others], reached: reached(known.decided, avoided), spread: remembered((place) => spreadOf(place, { avoided })) }
      },
    }
  }
}

/** Where packets get to from a stop. */
function reachedOf({ fates, gates, reached }: Decided, row: Row): Reached {
  const found = reached.get(row) ?? reachedFrom(fates, row, gates.passes)
  reached.set(row, found)
  return found
}

/** Where packets get to from some stops: from several that differ, those of each. */
function reachedBy(decided: Decided, from: readonly { readonly row: Row; readonly boxes: Spread['sent'] }[]): Reached {
  const [one] = from
  if (!one) return { may: new Map(), must: [], rounds: [] }
  if (from.every(({ row }) => row === one.row)) return reachedOf(decided, one.row)
  const all = from.map(({ row, boxes }) => ({ ...reachedOf(decided, row), boxes }))
  const ends = new Set(all.flatMap(({ may }) => [...may.keys()]))
  const { space } = decided.fates
  return {
    may: new Map([...ends].map((end) => [end, all.flatMap(({ may, boxes }) => meetAll(space, may.get(end) ?? [], boxes))])),
    must: all.flatMap(({ must, boxes }) => meetAll(space, must, boxes)),
    rounds: all.flatMap(({ rounds }) => rounds),
  }
}
