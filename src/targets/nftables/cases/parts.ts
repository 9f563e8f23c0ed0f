/** The parts of filters, in few words. */
import type { AddressSet, FilterRule, FilterZone, LocalRule, MarkRule, TrafficClass, ZonePair } from '#design/filter.ts'
import type { Service } from '#model/port.ts'

/** Every protocol of ICMP. */
export const icmp: Service = { protocol: 'icmp' }

/** VRRP, as a service of the device itself. */
export const vrrp: LocalRule['service'] = { protocol: 'vrrp' }

/** Every address of both families. */
export const any = 'any'

/** A zone with its interfaces. */
export function zone(name: string, interfaces: readonly string[], checks: Pick<FilterZone, 'sources' | 'refuses' | 'answers' | 'destinations'> = {}): FilterZone {
  return { name, interfaces, ...checks, why: [`zone ${name}`] }
}

/** A set of prefixes. */
export function set(name: string, ...prefixes: string[]): AddressSet {
  return { name, prefixes: prefixes.map((prefix) => ({ prefix, why: [`ledger prefix ${prefix}`] })), why: [`zone ${name}`] }
}

/** The rules from one zone to another. */
export function pair(from: string, to: string, ...rules: FilterRule[]): ZonePair {
  return { from, to, rules }
}

/** New flows that are accepted. */
export function rule(id: string, from: string, to: string, services: Service[], said: Pick<FilterRule, 'owner' | 'reason'> = {}): FilterRule {
  return { id, from, to, services, ...said, why: [`policy ${id}`] }
}

/** Something that the device itself accepts. */
export function local(name: string, from: string, service: LocalRule['service']): LocalRule {
  return { interface: name, from, service, why: [`ask link ${name}`] }
}

/** A traffic class of what comes in. */
export function mark(name: string, trafficClass: TrafficClass, service?: Service): MarkRule {
  return { interface: name, class: trafficClass, ...(service ? { service } : {}), why: [`ask marks ${name}`] }
}

/** TCP ports. */
export function tcp(first: number, last = first): Service {
  return { protocol: 'tcp', ports: [first, last] }
}

/** UDP ports. */
export function udp(first: number, last = first): Service {
  return { protocol: 'udp', ports: [first, last] }
}
