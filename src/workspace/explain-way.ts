/** A way with where all of it comes from: each rule and route down to the line of the standard and the fact, and what is in the way with who answers for it. */
import type { Place } from '#base/place.ts'
import type { Device } from '#design/device.ts'
import type { Gate, Way } from '#proofs/between.ts'
import type { RuleRef } from '#proofs/engine/filter/interpret.ts'
import type { ElementRef } from '#proofs/engine/filter/needed.ts'
import type { Said } from '#proofs/engine/routing/whence.ts'
import type { Obstacle } from '#proofs/obstacle.ts'
import { remembered } from '#proofs/remembered.ts'
import type { Taken } from '#proofs/routes-taken.ts'
import { type Explanation, explainLine, type Step, stepsOf } from './explain.ts'
import { lineOfElement, lineOfRule, lineOfSaid, type PrintedLine } from './printed-line.ts'
import type { Built, Workspace } from './workspace.ts'

/** Something with the line of a printed file where it stands, and why that is there. */
export interface Standing {
  readonly line?: PrintedLine
  readonly explanation?: Explanation
}

/** Who answers for a device that is in the way, and what asks for it. */
export interface Liable {
  /** The team, as the facts of the site name it, and where it is to be reached. */
  readonly owner?: string
  readonly contact?: string
  /** What asks for the device: the line of the standard, with its version, and the facts that it was made of. */
  readonly asked: readonly Step[]
}

/** A rule, and the elements of sets that it needs. */
export interface ExplainedRule extends RuleRef, Standing {
  readonly elements: readonly (ElementRef & Standing)[]
}

/** A gate; a closed one with who answers for it. */
export interface ExplainedGate extends Omit<Gate, 'rules'> {
  readonly rules: readonly ExplainedRule[]
  readonly liable?: Liable
}

/** A route, with each of its lines. */
export interface ExplainedRoute extends Omit<Taken, 'said'> {
  readonly said: readonly (Said & Standing)[]
}

/** The whole. */
export interface ExplainedWay extends Omit<Way, 'gates' | 'routes' | 'losses'> {
  readonly gates: readonly ExplainedGate[]
  readonly routes: readonly ExplainedRoute[]
  readonly losses: readonly (Obstacle & { readonly liable: Liable })[]
}

/** Looks all of it up. */
export function explainWays(workspace: Workspace, built: Built, ways: readonly Way[]): readonly ExplainedWay[] {
  const { files } = built
  // Most lines are of few devices.
  const printed = { ...workspace, print: remembered(workspace.print) }
  const standing = (line: PrintedLine | undefined): Standing => {
    const explanation = line && explainLine(printed, built, line.path, line.number)
    return { ...(line ? { line } : {}), ...(explanation ? { explanation: { ...explanation, steps: explanation.steps.map(brief) } } : {}) }
  }
  const explainRule = (device: string, rule: Gate['rules'][number]): ExplainedRule => ({
    ...rule,
    ...standing(lineOfRule(files, device, rule)),
    elements: rule.elements.map((element) => ({ ...element, ...standing(lineOfElement(files, device, element)) })),
  })
  return ways.map((way) => ({
    ...way,
    gates: way.gates.map((gate) => ({
      ...gate,
      rules: gate.rules.map((rule) => explainRule(gate.device, rule)),
      ...(gate.passes ? {} : { liable: liableFor(workspace, built, gate.device) }),
    })),
    routes: way.routes.map((route) => ({ ...route, said: route.said.map((said) => ({ ...said, ...standing(lineOfSaid(files, said)) })) })),
    losses: way.losses.map((loss) => ({ ...loss, liable: liableFor(workspace, built, loss.device) })),
  }))
}

/** Who answers for a device: the owner of its site, by the standard that the site is pinned to. */
function liableFor({ folder }: Workspace, { design, company, places }: Built, id: string): Liable {
  const site = id.slice(0, id.indexOf('/'))
  const owner = company.sites.find(({ name }) => name === site)?.facts.owner
  const contact = owner === undefined ? undefined : company.declaration.teams?.[owner]?.contact
  const device: Device | undefined = design.sites.flatMap(({ devices }) => devices).find((one) => one.id === id)
  return {
    ...(owner === undefined ? {} : { owner }),
    ...(contact === undefined ? {} : { contact }),
    asked: stepsOf(device?.why.filter((origin) => origin.startsWith('ask ')).slice(0, 1) ?? [], places, folder).map(brief),
  }
}

/** A step without what was read before it, of which there is much: `why` of the line itself tells that. */
function brief(step: Step): Step {
  return { ...step, from: step.from.map(brief), before: [] }
}

/** The source behind a line in one: the ask, policy or rule that it comes from, and the facts of that. */
export function sourcesOf(steps: readonly Step[]): readonly (Step & { readonly place: Place })[] {
  const [first] = steps
  return [...(first ? [first, ...first.from] : [])].filter((step): step is Step & { readonly place: Place } => step.place !== undefined)
}
