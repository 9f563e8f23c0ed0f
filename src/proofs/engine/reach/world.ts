/** Everything that decides where packets go, from the parsed text: tables, filters, and who has which address. */
import type { Family, Ip } from '#base/ip.ts'
import type { NftTable } from '#targets/nftables/tree.ts'
import { arrivals, type Transit, transit } from '../filter/transit.ts'
import type { Port } from '../network/links.ts'
import type { Told } from '../network/told.ts'
import { type Routed, tableName } from '../routing/forwarding.ts'
import { type Leg, legsOf } from './lookup.ts'

/** The network as packets meet it. */
export interface World {
  readonly routed: Routed
  readonly told: ReadonlyMap<string, Told>
  /** The port on the wire that answers for an address; of those that share it, the master's. */
  ownerAt(wire: number, address: Ip): Port | undefined
  /** The ports of a device in the VRF of a VNI, by the tunnel end that packets are sent to. */
  tunnelTo(end: string, vni: number): { readonly device: string; readonly vrf: string; readonly bridge: string } | undefined
  /** The ports of the devices of a site. */
  at(site: string): readonly (readonly [device: string, ports: ReadonlyMap<string, Port>])[]
  /** All addresses of devices, in order. */
  addresses(family: Family): readonly bigint[]
  legs(device: string, vrf: string, family: Family): readonly Leg[]
  /** What the filter of a device passes on; undefined where it has none. */
  transit(device: string, family: Family, iif: Port, oif: Port): Transit | undefined
  /** What a device takes itself; undefined where it has no filter. */
  arrivals(device: string, family: Family, iif: Port): Transit | undefined
  /** Whether the device has a filter, which may ask by which port packets come. */
  asks(device: string): boolean
}

/** Puts together what was read and routed. */
export function worldOf(devices: readonly Told[], routed: Routed): World {
  const told = new Map(devices.map((one) => [one.id, one]))
  const filterOf = new Map<string, NftTable>()
  for (const { id, nftables } of devices) {
    const table = nftables?.tables.find(({ family }) => family === 'inet')
    if (table) filterOf.set(id, table)
  }
  const bySite = Map.groupBy(routed.links.ports, ([device]) => device.slice(0, device.indexOf('/')))
  const owners = new Map<string, Port>()
  const priority = ({ device }: Port) => told.get(device)?.keepalived?.priority ?? 0
  const answer = (port: Port, { family, value }: Ip) => owners.set(`${port.wire} ${family} ${value}`, port)
  const masters = new Map<string, Port>()
  for (const ports of routed.links.ports.values()) {
    for (const port of ports.values()) {
      for (const { ip } of port.addresses) answer(port, ip)
      for (const { ip } of port.shared) {
        const key = `${port.wire} ${ip.family} ${ip.value}`
        const master = masters.get(key)
        if (!master || priority(port) > priority(master)) masters.set(key, port)
      }
    }
  }
  for (const [key, port] of masters) {
    const [, family, value] = key.split(' ') as [string, string, string]
    answer(port, { family: Number(family) as Family, value: BigInt(value) })
  }
  const ends = new Map<string, { readonly device: string; readonly vrf: string; readonly bridge: string }>()
  for (const [device, vnis] of routed.links.vnis) for (const { vni, local, vrf, bridge } of vnis) ends.set(`${local} ${vni}`, { device, vrf, bridge })

  const all = [...routed.links.ports.values()].flatMap((ports) => [...ports.values()].flatMap((port) => [...port.addresses, ...port.shared]))
  const addressesOf = (family: Family) => {
    const values = new Set(all.filter(({ ip }) => ip.family === family).map(({ ip }) => ip.value))
    return [...values].sort((a, b) => (a < b ? -1 : 1))
  }
  const addresses = { 4: addressesOf(4), 6: addressesOf(6) }
  /** Addresses of devices on a wire, in order. The device's own shared ones are only the master's. */
  const wires = new Map<string, ReadonlyMap<bigint, Port>>()
  const onLink = (family: Family) => (port: Port) =>
    remembered(wires, `${family} ${port.wire}`, () => {
      const found = (routed.links.onWire.get(port.wire) ?? []).flatMap(({ addresses, shared }) => [...addresses, ...shared])
      const values = new Set(found.filter(({ ip }) => ip.family === family).map(({ ip }) => ip.value))
      return new Map([...values].sort((a, b) => (a < b ? -1 : 1)).map((value) => [value, owners.get(`${port.wire} ${family} ${value}`)!]))
    })
  const legs = new Map<string, readonly Leg[]>()
  const passing = new Map<string, Transit>()
  const remembered = <T>(known: Map<string, T>, key: string, make: () => T): T => {
    const last = known.get(key)
    if (last !== undefined) return last
    const made = make()
    known.set(key, made)
    return made
  }
  return {
    routed,
    told,
    at: (site) => bySite.get(site) ?? [],
    addresses: (family) => addresses[family],
    ownerAt: (wire, { family, value }) => owners.get(`${wire} ${family} ${value}`),
    tunnelTo: (end, vni) => ends.get(`${end} ${vni}`),
    legs: (device, vrf, family) => {
      const name = tableName(device, vrf)
      return remembered(legs, `${family} ${name}`, () => legsOf(routed.tables.get(name) ?? new Map(), family, routed.links.ports.get(device)!, onLink(family)))
    },
    transit: (device, family, iif, oif) => {
      const table = filterOf.get(device)
      if (!table) return undefined
      return remembered(passing, `${device} ${family} ${iif.name} ${oif.name}`, () => transit(table, family, iif.name, oif.name, seen(iif)))
    },
    arrivals: (device, family, iif) => {
      const table = filterOf.get(device)
      return table && remembered(passing, `${device} ${family} ${iif.name}`, () => arrivals(table, family, iif.name, seen(iif)))
    },
    asks: (device) => filterOf.has(device),
  }
}

/** What comes in by a port of a VRF is seen as coming in by the VRF (kernel vrf.rst). */
function seen({ name, vrf }: Port): string {
  return vrf === '' ? name : vrf
}
