/**
 * What becomes of the numbers of things that both designs have. Growth is kept apart from renumbering: one more block, or a longer one around what was, moves nobody.
 */
import { addressPart, contains, familyOf, parseInterface, parsePrefix } from '#base/ip.ts'
import { byName } from '#base/order.ts'
import type { ServiceNode, SiteDesign } from '#design/design.ts'
import type { Device } from '#design/device.ts'
import { alike } from './alike.ts'
import type { AddressChange, AddressChanges, Numbered } from './plan.ts'

/** The numbers of one thing. */
interface Numbers {
  readonly id: string
  readonly what: Numbered
  readonly values: readonly string[]
}

/** The sides of what may have changed. */
interface Numbering {
  readonly sites: readonly SiteDesign[]
  readonly services: readonly ServiceNode[]
}

/** Numbers that are ranges: in them, a longer prefix is held by a shorter. */
const RANGES: ReadonlySet<Numbered> = new Set(['block', 'zone', 'segment'])

/** Compares the numbers of everything in the two; devices that are the same object on both sides are not gone through. */
export function diffAddresses(before: Numbering, after: Numbering): AddressChanges {
  const kept = new Set(after.sites.flatMap((site) => site.devices))
  const shared = new Set(before.sites.flatMap((site) => site.devices).filter((device) => kept.has(device)))
  const was = new Map<string, Numbers>()
  for (const numbers of numbersOf(before, shared)) was.set(`${numbers.what} ${numbers.id}`, numbers)
  const changes = { renumbered: [] as AddressChange[], grown: [] as AddressChange[], shrunk: [] as AddressChange[] }
  for (const { id, what, values } of numbersOf(after, shared)) {
    const old = was.get(`${what} ${id}`)?.values
    if (!old || alike(old, values)) continue
    for (const family of [4, 6]) {
      const of = (list: readonly string[]) => list.filter((value) => familyOf(value) === family)
      const found = compare(what, of(old), of(values))
      if (found) changes[found.how].push({ id, what, before: found.before, after: found.after })
    }
  }
  for (const list of Object.values(changes)) list.sort((a, b) => byName(a.id, b.id) || byName(a.what, b.what))
  return changes
}

function compare(what: Numbered, before: readonly string[], after: readonly string[]) {
  const [lost, gained] = [notHeld(what, before, after), notHeld(what, after, before)]
  if (lost.length > 0 && gained.length > 0) return { how: 'renumbered', before: lost, after: gained } as const
  if (gained.length > 0) return { how: 'grown', before: before.filter((value) => isHeld(what, value, gained)), after: gained } as const
  if (lost.length > 0) return { how: 'shrunk', before: lost, after: after.filter((value) => isHeld(what, value, lost)) } as const
  return undefined
}

function notHeld(what: Numbered, values: readonly string[], by: readonly string[]): string[] {
  return values.filter((value) => !isHeld(what, value, by))
}

/** Whether whoever has `value` has it under one of `by` too. */
function isHeld(what: Numbered, value: string, by: readonly string[]): boolean {
  return by.includes(value) || by.some((other) => (RANGES.has(what) ? isWithin(value, other) : isSameAddress(value, other)))
}

function isWithin(inner: string, outer: string): boolean {
  const [a, b] = [parsePrefix(inner), parsePrefix(outer)]
  return a !== undefined && b !== undefined && contains(b, a)
}

/** Whether it is the same address in the same prefix or a shorter one around it. */
function isSameAddress(inner: string, outer: string): boolean {
  if (addressPart(inner) !== addressPart(outer)) return false
  const [a, b] = [parseInterface(inner), parseInterface(outer)]
  return a !== undefined && b !== undefined && b.length <= a.length
}

/** What has a number, with its numbers. */
function* numbersOf({ sites, services }: Numbering, skip: ReadonlySet<Device>): Generator<Numbers> {
  for (const { replicas } of services) for (const { id, v4, v6 } of replicas) yield { id, what: 'replica', values: [v4, v6] }
  for (const site of sites) {
    yield { id: site.id, what: 'block', values: site.blocks }
    for (const zone of site.zones) {
      yield { id: zone.id, what: 'zone', values: zone.prefixes }
      yield { id: zone.id, what: 'zone number', values: [String(zone.number)] }
    }
    for (const segment of site.segments) {
      yield { id: segment.id, what: 'segment', values: segment.prefixes }
      yield { id: segment.id, what: 'vlan', values: [String(segment.vlan)] }
    }
    for (const device of site.devices) if (!skip.has(device)) yield* numbersOfDevice(device)
  }
}

function* numbersOfDevice(device: Device): Generator<Numbers> {
  for (const of of device.interfaces) {
    // A port that is taken into use, or out of it, is not renumbered and does not grow.
    if (of.addresses.length > 0)
      yield { id: of.id, what: of.kind === 'loopback' ? 'loopback' : 'interface', values: of.addresses.map(({ address }) => address) }
    if (of.kind === 'vlan') yield { id: of.id, what: 'vlan', values: [String(of.vid)] }
    if (of.kind === 'vxlan') yield { id: of.id, what: 'vni', values: [String(of.vni)] }
  }
  for (const { vrf, asn } of device.routing?.bgp ?? [])
    yield { id: vrf === undefined ? device.id : `${device.id} vrf ${vrf}`, what: 'asn', values: [String(asn)] }
}
