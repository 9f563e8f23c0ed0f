/** Everything that decides where packets go, from the parsed text: tables, filters, and who has which address. */
import { bitsOf, type Family, familyOf, type Ip, ipOf, prefixOf } from '#base/ip.ts'
import type { NftTable } from '#targets/nftables/tree.ts'
import { inside, remembered } from '../../remembered.ts'
import type { Point } from '../boxes/boxes.ts'
import { type NeededRule, neededRules } from '../filter/needed.ts'
import { arrivals, type Transit, transit } from '../filter/transit.ts'
import type { Cable, Port, Tunnel } from '../network/links.ts'
import { type Gone, type Loss, lossOf, pluggedOf } from '../network/loss.ts'
import { siteOf, type Told } from '../network/told.ts'
import { type Routed, type Table, tableName } from '../routing/forwarding.ts'
import type { Route } from '../routing/tables.ts'
import { type Leg, legsAfter, legsOf } from './lookup.ts'

/** The network as packets meet it. */
export interface World {
  readonly routed: Routed
  readonly told: ReadonlyMap<string, Told>
  /** The port that answers for an address on the wire of another one; of those that share it, the master's. Somebody outside has what none of ours has; nobody what only devices have that are gone. */
  ownerAt(port: Port, address: Ip): Port | 'outside' | undefined
  /** Whether a port has carrier. */
  isUp(port: Port): boolean
  /** The ports of a device by which packets of its own leave for an address, by its default table. */
  waysTo(device: string, address: Ip): readonly Port[]
  /** Of a device for its gateway addresses: who has most has them. */
  priority(device: string): number
  /** The ports of a device in the VRF of a VNI, by the tunnel end that packets are sent to. */
  tunnelTo(end: string, vni: number): { readonly device: string; readonly vrf: string; readonly bridge: string } | undefined
  /** The ports of the devices of a site. */
  at(site: string): readonly (readonly [device: string, ports: ReadonlyMap<string, Port>])[]
  /** All addresses of devices, in order. */
  addresses(family: Family): readonly bigint[]
  table(device: string, vrf: string): Table
  legs(device: string, vrf: string, family: Family): readonly Leg[]
  /** What the filter of a device passes on; undefined where it has none. */
  transit(device: string, family: Family, iif: Port, oif: Port): Transit | undefined
  /** What a device takes itself; undefined where it has no filter. */
  arrivals(device: string, family: Family, iif: Port): Transit | undefined
  /** The rules without which a packet does not pass the filter of a device, from one port to another or to the device itself. */
  needed(device: string, family: Family, point: Point, iif: Port, oif: Port | undefined): readonly NeededRule[]
  /** Whether the device has a filter, which may ask by which port packets come. */
  asks(device: string): boolean
  /** The same when something is gone. */
  without(gone: Gone): Left
  /** The same when devices have other filters, and all else that they are told is as it was. */
  refiltered(devices: readonly Told[]): World
}

/** What is left of a world. */
export interface Left {
  readonly world: World
  readonly loss: Loss
  /** Tables that are others, or lead somewhere else than before, as device and VRF. */
  readonly tables: readonly (readonly [device: string, vrf: string])[]
  /** Whether a device has lost something, or somebody may answer for others now on a wire that it is on. */
  touches(device: string): boolean
  /** Devices whose part in gateway addresses may have changed. */
  readonly moved: ReadonlySet<string>
  /** Prefixes that routers do not agree on. */
  readonly unstable: Routed['outcome']['unstable']
}

