/** Reads a company folder: its TypeScript, the facts of its sites and services, its device types. All that is wrong with it is told at once. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { same } from '#base/canonical.ts'
import { type Diagnostic, diagnose, type Result, result } from '#base/diagnostic.ts'
import { byName } from '#base/order.ts'
import type { Place } from '#base/place.ts'
import { suggest } from '#base/suggest.ts'
import { BUILT_IN_DEVICE_TYPES } from '#catalog/built-in.ts'
import { makeCatalog } from '#catalog/catalog.ts'
import { type DeviceType, readDeviceType } from '#catalog/device-type.ts'
import { schemaOf } from '#compile/check.ts'
import type { Company, ReadSite, ServiceSite, TargetAbilities } from '#compile/company.ts'
import { NAME_PATTERN } from '#model/fact.ts'
import { serviceFacts } from '#model/service.ts'
import { parsePin, type SiteFacts } from '#model/site.ts'
import type { CompanyDeclaration } from '#standards/authoring/company.ts'
import { pinOf, type Standard } from '#standards/authoring/standard.ts'
import { loadCompany } from './company-modules.ts'
import { readFacts } from './read-facts.ts'
import { readYaml, type YamlFile } from './read-yaml.ts'

/** What was read of a folder, kept for the next time: a file whose text is the same is not read again. */
export interface Reading {
  readonly files: Map<string, { readonly text: string; readonly yaml: YamlFile; read?: { readonly by: unknown; readonly result: Result<unknown> } }>
  code: { generation: string; declaration: CompanyDeclaration } | undefined
  readonly sites: Map<string, ReadSite>
  readonly services: Map<string, ServiceSite>
}

/** A reading with nothing in it. */
export function emptyReading(): Reading {
  return { files: new Map(), code: undefined, sites: new Map(), services: new Map() }
}

/** A company, and the files that it was read from. */
export interface ReadCompany {
  readonly company: Company
  readonly yaml: ReadonlyMap<string, YamlFile>
}

/** The company folder's TypeScript: absolute paths, `out/` and dot folders left out. */
export function codeOf(folder: string): string[] {
  const files: string[] = []
  const visit = (at: string) => {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      if (entry.name.startsWith('.') || entry.name === 'node_modules' || (at === folder && entry.name === 'out')) continue
      if (entry.isDirectory()) visit(join(at, entry.name))
      else if (entry.name.endsWith('.ts')) files.push(join(at, entry.name))
    }
  }
  visit(folder)
  return files.sort()
}

/** A version of a standard that sites of earlier ones are built to, for a try. */
export interface Upgrade {
  readonly name: string
  readonly version: number
}

