/** Where things lie in a segment that may have several blocks. */
import { contains, familyOf, ipOf, nth, prefixAround, prefixOf, showIp } from '#base/ip.ts'
import type { SegmentAddresses } from './address-site.ts'
import { GATEWAY_OFFSET } from './plan.ts'
import type { Located } from './plan-company.ts'

/** The block of the segment that holds an address of it. */
export function blockOf(segment: SegmentAddresses, address: string): Located {
  const ip = ipOf(address)
  const blocks = familyOf(address) === 4 ? segment.v4 : segment.v6
  return blocks.find(({ prefix }) => contains(prefixOf(prefix), prefixAround(ip, ip.family === 4 ? 32 : 128))) ?? blocks[0]!
}

/** The address at an offset of a block, with its prefix length as on an interface. */
export function addressIn(block: Located, offset: number): string {
  const prefix = prefixOf(block.prefix)
  return `${showIp(nth(prefix, offset))}/${prefix.length}`
}

/** The gateway that hosts in a block use. */
export function gatewayIn(block: Located): string {
  return showIp(nth(prefixOf(block.prefix), GATEWAY_OFFSET))
}
