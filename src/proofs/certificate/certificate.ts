/**
 * The certificate of a proof: what was found, with enough beside it that each step can be checked by itself, by a program that shares nothing with the one that found it (G. Necula, "Proof-Carrying Code", POPL
 * 1997). Whatever is told again and again is told once and called by its number. The members are described in docs/certificate.md; tools/check-certificate.ts reads them.
 */
import { type Family, familyOf as familyIn, showIp } from '#base/ip.ts'
import type { Service } from '#model/port.ts'
import { type Box, type Boxes, intervalOf } from '../engine/boxes/boxes.ts'
import type { Port } from '../engine/network/links.ts'
import { PACKETS, PROTOCOLS } from '../engine/packet.ts'
import { type Fates, fatesOf, type StopFates } from '../engine/reach/fates.ts'
import type { Source } from '../engine/reach/spread.ts'
import { tableName } from '../engine/routing/forwarding.ts'
import type { Hop } from '../engine/routing/path.ts'
import type { Route } from '../engine/routing/tables.ts'
import { prefixesOf } from '../intent/concern.ts'
import type { Spot } from '../intent/flows.ts'
import { intervalOf as addressesOf, type Interval, intervalsOf } from '../intent/intervals.ts'
import { linksOf } from '../intent/links.ts'
import type { Place } from '../intent/places.ts'
import { receiversOf } from '../intent/receivers.ts'
import type { Proof, Verdict } from '../proof.ts'
import { remembered } from '../remembered.ts'
import {
  ANY,
  type Certificate,
  type ClaimText,
  type FamilyCertificate,
  type FlowCertificate,
  FORMAT,
  OWN,
  ROUND,
  UNMET,
  VERSION,
  type WorldCertificate,
} from './format.ts'
import { cutsOf, numbering, runsOf } from './numbers.ts'

