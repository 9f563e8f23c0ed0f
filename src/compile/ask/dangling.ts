/** Names by which the asks of a site refer to each other, and by which facts refer to them: each must be that of something that is asked for. */
import { type Diagnostic, diagnose } from '#base/diagnostic.ts'
import { byName } from '#base/order.ts'
import type { Origin } from '#base/place.ts'
import type { Asks, Carries } from '#standards/authoring/asks.ts'
import { pinOf } from '#standards/authoring/standard.ts'
import { unknownName } from '../check.ts'
import { factOrigin, type Site } from '../company.ts'

/** Refers an ask to something that was not asked for? A standard that writes a handle by itself, in place of one that a call returned, can. */
export function dangling(asks: Asks, site: Site): Diagnostic[] {
  const asked = {
    rack: new Set(asks.racks.map(({ name }) => name)),
    device: new Set(asks.devices.map(({ name }) => name)),
    segment: new Set(asks.segments.map(({ name }) => name)),
  }
  const diagnostics: Diagnostic[] = []
  const refer = (kind: keyof typeof asked, names: readonly string[], origin: Origin | undefined) => {
    for (const name of names.filter((candidate) => !asked[kind].has(candidate))) {
      const words = { standard: pinOf(site.standard), kind, name, site: site.name }
      diagnostics.push(diagnose('not-asked-for', words, { origin, value: name, allowed: [...asked[kind]].sort(byName) }))
    }
  }
  for (const { rack, why } of asks.devices) refer('rack', rack ? [...rack.among, ...(rack.prefer === undefined ? [] : [rack.prefer])] : [], why[0])
  for (const { a, b, carries, why } of asks.links) {
    refer('device', [...a.among, ...(b?.among ?? [])], why[0])
    refer('segment', segmentsOn(carries), why[0])
  }
  for (const { device, untagged, tagged, why } of asks.ports) {
    refer('device', [device], why[0])
    refer('segment', [untagged, ...tagged], why[0])
  }
  for (const { gateways, why } of asks.segments) refer('device', gateways, why[0])
  for (const { devices, why } of [...asks.filters, ...asks.balancers, ...asks.attachments]) refer('device', devices, why[0])
  for (const { device, segment, why } of asks.managed) {
    refer('device', [device], why[0])
    refer('segment', segment === undefined ? [] : [segment], why[0])
  }
  for (const { pool, why } of asks.balancers) refer('segment', [pool], why[0])
  return diagnostics
}

function segmentsOn(carries: Carries): readonly string[] {
  switch (carries.kind) {
    case 'trunk':
      return carries.segments
    case 'access':
    case 'management':
      return [carries.segment]
    case 'homed':
      return [carries.pool]
    default:
      return []
  }
}

/** Facts about something that the standard does not ask for: a pin of it, or its hardware. They would do nothing, and nobody would know. */
export function unusedFacts({ segments, devices }: Asks, { file, facts }: Site): Diagnostic[] {
  const unused = (kind: string, said: object | undefined, names: readonly (string | undefined)[], ...path: readonly string[]) => {
    const known = new Set(names.filter((name) => name !== undefined))
    return Object.keys(said ?? {}).flatMap((name) => (known.has(name) ? [] : [unknownName(kind, name, known, { origin: factOrigin(file, ...path, name) })]))
  }
  const names = segments.map(({ name }) => name)
  const speakers = devices.map(({ asn }) => asn)
  const speaking = devices.flatMap(({ name, asn }) => (asn === undefined ? [] : [name]))
  const roles = devices.map(({ role }) => role)
  return [
    ...unused('device with an AS number', facts.maintenance, speaking, 'maintenance'),
    ...unused('segment', facts.pinned?.segments, names, 'pinned', 'segments'),
    ...unused('device with an AS number', facts.pinned?.asns, speakers, 'pinned', 'asns'),
    ...unused('device with the role', facts.hardware, roles, 'hardware'),
  ]
}
