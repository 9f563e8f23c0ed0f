/**
 * The pass address: inside a site's blocks, a block for each zone, a prefix and a VLAN for each segment, an address for each loopback, link end, host and replica.
 *
 * What the ledger keeps is IPv4 for hosts, links and loopbacks, and both families for blocks and segments: the IPv6 address of a host is at the same offset in its segment's /64 as the
 * IPv4 one in its blocks, so that one line of the ledger says both and a person can tell one from the other.
 */
import { type Diagnostic, diagnose } from '#base/diagnostic.ts'
import { addressPart, contains, type Family, familyOf, ipOf, lastOf, nth, overlaps, type Prefix, prefixOf, showIp, showPrefix, sizeOf } from '#base/ip.ts'
import { sortedBy } from '#base/order.ts'
import type { Why } from '#base/place.ts'
import { allocateNumbers } from '#ledger/allocate-numbers.ts'
import { allocatePrefixes, type Block } from '#ledger/allocate-prefixes.ts'
import { choose } from '#ledger/choose.ts'
import type { Entry } from '#ledger/ledger.ts'
import { factOrigin, INFRASTRUCTURE, type Site, stateOf } from '../company.ts'
import { type ClaimedEntry, explain, type Held, ledgerOrigin } from '../holdings.ts'
import type { Wanted } from '../join.ts'
import { demandOf, infrastructureWants, type SpaceWant, segmentWants, zonesAt } from './demand.ts'
import { RESERVED_IN_SEGMENT, SEGMENT_VLANS, ZONE_V6_LENGTH, ZONES_PER_SITE } from './plan.ts'
import type { Located, SiteNumbers } from './plan-company.ts'

/** A pair of addresses, both families. Canonical text. */
export interface Pair {
  readonly v4: string
  readonly v6: string
  readonly why: Why
}

/** A zone of a site: its number there (1–15, infrastructure 0) and its blocks. */
export interface ZoneBlocks {
  readonly number: number
  readonly v4: readonly Located[]
  readonly v6: readonly Located[]
  readonly why: Why
}

/** A segment: its VLAN and its prefixes. A pool of addresses, which is no broadcast domain, has no VLAN. */
export interface SegmentAddresses {
  readonly zone: string
  readonly vlan?: number
  readonly v4: readonly Located[]
  readonly v6: readonly Located[]
  /** Why it is there under its VLAN, whatever its addresses. */
  readonly why: Why
}

/** The addresses of a site. */
export interface Addressed {
  readonly v4: readonly Located[]
  readonly v6: readonly Located[]
  /** Of the IPv4 blocks, those that carriers route here. */
  readonly public: readonly Located[]
  readonly zones: ReadonlyMap<string, ZoneBlocks>
  readonly segments: ReadonlyMap<string, SegmentAddresses>
  /** By device. */
  readonly loopbacks: ReadonlyMap<string, Pair>
  /** Both ends of each routed hop that the site addresses, by `link` or `link zone`. */
  readonly hops: ReadonlyMap<string, { readonly a: Pair; readonly b: Pair }>
  /** By device. */
  readonly hosts: ReadonlyMap<string, Pair>
  /** By replica, with the host that it runs on. */
  readonly replicas: ReadonlyMap<string, Pair & { readonly host: string; readonly service: string; readonly zone: string }>
  /** Addresses by which devices are run, where they are not their gateway's or loopback's, by device. */
  readonly managed: ReadonlyMap<string, Pair & { readonly segment: string }>
  /** Addresses of services that are balanced here, by service, with the zone that they are in. */
  readonly services: ReadonlyMap<string, Pair & { readonly zone: string }>
  readonly claims: readonly ClaimedEntry[]
  readonly diagnostics: readonly Diagnostic[]
}

