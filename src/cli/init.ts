/** `netwright init`: begins a company. */
import { basename, resolve } from 'node:path'
import { writeEditorSupport } from '#workspace/editor-support.ts'
import { initCompany } from '#workspace/init-company.ts'
import { openWorkspace } from '#workspace/workspace.ts'
import { refuse, today } from './session.ts'
import { say, sayJson } from './terminal.ts'

/** Runs the verb. */
export async function init(folder: string, options: { readonly name?: string; readonly json?: boolean }): Promise<void> {
  const at = resolve(folder)
  const made = initCompany(at, options.name ?? basename(at))
  if ('code' in made) {
    refuse([made], options.json)
    return
  }
  // Types and schemas follow from what was written: a first build finds them.
  const built = await openWorkspace(at, { date: today() }).build()
  if (!built.ok) {
    refuse(built.diagnostics, options.json)
    return
  }
  writeEditorSupport(at, built.value.company)
  built.value.rememberTypes()
  if (options.json) sayJson({ ok: true, written: made })
  else {
    for (const path of made) say(`  ${path}`)
    say(`next: netwright build ${folder}`)
  }
}
