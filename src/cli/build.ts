/** `netwright build`: compiles a company and writes what came out. */
import { type Details, diagnose } from '#base/diagnostic.ts'
import { count, grouped } from '#base/units.ts'
import type { Totals } from '#design/design.ts'
import { writeEditorSupport } from '#workspace/editor-support.ts'
import { LEDGER_FILE } from '#workspace/ledger-file.ts'
import { writeOut } from '#workspace/write-out.ts'
import { buildCompany, refuse, type Shared } from './session.ts'
import { say, sayJson, tone } from './terminal.ts'

/** Runs the verb. With `frozen`, a ledger that would change is an error. */
export async function build(folder: string, options: Shared & { readonly frozen?: boolean }): Promise<void> {
  const session = await buildCompany(folder, options)
  if (!session) return
  const { workspace, built } = session
  if (options.frozen && built.ledgerText !== (built.ledgerBefore ?? '')) {
    refuse([diagnose('ledger-frozen', {}, changesOf(built.ledgerBefore ?? '', built.ledgerText))], options.json)
    return
  }
  const written = writeOut(workspace.folder, { design: built.design, files: built.files, ledgerText: built.ledgerText })
  if ('code' in written) {
    refuse([written], options.json)
    return
  }
  writeEditorSupport(workspace.folder, built.company)
  built.rememberTypes()
  const { totals } = built.design
  if (options.json) {
    sayJson({ ok: true, totals, written: written.written, removed: written.removed, unchanged: written.unchanged, diagnostics: built.diagnostics })
    return
  }
  for (const line of showTotals(built.design.company, totals)) say(line)
  const changes = [
    count(written.written.length, 'file'),
    ...(written.removed.length > 0 ? [`${grouped(written.removed.length)} removed`] : []),
    `${grouped(written.unchanged)} unchanged`,
  ]
  say(tone('quiet', `${changes[0]} written, ${changes.slice(1).join(', ')}`))
}

/** A company in a few lines. */
export function showTotals(name: string, totals: Totals): string[] {
  const places = [count(totals.locations, 'location'), count(totals.dataCentres, 'data centre'), count(totals.countries, 'country', 'countries')]
  const people = [count(totals.people, 'person', 'people'), count(totals.seats, 'seat'), count(totals.racks, 'rack')]
  const warehouse = totals.warehouseSqft > 0 ? [`${grouped(totals.warehouseSqft)} sq ft of warehouse`] : []
  return [
    `${tone('strong', name)}  ${places.join(' · ')}`,
    `  ${[...people, ...warehouse].join(' · ')}`,
    `  ${[count(totals.devices, 'device'), count(totals.links, 'link'), count(totals.prefixes, 'prefix', 'prefixes')].join(' · ')}`,
  ]
}

/** Lines of the ledger that a build adds and takes away: how many, the first of them, and where that stands. */
function changesOf(before: string, after: string): Details {
  const lines = (text: string) => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  const missing = (from: string, to: string) => {
    const has = new Set(lines(to))
    return lines(from).filter((line) => !has.has(line))
  }
  const [removed, added] = [missing(before, after), missing(after, before)]
  const note = (verb: string, changed: readonly string[]) =>
    changed.length === 0 ? [] : [{ message: `${verb} ${count(changed.length, 'line')}, such as ${changed[0]}` }]
  const order = removed.length + added.length === 0 ? [{ message: 'only the order of its lines would change: a merge leaves them as they come' }] : []
  const line = removed[0] === undefined ? 1 : before.split('\n').indexOf(removed[0]) + 1
  return { place: { file: LEDGER_FILE, line, column: 1 }, notes: [...note('takes away', removed), ...note('adds', added), ...order] }
}
