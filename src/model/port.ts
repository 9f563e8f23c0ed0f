/** What a service is reached on. */

/** A protocol with a range of destination ports. */
export interface Service {
  readonly protocol: 'tcp' | 'udp' | 'icmp'
  /** Absent for icmp. */
  readonly ports?: readonly [first: number, last: number]
}

/** The form of a port, for JSON Schema. */
export const PORT_PATTERN = /^(icmp|\d{1,5}(-\d{1,5})?\/(tcp|udp))$/

/** Reads a port as written: `443/tcp`, `8000-8099/udp` or `icmp`; undefined when it is none, or a range that ends before it begins. */
export function parsePort(text: string): Service | undefined {
  if (text === 'icmp') return { protocol: 'icmp' }
  if (!PORT_PATTERN.test(text)) return undefined
  const [range, protocol] = text.split('/') as [string, 'tcp' | 'udp']
  const [first, last = first] = range.split('-').map(Number)
  return first! >= 1 && first! <= last! && last! <= 65535 ? { protocol, ports: [first!, last!] } : undefined
}

/** `tcp/443`, `udp/8000-8099` or `icmp`. */
export function showService(service: Service): string {
  if (!service.ports) return service.protocol
  const [first, last] = service.ports
  return `${service.protocol}/${first === last ? first : `${first}-${last}`}`
}
