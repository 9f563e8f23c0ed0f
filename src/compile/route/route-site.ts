/** The pass route: what each device of a site is told about routes, from the sessions it has and what each side of them says and believes. */
import type { Why } from '#base/place.ts'
import type { BgpInstance, BgpNeighbor, Routing, StaticRoute } from '#design/routing.ts'
import type { Announcement } from '#standards/authoring/asks.ts'
import type { Addressed, Pair } from '../address/address-site.ts'
import { vrfTable } from '../address/plan.ts'
import type { Located, SiteNumbers } from '../address/plan-company.ts'
import { blockOf, gatewayIn } from '../address/segment.ts'
import type { Site } from '../company.ts'
import type { Connected, Session } from '../connect/connected.ts'
import { ledgerOrigin } from '../holdings.ts'
import type { Wanted } from '../join.ts'
import type { Placed } from '../place/place-site.ts'
import { COMPANY_ASN, policyBook, preferencesAt } from './policies.ts'

/** Equal-cost next hops installed: more than any fabric here has spines. */
const ECMP_WIDTH = 64

/**
 * Failure detection by BFD. Near: devices of one place, 0.9 s, what two cores bear for every link of a pod and 7 times faster than the hold time of BGP. Far: over circuits and tunnels, which lose
 * packets in bursts, and to hosts, which are busy with other things.
 */
const BFD = { near: { intervalMs: 300, multiplier: 3 }, far: { intervalMs: 1000, multiplier: 3 } } as const

/** Prefixes of a family that a neighbour may send before it is believed to have lost its filters: several times what it has by design. */
const MOST_PREFIXES: Readonly<Record<Session['kind'], number>> = {
  fabric: 20_000,
  'vrf-handoff': 100,
  'open-handoff': 1_000,
  route: 5_000,
  carrier: 100,
  'to-host': 100,
  host: 10,
}

/** What a firewall says to the zones: summaries and a way out, and nothing finer. */
const TO_ZONES: readonly Announcement[] = ['site', 'company', 'default']

const DEFAULT = { 4: '0.0.0.0/0', 6: '::/0' } as const

