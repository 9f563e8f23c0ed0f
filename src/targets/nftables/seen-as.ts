/** The names by which the filter sees an interface. */
import type { Device } from '#design/device.ts'
import { interfaceName } from './names.ts'

/** For an interface by which a packet came in, its names on the input and forward hooks. */
export type SeenAs = (name: string) => readonly string[]

/**
 * What comes in by an interface of a VRF is seen there as coming in by the VRF (kernel vrf.rst, "Packets received on an enslaved device are switched to the VRF device");
 * where each VRF is a namespace of its own, as coming in by the interface. Both are matched. On prerouting and postrouting it is the interface on either kernel.
 */
export function seenAs({ interfaces }: Pick<Device, 'interfaces'>): SeenAs {
  const vrfOf = new Map(interfaces.flatMap(({ name, vrf }) => (vrf === undefined ? [] : [[name, vrf] as const])))
  return (name) => [name, ...(vrfOf.has(name) ? [vrfOf.get(name)!] : [])].map(interfaceName)
}
