/** Turns a device's resolver into Unbound's terms. */
import type { Device } from '#design/device.ts'
import type { NameRecord } from '#design/for-hosts.ts'
import type { LocalAddress, UnboundTree } from './tree.ts'

/** The configuration; undefined when the device answers no names, or by another program. */
export function lower({ platform, resolver }: Device): UnboundTree | undefined {
  if (!platform.includes('unbound') || !resolver || resolver.addresses.length === 0) return undefined
  const { addresses, clients, domain, space, records, why } = resolver
  return { addresses, clients, domain, space, data: dataOf(records), why }
}

/** All resolvers of a company have the same records, so what becomes of them is made once. */
const DATA = new WeakMap<readonly NameRecord[], readonly LocalAddress[]>()

function dataOf(records: readonly NameRecord[]): readonly LocalAddress[] {
  const known = DATA.get(records)
  if (known) return known
  const data = records.flatMap(({ name, addresses, reverse, why }) => addresses.map((address): LocalAddress => ({ name, address, reverse, why })))
  DATA.set(records, data)
  return data
}
