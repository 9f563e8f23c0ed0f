/**
 * The pass connect: what the cabling and the addresses of a site make of each device: its interfaces, its VRFs, the zone that each interface is in, and the routing sessions that
 * run over it.
 */
import { addressPart, prefixOf } from '#base/ip.ts'
import type { Why } from '#base/place.ts'
import type { InterfaceAddress, RouterAdvertisement } from '#design/interface.ts'
import type { CircuitTerms, Exchange, ManageAsk, SegmentAsk } from '#standards/authoring/asks.ts'
import type { Addressed, Pair, SegmentAddresses } from '../address/address-site.ts'
import { GATEWAY_OFFSET, handoffVlan } from '../address/plan.ts'
import type { SiteNumbers } from '../address/plan-company.ts'
import { addressIn, blockOf } from '../address/segment.ts'
import type { Cabled, Plug, Wire } from '../cable/cable-site.ts'
import { factOrigin, type Site } from '../company.ts'
import { ledgerOrigin } from '../holdings.ts'
import type { Wanted } from '../join.ts'
import type { Placed } from '../place/place-site.ts'
import { type Connected, INTERNET, OUTSIDE, PEER } from './connected.ts'
import { type DeviceBuilder, deviceBuilder, FABRIC_MTU, MTU, TUNNEL_MTU } from './device-builder.ts'
import type { Neighbors } from './neighbors.ts'

/** What is the same at all sites: addresses of resolvers, and whether there is somebody who decides whom ports let in. */
export interface Told {
  readonly resolvers: { readonly ours: readonly string[]; readonly strangers: readonly string[] }
  readonly authenticates: boolean
}

