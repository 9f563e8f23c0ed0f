/**
 * Asks: what standards want. Plain data, made by the authoring API and answered by the passes of the compiler. An ask names things; it never picks an address, a number,
 * a rack unit or a port. Its `why` is the origin of the call that made it; places are kept in {@link Call}, apart from the values, so that moving a line changes no ask.
 */
import type { Origin, Place, Why } from '#base/place.ts'
import type { CircuitFacts } from '#model/site.ts'

/** All that the standards want of one site. */
export interface Asks {
  readonly racks: readonly RackAsk[]
  readonly devices: readonly DeviceAsk[]
  readonly links: readonly LinkAsk[]
  readonly ports: readonly PortAsk[]
  readonly segments: readonly SegmentAsk[]
  readonly filters: readonly FilterAsk[]
  readonly balancers: readonly BalancerAsk[]
  readonly managed: readonly ManageAsk[]
  readonly attachments: readonly Attachment[]
  readonly requirements: readonly Requirement[]
}

/** A rack or cabinet. */
export interface RackAsk {
  readonly name: string
  readonly units: number
  readonly room?: string
  readonly renamedFrom?: string
  readonly why: Why
}

/** A device of a role. */
export interface DeviceAsk {
  readonly name: string
  readonly role: string
  /** Slug of a device type; the role's usual one if not said. */
  readonly model?: string
  /** Boxes that are one device: a stack of so many. */
  readonly members: number
  /** Where it is mounted: in one of these racks (the ledger keeps which), in this one at first, and from which end units are tried. */
  readonly rack?: { readonly among: readonly string[]; readonly prefer?: string; readonly from: 'top' | 'bottom' }
  /** The group that it was asked for with; its own name if alone. */
  readonly group: string
  /** The name under which it has an AS number, and so speaks BGP: its own, or one that several share. */
  readonly asn?: string
  /** It stands by for another member of its group: what it announces is made less attractive. */
  readonly standby: boolean
  /** The zone that a server is in. */
  readonly zone?: string
  readonly renamedFrom?: string
  readonly why: Why
}

/** One end of a link: a device, or one of several (the ledger keeps which). */
export interface End {
  readonly site: string
  readonly among: readonly string[]
  /** The one of them that it is plugged into first; where it is plugged in already it stays. */
  readonly prefer?: string
  /** Ends that say the same land on different devices, as far as there are any: what one of them is lost with leaves the others. */
  readonly apart?: string
}

/** A cable or circuit wanted between two devices. */
export interface LinkAsk {
  /** Unique in the site that asks; made of names. */
  readonly name: string
  readonly a: End
  /** Absent for a circuit whose other end is a carrier. */
  readonly b?: End
  /** bit/s that the ports must at least run at: an Ethernet speed. */
  readonly speed: number
  readonly carries: Carries
  /** The circuit that it runs over, if it leaves the site. */
  readonly circuit?: CircuitTerms
  readonly why: Why
}

/** What the devices at both ends have to know of a circuit. What it costs and how much it carries stays at the site that pays for it, so that an edit of those concerns no other. */
export type CircuitTerms = Pick<CircuitFacts, 'id' | 'carrier' | 'kind' | 'vlan' | 'mtu' | 'asn' | 'addresses'>

/** What a link is for. */
export type Carries =
  /** A routed hop with a BGP session per family. With a zone, what comes over it is of that zone for the filter on side a. */
  | { readonly kind: 'route'; readonly a: Exchange; readonly b: Exchange; readonly zone?: string }
  /** A routed hop of a fabric: everything is exchanged, EVPN too. */
  | { readonly kind: 'fabric' }
  /** Tagged segments, from a gateway or a switch to a switch. */
  | { readonly kind: 'trunk'; readonly segments: readonly string[] }
  /** One untagged segment, to a host or a desk. */
  | { readonly kind: 'access'; readonly segment: string }
  /** The management port of the device on side b, which is in a VRF of its own there. */
  | { readonly kind: 'management'; readonly segment: string }
  /** A routed hop in each of these zones' VRFs on side a, in the open on side b. */
  | { readonly kind: 'handoff'; readonly zones: readonly string[] }
  /** A carrier: provider-assigned addresses, and BGP where the carrier speaks it; else a static default. */
  | { readonly kind: 'carrier'; readonly a: Exchange }
  /** A host on side b that routes: the VRF of its zone on side a says a default and believes what the host has of its zone. */
  | { readonly kind: 'homed'; readonly zone: string; readonly pool: string }
  /** A link of a pair of filters over which they keep what they know of connections in step, and nothing else. */
  | { readonly kind: 'sync' }
  /** A WireGuard tunnel over internet circuits, a routed hop inside; it takes no port. Side a calls. */
  | { readonly kind: 'tunnel'; readonly a: Exchange; readonly b: Exchange; readonly over: { readonly a: CircuitTerms; readonly b: CircuitTerms } }

