/** Turns what a device tells of connections into conntrackd's terms. */
import type { Device } from '#design/device.ts'
import type { ConntrackdTree } from './tree.ts'

/** The configuration of the device; undefined when it tells nobody, or by another program. */
export function lower({ platform, stateSync }: Device): ConntrackdTree | undefined {
  if (!platform.includes('conntrackd') || !stateSync) return undefined
  const { interface: port, local, remote, own, why } = stateSync
  // Its own end of the link is one of its addresses, whether it is named among them or not.
  return { interface: port, local, remote, ignored: [...new Set([...own, local])], why }
}
