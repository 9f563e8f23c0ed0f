/**
 * The walls of the house, tested by breaking them: in a copy of the source, violations are planted in every room, and each of their lines must be refused. A wall that
 * is never seen to refuse may be one that reads nothing.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { ROOMS } from '../tools/rooms.ts'

const root = join(import.meta.dirname, '..')
const pure = ROOMS.filter((room) => room.pure).map((room) => room.name)
const impure = ROOMS.filter((room) => !room.pure).map((room) => room.name)

/** Lines of a file, each a violation of its own. */
type Planted = Readonly<Record<string, readonly string[]>>

let copy = ''

before(() => {
  copy = mkdtempSync(join(tmpdir(), 'netwright-walls-'))
  for (const name of ['src', 'tools', 'biome.json', 'package.json', 'tsconfig.base.json', 'tsconfig.json'])
    cpSync(join(root, name), join(copy, name), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
})

after(() => rmSync(copy, { recursive: true }))

test('the house as it stands compiles', () => {
  assert.equal(typeErrors(), '')
})

test('the compiler refuses an import from a room below, and the platform in a pure room', () => {
  const platform = ["import 'node:fs'", 'process.env', 'performance.now()', 'crypto.randomUUID()', 'setTimeout', 'fetch', 'Buffer']
  const planted: Record<string, string[]> = {}
  for (const [index, room] of ROOMS.entries()) {
    // Two targets, since a project tells once of each file that is not its own.
    for (const { name } of ROOMS.slice(index + 1))
      planted[`src/${room.name}/planted-${name}.ts`] = [`import '#${name}/planted.ts'`, `import '../${name}/planted-too.ts'`]
    if (room.pure) planted[`src/${room.name}/planted-platform.ts`] = platform
  }
  const allowed: Record<string, string[]> = {}
  for (const { name, pure: isPure } of ROOMS) {
    allowed[`src/${name}/planted.ts`] = ['export const here = 1']
    allowed[`src/${name}/planted-too.ts`] = ['export const there = 1']
    if (!isPure) allowed[`src/${name}/planted-platform.ts`] = platform
  }
  withPlanted({ ...planted, ...allowed }, () => expectLines(planted, typeErrors(), /^(src\/\S+)\((\d+),/gm))
})

test('the linter refuses clock, chance, locale and platform in a pure room, cycles, and targets that know each other', () => {
  const lines = [
    'export const a = Date.now()',
    'export const b = new Date()',
    'export const c = [1, 2].map(Math.random)',
    'export const d = performance.now()',
    'export const e = process.env',
    'export const f = crypto.randomUUID()',
    'export const g = globalThis',
    "export const h = 'a'.localeCompare('b')",
    'export const i = (1).toLocaleString()',
    'export const j = new Intl.NumberFormat()',
    "import 'node:fs'",
    "import 'fs'",
  ]
  const planted: Planted = {
    ...Object.fromEntries(pure.map((room) => [`src/${room}/planted.ts`, lines])),
    'src/base/planted-egg.ts': ["export * from './planted-hen.ts'"],
    'src/base/planted-hen.ts': ["export * from '#base/planted-egg.ts'"],
    'src/targets/planted-a/print.ts': ["import '../planted-b/print.ts'", "import '#targets/planted-b/print.ts'"],
    'src/targets/planted-a/part/print.ts': ["import '../../planted-b/print.ts'"],
  }
  const allowed = {
    ...Object.fromEntries(impure.map((room) => [`src/${room}/planted.ts`, lines.filter((line) => !line.includes("'fs'"))])),
    'src/base/planted.test.ts': ["import 'node:fs'"],
    'src/targets/planted-b/print.ts': ["import '../target.ts'", "import '#targets/rule.ts'", "import './own.ts'"],
  }
  withPlanted({ ...planted, ...allowed }, () => expectLines(planted, lintErrors(), /^(src\/\S+?):(\d+):\d+ /gm))
})

test('the linter holds the same rooms for pure as the table of rooms', () => {
  const { overrides } = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8')) as { overrides: { includes: string[]; plugins?: string[] }[] }
  assert.deepEqual(overrides.find(({ plugins }) => plugins)?.includes, [...pure.map((room) => `src/${room}/**`), '!**/*.test.ts'])
})

function withPlanted(files: Planted, run: () => void): void {
  for (const [path, lines] of Object.entries(files)) {
    mkdirSync(dirname(join(copy, path)), { recursive: true })
    writeFileSync(join(copy, path), `${lines.join('\n')}\nexport {}\n`)
  }
  try {
    run()
  } finally {
    for (const path of Object.keys(files)) rmSync(join(copy, path))
  }
}

/** Every planted line is told by file and line number in `output`, and no line of another planted file. */
function expectLines(planted: Planted, output: string, pattern: RegExp): void {
  const told = new Set([...output.matchAll(pattern)].map(([, file, line]) => `${file}:${line}`).filter((place) => place.includes('planted')))
  const expected = Object.entries(planted).flatMap(([path, lines]) => lines.map((_, index) => `${path}:${index + 1}`))
  assert.deepEqual([...told].sort(), expected.sort(), output)
}

function typeErrors(): string {
  return outputOf('node_modules/typescript/bin/tsc', '-b', '--pretty', 'false')
}

function lintErrors(): string {
  return outputOf('node_modules/@biomejs/biome/bin/biome', 'lint', '--colors=off', '--max-diagnostics=none', '--diagnostic-level=error', 'src')
}

function outputOf(script: string, ...args: string[]): string {
  const { stdout, stderr } = spawnSync(process.execPath, [script, ...args], { cwd: copy, encoding: 'utf8', maxBuffer: 1 << 26 })
  return stdout + stderr
}
