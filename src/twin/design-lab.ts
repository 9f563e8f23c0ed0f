/** What a design is as machines and cables, and the stand-ins at its ends: the internet beyond its circuits, hosts on the segments of offices. */
import { addressPart, bitsOf, contains, familyOf, ipOf, lastOf, type Prefix, parseInterface, prefixAround, prefixOf, showIp } from '#base/ip.ts'
import type { Design, SegmentNode } from '#design/design.ts'
import type { Device } from '#design/device.ts'
import type { Cable, Machine } from './machine.ts'
import { secretsOf } from './secrets.ts'
import type { TwinCable } from './twin.ts'

/** A machine of ours at the end of a cable, with its addresses. */
export interface StandIn {
  readonly machine: Machine
  readonly cable: Cable
  /** Its own port that has them, or the VLAN of its port. */
  readonly port: string
  /** What of the switch's port a bridge holds: the port, or its VLAN. */
  readonly bridged: string
  /** IPv4 and IPv6. */
  readonly addresses: readonly [v4: string, v6: string]
}

/** Addresses that are nobody's in a company: documentation prefixes (RFC 5737, RFC 9637). */
export const INTERNET: readonly [v4: string, v6: string] = ['192.0.2.80', '3fff::80']

/** All devices with their printed files, and their secrets. `seed` is that of the ledger's public keys. */
export function machinesOf(design: Design, files: ReadonlyMap<string, string>, seed: string): Machine[] {
  return devicesOf(design).map((device) => {
    const own = [...files].filter(([path]) => path.startsWith(`${device.id}/`))
    return { name: device.id, files: new Map(own.map(([path, text]) => [path.slice(device.id.length + 1), text])), secrets: secretsOf(device, seed) }
  })
}

/** All cables and circuits with two ends in the design, with their ids. Tunnels are none: they go over circuits. */
export function cablesOf(design: Design): TwinCable[] {
  const there = new Set(devicesOf(design).map(({ id }) => id))
  const tunnels = new Set(
    devicesOf(design).flatMap(({ id, interfaces }) => interfaces.flatMap(({ kind, name }) => (kind === 'wireguard' ? [`${id} ${name}`] : []))),
  )
  const plug = ({ device, port }: { device: string; port: string }) => ({ machine: device, port })
  return design.sites.flatMap(({ links }) =>
    links.flatMap(({ id, circuit, a, b }) =>
      b && there.has(b.device) && !tunnels.has(`${a.device} ${a.port}`)
        ? [{ id, ...(circuit === undefined ? {} : { circuit }), ends: [plug(a), plug(b)] as const }]
        : [],
    ),
  )
}

/** The name of the machine that is the internet. */
export const CARRIER = 'carrier/internet'

/**
 * The internet: one machine beyond all circuits that end at a carrier, with the carriers' ends of the hand-overs and {@link INTERNET}. It routes between circuits. Where a carrier speaks BGP it does so by that carrier's
 * number, announces a default and takes what it is told; of other addresses of the company it knows none, so whatever is answered there was translated.
 */
export function internetOf(design: Design): { readonly machine: Machine; readonly cables: readonly TwinCable[] } {
  const devices = new Map(devicesOf(design).map((device) => [device.id, device]))
  const handovers = design.sites.flatMap(({ links }) =>
    links.flatMap(({ id, a, b, circuit }) => {
      const ours = devices
        .get(a.device)!
        .interfaces.find(({ name }) => name === a.port)!
        .addresses.map(({ address }) => address)
      return b || !circuit || ours.length === 0
        ? []
        : [{ id, circuit, plug: { machine: a.device, port: a.port }, theirs: ours.map((address) => carrierEnd(devices.get(a.device)!, address)) }]
    }),
  )
  const network = [
    'link set dev lo up',
    ...INTERNET.map((address) => `address add ${address}/${bitsOf(familyOf(address))} dev lo`),
    ...handovers.flatMap(({ theirs }, i) => [...theirs.map((address) => `address add ${address} dev eth${i}${nodad(address)}`), `link set dev eth${i} up`]),
  ]
  const sessions = handovers.flatMap(({ plug, theirs }) => {
    const { interfaces, routing } = devices.get(plug.machine)!
    const own = interfaces.find(({ name }) => name === plug.port)!.addresses.map(({ address }) => addressPart(address))
    const ends = theirs.map(addressPart)
    return (routing?.bgp ?? []).flatMap(({ asn: ours, neighbors }) =>
      neighbors.flatMap(({ address, asn }) => {
        const peer = own.find((one) => familyOf(one) === familyOf(address))
        return peer !== undefined && ends.includes(address) ? [{ peer, ours, asn }] : []
      }),
    )
  })
  const files = {
    'network.ip': `${network.join('\n')}\n`,
    'sysctl.conf': 'net.ipv4.ip_forward = 1\nnet.ipv6.conf.all.forwarding = 1\n',
    ...(sessions.length > 0 ? { hostname: 'internet\n', daemons: 'bgpd=yes\n', 'frr.conf': speaking(sessions) } : {}),
  }
  return {
    machine: { name: CARRIER, files: new Map(Object.entries(files)) },
    cables: handovers.map(({ id, circuit, plug }, i) => ({ id, circuit, ends: [plug, { machine: CARRIER, port: `eth${i}` }] as Cable })),
  }
}

