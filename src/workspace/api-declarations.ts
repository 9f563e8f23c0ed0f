/**
 * The declarations of what companies import from `netwright`, made of the program's own source once and kept beside its dependencies. Checking a company against the
 * source itself would check all of that source each time, which takes twenty times as long.
 */
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ENTRIES, PROGRAM } from './company-modules.ts'
import { runCompiler } from './native-compiler.ts'

/** The rooms that the declarations are made of. */
const ROOMS = ['base', 'model', 'design', 'standards'] as const

/** A hash of what companies are checked against: a verdict holds as long as it is the same. */
export function apiFingerprint(): string {
  const hash = createHash('sha256')
  for (const path of [...ROOMS.map((room) => join('src', room)), 'package.json']) hash.update(stamp(join(PROGRAM, path)))
  hash.update(stamp(import.meta.filename))
  return hash.digest('hex')
}

function stamp(path: string): string {
  const stat = statSync(path)
  if (!stat.isDirectory()) return `${path} ${stat.mtimeMs} ${stat.size}\n`
  return readdirSync(path)
    .sort()
    .map((name) => stamp(join(path, name)))
    .join('')
}

/** Where each of the names that a company imports is declared: in declarations, or in the source itself where none can be kept. */
export async function declaredAt(options: Readonly<Record<string, unknown>>, fingerprint: string): Promise<Readonly<Record<string, readonly string[]>>> {
  const kept = join(PROGRAM, 'node_modules', '.cache', 'types')
  const folder = join(kept, fingerprint)
  const paths = (to: (source: string) => string) => Object.fromEntries(Object.entries(ENTRIES).map(([name, source]) => [name, [to(source)]]))
  const declared = paths((source) => join(folder, source.replace(/^src\//, '').replace(/\.ts$/, '.d.ts')))
  if (existsSync(folder)) return declared
  const sources = paths((source) => join(PROGRAM, source))
  try {
    mkdirSync(kept, { recursive: true })
    const work = mkdtempSync(join(kept, 'making-'))
    try {
      await make(work, options, sources)
      // Made for one user only, as all temporary folders are; what is kept is for all of them.
      chmodSync(work, 0o755)
      renameSync(work, folder)
    } finally {
      rmSync(work, { recursive: true, force: true })
    }
    return declared
  } catch {
    // Another process was faster, or nothing may be written here.
    return existsSync(folder) ? declared : sources
  }
}

/** Writes the declarations into a folder, with a package file by which they find each other. */
async function make(folder: string, options: Readonly<Record<string, unknown>>, sources: Readonly<Record<string, readonly string[]>>): Promise<void> {
  const config = join(folder, 'tsconfig.json')
  const emit = { noEmit: false, noCheck: true, declaration: true, emitDeclarationOnly: true, rootDir: join(PROGRAM, 'src'), outDir: folder, paths: {} }
  writeFileSync(config, JSON.stringify({ compilerOptions: { ...options, ...emit }, files: Object.values(sources).flat() }))
  const { code, output } = await runCompiler(['--pretty', 'false', '-p', config], folder)
  if (code !== 0) throw new Error(output)
  const { imports } = JSON.parse(readFileSync(join(PROGRAM, 'package.json'), 'utf8')) as { imports: Readonly<Record<string, string>> }
  // The compiler takes the target of an import map as it is: it would look for the source of a declaration, find none, and take all of the API for `any`.
  const here = Object.fromEntries(Object.entries(imports).map(([name, path]) => [`${name}.ts`, `${path.replace('./src/', './')}.d.ts`]))
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', imports: here }))
}
