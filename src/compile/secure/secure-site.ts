/**
 * The pass secure: the filter of each device of a site. A flow concerns a filter when it enters or leaves a zone of the site: the filter at the source lets it out, the filter at
 * the destination lets it in. What no flow allows is dropped, in both families. Devices that only pass packets on protect themselves.
 */
import { addressPart, contains, ipOf, prefixAround } from '#base/ip.ts'
import { byName, sortedBy } from '#base/order.ts'
import { anyOf, type Origin, type Why } from '#base/place.ts'
import type { AddressSet, Filter, FilterRule, FilterZone, MarkRule, NatRule, ZonePair } from '#design/filter.ts'
import type { Addressed } from '../address/address-site.ts'
import type { Located } from '../address/plan-company.ts'
import { factOrigin, INFRASTRUCTURE, type Site } from '../company.ts'
import { type Connected, INTERNET, OUTSIDE, PEER } from '../connect/connected.ts'
import type { Wanted } from '../join.ts'
import type { Placed } from '../place/place-site.ts'
import { type Flow, NOBODYS, type Side, type SidePrefix, type Spot, sidePrefix, unite } from './flows.ts'
import { localRules, type Operators } from './local-rules.ts'
import { classesOf } from './marks.ts'

/** The zones that are not of the site. */
const BEYOND: readonly string[] = [OUTSIDE, INTERNET, PEER]

/** The set of all that is the company's. */
const COMPANY_SET = `${INTERNET}/company`

/** The set of what the internet may not claim to be. */
const REFUSED_SET = `${INTERNET}/refused`

/** The set of what somebody on the internet may have to do with: all that is the company's, and the public addresses of the site. */
const OURS_SET = `${INTERNET}/ours`

/** The set of what our other sites have of public addresses. */
const ELSEWHERE_SET = `${INTERNET}/elsewhere`

/** The slices that a filter is made of. */
export interface Parts {
  readonly site: Site
  readonly wanted: Wanted
  readonly placed: Placed
  readonly addressed: Addressed
  readonly connected: ReadonlyMap<string, Connected>
}

/** The company's space, both families. */
export interface Space {
  readonly v4: readonly Located[]
  readonly v6: readonly Located[]
}

/** The filters of a site, by device. */
export function secureSite(
  parts: Parts,
  flows: readonly Flow[],
  company: Space,
  operators: Operators,
  publics: readonly Public[],
): ReadonlyMap<string, Filter> {
  const { site, wanted, placed, connected } = parts
  const filters = new Map<string, Filter>()
  for (const ask of wanted.asks.filters) {
    // Filters of one ask see the same zones, so their rules are made once.
    const zones = new Set(ask.devices.flatMap((device) => [...(connected.get(device)?.zoneOf.values() ?? [])]))
    const rules = rulesAt(site.name, zones, flows)
    for (const device of ask.devices) {
      const at = connected.get(device)
      if (at) filters.set(device, filterOf(parts, device, at, rules, company, operators, ask.why))
    }
  }
  for (const [device, { platform, why, ask }] of placed.devices) {
    const at = connected.get(device)
    if (!at || filters.has(device) || ask.zone !== undefined || at.sessions.length === 0 || !platform.includes('nftables')) continue
    const nat = natRules(at)
    // Who comes from the internet with an address of ours would be taken for one of us, since that is all that filters further in go by.
    const strangers = internetZone(at, why)
    const elsewhere = elsewhereOf(site, publics)
    const answers = elsewhere.length > 0 ? { answers: ELSEWHERE_SET } : {}
    filters.set(device, {
      transit: 'open',
      zones: nat.length > 0 ? [{ ...strangers, ...answers, destinations: OURS_SET }] : [],
      sets:
        nat.length > 0
          ? [
              companySet(company),
              ...(elsewhere.length > 0 ? [{ name: ELSEWHERE_SET, prefixes: unite(elsewhere), why: strangers.why }] : []),
              oursSet(company, site),
              refusedSet(company, site, strangers.why),
            ]
          : [],
      pairs: [],
      local: localRules(parts, device, at, operators),
      ...(nat.length > 0 ? { nat } : {}),
      why,
    })
  }
  return filters
}

/** Rules between zones, and the sets that they name. */
interface Rules {
  readonly pairs: readonly ZonePair[]
  readonly sets: readonly AddressSet[]
}

