/**
 * The pass address: inside a site's blocks, a block for each zone, a prefix and a VLAN for each segment, an address for each loopback, link end, host and replica.
 *
 * What the ledger keeps is IPv4 for hosts, links and loopbacks, and both families for blocks and segments: the IPv6 address of a host is at the same offset in its segment's /64 as the
 * IPv4 one in its blocks, so that one line of the ledger says both and a person can tell one from the other.
 */
import type { Diagnostic } from '#base/diagnostic.ts'
import { addressPart, type Family, familyOf, ipOf, lastOf, nth, type Prefix, prefixOf, showIp, showPrefix, sizeOf } from '#base/ip.ts'
import { sortedBy } from '#base/order.ts'
import type { Origin, Why } from '#base/place.ts'
import { allocateNumbers } from '#ledger/allocate-numbers.ts'
import { allocatePrefixes, type Block } from '#ledger/allocate-prefixes.ts'
import { choose } from '#ledger/choose.ts'
import type { Entry } from '#ledger/ledger.ts'
import { factOrigin, INFRASTRUCTURE, type Site, stateOf } from '../company.ts'
import { type ClaimedEntry, explain, type Held, ledgerOrigin } from '../holdings.ts'
import type { Wanted } from '../join.ts'
import { demandOf, hopsOf, segmentSize, zonesAt } from './demand.ts'
import { GATEWAY_OFFSET, RESERVED_IN_SEGMENT, SEGMENT_V6, SEGMENT_VLANS, ZONE_V6_LENGTH, ZONES_PER_SITE } from './plan.ts'
import type { SiteNumbers } from './plan-company.ts'

/** A pair of addresses, both families. Canonical text. */
export interface Pair {
  readonly v4: string
  readonly v6: string
  readonly why: Why
}

/** A zone of a site: its number there (1–15, infrastructure 0) and its blocks. */
export interface ZoneBlocks {
  readonly number: number
  readonly v4: readonly string[]
  readonly v6: readonly string[]
  readonly why: Why
}

/** A segment: its VLAN, its prefixes, and where its gateways are. */
export interface SegmentAddresses {
  readonly zone: string
  readonly vlan: number
  readonly v4: readonly string[]
  readonly v6: readonly string[]
  /** The gateway address that hosts use. */
  readonly gateway: Pair
  readonly why: Why
}

/** The addresses of a site. */
export interface Addressed {
  readonly v4: readonly string[]
  readonly v6: readonly string[]
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
  readonly claims: readonly ClaimedEntry[]
  readonly diagnostics: readonly Diagnostic[]
}

