/** What packets are to proofs: fields of whole numbers, of one family each. Interfaces, zones and VRFs are places in the network and no fields of packets. */
import type { Family } from '#base/ip.ts'
import { type Space, spaceOf } from './boxes/space.ts'

/** The fields that filters and routes look at. Ports are those of TCP and UDP, and mean nothing for other protocols; the type is that of ICMP of the family. */
export const PACKETS: Readonly<Record<Family, Space>> = { 4: fieldsOf(32), 6: fieldsOf(128) }

function fieldsOf(bits: number): Space {
  return spaceOf([
    { name: 'source', bits },
    { name: 'destination', bits },
    { name: 'protocol', bits: 8 },
    { name: 'sourcePort', bits: 16 },
    { name: 'destinationPort', bits: 16 },
    { name: 'icmpType', bits: 8 },
  ])
}

/** Numbers of protocols (IANA protocol numbers). */
export const PROTOCOLS = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58, vrrp: 112 } as const
