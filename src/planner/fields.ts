/**
 * The members of nodes that a plan compares, each with how a person reads it. The tables are exhaustive: a member that is new in the design does not compile until it is
 * here, or is named among those that are told elsewhere in the plan.
 */
import { familyOf, prefixOf, sizeOf } from '#base/ip.ts'
import { count, grouped, showBandwidth, showMoney } from '#base/units.ts'
import type { CircuitNode, Design, LinkNode, RackNode, SegmentNode, ServiceNode, SiteDesign, ZoneNode } from '#design/design.ts'
import type { Device } from '#design/device.ts'
import type { FieldChange } from './plan.ts'

/** How each member of `T` reads, but for those in `Elsewhere`. */
export type Fields<T, Elsewhere extends keyof T> = {
  readonly [K in Exclude<keyof T, Elsewhere | ('kind' | 'id' | 'why')>]-?: (value: NonNullable<T[K]>) => string
}

/** Any such table. */
export type FieldTable = { readonly [field: string]: (value: never) => string }

/** s. */
const DAY = 86400

/** The things that a device is told; what of them differs is in its printed files. */
export const DEVICE_PARTS = [
  'interfaces',
  'vrfs',
  'routing',
  'filter',
  'stateSync',
  'vrrp',
  'dhcp',
  'balancer',
  'authenticator',
  'wireless',
  'management',
] as const

/** A thing that a device is told. */
export type DevicePart = (typeof DEVICE_PARTS)[number]

const words = (value: readonly string[]) => value.join(' ')
const port = (end: LinkNode['a']) => `${end.device} ${end.port}`

export const companyFields: Fields<Design, 'sites' | 'services' | 'totals'> = { company: String, domain: String }

export const siteFields: Fields<SiteDesign, 'blocks' | 'zones' | 'segments' | 'racks' | 'devices' | 'links' | 'circuits'> = {
  standard: String,
  category: String,
  status: String,
  city: String,
  country: String,
  opens: String,
  seats: grouped,
}

export const zoneFields: Fields<ZoneNode, 'number' | 'prefixes'> = { name: String }

export const rackFields: Fields<RackNode, never> = { units: (units) => `${units} U`, room: String }

export const segmentFields: Fields<SegmentNode, 'vlan'> = {
  zone: String,
  hosts: grouped,
  // How many of IPv4, which is what resizing changes; which ones is told with the addresses.
  prefixes: (prefixes) =>
    count(Number(prefixes.reduce((sum, text) => (familyOf(text) === 4 ? sum + sizeOf(prefixOf(text)) : sum), 0n)), 'address', 'addresses'),
  gateways: words,
}

// Power supplies come with the model and its members. A resolver answers for the whole company: what differs of it is every change to an address, and is told by its files.
export const deviceFields: Fields<Device, 'site' | 'name' | 'supplies' | 'resolver' | DevicePart> = {
  role: String,
  model: String,
  platform: words,
  status: String,
  members: String,
  hostname: String,
  place: ({ rack, unit }) => `${rack.slice(rack.indexOf('/') + 1)} U${unit}`,
  forwards: (forwards) => (forwards ? 'yes' : 'no'),
}

export const linkFields: Fields<LinkNode, never> = { a: port, b: port, speed: showBandwidth, medium: String, circuit: String }

export const circuitFields: Fields<CircuitNode, never> = {
  carrier: String,
  type: String,
  bandwidth: showBandwidth,
  monthly: showMoney,
  leadTime: showDays,
  to: String,
}

export const serviceFields: Fields<ServiceNode, never> = {
  owner: String,
  zone: String,
  listens: words,
  replicas: (replicas) => replicas.map(({ id, host }) => `${id.slice('service/'.length)} on ${host}`).join(', '),
}

/** What differs between the members that are in the table. */
export function diffFields<T extends object>(fields: FieldTable, before: T, after: T): FieldChange[] {
  const show = (name: string, node: T) => {
    const value = (node as Readonly<Record<string, unknown>>)[name]
    return value === undefined ? undefined : fields[name]!(value as never)
  }
  return Object.keys(fields).flatMap((field) => {
    const [was, is] = [show(field, before), show(field, after)]
    return was === is ? [] : [{ field, ...(was === undefined ? {} : { before: was }), ...(is === undefined ? {} : { after: is }) }]
  })
}

/** `90 d`. */
export function showDays(seconds: number): string {
  return `${grouped(seconds / DAY)} d`
}
