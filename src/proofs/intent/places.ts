/** Where connections begin: hosts on segments, servers with their addresses, and the internet at the circuits that lead to it. */
import { contains, type Family, familyOf, type Ip, prefixOf } from '#base/ip.ts'
import type { Company } from '#compile/company.ts'
import type { Design, SegmentNode } from '#design/design.ts'
import { byFamily } from '../by-family.ts'
import { type Boxes, boxOf } from '../engine/boxes/boxes.ts'
import type { Port, PortAddress } from '../engine/network/links.ts'
import { PACKETS } from '../engine/packet.ts'
import type { Source } from '../engine/reach/spread.ts'
import type { World } from '../engine/reach/world.ts'
import { intervalOf, intervalsOf } from './intervals.ts'

/** Somewhere that connections begin. */
export interface Place {
  /** `ber-office/users-3`, or `internet at ber-office/edge-b eth8`. */
  readonly id: string
  /** Absent for the internet. */
  readonly site?: string
  readonly zone?: string
  readonly prefixes: readonly string[]
  /** Whether it has a way to a prefix at all: carriers bring to a circuit what is announced there. */
  sendsTo(prefix: string): boolean
  /** How its packets enter the network, in a family. */
  sources(family: Family): readonly Source[]
  /** The same when something is gone. */
  sourcesIn(world: World, family: Family): readonly Source[]
}

/** All places of a company; `strangers` are the prefixes of the internet. */
export function placesOf(company: Company, design: Design, world: World, strangers: readonly string[]): readonly Place[] {
  const segments = design.sites.flatMap(({ id: site, segments }) =>
    segments.map((segment): Place => {
      const { id, zone, prefixes, vlan } = segment
      const gateways = byFamily((family) => gatewaysOf(world, site, segment, family))
      const sources = byFamily((family) => (vlan === undefined ? fromHosts(world, site, segment, family) : fromWire(world, gateways(family))))
      const sourcesIn: Place['sourcesIn'] = (left, family) => (vlan === undefined ? hostsIn(left, sources(family)) : fromWire(left, gateways(family)))
      return { id, site, zone, prefixes, sendsTo: () => true, sources, sourcesIn }
    }),
  )
  const outside = design.sites.flatMap(({ id: site, blocks, links, circuits }) => {
    const kinds = new Map(circuits.map(({ id, type }) => [id.slice(id.lastIndexOf('/') + 1), type]))
    return links.flatMap(({ b, a, id, circuit }): Place[] => {
      if (b || circuit === undefined || kinds.get(id.slice(id.indexOf('/') + 1)) !== 'internet') return []
      const port = carrierPort(world, a)
      if (!port) return []
      const sources = byFamily((family) => [{ device: port.device, vrf: port.vrf, port, boxes: boxesFrom(strangers, family) }])
      const sourcesIn: Place['sourcesIn'] = (world, family) => (world.isUp(port) ? sources(family) : [])
      const sendsTo = announcedOver(company, site, blocks, id.slice(id.indexOf('/') + 1))
      return [{ id: `internet at ${a.device} ${port.name}`, prefixes: strangers, sendsTo, sources, sourcesIn }]
    })
  })
  return [...segments, ...outside]
}

/** Over a circuit on which the carrier speaks BGP the site announces its public addresses, and its IPv6; over another one nothing. */
function announcedOver({ sites }: Company, site: string, blocks: readonly string[], circuit: string): (prefix: string) => boolean {
  // A site that the company has no more announces nothing.
  const facts = sites.find(({ name }) => name === site)?.facts
  const speaks = facts?.circuits?.find(({ id }) => id === circuit)?.asn !== undefined
  const announced = [...(facts?.public === undefined ? [] : [facts.public]), ...blocks.filter((block) => familyOf(block) === 6)]
  return (prefix) => speaks && announced.some((block) => familyOf(block) === familyOf(prefix) && contains(prefixOf(block), prefixOf(prefix)))
}

/** A gateway of a segment: its port there, and the address that it shares with another one, if it does. */
interface Gateway {
  readonly port: Port
  readonly shared: Ip | undefined
  /** What hosts of the segment send. */
  readonly boxes: Boxes
}

function gatewaysOf(world: World, site: string, { gateways, prefixes }: SegmentNode, family: Family): readonly Gateway[] {
  const own = prefixes.filter((prefix) => familyOf(prefix) === family)
  const boxes = boxesFrom(own, family)
  const isOwn = ({ ip }: PortAddress) => ip.family === family && own.some((prefix) => isIn(ip.value, prefix))
  const ports = gateways.flatMap((name) => [...(world.routed.links.ports.get(`${site}/${name}`)?.values() ?? [])])
  return ports.flatMap((port) => (port.addresses.some(isOwn) ? [{ port, shared: port.shared.find(isOwn)?.ip, boxes }] : []))
}

/** Hosts send to the gateway that has the address which they use: of a pair, the master. */
function fromWire(world: World, gateways: readonly Gateway[]): readonly Source[] {
  const found = gateways.find(({ port }) => world.isUp(port))
  if (!found) return []
  // It has the address itself, so somebody of ours does.
  const master = found.shared ? (world.ownerAt(found.port, found.shared) as Port) : found.port
  return [{ device: master.device, vrf: master.vrf, port: master, boxes: found.boxes }]
}

/** Servers that route send by themselves, from the addresses on their loopbacks. */
function fromHosts(world: World, site: string, { prefixes }: SegmentNode, family: Family): readonly Source[] {
  const own = prefixes.filter((prefix) => familyOf(prefix) === family)
  return world.at(site).flatMap(([device, ports]): Source[] => {
    const held = (ports.get('lo')?.addresses ?? []).filter(({ ip }) => ip.family === family && own.some((prefix) => isIn(ip.value, prefix)))
    const boxes = held.map(({ ip }) => boxOf(PACKETS[family], { source: [ip.value, ip.value] }))
    return boxes.length > 0 ? [{ device, vrf: '', boxes }] : []
  })
}

/** Those servers that are still there. */
function hostsIn(world: World, sources: readonly Source[]): readonly Source[] {
  return sources.filter(({ device }) => world.isUp(world.routed.links.ports.get(device)!.get('lo')!))
}

/** The interface that a hand-over has its addresses on: the port itself, or a VLAN of it. */
function carrierPort({ routed, told }: World, { device, port }: { readonly device: string; readonly port: string }): Port | undefined {
  const ports = routed.links.ports.get(device)
  const own = ports?.get(port)
  if (own && own.addresses.length > 0) return own
  const vlan = told.get(device)?.linux.links.find(({ kind }) => kind.type === 'vlan' && kind.parent === port)
  return vlan && ports?.get(vlan.name)
}

function boxesFrom(prefixes: readonly string[], family: Family) {
  return intervalsOf(family, prefixes).map((source) => boxOf(PACKETS[family], { source }))
}

function isIn(value: bigint, prefix: string): boolean {
  const [first, last] = intervalOf(prefix)
  return value >= first && value <= last
}
