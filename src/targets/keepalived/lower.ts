/** Turns the shared gateways of a device into keepalived's terms. */
import { nth, prefixOf, showIp } from '#base/ip.ts'
import type { Device } from '#design/device.ts'
import type { VrrpGroup } from '#design/for-hosts.ts'
import type { Instance, KeepalivedTree } from './tree.ts'

/** The configuration of the device; undefined when it shares no gateway, or by another program. */
export function lower(device: Device): KeepalivedTree | undefined {
  const { platform, vrrp } = device
  if (!platform.includes('keepalived') || !vrrp || vrrp.groups.length === 0) return undefined
  return {
    priority: vrrp.priority,
    penalty: penaltyOf(vrrp.priority),
    routes: vrrp.follows,
    instances: vrrp.groups.flatMap(instancesOf),
    why: vrrp.why,
  }
}

/** What is left after a loss: a tenth of the priority. The reason is rule `stand-back`. */
const LEFT = 10

/** At least 1: a weight of 0 means a fault to keepalived. */
function penaltyOf(priority: number): number {
  return Math.max(1, priority - Math.max(1, Math.floor(priority / LEFT)))
}

function instancesOf({ name, interface: port, id, v4, v6, why }: VrrpGroup): Instance[] {
  const linkLocal = `${showIp(nth(prefixOf('fe80::/64'), id))}/64`
  return [
    { name: `${name}-4`, interface: port, id, addresses: v4.map((address) => ({ address, deprecated: false })), why },
    {
      name: `${name}-6`,
      interface: port,
      id,
      addresses: [
        { address: linkLocal, deprecated: false },
        { address: v6, deprecated: true },
      ],
      why,
    },
  ]
}
