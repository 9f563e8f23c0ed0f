/**
 * The links of devices as packets meet them: interfaces with addresses, each in a table (a VRF, or the default), and which of them are on one wire. Cables are facts of the design; what is behind them, tags
 * and bridges and tunnels, is what the text says.
 */
import { bitsOf, type Ip, parseInterface } from '#base/ip.ts'
import type { Told } from './told.ts'

/** An interface that packets come in and go out by. */
export interface Port {
  readonly device: string
  readonly name: string
  /** The VRF; empty for the default table. */
  readonly vrf: string
  /** Bytes of IP packet. */
  readonly mtu: number
  readonly addresses: readonly PortAddress[]
  /** Addresses that it has while it is master (VRRP). */
  readonly shared: readonly PortAddress[]
  /** Interfaces with the same number are on one wire: what one sends the others hear. */
  readonly wire: number
}

/** An address with the length of the prefix around it. */
export interface PortAddress {
  readonly ip: Ip
  readonly length: number
}

/** Whether it is each wire's own, and nobody beyond can have it (RFC 4291 §2.5.6). */
export function isLinkLocal({ ip: { family, value } }: PortAddress): boolean {
  return family === 6 && value >> 118n === 0x3fan
}

/** A cable between two ports, as `device` and port. */
export interface Cable {
  readonly a: { readonly device: string; readonly port: string }
  readonly b: { readonly device: string; readonly port: string }
}

/** A layer-3 VNI of a device: packets between VRFs of devices go in it (RFC 9136 §4.4.1). */
export interface Vni {
  readonly vni: number
  readonly vrf: string
  /** The tunnel end of the device. */
  readonly local: string
  /** The bridge that packets of the VRF go into. */
  readonly bridge: string
}

/** Something that makes two interfaces, or an interface and frames with a tag on a port, one wire: within a device, by a cable, or by a tunnel. */
export interface Join {
  /** `device interface`, or `device interface tag`. */
  readonly a: string
  readonly b: string
  readonly by: { readonly device: string } | { readonly cable: Cable } | { readonly tunnel: Tunnel }
}

/** A tunnel between two devices: each end that calls, with the address that it calls. */
export interface Tunnel {
  readonly ends: readonly { readonly device: string; readonly name: string; readonly calls?: string }[]
}

/** All links. */
export interface Links {
  /** By device, then by name. */
  readonly ports: ReadonlyMap<string, ReadonlyMap<string, Port>>
  /** By number of the wire. */
  readonly onWire: ReadonlyMap<number, readonly Port[]>
  /** By device. */
  readonly vnis: ReadonlyMap<string, readonly Vni[]>
  /** What makes wires, by number of the wire. */
  readonly joins: ReadonlyMap<number, readonly Join[]>
}

