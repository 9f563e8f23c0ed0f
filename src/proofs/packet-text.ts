/** A packet for people: `10.32.16.57 → 10.1.80.20 tcp/5432`. */
import { bitsOf, type Family, showIp } from '#base/ip.ts'
import { type Box, intervalOf, type Point, valueOf as valueIn } from './engine/boxes/boxes.ts'
import { PACKETS, PROTOCOLS } from './engine/packet.ts'

const NAMES: ReadonlyMap<number, string> = new Map<number, string>(Object.entries(PROTOCOLS).map(([name, number]) => [number, name]))

/** The text of a packet. */
export function showPacket(family: Family, point: Point): string {
  const value = (field: string) => valueIn(PACKETS[family], point, field)
  const [from, to] = ['source', 'destination'].map((field) => showIp({ family, value: value(field) }))
  const protocol = Number(value('protocol'))
  const name = protocolName(protocol)
  const port = protocol === PROTOCOLS.tcp || protocol === PROTOCOLS.udp ? `/${value('destinationPort')}` : ''
  return `${from} → ${to} ${name}${port}`
}

/** A box for people, with what is free left out: `10.32.0.0–10.32.255.255 → 10.1.80.20 tcp/5432–5433`. */
export function showBox(family: Family, box: Box): string {
  const range = (field: string, show: (value: bigint) => string) => {
    const [first, last] = intervalOf(PACKETS[family], box, field)
    return first === last ? show(first) : `${show(first)}–${show(last)}`
  }
  const isFree = (field: string, bits: number) => {
    const [first, last] = intervalOf(PACKETS[family], box, field)
    return first === 0n && last === (1n << BigInt(bits)) - 1n
  }
  const address = (field: string) => (isFree(field, bitsOf(family)) ? 'anywhere' : range(field, (value) => showIp({ family, value })))
  const protocol = isFree('protocol', 8) ? '' : ` ${range('protocol', (value) => protocolName(Number(value)))}`
  const port = isFree('destinationPort', 16) ? '' : ` port ${range('destinationPort', String)}`
  return `${address('source')} → ${address('destination')}${protocol}${port}`
}

/** `tcp`, or `protocol 4` where it has no name here. */
export function protocolName(protocol: number): string {
  return NAMES.get(protocol) ?? `protocol ${protocol}`
}
