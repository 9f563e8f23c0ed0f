/**
 * Writes the tree as `frr.conf` and `daemons`. Lines inside a block are in the order and spelling of FRR's own `show running-config`, so that a reload of what
 * runs already plans nothing. Two orders differ from it, neither of which a reload minds. Prefix lists, route maps and profiles precede what names them,
 * because the shell complains of every name it has not met yet, and complaints that are always there hide the one that matters. Neighbours and resolvers are in the
 * design's order.
 */
import { prefixOf } from '#base/ip.ts'
import { anyOf, type Why } from '#base/place.ts'
import type { Line, PrintedFile, Rule } from '../target.ts'
import { rules } from './rules.ts'
import {
  type AddressFamily,
  BUILD_PATHS,
  DEFAULT_BFD_INTERVAL,
  DEFAULT_BFD_MULTIPLIER,
  DEFAULT_CONNECT_RETRY,
  DEFAULT_DISTANCE,
  DEFAULT_RA_INTERVAL,
  type EvpnFamily,
  type FamilyNeighbor,
  type FrrBfdProfile,
  type FrrCommunityList,
  type FrrInterface,
  type FrrPrefixList,
  type FrrPrefixListEntry,
  type FrrTree,
  type FrrVrf,
  type Neighbor,
  type RouteMap,
  type RouteMapEntry,
  type Router,
  type Static,
} from './tree.ts'

/** The two files. */
export function print(tree: FrrTree): readonly PrintedFile[] {
  return [
    { path: 'frr.conf', lines: frrConf(tree) },
    { path: 'daemons', lines: daemons(tree) },
  ]
}

function line(text: string, why: Why): Line {
  return { text, why }
}

/** A line that is there because of a constant choice, and first of what called for it, if anything did. */
function constant(text: string, rule: Rule, why: Why = []): Line {
  return line(text, [...why, rule.origin])
}

/** The line with the reason for it above. */
function explained(text: string, rule: Rule, why: Why = []): Line[] {
  const indent = text.slice(0, text.length - text.trimStart().length)
  return [constant(`${indent}! ${rule.reason}`, rule), constant(text, rule, why)]
}

function when<T>(value: T | undefined | false, lines: (value: T) => readonly Line[]): readonly Line[] {
  return value === undefined || value === false ? [] : lines(value)
}

/** A blank comment above the lines, as FRR parts its blocks; nothing when there are none. */
function parted(indent: string, lines: readonly Line[]): readonly Line[] {
  return when(lines[0], (first) => [line(`${indent}!`, first.why), ...lines])
}

function frrConf(tree: FrrTree): Line[] {
  return [
    constant('frr defaults traditional', rules.defaults),
    line(`hostname ${tree.hostname}`, tree.why),
    constant('log syslog informational', rules.log),
    ...when(!tree.forwarding.ipv4, () => explained('no ip forwarding', rules.noForwarding, tree.why)),
    ...when(!tree.forwarding.ipv6, () => explained('no ipv6 forwarding', rules.noForwarding, tree.why)),
    ...when(tree.workQueueHold, (milliseconds) => explained(`zebra work-queue ${milliseconds}`, rules.evpnOrder, tree.why)),
    ...when(tree.zapiPackets, (messages) => [constant(`zebra zapi-packets ${messages}`, rules.evpnOrder, tree.why)]),
    ...explained('no zebra nexthop kernel enable', rules.nexthopGroups),
    ...tree.prefixLists.flatMap((list) => parted('', prefixList(list))),
    ...tree.communityLists.flatMap((list) => parted('', [communityList(list)])),
    ...tree.routeMaps.flatMap((map) => map.entries.flatMap((entry) => parted('', routeMapEntry(map, entry)))),
    ...when(tree.protocolMaps.ipv4, (name) => parted('', [constant(`ip protocol bgp route-map ${name}`, rules.ownSource, tree.why)])),
    ...when(tree.protocolMaps.ipv6, (name) => parted('', [constant(`ipv6 protocol bgp route-map ${name}`, rules.ownSource, tree.why)])),
    ...parted(
      '',
      tree.statics.map((route) => staticRoute('', route)),
    ),
    ...tree.vrfs.flatMap((vrf) => parted('', vrfBlock(vrf))),
    ...tree.interfaces.flatMap((one) => parted('', interfaceBlock(one))),
    ...parted('', bfdBlock(tree)),
    ...tree.routers.flatMap((router) => parted('', routerBlock(router))),
  ]
}

function prefixList({ name, family, entries }: FrrPrefixList): Line[] {
  const command = family === 4 ? 'ip' : 'ipv6'
  return entries.map((entry) => line(`${command} prefix-list ${name} seq ${entry.sequence} ${entry.action} ${entry.prefix}${lengths(entry)}`, entry.why))
}

/** The lengths in the short forms of FRR, where nothing means exactly the prefix. */
function lengths({ prefix, from, to }: FrrPrefixListEntry): string {
  const own = prefixOf(prefix).length
  if (from !== own) return ` ge ${from} le ${to}`
  return to === own ? '' : ` le ${to}`
}