/** What one side of a routed hop says and believes. */
export interface Exchange {
  readonly announce: readonly Announcement[]
  readonly accept: Acceptance
  /** Which of several ways is taken (local preference, RFC 4271 §5.1.5), the highest first; 100 if not said. Both sides of a way say the same, so both directions take it. */
  readonly preference?: number
  /**
   * Preferences that a route may have from where it came into the company, and keeps on this way in place of `preference`: who is at the other end has chosen by them. Routers are ASes of their own here, and
   * local preference ends at those (RFC 4271 §5.1.5), so a large community says it.
   */
  readonly keeps?: readonly number[]
}

/**
 * What is announced: everything known; what is inside the site's own blocks, one by one; those blocks as summaries; the company's whole space as a summary; what was learned from outside the site; a default
 * route, if one is known; or what the internet may know: the site's public prefixes.
 */
export type Announcement = 'all' | 'inside' | 'site' | 'company' | 'learned' | 'default' | 'public'

/** What is believed: everything; what is inside the site's own blocks; only the blocks of the site at the other end, as they are or with all that is inside them; everything but the site's own blocks; or a default route alone. */
export type Acceptance = 'all' | 'inside' | 'their-site' | 'their-inside' | 'foreign' | 'default'

/** Ports that are set up though nothing of the design is plugged in: desks, access points. */
export interface PortAsk {
  readonly device: string
  /** What the ports are for; unique on the device. */
  readonly name: string
  readonly count: number
  /** bit/s */
  readonly speed: number
  readonly untagged: string
  readonly tagged: readonly string[]
  /** Set where what is plugged in is not ours: what the port refuses from it. */
  readonly guard?: { readonly stormFramesPerSecond: number; readonly authenticated?: boolean }
  /** Set for access points: each tagged segment is a wireless network. */
  readonly wireless: boolean
  readonly why: Why
}

/** A broadcast domain of one zone. */
export interface SegmentAsk {
  readonly name: string
  readonly zone: string
  /** Addresses wanted for hosts; gateways come on top. */
  readonly hosts: number
  /** Devices that route for it, the first being the one that hosts use. */
  readonly gateways: readonly string[]
  /** Whether the gateways keep it in a VRF of its zone. */
  readonly vrf: boolean
  /** Whether its gateways hand out its addresses (DHCP, router advertisements). */
  readonly dhcp: boolean
  /** For strangers: they are told of resolvers outside, since ours are not theirs. */
  readonly strangers: boolean
  /** Carries the speech of telephones: classes are set for it. */
  readonly voice: boolean
  /** The part of the building that it is in. */
  readonly area?: string
  /** No broadcast domain but addresses that hosts which route hold one by one: nobody is their gateway. */
  readonly pool: boolean
  readonly renamedFrom?: string
  readonly why: Why
}

/** A stateful filter on these devices, default deny. */
export interface FilterAsk {
  readonly devices: readonly string[]
  readonly why: Why
}

/** These devices balance what services at this site ask to be balanced; their addresses come from a pool of the zone that the devices are in. */
export interface BalancerAsk {
  readonly devices: readonly string[]
  readonly pool: string
  readonly why: Why
}

/**
 * A device that is run by way of a segment of the management zone: over its management port where a link of the kind `management` leads to it, with an address on its bridge where it carries the
 * segment, with the one that it has as its gateway; without a segment at its loopback.
 */
export interface ManageAsk {
  readonly device: string
  readonly segment?: string
  readonly why: Why
}

/** What a standard insists on and a site may be excused from by a waiver. */
export interface Requirement {
  /** `two-circuits`; unique at the site. */
  readonly name: string
  readonly met: boolean
  /** What is wrong and the nearest thing that works, in numbers. */
  readonly reason: string
  readonly fact?: Origin
  readonly why: Why
}

/** A point where company standards may attach: what a site offers them. */
export interface Attachment {
  readonly name: string
  readonly site: string
  /** The kind of the site's standard: `office`, `data-centre`, … */
  readonly kind: string
  readonly devices: readonly string[]
  readonly circuits: readonly CircuitFacts[]
  /** Latitude and longitude in degrees. */
  readonly location?: readonly [number, number]
  /** Whether other sites may reach the company through it. */
  readonly hub: boolean
  /** People's seats there: how much hangs on its circuits. */
  readonly seats: number
  readonly why: Why
}

/** A call of the authoring API: where it was made, and the facts that were read to make it. The origin is `ask SITE KIND NAME`. */
export interface Call {
  readonly origin: Origin
  /** `office@3`. */
  readonly standard: string
  /** Innermost first, with helpers of the company's own. */
  readonly places: readonly Place[]
  readonly facts: readonly Origin[]
}
