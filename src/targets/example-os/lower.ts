/** Turns a device into the toy operating system's terms. What it can't do never gets here: `can` refused it at the line that asked. */
import type { Device } from '#design/device.ts'
import type { ExampleTree } from './tree.ts'

/** The configuration; undefined when the device runs something else. */
export function lower(device: Device): ExampleTree | undefined {
  if (!device.platform.includes('example-os')) return undefined
  return {
    hostname: { name: device.hostname, why: device.why },
    interfaces: device.interfaces.map(({ name, addresses, why }) => ({ name, addresses, why })),
    routes: (device.routing?.statics ?? []).map(({ prefix, via, why }) => ({ prefix, ...(via === 'discard' ? {} : { via: via.address }), why })),
  }
}
