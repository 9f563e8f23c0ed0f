/** `netwright build`: compiles a company and writes what came out. */
import { diagnose } from '#base/diagnostic.ts'
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
    const [line, before, after] = firstDifference(built.ledgerBefore ?? '', built.ledgerText)
    const notes = [{ message: `first difference: ${before ?? 'nothing'} → ${after ?? 'nothing'}` }]
    refuse([diagnose('ledger-frozen', {}, { place: { file: LEDGER_FILE, line, column: 1 }, notes })], options.json)
    return
  }
  const written = writeOut(workspace.folder, { design: built.design, files: built.files, ledgerText: built.ledgerText })
  if ('code' in written) {
    refuse([written], options.json)
    return
  }
  writeEditorSupport(workspace.folder, built.company)
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

function firstDifference(before: string, after: string): [line: number, before: string | undefined, after: string | undefined] {
  const [a, b] = [before.split('\n'), after.split('\n')]
  const index = a.findIndex((line, at) => line !== b[at])
  const at = index < 0 ? a.length : index
  return [at + 1, a[at] || undefined, b[at] || undefined]
}