/** Routing of each device of a site that needs any. `company` is the company's whole space. */
export function routeSite(
  site: Site,
  slices: {
    readonly wanted: Wanted
    readonly placed: Placed
    readonly connected: ReadonlyMap<string, Connected>
    readonly addressed: Addressed
    readonly numbers: SiteNumbers
  },
  company: { readonly v4: readonly Located[]; readonly v6: readonly Located[] },
): ReadonlyMap<string, Routing> {
  const { wanted, placed, connected, addressed, numbers } = slices
  const filters = new Set(wanted.asks.filters.flatMap((filter) => filter.devices))
  const here = { name: site.name, v4: addressed.v4, v6: addressed.v6 }
  // Only a hub makes the company's summary. Elsewhere it is what the hubs say: a summary of one's own would win over it, and drop all that goes to other sites.
  const isHub = wanted.asks.attachments.some(({ hub }) => hub)

  const preferences = preferencesAt(site.name, wanted.links)

  const routings = new Map<string, Routing>()
  for (const [name, device] of placed.devices) {
    const at = connected.get(name)!
    const asn = numbers.asns[device.ask.asn ?? '']
    if (asn === undefined) {
      const statics = [...defaultOfHost(name), ...defaultOfManagement(at)]
      if (statics.length > 0) routings.set(name, { statics, prefixLists: [], policies: [], bgp: [] })
      continue
    }
    const host = device.ask.zone !== undefined
    const loopback = host ? addressed.hosts.get(name) : addressed.loopbacks.get(name)
    if (!loopback) continue
    const book = policyBook({ here, kind: site.standard.kind, known: addressed.public, company, asn, preferences, isHub, ...device })
    /** The speaker's number and its address, beside what made it one. */
    const speaker = (why: Why): Why => [...new Set([...why, ledgerOrigin(site.name, `asn ${device.ask.asn}`), ...loopback.why])]
    const instanceWhy = speaker(device.why)
    const open = at.sessions.filter((session) => session.kind !== 'vrf-handoff' && session.kind !== 'to-host')
    const zoneOf = ({ zone }: Session) => (zone === undefined ? undefined : { name: zone, ...addressed.zones.get(zone)! })
    const announced = new Set<Announcement>(open.flatMap((session) => (session.kind === 'open-handoff' ? TO_ZONES : session.exchange.announce)))
    const summaries = (family: 4 | 6) => [
      ...(announced.has('site') && (filters.has(name) || filters.size === 0) ? here[family === 4 ? 'v4' : 'v6'] : []),
      ...(announced.has('company') && isHub ? company[family === 4 ? 'v4' : 'v6'] : []),
    ]
    const networks = (family: 4 | 6) => [
      ...held(name, loopback, family),
      ...[...at.gateways.keys()].flatMap((segment) => (isInVrf(segment) ? [] : segmentNetworks(segment, family))),
      ...at.carriers.flatMap((carrier) => (carrier[family === 4 ? 'v4' : 'v6'] === undefined ? [] : [{ prefix: DEFAULT[family], why: carrier.why }])),
    ]
    const leaving = site.facts.maintenance?.[name] === undefined ? {} : { gracefulShutdown: true }
    const main: BgpInstance = {
      asn,
      routerId: loopback.v4,
      ...leaving,
      neighbors: open.flatMap((session) => neighborsOf(session, book, zoneOf(session))),
      ipv4: { networks: networks(4), aggregates: summaries(4), maximumPaths: ECMP_WIDTH },
      ipv6: { networks: networks(6), aggregates: summaries(6), maximumPaths: ECMP_WIDTH },
      ...(at.vrfs.some((vrf) => vrf.vni !== undefined) || open.some((session) => session.kind === 'fabric')
        ? { evpn: { kind: 'underlay' as const, why: device.why } }
        : {}),
      why: instanceWhy,
    }
    // The VRF of a management port speaks no BGP: it has a default and nothing else.
    const inVrfs = at.vrfs
      .filter(({ name }) => name !== at.management?.vrf)
      .map((vrf): BgpInstance => {
        const blocks = addressed.zones.get(vrf.name)!
        const inside = at.sessions.filter((session) => (session.kind === 'vrf-handoff' || session.kind === 'to-host') && session.zone === vrf.name)
        const handoffs = inside.filter(({ kind }) => kind === 'vrf-handoff')
        const family = (version: 4 | 6) => ({
          networks: [...at.gateways.keys()].flatMap((segment) =>
            addressed.segments.get(segment)!.zone === vrf.name && isInVrf(segment) ? segmentNetworks(segment, version) : [],
          ),
          aggregates: handoffs.length > 0 ? blocks[version === 4 ? 'v4' : 'v6'] : [],
          maximumPaths: ECMP_WIDTH,
        })
        return {
          vrf: vrf.name,
          asn,
          routerId: loopback.v4,
          ...leaving,
          neighbors: inside.flatMap((session) => neighborsOf(session, book, { name: vrf.name, ...blocks })),
          ipv4: family(4),
          ipv6: family(6),
          ...(vrf.vni === undefined
            ? {}
            : {
                evpn: {
                  kind: 'vrf' as const,
                  distinguisher: `${loopback.v4}:${vrfTable(blocks.number)}`,
                  target: `${COMPANY_ASN}:${vrf.vni}`,
                  why: [...vrf.why, ...loopback.why],
                },
              }),
          why: speaker(vrf.why),
        }
      })
    const statics = at.carriers.flatMap((carrier): StaticRoute[] =>
      ([4, 6] as const).flatMap((family) => {
        const address = carrier[family === 4 ? 'v4' : 'v6']
        return address === undefined ? [] : [{ prefix: DEFAULT[family], via: { address }, why: carrier.why }]
      }),
    )
    statics.push(...defaultOfManagement(at))
    const bgp = [main, ...inVrfs]
    const used = new Set(bgp.flatMap(({ neighbors }) => neighbors.flatMap((neighbor) => neighbor.bfd ?? [])))
    const bfd = (['far', 'near'] as const).filter((of) => used.has(of)).map((of) => ({ name: of, ...BFD[of], why: device.why }))
    routings.set(name, { ...(bfd.length > 0 ? { bfd } : {}), statics, ...book.finish(), bgp })
  }
  return routings

  /** The addresses that a device holds itself: its loopback; on a host those of its replicas too; on a balancer those of the services. */
  function held(name: string, own: Pair, family: 4 | 6) {
    const replicas = [...addressed.replicas.values()].filter(({ host }) => host === name)
    const services = wanted.asks.balancers.some(({ devices }) => devices.includes(name)) ? [...addressed.services.values()] : []
    return [own, ...replicas, ...services].map(({ v4, v6, why }) => ({ prefix: family === 4 ? `${v4}/32` : `${v6}/128`, why }))
  }

  function isInVrf(segment: string): boolean {
    return wanted.asks.segments.find((ask) => ask.name === segment)!.vrf
  }

  function segmentNetworks(name: string, family: 4 | 6) {
    return addressed.segments.get(name)![family === 4 ? 'v4' : 'v6']
  }

  /** Whoever runs a device over a port of its own is answered by the gateway of its segment. */
  function defaultOfManagement({ management }: Connected): StaticRoute[] {
    const segment = management?.segment === undefined ? undefined : addressed.segments.get(management.segment)
    if (!management || !segment) return []
    return (['v4', 'v6'] as const).map((family) => {
      const block = blockOf(segment, management[family])
      const vrf = management.vrf === undefined ? {} : { vrf: management.vrf }
      return { prefix: DEFAULT[family === 'v4' ? 4 : 6], ...vrf, via: { address: gatewayIn(block) }, why: [...management.why, ...block.why] }
    })
  }

  /** A host sends everything to the gateway of its segment. */
  function defaultOfHost(name: string): StaticRoute[] {
    const link = wanted.links.find(({ link: { carries, b } }) => carries.kind === 'access' && b?.site === site.name && b.among[0] === name)?.link
    const segment = link?.carries.kind === 'access' ? addressed.segments.get(link.carries.segment) : undefined
    const host = addressed.hosts.get(name)
    if (!segment || !host) return []
    return (['v4', 'v6'] as const).map((family) => {
      const block = blockOf(segment, host[family])
      return { prefix: DEFAULT[family === 'v4' ? 4 : 6], via: { address: gatewayIn(block) }, why: [...block.why, ...link!.why] }
    })
  }
}

/** The neighbours of a session: one a family, over addresses of that family (a session then fails with the family that it serves). */
function neighborsOf(
  session: Session,
  book: ReturnType<typeof policyBook>,
  zone?: { readonly name: string; readonly v4: readonly Located[]; readonly v6: readonly Located[] },
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
        ...(session.kind === 'carrier' ? {} : { bfd: session.reach === 'site' && session.kind !== 'host' && session.kind !== 'to-host' ? 'near' : 'far' }),
        maximumPrefixes: MOST_PREFIXES[session.kind],
        ...(session.exchange.announce.includes('public') ? { removePrivateAsns: true } : {}),
        why: [...new Set([...session.asked, ...session.asnWhy, ...session.why])],
      },
    ]
  })
}
