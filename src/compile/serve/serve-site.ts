/** The pass serve: what the gateways of a site do for the hosts on its segments: share the address that hosts use, hand out addresses, and keep in step with each other. */
import { addressPart, nth, prefixOf, showIp, sizeOf } from '#base/ip.ts'
import type { Why } from '#base/place.ts'
import type { StateSync } from '#design/filter.ts'
import type { CivicLocation, DhcpPool, DhcpSegment, DhcpServer, Vrrp, VrrpGroup } from '#design/for-hosts.ts'
import type { SegmentAsk } from '#standards/authoring/asks.ts'
import type { Addressed } from '../address/address-site.ts'
import { GATEWAY_OFFSET, RESERVED_IN_SEGMENT } from '../address/plan.ts'
import type { Located } from '../address/plan-company.ts'
import { addressIn, gatewayIn } from '../address/segment.ts'
import { factOrigin, type Site } from '../company.ts'
import { sharesGateway } from '../connect/connect-site.ts'
import type { Connected, SyncLink } from '../connect/connected.ts'
import type { Wanted } from '../join.ts'

/** What is the same for all sites. */
export interface Serving {
  readonly domain: string
  readonly resolvers: { readonly ours: readonly string[]; readonly strangers: readonly string[] }
  readonly clocks: readonly string[]
  /** Prefixes that whoever is master must have a route to: the company. */
  readonly follows: readonly string[]
}

/** What a device does for hosts. */
export interface Served {
  readonly stateSync?: StateSync
  readonly vrrp?: Vrrp
  readonly dhcp?: DhcpServer
}

/** VRRP priorities (RFC 5798 §5.2.4) of the first gateway and of the other: far enough apart that whoever has lost the WAN falls below. */
const PRIORITY = { first: 200, second: 100 } as const

/** The virtual router id of every segment: one router pair a segment, so there is nothing to tell apart. */
const VIRTUAL_ROUTER = 1

/** Seconds of a lease: a working day, so that who comes each morning keeps an address, and visitors do not use them up. */
const LEASE = 8 * 3600

/** Offset of the first IPv6 address that is handed out, and how many are: apart from what is written down by hand, and more than any segment has hosts. */
const POOL_V6 = { first: 0x1000n, size: 0x10000n } as const

/** What each device of a site does for hosts. */
export function serveSite(
  site: Site,
  { wanted, addressed, connected }: { readonly wanted: Wanted; readonly addressed: Addressed; readonly connected: ReadonlyMap<string, Connected> },
  serving: Serving,
): ReadonlyMap<string, Served> {
  const served = new Map<string, Served>()
  for (const [device, at] of connected) {
    const segments = wanted.asks.segments.filter(({ name }) => at.gateways.has(name))
    if (!at.sync && segments.length === 0) continue
    const vrrp = vrrpOf(device, at, segments, addressed, serving)
    const dhcp = dhcpOf(site, device, at, segments, addressed, serving)
    served.set(device, { ...(at.sync ? { stateSync: syncOf(at, at.sync) } : {}), ...(vrrp ? { vrrp } : {}), ...(dhcp ? { dhcp } : {}) })
  }
  return served
}

/** Connections with the device itself end with it; all else is told to the other. */
function syncOf({ interfaces }: Connected, { interface: name, local, remote, remoteName, why }: SyncLink): StateSync {
  const own = interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => addressPart(address)))
  return { interface: name, local: local.v4, remote: remote.v4, remoteName, own, why }
}

function vrrpOf(device: string, at: Connected, segments: readonly SegmentAsk[], addressed: Addressed, { follows }: Serving): Vrrp | undefined {
  const shared = segments.filter(sharesGateway)
  const [one] = shared
  if (!one) return undefined
  const groups = shared.map(({ name }): VrrpGroup => {
    const { v4, v6, why } = addressed.segments.get(name)!
    const because = [...new Set([...why, ...[...v4, v6[0]!].flatMap((block) => block.why)])]
    const shared = (block: Located) => addressIn(block, GATEWAY_OFFSET)
    return { name, interface: at.gateways.get(name)!, id: VIRTUAL_ROUTER, v4: v4.map(shared), v6: shared(v6[0]!), why: because }
  })
  const routes = at.sessions.some(({ exchange }) => exchange.accept === 'foreign') ? follows : []
  return {
    groups,
    priority: one.gateways[0] === device ? PRIORITY.first : PRIORITY.second,
    follows: routes,
    why: [...one.why, ...(routes.length > 0 ? ['company addressing'] : [])],
  }
}

function dhcpOf(
  site: Site,
  device: string,
  at: Connected,
  segments: readonly SegmentAsk[],
  addressed: Addressed,
  { domain, resolvers, clocks }: Serving,
): DhcpServer | undefined {
  const asks = segments.filter(({ dhcp }) => dhcp)
  const [one] = asks
  if (!one) return undefined
  const told = [clocks, ...Object.values(resolvers)].some((addresses) => addresses.length > 0) ? ['company baseline'] : []
  const handed = asks.map(({ name, strangers, voice, area }): DhcpSegment => {
    const { vlan, v4, v6, why } = addressed.segments.get(name)!
    return {
      name,
      id: vlan!,
      interface: at.gateways.get(name)!,
      leaseSeconds: LEASE,
      ...(strangers ? { resolvers: resolvers.strangers } : {}),
      ...(voice && area !== undefined ? { location: locationOf(site, area, why) } : {}),
      v4: v4.map((block) => ({ ...poolOf(block, BigInt(RESERVED_IN_SEGMENT), sizeOf(prefixOf(block.prefix)) - 2n), gateway: gatewayIn(block) })),
      v6: poolOf(v6[0]!, POOL_V6.first, POOL_V6.first + POOL_V6.size - 1n),
      why: [...new Set([...why, ...told])],
    }
  })
  const first = one.gateways[0] === device
  const { sync } = at
  const member = (name: string, address: string) => ({ name, address })
  const pair = sync && { self: member(device, sync.local.v4), other: member(sync.remoteName.slice(site.name.length + 1), sync.remote.v4) }
  const why = [...new Set([...one.why, ...told, ...(sync?.why ?? [])])]
  return {
    role: first ? 'primary' : 'standby',
    ...(pair ? { pair } : {}),
    domain: `${site.name}.${domain}`,
    resolvers: resolvers.ours,
    clocks,
    segments: handed,
    why,
  }
}

/** The addresses of a block from one offset to another. */
function poolOf({ prefix, why }: Located, first: bigint, last: bigint): DhcpPool {
  const at = (offset: bigint) => showIp(nth(prefixOf(prefix), offset))
  return { prefix, first: at(first), last: at(last), why }
}

function locationOf(site: Site, area: string, segment: Why): CivicLocation {
  const { country, city, address } = site.facts
  const facts = address === undefined ? ['country', 'city'] : ['country', 'city', 'address']
  return { country, city, ...(address === undefined ? {} : { address }), area, why: [...segment, ...facts.map((fact) => factOrigin(site.file, fact))] }
}
