/** Turns a device's clocks into chrony's terms. */
import { familyOf } from '#base/ip.ts'
import type { Device } from '#design/device.ts'
import type { ChronyTree } from './tree.ts'

/** Clocks that have to agree, and how many there have to be for it: with two, the loss of one would leave the device without time. Rule `min-sources` says why. */
export const AGREEING = 2
const ENOUGH = 3

/** The configuration; undefined when the device has no clock to ask, or runs something else. */
export function lower({ platform, management }: Device): ChronyTree | undefined {
  if (!platform.includes('chrony') || !management || management.clocks.length === 0) return undefined
  const { clocks, addresses, vrf, why } = management
  // Of each family chrony uses one address (chrony.conf(5), bindacqaddress).
  const from4 = addresses.find((address) => familyOf(address) === 4)
  const from6 = addresses.find((address) => familyOf(address) === 6)
  return {
    servers: clocks,
    ...(clocks.length >= ENOUGH ? { minSources: AGREEING } : {}),
    ...(from4 === undefined ? {} : { from4 }),
    ...(from6 === undefined ? {} : { from6 }),
    ...(vrf === undefined ? {} : { device: vrf }),
    why,
  }
}
