/**
 * What Unbound is told, in the words of unbound.conf(5). What is the same on every device is in `print`, which also makes the zones that follow from the domain and the space; `parse`
 * insists on both. Addresses and prefixes are canonical text, names have no dot at their end.
 */
import type { Why } from '#base/place.ts'

/** One device's `unbound.conf`. */
export interface UnboundTree {
  /** `interface` and `outgoing-interface`: where it is asked, and from where it asks others. */
  readonly addresses: readonly string[]
  /** `access-control`: who may ask. */
  readonly clients: readonly string[]
  /** The zone of the company's names. */
  readonly domain: string
  /** `private-address`: addresses that no name of others leads to; their reverse zones are the company's. */
  readonly space: readonly string[]
  /** `local-data`. The same object for all resolvers of a company. */
  readonly data: readonly LocalAddress[]
  readonly why: Why
}

/** A name at an address. */
export interface LocalAddress {
  readonly name: string
  readonly address: string
  /** `local-data-ptr`: whether the address leads back to the name. */
  readonly reverse: boolean
  readonly why: Why
}
