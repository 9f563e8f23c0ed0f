/** Every row of docs/where-it-shows.md is true of a fresh build of the example: the file is printed, and has the line. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { openWorkspace } from '#workspace/workspace.ts'

const ROOT = join(import.meta.dirname, '..')

test('what an architect looks for is where the page says', async () => {
  const rows = [...readFileSync(join(ROOT, 'docs/where-it-shows.md'), 'utf8').matchAll(/^\| (.+?) \| `([^`]+)` \| `(.+)` \|$/gm)]
  assert.ok(rows.length > 40)
  const built = await openWorkspace(join(ROOT, 'examples/harborpine'), { date: '2026-11-01', typeCheck: false }).build()
  assert.ok(built.ok, JSON.stringify(built.diagnostics))
  const wrong = rows.flatMap(([, what, path, line]) => {
    const lines = built.value.files.get(path!)?.split('\n')
    // Of a long line, a part that says it is enough.
    return lines?.some((text) => text === line || (line!.trim() === line && text.includes(line!)))
      ? []
      : [`${what}: ${path} ${lines ? `has no line "${line}"` : 'is not printed'}`]
  })
  assert.deepEqual(wrong, [])
})