/** Puts together what was read and routed; `cables` are those that it was routed over. */
export function worldOf(devices: readonly Told[], routed: Routed, cables: readonly Cable[]): World {
  const { links } = routed
  const bySite = Map.groupBy(links.ports, ([device]) => siteOf(device))
  const ends = new Map<string, { readonly device: string; readonly vrf: string; readonly bridge: string }>()
  for (const [device, vnis] of links.vnis) for (const { vni, local, vrf, bridge } of vnis) ends.set(`${local} ${vni}`, { device, vrf, bridge })

  const all = [...links.ports.values()].flatMap((ports) => [...ports.values()].flatMap((port) => [...port.addresses, ...port.shared]))
  const addressesOf = (family: Family) => {
    const values = new Set(all.filter(({ ip }) => ip.family === family).map(({ ip }) => ip.value))
    return [...values].sort((a, b) => (a < b ? -1 : 1))
  }
  const addresses = { 4: addressesOf(4), 6: addressesOf(6) }
  const holders = holdersOf(links.ports.values())
  let plugged: ReturnType<typeof pluggedOf> | undefined
  let sharing: readonly { readonly table: string; readonly wire: number }[] | undefined
  const found: Found = { priorities: new Map(), owners: new Map(), wires: new Map(), legs: new Map() }
  return wholeOf(devices)

  /** The world with nothing gone, and these filters. All else is found once. */
  function wholeOf(devices: readonly Told[]): World {
    const told = new Map(devices.map((one) => [one.id, one]))
    const filters = filtersOf(devices)
    const whole: World = viewOf(told, filters, routed.tables, found, (gone) => without(whole, filters, gone))
    return whole
  }

  /** The world by these tables, with nothing gone or something. */
  function viewOf(
    told: World['told'],
    filters: ReadonlyMap<string, NftTable>,
    tables: ReadonlyMap<string, Table>,
    { priorities, owners, wires, legs }: Found,
    without: World['without'],
    left?: Pick<Left, 'loss' | 'moved' | 'touches'> & { readonly whole: World },
  ): World {
    const isUp = left?.loss.isUp ?? (() => true)
    const priority = (device: string) =>
      inside(priorities, device, () => {
        const table = tables.get(device) ?? routed.tables.get(device)
        return priorityOf(told.get(device)!, table, (name) => isUp(links.ports.get(device)!.get(name)!))
      })
    const ownerAt: World['ownerAt'] = (port, { family, value }) => {
      const held = holders(port.wire, family, value)
      if (!held) return 'outside'
      if (!left) return inside(owners, held, () => answering(held, priority)!)
      const { whole, loss, moved } = left
      if (!held.some(({ port: holder }) => moved.has(holder.device) || loss.concerns(holder))) return whole.ownerAt(port, { family, value })
      // On a wire that fell apart the answer is another one for each part.
      const there = held.filter(({ port: holder }) => isUp(holder) && loss.isOneWire(port, holder))
      return answering(there, priority)
    }
    /** Addresses of devices on a wire, in order. The device's own shared ones are only the master's. */
    const onLink = (family: Family) => (port: Port) =>
      inside(wires, `${family} ${port.wire}${left?.loss.concerns(port) ? ` ${port.device} ${port.name}` : ''}`, () => {
        const found = (links.onWire.get(port.wire) ?? []).flatMap(({ addresses, shared }) => [...addresses, ...shared])
        const values = new Set(found.filter(({ ip }) => ip.family === family).map(({ ip }) => ip.value))
        return new Map(
          [...values]
            .sort((a, b) => (a < b ? -1 : 1))
            .map((value) => [value, (ownerAt(port, { family, value }) ?? holders(port.wire, family, value)![0]!.port) as Port]),
        )
      })
    const seenLegs: World['legs'] = (device, vrf, family) => {
      const name = tableName(device, vrf)
      if (left && !tables.has(name)) return left.whole.legs(device, vrf, family)
      return inside(legs, `${family} ${name}`, () => {
        const table = tables.get(name) ?? new Map()
        const before = left && !left.touches(device) ? routed.tables.get(name) : undefined
        const wires = { ports: links.ports.get(device)!, onLink: onLink(family) }
        return before ? legsAfter(left!.whole.legs(device, vrf, family), before, table, family, wires) : legsOf(table, family, wires)
      })
    }
    return {
      routed,
      told,
      ownerAt,
      isUp,
      waysTo: (device, address) => {
        const to = routeTo(tables.get(device) ?? routed.tables.get(device) ?? new Map(), address)?.to
        const names = to === undefined || typeof to === 'string' ? [] : 'port' in to ? [to.port] : to.map(({ port }) => port)
        return names.map((name) => links.ports.get(device)!.get(name)!)
      },
      priority,
      at: (site) => bySite.get(site) ?? [],
      addresses: (family) => addresses[family],
      tunnelTo: (end, vni) => {
        const found = ends.get(`${end} ${vni}`)
        return found && left?.loss.devices.has(found.device) ? undefined : found
      },
      table: (device, vrf) => tables.get(tableName(device, vrf)) ?? routed.tables.get(tableName(device, vrf)) ?? new Map(),
      legs: seenLegs,
      transit: (device, family, iif, oif) => {
        const table = filters.get(device)
        if (!table) return undefined
        return inside(passingOf(table), `${family} ${iif.name} ${oif.name} ${iif.vrf}`, () => transit(table, family, iif.name, oif.name, seen(iif)))
      },
      arrivals: (device, family, iif) => {
        const table = filters.get(device)
        return table && inside(passingOf(table), `${family} ${iif.name} ${iif.vrf}`, () => arrivals(table, family, iif.name, seen(iif)))
      },
      needed: (device, family, point, iif, oif) => {
        const table = filters.get(device)
        return table ? neededRules(table, family, { iif: iif.name, seen: seen(iif), ...(oif ? { oif: oif.name } : {}) }, point) : []
      },
      asks: (device) => filters.has(device),
      without,
      refiltered: wholeOf,
    }
  }

  function without(whole: World, filters: ReadonlyMap<string, NftTable>, gone: Gone): Left {
    const { told } = whole
    plugged ??= pluggedOf(links, cables)
    const loss = lossOf({ links, told, plugged }, gone, (tunnel, isUp) => isCut(whole, tunnel, isUp))
    const { tables, unstable } = routed.without(loss)
    const isUp: Loss['isUp'] = loss.isUp
    const moved = new Set(
      [...loss.touched, ...[...tables.keys()].map(deviceOf)].filter((device) => {
        const own = links.ports.get(device)!
        if (!told.get(device)!.keepalived) return false
        const has = (name: string) => isUp(own.get(name)!)
        return loss.devices.has(device) || priorityOf(told.get(device)!, tables.get(device) ?? routed.tables.get(device), has) !== whole.priority(device)
      }),
    )
    const names = new Set(tables.keys())
    for (const device of loss.touched)
      if (!loss.devices.has(device))
        for (const vrf of new Set([...links.ports.get(device)!.values()].map((port) => port.vrf))) names.add(tableName(device, vrf))
    // Who sends to somebody on a wire that fell apart.
    for (const wire of loss.broken) for (const { device, vrf } of links.onWire.get(wire)!) if (!loss.devices.has(device)) names.add(tableName(device, vrf))
    // Who sends by way of an address that somebody else answers for now.
    for (const { table, wire } of viaShared())
      if (
        !loss.devices.has(deviceOf(table)) &&
        links.onWire.get(wire)!.some((port) => moved.has(port.device) || (port.shared.length > 0 && loss.concerns(port)))
      )
        names.add(table)
    const theirs = new Map([...names].map((name) => [name, tables.get(name) ?? routed.tables.get(name) ?? new Map()]))
    const none: Found = { priorities: new Map(), owners: new Map(), wires: new Map(), legs: new Map() }
    /** Where another one may answer for a shared address now. */
    const handed = new Set(
      [...moved].flatMap((device) => [...links.ports.get(device)!.values()].flatMap(({ shared, wire }) => (shared.length > 0 ? [wire] : []))),
    )
    const touches = remembered(
      (device: string) => loss.touched.has(device) || [...links.ports.get(device)!.values()].some((port) => handed.has(port.wire) || loss.concerns(port)),
    )
    const world = viewOf(told, filters, theirs, none, whole.without, { whole, loss, moved, touches })
    return { world, loss, tables: [...names].map((name) => [deviceOf(name), name.slice(deviceOf(name).length + 1)]), touches, moved, unstable }
  }

  /** Tables with a route by way of an address that several share, and the wire that it is on. */
  function viaShared(): readonly { readonly table: string; readonly wire: number }[] {
    sharing ??= [...routed.tables].flatMap(([table, routes]) => {
      const ports = links.ports.get(deviceOf(table))!
      const hops = new Set(
        [...routes.values()].flatMap(({ to }) => (typeof to === 'string' || 'port' in to ? [] : to.flatMap((hop) => ('tunnel' in hop ? [] : [hop])))),
      )
      return [...hops].flatMap(({ port: name, address }) => {
        const port = ports.get(name)
        if (!port) return []
        const { family, value } = ipOf(address)
        return holders(port.wire, family, value)?.some(({ isShared }) => isShared) ? [{ table, wire: port.wire }] : []
      })
    })
    return sharing
  }

  /** Whether no end of a tunnel gets to the address that it calls: by none of its own ports that lead there, or the port there is down. */
  function isCut(whole: World, { ends }: Tunnel, isUp: Loss['isUp']): boolean {
    return !ends.some(({ device, calls }, index) => {
      if (calls === undefined) return false
      const ways = whole.waysTo(device, ipOf(calls))
      const other = [...links.ports.get(ends[1 - index]!.device)!.values()]
      const called = other.find(({ addresses }) => addresses.some(({ ip }) => ip.family === familyOf(calls) && ip.value === ipOf(calls).value))
      return ways.some(isUp) && (called === undefined || isUp(called))
    })
  }
}