function communityList({ name, communities, why }: FrrCommunityList): Line {
  return line(`bgp large-community-list standard ${name} seq 5 permit ${communities.join(' ')}`, why)
}

function routeMapEntry({ name }: RouteMap, entry: RouteMapEntry): Line[] {
  return [
    `route-map ${name} ${entry.action} ${entry.sequence}`,
    ...(entry.matchPrefixList4 === undefined ? [] : [` match ip address prefix-list ${entry.matchPrefixList4}`]),
    ...(entry.matchPrefixList6 === undefined ? [] : [` match ipv6 address prefix-list ${entry.matchPrefixList6}`]),
    ...(entry.matchCommunityList === undefined ? [] : [` match large-community ${entry.matchCommunityList}`]),
    ...(entry.prepend === undefined ? [] : [` set as-path prepend ${entry.prepend.join(' ')}`]),
    ...(entry.largeCommunities === undefined ? [] : [` set large-community ${entry.largeCommunities.join(' ')} additive`]),
    ...(entry.localPreference === undefined ? [] : [` set local-preference ${entry.localPreference}`]),
    ...(entry.source === undefined ? [] : [` set src ${entry.source}`]),
    'exit',
  ].map((text) => line(text, entry.why))
}

function staticRoute(indent: string, route: Static): Line {
  return line(`${indent}${staticText(route)}`, route.why)
}

/** The command of a static route. */
export function staticText({ prefix, via, distance }: Static): string {
  return `${prefix.includes(':') ? 'ipv6' : 'ip'} route ${prefix} ${via}${distance === DEFAULT_DISTANCE ? '' : ` ${distance}`}`
}

function vrfBlock({ name, vni, statics, why }: FrrVrf): Line[] {
  return [
    line(`vrf ${name}`, why),
    ...when(vni, (vni) => [line(` vni ${vni}`, why)]),
    ...statics.map((route) => staticRoute(' ', route)),
    line('exit-vrf', why),
  ]
}

/** The shell shows these lines sorted as text; resolvers are in the order in which they are sent. The line that begins it all comes last, when all is said. */
function interfaceBlock({ name, raInterval, raLifetime, managedConfig, otherConfig, preference, prefixes, resolvers, why }: FrrInterface): Line[] {
  const said = (text: string) => line(` ${text}`, why)
  return [
    line(`interface ${name}`, why),
    ...when(managedConfig, () => [said('ipv6 nd managed-config-flag')]),
    ...when(otherConfig, () => [constant(' ipv6 nd other-config-flag', rules.otherConfig, why)]),
    ...prefixes.map(({ prefix, autonomous }) => said(`ipv6 nd prefix ${prefix}${autonomous ? '' : ' no-autoconfig'}`)),
    ...when(raInterval !== DEFAULT_RA_INTERVAL, () => [said(`ipv6 nd ra-interval ${raInterval}`)]),
    said(`ipv6 nd ra-lifetime ${raLifetime}`),
    ...resolvers.map((address) => said(`ipv6 nd rdnss ${address}`)),
    ...when(preference !== 'medium', () => [said(`ipv6 nd router-preference ${preference}`)]),
    said('no ipv6 nd suppress-ra'),
    line('exit', why),
  ]
}

function bfdBlock(tree: FrrTree): readonly Line[] {
  return when(watching(tree), (why) => [line('bfd', why), ...tree.bfdProfiles.flatMap(bfdProfile), line('exit', why)])
}

/** Why failures are watched for at all; undefined when they are not. */
function watching({ bfdProfiles, why }: FrrTree): Why | undefined {
  return bfdProfiles.length === 0
    ? undefined
    : anyOf(
        why,
        bfdProfiles.map((profile) => profile.why),
      )
}

function bfdProfile({ name, detectMultiplier, transmitInterval, receiveInterval, why }: FrrBfdProfile): Line[] {
  const departs = (what: string, value: number, fallback: number) => (value === fallback ? [] : [line(`  ${what} ${value}`, why)])
  return [
    constant(` profile ${name}`, rules.profileName, why),
    ...departs('detect-multiplier', detectMultiplier, DEFAULT_BFD_MULTIPLIER),
    ...departs('transmit-interval', transmitInterval, DEFAULT_BFD_INTERVAL),
    ...departs('receive-interval', receiveInterval, DEFAULT_BFD_INTERVAL),
    line(' exit', why),
    line(' !', why),
  ]
}

