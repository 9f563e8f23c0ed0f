/** `netwright why`: where a line of a printed config or a node comes from, down to the YAML value, the standard's line and the ledger. */
import { existsSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { diagnose } from '#base/diagnostic.ts'
import { showPlace } from '#base/place.ts'
import { suggest } from '#base/suggest.ts'
import { nodesOf } from '#design/design.ts'
import { type Explanation, explainLine, explainNode, type Step } from '#workspace/explain.ts'
import { OUT, readStoredFiles } from '#workspace/write-out.ts'
import { buildCompany, companyAround, refuse, type Shared } from './session.ts'
import { say, sayJson, tone } from './terminal.ts'

/** Runs the verb. `subject` is a node's id, or `file:line` of a printed config (as on disk, or below `out/`). */
export async function why(subject: string, options: Shared & { readonly company?: string }): Promise<void> {
  const line = /^(.+?):(\d+)(?::\d+)?$/.exec(subject)
  const onDisk = line ? resolve(line[1]!) : undefined
  const folder = resolve(options.company ?? (onDisk && existsSync(onDisk) ? companyAround(onDisk) : undefined) ?? '.')
  const session = await buildCompany(folder, options)
  if (!session) return
  const { workspace, built } = session

  let answer: Explanation | undefined
  let stale = false
  if (line) {
    const path = pathInOut(folder, onDisk!, line[1]!)
    answer = explainLine(workspace, built, path, Number(line[2]))
    stale = answer !== undefined && readStoredFiles(folder).get(path) !== built.files.get(path)
    if (!answer) {
      const near = suggest(path, built.files.keys())
      refuse([diagnose('nothing-there', { subject }, { value: subject, ...(near ? { fix: `did you mean ${near}?` } : {}) })], options.json)
      return
    }
  } else {
    answer = explainNode(workspace, built, subject)
    if (!answer) {
      const near = suggest(
        subject,
        [...nodesOf(built.design)].map((node) => node.id),
      )
      refuse([diagnose('nothing-there', { subject }, { value: subject, ...(near ? { fix: `did you mean "${near}"?` } : {}) })], options.json)
      return
    }
  }
  if (options.json) {
    sayJson({ ok: true, ...answer, stale })
    return
  }
  say(`${tone('strong', answer.subject)}${stale ? tone('change', '  (out/ is older than the sources: this is how it would be printed now)') : ''}`)
  say(`  ${answer.text.trim() || '(blank)'}`)
  for (const step of answer.steps) sayStep(step, 0)
}

const NAMES: Readonly<Record<string, string>> = { ask: 'asked by', fact: 'fact', ledger: 'ledger', rule: 'rule', policy: 'policy' }

function sayStep(step: Step, depth: number): void {
  const indent = '  '.repeat(depth)
  const place = step.place ? `${showPlace(step.place)}  ` : ''
  say(`${indent}${tone('quiet', (NAMES[step.kind] ?? step.kind).padEnd(9))} ${place}${step.text}`)
  if (step.source && step.kind !== 'fact' && step.kind !== 'rule') say(`${indent}          ${tone('quiet', step.source)}`)
  for (const via of step.via) say(`${indent}${tone('quiet', 'via'.padEnd(9))} ${showPlace(via)}`)
  for (const from of step.from) sayStep(from, depth + 1)
}

/** The path below `out/` of what was given: a path on disk, or already one below `out/`. */
function pathInOut(folder: string, onDisk: string, given: string): string {
  const below = relative(join(folder, OUT), onDisk)
  const path = below.startsWith('..') ? given : below
  return path
    .split(sep)
    .join('/')
    .replace(/^out\//, '')
}
