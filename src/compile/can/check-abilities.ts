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

/** Characters of an interface or VRF name (Linux IFNAMSIZ − 1), and of a host name (HOST_NAME_MAX). */
const LONGEST = { interface: 15, 'host name': 64 } as const

/** Names that a kernel can't hold: they are made of names in facts and in the catalogue. */
function tooLong(device: Device): Diagnostic[] {
  const names = [
    ...device.interfaces.map(({ name, why }) => ({ what: 'interface' as const, name, why })),
    ...device.vrfs.map(({ name, why }) => ({ what: 'interface' as const, name, why })),
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
  for (const { kind, mtu, addresses, why } of device.interfaces) {
    need(`interface.${kind}`, why)
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
    for (const neighbor of bgp.neighbors) if (neighbor.families.includes('ipv6')) need('route.bgp.ipv6', neighbor.why)
  }
  for (const policy of device.routing?.policies ?? [])
    if (policy.entries.some((entry) => entry.set.prepend !== undefined)) need('route.bgp.prepend', policy.why)
  if (device.filter) {
    need('filter.stateful', device.filter.why)
    if (device.filter.sets.length > 0) need('filter.sets', device.filter.why)
  }
  return needs
}
