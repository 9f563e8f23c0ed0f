/** A packet for people: `10.32.16.57 → 10.1.80.20 tcp/5432`. */
import { type Family, showIp } from '#base/ip.ts'
import { type Point, valueOf as valueIn } from './engine/boxes/boxes.ts'
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

/** `tcp`, or `protocol 4` where it has no name here. */
export function protocolName(protocol: number): string {
  return NAMES.get(protocol) ?? `protocol ${protocol}`
}
