/**
 * The pass secure: the rules of each filter of a site. A flow concerns a filter when it enters or leaves a zone of the site: the filter at the source lets it out, the
 * filter at the destination lets it in. What no flow allows is dropped, in both families.
 */
import { addressPart } from '#base/ip.ts'
import { byName } from '#base/order.ts'
import type { Origin, Why } from '#base/place.ts'
import type { AddressSet, Filter, FilterRule, LocalRule, ZonePair } from '#design/device.ts'
import type { Site } from '../company.ts'
import { type Connected, OUTSIDE } from '../connect/connected.ts'
import type { Wanted } from '../join.ts'
import { type Flow, type Side, type Spot, unite } from './flows.ts'

/** BGP (RFC 4271 §8). */
const BGP_PORT = 179

/** The filters of a site, by device. */
export function secureSite(
  site: Site,
  { wanted, connected }: { readonly wanted: Wanted; readonly connected: ReadonlyMap<string, Connected> },
  flows: readonly Flow[],
): ReadonlyMap<string, Filter> {
  const filters = new Map<string, Filter>()
  for (const ask of wanted.asks.filters) {
    // Filters of one ask see the same zones, so their rules are made once.
    const zones = [...new Set(ask.devices.flatMap((device) => [...(connected.get(device)?.zoneOf.values() ?? [])]))].sort(byName)
    const rules = rulesAt(site.name, new Set(zones), flows)
    for (const device of ask.devices) {
      const at = connected.get(device)
      if (!at) continue
      const here = new Set(at.zoneOf.values())
      const pairs = rules.pairs.filter(({ from, to }) => here.has(from) && here.has(to))
      for (const zone of here) {
        // Segments of one zone trust each other: where this is the gateway of several, they meet here.
        const segments = [...at.zoneOf.values()].filter((name) => name === zone).length
        if (zone !== OUTSIDE && at.gatewayOf.length > 0 && segments > 1)
          pairs.push({ from: zone, to: zone, rules: [{ id: `within ${zone}`, from: 'any', to: 'any', services: [], why: ask.why }] })
      }
      filters.set(device, {
        zones: [...here].sort(byName).map((name) => ({ name, interfaces: interfacesIn(at, name), why: ask.why })),
        sets: rules.sets,
        pairs: pairs.sort((a, b) => byName(a.from, b.from) || byName(a.to, b.to)),
        local: localRules(at),
        why: ask.why,
      })
    }
  }
  return filters
}

function interfacesIn(at: Connected, zone: string): string[] {
  return [...at.zoneOf]
    .filter(([, of]) => of === zone)
    .map(([name]) => name)
    .sort(byName)
}

/** The rules between the zones that meet at a filter of `site`, and the sets that they name. */
function rulesAt(
  site: string,
  zones: ReadonlySet<string>,
  flows: readonly Flow[],
): { readonly pairs: readonly ZonePair[]; readonly sets: readonly AddressSet[] } {
  const sets = new Map<string, AddressSet & { readonly why: Origin[] }>()
  const pairs = new Map<string, { from: string; to: string; rules: FilterRule[] }>()

  /** The set of one side of a flow, which is there because of each flow that names it. */
  const setOf = (side: Side, at: 'here' | 'elsewhere', zone: string, spots: readonly Spot[], flow: Flow): string => {
    const name = at === 'elsewhere' ? `elsewhere/${side.name}` : side.name === zone ? zone : `${zone}/${side.name}`
    const known = sets.get(name)
    if (!known) sets.set(name, { name, prefixes: unite(spots.flatMap((spot) => spot.prefixes)), why: [...side.why, ...flow.why] })
    else for (const origin of flow.why) if (!known.why.includes(origin)) known.why.push(origin)
    return name
  }
  const allow = (flow: Flow, from: { zone: string; set: string }, to: { zone: string; set: string }) => {
    if (from.zone === to.zone) return
    const key = `${from.zone} ${to.zone}`
    const pair = pairs.get(key) ?? { from: from.zone, to: to.zone, rules: [] }
    pair.rules.push({ id: flow.id, from: from.set, to: to.set, services: flow.services, owner: flow.owner, why: flow.why })
    pairs.set(key, pair)
  }

  for (const flow of flows) {
    const sources = partsOf(flow.from, site, zones)
    const targets = partsOf(flow.to, site, zones)
    for (const from of sources) {
      for (const to of targets) {
        if (from.zone === OUTSIDE && to.zone === OUTSIDE) continue
        allow(
          flow,
          { zone: from.zone, set: setOf(flow.from, from.zone === OUTSIDE ? 'elsewhere' : 'here', from.zone, from.spots, flow) },
          { zone: to.zone, set: setOf(flow.to, to.zone === OUTSIDE ? 'elsewhere' : 'here', to.zone, to.spots, flow) },
        )
      }
    }
  }
  return { pairs: [...pairs.values()], sets: [...sets.values()].sort((a, b) => byName(a.name, b.name)) }
}

/** The parts of a side as a filter of `site` sees them: one for each local zone, and one for all that is outside. */
function partsOf(side: Side, site: string, zones: ReadonlySet<string>): { readonly zone: string; readonly spots: readonly Spot[] }[] {
  const byZone = new Map<string, Spot[]>()
  for (const spot of side.spots) {
    const zone = spot.site === site && spot.zone !== undefined ? spot.zone : OUTSIDE
    if (spot.site === site && !zones.has(zone)) continue
    const list = byZone.get(zone)
    if (list) list.push(spot)
    else byZone.set(zone, [spot])
  }
  return [...byZone].map(([zone, spots]) => ({ zone, spots }))
}

/** BGP from each neighbour, on the interface where it is. */
function localRules(at: Connected): LocalRule[] {
  const rule = (name: string, address: string, why: Why): LocalRule => ({
    interface: name,
    from: addressPart(address),
    service: { protocol: 'tcp', ports: [BGP_PORT, BGP_PORT] },
    why,
  })
  return at.sessions.flatMap((session) =>
    [session.remote.v4, session.remote.v6].flatMap((address) => (address === undefined ? [] : [rule(session.interface, address, session.why)])),
  )
}
