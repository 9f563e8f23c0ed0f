/** What claims speak of: between which zones and externals something is forbidden or expected, and which flows are expected to work. What no claim speaks of holds because policies say so today; nobody is told when they say something else. */
import { INFRASTRUCTURE } from '#compile/company.ts'
import { type Endpoint, showEndpoint } from '#model/policy.ts'
import type { Service } from '#model/port.ts'
import { FAMILIES } from './by-family.ts'
import { prefixesOf } from './intent/concern.ts'
import type { Spot } from './intent/flows.ts'
import type { Proof } from './proof.ts'
import { remembered } from './remembered.ts'

/** Two zones, or a zone and an external (`external/internet`). */
export interface Pair {
  readonly from: string
  readonly to: string
  /** Whether some flow goes from the one to the other. */
  readonly isAllowed: boolean
}

/** How far claims go: how many there are of what they may speak of, and what none speaks of. */
export interface Coverage {
  readonly pairs: { readonly all: number; readonly unclaimed: readonly Pair[] }
  /** Flows by name. */
  readonly flows: { readonly all: number; readonly unclaimed: readonly string[] }
}

/** Holds what is claimed against what there is to be claimed. */
export function coverageOf({ company, design, intent }: Proof): Coverage {
  const { expectations, externals = {} } = company.declaration
  const zones = new Set(design.sites.flatMap((site) => site.zones.flatMap(({ name }) => (name === INFRASTRUCTURE ? [] : [name]))))
  const outside = Object.keys(externals)
    .sort()
    .map((external): Endpoint => ({ kind: 'external', external }))
  /** Who of all is on a side. */
  const whoIsIn = remembered((spots: readonly Spot[]): ReadonlySet<string> => {
    const strangers = spots.filter(({ site }) => site === undefined)
    const externals = outside.filter((external) => isMet(intent.side(external), strangers))
    return new Set([...spots.flatMap(({ zone }) => zone ?? []), ...externals.map(showEndpoint)])
  })
  const claims = expectations.map(({ claim }) => ({
    isExpected: claim.kind === 'reach',
    from: intent.side(claim.from),
    to: intent.target(claim.to),
    services: claim.to.kind === 'service' ? intent.listens(claim.to.service) : [],
  }))
  const between = (some: readonly { readonly from: readonly Spot[]; readonly to: readonly Spot[] }[]) =>
    new Set(some.flatMap(({ from, to }) => [...whoIsIn(from)].flatMap((one) => [...whoIsIn(to)].map((other) => `${one} → ${other}`))))
  const [claimed, allowed] = [between(claims), between(intent.flows)]

  const who = [...[...zones].sort(), ...outside.map(showEndpoint)]
  const pairs = who.flatMap((from) => who.flatMap((to) => (from === to || !(zones.has(from) || zones.has(to)) ? [] : [{ from, to, name: `${from} → ${to}` }])))
  const unexpected = intent.flows.filter(
    (flow) =>
      !claims.some(({ isExpected, from, to, services }) => isExpected && isMet(flow.from, from) && isMet(flow.to, to) && areMet(flow.services, services)),
  )
  return {
    pairs: {
      all: pairs.length,
      unclaimed: pairs.filter(({ name }) => !claimed.has(name)).map(({ from, to, name }) => ({ from, to, isAllowed: allowed.has(name) })),
    },
    flows: { all: intent.flows.length, unclaimed: unexpected.map(({ id }) => id) },
  }
}

/** Whether two sides have an address in common. */
function isMet(one: readonly Spot[], other: readonly Spot[]): boolean {
  return FAMILIES.some((family) => {
    const others = prefixesOf(other, family)
    return prefixesOf(one, family).some(([a, b]) => others.some(([first, last]) => a <= last && first <= b))
  })
}

/** Whether some port is in both; none said means every one. */
function areMet(one: readonly Service[], other: readonly Service[]): boolean {
  if (one.length === 0 || other.length === 0) return true
  return one.some((a) => other.some((b) => a.protocol === b.protocol && (!a.ports || !b.ports || (a.ports[0] <= b.ports[1] && b.ports[0] <= a.ports[1]))))
}
