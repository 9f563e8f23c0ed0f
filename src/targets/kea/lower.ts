/** Turns a device's DHCP server into Kea's two. Pools, ids and names are the design's; the times in which a lease is renewed follow from how long it lasts. */
import { addressPart, contains, familyOf, ipOf, prefixAround, prefixOf } from '#base/ip.ts'
import type { Why } from '#base/place.ts'
import type { Device } from '#design/device.ts'
import type { CivicLocation, DhcpServer, DhcpSubnet } from '#design/for-hosts.ts'
import { civicBytes } from './civic.ts'
import { rules } from './rules.ts'
import type { KeaOption, KeaServer, KeaSubnet, KeaTree } from './tree.ts'

/** The servers of the device; undefined when it hands out no addresses, or by another program. */
export function lower(device: Device): KeaTree | undefined {
  const { dhcp } = device
  if (!dhcp || !device.platform.includes('kea')) return undefined
  const server = (family: 4 | 6, subnets: readonly KeaSubnet[]): KeaServer => ({
    ...(dhcp.pair ? { pair: { role: dhcp.role, ...dhcp.pair } } : {}),
    options: [...(sharesResolvers(dhcp) ? resolversOf(dhcp.resolvers, family, dhcp.why) : []), ...optionsOf(dhcp, family)],
    subnets,
    why: dhcp.why,
  })
  return {
    v4: server(
      4,
      dhcp.subnets.map((subnet) => subnet4(subnet, ownAddress(subnet, device), resolversFor(dhcp, subnet, 4))),
    ),
    v6: server(
      6,
      dhcp.subnets.map((subnet) => subnet6(subnet, resolversFor(dhcp, subnet, 6))),
    ),
  }
}

/** Resolvers are told once for all subnets, unless one has its own: Kea has no way to take an option of all away from one. */
function sharesResolvers({ subnets }: DhcpServer): boolean {
  return subnets.every(({ resolvers }) => resolvers === undefined)
}

function resolversFor(dhcp: DhcpServer, { resolvers = dhcp.resolvers, why }: DhcpSubnet, family: 4 | 6): KeaOption[] {
  return sharesResolvers(dhcp) ? [] : resolversOf(resolvers, family, why)
}

function resolversOf(resolvers: readonly string[], family: 4 | 6, why: Why): KeaOption[] {
  const values = resolvers.filter((address) => familyOf(address) === family)
  return values.length > 0 ? [{ name: family === 4 ? 'domain-name-servers' : 'dns-servers', values, why }] : []
}

/** The device's own address in the subnet, which is not the gateway's where routers share that (rule `own-address`). */
function ownAddress({ interface: name, v4 }: DhcpSubnet, device: Device): string | undefined {
  return device.interfaces
    .find((one) => one.name === name)
    ?.addresses.map(({ address }) => addressPart(address))
    .find((address) => familyOf(address) === 4 && contains(prefixOf(v4.prefix), prefixAround(ipOf(address), 32)))
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
function subnet4(
  { name, id, interface: port, leaseSeconds, location, v4, why }: DhcpSubnet,
  own: string | undefined,
  resolvers: readonly KeaOption[],
): KeaSubnet {
  return {
    comment: name,
    id,
    prefix: v4.prefix,
    interface: port,
    ...(own === undefined ? {} : { address: own }),
    first: v4.first,
    last: v4.last,
    validLifetime: leaseSeconds,
    renewTimer: Math.floor(leaseSeconds / 2),
    rebindTimer: Math.floor((leaseSeconds * 7) / 8),
    options: [{ name: 'routers', values: [v4.gateway], why }, ...resolvers, ...locationOf(location)],
    why,
  }
}

/** T1 and T2 are 0.5 and 0.8 of the preferred lifetime (RFC 8415 §21.4), and that is 5/8 of the valid one (rule `preferred-lifetime`). */
function subnet6({ name, id, interface: port, leaseSeconds, location, v6, why }: DhcpSubnet, resolvers: readonly KeaOption[]): KeaSubnet {
  const preferred = Math.floor((leaseSeconds * 5) / 8)
  return {
    comment: name,
    id,
    prefix: v6.prefix,
    interface: port,
    first: v6.first,
    last: v6.last,
    validLifetime: leaseSeconds,
    preferredLifetime: preferred,
    renewTimer: Math.floor(preferred / 2),
    rebindTimer: Math.floor((preferred * 4) / 5),
    options: [...resolvers, ...locationOf(location)],
    why,
  }
}

function locationOf(location: CivicLocation | undefined): KeaOption[] {
  return location ? [{ name: 'geoconf-civic', values: [civicBytes(location)], why: [...location.why, rules.location.origin] }] : []
}
