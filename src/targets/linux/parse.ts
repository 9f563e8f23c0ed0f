/**
 * Reads the printed files back: one table of commands per file. The order of commands is free where the kernel does not mind; links keep the order in which they
 * come up. A command that says again what was said is refused, and so is a file without a line that must be there.
 */
import { type Diagnostic, diagnose, type Result, result } from '#base/diagnostic.ts'
import { familyOf } from '#base/ip.ts'
import { type Command, hopsOf, readCommands } from './commands.ts'
import { LOCAL_AFTER_VRFS } from './print.ts'
import { isKnownSysctl } from './sysctls.ts'
import type { Link, LinkKind, LinuxTree, Route, Sysctl } from './tree.ts'

type DraftLink = { -readonly [Key in keyof Link]: Key extends 'addresses' ? Link[Key][number][] : Link[Key] }

interface Network {
  /** Links that are not up yet, by name. */
  readonly down: Map<string, DraftLink>
  /** Links that are up, in that order. */
  readonly up: Map<string, DraftLink>
  readonly routes: Route[]
}

const NETWORK: readonly Command<Network>[] = [
  { pattern: 'link add name NAME type vrf table NUMBER', read: (net, name, table) => add(net, name, { type: 'vrf', table: Number(table) }) },
  {
    pattern: 'link add name NAME type bond mode 802\\.3ad miimon 100 lacp_rate fast xmit_hash_policy layer3\\+4',
    read: (net, name) => add(net, name, { type: 'bond' }),
  },
  {
    pattern: 'link add name NAME type bond mode active-backup miimon 100 primary NAME primary_reselect failure',
    read: (net, name, primary = '') => add(net, name, { type: 'bond', primary }),
  },
  { pattern: 'link add name NAME type dummy', read: (net, name) => add(net, name, { type: 'dummy' }) },
  {
    pattern: 'link add name NAME type gre local IP remote IP ttl 64',
    read: (net, name, local = '', remote = '') => familyOf(local) === 4 && add(net, name, { type: 'gre', local, remote }),
  },
  {
    pattern: 'link add name NAME type ip6gre local IP remote IP hoplimit 64 encaplimit none',
    read: (net, name, local = '', remote = '') => familyOf(local) === 6 && add(net, name, { type: 'gre', local, remote }),
  },
  { pattern: 'link add name NAME type wireguard', read: (net, name) => add(net, name, { type: 'wireguard' }) },
  { pattern: 'link add name NAME type bridge stp_state 0', read: (net, name) => add(net, name, { type: 'bridge' }) },
  { pattern: 'link add name NAME address MAC type bridge stp_state 0', read: (net, name, mac) => add(net, name, { type: 'bridge', mac }) },
  {
    pattern: 'link add name NAME type vxlan id NUMBER local IP dstport 4789 nolearning',
    read: (net, name, vni, local = '') => add(net, name, { type: 'vxlan', vni: Number(vni), local }),
  },
  {
    pattern: 'link add link NAME name NAME type vlan id NUMBER',
    read: (net, parent = '', name, vid) => add(net, name, { type: 'vlan', parent, vid: Number(vid) }),
  },
  { pattern: 'link set dev NAME master NAME', read: (net, name, master = '') => net.down.has(master) && once(net, name, 'master', master) },
  { pattern: 'link set dev NAME type bridge_slave learning off', read: (net, name) => hosts(net, name, 'told') },
  { pattern: 'link set dev NAME type bridge_slave locked on learning off', read: (net, name) => hosts(net, name, 'admitted') },
  { pattern: 'link set dev NAME mtu NUMBER', read: (net, name, mtu) => once(net, name, 'mtu', Number(mtu)) },
  { pattern: 'link set dev NAME addrgenmode none', read: noLinkLocal },
  { pattern: 'link set dev NAME alias "TEXT"', read: (net, name, alias) => once(net, name, 'alias', alias) },
  { pattern: 'address add INTERFACE dev NAME', read: (net, address = '', name) => addAddress(net, name, address, familyOf(address) === 6) },
  { pattern: 'address add INTERFACE dev NAME nodad', read: (net, address = '', name) => familyOf(address) === 6 && addAddress(net, name, address, false) },
  { pattern: 'link set dev NAME up', read: up },
  { pattern: 'route add(?: vrf NAME)? blackhole PREFIX', read: (net, vrf, prefix) => addRoute(net, vrf, prefix, 'blackhole') },
  { pattern: 'route add vrf NAME unreachable PREFIX metric 4278198272', read: (net, vrf, prefix) => addRoute(net, vrf, prefix, 'unreachable') },
  { pattern: 'route add(?: vrf NAME)? PREFIX via IP', read: (net, vrf, prefix, hop = '') => addRoute(net, vrf, prefix, [hop]) },
  { pattern: 'route add(?: vrf NAME)? PREFIXHOPS', read: (net, vrf, prefix, hops = '') => addRoute(net, vrf, prefix, hopsOf(hops)) },
]

const SYSCTLS: readonly Command<Sysctl[]>[] = [
  { pattern: 'KEY = NUMBER', read: (sysctls, key, value) => addSysctl(sysctls, key, value, false) },
  { pattern: '-KEY = NUMBER', read: (sysctls, key, value) => addSysctl(sysctls, key, value, true) },
]

const HOSTNAME: readonly Command<string[]>[] = [
  { pattern: 'TEXT', read: (names, name = '') => names.length === 0 && /^\S+$/.test(name) && names.push(name) === 1 },
]

