/**
 * Reads text of commands and nested blocks against tables: each command is a pattern of words and slots, how often it may be said, and what it sets. Nothing is
 * skipped but blank lines and comments; what no pattern takes is refused with its line. Targets whose files are lines of words share it.
 *
 * Many programs ignore indentation. Here a block's lines are further in by a fixed step, and its end is written where the program has a word for it, so that a file that looks
 * different from how the program reads it is refused.
 */
import { type Diagnostic, diagnose } from '#base/diagnostic.ts'
import { canonicalIp, canonicalPrefix } from '#base/ip.ts'
import type { Place } from '#base/place.ts'

/** How the files of a program are written. */
export interface Syntax {
  /** The program, as messages name it. */
  readonly program: string
  /** What a comment begins with. */
  readonly comments: readonly string[]
  /** Spaces by which a block's lines are further in than the line that opens it. */
  readonly step: number
}

/** One command of a block. */
export interface Command<Draft> {
  /** Words as they are, and slots in capitals ({@link SLOTS}). */
  readonly pattern: string
  /** `always` must be there, once; a number is how many of its leading slots tell one saying from another (0: at most once). */
  readonly times: 'always' | number
  /** Enters the values of the slots, in order. False refuses the line: it speaks of something that is not there. A block goes on with its lines. */
  readonly set: (draft: Draft, ...values: string[]) => undefined | false | OpenBlock
}

/** The lines inside a command that opens a block. */
export interface Block<Draft> {
  readonly draft: Draft
  readonly commands: readonly Command<Draft>[]
  /** The line that ends it; empty where the first line that is less far in does. */
  readonly end: string
}

/** A block of any draft. */
export type OpenBlock = (reader: Reader, indent: string, opening: string) => void

/** Opens a block for {@link Command.set}. */
export function block<Draft>(inside: Block<Draft>): OpenBlock {
  return (reader, indent, opening) => readBlock(reader, inside, indent, opening)
}

interface Reader {
  readonly syntax: Syntax
  readonly file: string
  readonly lines: readonly string[]
  next: number
  readonly diagnostics: Diagnostic[]
}

/** Slot name → canonical text of a value, or undefined when it is none. TEXT, NUMBERS and LENGTHS take the rest of the line. */
const SLOTS: Readonly<Record<string, (text: string) => string | undefined>> = {
  WORD: (text) => text,
  TEXT: (text) => text,
  NUMBER: (text) => (/^(0|[1-9]\d{0,9})$/.test(text) && Number(text) < 2 ** 32 ? text : undefined),
  NUMBERS: (text) => (/^[1-9]\d{0,9}( [1-9]\d{0,9})*$/.test(text) ? text : undefined),
  ACTION: (text) => (text === 'permit' || text === 'deny' ? text : undefined),
  LENGTHS: (text) => (/^((ge \d{1,3} )?le \d{1,3})?$/.test(text) ? text : undefined),
  IP: (text) => canonicalIp(text),
  IP4: (text) => (text.includes(':') ? undefined : canonicalIp(text)),
  IP6: (text) => (text.includes(':') ? canonicalIp(text) : undefined),
  PREFIX4: (text) => (text.includes(':') ? undefined : canonicalPrefix(text)),
  PREFIX6: (text) => (text.includes(':') ? canonicalPrefix(text) : undefined),
}

const REST = new Set(['TEXT', 'NUMBERS', 'LENGTHS'])

/** A command that says nothing more than that it is there. */
export function always<D>(pattern: string): Command<D> {
  return { pattern, times: 'always', set: () => undefined }
}

/** A command that enters values in the draft. */
export function says<D>(pattern: string, times: Command<D>['times'], enter: (draft: D, ...values: string[]) => void): Command<D> {
  return {
    pattern,
    times,
    set: (draft, ...values) => {
      enter(draft, ...values)
      return undefined
    },
  }
}

/** Reads the file `path` of `files` into `draft`; returns what is wrong with it, also that it is not there. */
export function readFile<Draft>(
  syntax: Syntax,
  files: ReadonlyMap<string, string>,
  path: string,
  commands: readonly Command<Draft>[],
  draft: Draft,
): Diagnostic[] {
  const text = files.get(path)
  return text === undefined ? [diagnose('missing-file', { program: syntax.program, file: path })] : readCommands(syntax, path, text, commands, draft)
}