/** The filter that was asked for, which is why (`why`) packets are filtered between zones. That the device protects itself goes with the device. */
function filterOf(parts: Parts, device: string, at: Connected, rules: Rules, company: Space, operators: Operators, why: Why): Filter {
  const { wanted, placed, addressed } = parts
  const ground = placed.devices.get(device)!.why
  const here = [...new Set(at.zoneOf.values())].sort(byName)
  const sets = new Map(rules.sets.map((set) => [set.name, set]))
  const set = (name: string, located: readonly Located[]) => {
    if (!sets.has(name)) sets.set(name, { name, prefixes: unite(located.map(({ prefix, why }) => sidePrefix(prefix, why))), why })
    return name
  }
  const zones = here.map((name): FilterZone => {
    const zone = { name, interfaces: interfacesIn(at, name), why }
    const own = addressed.zones.get(name)
    if (own) {
      // Where routers of the zone speak to this one, they do so with addresses of links.
      const routed = at.sessions.some((session) => at.zoneOf.get(session.interface) === name)
      const links = routed ? addressed.zones.get(INFRASTRUCTURE) : undefined
      return { ...zone, sources: links ? set(`${name}/sources`, [...own.v4, ...own.v6, ...links.v4, ...links.v6]) : set(name, [...own.v4, ...own.v6]) }
    }
    if (name === OUTSIDE) {
      // Those of the zones behind this filter. Links are not among them: the site's own routers out there speak with addresses of links.
      const behind = here.flatMap((other) => addressed.zones.get(other) ?? [])
      return {
        ...zone,
        refuses: set(
          `${OUTSIDE}/ours`,
          behind.flatMap(({ v4, v6 }) => [...v4, ...v6]),
        ),
      }
    }
    if (name === INTERNET) {
      const internet = internetZone(at, ground)
      sets.set(REFUSED_SET, refusedSet(company, parts.site, internet.why))
      return internet
    }
    return zone
  })
  const pairs = rules.pairs.filter(({ from, to }) => here.includes(from) && here.includes(to))
  for (const zone of here) {
    // Segments of one zone trust each other: where this is the gateway of several, they meet here.
    const segments = [...at.zoneOf.values()].filter((name) => name === zone).length
    if (!BEYOND.includes(zone) && at.gateways.size > 0 && segments > 1) pairs.push(everything(zone, zone, why))
  }
  if (here.includes(PEER)) {
    if (here.includes(OUTSIDE)) pairs.push(everything(OUTSIDE, PEER, why), everything(PEER, OUTSIDE, why))
    if (here.includes(INTERNET)) pairs.push(everything(PEER, INTERNET, why))
  }
  const nat = natRules(at)
  if (nat.length > 0) sets.set(COMPANY_SET, companySet(company))
  const marks = marksOf(wanted, addressed, at)
  return {
    transit: 'filtered',
    zones,
    sets: sortedBy(sets.values(), ({ name }) => name),
    pairs: pairs.sort((a, b) => byName(a.from, b.from) || byName(a.to, b.to)),
    local: localRules(parts, device, at, operators),
    ...(nat.length > 0 ? { nat } : {}),
    ...(marks.length > 0 ? { marks } : {}),
    why: [...ground, ...why],
  }
}

/** What has been filtered on the way here, or will be on the way on. */
function everything(from: string, to: string, why: Why): ZonePair {
  return { from, to, rules: [{ id: from === to ? `within ${from}` : `${from} to ${to}`, from: 'any', to: 'any', services: [], why }] }
}

/** What leaves by an internet circuit has the address that its carrier gave, since nobody out there knows another way back. */
function natRules(at: Connected): NatRule[] {
  return at.internet.map((link) => ({
    interface: link.interface,
    from: COMPANY_SET,
    ...(link.v4 === undefined ? {} : { v4: link.v4 }),
    ...(link.v6 === undefined ? {} : { v6: link.v6 }),
    why: link.why,
  }))
}

/** The internet: there because of the circuits by which strangers come, on a device that is there anyway (`ground`), whether it filters or not. */
function internetZone(at: Connected, ground: Why): FilterZone {
  const why = anyOf(
    ground,
    at.internet.map((link) => link.why),
  )
  return { name: INTERNET, interfaces: interfacesIn(at, INTERNET), refuses: REFUSED_SET, why }
}

/** Sources that nobody on the internet has: ours, the public ones of the site too, and those that are given to nobody. Public ones of other sites come from there in answers alone. */
function refusedSet({ v4, v6 }: Space, site: Site, why: Why): AddressSet {
  const located = [...v4, ...v6, ...NOBODYS.map((prefix) => ({ prefix, why }))]
  return { name: REFUSED_SET, prefixes: unite([...located.map(({ prefix, why }) => sidePrefix(prefix, why)), ...publicOf(site)]), why }
}

function companySet({ v4, v6 }: Space): AddressSet {
  return { name: COMPANY_SET, prefixes: unite([...v4, ...v6].map(({ prefix, why }) => sidePrefix(prefix, why))), why: ['company addressing'] }
}

function oursSet({ v4, v6 }: Space, site: Site): AddressSet {
  const space = [...v4, ...v6].map(({ prefix, why }) => sidePrefix(prefix, why))
  return { name: OURS_SET, prefixes: unite([...space, ...publicOf(site)]), why: ['company addressing'] }
}

