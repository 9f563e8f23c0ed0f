/** `netwright plan`: what a build would change, against what the last build stored; or what an upgrade of sites to a later version of their standard would change, against how they are built now. */
import { diagnose } from '#base/diagnostic.ts'
import { count } from '#base/units.ts'
import { planChange } from '#planner/diff-designs.ts'
import { planReach } from '#planner/diff-reach.ts'
import { givenUp } from '#planner/given-up.ts'
import { isEmptyPlan, type Plan } from '#planner/plan.ts'
import { showPlan } from '#planner/show-plan.ts'
import type { Verdict } from '#proofs/proof.ts'
import { changeOf, verdictsOf } from '#workspace/prove.ts'
import type { Upgrade } from '#workspace/read-company.ts'
import type { Built } from '#workspace/workspace.ts'
import { readStoredDesign, readStoredFiles } from '#workspace/write-out.ts'
import { buildCompany, refuse, type Shared } from './session.ts'
import { showHolding, showVerdicts } from './show-verdicts.ts'
import { say, sayDiagnostics, sayJson, tone } from './terminal.ts'

/** Runs the verb. Writes nothing. */
export async function plan(folder: string, options: Shared & { readonly verbose?: boolean; readonly upgrade?: Upgrade }): Promise<void> {
  const { upgrade } = options
  const planned = upgrade ? await upgradePlan(folder, options, upgrade) : await buildPlan(folder, options)
  if (!planned) return
  const { change, verdicts, places } = planned
  if (options.json) {
    const broken = verdicts?.filter(({ holds }) => !holds)
    sayJson({ ok: true, plan: change, ...(verdicts ? { proofs: { of: verdicts.length, broken } } : {}) })
    return
  }
  for (const line of showPlan(change, { verbose: options.verbose ?? false })) say(tone(line.tone, line.text))
  if (verdicts) for (const line of ['', ...showVerdicts(verdicts, places, 'broken'), showHolding(verdicts)]) say(line)
}

/** A plan, and what is proved of the company once it is carried out; absent where there is nothing to compare it with. */
interface Planned {
  readonly change: Plan
  readonly verdicts?: readonly Verdict[]
  readonly places: Built['places']
}

async function buildPlan(folder: string, options: Shared): Promise<Planned | undefined> {
  const session = await buildCompany(folder, options)
  if (!session) return undefined
  const { workspace, built } = session
  const design = readStoredDesign(workspace.folder)
  const files = readStoredFiles(workspace.folder)
  return withReach(planChange(design, built.design, { before: files, after: built.files }), built.company, design && { design, files }, built, options)
}

/** With who reaches whom otherwise, and what is proved. Where a file of the last build cannot be read any more, that is told, and the rest of the plan stands. */
function withReach(change: Plan, company: Built['company'], before: Pick<Built, 'design' | 'files'> | undefined, after: Built, options: Shared): Planned {
  const { places } = after
  if (!before || isEmptyPlan(change)) return { change, places }
  const found = changeOf(company, before, after)
  if (found.ok)
    return { change: { ...change, reach: planReach(before.design, after.design, found.value.change) }, verdicts: verdictsOf(found.value.proof), places }
  if (!options.json) sayDiagnostics(found.diagnostics.map((diagnostic) => ({ ...diagnostic, severity: 'warning' as const })))
  return { change, places }
}

/** An upgrade that takes addresses from hosts is refused: nobody upgrades a standard to renumber. */
async function upgradePlan(folder: string, options: Shared, upgrade: Upgrade): Promise<Planned | undefined> {
  const before = await buildCompany(folder, options)
  const after = before && (await buildCompany(folder, options, upgrade))
  if (!after) return undefined
  const change = planChange(before.built.design, after.built.design, { before: before.built.files, after: after.built.files })
  const lost = givenUp(change)
  if (lost.length === 0) return withReach(change, after.built.company, before.built, after.built, options)
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