/** A telephone hands what is untagged to the desk behind it, and does not listen to routers there. */
const DEAF = 'net/ipv6/conf/eth0/disable_ipv6 = 1\n'

/**
 * A host on a segment, plugged into a switch: untagged, or in a VLAN of its cable. It has the segment's last addresses. Its way out over IPv4 is the gateway address; over IPv6 it is what its
 * routers advertise, as for any host.
 */
export function hostOn(design: Design, segmentId: string, at: { readonly device: string; readonly port: string; readonly tagged: boolean }): StandIn {
  const site = design.sites.find(({ id }) => segmentId.startsWith(`${id}/`))!
  const segment = site.segments.find(({ id }) => id === segmentId)!
  const name = hostName(segmentId)
  const port = at.tagged ? `eth0.${segment.vlan}` : 'eth0'
  const prefixes = ([4, 6] as const).flatMap((family) => segment.prefixes.find((prefix) => familyOf(prefix) === family) ?? [])
  const addresses = prefixes.map((prefix) => showIp({ family: familyOf(prefix), value: lastOf(prefixOf(prefix)) - 1n }))
  const network = [
    ...(at.tagged ? [`link add link eth0 name ${port} type vlan id ${segment.vlan}`, 'link set dev eth0 up'] : []),
    ...addresses.map((address, i) => `address add ${address}/${prefixOf(prefixes[i]!).length} dev ${port}${nodad(address)}`),
    `link set dev ${port} up`,
    `route add 0.0.0.0/0 via ${gatewayOf(segment, site.devices)}`,
  ]
  return {
    machine: { name, files: new Map([['network.ip', `${network.join('\n')}\n`], ...(at.tagged ? [['sysctl.conf', DEAF] as const] : [])]) },
    cable: [
      { machine: at.device, port: at.port },
      { machine: name, port: 'eth0' },
    ],
    port,
    bridged: at.tagged ? `${at.port}.${segment.vlan}` : at.port,
    addresses: addresses as [string, string],
  }
}

/** The name of the host on a segment. */
export function hostName(segmentId: string): string {
  return `host/${segmentId.replace('/', '.')}`
}

/** All devices of a design. */
export function devicesOf(design: Design): Device[] {
  return design.sites.flatMap(({ devices }) => devices)
}

/** FRR's configuration of carriers that announce the internet; each session by the number of its carrier. */
function speaking(sessions: readonly { readonly peer: string; readonly ours: number; readonly asn: number }[]): string {
  const of = (family: 4 | 6) => sessions.filter(({ peer }) => familyOf(peer) === family)
  return [
    `router bgp ${INTERNET_ASN}`,
    ` bgp router-id ${INTERNET[0]}`,
    ' no bgp ebgp-requires-policy',
    ' no bgp default ipv4-unicast',
    ...sessions.flatMap(({ peer, ours, asn }) => [` neighbor ${peer} remote-as ${ours}`, ` neighbor ${peer} local-as ${asn} no-prepend replace-as`]),
    ...([4, 6] as const).flatMap((family) => [
      ` address-family ipv${family} unicast`,
      ...of(family).flatMap(({ peer }) => [`  neighbor ${peer} activate`, `  neighbor ${peer} default-originate`]),
      ' exit-address-family',
    ]),
    'exit',
    '',
  ].join('\n')
}

/** The number of the machine that is the internet, which none of its sessions shows (the last one for private use, RFC 6996 §5). */
const INTERNET_ASN = 4_294_967_294

/** The carrier's end of a hand-over: the next hop of a static route, or a neighbour, in the subnet of our end. */
function carrierEnd({ id, routing }: Device, ours: string): string {
  const { ip, length } = parseInterface(ours)!
  const subnet = prefixAround(ip, length)
  const known = [
    ...routing!.statics.flatMap(({ via }) => (via === 'discard' || via.address === undefined ? [] : [via.address])),
    ...routing!.bgp.flatMap(({ neighbors }) => neighbors.map(({ address }) => address)),
  ]
  const hop = known.find((via) => familyOf(via) === ip.family && holds(subnet, via))
  if (!hop) throw new Error(`${id} has no route over ${ours}, so the carrier's address is not known`)
  return `${hop}/${length}`
}

/** The IPv4 address that the segment's gateways share. */
function gatewayOf({ id, gateways }: SegmentNode, devices: readonly Device[]): string {
  const shared = devices.find(({ name }) => name === gateways[0])?.vrrp?.groups.find(({ name }) => id.endsWith(`/${name}`))
  if (!shared) throw new Error(`${id} has no gateway address that is shared`)
  return addressPart(shared.v4[0]!)
}

function nodad(address: string): string {
  return address.includes(':') ? ' nodad' : ''
}

function holds(prefix: Prefix, address: string): boolean {
  const ip = ipOf(address)
  return contains(prefix, prefixAround(ip, bitsOf(ip.family)))
}
