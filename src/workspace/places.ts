/** From origins to places: where a fact, an ask, a statement, an allocation or a target's rule stands now, and what it says. */
import { readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Diagnostic } from '#base/diagnostic.ts'
import type { MessageCode } from '#base/messages.gen.ts'
import type { Origin, Place } from '#base/place.ts'
import type { Said } from '#compile/pipeline.ts'
import type { Call } from '#standards/authoring/asks.ts'
import type { Rule } from '#targets/target.ts'
import { PROGRAM } from './company-modules.ts'
import type { YamlFile } from './read-yaml.ts'

/** Where an origin stands, and what it says there. */
export interface Standing {
  readonly origin: Origin
  /** `fact`, `ask`, `policy`, `ledger`, `rule`, … */
  readonly kind: string
  readonly place: Place | undefined
  /** In a few words: the fact with its value, the standard and what it asked for, the name of a rule. */
  readonly text: string
  /** The reason that was given there: of a policy, with who answers for it; of a rule. */
  readonly note?: string
  /** Further frames of an ask: the callers of a helper. */
  readonly places: readonly Place[]
  /** The facts that an ask was made of, or that pin an allocation. */
  readonly from: readonly Origin[]
  /** Facts that the standard had read before, so that they may have had a part in it. */
  readonly before: readonly Origin[]
}

/** Looks up origins. */
export type Places = (origin: Origin) => Standing

/** What origins are looked up in. */
export interface Sources {
  readonly folder: string
  readonly yaml: ReadonlyMap<string, YamlFile>
  readonly calls: Said['calls']
  readonly statements: Said['statements']
  readonly ledger: { readonly file: string; readonly lines: () => ReadonlyMap<string, number>; readonly valueOf: (key: string) => string | undefined }
  readonly rules: ReadonlyMap<Origin, Rule>
}

/** Facts that an answer names for one ask; those read last, nearest to the call. */
const MOST_FACTS = 3

/** Characters of a value that are shown. */
const MOST_VALUE = 60

