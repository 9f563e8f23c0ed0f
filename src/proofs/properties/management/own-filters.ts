/** What devices take themselves, held against what they need to: of neighbours, of hosts whose first hop they are, and of who runs them. The filter of each is asked for itself, whatever others drop before. */
import { bitsOf, type Family, familyOf, ipOf } from '#base/ip.ts'
import { INFRASTRUCTURE } from '#compile/company.ts'
import type { SiteDesign } from '#design/design.ts'
import type { Device } from '#design/device.ts'
import { BFD, BGP, DHCP, LEASE_SYNC, STATE_SYNC, VXLAN } from '#design/ports.ts'
import type { Service } from '#model/port.ts'
import { FAMILIES } from '../../by-family.ts'
import { type Boxes, boxOf, meetAll, uncovered } from '../../engine/boxes/boxes.ts'
import { mostTaken } from '../../engine/filter/calls.ts'
import type { Port } from '../../engine/network/links.ts'
import type { Told } from '../../engine/network/told.ts'
import { PACKETS, PROTOCOLS } from '../../engine/packet.ts'
import { prefixesOf, sentFrom } from '../../intent/concern.ts'
import { type Flow, managementOf, packetsOf } from '../../intent/flows.ts'
import { type Interval, intervalsOf, joined } from '../../intent/intervals.ts'
import { isIn } from '../../obstacle.ts'
import { showPacket } from '../../packet-text.ts'
import type { Counter, Proof } from '../../proof.ts'

/**
 * Devices that pass on what others send, or have a filter, each with what shows that it takes too much, if anything does. Whoever does neither is a host, of which policies speak. `flows` are those by which
 * devices are run.
 */
export function* takenBy(proof: Proof, flows: readonly Flow[]): Iterable<readonly [device: string, counter: Counter | undefined]> {
  const { design, world } = proof
  const said = JSON.stringify(flows.map(({ from, to, services }) => [from, to, services]))
  for (const site of design.sites) {
    const needed = { 4: neededAt(proof, site, flows, 4), 6: neededAt(proof, site, flows, 6) }
    for (const device of site.devices) {
      const told = world.told.get(device.id)
      if (!told || !(passesOn(told) || world.asks(device.id))) continue
      const last = KNOWN.get(told)
      const isKnown = proof.since && !proof.since.rerouted && last?.said === said
      const counter = isKnown
        ? last.counter
        : FAMILIES.map((family) => tooMuch(proof, told, family, needed[family](told, device))).find((found) => found !== undefined)
      KNOWN.set(told, { said, counter })
      yield [device.id, counter]
    }
  }
}

/** What was found of a device, by those flows. */
const KNOWN = new WeakMap<Told, { readonly said: string; readonly counter: Counter | undefined }>()

function passesOn({ linux }: Told): boolean {
  return linux.sysctls.some(({ key, value }) => (key === 'net.ipv4.ip_forward' || key === 'net.ipv6.conf.all.forwarding') && value === 1)
}

function tooMuch({ world, places, company }: Proof, { id, nftables }: Told, family: Family, needed: Boxes): Counter | undefined {
  const space = PACKETS[family]
  const table = nftables?.tables.find(({ family }) => family === 'inet')
  if (!table) return { says: `${id} passes on what others send, and has no filter for what it takes itself`, device: id }
  if (mostTaken(table, family).every((box) => uncovered(space, box, needed) === undefined)) return undefined
  const ports = [...world.routed.links.ports.get(id)!.values()].filter(({ name }) => name !== 'lo')
  const addresses = ports.flatMap((port) => port.addresses.filter(({ ip }) => ip.family === family))
  const toIt = addresses.map(({ ip: { value } }) => boxOf(space, { destination: [value, value] }))
  for (const port of ports) {
    const { accepted, uncertain, rules } = world.arrivals(id, family, port)!
    const sometimes = uncertain.filter(({ verdict }) => verdict === 'accept')
    const suspect = [...accepted, ...sometimes.flatMap(({ boxes }) => boxes)].filter((box) => uncovered(space, box, needed) !== undefined)
    for (const box of meetAll(space, suspect, toIt)) {
      if (uncovered(space, box, needed) === undefined) continue
      // A packet of somebody whom policies speak of says most.
      const others = places.flatMap((place) => (place.zone === managementOf(company) ? [] : sentFrom(place, family).map((source) => boxOf(space, { source }))))
      const points = [...meetAll(space, [box], others), box].map((part) => uncovered(space, part, needed))
      const point = points.find((found) => found !== undefined)!
      if (point === 'unknown') return { says: 'there are too many parts to tell', device: id }
      const rule = [...rules.filter(({ accept }) => accept), ...sometimes].findLast(({ boxes }) => isIn(family, boxes, point))
      return {
        says: `${id} takes it by ${port.name}, and needs it for nothing`,
        packet: showPacket(family, point),
        device: id,
        ...(rule ? { rule: { chain: rule.chain, index: rule.index } } : {}),
      }
    }
  }
  return undefined
}

/** What devices of a site need to take, by source. */
function neededAt({ world, company }: Proof, { zones, segments }: SiteDesign, flows: readonly Flow[], family: Family): (told: Told, device: Device) => Boxes {
  const space = PACKETS[family]
  const { ports, onWire, vnis } = world.routed.links
  const anybody: readonly Interval[] = [[0n, (1n << BigInt(bitsOf(family))) - 1n]]
  const from = (sources: readonly Interval[], services: readonly Service[]) => packetsOf(family, sources, anybody, services)
  const only = (protocol: number) => boxOf(space, { protocol: [protocol, protocol] })
  const [run, infrastructure] = [managementOf(company), INFRASTRUCTURE].map((zone) =>
    intervalsOf(
      family,
      zones.flatMap(({ name, prefixes }) => (name === zone ? prefixes : [])),
    ),
  )
  const always: Boxes = [
    only(PROTOCOLS[family === 4 ? 'icmp' : 'icmpv6']),
    ...from(run!, []),
    ...flows.flatMap((flow) => from(prefixesOf(flow.from, family), flow.services)),
  ]
  const addressesOf = (port: Port) => port.addresses.flatMap(({ ip: { family: of, value } }) => (of === family ? [value] : []))
  const alone = (values: Iterable<bigint>) => joined([...values].map((value): Interval => [value, value]))
  return ({ frr, wireguard, keepalived }, { id, name }) => {
    const called = new Set(
      (frr?.routers ?? []).flatMap(({ neighbors }) => neighbors.flatMap(({ address }) => (familyOf(address) === family ? [ipOf(address).value] : []))),
    )
    // The other member of a pair is on a link over which nothing is routed.
    const others = [...ports.get(id)!.values()].flatMap(({ wire }) => onWire.get(wire)!.filter(({ device }) => device !== id))
    const linked = new Set(others.flatMap(addressesOf)).difference(called)
    const isFirstHop = segments.some(({ gateways }) => gateways.includes(name))
    return [
      ...always,
      ...from(alone(called), [BGP, BFD]),
      ...from(alone(linked), [STATE_SYNC, LEASE_SYNC.v4, LEASE_SYNC.v6]),
      ...(vnis.has(id) ? from(infrastructure!, [VXLAN]) : []),
      ...(isFirstHop ? from(anybody, [DHCP.v4, DHCP.v6]) : []),
      ...(keepalived ? [only(PROTOCOLS.vrrp)] : []),
      ...(wireguard?.tunnels ?? []).flatMap(({ port }) => from(anybody, [{ protocol: 'udp', ports: [port, port] }])),
    ]
  }
}
