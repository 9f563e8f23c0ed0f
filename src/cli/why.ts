/** `netwright why`: where a line of a printed config, a node or an address comes from, down to the YAML value, the standard's line and the ledger. */
import { existsSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { diagnose } from '#base/diagnostic.ts'
import { suggest } from '#base/suggest.ts'
import { nodesOf } from '#design/design.ts'
import { explainAddress, explainLine, explainNode } from '#workspace/explain.ts'
import { OUT, readStoredFiles } from '#workspace/write-out.ts'
import { buildCompany, companyAround, refuse, type Shared } from './session.ts'
import { showExplanation } from './show-explanation.ts'
import { say, sayJson, tone } from './terminal.ts'

/** Runs the verb. `subject` is an address, a prefix, a node's id, or `file:line` of a printed config (as on disk, or below `out/`). With `all` nothing is left out. */
export async function why(subject: string, options: Shared & { readonly company?: string; readonly all?: boolean }): Promise<void> {
  const line = /^(.+?):(\d+)(?::\d+)?$/.exec(subject)
  const onDisk = line ? resolve(line[1]!) : undefined
  const folder = resolve(options.company ?? (onDisk && existsSync(onDisk) ? companyAround(onDisk) : undefined) ?? '.')
  const session = await buildCompany(folder, options)
  if (!session) return
  const { workspace, built } = session

  const path = line && onDisk ? pathInOut(folder, onDisk, line[1]!) : undefined
  const inFile = path === undefined ? undefined : explainLine(workspace, built, path, Number(line![2]))
  const answer = inFile ?? explainAddress(workspace, built, subject) ?? explainNode(workspace, built, subject)
  if (!answer) {
    const known = path === undefined ? [...nodesOf(built.design)].map((node) => node.id) : built.files.keys()
    const near = suggest(path ?? subject, known)
    refuse([diagnose('nothing-there', { subject }, { value: subject, ...(near ? { fix: `did you mean "${near}"?` } : {}) })], options.json)
    return
  }
  const stale = inFile !== undefined && readStoredFiles(folder).get(path!) !== built.files.get(path!)
  if (options.json) {
    sayJson({ ok: true, ...answer, stale })
    return
  }
  if (stale) say(tone('change', '(out/ is older than the sources: this is how it would be printed now)'))
  for (const text of showExplanation(answer, options.all === true)) say(text)
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