/** Reads a whole file into `draft`; returns what is wrong with it. */
export function readCommands<Draft>(syntax: Syntax, file: string, text: string, commands: readonly Command<Draft>[], draft: Draft): Diagnostic[] {
  const reader: Reader = { syntax, file, lines: text.split('\n'), next: 0, diagnostics: [] }
  readBlock(reader, { draft, commands, end: '' }, '', file)
  return reader.diagnostics
}

/** Reads lines up to the block's end, which for a whole file is the end of the text. */
function readBlock<Draft>(reader: Reader, { draft, commands, end }: Block<Draft>, indent: string, opening: string): void {
  const { program, comments, step } = reader.syntax
  const opened = reader.next
  const said = new Set<string>()
  for (;;) {
    const raw = reader.lines[reader.next++]
    if (raw === undefined) {
      if (end) reader.diagnostics.push(diagnose('unclosed-block', { program, block: opening, end }, at(reader, opened)))
      break
    }
    const text = raw.trim()
    if (text === '' || comments.some((mark) => text.startsWith(mark))) continue
    if (end && raw === indent.slice(step) + end) break
    if (!end && indent !== '' && !raw.startsWith(indent)) {
      reader.next--
      break
    }
    if (!readLine(reader, commands, draft, said, indent, raw)) {
      reader.diagnostics.push(diagnose('unknown-line', { program, line: text, block: opening }, at(reader, reader.next)))
    }
  }
  for (const { pattern, times } of commands) {
    if (times !== 'always' || said.has(pattern)) continue
    reader.diagnostics.push(diagnose('missing-line', { program, line: pattern, block: opening }, at(reader, opened || 1)))
  }
}

function readLine<Draft>(reader: Reader, commands: readonly Command<Draft>[], draft: Draft, said: Set<string>, indent: string, raw: string): boolean {
  const text = raw.slice(indent.length)
  if (!raw.startsWith(indent) || text.startsWith(' ')) return false
  const words = text.split(' ')
  for (const { pattern, times, set } of commands) {
    const values = match(partsOf(pattern), words)
    if (!values) continue
    const key = [pattern, ...values.slice(0, times === 'always' ? 0 : times)].join(' ')
    if (said.has(key)) reader.diagnostics.push(diagnose('repeated-line', { program: reader.syntax.program, line: text }, at(reader, reader.next)))
    said.add(key)
    const outcome = set(draft, ...values)
    if (typeof outcome === 'function') outcome(reader, indent + ' '.repeat(reader.syntax.step), text)
    return outcome !== false
  }
  return false
}

/** A word of a pattern, or a slot. */
interface Part {
  readonly word: string
  readonly slot?: (text: string) => string | undefined
  /** Whether it takes the rest of the line. */
  readonly rest: boolean
}

const PARTS = new Map<string, readonly Part[]>()

function partsOf(pattern: string): readonly Part[] {
  const known = PARTS.get(pattern)
  if (known) return known
  const parts = pattern.split(' ').map((word): Part => ({ word, ...(SLOTS[word] ? { slot: SLOTS[word] } : {}), rest: REST.has(word) }))
  PARTS.set(pattern, parts)
  return parts
}

/** The values of the pattern's slots, or undefined when the words are not of the pattern. */
function match(parts: readonly Part[], words: readonly string[]): string[] | undefined {
  // Most lines are of another pattern, and most of these begin with another word.
  const [first] = parts
  if (!first!.slot && first!.word !== words[0]) return undefined
  const values: string[] = []
  let from = 0
  for (const { word, slot, rest } of parts) {
    const found = rest ? words.slice(from).join(' ') : words[from]
    from = rest ? words.length : from + 1
    if (found === undefined || (!slot && found !== word)) return undefined
    if (!slot) continue
    const value = slot(found)
    if (value === undefined || (word !== 'LENGTHS' && value === '')) return undefined
    values.push(value)
  }
  return from === words.length ? values : undefined
}

/** The detail of a diagnostic about a line, counted from 1. */
function at(reader: Reader, line: number): { place: Place } {
  return { place: { file: reader.file, line, column: 1 } }
}
