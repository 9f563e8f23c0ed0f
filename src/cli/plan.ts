/** `netwright plan`: what a build would change, against what the last build stored; or what an upgrade of sites to a later version of their standard would change, against how they are built now. */
import { diagnose } from '#base/diagnostic.ts'
import { count } from '#base/units.ts'
import { planChange } from '#planner/diff-designs.ts'
import { givenUp } from '#planner/given-up.ts'
import type { Plan } from '#planner/plan.ts'
import { showPlan } from '#planner/show-plan.ts'
import type { Upgrade } from '#workspace/read-company.ts'
import { readStoredDesign, readStoredFiles } from '#workspace/write-out.ts'
import { buildCompany, refuse, type Shared } from './session.ts'
import { say, sayJson, tone } from './terminal.ts'

/** Runs the verb. Writes nothing. */
export async function plan(folder: string, options: Shared & { readonly verbose?: boolean; readonly upgrade?: Upgrade }): Promise<void> {
  const { upgrade } = options
  const change = upgrade ? await upgradePlan(folder, options, upgrade) : await buildPlan(folder, options)
  if (!change) return
  if (options.json) sayJson({ ok: true, plan: change })
  else for (const line of showPlan(change, { verbose: options.verbose ?? false })) say(tone(line.tone, line.text))
}

async function buildPlan(folder: string, options: Shared): Promise<Plan | undefined> {
  const session = await buildCompany(folder, options)
  if (!session) return undefined
  const { workspace, built } = session
  return planChange(readStoredDesign(workspace.folder), built.design, { before: readStoredFiles(workspace.folder), after: built.files })
}

/** An upgrade that takes addresses from hosts is refused: nobody upgrades a standard to renumber. */
async function upgradePlan(folder: string, options: Shared, upgrade: Upgrade): Promise<Plan | undefined> {
  const before = await buildCompany(folder, options)
  const after = before && (await buildCompany(folder, options, upgrade))
  if (!after) return undefined
  const change = planChange(before.built.design, after.built.design, { before: before.built.files, after: after.built.files })
  const lost = givenUp(change)
  if (lost.length === 0) return change
  const standard = `${upgrade.name}@${upgrade.version}`
  const sites = new Set(lost.map(({ site }) => site))
  const words = { standard, what: count(lost.length, 'segment'), where: count(sites.size, 'site') }
  refuse(
    [
      diagnose('upgrade-renumbers', words, {
        value: standard,
        notes: lost
          .slice(0, MOST)
          .map(({ site, segment, instead }) => ({ message: `${site} gives up ${segment}${instead ? `; ${instead} is new in its zone` : ''}` })),
      }),
    ],
    options.json,
  )
  return undefined
}

/** Segments that are named of those which would be given up. */
const MOST = 5
