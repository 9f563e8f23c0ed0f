/** What properties come to, for people: a line for each, and under it what does not hold, with a packet and the reason. */
import { showPlace } from '#base/place.ts'
import { count, grouped } from '#base/units.ts'
import type { Verdict } from '#proofs/proof.ts'
import { properties } from '#proofs/properties/index.ts'
import type { Built } from '#workspace/workspace.ts'
import { tone } from './terminal.ts'

/** Failures that are told of one property. */
const MOST = 10

/** The lines of all properties; or of those alone that something does not hold of. */
export function showVerdicts(verdicts: readonly Verdict[], places: Built['places'], which: 'all' | 'broken'): readonly string[] {
  return properties.flatMap(({ name, title }) => {
    const of = verdicts.filter(({ property }) => property === name)
    const broken = of.filter(({ holds }) => !holds)
    if (which === 'broken' && broken.length === 0) return []
    const [sign, color] = broken.length > 0 ? (['✗', 'remove'] as const) : (['✓', 'add'] as const)
    return [
      tone(color, `${sign} ${title.padEnd(40)} ${grouped(of.length - broken.length)} of ${grouped(of.length)}`),
      ...broken.slice(0, MOST).flatMap((verdict) => describe(verdict, places)),
      ...(broken.length > MOST ? [`  and ${count(broken.length - MOST, 'other')}`] : []),
    ]
  })
}

/** How many hold. */
export function showHolding(verdicts: readonly Verdict[]): string {
  return `proofs  ${grouped(verdicts.filter(({ holds }) => holds).length)} of ${grouped(verdicts.length)} hold`
}

function describe({ id, counter, why }: Verdict, places: Built['places']): readonly string[] {
  const because = why.slice(0, 1).flatMap((origin) => {
    const { place, text, note } = places(origin)
    return place ? [`    because  ${showPlace(place)}  ${text}${note === undefined ? '' : `: ${note}`}`] : []
  })
  if (!counter) return [`  ${id}`, ...because]
  const rule = counter.rule ? ` (chain ${counter.rule.chain}, rule ${counter.rule.index + 1})` : ''
  return [`  ${id}`, ...(counter.packet ? [`    ${counter.packet}`] : []), `    ${counter.says}${rule}`, ...because]
}
