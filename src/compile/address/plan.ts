/**
 * The address plan: its order, its sizes, and where in a block things lie. The ledger never renumbers, so these are decided once (docs/decisions/004-address-order.md).
 *
 * Site-major in both families: a site is one block, a zone of a site is one block inside it, a segment one inside that. So the WAN carries one route a site, and a filter names a zone
 * by the interval set of its blocks, one a site.
 */

/** Zones a site may have beside infrastructure: an IPv6 zone is a nibble of the site's /48 (RFC 6177, and /52 for the zone), of which infrastructure has number 0. */
export const ZONES_PER_SITE = 15

/** How much larger a zone's IPv4 block is made than what it needs today. */
export const GROWTH = 2n

/** The smallest IPv4 block of a zone: room for a few small segments. */
export const SMALLEST_ZONE = 64n

/** Addresses at the start of a segment that no host gets: the network, the gateway that hosts use, those of each gateway device, and spares. */
export const RESERVED_IN_SEGMENT = 8

/** Offset in a segment of the gateway address that hosts use; the gateway devices' own follow it. */
export const GATEWAY_OFFSET = 1

/** Addresses of a site: a /48 (RFC 6177 §2). */
export const SITE_V6 = 1n << 80n

/** Addresses of a segment: a /64 (RFC 4291 §2.5.4, RFC 7421). */
export const SEGMENT_V6 = 1n << 64n

/** Prefix length of a zone in IPv6. */
export const ZONE_V6_LENGTH = 52

/** VLAN ids of segments. The rest up to 4094 is for {@link handoffVlan}. */
export const SEGMENT_VLANS = { first: 2, last: 2999 } as const

/** AS numbers given out if the company does not say: the four-byte private range (RFC 6996 §5). */
export const PRIVATE_ASNS = [4_200_000_000, 4_294_967_294] as const

/** The VLAN id under which a zone is handed to a firewall: made of the zone's number at the site, so there is nothing to allocate. */
export function handoffVlan(zone: number): number {
  return 3000 + zone
}

/** The routing table of a zone's VRF (Linux keeps 253–255 for itself). */
export function vrfTable(zone: number): number {
  return 1000 + zone
}

/** The layer-3 VNI of a zone at a site (RFC 9135): 24 bits, and small enough for interface names of 15 characters. */
export function zoneVni(zone: number): number {
  return 10000 + zone
}

/** The smallest power of two that is at least `n`, and at least `smallest`, itself one. */
export function powerOfTwo(n: bigint, smallest = 1n): bigint {
  let size = smallest
  while (size < n) size <<= 1n
  return size
}
