/** How the program looks on a terminal: colour only there, diagnostics always in the same shape, progress only where somebody watches. */
import { stripVTControlCharacters, styleText } from 'node:util'
import type { Diagnostic } from '#base/diagnostic.ts'
import { showPlace } from '#base/place.ts'
import { count } from '#base/units.ts'

/** What text means; only a terminal shows it. */
export type Tone = 'plain' | 'quiet' | 'strong' | 'add' | 'remove' | 'change' | 'error' | 'warning'

const STYLES: Readonly<Record<Tone, Parameters<typeof styleText>[0]>> = {
  plain: 'reset',
  quiet: 'dim',
  strong: 'bold',
  add: 'green',
  remove: 'red',
  change: 'yellow',
  error: ['red', 'bold'],
  warning: ['yellow', 'bold'],
}

/** The text in its tone, for a stream that may be a terminal. */
export function tone(of: Tone, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  return of === 'plain' ? text : styleText(STYLES[of], text, { stream, validateStream: true })
}

/** Writes a line to standard output. */
export function say(line = ''): void {
  process.stdout.write(`${line}\n`)
}

/** Writes a value as JSON to standard output. Maps become objects. */
export function sayJson(value: unknown): void {
  say(
    JSON.stringify(value, (_key, member) => (member instanceof Map ? Object.fromEntries(member) : typeof member === 'bigint' ? member.toString() : member), 2),
  )
}

/** Most values listed as allowed. */
const MOST_ALLOWED = 12

/** A diagnostic as lines: the code and the place, the sentence, the value, what was allowed, the notes, the fix. */
export function showDiagnostic(diagnostic: Diagnostic, stream: NodeJS.WriteStream = process.stderr): string {
  const { severity, code, place, message, value, allowed, notes, fix } = diagnostic
  const row = (name: string, text: string) => `  ${tone('quiet', name.padEnd(8), stream)} ${text}`
  const listed = allowed && allowed.length > MOST_ALLOWED ? [...allowed.slice(0, MOST_ALLOWED), `and ${allowed.length - MOST_ALLOWED} more`] : allowed
  return [
    `${tone(severity, severity, stream)} ${tone('strong', code, stream)}${place ? `  ${showPlace(place)}` : ''}`,
    `  ${message}`,
    ...(value === undefined ? [] : [row('value', value)]),
    ...(listed && listed.length > 0 ? [row('allowed', listed.join(', '))] : []),
    ...(notes ?? []).map((note) => row('note', `${note.message}${note.place ? `  ${showPlace(note.place)}` : ''}`)),
    ...(fix === undefined ? [] : [row('fix', fix)]),
  ].join('\n')
}

/** Writes diagnostics to standard error, most of them, and how many there were. */
export function sayDiagnostics(diagnostics: readonly Diagnostic[]): void {
  for (const diagnostic of diagnostics) process.stderr.write(`${showDiagnostic(diagnostic)}\n\n`)
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length
  if (errors > 1) process.stderr.write(`${count(errors, 'error')}\n`)
}

/** A line that says what is being done, rewritten in place; silent where nobody watches. */
export function progress(): { readonly step: (text: string) => void; readonly done: () => void } {
  if (!process.stderr.isTTY) return { step: () => {}, done: () => {} }
  return {
    step: (text) => process.stderr.write(`\r\x1b[K${tone('quiet', `${text} …`, process.stderr)}`),
    done: () => process.stderr.write('\r\x1b[K'),
  }
}

/** Rows in columns of equal width, two spaces apart. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = []
  const width = (text: string) => stripVTControlCharacters(text).length
  for (const row of rows) for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, width(cell))
  return rows.map((row) => row.map((cell, index) => (index === row.length - 1 ? cell : cell + ' '.repeat(widths[index]! - width(cell)))).join('  '))
}
