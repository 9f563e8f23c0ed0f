/**
 * A company folder, open: read, compiled and printed as often as its files change, each time only as far as they did. Writes nothing; `write-out.ts` does.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Diagnostic, diagnose, type Result } from '#base/diagnostic.ts'
import type { Origin } from '#base/place.ts'
import type { Company } from '#compile/company.ts'
import { emptyMemo, type Memo } from '#compile/memo.ts'
import { type Compiled, compile, type Said } from '#compile/pipeline.ts'
import type { Design } from '#design/design.ts'
import type { Device } from '#design/device.ts'
import type { Ledger } from '#ledger/ledger.ts'
import { parseLedger } from '#ledger/parse-ledger.ts'
import { ledgerLines, printLedger } from '#ledger/print-ledger.ts'
import { targets as builtIn } from '#targets/index.ts'
import { type PrintedFile, type Rule, type Target, textOf } from '#targets/target.ts'
import { LEDGER_FILE } from './ledger-file.ts'
import { type Places, placesOf, settleDiagnostic } from './places.ts'
import { codeOf, emptyReading, type Reading, readCompany, reasonOf, type Upgrade, unreadableFile } from './read-company.ts'
import type { YamlFile } from './read-yaml.ts'
import { beside, type TypeVerdict, typeCheck } from './type-check.ts'

/** What a build makes, before anything is written. */
export interface Built extends Compiled, Said {
  /** What was compiled. */
  readonly company: Company
  /** Printed files by path (`ber-office/edge-a/frr.conf`). */
  readonly files: ReadonlyMap<string, string>
  /** The ledger as text, and as it was before. */
  readonly ledgerText: string
  readonly ledgerBefore: string | undefined
  readonly places: Places
  readonly diagnostics: readonly Diagnostic[]
  /** Has the verdict remembered that the types are right, for whoever writes something at all. */
  readonly rememberTypes: () => void
}

/** An open company folder. */
export interface Workspace {
  readonly folder: string
  /** Reads, type-checks, compiles and prints. */
  build(): Promise<Result<Built>>
  /** What would have been built of another company beside what is allocated; or why it would be refused. Nothing of it is kept. */
  suppose(built: Pick<Built, 'ledger'>, company: Company): Result<Pick<Built, 'company' | 'design' | 'files'>>
  /** The files of one device with the origins of each line. */
  print(device: Device): readonly PrintedFile[]
  readonly memo: Memo
}

/** How a workspace is opened. */
export interface WorkspaceOptions {
  /** YYYY-MM-DD: the day on which what is no longer wanted is freed. */
  readonly date: string
  readonly targets?: readonly Target[]
  /** Sites that are pinned to an earlier version of a standard are built to this one. */
  readonly upgrade?: Upgrade
  /** Whether the TypeScript is type-checked; a verdict is joined before the build is said to be good. */
  readonly typeCheck?: boolean
  /** Told what is being done, for long work. */
  readonly progress?: (step: string) => void
}

