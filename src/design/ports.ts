/** Ports on which devices of a design speak to each other: filters let them in, targets print them. */
import type { Service } from '#model/port.ts'

const tcp = (port: number): Service => ({ protocol: 'tcp', ports: [port, port] })
const udp = (port: number): Service => ({ protocol: 'udp', ports: [port, port] })

/** BGP (RFC 4271 §8). */
export const BGP = tcp(179)

/** Single-hop BFD control packets (RFC 5881 §4). */
export const BFD = udp(3784)

/** VXLAN (RFC 7348 §5). */
export const VXLAN = udp(4789)

/** State of a pair of filters: what conntrackd's own examples use. */
export const STATE_SYNC = udp(3780)

/** Leases of a pair of DHCP servers, one port a family: as the manual of Kea suggests for servers that listen themselves (8000 is its control agent). */
export const LEASE_SYNC = { v4: tcp(8001), v6: tcp(8002) } as const

/** DHCP servers listen here (RFC 2131 §4.1, RFC 8415 §7.2). */
export const DHCP = { v4: udp(67), v6: udp(547) } as const

/** Log-in (RFC 4253 §4) and monitoring (RFC 3411, port of RFC 3417 §3.2). */
export const SSH = tcp(22)
export const SNMP = udp(161)
