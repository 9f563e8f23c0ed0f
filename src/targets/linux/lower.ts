/** Turns a device into what its kernel is told. Names, addresses and prefixes are taken as they are: the passes that made them answer for them. */
import { familyOf, ipOf, parseInterface, showIp } from '#base/ip.ts'
import type { Why } from '#base/place.ts'
import type { Device, Vrf } from '#design/device.ts'
import type { Interface } from '#design/interface.ts'
import type { StaticRoute } from '#design/routing.ts'
import { aliasOf } from './alias.ts'
import { VRF_FLOOR, WIREGUARD_LINK_LOCAL } from './rules.ts'
import { sysctlsOf } from './sysctls.ts'
import type { Link, LinkKind, LinuxTree, Route } from './tree.ts'

/** The device's kernel; undefined when the device runs another one. */
export function lower(device: Device): LinuxTree | undefined {
  if (!device.platform.includes('linux')) return undefined
  return {
    hostname: { name: device.hostname, why: device.why },
    sysctls: sysctlsOf(device),
    links: [...device.vrfs.map(vrfLink), ...links(device)],
    routes: [...device.vrfs.flatMap(floor), ...(device.platform.includes('frr') ? [] : routes(device.routing?.statics ?? []))],
  }
}

function vrfLink(vrf: Vrf): Link {
  return { name: vrf.name, kind: { type: 'vrf', table: vrf.table }, linkLocal: true, hosts: 'learned', addresses: [], why: vrf.why }
}

/** What each kind may stand on comes before it. Tunnels of both kinds stand on routes, not on links; VLANs, which stand on each other too, are last. */
const RANK: Record<Interface['kind'], number> = { loopback: 0, physical: 1, lag: 2, tunnel: 3, wireguard: 3, bridge: 4, vxlan: 5, vlan: 6 }

function inOrder(interfaces: readonly Interface[]): Interface[] {
  const byName = new Map(interfaces.map((one) => [one.name, one]))
  const rank = (one: Interface): number => {
    const parent = one.kind === 'vlan' ? byName.get(one.parent) : undefined
    return Math.max(RANK[one.kind], parent ? rank(parent) + 1 : 0)
  }
  return [...interfaces].sort((a, b) => rank(a) - rank(b))
}

function links(device: Device): Link[] {
  const bondOf = new Map(device.interfaces.flatMap((one) => (one.kind === 'lag' ? one.members.map((member) => [member, one.name] as const) : [])))
  const locked = lockedOf(device)
  return inOrder(device.interfaces).map((one) => link(one, bondOf.get(one.name), locked, device))
}

/** Ports that let in only who was admitted, and what a telephone behind them sends in VLANs. */
function lockedOf({ interfaces }: Device): ReadonlySet<string> {
  const ports = new Set(interfaces.flatMap((one) => (one.kind === 'physical' && one.guard?.authenticated ? [one.name] : [])))
  return new Set(interfaces.flatMap((one) => (ports.has(one.kind === 'vlan' ? one.parent : one.name) ? [one.name] : [])))
}

function link(one: Interface, bond: string | undefined, locked: ReadonlySet<string>, device: Device): Link {
  // A port of a bond or a bridge is in the VRF that its master is in; a link has one master.
  const master = bond ?? one.bridge ?? one.vrf
  const alias = aliasOf(one.description)
  return {
    name: one.name,
    kind: kindOf(one),
    ...(master === undefined ? {} : { master }),
    mtu: one.mtu,
    linkLocal: one.kind !== 'wireguard' && (one.kind === 'loopback' || one.addresses.some(({ address }) => familyOf(address) === 6)),
    hosts: one.bridge === undefined ? 'learned' : one.kind === 'vxlan' ? 'told' : locked.has(one.name) ? 'admitted' : 'learned',
    ...(alias === '' ? {} : { alias }),
    addresses: [
      ...one.addresses.map(({ address, why }) => ({ address, detectsDuplicates: familyOf(address) === 6 && !device.forwards, why })),
      ...(one.kind === 'wireguard' ? linkLocals(one) : []),
    ],
    why: one.why,
  }
}

/** The link-local address of a tunnel that has IPv6: the host part of what the design gives it, which differs at the two ends. */
function linkLocals({ addresses, why }: Interface): Link['addresses'] {
  const own = addresses.map(({ address }) => parseInterface(address)!.ip).find(({ family }) => family === 6)
  if (!own) return []
  const address = showIp({ family: 6, value: ipOf('fe80::').value | (own.value & HOST_PART) })
  return [{ address: `${address}/64`, detectsDuplicates: false, why: [...why, WIREGUARD_LINK_LOCAL.origin] }]
}

/** The lower 64 bits of an IPv6 address (RFC 4291 §2.5.1). */
const HOST_PART = (1n << 64n) - 1n

function kindOf(one: Interface): LinkKind {
  switch (one.kind) {
    case 'physical':
      return { type: 'existing' }
    case 'loopback':
      return { type: one.name === 'lo' ? 'existing' : 'dummy' }
    case 'lag':
      return { type: 'bond', ...(one.mode === 'active-standby' ? { primary: one.members[0]! } : {}) }
    case 'tunnel':
      return { type: 'gre', local: one.local, remote: one.remote }
    case 'wireguard':
      return { type: 'wireguard' }
    case 'bridge':
      return { type: 'bridge', ...(one.mac === undefined ? {} : { mac: one.mac }) }
    case 'vxlan':
      return { type: 'vxlan', vni: one.vni, local: one.local }
    case 'vlan':
      return { type: 'vlan', parent: one.parent, vid: one.vid }
  }
}

function floor(vrf: Vrf): Route[] {
  return ['0.0.0.0/0', '::/0'].map((prefix) => ({ prefix, vrf: vrf.name, to: 'unreachable', why: [...vrf.why, VRF_FLOOR.origin] }))
}

/** One route per prefix and table: the kernel refuses a second one, so equal next hops go into one. */
function routes(statics: readonly StaticRoute[]): Route[] {
  const grouped = Map.groupBy(statics, ({ prefix, vrf, via }) => `${vrf ?? ''} ${prefix} ${via === 'discard'}`)
  return [...grouped.values()].map((group) => {
    const { prefix, vrf } = group[0]!
    const hops = group.flatMap(({ via }) => (via === 'discard' ? [] : [via.address]))
    return { prefix, ...(vrf === undefined ? {} : { vrf }), to: hops.length > 0 ? hops : 'blackhole', why: merged(group) }
  })
}

function merged(parts: readonly { readonly why: Why }[]): Why {
  return [...new Set(parts.flatMap(({ why }) => why))]
}
