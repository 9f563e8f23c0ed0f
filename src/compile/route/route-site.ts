/** The pass route: what each device of a site is told about routes, from the sessions it has and what each side of them says and believes. */
import type { Why } from '#base/place.ts'
import type { BgpInstance, BgpNeighbor, Routing, StaticRoute } from '#design/device.ts'
import type { Announcement } from '#standards/authoring/asks.ts'
import type { Addressed } from '../address/address-site.ts'
import { vrfTable } from '../address/plan.ts'
import type { SiteNumbers } from '../address/plan-company.ts'
import { factOrigin, type Site } from '../company.ts'
import type { Connected, Session } from '../connect/connect-site.ts'
import type { Wanted } from '../join.ts'
import type { Placed } from '../place/place-site.ts'
import { policyBook } from './policies.ts'

/** Equal-cost next hops installed: more than any fabric here has spines. */
const ECMP_WIDTH = 64

/** The two-octet AS number in route targets (RFC 4360 §4), whose four-octet local part holds the VNI: AS_TRANS's neighbour 65000, private by RFC 6996. One for all devices, so that every leaf imports what any exports. */
const TARGET_ASN = 65000

/** What a firewall says to the zones: a way out, and nothing finer. */
const TO_ZONES: readonly Announcement[] = ['company', 'default']

const DEFAULT = { 4: '0.0.0.0/0', 6: '::/0' } as const

