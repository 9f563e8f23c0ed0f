/** A device as the pass connect makes it: its interfaces, its VRFs, the zone of each interface, and the sessions that run over them. */
import type { Why } from '#base/place.ts'
import type { Vrf } from '#design/device.ts'
import type { Interface } from '#design/interface.ts'
import type { Exchange } from '#standards/authoring/asks.ts'
import type { Pair } from '../address/address-site.ts'
import type { Located } from '../address/plan-company.ts'

/** The zone of a filter that is the company beyond the site: private circuits and tunnels, and the edges that hold them. */
export const OUTSIDE = 'outside'

/** The zone of a filter that is the internet itself: circuits on which strangers are. */
export const INTERNET = 'internet'

/** The zone of a filter that is the other member of its pair: what it passes on has gone through a filter or is on the way to one. */
export const PEER = 'peer'

/** A routing session over a hop, from one side. */
export interface Session {
  readonly kind: 'fabric' | 'route' | 'vrf-handoff' | 'open-handoff' | 'carrier' | 'to-host' | 'host'
  readonly interface: string
  /** How far the other end is: in the same place, or beyond a circuit. */
  readonly reach: 'site' | 'wan'
  /** The zone in whose VRF it runs, or whose VRF is at the other end. */
  readonly zone?: string
  readonly local: Partial<Pair>
  readonly remote: Partial<Pair>
  readonly remoteAsn: number
  /** Why the number is that one. */
  readonly asnWhy: Why
  /** The device at the other end, or the carrier. */
  readonly remoteName: string
  readonly remoteSite: { readonly name: string; readonly v4: readonly Located[]; readonly v6: readonly Located[] } | undefined
  readonly exchange: Exchange
  /** Why it is there and says what it says, whatever its addresses. */
  readonly asked: Why
  readonly why: Why
}

/** A way to the internet: an interface on which a carrier hands it over, with the addresses that it gave us. */
export interface InternetLink {
  readonly circuit: string
  readonly interface: string
  readonly v4?: string
  readonly v6?: string
  readonly why: Why
}

/** The end of a tunnel: the UDP port that it listens on, and the other end's addresses if we know them. */
export interface TunnelEnd {
  readonly circuit: string
  readonly udp: number
  readonly from: readonly string[]
  readonly why: Why
}

/** The link to the other member of a pair of filters, for their state. */
export interface SyncLink {
  readonly interface: string
  readonly local: Pair
  readonly remote: Pair
  readonly remoteName: string
  readonly why: Why
}

/** The interface by which a device is run. */
export interface ManagementPort {
  readonly interface: string
  readonly vrf?: string
  readonly v4: string
  readonly v6: string
  /** The segment that its gateway is of, where it has one. */
  readonly segment?: string
  readonly why: Why
}

/** A way out by a carrier that speaks no BGP. */
export interface CarrierDefault {
  readonly v4?: string
  readonly v6?: string
  readonly why: Why
}

/** One device, connected. */
export interface Connected {
  readonly interfaces: readonly Interface[]
  readonly vrfs: readonly Vrf[]
  /** The zone that packets of each interface belong to, where it forwards. */
  readonly zoneOf: ReadonlyMap<string, string>
  readonly sessions: readonly Session[]
  readonly carriers: readonly CarrierDefault[]
  readonly internet: readonly InternetLink[]
  readonly tunnels: readonly TunnelEnd[]
  readonly sync?: SyncLink
  /** Where it is run from: an interface with addresses, and the VRF that it is in. */
  readonly management?: ManagementPort
  /** Segments it is a gateway of, each with its interface there. */
  readonly gateways: ReadonlyMap<string, string>
}