/** Connects the devices of a site; by name of the device. */
export function connectSite(
  site: Site,
  parts: {
    readonly wanted: Wanted
    readonly placed: Placed
    readonly cabled: Cabled
    readonly addressed: Addressed
    readonly numbers: SiteNumbers
    readonly neighbors: Neighbors
  },
  { resolvers, authenticates }: Told,
): ReadonlyMap<string, Connected> {
  const { wanted, placed, cabled, addressed, numbers, neighbors } = parts
  const builders = new Map([...placed.devices.values()].map((device) => [device.ask.name, deviceBuilder(`${site.name}/${device.ask.name}`, device.why)]))
  const segmentAsk = new Map(wanted.asks.segments.map((ask) => [ask.name, ask]))
  /** The AS number of a device here, and why it is that one. */
  const asnOf = (device: string) => {
    const name = placed.devices.get(device)?.ask.asn ?? ''
    return { asn: numbers.asns[name], asnWhy: [ledgerOrigin(site.name, `asn ${name}`)] }
  }
  const here = { name: site.name, v4: addressed.v4, v6: addressed.v6 }

  for (const [device, pair] of addressed.loopbacks) {
    builders.get(device)?.add({ kind: 'loopback', name: 'lo', description: 'loopback', mtu: 65536, addresses: both(pair, 32, 128), why: pair.why })
  }
  for (const [device, pair] of addressed.hosts) holdAddresses(device, pair)
  for (const wire of cabled.wires) connectWire(wire)
  for (const desk of cabled.desks) {
    const on = builders.get(desk.device)!
    const segment = addressed.segments.get(desk.untagged)
    if (!segment) continue
    const guard = desk.guard && { guard: { ...desk.guard, authenticated: authenticates && desk.guard.authenticated === true, why: desk.why } }
    const base = { speed: desk.speed, description: `${desk.name}, ${desk.untagged}`, ...guard, why: desk.why }
    on.add({ kind: 'physical', name: desk.port, mtu: MTU, bridge: on.bridge(desk.untagged, segment), addresses: [], ...base })
    for (const name of desk.tagged) on.member(desk.port, name, addressed.segments.get(name), desk.why, `${desk.name}, ${name} tagged`)
  }
  for (const [name, segment] of addressed.segments) placeGateways(segmentAsk.get(name)!, segment)

  for (const ask of wanted.asks.managed) manageInBand(ask)

  return new Map([...builders].map(([name, builder]) => [name, builder.finish()]))

  function connectWire(wire: Wire): void {
    const far = neighbors.get(wire.id)
    const [plugA, plugB] = [wire.a ?? far?.plug, wire.b ?? far?.plug]
    for (const [own, other, side] of [
      [wire.a, plugB, 'a'],
      [wire.b, plugA, 'b'],
    ] as const) {
      if (!own) continue
      const on = builders.get(own.device)!
      const why = [...own.why, ...(other ? other.why.filter((origin) => !own.why.includes(origin)) : [])]
      const { circuit, carries } = wire.ask
      const description = describe(wire, own, other)
      const physical = (mtu: number, addresses: readonly InterfaceAddress[], bridge?: string) =>
        on.add({ kind: 'physical', name: own.port, description, mtu, speed: wire.speed, link: wire.id, ...(bridge ? { bridge } : {}), addresses, why })

      switch (carries.kind) {
        case 'fabric':
        case 'route': {
          const hop = addressed.hops.get(wire.ask.name) ?? far?.hop
          if (!hop || !other) break
          const [local, remote] = side === 'a' ? [hop.a, hop.b] : [hop.b, hop.a]
          const mtu = carries.kind === 'fabric' ? FABRIC_MTU : (circuit?.mtu ?? MTU)
          const port = handedOver(on, own, wire, mtu, description, why, both(local, 31, 127), physical)
          const foreign = other.site !== site.name
          const zone = carries.kind === 'route' && side === 'a' ? carries.zone : undefined
          on.zone(port, zone ?? (!foreign && arePair(own.device, other.device) ? PEER : OUTSIDE))
          const { asn: remoteAsn, asnWhy } = foreign ? far! : asnOf(other.device)
          if (remoteAsn === undefined) break
          const exchange = carries.kind === 'fabric' ? ALL : carries[side]
          on.session({
            kind: carries.kind,
            reach: foreign ? 'wan' : 'site',
            interface: port,
            local,
            remote,
            remoteAsn,
            asnWhy,
            remoteName: `${other.site}/${other.device}`,
            remoteSite: foreign ? { name: other.site, v4: far!.v4, v6: far!.v6 } : here,
            exchange,
            asked: wire.ask.why,
            why: hopWhy(local, own),
          })
          break
        }
        case 'carrier': {
          const { v4, v6 } = circuit?.addresses ?? {}
          const fact = (...path: readonly string[]) => factOrigin(site.file, 'circuits', circuit?.id ?? '', ...path)
          const ours = (assigned: { readonly ours: string } | undefined, family: string): InterfaceAddress[] =>
            assigned ? [{ address: assigned.ours, why: [fact('addresses', family, 'ours'), ...wire.ask.why] }] : []
          const addresses = [...ours(v4, 'v4'), ...ours(v6, 'v6')]
          const assigned: Why = [...wire.ask.why, fact('addresses'), ...own.why.slice(wire.ask.why.length)]
          const port = handedOver(on, own, wire, circuit?.mtu ?? MTU, description, why, addresses, physical)
          on.zone(port, circuit?.kind === 'internet' ? INTERNET : OUTSIDE)
          const address = (assigned: { readonly ours: string } | undefined) => assigned && addressPart(assigned.ours)
          if (circuit?.kind === 'internet') {
            const [four, six] = [address(v4), address(v6)]
            on.internet({ circuit: circuit.id, interface: port, ...(four ? { v4: four } : {}), ...(six ? { v6: six } : {}), why: assigned })
          }
          const remote = { ...(v4 ? { v4: v4.theirs } : {}), ...(v6 ? { v6: v6.theirs } : {}) }
          if (circuit?.asn === undefined) {
            if (carries.a.announce.length === 0) on.carrier({ ...remote, why: assigned })
          } else {
            const local = { ...(v4 ? { v4: v4.ours } : {}), ...(v6 ? { v6: v6.ours } : {}) }
            on.session({
              kind: 'carrier',
              reach: 'wan',
              interface: port,
              local,
              remote,
              remoteAsn: circuit.asn,
              asnWhy: [fact('asn')],
              remoteName: circuit.carrier,
              remoteSite: undefined,
              exchange: carries.a,
              asked: wire.ask.why,
              why: assigned,
            })
          }
          break
        }
        case 'management': {
          const segment = addressed.segments.get(carries.segment)
          if (!segment) break
          if (side === 'a') {
            physical(MTU, [], on.bridge(carries.segment, segment))
            break
          }
          const managed = addressed.managed.get(own.device)
          const number = addressed.zones.get(segment.zone)?.number
          if (!managed || number === undefined) break
          const { zone } = segment
          on.vrf(zone, number, wire.ask.why, false)
          const addresses = inSegment(segment, managed)
          on.add({ kind: 'physical', name: own.port, description, mtu: MTU, speed: wire.speed, link: wire.id, vrf: zone, addresses, why })
          on.management({ interface: own.port, vrf: zone, v4: managed.v4, v6: managed.v6, segment: carries.segment, why: managed.why })
          break
        }
        case 'homed': {
          const hop = addressed.hops.get(wire.ask.name)
          if (!hop || !other) break
          const [local, remote] = side === 'a' ? [hop.a, hop.b] : [hop.b, hop.a]
          const { zone } = carries
          const inVrf = side === 'a' ? { vrf: zone } : {}
          on.add({ kind: 'physical', name: own.port, description, mtu: MTU, speed: wire.speed, link: wire.id, ...inVrf, addresses: both(local, 31, 127), why })
          const number = addressed.zones.get(zone)?.number
          if (side === 'a' && number !== undefined) on.vrf(zone, number, wire.ask.why)
          const { asn: remoteAsn, asnWhy } = asnOf(other.device)
          if (remoteAsn === undefined) break
          on.session({
            kind: side === 'a' ? 'to-host' : 'host',
            reach: 'site',
            interface: own.port,
            zone,
            local,
            remote,
            remoteAsn,
            asnWhy,
            remoteName: `${site.name}/${other.device}`,
            remoteSite: here,
            exchange: ALL,
            asked: wire.ask.why,
            why: hopWhy(local, own),
          })
          break
        }
        case 'sync': {
          const hop = addressed.hops.get(wire.ask.name)
          if (!hop || !other) break
          const [local, remote] = side === 'a' ? [hop.a, hop.b] : [hop.b, hop.a]
          physical(MTU, both(local, 31, 127))
          on.sync({ interface: own.port, local, remote, remoteName: `${site.name}/${other.device}`, why: hopWhy(local, own) })
          break
        }
        case 'tunnel': {
          const hop = addressed.hops.get(wire.ask.name) ?? far?.hop
          if (!hop || !other?.tunnel || !own.tunnel || !far) break
          const [local, remote] = side === 'a' ? [hop.a, hop.b] : [hop.b, hop.a]
          const [mine, theirs] = side === 'a' ? [carries.over.a, carries.over.b] : [carries.over.b, carries.over.a]
          const [called, calls] = [endpointOf(theirs, mine), side === 'a']
          const peer = `${other.site}/${other.device}`
          const text = `tunnel ${wire.id} to ${peer}`
          on.add({
            kind: 'wireguard',
            name: own.port,
            description: text,
            mtu: TUNNEL_MTU,
            privateKey: `${site.name}/${own.device}/wireguard`,
            port: own.tunnel.udp,
            peer: {
              name: peer,
              publicKey: other.tunnel.publicKey,
              ...(calls && called ? { endpoint: called.includes(':') ? `[${called}]:${other.tunnel.udp}` : `${called}:${other.tunnel.udp}` } : {}),
              ...(calls ? { keepalive: KEEPALIVE } : {}),
              why,
            },
            addresses: both(local, 31, 127),
            why,
          })
          on.tunnel({ circuit: mine.id, udp: own.tunnel.udp, from: called === undefined ? [] : [called], why })
          on.zone(own.port, OUTSIDE)
          if (far.asn === undefined) break
          on.session({
            kind: 'route',
            reach: 'wan',
            interface: own.port,
            local,
            remote,
            remoteAsn: far.asn,
            asnWhy: far.asnWhy,
            remoteName: peer,
            remoteSite: { name: other.site, v4: far.v4, v6: far.v6 },
            exchange: carries[side],
            asked: wire.ask.why,
            why: hopWhy(local, own),
          })
          break
        }
        case 'trunk':
          physical(MTU, [])
          for (const name of carries.segments) {
            const segment = addressed.segments.get(name)
            if (segmentAsk.get(name)?.gateways.includes(own.device)) on.trunk(name, own.port, segment, why, description)
            else on.member(own.port, name, segment, why, description)
          }
          break
        case 'access': {
          const segment = addressed.segments.get(carries.segment)
          if (!segment) break
          if (side === 'a') physical(MTU, [], on.bridge(carries.segment, segment))
          else {
            const host = addressed.hosts.get(own.device)
            const replicas = [...addressed.replicas.values()].filter((replica) => replica.host === own.device)
            physical(MTU, host ? [host, ...replicas].flatMap((pair) => inSegment(segment, pair)) : [])
          }
          break
        }
        case 'handoff':
          physical(MTU, [])
          for (const zone of carries.zones) {
            const hop = addressed.hops.get(`${wire.ask.name} ${zone}`)
            const number = addressed.zones.get(zone)?.number
            if (!hop || number === undefined || !other) continue
            const [local, remote] = side === 'a' ? [hop.a, hop.b] : [hop.b, hop.a]
            const name = `${own.port}.${handoffVlan(number)}`
            on.add({
              kind: 'vlan',
              name,
              parent: own.port,
              vid: handoffVlan(number),
              description: `${zone}: ${description}`,
              mtu: MTU,
              ...(side === 'a' ? { vrf: zone } : {}),
              addresses: both(local, 31, 127),
              why: [...wire.ask.why, ledgerOrigin(site.name, `zone ${zone}`), ...why.slice(wire.ask.why.length)],
            })
            if (side === 'a') on.vrf(zone, number, wire.ask.why)
            on.zone(name, zone)
            const { asn: remoteAsn, asnWhy } = asnOf(other.device)
            if (remoteAsn === undefined) continue
            on.session({
              kind: side === 'a' ? 'vrf-handoff' : 'open-handoff',
              reach: 'site',
              interface: name,
              zone,
              local,
              remote,
              remoteAsn,
              asnWhy,
              remoteName: `${site.name}/${other.device}`,
              remoteSite: here,
              exchange: ALL,
              asked: wire.ask.why,
              why: hopWhy(local, own),
            })
          }
          break
      }
    }
  }

  /** Whether two devices are members of one pair of filters. */
  function arePair(a: string, b: string): boolean {
    return wanted.asks.filters.some(({ devices }) => devices.includes(a) && devices.includes(b))
  }

  /** A device without a management port of its own is run at its address on the segment, or at its loopback. */
  function manageInBand({ device, segment: name, why }: ManageAsk): void {
    const on = builders.get(device)
    const loopback = addressed.loopbacks.get(device)
    if (!on) return
    if (name === undefined) {
      if (loopback) on.management({ interface: 'lo', v4: loopback.v4, v6: loopback.v6, why: [...why, ...loopback.why] })
      return
    }
    const segment = addressed.segments.get(name)
    const at = on.gatewayOn(name)
    const managed = addressed.managed.get(device)
    if (at !== undefined) {
      const own = on.interface(at)!.addresses.map((held) => ({ ...held, address: addressPart(held.address) }))
      const [v4, v6] = [own.find(({ address }) => !address.includes(':')), own.find(({ address }) => address.includes(':'))]
      if (v4 && v6) on.management({ interface: at, v4: v4.address, v6: v6.address, why: [...new Set([...why, ...v4.why, ...v6.why])] })
    } else if (segment?.vlan !== undefined && managed && on.interface(`br${segment.vlan}`)) {
      on.address(`br${segment.vlan}`, inSegment(segment, managed))
      on.management({ interface: `br${segment.vlan}`, v4: managed.v4, v6: managed.v6, segment: name, why: managed.why })
    }
  }

  /** A host that routes has its own address, and those of the replicas on it, on its loopback; a host on a segment has them on its port. */
  function holdAddresses(device: string, pair: Pair): void {
    const homed = cabled.wires.some(({ ask, b }) => ask.carries.kind === 'homed' && b?.device === device)
    if (!homed) return
    const replicas = [...addressed.replicas.values()].filter(({ host }) => host === device)
    const addresses = [pair, ...replicas].flatMap((held) => both(held, 32, 128))
    builders.get(device)?.add({ kind: 'loopback', name: 'lo', description: 'loopback', mtu: 65536, addresses, why: pair.why })
  }

  /**
   * The gateways of a segment: on a bridge where hosts or several trunks are on it, else on the one trunk's VLAN. One alone has the address that hosts use; of two each has one of its own, and they
   * share that one.
   */
  function placeGateways(ask: SegmentAsk, segment: SegmentAddresses): void {
    for (const [index, device] of ask.gateways.entries()) {
      const on = builders.get(device)
      if (!on) continue
      const shared = sharesGateway(ask)
      const own = ask.gateways.length === 1 ? [] : addressesAt(segment, GATEWAY_OFFSET + 1 + index)
      const addresses = [...(index === 0 && !shared ? addressesAt(segment, GATEWAY_OFFSET) : []), ...own]
      if (ask.vrf) on.vrf(ask.zone, addressed.zones.get(ask.zone)!.number, ask.why)
      on.gateway(ask.name, segment, addresses, {
        ...(ask.vrf ? { vrf: ask.zone } : {}),
        ...(ask.dhcp ? { advertises: advertisement(shared || index === 0, ask.strangers ? resolvers.strangers : resolvers.ours, segment) } : {}),
      })
    }
  }
}