/** Addresses a site. `held` gives its entries of a kind. */
export function addressSite(site: Site, wanted: Wanted, numbers: SiteNumbers, held: Held): Addressed {
  const state = stateOf(site.facts.status)
  const diagnostics: Diagnostic[] = []
  const claims: ClaimedEntry[] = []
  const claim = (key: string, value: string) => claims.push({ key, value, state })
  const claimBlocks = (blocks: readonly Block[]) => {
    for (const { key, value } of blocks) claim(key, value)
    return blocks.map(({ value }) => value)
  }
  const because = (why: Why, ...keys: readonly string[]): Why => [...why, ...keys.map((key) => ledgerOrigin(site.name, key))]
  const siteOrigin = factOrigin(site.file, 'standard')

  /** Allocates prefixes for these wants, claims them, and reports what does not fit. */
  function give(
    mine: readonly Entry[],
    of: string,
    blocks: readonly string[],
    wants: readonly { key: string; size: bigint; pinned?: string; origin: Origin | undefined }[],
    avoid: readonly string[] = [],
  ) {
    const family = blocks[0] === undefined ? undefined : familyOf(blocks[0])
    const { blocksOf, problems } = allocatePrefixes({
      held: mine.filter((entry) => familyOf(entry.value) === family),
      wants: wants.map(({ key, size, pinned }) => ({ key, size, state, ...(pinned === undefined ? {} : { pinned }) })),
      blocks,
      avoid,
    })
    const originOf = new Map(wants.map((want) => [want.key, want.origin]))
    for (const problem of problems) diagnostics.push(explain(problem, site.name, 'addresses', of, (key) => originOf.get(key)))
    return new Map(wants.map(({ key }) => [key, claimBlocks(blocksOf.get(key) ?? [])]))
  }

  // Zones: a number for each, which is its nibble in IPv6, and an IPv4 block.
  const zoneNames = zonesAt(wanted.asks)
  const { numberOf, problems } = allocateNumbers({
    held: held('zone'),
    wants: zoneNames.map((zone) => ({ key: `zone ${zone}`, state })),
    range: { first: 1, last: ZONES_PER_SITE },
  })
  for (const problem of problems)
    diagnostics.push(explain(problem, site.name, 'zones', `a site (at most ${ZONES_PER_SITE} beside infrastructure)`, () => siteOrigin))
  const demand = demandOf(site.name, wanted)
  const zoneOrigin = (zone: string) => wanted.asks.segments.find((segment) => segment.zone === zone)?.why[0] ?? siteOrigin
  const zoneV4 = give(
    held('space'),
    `the site's IPv4 block (${numbers.v4.join(', ')})`,
    numbers.v4,
    [...demand.zones].map(([zone, size]) => ({ key: `space ${zone}`, size, origin: zoneOrigin(zone) })),
  )
  const zones = new Map<string, ZoneBlocks>()
  for (const zone of [INFRASTRUCTURE, ...zoneNames]) {
    const number = zone === INFRASTRUCTURE ? 0 : numberOf.get(`zone ${zone}`)
    if (number === undefined) continue
    if (number > 0) claim(`zone ${zone}`, String(number))
    const v6 = numbers.v6.map((block) => showPrefix(subPrefix(prefixOf(block), ZONE_V6_LENGTH, number)))
    zones.set(zone, {
      number,
      v4: zoneV4.get(`space ${zone}`) ?? [],
      v6,
      why: because([zoneOrigin(zone)], ...(number > 0 ? [`zone ${zone}`] : []), `space ${zone}`),
    })
  }

  const segments = addressSegments()
  const { loopbacks, hops } = addressInfrastructure()
  const { hosts, replicas } = addressHosts()
  return { v4: numbers.v4, v6: numbers.v6, zones, segments, loopbacks, hops, hosts, replicas, claims, diagnostics }

  function addressSegments(): Map<string, SegmentAddresses> {
    const asks = wanted.asks.segments
    const pinnedOf = (name: string) => site.facts.pinned?.segments?.[name]
    const vlans = allocateNumbers({
      held: held('vlan'),
      wants: asks.map((ask) => {
        const pinned = pinnedOf(ask.name)?.vlan
        return { key: `vlan ${ask.name}`, state, ...(pinned === undefined ? {} : { pinned }) }
      }),
      range: SEGMENT_VLANS,
    })
    for (const problem of vlans.problems)
      diagnostics.push(explain(problem, site.name, 'VLAN ids', `a site (${SEGMENT_VLANS.first}–${SEGMENT_VLANS.last})`, () => siteOrigin))
    const out = new Map<string, SegmentAddresses>()
    for (const zone of zoneNames) {
      const inZone = asks.filter((ask) => ask.zone === zone)
      const blocks = zones.get(zone)
      if (!blocks) continue
      const want = (family: 'v4' | 'v6') =>
        inZone.map((ask) => {
          const pinned = pinnedOf(ask.name)?.[family]
          const origin = pinned === undefined ? ask.why[0] : factOrigin(site.file, 'pinned', 'segments', ask.name, family)
          return {
            key: `segment ${zone} ${ask.name} ${family}`,
            size: family === 'v4' ? segmentSize(ask.hosts) : SEGMENT_V6,
            origin,
            ...(pinned === undefined ? {} : { pinned }),
          }
        })
      const v4 = give(held('segment', zone), `zone ${zone} of ${site.name} (${blocks.v4.join(', ')})`, blocks.v4, want('v4'))
      const v6 = give(held('segment', zone), `zone ${zone} of ${site.name} (${blocks.v6.join(', ')})`, blocks.v6, want('v6'))
      for (const ask of inZone) {
        const vlan = vlans.numberOf.get(`vlan ${ask.name}`)
        const [four, six] = [v4.get(`segment ${zone} ${ask.name} v4`)!, v6.get(`segment ${zone} ${ask.name} v6`)!]
        if (vlan === undefined || !four[0] || !six[0]) continue
        claim(`vlan ${ask.name}`, String(vlan))
        const why = because(ask.why, `segment ${zone} ${ask.name} v4`, `segment ${zone} ${ask.name} v6`)
        out.set(ask.name, {
          zone,
          vlan,
          v4: four,
          v6: six,
          gateway: atOffset(four, six, BigInt(GATEWAY_OFFSET), why),
          why: [...why, ledgerOrigin(site.name, `vlan ${ask.name}`)],
        })
      }
    }
    return out
  }

  function addressInfrastructure(): Pick<Addressed, 'loopbacks' | 'hops'> {
    const { v4, v6 } = zones.get(INFRASTRUCTURE)!
    const speakers = wanted.asks.devices.filter((device) => device.asn !== undefined)
    const wants = [
      ...speakers.map((device) => ({ key: `loopback ${device.name}`, size: 1n, origin: device.why[0] })),
      ...hopsOf(site.name, wanted.links).map(({ key, link }) => ({ key, size: 2n, origin: link.why[0], link })),
    ]
    const whyOf = new Map<string, Why>([
      ...speakers.map((device): [string, Why] => [`loopback ${device.name}`, device.why]),
      ...hopsOf(site.name, wanted.links).map(({ key, link }): [string, Why] => [key, link.why]),
    ])
    const given = give(
      held('infrastructure'),
      `the infrastructure block of ${site.name} (${v4.join(', ')})`,
      v4,
      wants.map((want) => ({ ...want, key: `infrastructure ${want.key}` })),
    )
    const loopbacks = new Map<string, Pair>()
    const hops = new Map<string, { a: Pair; b: Pair }>()
    for (const { key } of wants) {
      const block = given.get(`infrastructure ${key}`)?.[0]
      if (!block) continue
      const base = ipOf(addressPart(block))
      const offset = offsetIn(v4, base.value)
      const why = because(whyOf.get(key)!, `infrastructure ${key}`)
      // Loopbacks are in the first /64 of the zone, hops in the second (/127 each, RFC 6164).
      const six = (plane: number, more: number) => showIp(nth(subPrefix(prefixOf(v6[0]!), 64, plane), offset + BigInt(more)))
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

  function addressHosts(): Pick<Addressed, 'hosts' | 'replicas'> {
    const segmentOfHost = new Map<string, string>()
    for (const { link } of wanted.links) {
      if (link.carries.kind === 'access' && link.b?.site === site.name) segmentOfHost.set(link.b.among[0]!, link.carries.segment)
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
    for (const problem of hostOf.problems) {
      const replica = wanted.replicas.find(({ name }) => `replica ${name}` === problem.key)!
      diagnostics.push(explain(problem, site.name, 'hosts', `the zone ${replica.zone} at ${site.name} (it has no host there)`, () => replica.why[0]))
    }
    const bySegment = new Map<string, { name: string; key: string; origin: Origin | undefined; why: Why }[]>()
    const put = (host: string, name: string, why: Why) => {
      const segment = segmentOfHost.get(host)!
      const list = bySegment.get(segment) ?? []
      list.push({ name, key: `host ${segment} ${name}`, origin: why[0], why })
      bySegment.set(segment, list)
    }
    for (const server of servers) put(server.name, server.name, server.why)
    for (const replica of wanted.replicas) {
      const host = hostOf.memberOf.get(`replica ${replica.name}`)
      if (host === undefined) continue
      claim(`replica ${replica.name}`, host)
      put(host, replica.name, replica.why)
    }
    const pairs = new Map<string, Pair>()
    for (const [name, wants] of bySegment) {
      const segment = segments.get(name)
      if (!segment) continue
      const avoid = segment.v4.flatMap((block) => {
        const prefix = prefixOf(block)
        return [showPrefix(subPrefix(prefix, 32 - Math.log2(RESERVED_IN_SEGMENT), 0)), `${showIp({ family: 4, value: lastOf(prefix) })}/32`]
      })
      const given = give(
        held('host', name),
        `segment ${site.name}/${name} (${segment.v4.join(', ')})`,
        segment.v4,
        wants.map(({ key, origin }) => ({ key, size: 1n, origin })),
        avoid,
      )
      for (const { name: owner, key, why } of wants) {
        const address = given.get(key)?.[0]
        if (!address) continue
        const offset = offsetIn(segment.v4, ipOf(addressPart(address)).value)
        pairs.set(owner, atOffset(segment.v4, segment.v6, offset, because(why, key)))
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
    return { hosts, replicas }
  }
}

/** The `index`-th prefix of that length inside `prefix`. */
function subPrefix(prefix: Prefix, length: number, index: number): Prefix {
  const bits = prefix.family === 4 ? 32 : 128
  return { family: prefix.family, base: prefix.base + (BigInt(index) << BigInt(bits - length)), length }
}

/** Where an address lies in blocks put end to end, the first block first: growth adds at the end, so an offset never changes. */
function offsetIn(blocks: readonly string[], address: bigint): bigint {
  let before = 0n
  for (const block of blocks) {
    const prefix = prefixOf(block)
    if (address >= prefix.base && address <= lastOf(prefix)) return before + address - prefix.base
    before += sizeOf(prefix)
  }
  return before
}

/** The addresses at an offset of a segment, with the prefix lengths left to whoever puts them on an interface. */
function atOffset(v4: readonly string[], v6: readonly string[], offset: bigint, why: Why): Pair {
  const at = (blocks: readonly string[], family: Family): string => {
    let left = offset
    for (const block of blocks) {
      const prefix = prefixOf(block)
      if (left < sizeOf(prefix)) return showIp({ family, value: prefix.base + left })
      left -= sizeOf(prefix)
    }
    throw new Error(`offset ${offset} is beyond ${blocks.join(', ')}`)
  }
  return { v4: at(v4, 4), v6: at(v6, 6), why }
}
