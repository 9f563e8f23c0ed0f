/** The starter company in a folder of its own, built: its lines with what they cite, and what becomes of them in a company that differs in one thing. */
import { cpSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Origin } from '#base/place.ts'
import type { Company } from '#compile/company.ts'
import { emptyMemo } from '#compile/memo.ts'
import { compile } from '#compile/pipeline.ts'
import type { Device } from '#design/device.ts'
import type { Ledger } from '#ledger/ledger.ts'
import { type Built, openWorkspace, type Workspace } from '#workspace/workspace.ts'

/** The day of all builds. */
export const DATE = '2026-11-23'

/** A line of a printed file, with where it is printed. */
export interface CitedLine {
  readonly path: string
  readonly number: number
  readonly text: string
  readonly why: readonly Origin[]
}

/** The starter, built. */
export interface Starter {
  readonly folder: string
  readonly workspace: Workspace
  readonly built: Built
  readonly lines: readonly CitedLine[]
}

/** What a company that differs in one thing is printed as; undefined when it is refused. */
export type Texts = ReadonlyMap<string, string> | undefined

/** Copies the facts and the code of the starter into a new folder, which its ledger is written to, and builds it. */
export async function buildStarter(): Promise<Starter> {
  const folder = mkdtempSync(join(tmpdir(), 'netwright-why-'))
  for (const name of ['company.ts', 'sites', 'services'])
    cpSync(join(import.meta.dirname, '../../examples/starter', name), join(folder, name), { recursive: true })
  const workspace = openWorkspace(folder, { date: DATE, typeCheck: false })
  const built = await buildGood(workspace)
  writeFileSync(join(folder, 'netwright.lock'), built.ledgerText)
  return { folder, workspace, built, lines: linesOf(workspace, built) }
}

/** Builds what builds. */
export async function buildGood(workspace: Workspace): Promise<Built> {
  const built = await workspace.build()
  if (!built.ok) throw new Error(built.diagnostics.map(({ message }) => message).join('\n'))
  return built.value
}

/** Every line of every printed file. */
export function linesOf(workspace: Workspace, { design }: Built): CitedLine[] {
  return design.sites.flatMap((site) =>
    site.devices.flatMap((device) =>
      workspace.print(device).flatMap((file) => file.lines.map((line, index) => ({ path: `${device.id}/${file.path}`, number: index + 1, ...line }))),
    ),
  )
}

/** Compiles companies that differ a little from the starter, each as far as it differs. */
export function compiler({ workspace, built }: Starter): (company: Company, ledger?: Ledger) => Texts {
  const memo = emptyMemo()
  const printed = new WeakMap<Device, readonly (readonly [string, string])[]>()
  const textsOf = (device: Device) => {
    const known =
      printed.get(device) ?? workspace.print(device).map((file) => [`${device.id}/${file.path}`, file.lines.map(({ text }) => `${text}\n`).join('')] as const)
    printed.set(device, known)
    return known
  }
  return (company, ledger = built.ledger) => {
    const { outcome } = compile(company, ledger, DATE, memo)
    return outcome.ok ? new Map(outcome.value.design.sites.flatMap((site) => site.devices).flatMap(textsOf)) : undefined
  }
}

/** Those of the lines that are in the texts still. Of equal ones in a file, as many must be gone as are asked about. */
export function survivors(lines: readonly CitedLine[], before: ReadonlyMap<string, string>, after: Texts): CitedLine[] {
  if (!after) return []
  return [...Map.groupBy(lines, ({ path }) => path)].flatMap(([path, those]) => {
    const [was, is] = [before.get(path)!, after.get(path) ?? ''].map(linesIn) as [string[], string[]]
    const [had, has] = [was, is].map((all) => Map.groupBy(all, (text) => text)) as [Map<string, string[]>, Map<string, string[]>]
    const equals = Map.groupBy(those, ({ number }) => was[number - 1]!)
    return [...equals].flatMap(([text, equal]) => equal.slice(0, Math.max(0, (has.get(text)?.length ?? 0) + equal.length - had.get(text)!.length)))
  })
}

/** The lines of a file. One that only parts others is told from its like by the line after it. */
function linesIn(text: string): string[] {
  const lines = text.split('\n').slice(0, -1)
  return lines.map((line, index) => (/^\s*!?$/.test(line) ? `${line}\n${lines[index + 1]}` : line))
}
