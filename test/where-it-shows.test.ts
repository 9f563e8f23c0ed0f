/**
 * Every row of docs/where-it-shows.md is true of a fresh build of the example: the file is printed, it has the line, and the line is there because of what the last column links to.
 * With UPDATE=1 the links are written anew.
 */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { explainLine, type Step } from '#workspace/explain.ts'
import { openWorkspace } from '#workspace/workspace.ts'
import { buildGood } from './why/starter.ts'

const ROOT = join(import.meta.dirname, '..')
const PAGE = join(ROOT, 'docs/where-it-shows.md')
const COMPANY = 'examples/harborpine'

const ROW = /^\| (.+?) \| `([^`]+)` \| `(.+)` \|(?: (\[.*\)) \|)?$/gm

/** What is linked to, of all that a line comes from: the constant choice, else the policy, else the ask, else what the company or a site says. */
const KINDS = ['rule', 'policy', 'ask', 'company', 'fact']

test('what an architect looks for is where the page says, and because of what it says', async () => {
  const page = readFileSync(PAGE, 'utf8')
  const rows = [...page.matchAll(ROW)]
  assert.ok(rows.length > 40)
  const workspace = openWorkspace(join(ROOT, COMPANY), { date: '2026-11-01', typeCheck: false })
  const built = await buildGood(workspace)
  const wrong: string[] = []
  const linked = page.replace(ROW, (row, what: string, path: string, line: string) => {
    const lines = built.files.get(path)?.split('\n') ?? []
    // Of a long line, a part that says it is enough.
    const index = lines.findIndex((text) => text === line || (line.trim() === line && text.includes(line)))
    if (index < 0) {
      wrong.push(`${what}: ${path} ${lines.length > 0 ? `has no line "${line}"` : 'is not printed'}`)
      return row
    }
    return `| ${what} | \`${path}\` | \`${line}\` | ${linkTo(explainLine(workspace, built, path, index + 1)!.steps)} |`
  })
  assert.deepEqual(wrong, [])
  if (process.env.UPDATE) writeFileSync(PAGE, linked)
  else assert.equal(page, linked)
})

function linkTo(steps: readonly Step[]): string {
  const step = KINDS.flatMap((kind) => steps.filter((one) => one.kind === kind && one.place)).at(0)
  assert.ok(step?.place, JSON.stringify(steps[0]))
  const { file, line } = step.place
  const path = file.startsWith('netwright/') ? file.slice('netwright/'.length) : `${COMPANY}/${file}`
  return `[${path.split('/').slice(-2).join('/')}:${line}](../${path}#L${line})`
}
