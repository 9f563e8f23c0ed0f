/**
 * Standards: versioned parametric designs. Facts of a site in, asks out. Several versions live side by side, and a site is pinned to one.
 *
 * A standard is a pure function: it sees the facts of its site and nothing else, neither a clock nor a random number nor a file.
 */
import type { z } from 'zod'
import { type Diagnostic, diagnose } from '#base/diagnostic.ts'
import type { Origin, Place } from '#base/place.ts'
import { suggest } from '#base/suggest.ts'
import type { siteFacts } from '#model/site.ts'
import type { Attachment } from './asks.ts'
import { authoredAt } from './call.ts'
import type { CompanyAsk } from './company-asking.ts'
import type { Ask } from './site-asking.ts'

/** The facts of a site as its standard sees them: those of every site, those of the standard, and the site's name. */
export type SiteView<S extends z.ZodRawShape = z.ZodRawShape> = z.output<z.ZodObject<typeof siteFacts & S>> & { readonly name: string }

/** What a standard is made of. */
export interface StandardParts<S extends z.ZodRawShape> {
  /** What kind of place it builds: `office`, `data-centre`, … */
  readonly kind: string
  /** The facts that it asks of a site, beyond those of every site. */
  readonly facts: S
  /** The zones that it needs. A company that has other names for them maps them with {@link withZones}. */
  readonly zones: readonly string[]
  /** What each version taught: `2→3: one access switch per 40 seats, not 48: IDFs ran out of PoE before ports`. */
  readonly lessons: readonly string[]
  /** Says what the site needs. */
  readonly design: (site: SiteView<S>, ask: Ask) => void
}

/** A standard for sites. */
export interface Standard extends StandardParts<z.ZodRawShape> {
  readonly scope: 'site'
  readonly name: string
  readonly version: number
  /** The company's name for each zone that the standard calls otherwise. */
  readonly zoneNames: Readonly<Record<string, string>>
  readonly place: Place | undefined
}

/** A standard over the whole company: the WAN. It sees the attachment points that the sites' standards export. */
export interface CompanyStandard {
  readonly scope: 'company'
  readonly name: string
  readonly version: number
  readonly lessons: readonly string[]
  readonly design: (attachments: readonly Attachment[], ask: CompanyAsk) => void
  readonly place: Place | undefined
}

/** Declares version `version` of the site standard `name`. */
export function standard<const S extends z.ZodRawShape>(name: string, version: number, parts: StandardParts<S>): Standard {
  return { scope: 'site', name, version, zoneNames: {}, place: authoredAt(standard)[0], ...(parts as unknown as StandardParts<z.ZodRawShape>) }
}

/** Declares version `version` of the company standard `name`. */
export function companyStandard(name: string, version: number, parts: Pick<CompanyStandard, 'lessons' | 'design'>): CompanyStandard {
  return { scope: 'company', name, version, place: authoredAt(companyStandard)[0], ...parts }
}

/** The same standard in a company that has other names for its zones: `withZones(office, { users: 'staff' })`. */
export function withZones(of: Standard, zoneNames: Readonly<Record<string, string>>): Standard
/** The same for all versions of one. */
export function withZones(of: readonly Standard[], zoneNames: Readonly<Record<string, string>>): readonly Standard[]
export function withZones(of: Standard | readonly Standard[], zoneNames: Readonly<Record<string, string>>): Standard | readonly Standard[] {
  const mapped = (one: Standard): Standard => ({ ...one, zoneNames: { ...one.zoneNames, ...zoneNames } })
  return 'scope' in of ? mapped(of) : of.map(mapped)
}

/** The company has no zone for one that a standard needs, by the standard's own name for it. */
export function unknownZone(of: Standard, name: string, zones: ReadonlySet<string>, place: Place | undefined): Diagnostic {
  const zone = of.zoneNames[name] ?? name
  const near = suggest(zone, zones)
  const fix = near ? `did you mean "${near}"?` : `declare the zone in company.ts, or map it: withZones(${of.name}, { ${name}: … })`
  return diagnose('unknown-zone', { who: pinOf(of), zone }, { place, value: zone, allowed: [...zones].sort(), fix })
}

/** A standard refuses facts: at the fact in question, or at its own line if it names none. */
export function refusal(of: Standard | CompanyStandard, reason: string, fact: Origin | undefined, place: Place | undefined): Diagnostic {
  const at = fact === undefined ? { place } : { origin: fact, notes: [{ message: `${pinOf(of)} refuses it here`, ...(place ? { place } : {}) }] }
  return diagnose('refused-by-standard', { standard: pinOf(of), reason }, at)
}

/** `office@3`. */
export function pinOf(of: { readonly name: string; readonly version: number }): string {
  return `${of.name}@${of.version}`
}