/** Opens a company folder. */
export function openWorkspace(at: string, options: WorkspaceOptions): Workspace {
  const folder = resolve(at)
  const targets = options.targets ?? builtIn
  const targetOf = new Map(targets.map((target) => [target.name, target]))
  const rules = new Map<Origin, Rule>(targets.flatMap((target) => target.rules.map((rule) => [rule.origin, rule] as const)))
  const reading: Reading = emptyReading()
  const memo = emptyMemo()
  const printed = new WeakMap<Device, ReadonlyMap<string, string>>()
  let lastLedger: { readonly text: string; readonly ledger: Ledger } | undefined
  let lastPrinted: { readonly ledger: Ledger; readonly text: string } | undefined

  const print = (device: Device): readonly PrintedFile[] =>
    device.platform.flatMap((name) => {
      const target = targetOf.get(name)!
      const tree = target.lower(device)
      return tree === undefined ? [] : target.print(tree)
    })

  const textsOf = (device: Device): ReadonlyMap<string, string> => {
    const known = printed.get(device)
    if (known) return known
    const texts = new Map(print(device).map((file) => [`${device.id}/${file.path}`, textOf(file)]))
    printed.set(device, texts)
    return texts
  }

  const filesOf = ({ sites }: Design): ReadonlyMap<string, string> => new Map(sites.flatMap(({ devices }) => devices.flatMap((device) => [...textsOf(device)])))

  const suppose: Workspace['suppose'] = ({ ledger }, company) => {
    const { outcome } = compile(company, ledger, options.date, memo)
    if (!outcome.ok) return outcome
    const { design } = outcome.value
    return { ok: true, value: { company, design, files: filesOf(design) }, diagnostics: outcome.diagnostics }
  }

  const readLedger = (): Result<{ ledger: Ledger; text: string | undefined }> => {
    const path = join(folder, LEDGER_FILE)
    let text: string | undefined
    try {
      text = existsSync(path) ? readFileSync(path, 'utf8') : undefined
    } catch (error) {
      return {
        ok: false,
        diagnostics: [diagnose('unreadable-file', { file: LEDGER_FILE, reason: reasonOf(error) }, { place: { file: LEDGER_FILE, line: 1, column: 1 } })],
      }
    }
    if (text === undefined) return { ok: true, value: { ledger: new Map(), text }, diagnostics: [] }
    for (const last of [lastPrinted, lastLedger]) if (last?.text === text) return { ok: true, value: last, diagnostics: [] }
    const parsed = parseLedger(text, LEDGER_FILE)
    if (!parsed.ok) return parsed
    lastLedger = { text, ledger: parsed.value }
    return { ok: true, value: lastLedger, diagnostics: parsed.diagnostics }
  }

  async function build(): Promise<Result<Built>> {
    try {
      return await buildReadable()
    } catch (thrown) {
      const problem = unreadableFile(thrown, folder)
      if (problem) return { ok: false, diagnostics: [problem] }
      throw thrown
    }
  }

  async function buildReadable(): Promise<Result<Built>> {
    options.progress?.('reading')
    let checking: Promise<TypeVerdict> | undefined
    const code = () => codeOf(folder)
    if (options.typeCheck !== false && existsSync(join(folder, 'company.ts'))) {
      checking = typeCheck(folder, code(), join(folder, '.netwright', 'types-checked')).catch((error: Error) => ({
        diagnostics: [unreadableFile(error, folder) ?? diagnose('type-error', { message: error.message, code: 'tsc' })],
        remember: () => {},
      }))
    }
    const refused = async (diagnostics: readonly Diagnostic[], yaml: ReadonlyMap<string, YamlFile>, said?: Said): Promise<Result<Built>> => {
      const places = makePlaces(yaml, said, lastLedger)
      const own = diagnostics.map((diagnostic) => settleDiagnostic(diagnostic, places, folder))
      return { ok: false, diagnostics: beside(own, (await checking)?.diagnostics ?? []) }
    }
    const company = await readCompany(folder, targets, reading, options.upgrade)
    if (!company.ok) return refused(company.diagnostics, filesRead(reading))
    const { yaml } = company.value
    const ledger = readLedger()
    if (!ledger.ok) return refused([...company.diagnostics, ...ledger.diagnostics], yaml)

    options.progress?.('compiling')
    const { outcome: compiled, said } = compile(company.value.company, ledger.value.ledger, options.date, memo)
    if (!compiled.ok) return refused([...company.diagnostics, ...compiled.diagnostics], yaml, said)
    options.progress?.('printing')
    const files = filesOf(compiled.value.design)

    if (lastPrinted?.ledger !== compiled.value.ledger) lastPrinted = { ledger: compiled.value.ledger, text: printLedger(compiled.value.ledger) }
    const types = await checking
    if (types && types.diagnostics.length > 0) return refused([], yaml)
    const places = makePlaces(yaml, said, lastPrinted)
    const diagnostics = [...company.diagnostics, ...ledger.diagnostics, ...compiled.diagnostics].map((diagnostic) =>
      settleDiagnostic(diagnostic, places, folder),
    )
    return {
      ok: true,
      value: {
        ...compiled.value,
        ...said,
        company: company.value.company,
        files,
        ledgerText: lastPrinted.text,
        ledgerBefore: ledger.value.text,
        places,
        diagnostics,
        rememberTypes: () => types?.remember(),
      },
      diagnostics,
    }
  }

  function makePlaces(yaml: ReadonlyMap<string, YamlFile>, said: Said | undefined, ledger: typeof lastLedger): Places {
    let lines: ReadonlyMap<string, number> | undefined
    return placesOf({
      folder,
      yaml,
      calls: said?.calls ?? new Map(),
      statements: said?.statements ?? new Map(),
      ledger: {
        file: LEDGER_FILE,
        lines: () => (lines ??= ledgerLines(ledger?.text ?? '')),
        valueOf: (key) => ledger?.ledger.get(key.slice(0, key.indexOf(' ')))?.get(key.slice(key.indexOf(' ') + 1))?.value,
      },
      rules,
    })
  }

  return { folder, build, suppose, print, memo }
}

function filesRead(reading: Reading): ReadonlyMap<string, YamlFile> {
  return new Map([...reading.files].map(([file, { yaml }]) => [file, yaml]))
}