/** Public addresses of a site, as other sites see them. */
export interface Public {
  readonly site: string
  readonly prefix: SidePrefix
}

/** Public addresses from which sites only answer. A site that has a circuit's own address among them begins with it whatever it begins, and what it begins is answered there. */
export function publicsOf(sites: readonly Site[]): readonly Public[] {
  return sites.flatMap((site) => {
    const circuits = site.facts.circuits?.flatMap(({ addresses }) => addresses?.v4?.ours ?? []) ?? []
    return publicOf(site).flatMap((prefix) =>
      circuits.some((ours) => contains(prefix.read, prefixAround(ipOf(addressPart(ours)), 32))) ? [] : [{ site: site.name, prefix }],
    )
  })
}

/** What other sites answer from, where none of that is for an address of the site's own public ones. */
function elsewhereOf(site: Site, publics: readonly Public[]): readonly SidePrefix[] {
  if (publicOf(site).length > 0 && !publics.some(({ site: name }) => name === site.name)) return []
  return publics.flatMap(({ site: name, prefix }) => (name === site.name ? [] : [prefix]))
}

/** The addresses of a site that the internet knows. */
function publicOf({ file, facts }: Site): SidePrefix[] {
  return facts.public === undefined ? [] : [sidePrefix(facts.public, [factOrigin(file, 'public')])]
}

function marksOf({ asks }: Wanted, { segments }: Addressed, at: Connected): MarkRule[] {
  return asks.segments.flatMap(({ name, voice }) => {
    const on = at.gateways.get(name)
    return on === undefined ? [] : classesOf(voice).map((mark) => ({ interface: on, ...mark, why: segments.get(name)!.why }))
  })
}

function interfacesIn(at: Connected, zone: string): string[] {
  return [...at.zoneOf]
    .filter(([, of]) => of === zone)
    .map(([name]) => name)
    .sort(byName)
}

/** The rules between the zones that meet at a filter of `site`, and the sets that they name. */
function rulesAt(site: string, zones: ReadonlySet<string>, flows: readonly Flow[]): Rules {
  const sets = new Map<string, AddressSet & { readonly why: Origin[] }>()
  const pairs = new Map<string, { from: string; to: string; rules: FilterRule[] }>()

  /** The set of one side of a flow, which is there because of each flow that names it. */
  const setOf = (side: Side, zone: string, spots: readonly Spot[], flow: Flow): string => {
    const name = BEYOND.includes(zone) ? `elsewhere/${side.name}` : side.name === zone ? zone : `${zone}/${side.name}`
    const known = sets.get(name)
    if (!known) sets.set(name, { name, prefixes: unite(spots.flatMap((spot) => spot.prefixes)), why: [...side.why, ...flow.why] })
    else for (const origin of flow.why) if (!known.why.includes(origin)) known.why.push(origin)
    return name
  }
  const allow = (flow: Flow, from: { zone: string; set: string }, to: { zone: string; set: string }) => {
    const key = `${from.zone} ${to.zone}`
    const pair = pairs.get(key) ?? { from: from.zone, to: to.zone, rules: [] }
    const { id, services, owner, reason, why } = flow
    pair.rules.push({ id, from: from.set, to: to.set, services, owner, reason, why })
    pairs.set(key, pair)
  }

  for (const flow of flows) {
    const sources = partsOf(flow.from, site, zones)
    const targets = partsOf(flow.to, site, zones)
    for (const from of sources) {
      for (const to of targets) {
        if (from.zone === to.zone || (BEYOND.includes(from.zone) && BEYOND.includes(to.zone))) continue
        allow(flow, { zone: from.zone, set: setOf(flow.from, from.zone, from.spots, flow) }, { zone: to.zone, set: setOf(flow.to, to.zone, to.spots, flow) })
      }
    }
  }
  return { pairs: [...pairs.values()], sets: [...sets.values()].sort((a, b) => byName(a.name, b.name)) }
}

/**
 * The parts of a side as a filter of `site` sees them: one for each of its own zones, and one for all that is beyond it (at another site, or behind another filter of this one), which may come and go by the
 * outside or by the other member of the pair, and if it is not of the company by the internet too.
 */
function partsOf(side: Side, site: string, zones: ReadonlySet<string>): { readonly zone: string; readonly spots: readonly Spot[] }[] {
  const byZone = new Map<string, Spot[]>()
  const add = (zone: string, spot: Spot) => {
    if (!zones.has(zone)) return
    const list = byZone.get(zone)
    if (list) list.push(spot)
    else byZone.set(zone, [spot])
  }
  for (const spot of side.spots) {
    if (spot.site === site && spot.zone !== undefined && zones.has(spot.zone)) add(spot.zone, spot)
    else for (const zone of spot.site === undefined ? BEYOND : [OUTSIDE, PEER]) add(zone, spot)
  }
  return [...byZone].map(([zone, spots]) => ({ zone, spots }))
}