/** Seconds between packets of the calling end of a tunnel: a way through address translation is kept for 30 s at least (RFC 4787 REQ-5 asks for 120, much equipment does less). */
const KEEPALIVE = 25

/** Seconds between router advertisements, and for which one counts: three may be lost, and hosts leave a silent router within nine. */
const ADVERTISEMENT = { intervalSeconds: 3, lifetimeSeconds: 9 } as const

/**
 * What a gateway tells hosts. Gateways that share an address are one router to them, whose preference is not to change with the box that has the address: another router of medium preference, the default
 * (RFC 4191 §2.1), would win over the second box. Of others hosts take the first while it is there.
 */
function advertisement(preferred: boolean, resolvers: readonly string[], { why, v6 }: SegmentAddresses): RouterAdvertisement {
  const told = resolvers.filter((address) => address.includes(':'))
  const because = [...new Set([...why, ...v6[0]!.why, ...(told.length > 0 ? ['company baseline'] : [])])]
  return { managed: true, preference: preferred ? 'high' : 'low', ...ADVERTISEMENT, resolvers: told, why: because }
}

/** Two gateways that share an address by VRRP. In a VRF of a fabric all have it. */
export function sharesGateway({ gateways, vrf }: SegmentAsk): boolean {
  return gateways.length > 1 && !vrf
}

