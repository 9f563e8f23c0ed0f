/**
 * Units of one rack: contiguous, counted from 1 at the bottom, named by the lowest. What a key holds it keeps; new gear is placed larger first, from the end it asks for. Gear of
 * another height than what it holds has to be taken out anyway: it gets its place back only where it is in nobody's way. There is no quarantine: gear that was taken out
 * leaves its units free, so held entries that no want claims count for nothing here.
 */
import { byName } from '#base/order.ts'
import { claimOf, type Holder, type Problem, settle, type Unreadable, type Want } from './allocation.ts'
import type { Entry } from './ledger.ts'

/** Rack units wanted. */
export interface UnitWant extends Want {
  /** Rack units it is high; 1 or more. */
  readonly height: number
  /** The end of the rack to begin at. */
  readonly from: 'top' | 'bottom'
}

/** What every want has after this build. */
export interface Units {
  /** The lowest unit of each want by its key; absent only where `problems` says so. */
  readonly unitOf: ReadonlyMap<string, number>
  readonly problems: readonly Problem[]
}

/** What stands in the rack, or is to. */
interface Standing extends Holder {
  readonly unit: number
  readonly height: number
}

/**
 * Allocates units of a rack of `height` units. What is `occupied` otherwise is never handed out: planned gear that stands there, or beyond the rack, moves, and active gear is a
 * clash with it.
 */
export function allocateUnits({
  held,
  wants,
  height,
  occupied = [],
}: {
  readonly held: Iterable<Entry>
  readonly wants: Iterable<UnitWant>
  readonly height: number
  readonly occupied?: Iterable<number>
}): Units {
  const wantOf = new Map([...wants].map((want) => [want.key, want]))
  const standing: Standing[] = [...new Set(occupied)].map((unit) => ({ key: '', value: String(unit), claim: 'reserved', unit, height: 1 }))
  const unreadable: Unreadable[] = []
  for (const entry of held) {
    const { key, value } = entry
    const want = wantOf.get(key)
    if (!want) continue
    const units = readUnits(value)
    if (!units) unreadable.push({ kind: 'unreadable', key, value })
    else standing.push({ want: key, key, value, claim: units.height === want.height ? claimOf(entry, want) : 'freed', unit: units.unit, height: want.height })
  }
  const tallest = Math.max(height, ...standing.map((gear) => gear.unit + gear.height - 1))
  if (tallest > height) standing.push({ key: '', value: `${height + 1}-${tallest}`, claim: 'reserved', unit: height + 1, height: tallest - height })
  const { stay, clashes } = settle(standing, overlapping(standing))

  const unitOf = new Map<string, number>()
  const free: boolean[] = Array(height + 1).fill(true)
  free[0] = false
  for (const gear of stay) {
    free.fill(false, gear.unit, gear.unit + gear.height)
    if (gear.want !== undefined) unitOf.set(gear.want, gear.unit)
  }
  const unmet: UnitWant[] = []
  for (const want of [...wantOf.values()].filter(({ key }) => !unitOf.has(key)).sort((a, b) => b.height - a.height || byName(a.key, b.key))) {
    const fits = (unit: number) => free.slice(unit, unit + want.height).every(Boolean)
    const units = Array.from({ length: Math.max(0, height - want.height + 1) }, (_, i) => i + 1)
    const unit = want.from === 'bottom' ? units.find(fits) : units.findLast(fits)
    if (unit === undefined) {
      unmet.push(want)
      continue
    }
    unitOf.set(want.key, unit)
    free.fill(false, unit, unit + want.height)
  }
  return { unitOf, problems: [...unreadable, ...clashes, ...exhausted(unmet, [...wantOf.values()], free)] }
}

/** Units as the ledger has them: `7`, or `7-8` for gear of two. */
export function showUnits(unit: number, height: number): string {
  return height === 1 ? String(unit) : `${unit}-${unit + height - 1}`
}

function readUnits(value: string): { readonly unit: number; readonly height: number } | undefined {
  const [, first, last = first] = /^([1-9]\d{0,2})(?:-([1-9]\d{0,2}))?$/.exec(value) ?? []
  const height = Number(last) - Number(first) + 1
  return height >= 1 ? { unit: Number(first), height } : undefined
}

function overlapping(standing: readonly Standing[]): [Standing, Standing][] {
  return standing.flatMap((a, i) =>
    standing.slice(i + 1).flatMap((b): [Standing, Standing][] => (a.unit < b.unit + b.height && b.unit < a.unit + a.height ? [[a, b]] : [])),
  )
}

function exhausted(unmet: readonly UnitWant[], wants: readonly UnitWant[], free: readonly boolean[]): Problem[] {
  const gaps = free
    .map((unit) => (unit ? 'u' : ' '))
    .join('')
    .split(' ')
    .map((gap) => gap.length)
  const spare = gaps.reduce((sum, gap) => sum + gap, 0)
  const needed = unmet.reduce((sum, want) => sum + want.height, 0)
  const biggest = [...wants].sort((a, b) => b.height - a.height || byName(a.key, b.key)).slice(0, 3)
  return unmet.map(({ key, height }) => ({
    kind: 'exhausted',
    key,
    need: BigInt(height),
    pool: [`1-${free.length - 1}`],
    free: BigInt(spare),
    largestFree: BigInt(Math.max(...gaps)),
    missing: BigInt(Math.max(0, needed - spare)),
    quarantined: 0n,
    biggest: biggest.map(({ key, height }) => ({ key, size: BigInt(height) })),
  }))
}
