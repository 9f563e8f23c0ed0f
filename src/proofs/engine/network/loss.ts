/** What is left of links when devices and cables are gone: which ports have carrier, and who still hears whom. Ends of tunnels have carrier as long as their device runs; whether they hear each other is another matter. */
import { type Cable, type Join, type Links, type Port, type Tunnel, unions } from './links.ts'
import type { Told } from './told.ts'

/** What is gone. */
export interface Gone {
  readonly devices: ReadonlySet<string>
  readonly cables: ReadonlySet<Cable>
  /** Ports, as `device port`, that a carrier's circuit is plugged into which is gone. */
  readonly handovers: ReadonlySet<string>
}

/** What that does to links. */
export interface Loss {
  readonly devices: ReadonlySet<string>
  /** Devices that are gone, or some port of which has lost its carrier or somebody on its wire. */
  readonly touched: ReadonlySet<string>
  /** Wires on which somebody does not hear somebody any more. */
  readonly broken: ReadonlySet<number>
  /** Whether anything has changed for a port. */
  concerns(port: Port): boolean
  isUp(port: Port): boolean
  /** Whether two ports that were on one wire still are. */
  isOneWire(a: Port, b: Port): boolean
}

/** Where cables end, by device: found once for all losses. */
export interface Plugged {
  readonly cables: ReadonlyMap<string, readonly Cable[]>
  /** The wires that a device or a cable makes, or is on. */
  readonly wiresOf: ReadonlyMap<string | Cable, ReadonlySet<number>>
  readonly tunnels: readonly { readonly tunnel: Tunnel; readonly wire: number }[]
}

/** Looks up where cables end. */
export function pluggedOf({ joins, ports }: Links, all: readonly Cable[]): Plugged {
  const cables = new Map<string, Cable[]>()
  const add = (device: string, cable: Cable) => cables.set(device, [...(cables.get(device) ?? []), cable])
  for (const cable of all) for (const { device } of [cable.a, cable.b]) add(device, cable)
  const wiresOf = new Map<string | Cable, Set<number>>()
  const on = (of: string | Cable, wire: number) => {
    const known = wiresOf.get(of)
    if (known) known.add(wire)
    else wiresOf.set(of, new Set([wire]))
  }
  const tunnels: { readonly tunnel: Tunnel; readonly wire: number }[] = []
  for (const [wire, made] of joins)
    for (const { by } of made) {
      if ('device' in by) on(by.device, wire)
      else if ('cable' in by) on(by.cable, wire)
      else tunnels.push({ tunnel: by.tunnel, wire })
    }
  for (const [device, own] of ports) for (const { wire } of own.values()) on(device, wire)
  return { cables, wiresOf, tunnels }
}

/** What is left when that is gone; `isCut` tells of tunnels whose way is. */
export function lossOf(
  { links, told, plugged }: { readonly links: Links; readonly told: ReadonlyMap<string, Told>; readonly plugged: Plugged },
  gone: Gone,
  isCut: (tunnel: Tunnel, isUp: Loss['isUp']) => boolean,
): Loss {
  const { devices, cables, handovers } = gone
  /** Ports of the hardware, and whether what is plugged into them is still there. */
  const plugs = new Map<string, boolean>()
  const touched = new Set(devices)
  const wires = new Set<number>()
  const isDead = ({ a, b }: Cable) => devices.has(a.device) || devices.has(b.device)
  const cut = [...cables, ...[...devices].flatMap((device) => plugged.cables.get(device) ?? [])]
  for (const cable of cut) {
    for (const { device, port } of [cable.a, cable.b]) plugs.set(`${device} ${port}`, false)
    for (const { device } of [cable.a, cable.b]) touched.add(device)
    for (const wire of plugged.wiresOf.get(cable) ?? []) wires.add(wire)
  }
  for (const port of handovers) {
    plugs.set(port, false)
    touched.add(port.slice(0, port.indexOf(' ')))
  }
  for (const device of devices) for (const wire of plugged.wiresOf.get(device) ?? []) wires.add(wire)

  const states = new Map<string, boolean>()
  const hasCarrier = (device: string, name: string): boolean => {
    if (!touched.has(device)) return true
    const key = `${device} ${name}`
    const known = states.get(key)
    if (known !== undefined) return known
    const found = carrierOf(device, name)
    states.set(key, found)
    return found
  }
  function carrierOf(device: string, name: string): boolean {
    if (devices.has(device)) return false
    const { links: own } = told.get(device)!.linux
    const kind = own.find((link) => link.name === name)?.kind
    const members = () => own.filter(({ master }) => master === name)
    switch (kind?.type) {
      case 'vlan':
        return hasCarrier(device, kind.parent)
      case 'bond':
        return members().some((member) => hasCarrier(device, member.name))
      case 'bridge':
        return members().length === 0 || members().some((member) => hasCarrier(device, member.name))
      case 'existing':
        return plugs.get(`${device} ${name}`) ?? true
      default:
        return true
    }
  }
  const isUp: Loss['isUp'] = ({ device, name }) => hasCarrier(device, name)

  const tunnels = new Set<Tunnel>()
  for (const { tunnel, wire } of plugged.tunnels) {
    // Where neither end has lost anything, neither has the tunnel.
    if (!tunnel.ends.some(({ device }) => touched.has(device))) continue
    if (!tunnel.ends.some(({ device }) => devices.has(device)) && !isCut(tunnel, isUp)) continue
    tunnels.add(tunnel)
    wires.add(wire)
    for (const { device } of tunnel.ends) touched.add(device)
  }

  const isMade = ({ by }: Join): boolean => {
    if ('device' in by) return !devices.has(by.device)
    return 'cable' in by ? !cables.has(by.cable) && !isDead(by.cable) : !tunnels.has(by.tunnel)
  }
  const parts = new Map<number, ReturnType<typeof unions>>()
  const partsOf = (wire: number) => {
    const known = parts.get(wire)
    if (known) return known
    const found = unions()
    for (const join of links.joins.get(wire) ?? []) if (isMade(join)) found.join(join.a, join.b)
    parts.set(wire, found)
    return found
  }
  const partOf = ({ device, name, wire }: Port) => partsOf(wire).numberOf(`${device} ${name}`)
  const isBroken = (wire: number) => {
    const [first, ...others] = links.onWire.get(wire) ?? []
    return first !== undefined && (!isUp(first) || others.some((port) => !isUp(port) || partOf(port) !== partOf(first)))
  }
  const broken = new Set([...wires].filter(isBroken))
  return {
    devices,
    touched,
    broken,
    concerns: (port) => touched.has(port.device) || broken.has(port.wire),
    isUp,
    isOneWire: (a, b) => a.wire === b.wire && (!broken.has(a.wire) || partOf(a) === partOf(b)),
  }
}
