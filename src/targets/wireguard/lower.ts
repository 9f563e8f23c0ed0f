/** Turns the WireGuard interfaces of a device into what wg is told. Addresses and MTU are the link's, and linux tells it those. */
import { type Device, secretPath } from '#design/device.ts'
import type { WireguardTree } from './tree.ts'

/** The tunnels, in the design's order; undefined when the device has none, or has them from something else. */
export function lower(device: Device): WireguardTree | undefined {
  if (!device.platform.includes('wireguard')) return undefined
  const tunnels = device.interfaces.flatMap((one) => {
    if (one.kind !== 'wireguard') return []
    const { name, publicKey, endpoint, keepalive, why } = one.peer
    return [
      {
        name: one.name,
        keyFile: secretPath(one.privateKey),
        port: one.port,
        peer: { name, publicKey, ...(endpoint === undefined ? {} : { endpoint }), ...(keepalive === undefined ? {} : { keepalive }), why },
        why: one.why,
      },
    ]
  })
  return tunnels.length === 0 ? undefined : { tunnels }
}