/** What was found of a world, by table, wire or device. */
interface Found {
  readonly priorities: Map<string, number>
  readonly owners: Map<readonly Holder[], Port>
  readonly wires: Map<string, ReadonlyMap<bigint, Port>>
  readonly legs: Map<string, readonly Leg[]>
}

/** The tables of those devices that have a filter. */
function filtersOf(devices: readonly Told[]): ReadonlyMap<string, NftTable> {
  const found = new Map<string, NftTable>()
  for (const { id, nftables } of devices) {
    const table = nftables?.tables.find(({ family }) => family === 'inet')
    if (table) found.set(id, table)
  }
  return found
}

/** What filters pass, by family and ports: found once for each table. */
const PASSING = new WeakMap<NftTable, Map<string, Transit>>()

function passingOf(table: NftTable): Map<string, Transit> {
  const known = PASSING.get(table) ?? new Map<string, Transit>()
  PASSING.set(table, known)
  return known
}

function deviceOf(table: string): string {
  return table.split('#')[0]!
}

/** The route of a table with the longest prefix around an address. */
export function routeTo(table: Table, { family, value }: Ip): Route | undefined {
  let best: Route | undefined
  let longest = -1
  for (const route of table.values()) {
    if (familyOf(route.prefix) !== family) continue
    const { base, length } = prefixOf(route.prefix)
    const host = BigInt(bitsOf(family) - length)
    if (length <= longest || value >> host !== base >> host) continue
    best = route
    longest = length
  }
  return best
}

