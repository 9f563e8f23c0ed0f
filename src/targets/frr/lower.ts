/** Turns a device's routing into FRR's terms. Every element keeps the why of the design element it says. */
import { addressPart, familyOf, parseInterface, prefixAround, prefixOf, showPrefix } from '#base/ip.ts'
import { byCodeUnit } from '#base/order.ts'
import type { Device } from '#design/device.ts'
import type { Interface } from '#design/interface.ts'
import type { BfdProfile, BgpFamily, BgpInstance, BgpNeighbor, PrefixList, RoutePolicy, Routing, StaticRoute } from '#design/routing.ts'
import { rules } from './rules.ts'
import {
  type AddressFamily,
  BUILD_PATHS,
  DEFAULT_DISTANCE,
  type EvpnFamily,
  type FamilyNeighbor,
  type FrrInterface,
  type FrrPrefixList,
  type FrrPrefixListEntry,
  type FrrTree,
  type FrrVrf,
  type RouteMap,
  type Router,
  type Static,
} from './tree.ts'

/** Seconds; the reason is rule `connect-retry`. */
const CONNECT_RETRY = 10

/** What a device without `routing` knows of routes. */
const NO_ROUTES: Routing = { statics: [], prefixLists: [], policies: [], bgp: [] }

/** The FRR configuration of the device; undefined when it runs none, or is told nothing about routes and tells hosts nothing. */
export function lower(device: Device): FrrTree | undefined {
  const interfaces = device.interfaces.flatMap(advertising)
  if (!device.platform.includes('frr') || (!device.routing && interfaces.length === 0)) return undefined
  const routing = device.routing ?? NO_ROUTES
  const maps = routeMapsOf(routing)
  const own = ownSources(device, routing)
  const profiles = routing.bfd ?? []
  const watchedBy = new Map(profiles.map((profile) => [profile.name, profileName(profile)]))
  return {
    hostname: device.hostname,
    forwarding: { ipv4: device.forwards, ipv6: device.forwards },
    ...(device.vrfs.some(({ vni }) => vni !== undefined) ? { workQueueHold: 0, zapiPackets: 1 } : {}),
    prefixLists: routing.prefixLists.map(prefixListOf),
    communityLists: routing.communityLists ?? [],
    routeMaps: [...maps.all, ...own.map(({ map }) => map)],
    protocolMaps: Object.fromEntries(own.map(({ family, map }) => [family, map.name])),
    statics: staticsIn(routing, undefined),
    vrfs: vrfsOf(device, routing),
    interfaces,
    bfdProfiles: profiles.map((profile) => ({
      name: profileName(profile),
      detectMultiplier: profile.multiplier,
      transmitInterval: profile.intervalMs,
      receiveInterval: profile.intervalMs,
      why: profile.why,
    })),
    routers: routing.bgp.map((instance) =>
      routerOf(instance, { policy: (name) => maps.nameFor(name, instance.asn), profile: (name) => watchedBy.get(name) ?? name }),
    ),
    why: device.why,
  }
}

/** A host has links only to reach the network by. What it sends by routes of BGP is from the first address of its loopback; the reason is rule `own-source`. */
function ownSources({ forwards, interfaces }: Device, { bgp }: Routing): { family: 'ipv4' | 'ipv6'; map: RouteMap }[] {
  if (forwards || !bgp.some(({ vrf }) => vrf === undefined)) return []
  const addresses = interfaces.flatMap((one) => (one.kind === 'loopback' ? one.addresses : []))
  return ([4, 6] as const).flatMap((family) => {
    const own = addresses.find(({ address }) => familyOf(address) === family)
    if (!own) return []
    const entry = { sequence: 10, action: 'permit', source: addressPart(own.address), why: [rules.ownSource.origin, ...own.why] } as const
    return [{ family: `ipv${family}` as const, map: { name: `own-source-v${family}`, entries: [entry] } }]
  })
}

/** A profile's name has its timers; the reason is rule `profile-name`. */
function profileName({ name, intervalMs, multiplier }: BfdProfile): string {
  return `${name}-${intervalMs}x${multiplier}`
}

function vrfsOf(device: Device, routing: Routing): FrrVrf[] {
  return device.vrfs
    .map((vrf) => ({ name: vrf.name, ...(vrf.vni === undefined ? {} : { vni: vrf.vni }), statics: staticsIn(routing, vrf.name), why: vrf.why }))
    .filter((vrf) => vrf.vni !== undefined || vrf.statics.length > 0)
}

function staticsIn(routing: Routing, vrf: string | undefined): Static[] {
  return routing.statics.filter((route) => route.vrf === vrf).map(staticOf)
}

