/** The words of nftables that stand for numbers in packets. */
import type { Family } from '#base/ip.ts'
import { PROTOCOLS } from '../packet.ts'

/** The number of a protocol, which is written as a word or as the number. */
export function protocolOf(text: string): number {
  return (PROTOCOLS as Readonly<Record<string, number>>)[text] ?? Number(text)
}

/** Types of the ICMP of each family, by the names that nft has for them (IANA icmp-parameters, icmpv6-parameters). */
export const ICMP_TYPES: Readonly<Record<Family, Readonly<Record<string, number>>>> = {
  4: { 'echo-request': 8 },
  6: {
    'echo-request': 128,
    'mld-listener-query': 130,
    'mld-listener-report': 131,
    'mld-listener-done': 132,
    'nd-router-solicit': 133,
    'nd-router-advert': 134,
    'nd-neighbor-solicit': 135,
    'nd-neighbor-advert': 136,
    'mld2-listener-report': 143,
  },
}

/** The first and the last of ports that are written as one number or as a range. */
export function portsOf(text: string): readonly [first: number, last: number] {
  const [first, last = first] = text.split('-').map(Number)
  return [first!, last!]
}