/** The links of devices that are joined by these cables. */
export function linksOf(devices: readonly Told[], cables: readonly Cable[]): Links {
  const wires = unions()
  const joins: Join[] = []
  const join = (a: string, b: string, by: Join['by']) => {
    joins.push({ a, b, by })
    wires.join(a, b)
  }
  const vnis = new Map<string, readonly Vni[]>()
  /** Frames that leave by a port, untagged or with a tag. A port of a bond is the bond. */
  const owners = new Map<string, string>()
  const tags = new Map<string, Set<number>>()
  for (const { id, linux } of devices) {
    const types = new Map(linux.links.map((link) => [link.name, link.kind.type]))
    for (const { name, master } of linux.links) if (master !== undefined && types.get(master) === 'bond') owners.set(`${id} ${name}`, `${id} ${master}`)
    for (const { name, kind, master } of linux.links) {
      if (kind.type === 'vlan') {
        const parent = `${id} ${kind.parent}`
        tags.set(parent, (tags.get(parent) ?? new Set()).add(kind.vid))
        join(`${id} ${name}`, `${parent} ${kind.vid}`, { device: id })
      }
      if (master !== undefined && types.get(master) === 'bridge' && kind.type !== 'vxlan') join(`${id} ${name}`, `${id} ${master}`, { device: id })
    }
    const masters = new Map(linux.links.map((link) => [link.name, link.master]))
    const layer3 = linux.links.flatMap(({ kind, master }) =>
      kind.type === 'vxlan' && master !== undefined ? [{ vni: kind.vni, local: kind.local, bridge: master, vrf: masters.get(master) ?? '' }] : [],
    )
    if (layer3.length > 0) vnis.set(id, layer3)
  }
  for (const cable of cables) {
    const [one, other] = [cable.a, cable.b].map(({ device, port }) => owners.get(`${device} ${port}`) ?? `${device} ${port}`) as [string, string]
    join(one, other, { cable })
    for (const vid of tags.get(one) ?? []) if (tags.get(other)?.has(vid)) join(`${one} ${vid}`, `${other} ${vid}`, { cable })
  }
  for (const tunnel of tunnelsOf(devices)) {
    const [one, other] = tunnel.ends.map(({ device, name }) => `${device} ${name}`) as [string, string]
    join(one, other, { tunnel })
  }

  const ports = new Map<string, Map<string, Port>>()
  const onWire = new Map<number, Port[]>()
  for (const { id, linux, keepalived, haproxy } of devices) {
    // A balancer has the addresses of its services while somebody answers there, which is how it is meant to be.
    const served = new Set((haproxy?.frontends ?? []).flatMap(({ v4, v6 }) => [`${v4}/32`, `${v6}/128`]))
    const byName = new Map(linux.links.map((link) => [link.name, link]))
    const own = new Map<string, Port>()
    for (const { name, mtu = 0, addresses, kind, master } of linux.links) {
      const above = master === undefined ? undefined : byName.get(master)
      const vrf = above?.kind.type === 'vrf' ? above.name : ''
      if (kind.type === 'vrf') continue
      const shared = (keepalived?.instances ?? []).filter((instance) => instance.interface === name).flatMap((instance) => instance.addresses)
      const read = (all: readonly { readonly address: string }[]) =>
        all.map(({ address }) => parseInterface(address)!).map(({ ip, length }): PortAddress => ({ ip, length }))
      const more = name === 'lo' ? [...served].map((address) => ({ address })) : []
      const port: Port = { device: id, name, vrf, mtu, addresses: read([...addresses, ...more]), shared: read(shared), wire: wires.numberOf(`${id} ${name}`) }
      own.set(name, port)
      const list = onWire.get(port.wire)
      if (list) list.push(port)
      else onWire.set(port.wire, [port])
    }
    ports.set(id, own)
  }
  return { ports, onWire, vnis, joins: Map.groupBy(joins, ({ a }) => wires.numberOf(a)) }
}

/** Two ends of a tunnel name each other, and the one that is called listens where the other one calls. */
function tunnelsOf(devices: readonly Told[]): readonly Tunnel[] {
  const ends = devices.flatMap(({ id, linux, wireguard }) =>
    (wireguard?.tunnels ?? []).map(({ name, port, peer }) => {
      const addresses = linux.links.find((link) => link.name === name)?.addresses ?? []
      return { id, name, port, peer, nets: new Set(addresses.map(({ address }) => netOf(address))) }
    }),
  )
  const byDevice = Map.groupBy(ends, ({ id }) => id)
  const found = new Map<string, Tunnel>()
  for (const end of ends) {
    const called = end.peer.endpoint === undefined ? undefined : Number(end.peer.endpoint.slice(end.peer.endpoint.lastIndexOf(':') + 1))
    const other = byDevice
      .get(end.peer.name)
      ?.find(({ peer, port, nets }) => peer.name === end.id && (called === undefined || called === port) && [...nets].some((net) => end.nets.has(net)))
    if (!other) continue
    const pair = [end, other].map(({ id, name, peer: { endpoint } }) => ({
      device: id,
      name,
      ...(endpoint === undefined ? {} : { calls: endpoint.slice(0, endpoint.lastIndexOf(':')).replace(/^\[(.*)\]$/, '$1') }),
    }))
    // Either end may name the other.
    found.set(
      pair
        .map(({ device, name }) => `${device} ${name}`)
        .sort()
        .join(' '),
      { ends: pair },
    )
  }
  return [...found.values()]
}

/** The prefix around an address, as a key. */
function netOf(address: string): string {
  const { ip, length } = parseInterface(address)!
  const host = BigInt(bitsOf(ip.family) - length)
  return `${ip.family} ${(ip.value >> host).toString(16)}/${length}`
}

/** Names that belong together (union-find with path halving). */
export interface Unions {
  join(a: string, b: string): void
  /** The same number for all that belong together. */
  numberOf(name: string): number
}

/** No names yet. */
export function unions(): Unions {
  const numbers = new Map<string, number>()
  const parents: number[] = []
  const numberOf = (name: string) => {
    let number = numbers.get(name)
    if (number === undefined) {
      number = parents.length
      numbers.set(name, number)
      parents.push(number)
    }
    return number
  }
  const root = (of: number) => {
    let at = of
    while (parents[at] !== at) {
      parents[at] = parents[parents[at]!]!
      at = parents[at]!
    }
    return at
  }
  return {
    join: (a, b) => {
      const [one, other] = [root(numberOf(a)), root(numberOf(b))]
      parents[Math.max(one, other)] = Math.min(one, other)
    },
    numberOf: (name) => root(numberOf(name)),
  }
}
