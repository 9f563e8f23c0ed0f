/**
 * What one device tells keepalived, in keepalived's own terms. Made by `lower` from a device, or by `parse` from text (whys are then empty). It says everything the
 * text does: what is not here is a constant line of `print`, without which `parse` refuses the file.
 */
import type { Why } from '#base/place.ts'

/** All of it. The instances are one sync group: all are master, or none is. */
export interface KeepalivedTree {
  /** Of every instance, 1–254. */
  readonly priority: number
  /** What is taken off the priority while a route that is followed is not there, and for each segment without carrier. What is left is 1 at the least. */
  readonly penalty: number
  /** Prefixes of which the main table must have each, from BGP; without any there is no script. */
  readonly routes: readonly string[]
  readonly instances: readonly Instance[]
  readonly why: Why
}

/** `vrrp_instance NAME`: one virtual router of one address family. */
export interface Instance {
  readonly name: string
  readonly interface: string
  /** 1–255. */
  readonly id: number
  /** Of one family; for IPv6 the first is link-local (RFC 5798 §5.2.9). */
  readonly addresses: readonly VirtualAddress[]
  readonly why: Why
}

/** An address that the master has, with its prefix length. */
export interface VirtualAddress {
  readonly address: string
  /** Answered on, but never chosen as a source (`preferred_lft 0`). */
  readonly deprecated: boolean
}
