/**
 * Type-checks a company's TypeScript with the compiler that comes along, in a process of its own beside the compile. What was found good once is not checked again: the verdict is kept by
 * content.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { type Diagnostic, diagnose } from '#base/diagnostic.ts'
import { PROGRAM } from './company-modules.ts'

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
    paths: { netwright: [join(PROGRAM, 'src/standards/authoring/index.ts')], 'netwright/standards': [join(PROGRAM, 'src/standards/index.ts')] },
  }
}

/** What is wrong with the types of these files (absolute paths). `cache` is a folder for verdicts, made if missing; it may be unwritable. */
export async function typeCheck(folder: string, files: readonly string[], cache: string): Promise<Diagnostic[]> {
  const key = fingerprint(files)
  const known = join(cache, key)
  if (existsSync(known)) return []
  const work = mkdtempSync(join(tmpdir(), 'netwright-types-'))
  try {
    writeFileSync(join(work, 'tsconfig.json'), JSON.stringify({ compilerOptions: compilerOptions(), files }))
    const { code, output } = await run(compiler(), ['--pretty', 'false', '-p', work], folder)
    if (code !== 0) return read(output, folder)
    remember(cache, known)
    return []
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** A hash of the files, of the compiler and of the API that they are checked against. */
function fingerprint(files: readonly string[]): string {
  const hash = createHash('sha256')
  const api = ['src/standards/authoring', 'src/model', 'src/base', 'package.json'].map((path) => join(PROGRAM, path))
  for (const path of api) hash.update(stamp(path))
  for (const file of [...files].sort()) hash.update(`${file}\0`).update(readFileSync(file)).update('\0')
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

function remember(cache: string, file: string): void {
  try {
    mkdirSync(cache, { recursive: true })
    writeFileSync(file, '')
  } catch {
    // A verdict that can't be kept is made again next time.
  }
}

/** The native compiler, called without its JavaScript wrapper: that would cost another start of Node. */
function compiler(): string {
  const require = createRequire(import.meta.url)
  const types = dirname(require.resolve('typescript/package.json'))
  const native = createRequire(join(types, 'package.json')).resolve(`@typescript/typescript-${process.platform}-${process.arch}/package.json`)
  return join(dirname(native), 'lib', process.platform === 'win32' ? 'tsc.exe' : 'tsc')
}

function run(command: string, args: readonly string[], folder: string): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code: code ?? 1, output }))
  })
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
