/**
 * Kea's view of a device that hands out addresses: a server for each family, which know nothing of each other. What is the same on every device is not in the
 * tree (`rules.ts` has the reasons); `print` writes it and `parse` insists on it.
 */
import type { Why } from '#base/place.ts'

/** Both servers. */
export interface KeaTree {
  readonly v4: KeaServer
  readonly v6: KeaServer
}

/** kea-dhcp4 or kea-dhcp6. It listens on the interfaces of its networks. */
export interface KeaServer {
  /** Absent for a server alone. */
  readonly pair?: KeaPair
  /** Options of every network. */
  readonly options: readonly KeaOption[]
  readonly networks: readonly KeaNetwork[]
  readonly why: Why
}

/** The hot standby of two servers. */
export interface KeaPair {
  /** Which of the two this server is. */
  readonly role: 'primary' | 'standby'
  readonly self: KeaPeer
  readonly other: KeaPeer
}

/** A server of a pair, and the address at which the other one reaches it. */
export interface KeaPeer {
  readonly name: string
  readonly address: string
}

/** What a client is told that asks for it: addresses, the domain, or bytes in hexadecimal. */
export interface KeaOption {
  readonly name: string
  readonly values: readonly string[]
  readonly why: Why
}

/** A segment: one link, with as many subnets as it has prefixes (ARM: "shared network"). Times are in seconds. */
export interface KeaNetwork {
  /** The segment, for people too: Kea names it beside each lease. */
  readonly name: string
  readonly interface: string
  /** Of IPv4: the device's own address on the link, which answers come from; absent for any that the interface has. */
  readonly address?: string
  readonly validLifetime: number
  /** Of IPv6, always: for so long, a client begins new connections from the address. */
  readonly preferredLifetime?: number
  /** When a client asks its server for more time, and when it asks any server. */
  readonly renewTimer: number
  readonly rebindTimer: number
  readonly options: readonly KeaOption[]
  readonly subnets: readonly KeaSubnet[]
  readonly why: Why
}

/** A prefix with its one pool. */
export interface KeaSubnet {
  /** In the lease file, leases name their subnet by it. */
  readonly id: number
  readonly prefix: string
  readonly first: string
  readonly last: string
  readonly options: readonly KeaOption[]
  readonly why: Why
}
