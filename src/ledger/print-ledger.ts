/** The text of the ledger: a heading, then one line an entry, sorted by full key in code-unit order, so that git can merge it line by line (`merge=union`). */
import { byCodeUnit } from '#base/order.ts'
import { type Entry, fullKey, type Ledger } from './ledger.ts'

/** The first line. Entries begin on the second. */
const HEADING = '# netwright.lock: every allocation by key. Written by netwright build; commit it. (merge=union)'

/** The text of `netwright.lock`. Equal ledgers give equal bytes; an empty scope leaves no trace. */
export function printLedger(ledger: Ledger): string {
  return [HEADING, ...sortedEntries(ledger).map(([key, entry]) => lineOf(key, entry))].map((line) => `${line}\n`).join('')
}

/** The line number of each full key in the text of a ledger, printed or written by hand: the place of an origin `ledger KEY`. */
export function ledgerLines(text: string): ReadonlyMap<string, number> {
  return new Map(text.split('\n').flatMap((line, index) => (line.includes(' = ') ? [[line.slice(0, line.indexOf(' = ')), index + 1] as const] : [])))
}

function sortedEntries(ledger: Ledger): [string, Entry][] {
  return [...ledger]
    .flatMap(([name, scope]) => [...scope.values()].map((entry): [string, Entry] => [fullKey(name, entry.key), entry]))
    .sort(([a], [b]) => byCodeUnit(a, b))
}

function lineOf(key: string, { value, state, freed }: Entry): string {
  return `${key} = ${value}${state === 'planned' ? ' planned' : ''}${freed ? ` freed ${freed}` : ''}`
}