function staticOf({ prefix, via, distance, why }: StaticRoute): Static {
  return { prefix, via: via === 'discard' ? 'blackhole' : via.address, distance: distance ?? DEFAULT_DISTANCE, why }
}

function advertising({ name, addresses, advertises }: Interface): FrrInterface[] {
  if (!advertises) return []
  const { managed, preference, intervalSeconds, lifetimeSeconds, resolvers, why } = advertises
  const prefixes = addresses.flatMap(({ address }) => (isGlobal6(address) ? [networkOf(address)] : []))
  return [
    {
      name,
      raInterval: intervalSeconds,
      raLifetime: lifetimeSeconds,
      managedConfig: managed,
      otherConfig: managed,
      preference,
      prefixes: [...new Set(prefixes)].sort(byCodeUnit).map((prefix) => ({ prefix, autonomous: !managed })),
      // The option has room for IPv6 addresses only (RFC 8106 §5.1).
      resolvers: resolvers.filter((address) => familyOf(address) === 6),
      why,
    },
  ]
}

/** The prefix of a link-local address is not advertised (RFC 4861 §4.6.2). */
function isGlobal6(address: string): boolean {
  return familyOf(address) === 6 && !/^fe[89ab]/.test(address)
}

function networkOf(address: string): string {
  const { ip, length } = parseInterface(address)!
  return showPrefix(prefixAround(ip, length))
}

function prefixListOf({ name, family, entries, why }: PrefixList): FrrPrefixList {
  const nothing: FrrPrefixListEntry = {
    sequence: 5,
    action: 'deny',
    prefix: family === 4 ? '0.0.0.0/0' : '::/0',
    from: 0,
    to: family === 4 ? 32 : 128,
    why: [rules.emptyListDenies.origin, ...why],
  }
  return {
    name,
    family,
    entries:
      entries.length === 0
        ? [nothing]
        : inSequence(entries).map(({ sequence, action, prefix, ge, le, why }) => {
            const from = ge ?? prefixOf(prefix).length
            return { sequence, action, prefix, from, to: le ?? from, why }
          }),
  }
}

function inSequence<Entry extends { readonly sequence: number }>(entries: readonly Entry[]): Entry[] {
  return [...entries].sort((a, b) => a.sequence - b.sequence)
}

/**
 * The route maps of the policies. A policy that prepends names the speaker's own AS number, so one that speakers of several numbers use becomes a map for
 * each, named after it.
 */
function routeMapsOf(routing: Routing): { all: RouteMap[]; nameFor(policy: string, asn: number): string } {
  const asns = new Map<string, number[]>()
  for (const instance of routing.bgp) {
    for (const name of policiesOf(instance)) {
      const users = asns.get(name) ?? []
      if (!users.includes(instance.asn)) asns.set(name, [...users, instance.asn])
    }
  }
  const split = new Set(routing.policies.filter((policy) => prepends(policy) && (asns.get(policy.name)?.length ?? 0) > 1).map((policy) => policy.name))
  const nameFor = (name: string, asn: number) => (split.has(name) ? `${name}-${asn}` : name)
  const all = routing.policies.flatMap((policy) => {
    const users = asns.get(policy.name) ?? routing.bgp.slice(0, 1).map((instance) => instance.asn)
    return (split.has(policy.name) ? users : [users[0] ?? 0]).map((asn) => routeMapOf(policy, nameFor(policy.name, asn), asn))
  })
  return { all, nameFor }
}

function policiesOf({ neighbors, ipv4, ipv6 }: BgpInstance): string[] {
  const named = [ipv4, ipv6].map((family) => family.redistributeConnected?.policy)
  return [...named, ...neighbors.flatMap((neighbor) => [neighbor.importPolicy, neighbor.exportPolicy])].filter((name) => name !== undefined)
}

function prepends(policy: RoutePolicy): boolean {
  return policy.entries.some((entry) => entry.set.prepend)
}

function routeMapOf({ entries, why }: RoutePolicy, name: string, asn: number): RouteMap {
  if (entries.length === 0) return { name, entries: [{ sequence: 10, action: 'deny', why: [rules.emptyPolicyDenies.origin, ...why] }] }
  return {
    name,
    entries: inSequence(entries).map(({ sequence, action, match, set, why }) => ({
      sequence,
      action,
      ...(match.prefixList4 === undefined ? {} : { matchPrefixList4: match.prefixList4 }),
      ...(match.prefixList6 === undefined ? {} : { matchPrefixList6: match.prefixList6 }),
      ...(match.communityList === undefined ? {} : { matchCommunityList: match.communityList }),
      ...(set.prepend ? { prepend: Array<number>(set.prepend).fill(asn) } : {}),
      ...(set.largeCommunities?.length ? { largeCommunities: set.largeCommunities } : {}),
      ...(set.localPreference === undefined ? {} : { localPreference: set.localPreference }),
      why,
    })),
  }
}