/** Reads the company in `folder`. `reading` is what was read last time, and is brought up to date. */
export async function readCompany(folder: string, targets: readonly TargetAbilities[], reading: Reading, upgrade?: Upgrade): Promise<Result<ReadCompany>> {
  const folderProblem = unreadable(folder)
  if (folderProblem) return { ok: false, diagnostics: [folderProblem] }
  const generation = fingerprint(codeOf(folder))
  if (reading.code?.generation !== generation) {
    const loaded = await loadCompany(folder, generation)
    if (!('policies' in loaded)) return { ok: false, diagnostics: loaded }
    reading.code = { generation, declaration: loaded }
  }
  const { declaration } = reading.code
  const diagnostics: Diagnostic[] = []
  const yaml = new Map<string, YamlFile>()

  const read = (file: string): YamlFile | undefined => {
    let text: string
    try {
      text = readFileSync(join(folder, file), 'utf8')
    } catch (error) {
      diagnostics.push(diagnose('unreadable-file', { file, reason: reasonOf(error) }, { place: startOf(file) }))
      return undefined
    }
    const last = reading.files.get(file)
    const entry = last?.text === text ? last : { text, yaml: readYaml(file, text) }
    reading.files.set(file, entry)
    yaml.set(file, entry.yaml)
    return entry.yaml
  }
  const facts = <T>(file: string, schema: Parameters<typeof readFacts<T>>[1], what: string): T | undefined => {
    const entry = reading.files.get(file)!
    if (entry.read?.by !== schema) entry.read = { by: schema, result: readFacts(entry.yaml, schema, what) }
    const of = entry.read.result as Result<T>
    diagnostics.push(...of.diagnostics)
    return of.ok ? of.value : undefined
  }

  const standards = declaration.standards.filter((standard): standard is Standard => standard.scope === 'site')
  diagnostics.push(...twice(declaration))
  if (upgrade && !standards.some(({ name, version }) => name === upgrade.name && version === upgrade.version)) {
    const [pin, allowed] = [pinOf(upgrade), standards.map(pinOf).sort(byName)]
    const latest = Math.max(0, ...standards.filter(({ name }) => name === upgrade.name).map(({ version }) => version))
    const near = latest > 0 ? pinOf({ ...upgrade, version: latest }) : suggest(pin, allowed)
    const fix = near ? `did you mean "${near}"?` : `add ${pin} to the standards in company.ts`
    diagnostics.push(diagnose('unknown-standard', { standard: pin }, { value: pin, allowed, fix }))
  }
  const sites: ReadSite[] = []
  for (const file of yamlFiles(folder, 'sites', diagnostics)) {
    const name = nameOf(file)
    const document = read(file)
    const pinned = document && standardOf(document, standards, diagnostics)
    const standard = pinned && upgraded(pinned, standards, upgrade)
    if (!standard) continue
    const of = facts<SiteFacts>(file, schemaOf(standard) as unknown as Parameters<typeof readFacts<SiteFacts>>[1], `the site ${name}`)
    if (!of) continue
    const last = reading.sites.get(name)
    // Facts that say the same are the same: what a comment moved concerns nobody.
    const site = last && last.file === file && last.standard === standard && same(last.facts, of) ? last : { name, file, standard, facts: of }
    reading.sites.set(name, site)
    sites.push(site)
  }
  const services: ServiceSite[] = []
  for (const file of yamlFiles(folder, 'services', diagnostics)) {
    const name = nameOf(file)
    const of = read(file) && facts(file, serviceFacts, `the service ${name}`)
    if (!of) continue
    const last = reading.services.get(name)
    const service = last && last.file === file && same(last.facts, of) ? last : { name, file, facts: of }
    reading.services.set(name, service)
    services.push(service)
  }
  const types: DeviceType[] = []
  const fileOf = new Map<string, string>()
  for (const file of yamlFiles(folder, 'device-types', diagnostics)) {
    const document = read(file)
    if (!document || document.diagnostics.length > 0) {
      diagnostics.push(...(document?.diagnostics ?? []))
      continue
    }
    const type = readDeviceType(document.data)
    if (type.ok) {
      types.push(type.value)
      fileOf.set(type.value.slug, file)
    }
    diagnostics.push(...type.diagnostics.map((diagnostic) => ({ ...diagnostic, place: startOf(file) })))
  }
  const catalog = makeCatalog(BUILT_IN_DEVICE_TYPES, types)
  // Of two of one name, the later has the word in the map.
  diagnostics.push(...catalog.diagnostics.map((diagnostic) => ({ ...diagnostic, place: startOf(fileOf.get(diagnostic.value ?? '') ?? 'device-types') })))
  if (!catalog.ok) return { ok: false, diagnostics }
  return result({ company: { declaration, sites, services, catalog: catalog.value, targets }, yaml }, diagnostics)
}

