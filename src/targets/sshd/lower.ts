/** Turns who may log in to a device into sshd's terms. */
import type { Device } from '#design/device.ts'
import type { SshdTree } from './tree.ts'

/** The configuration; undefined when nobody may log in, or the device runs something else. Without an address or a prefix there is no line, and sshd would take every one. */
export function lower({ platform, management }: Device): SshdTree | undefined {
  if (!platform.includes('sshd') || !management || management.from.length === 0 || management.addresses.length === 0) return undefined
  const { addresses, vrf, from, why } = management
  return { addresses, ...(vrf === undefined ? {} : { device: vrf }), from, why }
}
