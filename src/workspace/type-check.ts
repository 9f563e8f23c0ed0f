/**
 * Type-checks a company's TypeScript with the compiler that comes along, in a process of its own beside the compile. What was found good once is not checked again: the verdict is kept by
 * content.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { type Diagnostic, diagnose } from '#base/diagnostic.ts'
import { apiFingerprint, declaredAt } from './api-declarations.ts'
import { ENTRIES, PROGRAM } from './company-modules.ts'
import { runCompiler } from './native-compiler.ts'

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

/** What is wrong with the types of these files (absolute paths). `cache` is a folder for verdicts, made if missing; it may be unwritable. */
export async function typeCheck(folder: string, files: readonly string[], cache: string): Promise<Diagnostic[]> {
  const api = apiFingerprint()
  const known = join(cache, fingerprint(api, files))
  if (existsSync(known)) return []
  const options = compilerOptions()
  const paths = await declaredAt(options, api)
  const work = mkdtempSync(join(tmpdir(), 'netwright-types-'))
  try {
    writeFileSync(join(work, 'tsconfig.json'), JSON.stringify({ compilerOptions: { ...options, paths }, files }))
    const { code, output } = await runCompiler(['--pretty', 'false', '-p', work], folder)
    if (code !== 0) return read(output, folder)
    remember(cache, known)
    return []
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** A hash of the files, and of the API that they are checked against. */
function fingerprint(api: string, files: readonly string[]): string {
  const hash = createHash('sha256').update(api)
  for (const file of [...files].sort()) hash.update(`${file}\0`).update(readFileSync(file)).update('\0')
  return hash.digest('hex')
}

function remember(cache: string, file: string): void {
  try {
    mkdirSync(cache, { recursive: true })
    writeFileSync(file, '')
  } catch {
    // A verdict that can't be kept is made again next time.
  }
}

/** `file(line,column): error TSnnnn: message`, relative to the folder that the compiler ran in. */
function read(output: string, folder: string): Diagnostic[] {
  const diagnostics: Diagnostic[] = []
  for (const line of output.split('\n')) {
    const match = /^(.+?)\((\d+),(\d+)\): error (TS\d+): (.*)$/.exec(line)
    if (!match) continue
    const [, file, row, column, code, message] = match
    const place = { file: relative(folder, resolve(folder, file!)), line: Number(row), column: Number(column) }
    diagnostics.push(
      code === 'TS1294' ? diagnose('unstrippable-typescript', {}, { place }) : diagnose('type-error', { message: message!, code: code! }, { place }),
    )
  }
  if (diagnostics.length === 0) diagnostics.push(diagnose('type-error', { message: output.trim().split('\n')[0] ?? '', code: 'tsc' }))
  return diagnostics
}
