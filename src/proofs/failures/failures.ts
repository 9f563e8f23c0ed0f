/** What can fail by itself: each device, cable and circuit; and what fails together, a site, a feed, circuits that share a risk. */
import type { Company } from '#compile/company.ts'
import type { Design, SiteDesign } from '#design/design.ts'
import { FAILURE_KINDS, type FailureKind } from '#model/policy.ts'
import type { Cable } from '../engine/network/links.ts'
import type { Gone } from '../engine/network/loss.ts'
import type { Proof } from '../proof.ts'

/** Something that fails. */
export interface Failure {
  readonly kind: FailureKind
  /** `ber-office/edge-a`, `ber-office/access-2~fw-a`, `ber-office/dtag-dia`, `bos1`, `bos1 feed a`, `atlantic-north`. */
  readonly id: string
  readonly gone: Gone
}

/** All single failures, kind by kind. */
export function failuresOf({ company, design, cables }: Pick<Proof, 'company' | 'design' | 'cables'>): readonly Failure[] {
  const { sites } = design
  const circuits = circuitsOf(design, cables)
  const found: Readonly<Record<FailureKind, () => readonly (readonly [id: string, gone: Partial<Gone>])[]>> = {
    circuit: () => [...circuits],
    device: () => sites.flatMap(({ devices }) => devices.map(({ id }) => [id, { devices: new Set([id]) }] as const)),
    link: () =>
      sites.flatMap(({ links }) =>
        links.flatMap(({ id, circuit }) => {
          const cable = circuit === undefined ? cables.get(id) : undefined
          return cable ? [[id, { cables: new Set([cable]) }] as const] : []
        }),
      ),
    site: () => sites.map(({ id, devices }) => [id, { devices: new Set(devices.map((device) => device.id)) }] as const),
    feed: () => sites.flatMap((site) => (['a', 'b'] as const).map((feed) => [`${site.id} feed ${feed}`, { devices: new Set(hangingOn(site, feed)) }] as const)),
    'shared-risk group': () =>
      [...risksOf(company)].map(([name, ids]) => {
        const all = ids.flatMap((id) => circuits.get(id) ?? [])
        return [name, { cables: new Set(all.flatMap((one) => [...one.cables])), handovers: new Set(all.flatMap((one) => [...one.handovers])) }] as const
      }),
  }
  return FAILURE_KINDS.flatMap((kind) => found[kind]().map(([id, gone]) => ({ kind, id, gone: { ...NOTHING, ...gone } })))
}

const NOTHING: Gone = { devices: new Set(), cables: new Set(), handovers: new Set() }

/** What goes with each circuit, by `site/circuit`. */
function circuitsOf({ sites }: Design, cables: ReadonlyMap<string, Cable>): ReadonlyMap<string, Gone> {
  const found = new Map<string, Gone>()
  for (const { links } of sites)
    for (const { id, a, b, circuit } of links) {
      if (circuit === undefined) continue
      const cable = cables.get(id)
      const gone = cable ? { ...NOTHING, cables: new Set([cable]) } : b ? undefined : { ...NOTHING, handovers: new Set([`${a.device} ${a.port}`]) }
      // A tunnel is no circuit: it goes with the one that it runs over.
      if (gone) found.set(circuit, gone)
    }
  return found
}

/** The devices of which every power supply is on a feed. */
function hangingOn({ devices }: SiteDesign, feed: 'a' | 'b'): readonly string[] {
  return devices.flatMap(({ id, supplies }) => (supplies && supplies.length > 0 && supplies.every((supply) => supply.feed === feed) ? [id] : []))
}

/** Circuits by what they share. */
function risksOf({ sites }: Company): ReadonlyMap<string, readonly string[]> {
  const circuits = sites.flatMap(({ name, facts }) => (facts.circuits ?? []).map(({ id, sharedRisk }) => ({ id: `${name}/${id}`, sharedRisk })))
  const groups = Map.groupBy(
    circuits.filter(({ sharedRisk }) => sharedRisk !== undefined),
    ({ sharedRisk }) => sharedRisk!,
  )
  return new Map([...groups].map(([name, all]) => [name, all.map(({ id }) => id)]))
}
