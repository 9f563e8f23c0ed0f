/**
 * Writes what a build made, all of it or nothing. Everything new is staged beside the company first, and where it goes is made ready; then a journal says what is to be done; then files
 * are renamed into place, the ledger among them, the manifest last. A build that was killed before its journal was whole is discarded by the next command, one that was killed after it
 * is finished.
 */
import { hash } from 'node:crypto'
import { accessSync, constants, existsSync, mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { canonicalJson } from '#base/canonical.ts'
import { type Diagnostic, diagnose } from '#base/diagnostic.ts'
import type { Design, SiteDesign } from '#design/design.ts'
import { LEDGER_FILE } from './ledger-file.ts'
import { reasonOf } from './read-company.ts'
import { writeWhole } from './write-whole.ts'

/** The folder of printed files, in a company folder. */
export const OUT = 'out'

const STAGING = join('.netwright', 'staging')
const OWNER = 'owner'
const JOURNAL = 'journal.json'
const MANIFEST = `${OUT}/manifest.json`
const COMPANY_DESIGN = `${OUT}/design.json`

/** What a journal says: staged files, and folders that are new as a whole, by the path they go to; and files to remove. In this order. */
interface Journal {
  readonly put: readonly { readonly staged: string; readonly path: string }[]
  readonly remove: readonly string[]
}

/** SHA-256 by path of every file that a build wrote, out/ and all. */
type Manifest = Readonly<Record<string, string>>

/** What is written. */
export interface Output {
  readonly design: Design
  /** Printed files by path below `out/`. */
  readonly files: ReadonlyMap<string, string>
  readonly ledgerText: string
}

/** What was written: paths relative to the company folder. */
export interface Written {
  readonly written: readonly string[]
  readonly removed: readonly string[]
  readonly unchanged: number
}

/** Writes the output of a build. Files whose bytes are the same are left alone, and files of an earlier build that are no longer made are removed. */
export function writeOut(folder: string, output: Output): Written | Diagnostic {
  const busy = recover(folder)
  if (busy) return busy
  const files = contents(output)
  const before = readManifest(folder)
  const after: Record<string, string> = {}
  const changed: string[] = []
  const unitOf = unitsIn(folder)
  for (const [path, text] of files) {
    after[path] = digest(text)
    // What is on disk counts, not what the manifest says of it: somebody may have edited a printed file.
    if (unitOf(path) !== path || readText(join(folder, path)) !== text) changed.push(path)
  }
  const ledger = { path: LEDGER_FILE, text: output.ledgerText }
  const ledgerChanged = readText(join(folder, LEDGER_FILE)) !== ledger.text
  const remove = Object.keys(before).filter((path) => !(path in after))
  const manifest = canonicalJson(after, 1)
  if (changed.length === 0 && !ledgerChanged && remove.length === 0 && readText(join(folder, MANIFEST)) === manifest)
    return { written: [], removed: [], unchanged: files.size }

  const order = [...(ledgerChanged ? [ledger.path] : []), ...changed, MANIFEST]
  const textOf = (path: string) => (path === MANIFEST ? manifest : path === ledger.path ? ledger.text : files.get(path)!)
  const made: string[] = []
  try {
    const staging = join(folder, STAGING)
    makeFolder(dirname(staging), made)
    // Not two at once: of two builds, the second finds the folder there.
    mkdirSync(staging)
    made.push(staging)
    writeFileSync(join(staging, OWNER), String(process.pid))
    const units = [...Map.groupBy(order, unitOf)]
    const put = units.map(([path, within], index) => {
      const staged = String(index)
      const parents = new Set<string>()
      for (const file of within) {
        const at = join(staging, staged, relative(path, file))
        const parent = dirname(at)
        if (!parents.has(parent)) mkdirSync(parent, { recursive: true })
        parents.add(parent)
        writeFileSync(at, textOf(file))
      }
      return { staged, path }
    })
    const ready = new Set<string>()
    for (const { path } of put) makeReady(join(folder, path), ready, made)
    for (const path of remove) if (existsSync(join(folder, path))) accessSync(join(folder, dirname(path)), constants.W_OK)
    writeWhole(join(staging, JOURNAL), JSON.stringify({ put, remove } satisfies Journal))
  } catch (error) {
    discard(folder, made)
    return writeFailed(folder, error)
  }
  const failure = finish(folder)
  if (failure) return failure
  return { written: order.filter((path) => path !== MANIFEST), removed: remove, unchanged: files.size - changed.length }
}

/** What is renamed into place to put a file there: the file itself, or the topmost of the folders above it that are not there yet. */
function unitsIn(folder: string): (path: string) => string {
  const units = new Map<string, string | undefined>([['.', undefined]])
  const newFolder = (path: string): string | undefined => {
    if (!units.has(path)) units.set(path, existsSync(join(folder, path)) ? undefined : (newFolder(dirname(path)) ?? path))
    return units.get(path)
  }
  return (path) => newFolder(dirname(path)) ?? path
}

/** Makes sure that a file or folder can be renamed to that path, so that it fails before anything is changed, or not at all. Notes the folders that are ready, and those that it makes. */
function makeReady(at: string, ready: Set<string>, made: string[]): void {
  const parent = dirname(at)
  if (!ready.has(parent)) {
    makeFolder(parent, made)
    if (!statSync(parent).isDirectory()) throw Object.assign(new Error(), { code: 'ENOTDIR', path: at })
    accessSync(parent, constants.W_OK)
    ready.add(parent)
  }
  if (statSync(at, { throwIfNoEntry: false })?.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR', path: at })
}

function makeFolder(path: string, made: string[]): void {
  if (existsSync(path)) return
  makeFolder(dirname(path), made)
  mkdirSync(path)
  made.push(path)
}

/** Takes away what was staged, and the folders that were made for it. */
function discard(folder: string, made: readonly string[]): void {
  if (made.includes(join(folder, STAGING))) rmSync(join(folder, STAGING), { recursive: true, force: true })
  for (const path of made.toReversed()) {
    try {
      rmdirSync(path)
    } catch {
      // Gone, or in use by now.
    }
  }
}

function writeFailed(folder: string, error: unknown): Diagnostic {
  const { code, path } = error as NodeJS.ErrnoException
  const owner = Number(readText(join(folder, STAGING, OWNER)))
  if (code === 'EEXIST' && path === join(folder, STAGING) && owner > 0) return diagnose('build-running', { folder, pid: owner })
  return diagnose('write-failed', { folder, reason: reasonOf(error) }, path === undefined ? {} : { value: relative(folder, path) })
}

/** Finishes or discards what a killed build left behind. A diagnostic if another build is at work, or if that can't be done. */
export function recover(folder: string): Diagnostic | undefined {
  const staging = join(folder, STAGING)
  if (!existsSync(staging)) return undefined
  const owner = Number(readText(join(staging, OWNER)))
  if (owner > 0 && owner !== process.pid && isAlive(owner)) return diagnose('build-running', { folder, pid: owner })
  if (readJournal(folder)) return finish(folder)
  try {
    rmSync(staging, { recursive: true, force: true })
    return undefined
  } catch (error) {
    return writeFailed(folder, error)
  }
}

/** Does what the journal says. Each step may have been done before. */
function finish(folder: string): Diagnostic | undefined {
  const journal = readJournal(folder)!
  try {
    for (const path of journal.remove) {
      rmSync(join(folder, path), { force: true })
      removeEmpty(folder, dirname(path))
    }
    for (const { staged, path } of journal.put) {
      const from = join(folder, STAGING, staged)
      if (!existsSync(from)) continue
      // Folders that were emptied by what was removed are gone.
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      renameSync(from, join(folder, path))
    }
    // The journal goes first: without it, what is left is rubbish.
    rmSync(join(folder, STAGING, JOURNAL), { force: true })
    rmSync(join(folder, STAGING), { recursive: true, force: true })
    return undefined
  } catch (error) {
    return writeFailed(folder, error)
  }
}

/** The design that the last build stored; undefined when there is none, or none that can be read. */
export function readStoredDesign(folder: string): Design | undefined {
  try {
    const company = JSON.parse(readFileSync(join(folder, COMPANY_DESIGN), 'utf8')) as Omit<Design, 'sites'> & { readonly sites: readonly string[] }
    const sites = company.sites.map((id) => JSON.parse(readFileSync(join(folder, sitePath(id)), 'utf8')) as SiteDesign)
    return { ...company, sites }
  } catch {
    return undefined
  }
}

/** The printed files of the last build, by path below `out/`. */
export function readStoredFiles(folder: string): Map<string, string> {
  const files = new Map<string, string>()
  for (const path of Object.keys(readManifest(folder))) {
    const text = path.endsWith('design.json') ? undefined : readText(join(folder, path))
    if (text !== undefined) files.set(path.slice(OUT.length + 1), text)
  }
  return files
}

function sitePath(site: string): string {
  return `${OUT}/${site}/design.json`
}

function contents({ design, files }: Output): Map<string, string> {
  const { sites, ...company } = design
  const all = new Map<string, string>([[COMPANY_DESIGN, `${JSON.stringify({ ...company, sites: sites.map((site) => site.id) }, null, 1)}\n`]])
  for (const site of sites) all.set(sitePath(site.id), `${JSON.stringify(comparable(site))}\n`)
  for (const [path, text] of files) all.set(`${OUT}/${path}`, text)
  return all
}

/** A stored design is there to be compared with a later one, which looks neither at why things are, three quarters of it, nor at the names of the whole company that each resolver has. */
function comparable(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(comparable)
  const copy: Record<string, unknown> = {}
  for (const key in value) if (key !== 'why' && key !== 'resolver') copy[key] = comparable((value as Readonly<Record<string, unknown>>)[key])
  return copy
}

/** The journal; undefined when there is none, or none that this program wrote whole: then nothing has been renamed. */
function readJournal(folder: string): Journal | undefined {
  const { put, remove } = (readJson(join(folder, STAGING, JOURNAL)) ?? {}) as Partial<Journal>
  if (!Array.isArray(put) || !Array.isArray(remove)) return undefined
  return put.every((step) => /^\d+$/.test(step?.staged) && isOurs(step.path)) && remove.every(isOurs) ? { put, remove } : undefined
}

function readManifest(folder: string): Manifest {
  const files = readJson(join(folder, MANIFEST))
  return typeof files === 'object' ? Object.fromEntries(Object.entries(files ?? {}).filter(([path, hash]) => isOurs(path) && typeof hash === 'string')) : {}
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

/** Whether a build may write a file of that path, and take it away: whatever a journal or a manifest says, nothing else is touched. */
function isOurs(path: unknown): path is string {
  return path === LEDGER_FILE || path === OUT || (typeof path === 'string' && path.startsWith(`${OUT}/`) && !path.split(/[\\/]/).includes('..'))
}

function readText(path: string): string | undefined {
  // Cheaper than an error for each file of a first build.
  if (!existsSync(path)) return undefined
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

function digest(text: string): string {
  return hash('sha256', text)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Somebody else's process is alive too.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Removes a folder below `out/` that has nothing left in it, and its parents. */
function removeEmpty(folder: string, path: string): void {
  if (path === OUT || path === '.') return
  try {
    rmdirSync(join(folder, path))
  } catch {
    return
  }
  removeEmpty(folder, dirname(path))
}
