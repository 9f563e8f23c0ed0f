/** The pass manage: how each device of a site is run: where it is reached for that, by whom, and which clocks, logs and names it uses. */
import { bitsOf, familyOf } from '#base/ip.ts'
import type { Why } from '#base/place.ts'
import type { Management } from '#design/device.ts'
import { factOrigin, type Site } from '../company.ts'
import type { Connected } from '../connect/connected.ts'
import type { Placed } from '../place/place-site.ts'

/** What is the same for all devices: addresses of the services of the company's baseline. */
export interface Managing {
  readonly resolvers: readonly string[]
  readonly clocks: readonly string[]
  readonly logs: readonly string[]
  readonly monitors: readonly string[]
  /** Who may log in. */
  readonly bastions: readonly string[]
  /** How to reach the team that answers. */
  readonly contact: string
  /** Where the company says with which services devices are run, if it does. */
  readonly why: Why
}

/** How the devices of a site are run, by device. Servers are not run by those who run the network. */
export function manageSite(
  site: Site,
  { placed, connected }: { readonly placed: Placed; readonly connected: ReadonlyMap<string, Connected> },
  { resolvers, clocks, logs, monitors, bastions, contact, why }: Managing,
): ReadonlyMap<string, Management> {
  const managed = new Map<string, Management>()
  for (const [device, { place }] of placed.devices) {
    const port = connected.get(device)?.management
    if (!port) continue
    const { city, country, address } = site.facts
    managed.set(device, {
      interface: port.interface,
      ...(port.vrf === undefined ? {} : { vrf: port.vrf }),
      addresses: [port.v4, port.v6],
      from: bastions.map((address) => `${address}/${bitsOf(familyOf(address))}`),
      clocks,
      logs,
      monitors,
      resolvers,
      location: [site.name, ...(place ? [`${place.rack.slice(site.name.length + 1)} U${place.unit}`] : []), address ?? `${city} ${country}`].join(', '),
      contact,
      why: [...port.why, ...why, factOrigin(site.file, address === undefined ? 'city' : 'address')],
    })
  }
  return managed
}