/** Puts the certificate together; `files` are the digests of what was read. */
export function certificateOf(proof: Proof, verdicts: readonly Verdict[], files: ReadonlyMap<string, string>): Certificate {
  const { company, design, world, places, intent } = proof
  const { declaration } = company
  const devices = numbering((name: string) => name)
  const tables = numbering(([device, vrf]: readonly [string, string]) => tableName(device, vrf))
  const ports = numbering(({ device, name }: Port) => `${device} ${name}`)
  const zones = numbering(({ site, zone }: Pick<Place, 'site' | 'zone'>) => `${site} ${zone}`)
  for (const [device, own] of world.routed.links.ports) {
    devices.of(device)
    for (const port of own.values()) if (port.addresses.length + port.shared.length > 0) ports.of(port)
  }
  for (const name of world.routed.tables.keys()) {
    const [device, vrf = ''] = name.split('#') as [string, string?]
    tables.of([device, vrf])
  }
  for (const place of places) zones.of(place)
  for (const { id: site, zones: own } of design.sites) for (const { name } of own) zones.of({ site, zone: name })

  const filtered = design.sites.flatMap((site) => site.devices.filter(({ filter }) => filter?.transit === 'filtered'))
  const guarded = filtered.map(({ id, filter }) => {
    const own = world.routed.links.ports.get(id)
    const among = filter!.zones.filter(({ name }) => name !== 'peer')
    return { id, zones: among.map(({ name, interfaces }) => ({ name, port: interfaces.map((name) => own?.get(name)).find((port) => port !== undefined) })) }
  })
  const claims = declaration.expectations.map(({ id, claim }) => ({ id, claim }))
  const roles = [...new Set(claims.flatMap(({ claim }) => (claim.kind === 'reach' && claim.through !== undefined ? [claim.through] : [])))]
  const missing = roles.map((role) => new Set(design.sites.flatMap((site) => site.devices.filter((device) => device.role === role).map(({ id }) => id))))

  const called = [
    ...new Set(
      [...intent.flows.map(({ to }) => to), ...claims.map(({ claim }) => intent.target(claim.to))].flatMap((spots) => spots.map(({ prefix }) => prefix)),
    ),
  ]
  const families = { 4: familyOf(4), 6: familyOf(6) }
  const answers: [number, string, number][] = []
  for (const [wire, on] of world.routed.links.onWire) {
    const texts = new Map(on.flatMap((port) => [...port.addresses, ...port.shared].map(({ ip }) => [showIp(ip), ip] as const)))
    for (const [text, ip] of texts) answers.push([wire, text, ports.of(world.ownerAt(on[0]!, ip) as Port)])
  }
  return {
    format: FORMAT,
    version: VERSION,
    company: declaration.name,
    files: Object.fromEntries([...files].sort(([a], [b]) => (a < b ? -1 : 1))),
    answers,
    // Ports, and with them tables and devices, come up on the way: these are told last.
    ports: ports.all().map((port) => {
      const own = port.addresses.map(({ ip }) => showIp(ip))
      return [tables.of([port.device, port.vrf]), port.name, port.wire, ...own] as const
    }),
    tables: tables.all().map(([device, vrf]) => [devices.of(device), vrf] as const),
    devices: devices.all().map((name) => [name, Number(world.asks(name)), Number(world.told.get(name)?.haproxy !== undefined)] as const),
    places: places.map((place) => [place.id, zones.of(place)] as const),
    flows: intent.flows.map(({ id }) => id),
    claims: claims.map(({ id, claim }): ClaimText => {
      const outside = Number(claim.to.kind === 'external')
      return { id, kind: claim.kind, outside, ...(claim.kind === 'reach' && claim.through !== undefined ? { world: 1 + roles.indexOf(claim.through) } : {}) }
    }),
    filters: guarded.map(({ id, zones: among }) => [devices.of(id), ...among.map(({ name, port }) => [name, port ? ports.of(port) : -1] as const)] as const),
    families,
    verdicts: verdictsBy(verdicts),
  }

  function familyOf(family: Family): FamilyCertificate {
    const kinds = proof.kinds(family)
    const gates = numbering(String)
    const passages = new Map<string, readonly [iif: Port, oif: Port | undefined, gate: number]>()
    const gateOf = (device: string, iif: Port, oif: Port | undefined) => {
      const gate = proof.gates(family).gateOf(device, iif, oif)
      if (gate !== undefined) passages.set(`${device} ${iif.name} ${oif?.name}`, [iif, oif, gates.of(gate)])
      return gate
    }
    const worlds = [undefined, ...missing].map((avoided) => {
      const fates = fatesOf(world, family, kinds, gateOf, avoided)
      const begun = places.map((place) => place.sources(family).filter(({ device }) => !avoided?.has(device)))
      for (const { device, vrf, port } of begun.flat()) fates.row(device, vrf, port)
      return { fates, avoided, begun }
    })
    for (const { id, zones: among } of guarded)
      for (const { name, port: iif } of among) for (const { name: other, port: oif } of among) if (iif && oif && name !== other) gateOf(id, iif, oif)
    const accepted = gates.all().map((gate) => proof.gates(family).passes({ gates: [gate] }))

    const flows = intent.flows.map(({ from, to, services }) => meantBy(family, from, to, services))
    const claimed = claims.map(({ claim: { from, to } }) =>
      meantBy(family, intent.side(from), intent.target(to), to.kind === 'service' ? intent.listens(to.service) : []),
    )
    const owned = zones
      .all()
      .map(({ site, zone }) => intervalsOf(family, design.sites.find(({ id }) => id === site)?.zones.find(({ name }) => name === zone)?.prefixes ?? []))
    const links = linksOf(design, family)
    const brought = places.map((place) => broughtTo(place, family))
    const sent = (boxes: Boxes) => boxes.map((box) => intervalOf(PACKETS[family], box, 'source'))
    const cuts = cutsOf(family, kinds.atoms.firsts, [
      ...worlds.flatMap(({ begun }) => begun.flat().flatMap(({ boxes }) => sent(boxes))),
      ...[...flows, ...claimed].flatMap(({ from, to, receivers }) => [
        ...from,
        ...[...to, ...receivers].flatMap(({ addresses, prefix }) => [addresses, prefix]),
      ]),
      ...owned.flat(),
      ...links,
      ...brought.flatMap((intervals) => intervals ?? []),
      ...accepted.flat().flatMap((box) => [intervalOf(PACKETS[family], box, 'source'), intervalOf(PACKETS[family], box, 'destination')]),
    ])

    const boxes = numbering((box: readonly number[]) => box.join())
    const ways = numbering((way: FamilyCertificate['ways'][number]) => JSON.stringify(way))
    const fates = numbering((fate: FamilyCertificate['fates'][number]) => JSON.stringify(fate))
    const plain = ({ from, to, receivers, services }: Meant): FlowCertificate => ({
      from: from.flatMap(cuts.interval),
      to: to.map(({ addresses, zone }) => [...cuts.interval(addresses), zone] as const),
      receivers: receivers.map(({ addresses, prefix, place }) => [...cuts.interval(addresses), ...cuts.interval(prefix), place] as const),
      services,
    })
    const certified = worlds.map((one): WorldCertificate => {
      const { fates: found, avoided, begun } = one
      const plainFate = remembered((number: number) => {
        const { ways, all } = found.fate(number)
        return fates.of([Number(!all), ...ways.map(({ behind, end }) => [end, ...behind.gates.map(gates.of).sort((a, b) => a - b)])])
      })
      return worldOf(found, [...(avoided ?? [])].map(devices.of), plainFate, begun, ({ boxes }) => sent(boxes).flatMap(cuts.interval))
    })
    return {
      atoms: cuts.firsts.map((first) => first.toString(16)),
      kinds: cuts.runs(kinds.atoms.kinds),
      links: links.flatMap(cuts.interval),
      routes: tables
        .all()
        .map(([device, vrf]) =>
          [...world.table(device, vrf).values()].flatMap((route) => (familyIn(route.prefix) === family ? [route.prefix, ways.of(wayOf(device, route))] : [])),
        ),
      ways: ways.all(),
      passages: [...passages.values()].flatMap(([iif, oif, gate]) => [ports.of(iif), oif ? ports.of(oif) : -1, gate]),
      gates: accepted.map((all) => all.map((box) => boxes.of(plainBox(family, box, cuts.interval)))),
      boxes: boxes.all(),
      worlds: certified,
      fates: fates.all(),
      zones: owned.map((intervals) => intervals.flatMap(cuts.interval)),
      brought: brought.map((intervals) => intervals?.flatMap(cuts.interval) ?? null),
      flows: flows.map(plain),
      claims: claimed.map(plain),
    }
  }

  /** What becomes of packets in a world. Where they go round there is no end to be far from. */
  function worldOf(
    found: Fates,
    avoided: readonly number[],
    plainFate: (number: number) => number,
    begun: readonly (readonly Source[])[],
    sourcesOf: (source: Source) => readonly number[],
  ): WorldCertificate {
    const all = found.stops().filter(({ fates }) => fates.some((fate) => fate >= 0))
    const rankOf = ranksOf(found)
    const rows = numbering((row: readonly number[]) => row.join())
    const ranks = numbering((row: readonly number[]) => row.join())
    const stops = numbering(({ device, vrf, port, own }: Pick<StopFates, 'device' | 'vrf' | 'port' | 'own'>) => stopName(device, vrf, port, own))
    const told = all.map((stop) => {
      const { device, vrf, port, own, fates } = stop
      stops.of(stop)
      const row = runsOf(fates.length, (kind) => (fates[kind]! < 0 ? UNMET : found.fate(fates[kind]!).round ? ROUND : plainFate(fates[kind]!)))
      const rank = runsOf(fates.length, (kind) => (fates[kind]! < 0 ? UNMET : rankOf(stop, kind)))
      return [tables.of([device, vrf]), port ? ports.of(port) : own ? OWN : ANY, rows.of(row), ranks.of(rank)] as const
    })
    const begin = (source: Source) => {
      const { device, vrf, port } = source
      return [stops.of({ device, vrf, port: port && world.asks(device) ? port : undefined, own: !port }), ...sourcesOf(source)] as const
    }
    return { missing: avoided, stops: told, rows: rows.all(), ranks: ranks.all(), places: begun.map((sources) => sources.map(begin)) }
  }

  function wayOf(device: string, { to }: Route): FamilyCertificate['ways'][number] {
    if (typeof to === 'string') return -1
    const own = world.routed.links.ports.get(device)!
    if ('port' in to) return ports.of(own.get(to.port)!)
    return to.flatMap((hop) => {
      const port = own.get(hop.port)
      return port ? [[ports.of(port), 'tunnel' in hop ? endOf(device, hop) : hop.address] as const] : []
    })
  }

  /** The port at the other end of a tunnel, -1 where there is none. */
  function endOf(device: string, { port, tunnel }: Extract<Hop, { readonly tunnel: string }>): number {
    const { vnis } = world.routed.links
    const vni = vnis.get(device)?.find(({ bridge }) => bridge === port)?.vni
    const end = vni === undefined ? undefined : world.tunnelTo(tunnel, vni)
    return end ? ports.of(world.routed.links.ports.get(end.device)!.get(end.bridge)!) : -1
  }

  function meantBy(family: Family, from: readonly Spot[], to: readonly Spot[], services: readonly Service[]): Meant {
    return {
      from: prefixesOf(from, family),
      to: to.flatMap(({ prefix, site, zone }) => {
        const addresses = addressesOf(prefix)
        return familyIn(prefix) === family
          ? [{ addresses, prefix: addresses, zone: zones.of({ ...(site === undefined ? {} : { site }), ...(zone === undefined ? {} : { zone }) }) }]
          : []
      }),
      receivers: receiversOf(design, world, to, family).map(({ addresses, spot, segment }) => ({
        addresses,
        prefix: addressesOf(spot.prefix),
        place: segment ?? '',
      })),
      services: services.map(({ protocol, ports }) => {
        const number = protocol === 'icmp' ? PROTOCOLS[family === 4 ? 'icmp' : 'icmpv6'] : PROTOCOLS[protocol]
        return ports ? [number, ...ports] : [number]
      }),
    }
  }

  /** The prefixes of flows that a place has a way to; null where it has one to all. */
  function broughtTo(place: Place, family: Family): readonly Interval[] | null {
    const prefixes = called.filter((prefix) => familyIn(prefix) === family)
    const found = prefixes.filter((prefix) => place.sendsTo(prefix))
    return found.length === prefixes.length ? null : found.map(addressesOf)
  }
}