/** The first line of a list or a mapping that goes on below. */
const BLOCK = /^(- |[^\s"'{[]+:(\s|$))/

/** The places of a compile. */
export function placesOf(sources: Sources): Places {
  return (origin) => {
    const space = origin.indexOf(' ')
    const kind = origin.slice(0, space)
    const rest = origin.slice(space + 1)
    const standing = (place: Place | undefined, text: string, more: Partial<Standing> = {}): Standing => ({
      origin,
      kind,
      place,
      text,
      places: [],
      from: [],
      before: [],
      ...more,
    })
    switch (kind) {
      case 'fact': {
        const { place, path, value } = placeOfFact(origin, sources.yaml)
        const shown = value === undefined ? ' is not said' : value.length > MOST_VALUE || BLOCK.test(value) ? '' : `: ${value}`
        return standing(place, path.length === 0 ? 'the file' : `${path.join('.')}${shown}`)
      }
      case 'ask': {
        const call = sources.calls.get(origin)
        const [place, ...places] = (call?.places ?? []).map((at) => localPlace(at, sources.folder))
        const [site, ...what] = rest.split(' ')
        return standing(place, `${call?.standard ?? 'a standard'}: ${what.join(' ')} of ${site}`, { places, ...factsOf(site!, call, sources) })
      }
      case 'ledger': {
        const line = sources.ledger.lines().get(rest)
        return standing(
          line === undefined ? undefined : { file: sources.ledger.file, line, column: 1 },
          `${rest} = ${sources.ledger.valueOf(rest) ?? 'nothing'}`,
          { from: pinsOf(rest, sources.yaml) },
        )
      }
      case 'rule': {
        const rule = sources.rules.get(origin)
        return standing(rule && localPlace(rule.place, sources.folder), rest, rule ? { note: rule.reason } : {})
      }
      default: {
        const statement = sources.statements.get(origin)
        const note = statement?.note
        return standing(statement && localPlace(statement.place, sources.folder), statement?.text ?? origin, note === undefined ? {} : { note })
      }
    }
  }
}

/** The fact that pins an allocation, if one does. */
function pinsOf(key: string, yaml: Sources['yaml']): Origin[] {
  const [site, kind, ...names] = key.split(' ') as [string, string, ...string[]]
  const paths: Readonly<Record<string, readonly (string | undefined)[]>> = {
    block: ['blocks'],
    asn: ['asns', names[0]],
    vlan: ['segments', names[0], 'vlan'],
    segment: ['segments', names[1], names[2]],
  }
  const path = paths[kind]
  if (!path) return []
  return filesOf(site, yaml).flatMap((file) => {
    const fact = `fact ${file}#/pinned/${path.join('/')}`
    return placeOfFact(fact, yaml).value === undefined ? [] : [fact]
  })
}

/** The file of a site. */
function filesOf(site: string, yaml: Sources['yaml']): string[] {
  return [`sites/${site}.yaml`, `sites/${site}.yml`].filter((file) => yaml.has(file))
}

/** Where a fact stands, and its value as written; none if it is not said. */
function placeOfFact(
  origin: Origin,
  yaml: Sources['yaml'],
): { readonly place: Place | undefined; readonly path: readonly string[]; readonly value: string | undefined } {
  const [file, names] = origin.slice('fact '.length).split('#') as [string, string]
  const path = names.split('/').filter(Boolean)
  return { place: yaml.get(file)?.placeOf(path), path, value: yaml.get(file)?.sourceOf(path) }
}

/**
 * The facts of an ask. A standard reads and then asks, so those read since the ask before are what it was made of; for want of any, those read last before that; and for want of
 * those, that the site is pinned to the standard. All that was read earlier may have had a part: a condition holds for all asks inside it.
 */
function factsOf(site: string, call: Call | undefined, { calls, yaml }: Sources): Pick<Standing, 'from' | 'before'> {
  const pin = filesOf(site, yaml).map((file) => `fact ${file}#/standard`)
  const run: Call[] = []
  for (const other of calls.values()) {
    if (other.standard === call?.standard && other.origin.startsWith(`ask ${site} `)) run.push(other)
    if (other === call) break
  }
  const read = [...new Set([...run.reverse().flatMap((other) => other.facts), ...pin])]
  const isSaid = (fact: Origin) => placeOfFact(fact, yaml).value !== undefined
  const earlier = run.map((other) => other.facts.filter(isSaid)).find((facts) => facts.length > 0)
  const from = (call && call.facts.length > 0 ? call.facts : (earlier ?? pin)).slice(0, MOST_FACTS)
  return { from, before: read.filter((fact) => !from.includes(fact)) }
}

/** A place relative to the company folder, or to the program (`netwright/src/…`). */
export function localPlace(place: Place, folder: string): Place {
  const bare = place.file.split('?')[0]!
  if (!bare.startsWith('file:')) return place
  const path = fileURLToPath(bare)
  const inCompany = relative(folder, path)
  const file = inCompany.startsWith('..') ? `netwright/${relative(PROGRAM, path)}` : inCompany
  return { ...place, file: file.split(sep).join('/') }
}

/** The diagnostic with its places looked up and made relative. */
export function settleDiagnostic(diagnostic: Diagnostic, places: Places, folder: string): Diagnostic {
  const settle = <T extends { readonly place?: Place; readonly origin?: Origin }>(of: T): T => {
    const place = (of.origin === undefined ? undefined : places(of.origin).place) ?? of.place
    return place ? { ...of, place: localPlace(place, folder) } : of
  }
  const settled = settle(culprit(diagnostic, places))
  return settled.notes ? { ...settled, notes: settled.notes.map(settle) } : settled
}

/** What is too much is told at the fact that it follows from, with the line that asks for it beside; all else at that line. */
function culprit(diagnostic: Diagnostic, places: Places): Diagnostic {
  const { code, origin, notes } = diagnostic
  if (origin === undefined || !TOO_MUCH.has(code)) return diagnostic
  const { kind, text, place, from } = places(origin)
  const fact = from.find((candidate) => places(candidate).place !== undefined)
  if (kind !== 'ask' || fact === undefined) return diagnostic
  return { ...diagnostic, origin: fact, notes: [...(notes ?? []), { message: text, ...(place ? { place } : {}) }] }
}

const TOO_MUCH: ReadonlySet<string> = new Set<MessageCode>(['pool-exhausted'])

/** The text of a line of a source file, trimmed; `file` is relative to the company folder or begins with `netwright/`. */
export function lineAt(place: Place, folder: string): string | undefined {
  const path = place.file.startsWith('netwright/') ? join(PROGRAM, place.file.slice('netwright/'.length)) : join(folder, place.file)
  try {
    return readFileSync(path, 'utf8').split('\n')[place.line - 1]?.trim()
  } catch {
    return undefined
  }
}
