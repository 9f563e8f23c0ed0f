/**
 * Where something was written, and the stable names of the things it came from.
 *
 * Values and places are kept apart. A node of the design carries {@link Origin} ids, which are made of declared names and survive an edit
 * of anything else; the table from origin to place is made anew on every compile. So a comment added on line 1 of a file recompiles
 * nothing, and no answer of `why` is stale.
 */

/** A position in a file a person wrote. `file` is relative to the company folder (or to the program, for built-in standards); line and column count from 1. */
export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
}

/**
 * The stable id of something that others are derived from. One of
 *
 * - `fact FILE#/path/of/names` a value in a YAML file; items of a list go by their `id` or `name`, never by their index
 * - `ask SITE KIND NAME` one call of the authoring API, made by a standard for a site; a company standard asks for the site whose circuit it is
 * - `policy ID`, `zone NAME`, `external NAME`, `company zones`, `company addressing`, `company baseline` a statement of `company.ts`
 * - `ledger KEY` an allocation
 * - `rule TARGET/NAME` a constant choice of a target, with its reason
 */
export type Origin = string

/** Where a node, a config line or a verdict comes from, most telling first. Never empty on a finished design. */
export type Why = readonly Origin[]

/** The why of what any one of several causes is enough for. Where there are several, what all of them stand on (`ground`) comes first: to take one of them away changes nothing. */
export function anyOf(ground: Why, causes: readonly Why[]): Why {
  const one = causes.every((cause) => cause[0] === causes[0]![0])
  return [...new Set([...(one ? [] : ground), ...causes.flat()])]
}

/** `file:line:column`, the form that terminals and editors make clickable. */
export function showPlace(place: Place): string {
  return `${place.file}:${place.line}:${place.column}`
}
