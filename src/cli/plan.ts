/** `netwright plan`: what a build would change, against what the last build stored. */
import { planChange } from '#planner/diff-designs.ts'
import { showPlan } from '#planner/show-plan.ts'
import { readStoredDesign, readStoredFiles } from '#workspace/write-out.ts'
import { buildCompany, type Shared } from './session.ts'
import { say, sayJson, tone } from './terminal.ts'

/** Runs the verb. Writes nothing. */
export async function plan(folder: string, options: Shared & { readonly verbose?: boolean }): Promise<void> {
  const session = await buildCompany(folder, options)
  if (!session) return
  const { workspace, built } = session
  const change = planChange(readStoredDesign(workspace.folder), built.design, { before: readStoredFiles(workspace.folder), after: built.files })
  if (options.json) sayJson({ ok: true, plan: change })
  else for (const line of showPlan(change, { verbose: options.verbose ?? false })) say(tone(line.tone, line.text))
}
