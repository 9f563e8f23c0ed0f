/** What every verb that reads a company does first: find the folder, finish or discard what a killed build left, build, and tell what is wrong. */
import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { type Diagnostic, diagnose } from '#base/diagnostic.ts'
import { grouped } from '#base/units.ts'
import { MOST_PARTS, Tangled } from '#proofs/engine/filter/tangled.ts'
import { deviceOfFilter } from '#proofs/engine/network/told.ts'
import { showBox, showPacket } from '#proofs/packet-text.ts'
import type { Upgrade } from '#workspace/read-company.ts'
import { type Built, openWorkspace, type Workspace } from '#workspace/workspace.ts'
import { recover } from '#workspace/write-out.ts'
import { progress, sayDiagnostics, sayJson } from './terminal.ts'

/** What the program ends with. */
export const EXIT = { fine: 0, refused: 1, usage: 2 } as const

/** Options that verbs share. */
export interface Shared {
  readonly json?: boolean
  readonly date?: string
}

/** Today, as the only thing that the program takes from a clock: the day on which what is no longer wanted is freed. */
export function today(): string {
  return new Date().toISOString().slice(0, 10)
}

/** Tells diagnostics in the form asked for, and sets the exit code. */
export function refuse(diagnostics: readonly Diagnostic[], json: boolean | undefined): void {
  if (json) sayJson({ ok: false, diagnostics })
  else sayDiagnostics(diagnostics)
  process.exitCode = EXIT.refused
}

/** Frames of a stack that are told. */
const FRAMES = 4

/** Tells that the program itself failed: as a diagnostic with the innermost frames, and not as a stack trace. */
export function refuseFailure(thrown: unknown, json: boolean | undefined): void {
  if (thrown instanceof Tangled) {
    refuse([tangled(thrown)], json)
    return
  }
  const error = thrown instanceof Error ? thrown : new Error(String(thrown))
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  const notes = frames.slice(0, FRAMES).map((line) => ({ message: line.trim() }))
  refuse([diagnose('internal-error', { message: error.message.split('\n')[0]! }, { notes })], json)
}

/** A set of packets that was too much to be found, told by what is known of it. */
function tangled({ family, around, packet, table, rule }: Tangled): Diagnostic {
  const device = table && deviceOfFilter(table)
  const notes = [{ message: `a summary: all of them are inside of ${showBox(family, around)}` }, { message: `one of them: ${showPacket(family, packet)}` }]
  const value = device === undefined ? {} : { value: `${device}/nftables.conf${rule ? `, chain ${rule.chain}, rule ${rule.index + 1}` : ''}` }
  return diagnose(
    'filter-tangled',
    { filter: device === undefined ? 'filters on one way' : `the filter of ${device}`, most: grouped(MOST_PARTS) },
    { ...value, notes },
  )
}

/** A company folder that is open. */
export interface Session {
  readonly workspace: Workspace
  /** Builds it, as far as its files have changed since it was built last. Undefined when it is refused: that has been told, and the exit code set. */
  build(): Promise<Built | undefined>
}

/** Opens the company in `folder`. Undefined when something else is at work there: that has been told, and the exit code set. */
export function openCompany(folder: string, options: Shared, upgrade?: Upgrade): Session | undefined {
  const busy = recover(folder)
  if (busy) {
    refuse([busy], options.json)
    return undefined
  }
  const watch = progress()
  const workspace = openWorkspace(folder, { date: options.date ?? today(), progress: watch.step, ...(upgrade ? { upgrade } : {}) })
  return {
    workspace,
    async build() {
      const built = await workspace.build()
      watch.done()
      if (!built.ok) {
        refuse(built.diagnostics, options.json)
        return undefined
      }
      if (!options.json) sayDiagnostics(built.value.diagnostics)
      return built.value
    },
  }
}

/** Builds the company in `folder`. Undefined when it is refused: that has been told, and the exit code set. */
export async function buildCompany(
  folder: string,
  options: Shared,
  upgrade?: Upgrade,
): Promise<{ readonly workspace: Workspace; readonly built: Built } | undefined> {
  const session = openCompany(folder, options, upgrade)
  const built = await session?.build()
  return session && built && { workspace: session.workspace, built }
}

/** The company folder that holds `path`: the nearest one above it with a company.ts. */
export function companyAround(path: string): string | undefined {
  for (let at = resolve(path); ; at = dirname(at)) {
    if (existsSync(join(at, 'company.ts'))) return at
    if (dirname(at) === at) return undefined
  }
}
