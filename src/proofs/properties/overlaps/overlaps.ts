/** A prefix is on one wire: no other wire has it, or a part of it, so a mask that is too short takes nobody's packets. */
import { bitsOf, type Family, prefixAround, showPrefix, sizeOf } from '#base/ip.ts'
import { FAMILIES } from '../../by-family.ts'
import type { Port } from '../../engine/network/links.ts'
import type { Proof, Property, Verdict } from '../../proof.ts'

/** The property. Addresses of devices alone (loopbacks) and link-local ones are on no wire that others could take. */
export const overlaps: Property = {
  name: 'overlaps',
  title: 'no two links share addresses',
  ofRouting: true,
  *ofNetwork(proof) {
    for (const family of FAMILIES) yield* overlapping(proof, family)
  },
}

interface OnWire {
  readonly first: bigint
  readonly last: bigint
  readonly text: string
  readonly port: Port
}

function* overlapping({ world }: Proof, family: Family): Iterable<Verdict> {
  const found = new Map<string, OnWire>()
  for (const ports of world.routed.links.ports.values())
    for (const port of ports.values())
      for (const { ip, length } of port.addresses) {
        if (ip.family !== family || length === bitsOf(family)) continue
        const prefix = prefixAround(ip, length)
        const text = showPrefix(prefix)
        if (!text.startsWith('fe80:')) found.set(`${port.wire} ${text}`, { first: prefix.base, last: prefix.base + sizeOf(prefix) - 1n, text, port })
      }
  const sorted = [...found.values()].sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : a.last > b.last ? -1 : 1))
  let widest: OnWire | undefined
  for (const one of sorted) {
    const other = widest && one.first <= widest.last && one.port.wire !== widest.port.wire ? widest : undefined
    const says = other && `${one.text} of ${one.port.device} ${one.port.name} is on another link too: ${other.text} of ${other.port.device} ${other.port.name}`
    yield {
      property: overlaps.name,
      id: `${one.text} ${one.port.device} ${one.port.name}`,
      holds: says === undefined,
      why: [],
      ...(says === undefined ? {} : { counter: { says, device: one.port.device } }),
    }
    if (!widest || one.last > widest.last) widest = one
  }
}
