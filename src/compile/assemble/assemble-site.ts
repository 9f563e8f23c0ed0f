/** The last pass: the slices of a site become one frozen node, its devices complete. */
import { freeze } from '#base/canonical.ts'
import { sortedBy } from '#base/order.ts'
import type { SiteDesign } from '#design/design.ts'
import type { Device, Management } from '#design/device.ts'
import type { Filter } from '#design/filter.ts'
import type { Balancer, Resolver } from '#design/for-hosts.ts'
import type { Routing } from '#design/routing.ts'
import { pinOf } from '#standards/authoring/standard.ts'
import type { Addressed } from '../address/address-site.ts'
import type { Admitted } from '../admit/admit-site.ts'
import type { Cabled } from '../cable/cable-site.ts'
import { factOrigin, type Site } from '../company.ts'
import type { Connected } from '../connect/connected.ts'
import type { Neighbors } from '../connect/neighbors.ts'
import type { Wanted } from '../join.ts'
import { type Memo, remember } from '../memo.ts'
import type { Placed, PlacedDevice } from '../place/place-site.ts'
import type { Served } from '../serve/serve-site.ts'

/** The slices of a site. */
export interface SiteSlices {
  readonly wanted: Wanted
  readonly placed: Placed
  readonly cabled: Cabled
  readonly addressed: Addressed
  readonly connected: ReadonlyMap<string, Connected>
  readonly routed: ReadonlyMap<string, Routing>
  readonly secured: ReadonlyMap<string, Filter>
  readonly served: ReadonlyMap<string, Served>
  readonly balancing: ReadonlyMap<string, Balancer>
  readonly managed: ReadonlyMap<string, Management>
  readonly resolving: ReadonlyMap<string, Resolver>
  readonly admitted: ReadonlyMap<string, Admitted>
  readonly neighbors: Neighbors
}

/** Puts a site together. Devices are remembered one by one, so that a change to one leaves the others the same objects, and their texts printed. */
export function assembleSite(site: Site, slices: SiteSlices, domain: string, memo: Memo): SiteDesign {
  const { wanted, placed, cabled, addressed, connected, routed, secured, served, balancing, managed, resolving, admitted, neighbors } = slices
  const status = site.facts.status ?? 'active'
  const devices = sortedBy(placed.devices.values(), (device) => device.ask.name).map((device) => {
    const name = device.ask.name
    return remember(memo, 'device', `${site.name}/${name}`, [slices], () =>
      freeze(
        assembleDevice(site, domain, device, connected.get(name)!, {
          routing: routed.get(name),
          filter: secured.get(name),
          ...served.get(name),
          ...admitted.get(name),
          balancer: balancing.get(name),
          management: managed.get(name),
          resolver: resolving.get(name),
        }),
      ),
    )
  })
  const full = (device: { readonly site: string; readonly device: string; readonly port: string } | undefined) =>
    device && { device: `${device.site}/${device.device}`, port: device.port }
  const facts = site.facts as Site['facts'] & { readonly seats?: number }
  return freeze<SiteDesign>({
    kind: 'site',
    id: site.name,
    standard: pinOf(site.standard),
    category: site.standard.kind,
    status,
    city: facts.city,
    country: facts.country,
    ...(facts.opens === undefined ? {} : { opens: facts.opens }),
    seats: facts.seats ?? 0,
    blocks: [...addressed.v4, ...addressed.v6].map(({ prefix }) => prefix),
    zones: [...addressed.zones].map(([name, zone]) => ({
      kind: 'zone',
      id: `${site.name}/zone/${name}`,
      name,
      number: zone.number,
      prefixes: [...zone.v4, ...zone.v6].map(({ prefix }) => prefix),
      why: zone.why,
    })),
    segments: wanted.asks.segments.flatMap((ask) => {
      const segment = addressed.segments.get(ask.name)
      return segment
        ? [
            {
              kind: 'segment' as const,
              id: `${site.name}/${ask.name}`,
              zone: ask.zone,
              ...(segment.vlan === undefined ? {} : { vlan: segment.vlan }),
              prefixes: [...segment.v4, ...segment.v6].map(({ prefix }) => prefix),
              gateways: ask.gateways,
              hosts: ask.hosts,
              why: [...new Set([segment, ...segment.v4, ...segment.v6].flatMap(({ why }) => why))],
            },
          ]
        : []
    }),
    racks: wanted.asks.racks.map((rack) => ({
      kind: 'rack',
      id: `${site.name}/${rack.name}`,
      units: rack.units,
      ...(rack.room === undefined ? {} : { room: rack.room }),
      why: rack.why,
    })),
    devices,
    links: cabled.wires
      .filter((wire) => wire.owner === site.name)
      .flatMap((wire) => {
        const a = full(wire.a ?? neighbors.get(wire.id)?.plug)
        const b = full(wire.b ?? (wire.ask.b ? neighbors.get(wire.id)?.plug : undefined))
        if (!a) return []
        const { medium, ask } = wire
        return [
          {
            kind: 'link' as const,
            id: wire.id,
            a,
            ...(b ? { b } : {}),
            speed: wire.speed,
            ...(medium ? { medium: medium.name } : {}),
            ...(ask.circuit ? { circuit: wire.id } : {}),
            why: [...new Set([...ask.why, ...(wire.a?.why ?? []), ...(wire.b?.why ?? [])])],
          },
        ]
      }),
    circuits: sortedBy(facts.circuits ?? [], (circuit) => circuit.id).map((circuit) => ({
      kind: 'circuit',
      id: `${site.name}/circuit/${circuit.id}`,
      carrier: circuit.carrier,
      type: circuit.kind,
      bandwidth: circuit.bandwidth,
      ...(circuit.price?.fixed ? { monthly: circuit.price.fixed } : {}),
      ...(circuit.leadTime === undefined ? {} : { leadTime: circuit.leadTime }),
      ...(circuit.to === undefined ? {} : { to: circuit.to }),
      why: [factOrigin(site.file, 'circuits', circuit.id)],
    })),
    why: [factOrigin(site.file, 'standard'), ...[...addressed.v4, ...addressed.v6].flatMap((block) => block.why)],
  })
}

function assembleDevice(
  site: Site,
  domain: string,
  device: PlacedDevice,
  at: Connected,
  told: {
    routing: Routing | undefined
    filter: Filter | undefined
    balancer: Balancer | undefined
    management: Management | undefined
    resolver: Resolver | undefined
  } & Served &
    Admitted,
): Device {
  const { ask, type, platform, place, supplies, why } = device
  return {
    kind: 'device',
    id: `${site.name}/${ask.name}`,
    site: site.name,
    name: ask.name,
    role: ask.role,
    model: type.slug,
    platform,
    status: site.facts.status ?? 'active',
    hostname: `${ask.name}.${site.name}.${domain}`,
    ...(place ? { place, supplies: supplies! } : {}),
    forwards: (ask.asn !== undefined && ask.zone === undefined) || at.gateways.size > 0,
    interfaces: at.interfaces,
    vrfs: at.vrfs,
    ...(ask.members > 1 ? { members: ask.members } : {}),
    ...Object.fromEntries(Object.entries(told).filter(([, part]) => part !== undefined)),
    why,
  }
}
