/**
 * Type-checks a company's TypeScript with the compiler that comes along, in a process of its own beside the compile. What was found good once is not checked again: the verdict is kept by
 * content.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { type Diagnostic, diagnose } from '#base/diagnostic.ts'
import type { MessageCode } from '#base/messages.gen.ts'
import type { Place } from '#base/place.ts'
import { apiFingerprint, declaredAt } from './api-declarations.ts'
import { ENTRIES, importError, PROGRAM } from './company-modules.ts'
import { runCompiler } from './native-compiler.ts'
import { PURE } from './pure.ts'

/** TypeScript options for company files: strict, and only what stripping can take. */
export function compilerOptions(): Record<string, unknown> {
  return {
    target: 'esnext',
    lib: ['esnext'],
    module: 'preserve',
    moduleResolution: 'bundler',
    strict: true,
    noEmit: true,
    erasableSyntaxOnly: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    types: [],
    paths: Object.fromEntries(Object.entries(ENTRIES).map(([name, source]) => [name, [join(PROGRAM, source)]])),
  }
}

/** What is wrong with the types, and how to have the verdict remembered that nothing is: what refuses a build for another reason touches no file. */
export interface TypeVerdict {
  readonly diagnostics: readonly Diagnostic[]
  readonly remember: () => void
}

/** Good verdicts of this process that may not be remembered on disk, by the file that would. */
const good = new Set<string>()

/** Checks the types of these files (absolute paths). `cache` is a folder for verdicts, made if missing; it may be unwritable. */
export async function typeCheck(folder: string, files: readonly string[], cache: string): Promise<TypeVerdict> {
  const api = apiFingerprint()
  const known = join(cache, fingerprint(api, files))
  if (existsSync(known)) return { diagnostics: [], remember: () => {} }
  const verdict: TypeVerdict = { diagnostics: [], remember: () => keep(cache, known) }
  if (good.has(known)) return verdict
  const options = compilerOptions()
  const paths = await declaredAt(options, api)
  const work = mkdtempSync(join(tmpdir(), 'netwright-types-'))
  try {
    writeFileSync(join(work, 'tsconfig.json'), JSON.stringify({ compilerOptions: { ...options, paths }, files }))
    const { code, output } = await runCompiler(['--pretty', 'false', '-p', work], folder)
    if (code !== 0) return { diagnostics: read(output, folder), remember: () => {} }
    good.add(known)
    return verdict
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/**
 * What is told where there are errors of both kinds. What came of running code of which the types are wrong says nothing surer about it than they do, save what is about the code itself;
 * and where that is told of a line, the compiler's words for it are left out.
 */
export function beside(own: readonly Diagnostic[], types: readonly Diagnostic[]): Diagnostic[] {
  const kept = types.length === 0 ? own : own.filter(({ code, place }) => ABOUT_CODE.has(code) || !place?.file.endsWith('.ts'))
  const lines = new Set(kept.map(({ place }) => place && `${place.file}:${place.line}`))
  return [...kept, ...types.filter(({ place }) => !lines.has(place && `${place.file}:${place.line}`))]
}

const ABOUT_CODE: ReadonlySet<string> = new Set<MessageCode>(['forbidden-import', 'impure', 'missing-import'])

/** A hash of the files, and of the API that they are checked against. */
function fingerprint(api: string, files: readonly string[]): string {
  const hash = createHash('sha256').update(api)
  for (const file of [...files].sort()) hash.update(`${file}\0`).update(readFileSync(file)).update('\0')
  return hash.digest('hex')
}

function keep(cache: string, file: string): void {
  try {
    mkdirSync(cache, { recursive: true })
    writeFileSync(file, '')
  } catch {
    // A verdict that can't be kept is made again next time.
  }
}

/** An error of the compiler. */
interface CompilerError {
  readonly place: Place
  readonly code: string
  readonly message: string
}

/** `file(line,column): error TSnnnn: message`, relative to the folder that the compiler ran in. One mistake is told once: what follows from another in its file is left out. */
function read(output: string, folder: string): Diagnostic[] {
  const errors: CompilerError[] = []
  for (const line of output.split('\n')) {
    const match = /^(.+?)\((\d+),(\d+)\): error (TS\d+): (.*)$/.exec(line)
    if (!match) continue
    const [, file, row, column, code, message] = match
    errors.push({ place: { file: relative(folder, resolve(folder, file!)), line: Number(row), column: Number(column) }, code: code!, message: message! })
  }
  if (errors.length === 0) return [diagnose('type-error', { message: output.trim().split('\n')[0] ?? '', code: 'tsc' })]
  return [...Map.groupBy(errors, ({ place }) => place.file).values()].flatMap((inFile) => {
    const syntax = inFile.find(({ code }) => isSyntax(code))
    const causes = inFile.filter(({ code }) => !IMPLICIT_ANY.test(code))
    return (syntax ? [syntax] : causes.length > 0 ? causes : inFile).map(told)
  })
}

/** An error of the compiler in our words, where it would speak of a platform that a company's code does not have. */
function told({ place, code, message }: CompilerError): Diagnostic {
  if (code === NOT_ERASABLE) return diagnose('unstrippable-typescript', {}, { place })
  if (isSyntax(code)) return diagnose('syntax-error', { message, code }, { place })
  const name = /^Cannot find name '([^']+)'/.exec(message)?.[1]
  if (name !== undefined && name in PURE) return diagnose('impure', { what: name, instead: 'put what it gives into the facts' }, { place, value: name })
  const specifier = /^Cannot find module '([^']+)'/.exec(message)?.[1] ?? (name?.startsWith('node:') ? name : undefined)
  if (specifier !== undefined) return importError(specifier, place)
  return diagnose('type-error', { message, code }, { place })
}

/** What stripping types can't take: an enum, a namespace with code, a parameter property. */
const NOT_ERASABLE = 'TS1294'

/** Of what has another error, the type is often unknown. */
const IMPLICIT_ANY = /^TS70\d\d$/

function isSyntax(code: string): boolean {
  return /^TS1\d\d\d$/.test(code) && code !== NOT_ERASABLE
}
