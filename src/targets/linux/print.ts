/**
 * Writes the tree as files, in the order they are applied: the name, the kernel parameters, the order of table lookups, then the links with their addresses and
 * routes as commands of `ip -batch`. Comments say why a constant line is there; blank lines part what belongs together.
 */
import { familyOf } from '#base/ip.ts'
import type { Why } from '#base/place.ts'
import type { Line, PrintedFile, Rule } from '../target.ts'
import { BOND, BRIDGE, LOCKED, NO_DAD, NO_LINK_LOCAL, rules, STANDBY, TUNNEL, UP_LAST, VRF_FIRST, VRF_FLOOR, VXLAN, WIREGUARD } from './rules.ts'
import type { Link, LinkAddress, LinuxTree, Route, Sysctl } from './tree.ts'

/** Commands of `rules.ip`, for each family: the table of local addresses after the VRFs (rule 1000), no longer before them. */
export const LOCAL_AFTER_VRFS = ['rule add pref 32765 table local', 'rule del pref 0'] as const

/** The files; `rules.ip` only where there are VRFs. */
export function print(tree: LinuxTree): readonly PrintedFile[] {
  const vrfs = tree.links.filter((link) => link.kind.type === 'vrf')
  return [
    { path: 'hostname', lines: [line(tree.hostname.name, tree.hostname.why)] },
    { path: 'sysctl.conf', lines: sysctlConf(tree.sysctls) },
    ...(vrfs.length > 0 ? [{ path: 'rules.ip', lines: rulesIp() }] : []),
    { path: 'network.ip', lines: networkIp(tree) },
  ]
}

function line(text: string, why: Why): Line {
  return { text, why }
}

/** A line that is there because of what it speaks of, and is what it is because of a rule. */
function ruled(text: string, rule: Rule, why: Why): Line {
  return line(text, [...why, rule.origin])
}

function comment(rule: Rule): Line {
  return line(`# ${rule.reason}`, [rule.origin])
}

/** The blocks that are not empty, a blank line between each two. */
function parted(blocks: readonly (readonly Line[])[]): Line[] {
  return blocks.filter((block) => block.length > 0).flatMap((block, index) => (index === 0 ? block : [line('', block[0]!.why), ...block]))
}

function sysctlConf(sysctls: readonly Sysctl[]): Line[] {
  const byRule = Map.groupBy(sysctls, ({ why }) => rules.find((rule) => rule.origin === why[0]))
  return parted(
    [...byRule].map(([rule, group]) => [
      ...(rule ? [comment(rule)] : []),
      ...group.map(({ key, value, optional, why }) => line(`${optional ? '-' : ''}${key} = ${value}`, why)),
    ]),
  )
}

function rulesIp(): Line[] {
  return [comment(VRF_FIRST), ...LOCAL_AFTER_VRFS.map((text) => ruled(text, VRF_FIRST, []))]
}

function networkIp({ links, routes }: LinuxTree): Line[] {
  const ups = (some: readonly Link[]) => some.map((link) => ruled(`link set dev ${link.name} up`, UP_LAST, link.why))
  const adds = (some: readonly Route[]) => some.map((route) => line(routeText(route), route.why))
  return parted([
    links.flatMap(added),
    ...links.map(settings),
    // Nothing comes in through these; the floors of the VRFs stand on them, and have to be there before anything does.
    ups(links.filter(isInternal)),
    explained(VRF_FLOOR, adds(routes.filter(({ to }) => to === 'unreachable'))),
    explained(UP_LAST, ups(links.filter((link) => !isInternal(link)))),
    adds(routes.filter(({ to }) => to !== 'unreachable')),
  ])
}

function isInternal({ name, kind }: Link): boolean {
  return kind.type === 'vrf' || kind.type === 'dummy' || (kind.type === 'existing' && name === 'lo')
}

function explained(rule: Rule, lines: readonly Line[]): readonly Line[] {
  return lines.length === 0 ? [] : [comment(rule), ...lines]
}

function added({ name, kind, why }: Link): Line[] {
  switch (kind.type) {
    case 'existing':
      return []
    case 'vrf':
      return [line(`link add name ${name} type vrf table ${kind.table}`, why)]
    case 'bond':
      return kind.primary === undefined
        ? [ruled(`link add name ${name} type bond mode 802.3ad miimon 100 lacp_rate fast xmit_hash_policy layer3+4`, BOND, why)]
        : [ruled(`link add name ${name} type bond mode active-backup miimon 100 primary ${kind.primary} primary_reselect failure`, STANDBY, why)]
    case 'dummy':
      return [line(`link add name ${name} type dummy`, why)]
    case 'gre':
      return familyOf(kind.local) === 4
        ? [ruled(`link add name ${name} type gre local ${kind.local} remote ${kind.remote} ttl 64`, TUNNEL, why)]
        : [ruled(`link add name ${name} type ip6gre local ${kind.local} remote ${kind.remote} hoplimit 64 encaplimit none`, TUNNEL, why)]
    case 'wireguard':
      return [line(`link add name ${name} type wireguard`, why)]
    case 'bridge':
      return [ruled(`link add name ${name}${kind.mac === undefined ? '' : ` address ${kind.mac}`} type bridge stp_state 0`, BRIDGE, why)]
    case 'vxlan':
      return [ruled(`link add name ${name} type vxlan id ${kind.vni} local ${kind.local} dstport 4789 nolearning`, VXLAN, why)]
    case 'vlan':
      return [line(`link add link ${kind.parent} name ${name} type vlan id ${kind.vid}`, why)]
  }
}

/** The master precedes the addresses: a link that enters a VRF loses those it has. */
function settings({ name, kind, master, mtu, linkLocal, hosts, alias, addresses, why }: Link): Line[] {
  const set = `link set dev ${name}`
  return [
    ...(master === undefined ? [] : [line(`${set} master ${master}`, why)]),
    ...(hosts === 'told' ? [ruled(`${set} type bridge_slave learning off`, VXLAN, why)] : []),
    ...(hosts === 'admitted' ? [ruled(`${set} type bridge_slave locked on learning off`, LOCKED, why)] : []),
    ...(mtu === undefined ? [] : [line(`${set} mtu ${mtu}`, why)]),
    ...(linkLocal ? [] : [ruled(`${set} addrgenmode none`, kind.type === 'wireguard' ? WIREGUARD : NO_LINK_LOCAL, why)]),
    ...(alias === undefined ? [] : [line(`${set} alias "${alias}"`, why)]),
    ...addresses.map((address) => addressAdd(address, name)),
  ]
}

function addressAdd(of: LinkAddress, dev: string): Line {
  return isKept(of) ? ruled(addressText(of, dev), NO_DAD, of.why) : line(addressText(of, dev), of.why)
}

/** The command of an address. */
export function addressText(of: LinkAddress, dev: string): string {
  return `address add ${of.address} dev ${dev}${isKept(of) ? ' nodad' : ''}`
}

/** Whether nobody is asked for the address before it is used. */
function isKept({ address, detectsDuplicates }: LinkAddress): boolean {
  return familyOf(address) === 6 && !detectsDuplicates
}

/** The command of a route. */
export function routeText({ prefix, vrf, to }: Route): string {
  const add = `route add${vrf === undefined ? '' : ` vrf ${vrf}`}`
  if (to === 'blackhole') return `${add} blackhole ${prefix}`
  if (to === 'unreachable') return `${add} unreachable ${prefix} metric 4278198272`
  return to.length === 1 ? `${add} ${prefix} via ${to[0]}` : `${add} ${prefix}${to.map((hop) => ` nexthop via ${hop}`).join('')}`
}
