/** A standard threw. That is the standard's fault, so it is told like any other: with the line in the standard, and never with a stack trace. */
import { type Diagnostic, diagnose } from '#base/diagnostic.ts'
import type { Place } from '#base/place.ts'
import { type CompanyStandard, pinOf, type Standard } from '#standards/authoring/standard.ts'

/** The diagnostic for whatever a standard threw for `site`. */
export function thrownBy(thrown: unknown, standard: Standard | CompanyStandard, site: string): Diagnostic {
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  const place = placeOf(thrown) ?? standard.place
  return diagnose('standard-threw', { standard: pinOf(standard), site, message: message.split('\n')[0]! }, { place })
}

/** What is wrong with a design that answers with a promise: nothing waits for it. */
export function unlessAsync(answer: unknown, standard: Standard | CompanyStandard): Diagnostic[] {
  if (!(answer instanceof Promise)) return []
  // It may fail later, when nobody listens.
  answer.catch(() => {})
  return [diagnose('async-standard', { standard: pinOf(standard) }, { place: standard.place })]
}

/** The innermost frame of the error that is a file and not the program's own. */
function placeOf(thrown: unknown): Place | undefined {
  const stack = thrown instanceof Error ? (thrown.stack ?? '') : ''
  for (const [, file, line, column] of stack.matchAll(/(file:\/\/[^\s)]+?):(\d+):(\d+)\)?$/gm)) {
    if (!/\/src\/(compile|workspace|cli|base)\//.test(file!) && !file!.includes('/standards/authoring/'))
      return { file: file!, line: Number(line), column: Number(column) }
  }
  return undefined
}
