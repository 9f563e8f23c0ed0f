/** Who is called by a name or an address, as policies say it. */
import { bitsOf, contains, familyOf, parseIp, prefixOf } from '#base/ip.ts'
import type { Design, SegmentNode } from '#design/design.ts'
import type { Endpoint } from '#model/policy.ts'

/** `internet`, a service, a zone, a segment, or whoever has an address; undefined for whom no policy speaks of. */
export function endpointOf({ sites, services }: Design, name: string): Endpoint | undefined {
  if (name === 'internet') return { kind: 'external', external: 'internet' }
  if (services.some(({ id }) => id === `service/${name}`)) return { kind: 'service', service: name }
  if (parseIp(name)) {
    const service = services.find(({ replicas }) => replicas.some(({ v4, v6 }) => v4 === name || v6 === name))
    if (service) return { kind: 'service', service: service.id.slice(service.id.indexOf('/') + 1) }
  }
  if (sites.some(({ zones }) => zones.some((zone) => zone.name === name))) return { kind: 'zone', zone: name }
  const segment = segmentOf(sites, name)
  return segment && { kind: 'segment', segment: segment.id }
}

/** The segment of that name, or that an address is in. */
export function segmentOf(sites: Design['sites'], name: string): SegmentNode | undefined {
  const ip = parseIp(name)
  const isIn = (prefix: string) =>
    ip && familyOf(prefix) === ip.family && contains(prefixOf(prefix), { family: ip.family, base: ip.value, length: bitsOf(ip.family) })
  return sites.flatMap(({ segments }) => segments).find(({ id, prefixes }) => id === name || prefixes.some(isIn))
}