/** Addresses a site. */
export function addressSite(site: Site, { wanted, numbers, held }: { readonly wanted: Wanted; readonly numbers: SiteNumbers; readonly held: Held }): Addressed {
  const state = stateOf(site.facts.status)
  const diagnostics: Diagnostic[] = []
  const claims: ClaimedEntry[] = []
  const claim = (key: string, value: string) => claims.push({ key, value, state })
  const claimBlocks = (blocks: readonly Block[]) => {
    for (const { key, value } of blocks) claim(key, value)
    return blocks.map(({ key, value }): Located => ({ prefix: value, why: [ledgerOrigin(site.name, key)] }))
  }
  const because = (why: Why, ...keys: readonly string[]): Why => [...why, ...keys.map((key) => ledgerOrigin(site.name, key))]
  const siteOrigin = factOrigin(site.file, 'standard')

  /** The offset of an address in its blocks, `pool` in words; undefined, and reported, where somebody moved one from under the other. */
  function placeIn(blocks: readonly Located[], address: string, key: string, pool: string): bigint | undefined {
    const offset = offsetIn(blocks, ipOf(addressPart(address)).value)
    if (offset === undefined)
      diagnostics.push(
        diagnose(
          'address-outside',
          { key: `${site.name} ${key}`, value: address, pool },
          { origin: ledgerOrigin(site.name, key), value: address, allowed: blocks.map(({ prefix }) => prefix) },
        ),
      )
    return offset
  }

  /** Allocates prefixes for these wants, claims them, and reports what does not fit. */
  function give(mine: readonly Entry[], of: string, located: readonly Located[], wants: readonly SpaceWant[], avoid: readonly string[] = []) {
    const blocks = located.map(({ prefix }) => prefix)
    const family = blocks[0] === undefined ? undefined : familyOf(blocks[0])
    const { blocksOf, problems } = allocatePrefixes({
      held: mine.filter((entry) => familyOf(entry.value) === family),
      wants: wants.map(({ key, size, pinned }) => ({ key, size, state, ...(pinned === undefined ? {} : { pinned }) })),
      blocks,
      avoid,
    })
    const originOf = new Map(wants.map((want) => [want.key, want.why[0]]))
    diagnostics.push(...explain(problems, site.name, 'address', of, (key) => originOf.get(key)))
    return new Map(wants.map(({ key }) => [key, claimBlocks(blocksOf.get(key) ?? [])]))
  }

  // Zones: a number for each, which is its nibble in IPv6, and an IPv4 block.
  const zoneNames = zonesAt(wanted.asks)
  const { numberOf, problems } = allocateNumbers({
    held: held('zone'),
    wants: zoneNames.map((zone) => {
      const pinned = pinnedNumber(zone)
      return { key: `zone ${zone}`, state, ...(pinned === undefined ? {} : { pinned }) }
    }),
    range: { first: 1, last: ZONES_PER_SITE },
  })
  const demand = demandOf(site, wanted, held)
  /** What asks for a zone: its segments, or for want of any the hand-offs that it is part of. */
  const zoneAsks = (zone: string): Why => {
    const segments = wanted.asks.segments.filter((segment) => segment.zone === zone)
    const handoffs = wanted.asks.links.filter(({ carries }) => carries.kind === 'handoff' && carries.zones.includes(zone))
    const asks = new Set((segments.length > 0 ? segments : handoffs).flatMap((ask) => ask.why))
    return asks.size > 0 ? [...asks] : [siteOrigin]
  }
  const zonePool = `the site ${site.name} (at most ${ZONES_PER_SITE} zones)`
  diagnostics.push(...explain(problems, site.name, 'zone', zonePool, (key) => zoneAsks(key.slice('zone '.length))[0]))
  const zoneV4 = give(
    held('space'),
    `the site's IPv4 block (${show(numbers.v4)})`,
    numbers.v4,
    [...demand.zones].map(([zone, size]) => ({ key: `space ${zone}`, size, why: zoneAsks(zone) })),
    pinnedApart(),
  )
  const zones = new Map<string, ZoneBlocks>()
  const publicV4: readonly Located[] = site.facts.public === undefined ? [] : [{ prefix: site.facts.public, why: [factOrigin(site.file, 'public')] }]
  const balancerZone = wanted.asks.segments.find(({ name }) => name === wanted.asks.balancers[0]?.pool)?.zone
  for (const zone of [INFRASTRUCTURE, ...zoneNames]) {
    const number = zone === INFRASTRUCTURE ? 0 : numberOf.get(`zone ${zone}`)
    if (number === undefined) continue
    if (number > 0) claim(`zone ${zone}`, String(number))
    const asks = zoneAsks(zone)
    const numbered = number > 0 ? [ledgerOrigin(site.name, `zone ${zone}`)] : []
    const v6 = numbers.v6.map(({ prefix, why }): Located => {
      return { prefix: showPrefix(subPrefix(prefixOf(prefix), ZONE_V6_LENGTH, number)), why: [...numbered, ...why, ...asks] }
    })
    const space = (zoneV4.get(`space ${zone}`) ?? []).map(({ prefix, why }): Located => ({ prefix, why: [...why, ...asks] }))
    // A segment that is pinned elsewhere in the site is as much the zone's as its space is: filters and routes name both.
    const v4 = [...space, ...pinnedOutside(zone, space), ...(zone === balancerZone ? publicV4 : [])]
    zones.set(zone, { number, v4, v6, why: [...asks, ...numbered, ledgerOrigin(site.name, `space ${zone}`)] })
  }

  checkPins()
  const segments = addressSegments()
  const { loopbacks, hops } = addressInfrastructure()
  const { hosts, replicas, managed, services } = addressHosts()
  return {
    v4: [...numbers.v4, ...publicV4],
    v6: numbers.v6,
    public: publicV4,
    zones,
    segments,
    loopbacks,
    hops,
    hosts,
    replicas,
    managed,
    services,
    claims,
    diagnostics,
  }

  /** The prefixes that the segments of a zone are pinned to, in one family. */
  function pinsOf(zone: string, family: 'v4' | 'v6'): Located[] {
    return wanted.asks.segments.flatMap(({ name, zone: of }) => {
      const prefix = of === zone ? site.facts.pinned?.segments?.[name]?.[family] : undefined
      return prefix === undefined ? [] : [{ prefix, why: [factOrigin(site.file, 'pinned', 'segments', name, family)] }]
    })
  }

  /** The number of a zone that has a segment pinned in IPv6: the nibble of that prefix in the site's block. */
  function pinnedNumber(zone: string): number | undefined {
    for (const { prefix } of pinsOf(zone, 'v6')) {
      const pinned = prefixOf(prefix)
      const block = numbers.v6.map((of) => prefixOf(of.prefix)).find((of) => contains(of, pinned))
      if (block) return Number((pinned.base - block.base) >> BigInt(128 - ZONE_V6_LENGTH)) || undefined
    }
    return undefined
  }

  /** Pinned prefixes that lie in no space which their zone holds already: no zone's space may take them. */
  function pinnedApart(): string[] {
    return zoneNames.flatMap((zone) => {
      const spaces = held('space', zone).map((entry) => prefixOf(entry.value))
      return pinsOf(zone, 'v4').flatMap(({ prefix }) => (spaces.some((space) => contains(space, prefixOf(prefix))) ? [] : [prefix]))
    })
  }

  function pinnedOutside(zone: string, space: readonly Located[]): Located[] {
    return pinsOf(zone, 'v4').filter(({ prefix }) => !space.some((of) => contains(prefixOf(of.prefix), prefixOf(prefix))))
  }

  /**
   * A pinned segment lies in the site's own block, and in IPv6 in its zone's part of it; else routes and filters would not know it. Pins of one zone that overlap are found where they are
   * allocated, those of different zones here.
   */
  function checkPins(): void {
    const pins = zoneNames.flatMap((zone) => pinsOf(zone, 'v4').map((pin) => ({ zone, ...pin })))
    for (const [index, pin] of pins.entries()) {
      const other = pins.slice(0, index).find(({ zone, prefix }) => zone !== pin.zone && overlaps(prefixOf(prefix), prefixOf(pin.prefix)))
      if (!other) continue
      const words = { what: `the segment pinned in the zone ${pin.zone}`, value: pin.prefix, other: `one pinned in the zone ${other.zone} (${other.prefix})` }
      const notes = [{ message: 'the other one is here', origin: other.why[0]! }]
      diagnostics.push(diagnose('allocation-clash', words, { origin: pin.why[0], value: pin.prefix, notes }))
    }
    for (const zone of zoneNames) {
      for (const family of ['v4', 'v6'] as const) {
        const blocks = family === 'v4' ? numbers.v4 : (zones.get(zone)?.v6 ?? [])
        for (const { prefix, why } of pinsOf(zone, family)) {
          if (blocks.some((block) => contains(prefixOf(block.prefix), prefixOf(prefix)))) continue
          const of = family === 'v4' ? `the block of ${site.name}` : `the part of the zone ${zone} in the block of ${site.name}`
          diagnostics.push(diagnose('pin-outside', { prefix, of }, { origin: why[0], value: prefix, allowed: blocks.map((block) => block.prefix) }))
        }
      }
    }
  }

  function addressSegments(): Map<string, SegmentAddresses> {
    const asks = wanted.asks.segments
    const pinnedOf = (name: string) => site.facts.pinned?.segments?.[name]
    const vlans = allocateNumbers({
      held: held('vlan'),
      wants: asks
        .filter((ask) => !ask.pool)
        .map((ask) => {
          const pinned = pinnedOf(ask.name)?.vlan
          return { key: `vlan ${ask.name}`, state, ...(pinned === undefined ? {} : { pinned }) }
        }),
      range: SEGMENT_VLANS,
    })
    const vlanOrigin = new Map(
      asks.map(({ name, why }) => [`vlan ${name}`, pinnedOf(name)?.vlan === undefined ? why[0] : factOrigin(site.file, 'pinned', 'segments', name, 'vlan')]),
    )
    const vlanPool = `the VLAN ids of ${site.name} (${SEGMENT_VLANS.first}–${SEGMENT_VLANS.last})`
    diagnostics.push(...explain(vlans.problems, site.name, 'VLAN id', vlanPool, (key) => vlanOrigin.get(key)))
    const out = new Map<string, SegmentAddresses>()
    for (const zone of zoneNames) {
      const inZone = asks.filter((ask) => ask.zone === zone)
      const blocks = zones.get(zone)
      if (!blocks) continue
      const want = (family: 'v4' | 'v6') => segmentWants(site, wanted.asks, zone, family)
      const own = blocks.v4.filter((block) => !publicV4.includes(block))
      const v4 = give(held('segment', zone), `zone ${zone} of ${site.name} (${show(own)})`, own, want('v4'))
      const v6 = give(held('segment', zone), `zone ${zone} of ${site.name} (${show(blocks.v6)})`, blocks.v6, want('v6'))
      for (const ask of inZone) {
        const vlan = vlans.numberOf.get(`vlan ${ask.name}`)
        const [four, six] = [v4.get(`segment ${zone} ${ask.name} v4`)!, v6.get(`segment ${zone} ${ask.name} v6`)!]
        if ((vlan === undefined && !ask.pool) || !four[0] || !six[0]) continue
        if (vlan !== undefined) claim(`vlan ${ask.name}`, String(vlan))
        const asked = ({ prefix, why }: Located): Located => ({ prefix, why: [...ask.why, ...why] })
        out.set(ask.name, {
          zone,
          ...(vlan === undefined ? {} : { vlan }),
          v4: four.map(asked),
          v6: six.map(asked),
          why: vlan === undefined ? ask.why : because(ask.why, `vlan ${ask.name}`),
        })
      }
    }
    return out
  }

  function addressInfrastructure(): Pick<Addressed, 'loopbacks' | 'hops'> {
    const { v4, v6 } = zones.get(INFRASTRUCTURE)!
    const wants = infrastructureWants(site.name, wanted)
    const given = give(held('infrastructure'), `the infrastructure block of ${site.name} (${show(v4)})`, v4, wants)
    const loopbacks = new Map<string, Pair>()
    const hops = new Map<string, { a: Pair; b: Pair }>()
    for (const { key: kept, why: asked } of wants) {
      const block = given.get(kept)?.[0]?.prefix
      if (!block) continue
      const base = ipOf(addressPart(block))
      const offset = placeIn(v4, block, kept, `the infrastructure block of ${site.name}`)
      if (offset === undefined) continue
      const key = kept.slice('infrastructure '.length)
      const why = because(asked, kept)
      // Loopbacks are in the first /64 of the zone, hops in the second (/127 each, RFC 6164).
      const six = (plane: number, more: number) => showIp(nth(subPrefix(prefixOf(v6[0]!.prefix), 64, plane), offset + BigInt(more)))
      if (key.startsWith('loopback ')) loopbacks.set(key.slice('loopback '.length), { v4: showIp(base), v6: six(0, 0), why })
      else {
        hops.set(key.slice('link '.length), {
          a: { v4: showIp(base), v6: six(1, 0), why },
          b: { v4: showIp({ family: 4, value: base.value + 1n }), v6: six(1, 1), why },
        })
      }
    }
    return { loopbacks, hops }
  }

  function addressHosts(): Pick<Addressed, 'hosts' | 'replicas' | 'managed' | 'services'> {
    const segmentOfHost = new Map<string, string>()
    for (const { link } of wanted.links) {
      if (link.b?.site !== site.name) continue
      if (link.carries.kind === 'access') segmentOfHost.set(link.b.among[0]!, link.carries.segment)
      else if (link.carries.kind === 'homed') segmentOfHost.set(link.b.among[0]!, link.carries.pool)
    }
    const servers = sortedBy(
      wanted.asks.devices.filter((device) => segmentOfHost.has(device.name)),
      (device) => device.name,
    )
    const hostOf = choose({
      held: held('replica'),
      wants: wanted.replicas.map((replica) => ({
        key: `replica ${replica.name}`,
        state,
        among: servers.filter((server) => server.zone === replica.zone).map((server) => server.name),
      })),
    })
    const homeless = wanted.replicas.filter(({ name }) => !hostOf.memberOf.has(`replica ${name}`))
    for (const { service, zone, why } of new Map(homeless.map((replica) => [replica.service, replica])).values()) {
      const allowed = [...new Set(servers.flatMap((server) => server.zone ?? []))].sort()
      diagnostics.push(
        diagnose('no-host', { service, zone, site: site.name }, { origin: why.find((origin) => origin.endsWith('/tier')), value: zone, allowed }),
      )
    }
    const bySegment = new Map<string, (SpaceWant & { readonly name: string })[]>()
    const putIn = (segment: string, name: string, why: Why, pinned?: string) => {
      const list = bySegment.get(segment) ?? []
      list.push({ name, key: `host ${segment} ${name}`, size: 1n, why, ...(pinned === undefined ? {} : { pinned: `${pinned}/32` }) })
      bySegment.set(segment, list)
    }
    const put = (host: string, name: string, why: Why) => putIn(segmentOfHost.get(host)!, name, why)
    for (const server of servers) put(server.name, server.name, server.why)
    const gatewaysOf = new Map(wanted.asks.segments.map(({ name, gateways }) => [name, gateways]))
    const managedIn = new Map(
      wanted.asks.managed.flatMap(({ device, segment, why }) =>
        segment === undefined || gatewaysOf.get(segment)?.includes(device) ? [] : [[device, { segment, why }] as const],
      ),
    )
    for (const [device, { segment, why }] of managedIn) putIn(segment, `management/${device}`, why)
    for (const replica of wanted.replicas) {
      const host = hostOf.memberOf.get(`replica ${replica.name}`)
      if (host === undefined) continue
      claim(`replica ${replica.name}`, host)
      put(host, replica.name, replica.why)
    }
    const [balancers] = wanted.asks.balancers
    const servicePool = balancers && segments.get(balancers.pool)
    for (const { service, pinned, public: isPublic, why } of wanted.balanced) {
      if (!servicePool) {
        diagnostics.push(diagnose('no-balancer', { service, site: site.name }, { origin: why[0] }))
      } else if (isPublic && publicV4.length === 0) {
        diagnostics.push(diagnose('no-public-addresses', { service, site: site.name }, { origin: why[0] }))
      } else if (pinned !== undefined && offsetIn(servicePool.v4, ipOf(pinned).value) === undefined) {
        const words = { service, address: pinned, site: site.name, pool: show(servicePool.v4) }
        diagnostics.push(diagnose('service-address-outside', words, { origin: why[0], value: pinned, allowed: servicePool.v4.map(({ prefix }) => prefix) }))
      } else putIn(balancers.pool, `service/${service}`, [...why, ...balancers.why], pinned)
    }
    const pairs = new Map<string, Pair>()
    for (const [name, wants] of bySegment) {
      const segment = segments.get(name)
      if (!segment) continue
      const avoid = segment.v4.flatMap((block) => {
        const prefix = prefixOf(block.prefix)
        return [showPrefix(subPrefix(prefix, 32 - Math.log2(RESERVED_IN_SEGMENT), 0)), `${showIp({ family: 4, value: lastOf(prefix) })}/32`]
      })
      const given = give(held('host', name), `segment ${site.name}/${name} (${show(segment.v4)})`, segment.v4, wants, avoid)
      for (const { name: owner, key, why } of wants) {
        const address = given.get(key)?.[0]?.prefix
        if (!address) continue
        const offset = placeIn(segment.v4, address, key, `the segment ${site.name}/${name}`)
        if (offset === undefined) continue
        pairs.set(owner, { ...atOffset(segment.v4, segment.v6, offset), why: because(why, key) })
      }
    }
    const hosts = new Map(servers.flatMap((server) => (pairs.has(server.name) ? [[server.name, pairs.get(server.name)!] as const] : [])))
    const replicas = new Map(
      wanted.replicas.flatMap(({ name, service, zone }) => {
        const pair = pairs.get(name)
        const host = hostOf.memberOf.get(`replica ${name}`)
        return pair && host !== undefined
          ? [[name, { ...pair, why: [...pair.why, ledgerOrigin(site.name, `replica ${name}`)], host, service, zone }] as const]
          : []
      }),
    )
    const outwardly = wanted.balanced.filter(({ public: isPublic }) => isPublic && publicV4.length > 0)
    const outward = give(
      held('public'),
      `the public addresses of ${site.name} (${show(publicV4)})`,
      publicV4,
      outwardly.map(({ service, why }) => ({ key: `public ${service}`, size: 1n, why })),
    )
    const services = new Map(
      wanted.balanced.flatMap(({ service }) => {
        const pair = pairs.get(`service/${service}`)
        if (!pair || !servicePool) return []
        const [public4] = outward.get(`public ${service}`) ?? []
        const addresses = public4 ? { ...pair, v4: addressPart(public4.prefix), why: [...pair.why, ...public4.why] } : pair
        return [[service, { ...addresses, zone: servicePool.zone }] as const]
      }),
    )
    const managed = new Map(
      [...managedIn].flatMap(([device, { segment }]) => {
        const pair = pairs.get(`management/${device}`)
        return pair ? [[device, { ...pair, segment }] as const] : []
      }),
    )
    return { hosts, replicas, managed, services }
  }
}