function routerBlock(router: Router): Line[] {
  const { asn, vrf, routerId, requiresPolicy, gracefulShutdown, multipathRelax, neighbors, ipv4, ipv6, evpn, why } = router
  return [
    line(`router bgp ${asn}${vrf === undefined ? '' : ` vrf ${vrf}`}`, why),
    line(` bgp router-id ${routerId}`, why),
    constant(' bgp log-neighbor-changes', rules.logNeighborChanges),
    ...when(!requiresPolicy, () => explained(' no bgp ebgp-requires-policy', rules.openSessions, why)),
    constant(' no bgp default ipv4-unicast', rules.explicitFamilies),
    ...when(gracefulShutdown, () => [line(' bgp graceful-shutdown', why)]),
    ...when(multipathRelax, () => [constant(' bgp bestpath as-path multipath-relax', rules.multipathRelax, why)]),
    constant(' timers bgp 3 9', rules.timers),
    ...neighbors.flatMap(neighbor),
    ...family('ipv4 unicast', ipFamily(ipv4, why), why),
    ...family('ipv6 unicast', ipFamily(ipv6, why), why),
    ...family('l2vpn evpn', evpnFamily(evpn), why),
    line('exit', why),
  ]
}

function neighbor({ address, asn, description, bfd, connectRetry, why }: Neighbor): Line[] {
  return [
    line(` neighbor ${address} remote-as ${asn}`, why),
    ...when(description, (text) => [line(` neighbor ${address} description ${text}`, why)]),
    ...when(bfd, (profile) => [line(` neighbor ${address} bfd`, why), line(` neighbor ${address} bfd profile ${profile}`, why)]),
    ...when(connectRetry !== DEFAULT_CONNECT_RETRY, () => [constant(` neighbor ${address} timers connect ${connectRetry}`, rules.connectRetry, why)]),
  ]
}

function family(name: string, lines: readonly Line[], why: Why): readonly Line[] {
  if (lines.length === 0) return []
  return parted(' ', [line(` address-family ${name}`, why), ...lines, line(' exit-address-family', why)])
}

function ipFamily(family: AddressFamily, why: Why): Line[] {
  const { networks, aggregates, redistributeConnected, neighbors, maximumPaths, maximumPathsIbgp } = family
  return [
    ...networks.map(({ prefix, why }) => line(`  network ${prefix}`, why)),
    ...aggregates.map(({ prefix, why }) => line(`  aggregate-address ${prefix}`, why)),
    ...when(redistributeConnected, ({ routeMap, why }) => [line(`  redistribute connected route-map ${routeMap}`, why)]),
    ...neighbors.flatMap(familyNeighbor),
    ...when(maximumPaths !== BUILD_PATHS, () => [line(`  maximum-paths ${maximumPaths}`, why)]),
    ...when(maximumPathsIbgp !== BUILD_PATHS, () => [line(`  maximum-paths ibgp ${maximumPathsIbgp}`, why)]),
  ]
}

function familyNeighbor(neighbor: FamilyNeighbor): Line[] {
  const { address, nextHopSelf, removePrivateAsns, defaultOriginate, maximumPrefixes, in: into, out, why } = neighbor
  const said = (what: string) => line(`  neighbor ${address} ${what}`, why)
  return [
    said('activate'),
    ...when(nextHopSelf, () => [constant(`  neighbor ${address} next-hop-self`, rules.nextHopSelf, why)]),
    ...when(removePrivateAsns, () => [constant(`  neighbor ${address} remove-private-AS all replace-AS`, rules.replacePrivate, why)]),
    ...when(defaultOriginate, () => [said('default-originate')]),
    ...when(maximumPrefixes, (count) => [constant(`  neighbor ${address} maximum-prefix ${count} restart 30`, rules.limitRestart, why)]),
    ...when(into, (map) => [said(`route-map ${map} in`)]),
    ...when(out, (map) => [said(`route-map ${map} out`)]),
  ]
}

function evpnFamily({ neighbors, allVnis, vrf }: EvpnFamily): Line[] {
  return [
    ...neighbors.map(({ address, why }) => line(`  neighbor ${address} activate`, why)),
    ...when(allVnis, ({ why }) => [line('  advertise-all-vni', why)]),
    ...when(vrf, ({ distinguisher, importTarget, exportTarget, why }) =>
      [
        '  advertise ipv4 unicast',
        '  advertise ipv6 unicast',
        `  rd ${distinguisher}`,
        `  route-target import ${importTarget}`,
        `  route-target export ${exportTarget}`,
      ].map((text) => line(text, why)),
    ),
  ]
}

/** `/etc/frr/daemons`, a shell fragment; a daemon that is not named does not start, zebra and staticd always do. */
function daemons(tree: FrrTree): Line[] {
  const speakers = tree.routers.length === 0 ? undefined : [...new Set(tree.routers.flatMap((router) => router.why))]
  const started = (daemon: string, why: Why | undefined) => (why ? line(`${daemon}=yes`, why) : constant(`${daemon}=no`, rules.daemons))
  return [
    started('bgpd', speakers),
    started('bfdd', watching(tree)),
    constant('vtysh_enable=yes', rules.daemons),
    constant('zebra_options="-A 127.0.0.1 -s 90000000"', rules.daemons),
    constant('bgpd_options="-A 127.0.0.1"', rules.daemons),
    constant('staticd_options="-A 127.0.0.1"', rules.daemons),
    constant('bfdd_options="-A 127.0.0.1"', rules.daemons),
  ]
}
