/** What may speak to what, and what is claimed about it. */
import type { Origin, Place } from '#base/place.ts'
import type { Service } from './port.ts'

/** A zone: a part of the company whose members trust each other alike. Zones meet only at filters. */
export interface Zone {
  readonly name: string
  readonly title?: string
  readonly why?: string
}

/** Who is on one side of a policy. Names are checked when the company is compiled. */
export type Endpoint =
  /** A zone, at every site or at the named ones. */
  | { readonly kind: 'zone'; readonly zone: string; readonly at?: readonly string[] }
  /** Every zone of the company. */
  | { readonly kind: 'inside' }
  | { readonly kind: 'service'; readonly service: string }
  | { readonly kind: 'external'; readonly external: string }
  /** One segment, `site/name`. */
  | { readonly kind: 'segment'; readonly segment: string }

/** Someone outside: the internet, a SaaS vendor, a partner, remote users. */
export interface External {
  readonly name: string
  readonly kind: 'internet' | 'saas' | 'partner' | 'remote-users'
  /** Their addresses. The internet has none: it is all that is not the company's. */
  readonly prefixes: readonly string[]
  readonly contact?: string
  /** What one host that uses it sends and is answered in its busy hour, headers included, each as `80 kbps`; it loads nothing if not said. */
  readonly traffic?: { readonly up: string; readonly down: string }
}

/** New flows from one side to the other are allowed. */
export interface Policy {
  /** Made of the names on both sides, so that it survives reordering. */
  readonly id: string
  readonly from: Endpoint
  readonly to: Endpoint
  /** Empty: what the service on the other side listens on. */
  readonly services: readonly Service[]
  readonly why: string
  readonly owner: string
  readonly place: Place
}

/** A claim about the design, judged but never made true. */
export interface Expectation {
  readonly id: string
  readonly claim: Claim
  readonly why?: string
  readonly owner?: string
  readonly place: Place
}

/** What can fail: one of it at a time. Circuits of a shared-risk group fail together. */
export const FAILURE_KINDS = ['circuit', 'device', 'link', 'site', 'feed', 'shared-risk group'] as const

/** One of them. */
export type FailureKind = (typeof FAILURE_KINDS)[number]

/** What is claimed. */
export type Claim =
  | { readonly kind: 'isolate'; readonly from: Endpoint; readonly to: Endpoint }
  | {
      readonly kind: 'reach'
      readonly from: Endpoint
      readonly to: Endpoint
      readonly survives?: readonly FailureKind[]
      readonly through?: string
      /** So many equal ways at least. */
      readonly ways?: number
    }

/** A site is excused from a requirement of its standard, by somebody, until a day. */
export interface Waiver {
  readonly site: string
  readonly requirement: string
  readonly why: string
  readonly owner: string
  /** The last day on which it holds, `YYYY-MM-DD`. */
  readonly until: string
  readonly place: Place
}

/** A team, and how to reach it. */
export interface Team {
  readonly name: string
  readonly contact?: string
}

/** The address space and numbers that the company gives out. */
export interface Addressing {
  readonly v4: readonly string[]
  readonly v6: readonly string[]
  /** Blocks of a region; sites that name the region are given addresses from these. */
  readonly regions?: Readonly<Record<string, { readonly v4: readonly string[]; readonly v6: readonly string[] }>>
  /** In use elsewhere (partners, acquisitions): never given out. */
  readonly reserved?: readonly string[]
  /** AS numbers given out; RFC 6996's four-byte private range if not said. */
  readonly asns?: readonly [first: number, last: number]
}

/** Names that no zone may have, because filters and address plans use them. */
export const RESERVED_ZONES = ['any', 'elsewhere', 'external', 'infrastructure', 'inside', 'outside', 'service'] as const

/** The text of an endpoint, as ids and messages have it: `users`, `service/erp`, `external/internet`, `ber-office/users-3`. Different for different endpoints. */
export function showEndpoint(endpoint: Endpoint): string {
  switch (endpoint.kind) {
    case 'zone':
      return endpoint.at ? `${endpoint.zone}@${[...endpoint.at].sort().join('+')}` : endpoint.zone
    case 'inside':
      return 'inside'
    case 'service':
      return `service/${endpoint.service}`
    case 'external':
      return `external/${endpoint.external}`
    case 'segment':
      return endpoint.segment
  }
}

/** The origin of a policy. */
export function policyOrigin(policy: Pick<Policy, 'id'>): Origin {
  return `policy ${policy.id}`
}
