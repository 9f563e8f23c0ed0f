/** Turns how a device is watched into snmpd's terms. */
import type { Device } from '#design/device.ts'
import type { SnmpdTree } from './tree.ts'
import { words } from './words.ts'

/** The configuration; undefined when nobody watches, or the device runs something else. Without an address there is nothing to listen on: snmpd would take every one. */
export function lower({ platform, management }: Device): SnmpdTree | undefined {
  if (!platform.includes('snmpd') || !management || management.monitors.length === 0 || management.addresses.length === 0) return undefined
  const { addresses, vrf, why } = management
  const [location, contact] = [words(management.location), words(management.contact)]
  return {
    addresses,
    ...(vrf === undefined ? {} : { device: vrf }),
    ...(location === '' ? {} : { location }),
    ...(contact === '' ? {} : { contact }),
    why,
  }
}
