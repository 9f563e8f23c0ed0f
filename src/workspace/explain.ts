/** Why something is as it is: a line of a printed file or a node, down to the YAML value, the standard's line and the ledger. */
import type { Origin, Place, Why } from '#base/place.ts'
import { type Node, nodesOf } from '#design/design.ts'
import { lineAt, type Places, type Standing } from './places.ts'
import type { Built, Workspace } from './workspace.ts'

/** One step of an answer, with what it came from. */
export interface Step {
  readonly kind: string
  readonly origin: Origin
  readonly place?: Place
  readonly text: string
  /** Further places on the way there: the callers of a helper. */
  readonly via: readonly Place[]
  /** The line of source at the place. */
  readonly source?: string
  readonly from: readonly Step[]
}

/** An answer. */
export interface Explanation {
  /** What was asked about: `bos1/leaf-r01/frr.conf:61` or an id. */
  readonly subject: string
  /** The line, or what the node is. */
  readonly text: string
  readonly steps: readonly Step[]
}

/** Why a line of a printed file is there; `path` is below `out/`. Undefined when there is no such file or line. */
export function explainLine(workspace: Workspace, built: Built, path: string, line: number): Explanation | undefined {
  const device = built.design.sites.flatMap((site) => site.devices).find((candidate) => path.startsWith(`${candidate.id}/`))
  const file = device && workspace.print(device).find((printed) => `${device.id}/${printed.path}` === path)
  const found = file?.lines[line - 1]
  return found && { subject: `${path}:${line}`, text: found.text, steps: stepsOf(found.why, built.places, workspace.folder) }
}

/** Why a node is there. Undefined when the design has none of that id. */
export function explainNode(workspace: Workspace, built: Built, id: string): (Explanation & { readonly node: Node }) | undefined {
  for (const node of nodesOf(built.design)) {
    if (node.id === id) return { subject: id, text: node.kind, node, steps: stepsOf(node.why, built.places, workspace.folder) }
  }
  return undefined
}

/** The steps of a why, each once. */
export function stepsOf(why: Why, places: Places, folder: string): Step[] {
  const seen = new Set<Origin>()
  const step = (origin: Origin): Step[] => {
    if (seen.has(origin)) return []
    seen.add(origin)
    const standing = places(origin)
    return [{ ...stepOf(standing, folder), from: standing.from.flatMap(step) }]
  }
  return why.flatMap(step)
}

function stepOf({ kind, origin, place, places, text }: Standing, folder: string): Omit<Step, 'from'> {
  const source = place && kind !== 'ledger' ? lineAt(place, folder) : undefined
  return { kind, origin, ...(place ? { place } : {}), text, via: places, ...(source === undefined ? {} : { source }) }
}
