/**
 * Who reaches whom otherwise, in the names of zones, segments and services: places of one zone that change alike are one line, whatever site they are at, and so are the two families.
 */
import { bitsOf, type Family, familyOf, showIp } from '#base/ip.ts'
import { byName, sortedBy } from '#base/order.ts'
import type { Design } from '#design/design.ts'
import { byFamily } from '#proofs/by-family.ts'
import type { Change, PlaceChange } from '#proofs/change.ts'
import { type Box, type Boxes, intervalOf, lowest } from '#proofs/engine/boxes/boxes.ts'
import { PACKETS, PROTOCOLS } from '#proofs/engine/packet.ts'
import { type Interval, intervalOf as intervalOfPrefix } from '#proofs/intent/intervals.ts'
import type { Place } from '#proofs/intent/places.ts'
import { protocolName, showPacket } from '#proofs/packet-text.ts'

/** One side of a line: a zone, a service, the internet or an address, and where; empty for what is nowhere. */
export interface Whom {
  readonly name: string
  readonly sites: readonly string[]
  /** Ids of segments. */
  readonly segments: readonly string[]
}

/** Packets of a sort that are treated otherwise. */
export interface ReachLine {
  readonly from: Whom
  readonly to: Whom
  /** `tcp/443`, `udp/5000-5100`, `icmp`, `everything`. */
  readonly services: readonly string[]
  /** Hosts that the segments which send were asked to have room for. */
  readonly hosts: number
  /** One of them. */
  readonly packet: string
  /** Devices with filters that are on the way before and after, where that is what changes. */
  readonly way?: { readonly before: readonly string[]; readonly after: readonly string[] }
}

/** What a change does to who reaches whom; the largest first. */
export interface ReachPlan {
  readonly opened: readonly ReachLine[]
  readonly closed: readonly ReachLine[]
  readonly rerouted: readonly ReachLine[]
  /** Places that both sides have, and those of which nothing is otherwise. */
  readonly places: number
  readonly unchanged: number
}

/** Puts a change into names: those of what comes are the later design's, of what goes the earlier one's. */
export function planReach(before: Design, after: Design, { changes, compared, unchanged }: Change): ReachPlan {
  const names = { before: namesIn(before), after: namesIn(after) }
  const lines = (of: Names, parts: (change: PlaceChange) => readonly Part[]) =>
    linesOf(
      changes.flatMap((change) => parts(change).flatMap((part) => piecesOf(of, change, part))),
      of,
    )
  return {
    opened: lines(names.after, ({ opened }) => [{ boxes: opened }]),
    closed: lines(names.before, ({ closed }) => [{ boxes: closed }]),
    rerouted: lines(names.after, ({ rerouted }) => rerouted.map(({ boxes, ...way }) => ({ boxes, way }))),
    places: compared,
    unchanged,
  }
}

/** Whether anybody reaches anybody otherwise. */
export function isSameReach({ opened, closed, rerouted }: ReachPlan): boolean {
  return opened.length + closed.length + rerouted.length === 0
}

interface Part {
  readonly boxes: Boxes
  readonly way?: ReachLine['way']
}

/** Somebody who has addresses. */
interface Named {
  readonly addresses: Interval
  readonly name: string
  readonly site: string
  /** Absent for a service. */
  readonly segment?: string
}

interface Names {
  /** In order of address. */
  segments(family: Family): readonly Named[]
  /** By address. */
  services(family: Family): ReadonlyMap<bigint, readonly Named[]>
  blocks(family: Family): readonly Interval[]
  readonly hosts: ReadonlyMap<string, number>
}

function namesIn({ sites, services }: Design): Names {
  const segments = sites.flatMap(({ id: site, segments }) =>
    segments.flatMap(({ id, zone, prefixes }) =>
      prefixes.map((prefix): Named & { readonly prefix: string } => ({ addresses: intervalOfPrefix(prefix), name: zone, site, segment: id, prefix })),
    ),
  )
  const replicas = services.flatMap(({ id, replicas }) =>
    replicas.flatMap(({ host, v4, v6 }) =>
      [v4, v6].map((address) => ({ address, name: id.slice(id.indexOf('/') + 1), site: host.slice(0, host.indexOf('/')) })),
    ),
  )
  const known = new Set(services.map(({ id }) => id.slice(id.indexOf('/') + 1)))
  // A frontend is called after its service and what that listens on.
  const serviceOf = (frontend: string) => [...known].filter((name) => frontend.startsWith(`${name}-`)).sort((a, b) => b.length - a.length)[0] ?? frontend
  const frontends = sites.flatMap(({ id: site, devices }) =>
    devices.flatMap(({ balancer }) =>
      (balancer?.frontends ?? []).flatMap(({ name, v4, v6 }) => [v4, v6].map((address) => ({ address, name: serviceOf(name), site }))),
    ),
  )
  const served = byFamily((family) => {
    const found = new Map<bigint, Map<string, Named>>()
    for (const { address, name, site } of [...replicas, ...frontends]) {
      if (familyOf(address) !== family) continue
      const [value] = intervalOfPrefix(`${address}/${bitsOf(family)}`)
      const there = found.get(value) ?? new Map<string, Named>()
      found.set(value, there.set(name, { addresses: [value, value], name, site }))
    }
    return new Map([...found].map(([value, there]) => [value, [...there.values()]]))
  })
  return {
    segments: byFamily((family) => segments.filter(({ prefix }) => familyOf(prefix) === family).sort((a, b) => (a.addresses[0] < b.addresses[0] ? -1 : 1))),
    services: served,
    blocks: byFamily((family) => sites.flatMap(({ blocks }) => blocks.filter((block) => familyOf(block) === family).map(intervalOfPrefix))),
    hosts: new Map(sites.flatMap((site) => site.segments.map(({ id, hosts }) => [id, hosts] as const))),
  }
}

