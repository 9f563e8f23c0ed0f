/** A device as the pass connect makes it: its interfaces, its VRFs, the zone of each interface, and the sessions that run over them. */
import type { Why } from '#base/place.ts'
import type { Interface, Vrf } from '#design/device.ts'
import type { Exchange } from '#standards/authoring/asks.ts'
import type { Pair } from '../address/address-site.ts'
import type { Located } from '../address/plan-company.ts'

/** The zone of a filter that is everything beyond the site: circuits, and the edges that hold them. */
export const OUTSIDE = 'outside'

/** A routing session over a hop, from one side. */
export interface Session {
  readonly kind: 'fabric' | 'route' | 'vrf-handoff' | 'open-handoff' | 'carrier'
  readonly interface: string
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
  /** Segments it is a gateway of. */
  readonly gatewayOf: readonly string[]
}