/** A port that has an address, its own or one that it shares. */
interface Holder {
  readonly port: Port
  readonly isShared: boolean
}

/** Who has an address on a wire. */
type Holders = (wire: number, family: Family, address: bigint) => readonly Holder[] | undefined

function holdersOf(ports: Iterable<ReadonlyMap<string, Port>>): Holders {
  const holders = { 4: new Map<number, Map<bigint, Holder[]>>(), 6: new Map<number, Map<bigint, Holder[]>>() }
  for (const own of ports)
    for (const port of own.values()) {
      const add = (isShared: boolean, { ip: { family, value } }: Port['addresses'][number]) => {
        const wire = holders[family].get(port.wire) ?? new Map<bigint, Holder[]>()
        holders[family].set(port.wire, wire)
        const known = wire.get(value)
        if (known) known.push({ port, isShared })
        else wire.set(value, [{ port, isShared }])
      }
      for (const address of port.addresses) add(false, address)
      for (const address of port.shared) add(true, address)
    }
  return (wire, family, address) => holders[family].get(wire)?.get(address)
}

/** Who answers: of those that share the address the first of the highest priority, else who has it, the last of several. */
function answering(holders: readonly Holder[], priority: (device: string) => number): Port | undefined {
  let master: Port | undefined
  for (const { port, isShared } of holders) if (isShared && (!master || priority(port.device) > priority(master.device))) master = port
  return master ?? holders.at(-1)?.port
}

/** The priority of a device for all its gateway addresses: what it is told, less what it is told to take off for routes that it lacks and segments that it has lost. */
function priorityOf({ keepalived }: Told, table: Table | undefined, isUp: (name: string) => boolean): number {
  if (!keepalived) return 0
  const { priority, penalty, routes, instances } = keepalived
  const lacks = routes.some((prefix) => table?.get(prefix)?.protocol !== 'bgp') ? 1 : 0
  const lost = [...new Set(instances.map((instance) => instance.interface))].filter((name) => !isUp(name)).length
  return Math.max(1, priority - penalty * (lacks + lost))
}

/** What comes in by a port of a VRF is seen as coming in by the VRF (kernel vrf.rst). */
function seen({ name, vrf }: Port): string {
  return vrf === '' ? name : vrf
}
