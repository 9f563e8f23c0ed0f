/** The cables and circuits that are there to be used: facts of the design, which no text says. What runs inside of them (tunnels) is what the text says. */
import type { Design } from '#design/design.ts'
import type { Cable } from './links.ts'

/** The cables of a design, by id of the link, but for those of which the far end is a carrier's. */
export function cablesOf(design: Design): ReadonlyMap<string, Cable> {
  const tunnels = new Set(
    design.sites.flatMap(({ devices }) => devices.flatMap(({ interfaces }) => interfaces.flatMap(({ kind, id }) => (kind === 'wireguard' ? [id] : [])))),
  )
  const cables = design.sites.flatMap(({ links }) =>
    links.flatMap(({ id, a, b }) => (b && !tunnels.has(`${a.device}/${a.port}`) ? [[id, { a, b }] as const] : [])),
  )
  return new Map(cables)
}

/** The ports that a carrier's circuit is plugged into, as `device port`: the far end is none of ours. */
export function carrierPorts({ sites }: Design): ReadonlySet<string> {
  return new Set(sites.flatMap(({ links }) => links.flatMap(({ a, b, circuit }) => (circuit !== undefined && !b ? [`${a.device} ${a.port}`] : []))))
}

/** Whether an interface is one of these ports, or a VLAN of one. */
export function isOver(ports: ReadonlySet<string>, device: string, name: string): boolean {
  const tag = name.lastIndexOf('.')
  return ports.has(`${device} ${name}`) || (tag > 0 && ports.has(`${device} ${name.slice(0, tag)}`))
}
