/**
 * Loads a company's TypeScript wherever it lies, with no `node_modules` of its own: `netwright` in its imports is the program that runs it, files are stripped of types with all
 * lines kept, and the platform is out of reach (see `pure.ts`).
 */
import { readFileSync, statSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { join, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { type Diagnostic, diagnose, Refusal } from '#base/diagnostic.ts'
import type { Place } from '#base/place.ts'
import { type CompanyDeclaration, collectCompany } from '#standards/authoring/company.ts'
import { PURE } from './pure.ts'

/** The folder that holds `src/`. */
export const PROGRAM = join(import.meta.dirname, '..', '..')

/** What company files may import by name: the program's files behind the names. */
export const ENTRIES: Readonly<Record<string, string>> = {
  netwright: 'src/standards/authoring/index.ts',
  'netwright/standards': 'src/standards/index.ts',
}

/** The query that marks a module as a company's, with the generation that it was loaded in: an edit makes a new one. */
const MARK = 'company='

/** Where the globals of `pure.ts` are found by the line appended to each company module. */
const PURE_KEY = 'netwright.pure'

/** The scheme of the modules that export pure globals, by their names. */
const PURE_SCHEME = 'netwright-pure:'

let hooked = false

function hook(): void {
  if (hooked) return
  hooked = true
  Object.defineProperty(globalThis, Symbol.for(PURE_KEY), { value: PURE })
  registerHooks({
    resolve(specifier, context, next) {
      const from = context.parentURL
      const mark = from?.split('?')[1]
      if (!from || !mark?.startsWith(MARK)) return next(specifier, context)
      if (specifier.startsWith(PURE_SCHEME)) return { url: specifier, shortCircuit: true }
      const entry = ENTRIES[specifier]
      if (entry !== undefined) return { url: pathToFileURL(join(PROGRAM, entry)).href, shortCircuit: true }
      const url = isRelative(specifier) ? new URL(specifier, from.split('?')[0]) : undefined
      if (!url || !statSync(fileURLToPath(url), { throwIfNoEntry: false })?.isFile()) throw new Refusal([importError(specifier, importPlace(from, specifier))])
      return { url: `${url.href}?${mark}`, shortCircuit: true }
    },
    load(url, context, next) {
      if (url.startsWith(PURE_SCHEME)) return { format: 'module', source: pureModule(url.slice(PURE_SCHEME.length).split(',')), shortCircuit: true }
      const [file, query] = url.split('?')
      if (!query?.startsWith(MARK)) return next(url, context)
      const source = readFileSync(fileURLToPath(file!), 'utf8')
      return { format: 'module-typescript', source: source + shadows(source), shortCircuit: true }
    },
  })
}

/** The declarations that put the pure globals in front of the platform's: hoisted from the end of the module, so that no line moves. `var` gives way to nothing, so only names in use are declared. */
function shadows(source: string): string {
  const used = Object.keys(PURE).filter((name) => new RegExp(`\\b${name}\\b`).test(source) && !declares(source, name))
  return used.length === 0 ? '' : `\nimport { ${used.join(', ')} } from '${PURE_SCHEME}${used.join(',')}'`
}

/** Whether the module has something of its own of this name: a variable, a function, a class, a part of a pattern or an import. */
function declares(source: string, name: string): boolean {
  return new RegExp(
    `\\b(const|let|var|function|class)\\s+(${name}\\b|[{[][^=;]*\\b${name}\\b[^=;]*[}\\]]\\s*=)|\\bimport\\b[^;'"]*\\b${name}\\b[^;'"]*\\bfrom\\b`,
  ).test(source)
}

/** A module that exports the named pure globals. */
function pureModule(names: readonly string[]): string {
  const lines = names.map((name) => `const pure_${name} = pure[${JSON.stringify(name)}]; export { pure_${name} as ${name} }`)
  return `const pure = globalThis[Symbol.for(${JSON.stringify(PURE_KEY)})]; ${lines.join('; ')}`
}

function isRelative(specifier: string): boolean {
  return /^\.\.?\//.test(specifier)
}

/** What is wrong with an import that leads nowhere, or beyond the company's own files. */
export function importError(specifier: string, place: Place): Diagnostic {
  return isRelative(specifier)
    ? diagnose('missing-import', { specifier }, { place, value: specifier })
    : diagnose('forbidden-import', { specifier }, { place, value: specifier, allowed: [...Object.keys(ENTRIES), './…'] })
}

/** The line of a file that imports `specifier`. */
function importPlace(url: string, specifier: string): Place {
  const file = url.split('?')[0]!
  const lines = readFileSync(fileURLToPath(file), 'utf8').split('\n')
  const index = lines.findIndex((line) => line.includes(`'${specifier}'`) || line.includes(`"${specifier}"`))
  return { file, line: index + 1 || 1, column: Math.max(1, (lines[index]?.indexOf(specifier) ?? 0) + 1) }
}

/** Companies loaded by this process, by the URL of their generation: a module is evaluated once, and only then are its statements made. */
const loaded = new Map<string, Promise<CompanyDeclaration | readonly Diagnostic[]>>()

/** Loads `company.ts` of a folder; `generation` names the state of its TypeScript files, so that an unchanged company is not loaded twice. */
export function loadCompany(folder: string, generation: string): Promise<CompanyDeclaration | readonly Diagnostic[]> {
  const url = `${pathToFileURL(join(folder, 'company.ts')).href}?${MARK}${generation}`
  const known = loaded.get(url)
  if (known) return known
  // One after the other: statements go to the company that is being loaded.
  queue = queue.then(() => load(folder, url))
  loaded.set(url, queue as Promise<CompanyDeclaration | readonly Diagnostic[]>)
  return queue as Promise<CompanyDeclaration | readonly Diagnostic[]>
}

let queue: Promise<unknown> = Promise.resolve()

async function load(folder: string, url: string): Promise<CompanyDeclaration | readonly Diagnostic[]> {
  hook()
  try {
    const declaration = await collectCompany(() => import(url))
    return declaration ?? [diagnose('no-company', {}, { place: START })]
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown.diagnostics
    const message = thrown instanceof Error ? thrown.message : String(thrown)
    return [diagnose('company-threw', { message: message.split('\n')[0]! }, { place: firstFrame(thrown, folder) ?? START })]
  }
}

const START: Place = { file: 'company.ts', line: 1, column: 1 }

/** The innermost place of the error in the company's files, from its stack. */
function firstFrame(thrown: unknown, folder: string): Place | undefined {
  const root = pathToFileURL(folder + sep).href
  for (const [, url, line, column] of (thrown instanceof Error ? (thrown.stack ?? '') : '').matchAll(
    /(file:\/\/[^\s():]+(?:\?[^\s():]*)?):(\d+)(?::(\d+))?/g,
  )) {
    if (url!.startsWith(root)) return { file: url!, line: Number(line), column: Number(column ?? 1) }
  }
  return undefined
}