/** Routing of each device of a site that needs any. */
export function routeSite(
  site: Site,
  parts: {
    readonly wanted: Wanted
    readonly placed: Placed
    readonly connected: ReadonlyMap<string, Connected>
    readonly addressed: Addressed
    readonly numbers: SiteNumbers
    readonly company: { readonly v4: readonly string[]; readonly v6: readonly string[]; readonly why: Why }
  },
): ReadonlyMap<string, Routing> {
  const { wanted, placed, connected, addressed, numbers, company } = parts
  const filters = new Set(wanted.asks.filters.flatMap((filter) => filter.devices))
  const siteWhy: Why = numbers.claims.filter((claim) => claim.key.startsWith('block ')).map((claim) => `ledger ${site.name} ${claim.key}`)
  const here = { name: site.name, v4: addressed.v4, v6: addressed.v6, why: siteWhy.length > 0 ? siteWhy : [factOrigin(site.file, 'standard')] }

  const routings = new Map<string, Routing>()
  for (const [name, device] of placed.devices) {
    const at = connected.get(name)!
    const asn = numbers.asns[device.ask.asn ?? '']
    if (asn === undefined) {
      const statics = defaultOfHost(name)
      if (statics.length > 0) routings.set(name, { statics, prefixLists: [], policies: [], bgp: [] })
      continue
    }
    const loopback = addressed.loopbacks.get(name)
    if (!loopback) continue
    const book = policyBook({ here, company, standby: device.ask.standby })
    const asnWhy: Why = [...device.why, `ledger ${site.name} asn ${device.ask.asn}`]
    const open = at.sessions.filter((session) => session.kind !== 'vrf-handoff')
    const announced = new Set<Announcement>(open.flatMap((session) => (session.kind === 'open-handoff' ? TO_ZONES : session.exchange.announce)))
    const summaries = (family: 4 | 6) => [
      ...(announced.has('site') && (filters.has(name) || filters.size === 0)
        ? here[family === 4 ? 'v4' : 'v6'].map((prefix) => ({ prefix, why: here.why }))
        : []),
      ...(announced.has('company') ? company[family === 4 ? 'v4' : 'v6'].map((prefix) => ({ prefix, why: company.why })) : []),
    ]
    const networks = (family: 4 | 6) => [
      { prefix: family === 4 ? `${loopback.v4}/32` : `${loopback.v6}/128`, why: loopback.why },
      ...at.gatewayOf.flatMap((segment) => (isInVrf(segment) ? [] : segmentNetworks(segment, family))),
      ...at.carriers.flatMap((carrier) => (carrier[family === 4 ? 'v4' : 'v6'] === undefined ? [] : [{ prefix: DEFAULT[family], why: carrier.why }])),
    ]
    const main: BgpInstance = {
      asn,
      routerId: loopback.v4,
      neighbors: open.flatMap((session) => neighborsOf(session, book)),
      ipv4: { networks: networks(4), aggregates: summaries(4), maximumPaths: ECMP_WIDTH },
      ipv6: { networks: networks(6), aggregates: summaries(6), maximumPaths: ECMP_WIDTH },
      ...(at.vrfs.some((vrf) => vrf.vni !== undefined) || open.some((session) => session.kind === 'fabric')
        ? { evpn: { kind: 'underlay' as const, why: evpnWhy(open, asnWhy) } }
        : {}),
      why: asnWhy,
    }
    const inVrfs = at.vrfs.map((vrf): BgpInstance => {
      const blocks = addressed.zones.get(vrf.name)!
      const handoffs = at.sessions.filter((session) => session.kind === 'vrf-handoff' && session.zone === vrf.name)
      const family = (version: 4 | 6) => ({
        networks: at.gatewayOf.flatMap((segment) =>
          addressed.segments.get(segment)!.zone === vrf.name && isInVrf(segment) ? segmentNetworks(segment, version) : [],
        ),
        aggregates: handoffs.length > 0 ? blocks[version === 4 ? 'v4' : 'v6'].map((prefix) => ({ prefix, why: blocks.why })) : [],
        maximumPaths: ECMP_WIDTH,
      })
      return {
        vrf: vrf.name,
        asn,
        routerId: loopback.v4,
        neighbors: handoffs.flatMap((session) => neighborsOf(session, book, { name: vrf.name, ...blocks })),
        ipv4: family(4),
        ipv6: family(6),
        ...(vrf.vni === undefined
          ? {}
          : {
              evpn: {
                kind: 'vrf' as const,
                distinguisher: `${loopback.v4}:${vrfTable(blocks.number)}`,
                target: `${TARGET_ASN}:${vrf.vni}`,
                why: [...vrf.why, ...blocks.why],
              },
            }),
        why: vrf.why,
      }
    })
    const statics = at.carriers.flatMap((carrier): StaticRoute[] =>
      ([4, 6] as const).flatMap((family) => {
        const address = carrier[family === 4 ? 'v4' : 'v6']
        return address === undefined ? [] : [{ prefix: DEFAULT[family], via: { address }, why: carrier.why }]
      }),
    )
    routings.set(name, { statics, ...book.finish(), bgp: [main, ...inVrfs] })
  }
  return routings

  function isInVrf(segment: string): boolean {
    return wanted.asks.segments.find((ask) => ask.name === segment)!.vrf
  }

  function segmentNetworks(name: string, family: 4 | 6) {
    const segment = addressed.segments.get(name)!
    return segment[family === 4 ? 'v4' : 'v6'].map((prefix) => ({ prefix, why: segment.why }))
  }

  /** A host sends everything to the gateway of its segment. */
  function defaultOfHost(name: string): StaticRoute[] {
    const link = wanted.links.find(({ link: { carries, b } }) => carries.kind === 'access' && b?.site === site.name && b.among[0] === name)?.link
    const gateway = link?.carries.kind === 'access' ? addressed.segments.get(link.carries.segment)?.gateway : undefined
    return gateway
      ? ([4, 6] as const).map((family) => ({ prefix: DEFAULT[family], via: { address: gateway[family === 4 ? 'v4' : 'v6'] }, why: gateway.why }))
      : []
  }
}

/** The neighbours of a session: one a family, over addresses of that family (a session then fails with the family that it serves). */
function neighborsOf(
  session: Session,
  book: ReturnType<typeof policyBook>,
  zone?: { name: string; v4: readonly string[]; v6: readonly string[]; why: Why },
): BgpNeighbor[] {
  const policies = book.forSession(session, zone)
  return ([4, 6] as const).flatMap((family): BgpNeighbor[] => {
    const address = session.remote[family === 4 ? 'v4' : 'v6']
    if (address === undefined) return []
    const ip = family === 4 ? 'ipv4' : 'ipv6'
    return [
      {
        address,
        asn: session.remoteAsn,
        description: `${session.remoteName} (${session.interface})`,
        families: session.kind === 'fabric' && family === 4 ? [ip, 'evpn'] : [ip],
        ...policies,
        originateDefault: false,
        why: session.why,
      },
    ]
  })
}

function evpnWhy(sessions: readonly Session[], otherwise: Why): Why {
  return sessions.find((session) => session.kind === 'fabric')?.why ?? otherwise
}