/** The other end's address on its circuit, in a family that both circuits have; IPv4 first, which leaves more room in a packet. */
function endpointOf(theirs: CircuitTerms, ours: CircuitTerms): string | undefined {
  const family = (['v4', 'v6'] as const).find((one) => theirs.addresses?.[one] && ours.addresses?.[one])
  return family && addressPart(theirs.addresses![family]!.ours)
}

const ALL: Exchange = { announce: ['all'], accept: 'all' }

/** Puts the addresses of a hop on the port, or on the hand-off VLAN where the circuit has one. Returns the name of the interface that has them. */
function handedOver(
  on: DeviceBuilder,
  own: Plug,
  wire: Wire,
  mtu: number,
  description: string,
  why: Why,
  addresses: readonly InterfaceAddress[],
  physical: (mtu: number, addresses: readonly InterfaceAddress[]) => void,
): string {
  const vid = wire.ask.circuit?.vlan
  if (vid === undefined) {
    physical(mtu, addresses)
    return own.port
  }
  physical(mtu, [])
  const name = `${own.port}.${vid}`
  on.add({ kind: 'vlan', name, parent: own.port, vid, description, mtu, addresses, why })
  return name
}

/** Says where the other end is. */
function describe(wire: Wire, own: Plug, other: Plug | undefined): string {
  const circuit = wire.ask.circuit
  const to = other ? `${other.site === own.site ? '' : `${other.site}/`}${other.device} ${other.port}` : undefined
  if (!circuit) return to ?? wire.id
  return `${circuit.carrier} ${wire.id}${to ? ` to ${to}` : ''}`
}

function both(pair: Pair, length4: number, length6: number): InterfaceAddress[] {
  return [
    { address: `${pair.v4}/${length4}`, why: pair.why },
    { address: `${pair.v6}/${length6}`, why: pair.why },
  ]
}

/** The addresses of a host or replica, with the lengths of the blocks that they are in. */
function inSegment(segment: SegmentAddresses, pair: Pair): InterfaceAddress[] {
  return [pair.v4, pair.v6].map((address) => ({ address: `${address}/${prefixOf(blockOf(segment, address).prefix).length}`, why: pair.why }))
}

/** Why a session over a hop is there, with that address, on that port. */
function hopWhy(local: Pair, own: Plug): Why {
  return [...local.why, ...own.why.filter((origin) => !local.why.includes(origin))]
}

/** Addresses at an offset of each block of a segment. */
function addressesAt({ v4, v6 }: SegmentAddresses, offset: number): InterfaceAddress[] {
  return [...v4, ...v6].map((block) => ({ address: addressIn(block, offset), why: block.why }))
}
