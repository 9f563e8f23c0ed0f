/** `npm run format`: formats every file, sorts imports, and mends what can safely be mended. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const { status } = spawnSync(process.execPath, ['node_modules/@biomejs/biome/bin/biome', 'check', '--write'], { cwd: root, stdio: 'inherit' })
process.exitCode = status ?? 1
