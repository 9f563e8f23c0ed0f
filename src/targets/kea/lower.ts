/** Turns a device's DHCP server into Kea's two. Pools, ids and names are the design's; the times in which a lease is renewed follow from how long it lasts. */
import { addressPart, contains, familyOf, ipOf, prefixAround, prefixOf } from '#base/ip.ts'
import type { Why } from '#base/place.ts'
import type { Device } from '#design/device.ts'
import type { CivicLocation, DhcpPool, DhcpSegment, DhcpServer } from '#design/for-hosts.ts'
import { civicBytes } from './civic.ts'
import { rules } from './rules.ts'
import type { KeaNetwork, KeaOption, KeaServer, KeaSubnet, KeaTree } from './tree.ts'

/** The servers of the device; undefined when it hands out no addresses, or by another program. */
export function lower(device: Device): KeaTree | undefined {
  const { dhcp } = device
  if (!dhcp || !device.platform.includes('kea')) return undefined
  const server = (family: 4 | 6, networkOf: (segment: DhcpSegment, options: readonly KeaOption[]) => KeaNetwork): KeaServer => ({
    ...(dhcp.pair ? { pair: { role: dhcp.role, ...dhcp.pair } } : {}),
    options: [...(sharesResolvers(dhcp) ? resolversOf(dhcp.resolvers, family, dhcp.why) : []), ...optionsOf(dhcp, family)],
    networks: dhcp.segments.map((segment) => networkOf(segment, [...resolversFor(dhcp, segment, family), ...locationOf(segment.location)])),
    why: dhcp.why,
  })
  return { v4: server(4, (segment, options) => network4(segment, ownAddress(segment, device), options)), v6: server(6, network6) }
}

/** Resolvers are told once for all segments, unless one has its own: Kea has no way to take an option of all away from one. */
function sharesResolvers({ segments }: DhcpServer): boolean {
  return segments.every(({ resolvers }) => resolvers === undefined)
}

function resolversFor(dhcp: DhcpServer, { resolvers = dhcp.resolvers, why }: DhcpSegment, family: 4 | 6): KeaOption[] {
  return sharesResolvers(dhcp) ? [] : resolversOf(resolvers, family, why)
}

function resolversOf(resolvers: readonly string[], family: 4 | 6, why: Why): KeaOption[] {
  const values = resolvers.filter((address) => familyOf(address) === family)
  return values.length > 0 ? [{ name: family === 4 ? 'domain-name-servers' : 'dns-servers', values, why }] : []
}

/** The device's own address on the segment, which is not the gateway's where routers share that (rule `own-address`). */
function ownAddress({ interface: name, v4 }: DhcpSegment, device: Device): string | undefined {
  return device.interfaces
    .find((one) => one.name === name)
    ?.addresses.map(({ address }) => addressPart(address))
    .find((address) => familyOf(address) === 4 && v4.some(({ prefix }) => contains(prefixOf(prefix), prefixAround(ipOf(address), 32))))
}

function optionsOf({ clocks, domain, why }: DhcpServer, family: 4 | 6): KeaOption[] {
  const ours = (addresses: readonly string[]) => addresses.filter((address) => familyOf(address) === family)
  const options: readonly KeaOption[] =
    family === 4
      ? [
          { name: 'ntp-servers', values: ours(clocks), why },
          { name: 'domain-name', values: [domain], why },
          { name: 'domain-search', values: [domain], why },
        ]
      : [
          { name: 'sntp-servers', values: ours(clocks), why: [...why, rules.sntp.origin] },
          { name: 'domain-search', values: [domain], why },
        ]
  return options.filter(({ values }) => values.length > 0)
}

/** T1 and T2 are 1/2 and 7/8 of the lease (RFC 2131 §4.4.5). */
function network4({ name, id, interface: port, leaseSeconds, v4, why }: DhcpSegment, own: string | undefined, options: readonly KeaOption[]): KeaNetwork {
  return {
    name,
    interface: port,
    ...(own === undefined ? {} : { address: own }),
    validLifetime: leaseSeconds,
    renewTimer: Math.floor(leaseSeconds / 2),
    rebindTimer: Math.floor((leaseSeconds * 7) / 8),
    options,
    subnets: v4.map((pool, index) => subnet(pool, id + index * SEGMENTS, [{ name: 'routers', values: [pool.gateway], why: pool.why }], why)),
    why,
  }
}

/** T1 and T2 are 0.5 and 0.8 of the preferred lifetime (RFC 8415 §21.4), and that is 5/8 of the valid one (rule `preferred-lifetime`). */
function network6({ name, id, interface: port, leaseSeconds, v6, why }: DhcpSegment, options: readonly KeaOption[]): KeaNetwork {
  const preferred = Math.floor((leaseSeconds * 5) / 8)
  return {
    name,
    interface: port,
    validLifetime: leaseSeconds,
    preferredLifetime: preferred,
    renewTimer: Math.floor(preferred / 2),
    rebindTimer: Math.floor((preferred * 4) / 5),
    options,
    subnets: [subnet(v6, id, [], why)],
    why,
  }
}

/** More than the VLAN ids there are: what parts the numbers of the subnets of one segment, so that a further block moves none. */
const SEGMENTS = 4096

function subnet({ prefix, first, last, why }: DhcpPool, id: number, options: readonly KeaOption[], segment: Why): KeaSubnet {
  return { id, prefix, first, last, options, why: [...new Set([...segment, ...why])] }
}

function locationOf(location: CivicLocation | undefined): KeaOption[] {
  return location ? [{ name: 'geoconf-civic', values: [civicBytes(location)], why: [...location.why, rules.location.origin] }] : []
}