const RULES: readonly Command<string[]>[] = LOCAL_AFTER_VRFS.map((text, index) => ({
  pattern: text,
  read: (rules) => rules.length === index && rules.push(text) > 0,
}))

/** Reads the printed files, by path; those of other targets are none of its business. Whys are empty. */
export function parse(files: ReadonlyMap<string, string>): Result<LinuxTree> {
  const names: string[] = []
  const sysctls: Sysctl[] = []
  const net: Network = { down: new Map(), up: new Map(), routes: [] }
  const rules: string[] = []
  const read = <D>(file: string, commands: readonly Command<D>[], draft: D): Diagnostic[] => {
    const text = files.get(file)
    return text === undefined ? [diagnose('linux-missing-file', { file })] : readCommands(file, text, commands, draft)
  }
  const diagnostics = [...read('hostname', HOSTNAME, names), ...read('sysctl.conf', SYSCTLS, sysctls), ...read('network.ip', NETWORK, net)]
  const vrfs = [...net.down.values(), ...net.up.values()].filter(({ kind }) => kind.type === 'vrf')
  if (vrfs.length > 0) diagnostics.push(...read('rules.ip', RULES, rules))
  else diagnostics.push(...readCommands('rules.ip', files.get('rules.ip') ?? '', [], rules))

  if (diagnostics.length === 0) {
    const missing = (file: string, line: string) => diagnostics.push(diagnose('linux-missing-line', { file, line }, { place: { file, line: 1, column: 1 } }))
    if (names.length === 0) missing('hostname', 'HOSTNAME')
    for (const key of ['net.ipv4.ip_forward', 'net.ipv6.conf.all.forwarding']) if (!sysctls.some((sysctl) => sysctl.key === key)) missing('sysctl.conf', key)
    for (const text of vrfs.length > 0 ? LOCAL_AFTER_VRFS.slice(rules.length) : []) missing('rules.ip', text)
    for (const line of missingCommands(net)) missing('network.ip', line)
  }
  return result({ hostname: { name: names[0] ?? '', why: [] }, sysctls, links: [...net.up.values()], routes: net.routes }, diagnostics)
}

function* missingCommands({ down, up, routes }: Network): Iterable<string> {
  for (const name of down.keys()) yield `link set dev ${name} up`
  for (const { name, kind, mtu, linkLocal } of up.values()) {
    if (kind.type !== 'vrf' && mtu === undefined) yield `link set dev ${name} mtu`
    if (kind.type === 'wireguard' && linkLocal) yield `link set dev ${name} addrgenmode none`
    if (kind.type === 'bond' && kind.primary !== undefined && up.get(kind.primary)?.master !== name) yield `link set dev ${kind.primary} master ${name}`
    for (const prefix of kind.type === 'vrf' ? ['0.0.0.0/0', '::/0'] : []) {
      if (!routes.some((route) => route.vrf === name && route.prefix === prefix && route.to === 'unreachable'))
        yield `route add vrf ${name} unreachable ${prefix}`
    }
  }
}

function add(net: Network, name = '', kind: LinkKind): boolean {
  if (net.down.has(name) || net.up.has(name)) return false
  net.down.set(name, { name, kind, linkLocal: true, hosts: 'learned', addresses: [], why: [] })
  return true
}

/** The link while it is down: one that was added, or one that is there already and is spoken of for the first time. */
function settable(net: Network, name = ''): DraftLink | undefined {
  if (!net.down.has(name)) add(net, name, { type: 'existing' })
  return net.down.get(name)
}

function once<Key extends 'master' | 'mtu' | 'alias'>(net: Network, name: string | undefined, key: Key, value: DraftLink[Key]): boolean {
  const link = settable(net, name)
  if (!link || link[key] !== undefined) return false
  link[key] = value
  return true
}

function hosts(net: Network, name: string | undefined, how: 'told' | 'admitted'): boolean {
  const link = settable(net, name)
  if (link?.hosts !== 'learned') return false
  link.hosts = how
  return true
}

function noLinkLocal(net: Network, name?: string): boolean {
  const link = settable(net, name)
  if (!link?.linkLocal) return false
  link.linkLocal = false
  return true
}

function addAddress(net: Network, name: string | undefined, address: string, detectsDuplicates: boolean): boolean {
  const link = settable(net, name)
  if (!link || link.addresses.some((other) => other.address === address)) return false
  return link.addresses.push({ address, detectsDuplicates, why: [] }) > 0
}

function up(net: Network, name = ''): boolean {
  const link = settable(net, name)
  if (!link) return false
  net.up.set(name, link)
  return net.down.delete(name)
}

function addRoute(net: Network, vrf: string | undefined, prefix = '', to: Route['to']): boolean {
  if (vrf && net.up.get(vrf)?.kind.type !== 'vrf') return false
  if (typeof to !== 'string' && to.some((hop) => familyOf(hop) !== familyOf(prefix))) return false
  return net.routes.push({ prefix, ...(vrf ? { vrf } : {}), to, why: [] }) > 0
}

function addSysctl(sysctls: Sysctl[], key = '', value: string | undefined, optional: boolean): boolean {
  const sysctl = { key, value: Number(value), optional }
  if (!isKnownSysctl(sysctl) || sysctls.some((other) => other.key === key)) return false
  return sysctls.push({ ...sysctl, why: [] }) > 0
}
