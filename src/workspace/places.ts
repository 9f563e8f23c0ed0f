/** From origins to places: where a fact, an ask, a statement, an allocation or a target's rule stands now, and what it says. */
import { readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Diagnostic } from '#base/diagnostic.ts'
import type { Origin, Place } from '#base/place.ts'
import type { Said } from '#compile/pipeline.ts'
import type { Rule } from '#targets/target.ts'
import { PROGRAM } from './company-modules.ts'
import type { YamlFile } from './read-yaml.ts'

/** Where an origin stands, and what it says there. */
export interface Standing {
  readonly origin: Origin
  /** `fact`, `ask`, `policy`, `ledger`, `rule`, … */
  readonly kind: string
  readonly place: Place | undefined
  /** In a few words: the fact with its value, the standard that asked, the reason of a rule. */
  readonly text: string
  /** Further frames of an ask, and the facts that were read for it. */
  readonly places: readonly Place[]
  readonly from: readonly Origin[]
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

/** The places of a compile. */
export function placesOf(sources: Sources): Places {
  /** What makes a standard ask where it read no facts: that the site is pinned to it. */
  const pinOf = (site: string): Origin[] =>
    [`sites/${site}.yaml`, `sites/${site}.yml`].filter((file) => sources.yaml.has(file)).map((file) => `fact ${file}#/standard`)
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
      ...more,
    })
    switch (kind) {
      case 'fact': {
        const hash = rest.indexOf('#')
        const yaml = sources.yaml.get(rest.slice(0, hash))
        const path = rest
          .slice(hash + 1)
          .split('/')
          .filter(Boolean)
        const value = yaml?.sourceOf(path)
        return standing(
          yaml?.placeOf(path),
          path.length === 0 ? 'the file' : `${path.join('.')}${value === undefined || value.length > 60 ? '' : `: ${value}`}`,
        )
      }
      case 'ask': {
        const call = sources.calls.get(origin)
        const [place, ...places] = (call?.places ?? []).map((at) => localPlace(at, sources.folder))
        const [site, ...what] = rest.split(' ')
        const facts = call?.facts ?? []
        return standing(place, `${call?.standard ?? 'a standard'} asks for ${what.join(' ')} at ${site}`, {
          places,
          from: facts.length > 0 ? facts : pinOf(site!),
        })
      }
      case 'ledger': {
        const line = sources.ledger.lines().get(rest)
        return standing(
          line === undefined ? undefined : { file: sources.ledger.file, line, column: 1 },
          `${rest} = ${sources.ledger.valueOf(rest) ?? 'nothing'}`,
        )
      }
      case 'rule': {
        const rule = sources.rules.get(origin)
        return standing(rule && localPlace(rule.place, sources.folder), rule?.reason ?? rest)
      }
      default: {
        const statement = sources.statements.get(origin)
        return standing(statement && localPlace(statement.place, sources.folder), statement?.text ?? origin)
      }
    }
  }
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
  const settled = settle(diagnostic)
  return settled.notes ? { ...settled, notes: settled.notes.map(settle) } : settled
}

/** The text of a line of a source file, trimmed; `file` is relative to the company folder or begins with `netwright/`. */
export function lineAt(place: Place, folder: string): string | undefined {
  const path = place.file.startsWith('netwright/') ? join(PROGRAM, place.file.slice('netwright/'.length)) : join(folder, place.file)
  try {
    return readFileSync(path, 'utf8').split('\n')[place.line - 1]?.trim()
  } catch {
    return undefined
  }
}
