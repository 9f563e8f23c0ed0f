/** What can be judged once all standards have asked: names in `company.ts` of what only they bring about, and facts that two of them lay claim to. */
import { type Diagnostic, diagnose } from '#base/diagnostic.ts'
import type { Origin } from '#base/place.ts'
import type { Asks, Call } from '#standards/authoring/asks.ts'
import type { CompanyDeclaration } from '#standards/authoring/company.ts'
import { ROLES } from '#standards/roles.ts'
import { unknownName } from '../check.ts'
import type { CompanyAsked } from './ask-company.ts'

/** Names of segments and roles that nothing has, and circuits that two company standards build. */
export function checkAsked(declaration: CompanyDeclaration, asksOf: ReadonlyMap<string, Asks>, companyAsked: readonly CompanyAsked[]): Diagnostic[] {
  return [...unknownSegments(declaration, asksOf), ...unknownRoles(declaration, asksOf), ...claimedTwice(companyAsked.flatMap(({ calls }) => calls))]
}

function unknownSegments({ policies, expectations }: CompanyDeclaration, asksOf: ReadonlyMap<string, Asks>): Diagnostic[] {
  const known = new Set([...asksOf].flatMap(([site, { segments }]) => segments.map(({ name }) => `${site}/${name}`)))
  const statements = [...policies, ...expectations.map(({ claim, place }) => ({ ...claim, place }))]
  return statements.flatMap(({ from, to, place }) =>
    [from, to].flatMap((end) => (end.kind === 'segment' && !known.has(end.segment) ? [unknownName('segment', end.segment, known, { place })] : [])),
  )
}

/** A role that the company overrides is a usual one, or one that a standard gives. */
function unknownRoles({ hardware, platforms, place }: CompanyDeclaration, asksOf: ReadonlyMap<string, Asks>): Diagnostic[] {
  const known = new Set([...Object.keys(ROLES), ...[...asksOf.values()].flatMap(({ devices }) => devices.map(({ role }) => role))])
  const named = new Set([...Object.keys(hardware ?? {}), ...Object.keys(platforms ?? {})])
  return [...named].filter((role) => !known.has(role)).map((role) => unknownName('device with the role', role, known, { place }))
}

/** The same thing asked for by two standards: told at the fact that both read, naming both. */
function claimedTwice(calls: readonly Call[]): Diagnostic[] {
  const first = new Map<Origin, Call>()
  return calls.flatMap((call) => {
    const other = first.get(call.origin)
    if (!other) {
      first.set(call.origin, call)
      return []
    }
    const [site, kind, name] = call.origin.split(' ').slice(1)
    const notes = [other, call].map(({ standard, places: [place] }) => ({ message: `${standard} asks for it here`, ...(place ? { place } : {}) }))
    const words = { first: other.standard, second: call.standard, what: `the ${kind} ${name} of ${site}` }
    return [diagnose('two-standards', words, { origin: call.facts[0], value: name, notes })]
  })
}
