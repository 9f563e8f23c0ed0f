/** The lines of a shown plan. */
import { grouped } from '#base/units.ts'
import type { FieldChange } from './plan.ts'

/** What a line says beyond its words; whoever shows it decides how that looks. */
export type Tone = 'add' | 'remove' | 'change' | 'plain' | 'quiet'

/** A line, without its newline. */
export interface PlanLine {
  readonly text: string
  readonly tone: Tone
}

/** How many names are told of many, on one line. */
const NAMES = 8

/** How many lines of a kind are told. */
const LINES = 20

/** A line. */
export function line(tone: Tone, text: string): PlanLine {
  return { text, tone }
}

/** The first of the lines and how many more there are; all of them when `verbose`. */
export function atMost(lines: readonly PlanLine[], indent: string, verbose: boolean): readonly PlanLine[] {
  if (verbose || lines.length <= LINES) return lines
  return [...lines.slice(0, LINES), line('quiet', `${indent}… and ${grouped(lines.length - LINES)} more`)]
}

/** The first of the names and how many more there are; all of them when `verbose`. */
export function namesOf(names: readonly string[], verbose: boolean): string {
  return verbose || names.length <= NAMES ? names.join(' ') : `${names.slice(0, NAMES).join(' ')} … and ${grouped(names.length - NAMES)} more`
}

/** What fields are called that do not say it themselves. */
const WORDS: Readonly<Record<string, string>> = { a: 'moved', b: 'moved', prefixes: 'room for', leadTime: 'lead time' }

/** `place rack-1 U12 → rack-2 U12, lead time 60 d → 90 d`. */
export function showFields(fields: readonly FieldChange[]): string {
  return fields.map(({ field, before = 'none', after = 'none' }) => `${WORDS[field] ?? field} ${before} → ${after}`).join(', ')
}