/** The `index`-th prefix of that length inside `prefix`. */
function subPrefix(prefix: Prefix, length: number, index: number): Prefix {
  const bits = prefix.family === 4 ? 32 : 128
  return { family: prefix.family, base: prefix.base + (BigInt(index) << BigInt(bits - length)), length }
}

function show(blocks: readonly Located[]): string {
  return blocks.map(({ prefix }) => prefix).join(', ')
}

/** Where an address lies in blocks put end to end, the first block first: growth adds at the end, so an offset never changes. Undefined outside of them. */
function offsetIn(blocks: readonly Located[], address: bigint): bigint | undefined {
  let before = 0n
  for (const block of blocks) {
    const prefix = prefixOf(block.prefix)
    if (address >= prefix.base && address <= lastOf(prefix)) return before + address - prefix.base
    before += sizeOf(prefix)
  }
  return undefined
}

/** The addresses at an offset of a segment, with the prefix lengths left to whoever puts them on an interface. */
function atOffset(v4: readonly Located[], v6: readonly Located[], offset: bigint): Omit<Pair, 'why'> {
  const at = (blocks: readonly Located[], family: Family): string => {
    let left = offset
    for (const block of blocks) {
      const prefix = prefixOf(block.prefix)
      if (left < sizeOf(prefix)) return showIp({ family, value: prefix.base + left })
      left -= sizeOf(prefix)
    }
    throw new Error(`offset ${offset} is beyond ${show(blocks)}`)
  }
  return { v4: at(v4, 4), v6: at(v6, 6) }
}
