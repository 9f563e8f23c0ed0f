/**
 * Reads `netwright.lock`. A merge by union leaves one key with two lines where both branches allocated it; which line stays does not depend on their order: what is wanted
 * before what was freed, active before planned, freed later before freed earlier, then the smaller value in code-unit order.
 */
import { type Diagnostic, diagnose, type Result, result } from '#base/diagnostic.ts'
import { familyOf } from '#base/ip.ts'
import { byCodeUnit } from '#base/order.ts'
import type { Place } from '#base/place.ts'
import type { Entry, Ledger } from './ledger.ts'

/** An entry, with the line that has it. */
interface Line {
  readonly key: string
  readonly entry: Entry
  readonly place: Place
}

/** The parts of a line, in order, each with its name in errors. A part may be missing when its pattern matches nothing. */
const PARTS: readonly (readonly [expected: string, pattern: RegExp])[] = [
  ['a key of two or more words', /[^\s=]+(?: [^\s=]+)+/y],
  ['" = "', / = /y],
  ['a value', /\S+/y],
  ['nothing, " planned" or " freed" and a day', /(?: planned)?(?: freed \d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))?$/y],
]

/** The family at the end of the key of a block or a segment. */
const FAMILY = /^(?:block|segment) .*\bv([46])(?: \d+)?$/

/**
 * Reads the text of the ledger. `file` is for the places of its diagnostics: `ledger-damaged` for each line that is not an allocation, `ledger-unreadable` for a value of the other family, `ledger-conflict` for the first
 * mark of an unfinished merge, `ledger-clash` for a key that is in use with two values.
 */
export function parseLedger(text: string, file: string): Result<Ledger> {
  const diagnostics: Diagnostic[] = []
  const linesOf = new Map<string, Line[]>()
  let conflict = false
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const place = { file, line: index + 1, column: 1 }
    if (line === '' || line.startsWith('#')) continue
    if (/^([<=>|])\1{6}( |$)/.test(line)) {
      if (!conflict) diagnostics.push(diagnose('ledger-conflict', {}, { place, value: line }))
      conflict = true
      continue
    }
    const read = readLine(line, place)
    if ('code' in read) diagnostics.push(read)
    else {
      const known = linesOf.get(read.key)
      if (known) known.push(read)
      else linesOf.set(read.key, [read])
    }
  }

  const ledger = new Map<string, Map<string, Entry>>()
  for (const [key, lines] of [...linesOf].sort(([a], [b]) => byCodeUnit(a, b))) {
    if (lines.length > 1) diagnostics.push(...clashesOf(key, lines))
    const stays = lines.map(({ entry }) => entry).reduce((a, b) => (byClaim(a, b) <= 0 ? a : b))
    const scope = key.slice(0, key.indexOf(' '))
    const entries = ledger.get(scope) ?? new Map<string, Entry>()
    ledger.set(scope, entries.set(stays.key, stays))
  }
  return result(ledger, diagnostics)
}

function readLine(line: string, place: Place): Line | Diagnostic {
  const parts: string[] = []
  let at = 0
  for (const [expected, pattern] of PARTS) {
    pattern.lastIndex = at
    const part = pattern.exec(line)?.[0]
    if (part === undefined) return diagnose('ledger-damaged', { expected }, { place: { ...place, column: at + 1 }, value: line })
    parts.push(part)
    at += part.length
  }
  const [key, , value, rest] = parts as [string, string, string, string]
  const freed = / freed (\S+)$/.exec(rest)?.[1]
  const own = key.slice(key.indexOf(' ') + 1)
  const family = FAMILY.exec(own)?.[1]
  if (family !== undefined && familyOf(value) !== Number(family)) return diagnose('ledger-unreadable', { key, value }, { place, value })
  return { key, place, entry: { key: own, value, state: rest.startsWith(' planned') ? 'planned' : 'active', ...(freed ? { freed } : {}) } }
}

/** Each further value with which the key is in use, against the first. */
function clashesOf(key: string, lines: readonly Line[]): Diagnostic[] {
  const [first, ...others] = lines.filter(({ entry }) => entry.state === 'active' && !entry.freed)
  const seen = new Set([first?.entry.value])
  return others.flatMap(({ entry, place }) => {
    if (seen.has(entry.value)) return []
    seen.add(entry.value)
    const words = { key, first: first!.entry.value, second: entry.value }
    return [diagnose('ledger-clash', words, { place, value: entry.value, notes: [{ message: `${key} = ${first!.entry.value}`, place: first!.place }] })]
  })
}

function byClaim(a: Entry, b: Entry): number {
  return (
    Number(!!a.freed) - Number(!!b.freed) ||
    Number(a.state === 'planned') - Number(b.state === 'planned') ||
    byCodeUnit(b.freed ?? '', a.freed ?? '') ||
    byCodeUnit(a.value, b.value)
  )
}
