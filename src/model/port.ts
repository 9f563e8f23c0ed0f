/** What a service is reached on. */

/** A protocol with a range of destination ports. */
export interface Service {
  readonly protocol: 'tcp' | 'udp' | 'icmp'
  /** Absent for icmp. */
  readonly ports?: readonly [first: number, last: number]
}

/** Reads a port as written: `443/tcp`, `8000-8099/udp` or `icmp`. The text has passed `fact.port`. */
export function parsePort(text: string): Service {
  if (text === 'icmp') return { protocol: 'icmp' }
  const [range, protocol] = text.split('/') as [string, 'tcp' | 'udp']
  const [first, last = first] = range.split('-').map(Number)
  return { protocol, ports: [first!, last!] }
}

/** `tcp/443`, `udp/8000-8099` or `icmp`. */
export function showService(service: Service): string {
  if (!service.ports) return service.protocol
  const [first, last] = service.ports
  return `${service.protocol}/${first === last ? first : `${first}-${last}`}`
}