/** What names of the design are called in FRR. */
interface NameOf {
  policy(name: string): string
  profile(name: string): string
}

function routerOf(instance: BgpInstance, nameOf: NameOf): Router {
  const { asn, vrf, routerId, neighbors, ipv4, ipv6, why } = instance
  return {
    asn,
    ...(vrf === undefined ? {} : { vrf }),
    routerId,
    requiresPolicy: !neighbors.some((neighbor) => neighbor.asn !== asn && isOpen(neighbor)),
    gracefulShutdown: instance.gracefulShutdown ?? false,
    multipathRelax: ipv4.maximumPaths > 1 || ipv6.maximumPaths > 1,
    neighbors: neighbors.map(({ address, asn, description, bfd, why }) => {
      const text = words(description)
      return {
        address,
        asn,
        ...(text ? { description: text } : {}),
        ...(bfd === undefined ? {} : { bfd: nameOf.profile(bfd) }),
        connectRetry: CONNECT_RETRY,
        why,
      }
    }),
    ipv4: familyIn(instance, 'ipv4', ipv4, nameOf),
    ipv6: familyIn(instance, 'ipv6', ipv6, nameOf),
    evpn: evpnIn(instance),
    why,
  }
}

/** Whether a session carries a family without a policy in each direction; policies are of the session's own IP family. */
function isOpen(neighbor: BgpNeighbor): boolean {
  const own = ipFamily(neighbor)
  return neighbor.families.some((family) => family !== own || neighbor.importPolicy === undefined || neighbor.exportPolicy === undefined)
}

function ipFamily(neighbor: BgpNeighbor): 'ipv4' | 'ipv6' {
  return familyOf(neighbor.address) === 4 ? 'ipv4' : 'ipv6'
}

/** One line of text that the shell passes on as it is: it reads `|` as the start of an output filter and then drops the whole line. */
function words(text: string): string {
  return text.replaceAll('|', '/').replace(/\s+/g, ' ').trim()
}

function familyIn(instance: BgpInstance, family: 'ipv4' | 'ipv6', said: BgpFamily, nameOf: NameOf): AddressFamily {
  const { redistributeConnected, maximumPaths } = said
  return {
    networks: said.networks,
    // A summary of one host has nothing to sum up, and FRR refuses the line.
    aggregates: said.aggregates.filter(({ prefix }) => prefixOf(prefix).length < (family === 'ipv4' ? 32 : 128)),
    ...(redistributeConnected ? { redistributeConnected: { routeMap: nameOf.policy(redistributeConnected.policy), why: redistributeConnected.why } } : {}),
    neighbors: instance.neighbors
      .filter((neighbor) => neighbor.families.includes(family))
      .map((neighbor) => familyNeighbor(instance, neighbor, family, nameOf)),
    maximumPaths,
    maximumPathsIbgp: instance.neighbors.some((neighbor) => neighbor.asn === instance.asn) ? maximumPaths : BUILD_PATHS,
  }
}

function familyNeighbor(instance: BgpInstance, neighbor: BgpNeighbor, family: 'ipv4' | 'ipv6', nameOf: NameOf): FamilyNeighbor {
  const own = ipFamily(neighbor) === family
  return {
    address: neighbor.address,
    nextHopSelf: neighbor.asn === instance.asn,
    // Inside an AS the path is nobody else's, and FRR leaves it alone whatever it is told.
    removePrivateAsns: neighbor.asn !== instance.asn && (neighbor.removePrivateAsns ?? false),
    defaultOriginate: own && neighbor.originateDefault,
    ...(neighbor.maximumPrefixes === undefined ? {} : { maximumPrefixes: neighbor.maximumPrefixes }),
    ...(own && neighbor.importPolicy !== undefined ? { in: nameOf.policy(neighbor.importPolicy) } : {}),
    ...(own && neighbor.exportPolicy !== undefined ? { out: nameOf.policy(neighbor.exportPolicy) } : {}),
    why: neighbor.why,
  }
}

function evpnIn({ neighbors, evpn }: BgpInstance): EvpnFamily {
  return {
    neighbors: neighbors.filter((neighbor) => neighbor.families.includes('evpn')).map(({ address, why }) => ({ address, why })),
    ...(evpn?.kind === 'underlay' ? { allVnis: { why: evpn.why } } : {}),
    ...(evpn?.kind === 'vrf' ? { vrf: { distinguisher: evpn.distinguisher, importTarget: evpn.target, exportTarget: evpn.target, why: evpn.why } } : {}),
  }
}