/** Why the folder is none of a company that can be read; undefined if it is. */
export function unreadable(folder: string): Diagnostic | undefined {
  try {
    if (!statSync(folder).isDirectory()) return diagnose('no-folder', { folder, reason: 'it is a file' })
    readdirSync(folder)
  } catch (error) {
    return diagnose('no-folder', { folder, reason: reasonOf(error) })
  }
  try {
    readFileSync(join(folder, 'company.ts'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return diagnose('no-company-file', { folder })
    return diagnose('unreadable-file', { file: 'company.ts', reason: reasonOf(error) }, { place: startOf('company.ts') })
  }
  return undefined
}

/** What a system error about a file of the company means; undefined for any other error. */
export function unreadableFile(thrown: unknown, folder: string): Diagnostic | undefined {
  const { code, path, syscall } = thrown as NodeJS.ErrnoException
  if (code === undefined || path === undefined) return undefined
  const file = relative(folder, path).split(sep).join('/')
  return diagnose('unreadable-file', { file, reason: reasonOf(thrown) }, syscall === 'scandir' ? { value: file } : { place: startOf(file) })
}

function startOf(file: string): Place {
  return { file, line: 1, column: 1 }
}

/** What the system says, in words. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  const words: Readonly<Record<string, string>> = {
    ENOENT: 'it does not exist',
    EACCES: 'permission is denied',
    EPERM: 'permission is denied',
    ENOSPC: 'the disk is full',
    EROFS: 'the file system is read-only',
    ENOTDIR: 'a part of the path is a file',
    EISDIR: 'it is a folder',
    EEXIST: 'a file is in the way',
    ELOOP: 'its links go in a circle',
  }
  return words[code ?? ''] ?? message
}

/** The YAML files of a folder, relative to the company's; of sites and services those whose names are names. A missing folder is an empty one. */
function yamlFiles(folder: string, kind: 'sites' | 'services' | 'device-types', diagnostics: Diagnostic[]): string[] {
  let names: string[]
  try {
    names = readdirSync(join(folder, kind))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'ENOENT')
      diagnostics.push(diagnose('unreadable-file', { file: kind, reason: code === 'ENOTDIR' ? 'it is no folder' : reasonOf(error) }, { value: kind }))
    return []
  }
  const files = names
    .filter((name) => /\.ya?ml$/.test(name))
    .sort(byName)
    .map((name) => `${kind}/${name}`)
  if (kind === 'device-types') return files
  const first = new Map<string, string>()
  return files.filter((file) => {
    const name = nameOf(file)
    const other = first.get(name)
    first.set(name, file)
    const details = { place: startOf(file), value: name }
    if (!NAME_PATTERN.test(name) || RESERVED.has(name)) diagnostics.push(diagnose('bad-file-name', { name, kind }, details))
    else if (other !== undefined) {
      const notes = [{ message: 'the other one is here', place: startOf(other) }]
      diagnostics.push(diagnose('duplicate-file', { kind: kind.slice(0, -1), name }, { ...details, notes }))
    } else return true
    return false
  })
}

/** Names that ledger keys, ids and filters use. */
const RESERVED = new Set(['company', 'service', 'external', 'elsewhere'])

function nameOf(file: string): string {
  return file.replace(/^.*\//, '').replace(/\.ya?ml$/, '')
}

/** The standard that a site is pinned to. */
function standardOf(yaml: YamlFile, standards: readonly Standard[], diagnostics: Diagnostic[]): Standard | undefined {
  diagnostics.push(...yaml.diagnostics)
  if (yaml.diagnostics.length > 0) return undefined
  const what = `the site ${nameOf(yaml.file)}`
  if (yaml.data !== null && (typeof yaml.data !== 'object' || Array.isArray(yaml.data))) {
    diagnostics.push(diagnose('wrong-value', { name: 'The file', what, expected: 'a mapping' }, { place: yaml.placeOf([]), value: yaml.sourceOf([]) }))
    return undefined
  }
  const pin = (yaml.data as { standard?: unknown } | null)?.standard
  const allowed = standards.map(pinOf).sort(byName)
  const place = yaml.placeOf(['standard'])
  if (pin === undefined || pin === null) {
    diagnostics.push(diagnose('missing-fact', { name: 'standard', what }, { place, allowed }))
    return undefined
  }
  const standard = standards.find((candidate) => pinOf(candidate) === pin)
  if (standard) return standard
  const parsed = parsePin(String(pin))
  const versions = parsed ? standards.filter((candidate) => candidate.name === parsed.name) : []
  const near = suggest(String(pin), allowed)
  const fix =
    versions.length > 0
      ? `pin the site to ${versions.map(pinOf).join(' or ')}, or add ${pin} to the standards in company.ts`
      : near
        ? `did you mean "${near}"?`
        : undefined
  diagnostics.push(diagnose('unknown-standard', { standard: String(pin) }, { place, value: String(pin), allowed, ...(fix ? { fix } : {}) }))
  return undefined
}

/** The standard that a site is built to: the one that it is pinned to, or a later version of it that is tried. */
function upgraded(pinned: Standard, standards: readonly Standard[], upgrade: Upgrade | undefined): Standard {
  if (!upgrade || pinned.name !== upgrade.name || pinned.version >= upgrade.version) return pinned
  return standards.find(({ name, version }) => name === upgrade.name && version === upgrade.version) ?? pinned
}

/** Two standards of one name and version. */
function twice({ standards, place }: CompanyDeclaration): Diagnostic[] {
  const first = new Map<string, (typeof standards)[number]>()
  const diagnostics: Diagnostic[] = []
  for (const standard of standards) {
    const pin = pinOf(standard)
    const other = first.get(pin)
    if (other)
      diagnostics.push(
        standard === other
          ? diagnose('duplicate-standard', { standard: pin }, { place, value: pin, fix: 'name it once in company.ts' })
          : diagnose(
              'duplicate-standard',
              { standard: pin },
              { place: standard.place, value: pin, notes: [{ message: 'the first one is here', place: other.place }] },
            ),
      )
    else first.set(pin, standard)
  }
  return diagnostics
}

/** A hash of files by path and content. */
function fingerprint(files: readonly string[]): string {
  const hash = createHash('sha256')
  for (const file of files)
    hash
      .update(`${relative('/', file).split(sep).join('/')}\0`)
      .update(readFileSync(file))
      .update('\0')
  return hash.digest('hex').slice(0, 16)
}
