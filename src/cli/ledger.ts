/** `netwright ledger`: what is allocated, what rests in quarantine, and the release of that. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { diagnose } from '#base/diagnostic.ts'
import { byCodeUnit } from '#base/order.ts'
import { suggest } from '#base/suggest.ts'
import { count } from '#base/units.ts'
import { fullKey, type Ledger } from '#ledger/ledger.ts'
import { parseLedger } from '#ledger/parse-ledger.ts'
import { printLedger } from '#ledger/print-ledger.ts'
import { release } from '#ledger/update.ts'
import { LEDGER_FILE } from '#workspace/ledger-file.ts'
import { reasonOf, unreadable } from '#workspace/read-company.ts'
import { recover } from '#workspace/write-out.ts'
import { writeWhole } from '#workspace/write-whole.ts'
import { refuse } from './session.ts'
import { say, sayJson, table, tone } from './terminal.ts'

/** Shows entries whose key contains `filter`; with `freed`, only those in quarantine. */
export function ledgerShow(folder: string, filter: string | undefined, options: { readonly json?: boolean; readonly freed?: boolean }): void {
  const ledger = loadLedger(folder, options.json)
  if (!ledger) return
  const entries = [...ledger]
    .flatMap(([scope, of]) => [...of.values()].map((entry) => ({ ...entry, key: fullKey(scope, entry.key) })))
    .filter((entry) => (filter === undefined || entry.key.includes(filter) || entry.value === filter) && (!options.freed || entry.freed !== undefined))
    .sort((a, b) => byCodeUnit(a.key, b.key))
  if (options.json) sayJson({ ok: true, entries })
  else {
    for (const line of table(
      entries.map(({ key, value, state, freed }) => [key, value, freed ? tone('change', `freed ${freed}`) : state === 'planned' ? tone('quiet', state) : '']),
    ))
      say(line.trimEnd())
    if (entries.length === 0) say(tone('quiet', 'no entries'))
  }
}

/** Releases entries from quarantine: the named ones, or all that were freed before a day. */
export function ledgerRelease(folder: string, keys: readonly string[], options: { readonly json?: boolean; readonly before?: string }): void {
  const ledger = loadLedger(folder, options.json)
  if (!ledger) return
  const known = new Set([...ledger].flatMap(([scope, of]) => [...of.keys()].map((key) => fullKey(scope, key))))
  const unknown = keys.filter((key) => !known.has(key))
  if (unknown.length > 0) {
    refuse(
      unknown.map((key) => {
        const near = suggest(key, known)
        return diagnose('nothing-there', { subject: key }, { value: key, fix: near ? `did you mean "${near}"?` : 'netwright ledger lists what there is' })
      }),
      options.json,
    )
    return
  }
  const inUse = keys.filter((key) => ledger.get(key.slice(0, key.indexOf(' ')))!.get(key.slice(key.indexOf(' ') + 1))!.freed === undefined)
  if (inUse.length > 0) {
    refuse(
      inUse.map((key) => diagnose('ledger-in-use', { key }, { value: key })),
      options.json,
    )
    return
  }
  const after = release(ledger, { ...(keys.length > 0 ? { keys: new Set(keys) } : {}), ...(options.before === undefined ? {} : { before: options.before }) })
  const released = sizeOf(ledger) - sizeOf(after)
  if (released > 0) {
    try {
      writeWhole(join(folder, LEDGER_FILE), printLedger(after))
    } catch (error) {
      refuse([diagnose('write-failed', { folder, reason: reasonOf(error) })], options.json)
      return
    }
  }
  if (options.json) sayJson({ ok: true, released })
  else say(`${count(released, 'entry', 'entries')} released`)
}

/** The ledger of a company folder; undefined when it can't be read: that has been told, and the exit code set. */
export function loadLedger(folder: string, json: boolean | undefined): Ledger | undefined {
  const problem = unreadable(folder) ?? recover(folder)
  if (problem) {
    refuse([problem], json)
    return undefined
  }
  const path = join(folder, LEDGER_FILE)
  try {
    const parsed = parseLedger(existsSync(path) ? readFileSync(path, 'utf8') : '', LEDGER_FILE)
    if (parsed.ok) return parsed.value
    refuse(parsed.diagnostics, json)
  } catch (error) {
    refuse([diagnose('unreadable-file', { file: LEDGER_FILE, reason: reasonOf(error) }, { place: { file: LEDGER_FILE, line: 1, column: 1 } })], json)
  }
  return undefined
}

function sizeOf(ledger: Ledger): number {
  return [...ledger.values()].reduce((sum, scope) => sum + scope.size, 0)
}