/** Packets that are meant, before atoms have numbers. */
interface Meant {
  readonly from: readonly Interval[]
  readonly to: readonly { readonly addresses: Interval; readonly prefix: Interval; readonly zone: number }[]
  readonly receivers: readonly { readonly addresses: Interval; readonly prefix: Interval; readonly place: string }[]
  readonly services: readonly (readonly number[])[]
}

function stopName(device: string, vrf: string, port: Port | undefined, own: boolean): string {
  return `${tableName(device, vrf)} ${port ? port.name : own ? OWN : ANY}`
}

/** How far it is from a stop to the end, for a kind, by the longest of several ways. */
function ranksOf(found: Fates): (stop: StopFates, kind: number) => number {
  const known = new Map<StopFates, Int32Array>()
  const rankOf = (stop: StopFates, kind: number): number => {
    if (found.fate(stop.fates[kind]!).round) return ROUND
    const own = known.get(stop) ?? new Int32Array(stop.fates.length).fill(UNMET)
    known.set(stop, own)
    if (own[kind] === UNMET) own[kind] = stop.next(kind).reduce((rank, next) => Math.max(rank, 1 + rankOf(next, kind)), 0)
    return own[kind]!
  }
  return rankOf
}

function plainBox(family: Family, box: Box, interval: (addresses: Interval) => readonly [number, number]): readonly number[] {
  const space = PACKETS[family]
  return space.fields.flatMap(({ name }) => {
    const found = intervalOf(space, box, name)
    return name === 'source' || name === 'destination' ? interval(found) : found.map(Number)
  })
}

function verdictsBy(verdicts: readonly Verdict[]): Certificate['verdicts'] {
  const plain = ({ id, holds, counter }: Verdict): Certificate['verdicts'][string][number] =>
    counter?.packet === undefined ? [id, Number(holds)] : [id, Number(holds), counter.packet]
  return Object.fromEntries([...Map.groupBy(verdicts, ({ property }) => property)].map(([property, all]) => [property, all.map(plain)]))
}
