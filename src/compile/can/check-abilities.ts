/**
 * Whether the platform of each device can do what the design wants of it. A wish that none of its targets can meet is refused at the line that asked for it, before anything is
 * printed.
 */
import { type Diagnostic, diagnose } from '#base/diagnostic.ts'
import type { Origin } from '#base/place.ts'
import { CAPABILITIES, type Capability } from '#design/capability.ts'
import type { SiteDesign } from '#design/design.ts'
import type { Device } from '#design/device.ts'
import type { TargetAbilities } from '../company.ts'

/** The wishes of a site that can't be met, and the names that don't fit. */
export function checkAbilities(site: SiteDesign, targets: readonly TargetAbilities[]): Diagnostic[] {
  const canOf = new Map(targets.map((target) => [target.name, target.can]))
  const diagnostics: Diagnostic[] = []
  /** Devices by what they lack, and the ask that they lack it for. */
  const unmet = new Map<string, { readonly capability: Capability; readonly origin: Origin | undefined; readonly devices: Device[] }>()
  for (const device of site.devices) {
    diagnostics.push(...tooLong(device))
    for (const [capability, origin] of needsOf(device)) {
      if (device.platform.some((name) => canOf.get(name)![capability] === true)) continue
      const key = `${device.platform.join(' ')} ${capability} ${origin}`
      const known = unmet.get(key)
      if (known) known.devices.push(device)
      else unmet.set(key, { capability, origin, devices: [device] })
    }
  }
  for (const { capability, origin, devices } of unmet.values()) {
    const [{ id, platform }, ...others] = devices as [Device, ...Device[]]
    const notes = platform.map((name) => ({ message: `${name}: ${(canOf.get(name)![capability] as { readonly no: string }).no}` }))
    const who = `${id}${others.length > 0 ? ` and ${others.length} more` : ''}`
    const words = { who, capability: CAPABILITIES[capability], platform: platform.join(', ') }
    diagnostics.push(diagnose('unmet-capability', words, { origin, value: capability, notes }))
  }
  return diagnostics
}

/** Characters of an interface or VRF name (Linux IFNAMSIZ − 1), of a host name (HOST_NAME_MAX), and of the name of a wireless network (IEEE 802.11 §9.4.2.2). */
const LONGEST = { interface: 15, 'host name': 64, 'wireless network': 32 } as const

/** Names that are longer than what they are names of can have: they are made of names in facts and in the catalogue. */
function tooLong(device: Device): Diagnostic[] {
  const names = [
    ...device.interfaces.map(({ name, why }) => ({ what: 'interface' as const, name, why })),
    ...device.vrfs.map(({ name, why }) => ({ what: 'interface' as const, name, why })),
    ...(device.wireless?.networks ?? []).map(({ ssid, why }) => ({ what: 'wireless network' as const, name: ssid, why })),
    { what: 'host name' as const, name: device.hostname, why: device.why },
  ]
  return names
    .filter(({ what, name }) => name.length > LONGEST[what])
    .map(({ what, name, why }) => diagnose('name-too-long', { what, who: device.id, limit: LONGEST[what] }, { origin: why[0], value: name }))
}

/** What a device needs its targets to be able to do, each with the first thing that asked for it. */
export function needsOf(device: Device): Map<Capability, Origin | undefined> {
  const needs = new Map<Capability, Origin | undefined>()
  const need = (capability: Capability, why: readonly Origin[]) => {
    if (!needs.has(capability)) needs.set(capability, why.find((origin) => origin.startsWith('ask ')) ?? why[0])
  }
  for (const one of device.interfaces) {
    const { kind, mtu, addresses, advertises, why } = one
    need(`interface.${kind}`, why)
    if (one.kind === 'lag' && one.mode === 'active-standby') need('interface.active-standby', why)
    if (one.kind === 'physical' && one.guard) need('interface.guard', one.guard.why)
    if (one.kind === 'physical' && one.guard?.authenticated) need('interface.authenticated', one.guard.why)
    if (advertises) need('route.advertise', advertises.why)
    if (kind !== 'loopback' && mtu !== 1500) need('interface.mtu', why)
    for (const { address } of addresses) need(address.includes(':') ? 'address.ipv6' : 'address.ipv4', why)
  }
  for (const vrf of device.vrfs) need('vrf', vrf.why)
  if (device.forwards) need('forwarding', device.why)
  for (const route of device.routing?.statics ?? []) need('route.static', route.why)
  for (const bgp of device.routing?.bgp ?? []) {
    need('route.bgp', bgp.why)
    need('route.multipath', bgp.why)
    if (bgp.vrf !== undefined) need('route.bgp.vrf', bgp.why)
    if (bgp.evpn) need('route.bgp.evpn', bgp.evpn.why)
    for (const { families, bfd, maximumPrefixes, removePrivateAsns, why } of bgp.neighbors) {
      if (families.includes('ipv6')) need('route.bgp.ipv6', why)
      if (bfd !== undefined) need('route.bfd', why)
      if (maximumPrefixes !== undefined) need('route.bgp.limit', why)
      if (removePrivateAsns) need('route.bgp.strip', why)
    }
  }
  for (const { entries, why } of device.routing?.policies ?? []) {
    if (entries.some(({ set }) => set.prepend !== undefined)) need('route.bgp.prepend', why)
    if (entries.some(({ match, set }) => match.communityList !== undefined || set.largeCommunities !== undefined)) need('route.bgp.community', why)
  }
  if (device.filter) {
    const { transit, zones, sets, local, nat = [], marks = [], why } = device.filter
    if (transit === 'filtered') need('filter.stateful', why)
    if (sets.length > 0) need('filter.sets', why)
    if (zones.some(({ sources, refuses }) => sources !== undefined || refuses !== undefined)) need('filter.sources', why)
    if (local.length > 0) need('filter.self', why)
    if (nat.length > 0) need('filter.nat', nat[0]!.why)
    if (marks.length > 0) need('filter.marks', marks[0]!.why)
  }
  const { stateSync, vrrp, dhcp, balancer, resolver, authenticator, wireless, management } = device
  if (stateSync) need('filter.sync', stateSync.why)
  if (vrrp) need('gateway', vrrp.why)
  if (dhcp) need('dhcp', dhcp.why)
  if (balancer) need('balance', balancer.why)
  if (resolver) need('names', resolver.why)
  if (authenticator) need('admit', authenticator.why)
  if (wireless) need('admit', wireless.why)
  if (management) for (const part of ['clock', 'log', 'monitor', 'login'] as const) need(`manage.${part}`, management.why)
  return needs
}
