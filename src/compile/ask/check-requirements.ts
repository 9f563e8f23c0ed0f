/** What standards insist on holds, or is waived: by somebody, for a reason, until a day that has not passed. A waiver that excuses from nothing is told, since it says something that is not so. */
import { isDate } from '#base/date.ts'
import { type Diagnostic, diagnose } from '#base/diagnostic.ts'
import type { Waiver } from '#model/policy.ts'
import type { Requirement } from '#standards/authoring/asks.ts'
import type { CompanyDeclaration } from '#standards/authoring/company.ts'
import { unknownName } from '../check.ts'

/** What is not met and not waived on `date` (YYYY-MM-DD), and waivers that say something wrong. `of` has the requirements of each site. */
export function checkRequirements({ waivers, teams }: CompanyDeclaration, of: ReadonlyMap<string, readonly Requirement[]>, date: string): Diagnostic[] {
  const sites = new Set(of.keys())
  const owners = new Set(Object.keys(teams ?? {}))
  const waived = new Map(waivers.map((waiver) => [`${waiver.site} ${waiver.requirement}`, waiver]))
  const wrong = waivers.flatMap((waiver): Diagnostic[] => {
    const { site, requirement, owner, until, place } = waiver
    if (!sites.has(site)) return [unknownName('site', site, sites, { place })]
    const known = new Set(of.get(site)!.map(({ name }) => name))
    return [
      ...(known.has(requirement) ? [] : [unknownName(`requirement of ${site}`, requirement, known, { place })]),
      ...(owners.has(owner) ? [] : [unknownName('team', owner, owners, { place })]),
      ...(isDate(until)
        ? []
        : [diagnose('wrong-value', { name: 'until', what: 'a waiver', expected: 'a date such as "2026-05-04"' }, { place, value: until })]),
    ]
  })
  const unmet = [...of].flatMap(([site, requirements]) =>
    requirements.flatMap((requirement) => judge(site, requirement, waived.get(`${site} ${requirement.name}`), date)),
  )
  return [...wrong, ...unmet]
}

function judge(site: string, { name, met, reason, fact, why }: Requirement, waiver: Waiver | undefined, date: string): Diagnostic[] {
  if (met) {
    return waiver ? [diagnose('waiver-unneeded', { requirement: name, site }, { severity: 'warning', place: waiver.place })] : []
  }
  const origin = fact ?? why[0]
  if (!waiver) return [diagnose('requirement-unmet', { site, requirement: name, reason }, { origin })]
  if (date <= waiver.until) return []
  const notes = [{ message: `waived until ${waiver.until} by ${waiver.owner}: ${waiver.why}`, place: waiver.place }]
  return [diagnose('waiver-lapsed', { site, requirement: name, until: waiver.until, reason }, { origin, value: waiver.until, notes })]
}