/** Packets of one place to one receiver. */
interface Piece {
  readonly place: Place
  readonly to: Named | { readonly name: string }
  readonly service: string
  readonly packet: string
  readonly way?: ReachLine['way']
}

function piecesOf(names: Names, { place, family }: PlaceChange, { boxes, way }: Part): readonly Piece[] {
  return boxes.flatMap((box) => {
    const packet = showPacket(family, lowest(PACKETS[family], box))
    const service = serviceIn(family, box)
    return receiversIn(names, family, intervalOf(PACKETS[family], box, 'destination')).map((to) => ({ place, to, service, packet, ...(way ? { way } : {}) }))
  })
}

/** More addresses than a box has that is about some by name. */
const MOST_BY_NAME = 64n

/** Who is at some destinations. */
function receiversIn({ segments, services, blocks }: Names, family: Family, [first, last]: Interval): readonly Piece['to'][] {
  if (last - first < MOST_BY_NAME) {
    const at: Named[] = []
    let all = true
    for (let address = first; address <= last; address++) {
      const there = services(family).get(address)
      if (there) at.push(...there)
      else all = false
    }
    if (all) return [...new Map(at.map((one) => [`${one.name} ${one.site}`, one])).values()]
  }
  const found = segments(family).filter(({ addresses: [from, to] }) => from <= last && first <= to)
  if (found.length > 0) return found
  const isOurs = blocks(family).some(([from, to]) => from <= first && last <= to)
  return [{ name: isOurs ? showIp({ family, value: first }) : 'internet' }]
}

/** What a box is for. */
function serviceIn(family: Family, box: Box): string {
  const of = (field: string) => intervalOf(PACKETS[family], box, field).map(Number) as [number, number]
  const [from, to] = of('protocol')
  if (from !== to) return 'everything'
  const name = from === PROTOCOLS.icmpv6 ? 'icmp' : protocolName(from)
  if (from !== PROTOCOLS.tcp && from !== PROTOCOLS.udp) return name
  const [low, high] = of('destinationPort')
  if (low === 0 && high === 0xffff) return name
  return low === high ? `${name}/${low}` : `${name}/${low}-${high}`
}

/** Pieces as lines: what a zone of one site is told for one receiver is put together, and then all sites of which that is the same. */
function linesOf(pieces: readonly Piece[], { hosts }: Names): readonly ReachLine[] {
  const siteOf = ({ to }: Piece) => ('site' in to ? to.site : '')
  const nameOf = ({ place }: Piece) => place.zone ?? 'internet'
  const wayOf = ({ way }: Piece) => (way ? 'another way' : '')
  // To the own site is something else than to another one.
  const where = (piece: Piece) => (siteOf(piece) === piece.place.site ? 'own' : 'other')
  const bySite = Map.groupBy(pieces, (piece) => [piece.place.site, nameOf(piece), piece.to.name, where(piece), wayOf(piece)].join(' '))
  const alike = Map.groupBy([...bySite.values()], ([one, ...others]) => {
    const services = [...new Set([one!, ...others].map(({ service }) => service))].sort(byName)
    return [nameOf(one!), one!.to.name, where(one!), wayOf(one!), ...services].join(' ')
  })
  const lines = [...alike.values()].map((groups): ReachLine => {
    const all = groups.flat()
    const [one] = all as [Piece]
    const sorted = (values: readonly (string | undefined)[]) => [...new Set(values.filter((value) => value !== undefined))].sort(byName)
    const segments = sorted(all.map(({ place }) => (place.site === undefined ? undefined : place.id)))
    return {
      from: { name: nameOf(one), sites: sorted(all.map(({ place }) => place.site)), segments },
      to: {
        name: one.to.name,
        sites: sorted(all.map(({ to }) => ('site' in to ? to.site : undefined))),
        segments: sorted(all.map(({ to }) => ('segment' in to ? to.segment : undefined))),
      },
      services: sorted(all.map(({ service }) => service)),
      hosts: segments.reduce((sum, id) => sum + (hosts.get(id) ?? 0), 0),
      packet: one.packet,
      ...(one.way ? { way: one.way } : {}),
    }
  })
  return sortedBy(lines, (line) => `${String(1e9 - line.hosts).padStart(10, '0')} ${line.from.name} ${line.to.name}`)
}
