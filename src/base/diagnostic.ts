/**
 * What the program says when something is wrong. A diagnostic has a stable code, one sentence, the place, the value found, what was
 * allowed, and the fix; how it looks on a terminal is the command line's affair. The sentences are in `messages/`, one file per code, from
 * which `messages.gen.ts` is made: {@link diagnose} takes a code and exactly the words which that message needs.
 *
 * A stage reports all its errors and then stops ({@link Result}). {@link Refusal} is for the few places where a sentence must cross frames that are
 * not ours (a company's own code calling the authoring API).
 */
import { type MessageCode, type MessageWords, messages } from './messages.gen.ts'
import type { Origin, Place } from './place.ts'

/** Something the user can mend, told so that they can. */
export interface Diagnostic {
  readonly code: MessageCode
  /** An error refuses the design; a warning does not. */
  readonly severity: 'error' | 'warning'
  /** One sentence. */
  readonly message: string
  readonly place?: Place
  /** Where it is, for stages that know origins and not places; the workspace fills in `place` from it. */
  readonly origin?: Origin
  /** The value that was found, as written. */
  readonly value?: string
  /** What would have been accepted. */
  readonly allowed?: readonly string[]
  /** What to do. */
  readonly fix?: string
  /** Other places that belong to it: the second of two claims, the ask behind a wish. */
  readonly notes?: readonly { readonly message: string; readonly place?: Place; readonly origin?: Origin }[]
}

/** The parts of a diagnostic that are not words of its message. */
export type Details = Partial<Pick<Diagnostic, 'place' | 'origin' | 'value' | 'allowed' | 'fix' | 'notes' | 'severity'>>

/** Makes the diagnostic `code`, its sentence and default fix filled in with `words`. */
export function diagnose<C extends MessageCode>(code: C, words: MessageWords[C], details: Details = {}): Diagnostic {
  const { sentence, fix } = messages[code]
  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (_, name: string) => String((words as Record<string, string | number>)[name] ?? `{${name}}`))
  return { code, severity: 'error', message: fill(sentence), ...(fix ? { fix: fill(fix) } : {}), ...dropUndefined(details) }
}

/** A value, or all that is wrong with it. Warnings travel with both. */
export type Result<T> =
  | { readonly ok: true; readonly value: T; readonly diagnostics: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

/** A result of a stage: ok unless one of the diagnostics is an error. */
export function result<T>(value: T, diagnostics: readonly Diagnostic[]): Result<T> {
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error') ? { ok: false, diagnostics } : { ok: true, value, diagnostics }
}

/** A diagnostic thrown through frames that are not ours; caught at the door of the authoring API or of the program. */
export class Refusal extends Error {
  readonly diagnostics: readonly Diagnostic[]
  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map((diagnostic) => diagnostic.message).join('\n'))
    this.name = 'Refusal'
    this.diagnostics = diagnostics
  }
}

function dropUndefined(details: Details): Details {
  return Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined))
}
