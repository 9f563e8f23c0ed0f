/** Reads the lines of a printed file by a table of patterns. A pattern is a regular expression in which words in capitals stand for values. */
import { type Diagnostic, diagnose } from '#base/diagnostic.ts'
import { parseInterface, parseIp, parsePrefix, showIp, showPrefix } from '#base/ip.ts'

/** A kind of line: what it looks like, and what it says of the draft `D`. Its words are given in order; false refuses the line where it stands. */
export interface Command<D> {
  readonly pattern: string
  readonly read: (draft: D, ...words: readonly string[]) => boolean
}

/** Where a value stands in a pattern: how far it reaches, and whether it is written as we write it. */
const WORDS: Readonly<Record<string, { readonly source: string; readonly is: (text: string) => boolean }>> = {
  // dev_valid_name of the kernel (net/core/dev.c): at most 15 bytes, no slash, colon or space. Quotes and # would be read by the batch.
  NAME: { source: '[^\\s/:"\'#]{1,15}', is: (text) => text !== '.' && text !== '..' },
  NUMBER: { source: '\\d+', is: (text) => String(Number(text)) === text },
  IP: { source: '[\\da-f.:]+', is: isIp },
  PREFIX: { source: '[\\da-f.:]+/\\d+', is: isPrefix },
  INTERFACE: { source: '[\\da-f.:]+/\\d+', is: isInterface },
  MAC: { source: '[\\da-f]{2}(?::[\\da-f]{2}){5}', is: () => true },
  TEXT: { source: '[^"#\\p{Cc}]+', is: () => true },
  HOPS: { source: '(?: nexthop via [\\da-f.:]+){2,}', is: (text) => hopsOf(text).every(isIp) },
  KEY: { source: 'net[./][^\\s#]+', is: () => true },
}

const WORD = new RegExp(Object.keys(WORDS).join('|'), 'g')

/** The addresses of ` nexthop via A nexthop via B`. */
export function hopsOf(text: string): string[] {
  return text.split(' nexthop via ').slice(1)
}

/** Reads every line of `text` that is not blank and not a comment into the draft; says which it could not read. */
export function readCommands<D>(file: string, text: string, commands: readonly Command<D>[], draft: D): Diagnostic[] {
  const compiled = commands.map(({ pattern, read }) => ({ ...compile(pattern), read }))
  return text.split('\n').flatMap((line, index) => {
    if (line === '' || line.startsWith('#')) return []
    const understood = compiled.some(({ expression, words, read }) => {
      const found = expression.exec(line)
      if (!found) return false
      const values = words.map((_, at) => found[at + 1])
      return words.every((word, at) => values[at] === undefined || WORDS[word]!.is(values[at])) && read(draft, ...values.map((value) => value ?? ''))
    })
    return understood
      ? []
      : [diagnose('linux-unknown-line', { file, line: index + 1, text: line }, { place: { file, line: index + 1, column: 1 }, value: line })]
  })
}

function compile(pattern: string): { expression: RegExp; words: string[] } {
  const words: string[] = []
  const source = pattern.replace(WORD, (word) => {
    words.push(word)
    return `(${WORDS[word]!.source})`
  })
  return { expression: new RegExp(`^${source}$`, 'u'), words }
}

function isIp(text: string): boolean {
  const ip = parseIp(text)
  return ip !== undefined && showIp(ip) === text
}

function isPrefix(text: string): boolean {
  const prefix = parsePrefix(text)
  return prefix !== undefined && showPrefix(prefix) === text
}

function isInterface(text: string): boolean {
  const found = parseInterface(text)
  return found !== undefined && `${showIp(found.ip)}/${found.length}` === text
}
