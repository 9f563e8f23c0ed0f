/** What a design is as machines and cables, and the stand-ins at its ends: carriers beyond the circuits, hosts on the segments of offices. */
import { addressPart, bitsOf, contains, familyOf, ipOf, lastOf, type Prefix, parseInterface, prefixAround, prefixOf, showIp } from '#base/ip.ts'
import type { Design, SegmentNode } from '#design/design.ts'
import type { Device } from '#design/device.ts'
import type { Cable, Machine } from './machine.ts'

/** A machine of ours at the end of a cable, with its addresses. */
export interface StandIn {
  readonly machine: Machine
  readonly cable: Cable
  /** IPv4 and IPv6. */
  readonly addresses: readonly [v4: string, v6: string]
}

/** Addresses that are nobody's in a company: documentation prefixes (RFC 5737, RFC 9637). */
export const INTERNET: readonly [v4: string, v6: string] = ['192.0.2.80', '3fff::80']

/** All devices with their printed files. */
export function machinesOf(design: Design, files: ReadonlyMap<string, string>): Machine[] {
  return devicesOf(design).map(({ id }) => {
    const own = [...files].filter(([path]) => path.startsWith(`${id}/`))
    return { name: id, files: new Map(own.map(([path, text]) => [path.slice(id.length + 1), text])) }
  })
}

/** All cables and circuits with two ends in the design. */
export function cablesOf(design: Design): Cable[] {
  const plug = ({ device, port }: { device: string; port: string }) => ({ machine: device, port })
  return design.sites.flatMap(({ links }) => links.flatMap(({ a, b }) => (b ? [[plug(a), plug(b)] as const] : [])))
}

/** The internet beyond each circuit that ends at a carrier: its end of the hand-over, {@link INTERNET}, and a route back to all of the company, since nothing translates addresses. */
export function carriersOf(design: Design): StandIn[] {
  const devices = new Map(devicesOf(design).map((device) => [device.id, device]))
  return design.sites.flatMap(({ links }) =>
    links.flatMap(({ a, b, circuit }) => {
      const device = devices.get(a.device)!
      const ours = device.interfaces.find(({ name }) => name === a.port)!.addresses.map(({ address }) => address)
      if (b || !circuit || ours.length === 0) return []
      const theirs = ours.map((address) => carrierEnd(device, address))
      return [
        standIn(
          `carrier/${circuit.replace('/', '.')}`,
          { machine: a.device, port: a.port },
          'eth0',
          [
            'link set dev lo up',
            ...INTERNET.map((address) => `address add ${address}/${bitsOf(familyOf(address))} dev lo`),
            ...theirs.map((address) => `address add ${address} dev eth0${address.includes(':') ? ' nodad' : ''}`),
            'link set dev eth0 up',
            ...ours.map((address) => `route add ${address.includes(':') ? '::/0' : '0.0.0.0/0'} via ${addressPart(address)}`),
          ],
          INTERNET,
        ),
      ]
    }),
  )
}

/** A host on a segment, plugged into a switch: untagged, or in a VLAN of its cable. It has the segment's last addresses and its gateway. */
export function hostOn(design: Design, segmentId: string, at: { readonly device: string; readonly port: string; readonly tagged: boolean }): StandIn {
  const site = design.sites.find(({ id }) => segmentId.startsWith(`${id}/`))!
  const segment = site.segments.find(({ id }) => id === segmentId)!
  const port = at.tagged ? `eth0.${segment.vlan}` : 'eth0'
  const addresses = segment.prefixes.map((prefix) => showIp({ family: familyOf(prefix), value: lastOf(prefixOf(prefix)) - 1n }))
  const gateways = gatewaysOf(segment, site.devices)
  return standIn(
    `host/${segmentId.replace('/', '.')}`,
    { machine: at.device, port: at.port },
    'eth0',
    [
      ...(at.tagged ? [`link add link eth0 name ${port} type vlan id ${segment.vlan}`, 'link set dev eth0 up'] : []),
      ...addresses.map((address, i) => `address add ${address}/${prefixOf(segment.prefixes[i]!).length} dev ${port}${address.includes(':') ? ' nodad' : ''}`),
      `link set dev ${port} up`,
      ...gateways.map((gateway) => `route add ${gateway.includes(':') ? '::/0' : '0.0.0.0/0'} via ${gateway}`),
    ],
    addresses as [string, string],
  )
}

/** A switch with one more port than is printed, on a bridge of its own, for segments that no port of the design leads to (those of wireless visitors). */
export function withPort({ name, files }: Machine, port: string, bridge: string): Machine {
  const network = `${files.get('network.ip')!}link set dev ${port} master ${bridge}\nlink set dev ${port} addrgenmode none\nlink set dev ${port} up\n`
  return { name, files: new Map([...files, ['network.ip', network]]) }
}

/** All devices of a design. */
export function devicesOf(design: Design): Device[] {
  return design.sites.flatMap(({ devices }) => devices)
}

function standIn(name: string, at: Cable[0], port: string, network: readonly string[], addresses: StandIn['addresses']): StandIn {
  return { machine: { name, files: new Map([['network.ip', `${network.join('\n')}\n`]]) }, cable: [at, { machine: name, port }], addresses }
}

/** The carrier's end of a hand-over: the next hop of a static route, in the subnet of our end. */
function carrierEnd({ id, routing }: Device, ours: string): string {
  const { ip, length } = parseInterface(ours)!
  const subnet = prefixAround(ip, length)
  const hop = routing!.statics.map(({ via }) => (via === 'discard' ? undefined : via.address)).find((via) => via && holds(subnet, via))
  if (!hop) throw new Error(`${id} has no route over ${ours}, so the carrier's address is not known`)
  return `${hop}/${length}`
}

/** Of each family, the first address of the gateway that is active. */
function gatewaysOf({ gateways, prefixes }: SegmentNode, devices: readonly Device[]): string[] {
  const active = devices.find(({ name }) => name === gateways[0])!
  const addresses = active.interfaces.flatMap((one) => one.addresses.map(({ address }) => addressPart(address)))
  return prefixes.map((prefix) => addresses.find((address) => holds(prefixOf(prefix), address))!)
}

function holds(prefix: Prefix, address: string): boolean {
  const ip = ipOf(address)
  return contains(prefix, prefixAround(ip, bitsOf(ip.family)))
}
