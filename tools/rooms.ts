/**
 * The rooms of the house, top to bottom: an import may only go to a room above its own line. `pure` rooms have no access to the platform (no node:*, no clock, no
 * environment). This table makes the TypeScript projects (`tsc -b` is the wall: an upward import does not compile) and is what the wall's own test plants violations against.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A room: its folder under `src/`, and whether it is pure. */
export interface Room {
  readonly name: string
  readonly pure: boolean
}

export const ROOMS: readonly Room[] = [
  { name: 'base', pure: true },
  { name: 'model', pure: true },
  { name: 'catalog', pure: true },
  { name: 'design', pure: true },
  { name: 'ledger', pure: true },
  { name: 'standards', pure: true },
  { name: 'compile', pure: true },
  { name: 'targets', pure: true },
  { name: 'proofs', pure: true },
  { name: 'planner', pure: true },
  { name: 'workspace', pure: false },
  { name: 'twin', pure: false },
  { name: 'cli', pure: false },
]

const root = join(import.meta.dirname, '..')

/** The generated project files, by path. */
export function projects(): Map<string, string> {
  const files = new Map<string, string>()
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`
  for (const [index, room] of ROOMS.entries()) {
    files.set(
      `src/${room.name}/tsconfig.json`,
      json({
        extends: '../../tsconfig.base.json',
        compilerOptions: {
          outDir: `../../.types/${room.name}`,
          rootDir: '.',
          types: room.pure ? [] : ['node'],
          tsBuildInfoFile: `../../.types/${room.name}.tsbuildinfo`,
        },
        include: ['**/*.ts'],
        exclude: ['**/*.test.ts'],
        references: ROOMS.slice(0, index).map((above) => ({ path: `../${above.name}` })),
      }),
    )
  }
  return files
}

if (import.meta.main) {
  for (const [path, text] of projects()) {
    mkdirSync(join(root, path, '..'), { recursive: true })
    if (process.argv.includes('--check')) {
      if (readFileSync(join(root, path), 'utf8') !== text) {
        console.error(`${path} is not what tools/rooms.ts makes: run node tools/rooms.ts`)
        process.exitCode = 1
      }
    } else writeFileSync(join(root, path), text)
  }
}
