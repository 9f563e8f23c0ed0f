/**
 * A device of the design: what it is made of and what it is told, in no vendor's words. This is what targets lower to text, and what `why`
 * walks. Plain frozen data: passes make new devices, nothing changes one. Addresses and prefixes are canonical text.
 *
 * Names inside a device (interfaces, VRFs, prefix lists, policies, sets) refer to each other by name; ids are paths of declared names.
 */
import type { Why } from '#base/place.ts'
import type { Filter, StateSync } from './filter.ts'
import type { Authenticator, Balancer, DhcpServer, Resolver, Vrrp, Wireless } from './for-hosts.ts'
import type { Interface } from './interface.ts'
import type { Routing } from './routing.ts'

/** Whether something is planned, in use, or on its way out. */
export type Lifecycle = 'planned' | 'active' | 'retiring'

/** One device, complete. */
export interface Device {
  readonly kind: 'device'
  /** `site/name`. */
  readonly id: string
  readonly site: string
  readonly name: string
  readonly role: string
  /** Slug of the device type in the catalogue. */
  readonly model: string
  /** The targets that together configure it. */
  readonly platform: readonly string[]
  readonly status: Lifecycle
  /** Boxes that are one device, a stack; absent for one. */
  readonly members?: number
  /** Fully qualified name. */
  readonly hostname: string
  /** Where it is mounted; absent when nothing is said of it. */
  readonly place?: RackPlace
  /** Its power supplies, each on a feed of the rack; absent when it is mounted nowhere. */
  readonly supplies?: readonly PowerSupply[]
  /** Whether it forwards packets that are not for itself. */
  readonly forwards: boolean
  readonly interfaces: readonly Interface[]
  readonly vrfs: readonly Vrf[]
  readonly routing?: Routing
  readonly filter?: Filter
  /** What it knows of connections, told to the other member of its pair. */
  readonly stateSync?: StateSync
  /** The gateway addresses that it shares with the other member of its pair. */
  readonly vrrp?: Vrrp
  readonly dhcp?: DhcpServer
  readonly balancer?: Balancer
  readonly resolver?: Resolver
  readonly authenticator?: Authenticator
  readonly wireless?: Wireless
  /** How it is run: clock, log, monitoring, log-in. */
  readonly management?: Management
  readonly why: Why
}

/**
 * A secret by name, such as `bos1/edge-a/wireguard`: never its value. On the device it is the file {@link secretPath}, put there by whoever applies the design.
 */
export type SecretName = string

/** Where a device has its secrets, a file each, readable by root alone. */
export const SECRETS_FOLDER = '/etc/netwright/secrets'

/** The file of a secret on a device. */
export function secretPath(name: SecretName): string {
  return `${SECRETS_FOLDER}/${name}`
}

/** A mounting: the lowest unit it fills, counted from 1 at the bottom, and its height. */
export interface RackPlace {
  readonly rack: string
  readonly unit: number
  readonly height: number
  readonly why: Why
}

/** A power supply, and which of the two feeds of the rack it hangs on. */
export interface PowerSupply {
  readonly name: string
  readonly feed: 'a' | 'b'
}

/** A VRF of a device; the default routing table is no VRF. */
export interface Vrf {
  readonly name: string
  /** Kernel routing table number, unique on the device. */
  readonly table: number
  /** The layer-3 VNI that carries the VRF over EVPN, with the bridge and VXLAN interfaces that hold it. */
  readonly vni?: number
  readonly why: Why
}

/** How a device is run. Everything here is reached over the management network alone. */
export interface Management {
  /** The interface and its VRF; absent VRF for a device that is managed in its only table. */
  readonly interface: string
  readonly vrf?: string
  /** Its own addresses there. */
  readonly addresses: readonly string[]
  /** Who may log in and ask: prefixes of both families. */
  readonly from: readonly string[]
  readonly clocks: readonly string[]
  readonly logs: readonly string[]
  /** Who watches over SNMPv3; the user and both pass phrases are secrets. */
  readonly monitors: readonly string[]
  readonly resolvers: readonly string[]
  /** Where the device stands and who answers for it, in words. */
  readonly location: string
  readonly contact: string
  readonly why: Why
}
