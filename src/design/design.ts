/** The compiled result: a site slice for each site, and what belongs to the company. Plain frozen data with stable ids; JSON of it, without the whys, is what `build` stores. */
import type { Why } from '#base/place.ts'
import type { Money } from '#base/units.ts'
import type { Device, Lifecycle } from './device.ts'

/** The whole design. */
export interface Design {
  readonly kind: 'design'
  readonly company: string
  readonly domain: string
  /** In the order of their ids. */
  readonly sites: readonly SiteDesign[]
  readonly services: readonly ServiceNode[]
  readonly totals: Totals
}

/** One site. */
export interface SiteDesign {
  readonly kind: 'site'
  readonly id: string
  /** `office@1`. */
  readonly standard: string
  /** The kind of place that the standard builds: `office`, `data-centre`, … */
  readonly category: string
  readonly status: Lifecycle
  readonly city: string
  readonly country: string
  readonly opens?: string
  readonly seats: number
  /** The site's blocks, both families. */
  readonly blocks: readonly string[]
  readonly zones: readonly ZoneNode[]
  readonly segments: readonly SegmentNode[]
  readonly racks: readonly RackNode[]
  readonly devices: readonly Device[]
  readonly links: readonly LinkNode[]
  readonly circuits: readonly CircuitNode[]
  readonly why: Why
}

/** A zone at a site. */
export interface ZoneNode {
  readonly kind: 'zone'
  readonly id: string
  readonly name: string
  readonly number: number
  readonly prefixes: readonly string[]
  readonly why: Why
}

/** A segment. */
export interface SegmentNode {
  readonly kind: 'segment'
  readonly id: string
  readonly zone: string
  /** Absent for a pool of addresses, which is no broadcast domain. */
  readonly vlan?: number
  /** Both families. */
  readonly prefixes: readonly string[]
  readonly gateways: readonly string[]
  /** Hosts that it was asked to have room for. */
  readonly hosts: number
  readonly why: Why
}

/** A rack with what stands in it. */
export interface RackNode {
  readonly kind: 'rack'
  readonly id: string
  readonly units: number
  readonly room?: string
  readonly why: Why
}

/** A cable or circuit between two ports; the far one is absent where it is the carrier's. */
export interface LinkNode {
  readonly kind: 'link'
  readonly id: string
  readonly a: { readonly device: string; readonly port: string }
  readonly b?: { readonly device: string; readonly port: string }
  /** bit/s */
  readonly speed: number
  /** What it is made of: `25GBASE-CR`; absent where that is not known. */
  readonly medium?: string
  readonly circuit?: string
  readonly why: Why
}

/** A circuit of a site. */
export interface CircuitNode {
  readonly kind: 'circuit'
  readonly id: string
  readonly carrier: string
  readonly type: 'internet' | 'private'
  /** bit/s */
  readonly bandwidth: number
  /** Paid each month whatever is used. */
  readonly monthly?: Money
  /** s from order to hand-over. */
  readonly leadTime?: number
  readonly to?: string
  readonly why: Why
}

/** A service with where its replicas run. */
export interface ServiceNode {
  readonly kind: 'service'
  readonly id: string
  readonly owner: string
  readonly zone: string
  readonly listens: readonly string[]
  readonly replicas: readonly { readonly id: string; readonly host: string; readonly v4: string; readonly v6: string; readonly why: Why }[]
  readonly why: Why
}

/** What the company comes to. Areas in square feet, as the trade counts warehouses. */
export interface Totals {
  readonly people: number
  readonly locations: number
  readonly dataCentres: number
  readonly countries: number
  readonly racks: number
  readonly seats: number
  readonly warehouseSqft: number
  /** Of the locations that opened in the growth years. */
  readonly growthLocations: number
  readonly growthSeats: number
  readonly growthWarehouseSqft: number
  readonly devices: number
  readonly links: number
  readonly prefixes: number
}

/** Any node that has an id. */
export type Node =
  | SiteDesign
  | ZoneNode
  | SegmentNode
  | RackNode
  | Device
  | LinkNode
  | CircuitNode
  | ServiceNode
  | (Device['interfaces'][number] & { readonly kind: string })

/** Every node of the design with an id, sites first, then what is in them. */
export function* nodesOf(design: Design): Generator<Node> {
  for (const service of design.services) yield service
  for (const site of design.sites) {
    yield site
    yield* site.zones
    yield* site.segments
    yield* site.racks
    yield* site.circuits
    yield* site.links
    for (const device of site.devices) {
      yield device
      yield* device.interfaces
    }
  }
}
