/** What a device does for hosts beside passing their packets on: shared gateways, addresses, balancing, names, and who is let in. */
import type { Why } from '#base/place.ts'
import type { SecretName } from './device.ts'

/** First-hop redundancy (VRRPv3, RFC 5798). All groups of a device are master or backup together, so that one box sees both directions of a flow. */
export interface Vrrp {
  readonly groups: readonly VrrpGroup[]
  /** The device with the higher priority is master, 1–254. */
  readonly priority: number
  /** Routes of which the kernel must have each, from BGP, for the device to be master: whoever has lost the WAN stands back. */
  readonly follows: readonly string[]
  readonly why: Why
}

/** A gateway address pair that hosts use. */
export interface VrrpGroup {
  /** Name of the segment. */
  readonly name: string
  readonly interface: string
  /** Virtual router id, 1–255, unique on the segment. */
  readonly id: number
  /** With prefix lengths; of IPv4 one in each block of the segment. */
  readonly v4: readonly string[]
  readonly v6: string
  readonly why: Why
}

/** A DHCP server for both families; two of a site are a pair in hot standby. */
export interface DhcpServer {
  readonly role: 'primary' | 'standby'
  /** The other one, and the addresses over which the two keep their leases in step; absent for one alone. */
  readonly pair?: { readonly self: PairMember; readonly other: PairMember }
  readonly domain: string
  readonly resolvers: readonly string[]
  readonly clocks: readonly string[]
  readonly segments: readonly DhcpSegment[]
  readonly why: Why
}

/** A member of a pair of servers. */
export interface PairMember {
  readonly name: string
  readonly address: string
}

/** A segment as its DHCP server sees it: as many IPv4 prefixes as it has grown to, and one IPv6 prefix. */
export interface DhcpSegment {
  /** Name of the segment. */
  readonly name: string
  /** Stable number, unique at the site (the VLAN id). */
  readonly id: number
  readonly interface: string
  readonly leaseSeconds: number
  /** Where its hosts are told of others than the server's. */
  readonly resolvers?: readonly string[]
  /** Where its telephones are, for those who come when somebody calls for help. */
  readonly location?: CivicLocation
  readonly v4: readonly (DhcpPool & { readonly gateway: string })[]
  readonly v6: DhcpPool
  readonly why: Why
}

/** The addresses of a prefix that are handed out, from the first to the last. */
export interface DhcpPool {
  readonly prefix: string
  readonly first: string
  readonly last: string
  readonly why: Why
}

/** A place as people find it (RFC 4776). */
export interface CivicLocation {
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  readonly city: string
  /** Street and number, where they are known. */
  readonly address?: string
  /** The part of the building: a floor, a hall. */
  readonly area: string
  readonly why: Why
}

/** A load balancer: addresses of services that it takes connections on, and the replicas that it hands them to. */
export interface Balancer {
  readonly frontends: readonly Frontend[]
  readonly backends: readonly Backend[]
  readonly why: Why
}

/** An address pair and port of a service. Its addresses are announced while the backend has a server that is up, and the proxy lives. */
export interface Frontend {
  /** Name of the service and of what it listens on: `orders-map-https`. */
  readonly name: string
  readonly v4: string
  readonly v6: string
  readonly port: number
  /** Name of the backend. */
  readonly backend: string
  /** `tcp` passes bytes; `http` reads requests; `https` ends TLS here, with this certificate. */
  readonly protocol: 'tcp' | 'http' | 'https'
  readonly certificate?: SecretName
  readonly clientTimeoutSeconds: number
  readonly why: Why
}

/** The replicas of a service at this site. */
export interface Backend {
  readonly name: string
  readonly mode: 'tcp' | 'http'
  readonly algorithm: 'roundrobin' | 'leastconn' | 'source'
  /** How a server shows that it is up. */
  readonly health: { readonly kind: 'connect' } | { readonly kind: 'http'; readonly method: string; readonly path: string }
  /** Connections of one client go to one server, remembered for so long. */
  readonly stickSeconds?: number
  /** A server that comes up gets its full share after so long. */
  readonly slowStartSeconds: number
  /** Connections of a server that is being taken out may go on for so long. */
  readonly drainSeconds: number
  readonly serverTimeoutSeconds: number
  readonly servers: readonly BackendServer[]
  readonly why: Why
}

/** A replica. */
export interface BackendServer {
  readonly name: string
  readonly address: string
  readonly port: number
  readonly why: Why
}

/** Answers names: those of the company from what is written here, all others by asking out there. */
export interface Resolver {
  /** Addresses that it is asked at. */
  readonly addresses: readonly string[]
  /** Prefixes whose hosts may ask. */
  readonly clients: readonly string[]
  /** The company's domain. A name below it that is not among the records does not exist. */
  readonly domain: string
  /** Prefixes of the company's addresses, of which one without a name has none. */
  readonly space: readonly string[]
  /** The same object for all resolvers of a company. */
  readonly records: readonly NameRecord[]
  readonly why: Why
}

/** A name with its addresses, `edge-a.bos1.acme.example`. */
export interface NameRecord {
  readonly name: string
  readonly addresses: readonly string[]
  /** Whether the addresses lead back to the name (PTR, RFC 1035 §3.5): one name for each address. */
  readonly reverse: boolean
  readonly why: Why
}

/** Has servers decide who may use the ports that say so, and the wireless networks: EAP (IEEE 802.1X) towards hosts, RADIUS (RFC 3579) towards servers. */
export interface Authenticator {
  /** Addresses that it asks from, one a family. */
  readonly source: readonly string[]
  /** Addresses of the servers, asked in this order: at UDP 1812 whom to let in, at 1813 told who was there. */
  readonly servers: readonly string[]
  /** What the device and the servers share. */
  readonly secret: SecretName
  readonly why: Why
}

/** What the access points that hang on a switch are told: all of them the same. */
export interface Wireless {
  /** The country whose rules for radio hold, ISO 3166-1 alpha-2, `DE`. */
  readonly country: string
  readonly networks: readonly WirelessNetwork[]
  readonly why: Why
}

/** A wireless network. */
export interface WirelessNetwork {
  /** Its name in the air, 1–32 bytes (IEEE 802.11 §9.4.2.2). */
  readonly ssid: string
  /** The segment that its hosts are on, and its VLAN at the access point's port. */
  readonly segment: string
  readonly vid: number
  /** Who gets in: whom the authenticator lets in (WPA3-Enterprise), or everybody, each encrypted for itself (Enhanced Open, RFC 8110). */
  readonly admits: 'authenticated' | 'everybody'
  /** Whether hosts reach each other. Strangers do not. */
  readonly isolated: boolean
  readonly why: Why
}
