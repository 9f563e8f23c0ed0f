/** What the rules of zone pairs and those of the device itself are made of: fields, selectors, and services as ranges of numbers. */
import { type Family, showPrefix } from '#base/ip.ts'
import type { Why } from '#base/place.ts'
import type { LocalRule } from '#design/filter.ts'
import type { Box } from './disjoint.ts'
import type { FieldType, NftElement, Selector, Statement } from './tree.ts'

/** What packets are looked up by besides addresses: protocol and port, that they are ICMP or VRRP, or nothing. */
export type Kind = 'ports' | 'icmp' | 'vrrp' | 'all'

/** Both families, in the order in which they are printed. */
export const FAMILIES: readonly Family[] = [4, 6]

/** The field type of addresses. */
export const ADDRESS: Readonly<Record<Family, FieldType>> = { 4: 'ipv4_addr', 6: 'ipv6_addr' }

/** The selector of source addresses. */
export const SOURCE: Readonly<Record<Family, Selector>> = { 4: 'ip saddr', 6: 'ip6 saddr' }

/** The selector of destination addresses. */
export const DESTINATION: Readonly<Record<Family, Selector>> = { 4: 'ip daddr', 6: 'ip6 daddr' }

/** The field types of a service with ports. */
export const SERVICE_TYPE: readonly FieldType[] = ['inet_proto', 'inet_service']

/** The selectors of a service with ports. They look behind IPv6 extension headers, where `ip6 nexthdr` would not. */
export const SERVICE: readonly Selector[] = ['meta l4proto', 'th dport']

/** Matches the ICMP of the family; beside an address match only, because protocol 1 in IPv6 is not ICMP, nor is 58 in IPv4. `ipv6-icmp` would need /etc/protocols. */
export const ICMP: Readonly<Record<Family, Statement>> = {
  4: { kind: 'is', selectors: ['meta l4proto'], values: [['icmp']] },
  6: { kind: 'is', selectors: ['meta l4proto'], values: [['icmpv6']] },
}

/** VRRP by its number (IANA protocol 112), which it has in both families: the name would need /etc/protocols. */
export const VRRP: Statement = { kind: 'is', selectors: ['meta l4proto'], values: [['112']] }

/** Matches the ICMP of either family. As one tuple: `nft list` leaves a lone `meta nfproto` out, and its listing would load as a wider rule. */
export const EITHER_ICMP: Statement = {
  kind: 'is',
  selectors: ['meta nfproto', 'meta l4proto'],
  values: [
    ['ipv4', 'icmp'],
    ['ipv6', 'icmpv6'],
  ],
}

const PROTOCOLS = ['tcp', 'udp'] as const

/** Ports of one protocol: those of TCP and UDP follow each other as one range of numbers. */
const PORTS = 65536

/** Ranges of numbers, both ends included. */
export interface Range {
  readonly first: number
  readonly last: number
}

const WHOLE: readonly Range[] = [{ first: 0, last: 0 }]

/** The ranges of numbers that services of the kind fill; none when the kind does not apply. No services are all services. */
export function ranges(services: readonly LocalRule['service'][], kind: Kind): readonly Range[] {
  if (kind === 'all') return services.length === 0 ? WHOLE : []
  if (kind !== 'ports') return services.some(({ protocol }) => protocol === kind) ? WHOLE : []
  return services.flatMap((service) => {
    const { protocol } = service
    if (protocol === 'icmp' || protocol === 'vrrp') return []
    const [first, last] = service.ports ?? [0, PORTS - 1]
    const base = PROTOCOLS.indexOf(protocol) * PORTS
    return [{ first: base + first, last: base + last }]
  })
}

/** A range of ports as nftables writes it. */
export function showPorts([first, last]: readonly [first: number, last: number]): string {
  return first === last ? `${first}` : `${first}-${last}`
}

/** The element that holds the box, for a set of the type. */
export function element(type: readonly FieldType[], { prefix, first, last, why }: Box): NftElement {
  return {
    ...(type.includes(ADDRESS[prefix.family]) ? { prefix: showPrefix(prefix) } : {}),
    ...(type.includes('inet_proto') ? { protocol: PROTOCOLS[Math.floor(first / PORTS)]!, ports: [first % PORTS, last % PORTS] as const } : {}),
    why,
  }
}

/** The whys of parts, one of each. */
export function whysOf(parts: readonly { readonly why: Why }[]): Why[] {
  return parts.map((part) => part.why)
}
