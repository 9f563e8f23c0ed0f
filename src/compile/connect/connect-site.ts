/**
 * The pass connect: what the cabling and the addresses of a site make of each device: its interfaces, its VRFs, the zone that each interface is in, and the routing sessions that
 * run over it.
 */
import { nth, prefixOf, showIp } from '#base/ip.ts'
import { byName } from '#base/order.ts'
import { anyOf, type Why } from '#base/place.ts'
import type { Interface, InterfaceAddress, Vrf } from '#design/device.ts'
import type { Exchange, SegmentAsk } from '#standards/authoring/asks.ts'
import type { Addressed, Pair, SegmentAddresses } from '../address/address-site.ts'
import { GATEWAY_OFFSET, handoffVlan, vrfTable, zoneVni } from '../address/plan.ts'
import type { Located, SiteNumbers } from '../address/plan-company.ts'
import type { Cabled, Plug, Wire } from '../cable/cable-site.ts'
import { factOrigin, type Site } from '../company.ts'
import { ledgerOrigin } from '../holdings.ts'
import type { Wanted } from '../join.ts'
import type { Placed } from '../place/place-site.ts'
import type { Neighbors } from './neighbors.ts'

/** Bytes of IP packet on links that nothing else is said of (IEEE 802.3 §3.2.7). */
export const MTU = 1500

/** Bytes of IP packet on fabric links: what leaf and spine silicon commonly takes. */
export const FABRIC_MTU = 9216

/** Bytes that VXLAN adds over IPv4: 14 inner Ethernet + 8 VXLAN + 8 UDP + 20 IPv4 (RFC 7348 §5). */
export const VXLAN_OVERHEAD = 50

/** The zone of a filter that is everything beyond the site: circuits, and the edges that hold them. */
export const OUTSIDE = 'outside'

/** A routing session over a hop, from one side. */
export interface Session {
  readonly kind: 'fabric' | 'route' | 'vrf-handoff' | 'open-handoff' | 'carrier'
  readonly interface: string
  /** The zone in whose VRF it runs, or whose VRF is at the other end. */
  readonly zone?: string
  readonly local: Partial<Pair>
  readonly remote: Partial<Pair>
  readonly remoteAsn: number
  /** Why the number is that one. */
  readonly asnWhy: Why
  /** The device at the other end, or the carrier. */
  readonly remoteName: string
  readonly remoteSite: { readonly name: string; readonly v4: readonly Located[]; readonly v6: readonly Located[] } | undefined
  readonly exchange: Exchange
  /** Why it is there and says what it says, whatever its addresses. */
  readonly asked: Why
  readonly why: Why
}

/** A way out by a carrier that speaks no BGP. */
export interface CarrierDefault {
  readonly v4?: string
  readonly v6?: string
  readonly why: Why
}

/** One device, connected. */
export interface Connected {
  readonly interfaces: readonly Interface[]
  readonly vrfs: readonly Vrf[]
  /** The zone that packets of each interface belong to, where it forwards. */
  readonly zoneOf: ReadonlyMap<string, string>
  readonly sessions: readonly Session[]
  readonly carriers: readonly CarrierDefault[]
  /** Segments it is a gateway of. */
  readonly gatewayOf: readonly string[]
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
  for (const wire of cabled.wires) connectWire(wire)
  for (const desk of cabled.desks) {
    const on = builders.get(desk.device)!
    const segment = addressed.segments.get(desk.untagged)
    if (!segment) continue
    const base = { speed: desk.speed, description: `desk, ${desk.untagged}`, why: desk.why }
    on.add({ kind: 'physical', name: desk.port, mtu: MTU, bridge: on.bridge(desk.untagged, segment), addresses: [], ...base })
    for (const name of desk.tagged) on.member(desk.port, name, addressed.segments.get(name), desk.why, `desk, ${name} tagged`)
  }
  for (const [name, segment] of addressed.segments) placeGateways(segmentAsk.get(name)!, segment)

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
          on.zone(port, OUTSIDE)
          const foreign = other.site !== site.name
          const { asn: remoteAsn, asnWhy } = foreign ? far! : asnOf(other.device)
          if (remoteAsn === undefined) break
          const exchange = carries.kind === 'fabric' ? ALL : carries[side]
          on.session({
            kind: carries.kind,
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
          on.zone(port, OUTSIDE)
          const remote = { ...(v4 ? { v4: v4.theirs } : {}), ...(v6 ? { v6: v6.theirs } : {}) }
          if (circuit?.asn === undefined) {
            if (carries.a.announce.length === 0) on.carrier({ ...remote, why: assigned })
          } else {
            const local = { ...(v4 ? { v4: v4.ours } : {}), ...(v6 ? { v6: v6.ours } : {}) }
            on.session({
              kind: 'carrier',
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
            const lengths = [lengthOf(segment.v4), lengthOf(segment.v6)] as const
            physical(MTU, host ? [...both(host, ...lengths), ...replicas.flatMap((replica) => both(replica, ...lengths))] : [])
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

  /** The gateways of a segment: on a bridge where hosts or several trunks are on it, else on the one trunk's VLAN. */
  function placeGateways(ask: SegmentAsk, segment: SegmentAddresses): void {
    for (const [index, device] of ask.gateways.entries()) {
      const on = builders.get(device)
      if (!on) continue
      const alone = ask.gateways.length === 1
      const own = alone ? [] : addressesAt(segment, GATEWAY_OFFSET + 1 + index)
      const addresses = [...(index === 0 ? addressesAt(segment, GATEWAY_OFFSET) : []), ...own, ...furtherBlocks(segment, index)]
      if (ask.vrf) on.vrf(ask.zone, addressed.zones.get(ask.zone)!.number, ask.why)
      on.gateway(ask.name, segment, addresses, ask.vrf ? ask.zone : undefined)
    }
  }
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

function lengthOf(blocks: readonly Located[]): number {
  return prefixOf(blocks[0]!.prefix).length
}

/** Why a session over a hop is there, with that address, on that port. */
function hopWhy(local: Pair, own: Plug): Why {
  return [...local.why, ...own.why.filter((origin) => !local.why.includes(origin))]
}

/** Addresses at an offset of the first blocks of a segment. */
function addressesAt(segment: SegmentAddresses, offset: number): InterfaceAddress[] {
  return [segment.v4[0]!, segment.v6[0]!].map((block) => addressIn(block, offset))
}

/** A gateway in each further block of a segment that has outgrown its first. */
function furtherBlocks(segment: SegmentAddresses, index: number): InterfaceAddress[] {
  return segment.v4.slice(1).map((block) => addressIn(block, GATEWAY_OFFSET + index))
}

function addressIn(block: Located, offset: number): InterfaceAddress {
  const prefix = prefixOf(block.prefix)
  return { address: `${showIp(nth(prefix, offset))}/${prefix.length}`, why: block.why }
}

/** An interface without the id, which follows from the device and the name. */
type Draft = Interface extends infer I ? (I extends Interface ? Omit<I, 'id'> : never) : never

type DeviceBuilder = ReturnType<typeof deviceBuilder>

/** Collects what a device gets, in whatever order links and segments are gone through. */
function deviceBuilder(id: string, ground: Why) {
  const interfaces = new Map<string, Draft>()
  const vrfs = new Map<string, { readonly number: number; readonly causes: Why[] }>()
  const zoneOf = new Map<string, string>()
  const sessions: Session[] = []
  const carriers: CarrierDefault[] = []
  const gatewayOf: string[] = []
  const trunks = new Map<string, { port: string; segment: SegmentAddresses | undefined; why: Why; description: string }[]>()
  let fabric = false

  const add = (draft: Draft) => void interfaces.set(draft.name, draft)
  const bridge = (name: string, segment: SegmentAddresses): string => {
    const bridgeName = `br${segment.vlan}`
    if (!interfaces.has(bridgeName)) add({ kind: 'bridge', name: bridgeName, description: name, mtu: MTU, addresses: [], why: segment.why })
    return bridgeName
  }
  const subinterface = (
    port: string,
    segment: SegmentAddresses,
    why: Why,
    description: string,
    more: { bridge: string } | { addresses: readonly InterfaceAddress[]; vrf?: string },
  ) =>
    add({
      kind: 'vlan',
      name: `${port}.${segment.vlan}`,
      parent: port,
      vid: segment.vlan,
      description,
      mtu: MTU,
      addresses: [],
      ...more,
      why: [...segment.why, ...why.filter((origin) => !segment.why.includes(origin))],
    })

  return {
    add,
    bridge,
    /** A port that carries a segment tagged into its bridge. */
    member(port: string, name: string, segment: SegmentAddresses | undefined, why: Why, description: string) {
      if (segment) subinterface(port, segment, why, `${name}: ${description}`, { bridge: bridge(name, segment) })
    },
    /** A port that carries a segment tagged to its gateway, here. */
    trunk(name: string, port: string, segment: SegmentAddresses | undefined, why: Why, description: string) {
      trunks.set(name, [...(trunks.get(name) ?? []), { port, segment, why, description: `${name}: ${description}` }])
    },
    gateway(name: string, segment: SegmentAddresses, addresses: readonly InterfaceAddress[], vrf: string | undefined) {
      const of = trunks.get(name) ?? []
      const inVrf = vrf === undefined ? {} : { vrf }
      gatewayOf.push(name)
      const bridged = interfaces.has(`br${segment.vlan}`)
      if (of.length === 1 && !bridged) {
        const [{ port, why, description }] = of as [(typeof of)[0]]
        subinterface(port, segment, why, description, { addresses, ...inVrf })
        zoneOf.set(`${port}.${segment.vlan}`, segment.zone)
        return
      }
      const bridgeName = bridge(name, segment)
      for (const { port, why, description } of of) subinterface(port, segment, why, description, { bridge: bridgeName })
      interfaces.set(bridgeName, { ...interfaces.get(bridgeName)!, addresses, ...inVrf } as Draft)
      zoneOf.set(bridgeName, segment.zone)
    },
    vrf(zone: string, number: number, why: Why) {
      const known = vrfs.get(zone)
      if (known) known.causes.push(why)
      else vrfs.set(zone, { number, causes: [why] })
    },
    zone: (name: string, zone: string) => void zoneOf.set(name, zone),
    session(session: Session) {
      if (session.kind === 'fabric') fabric = true
      sessions.push(session)
    },
    carrier: (carrier: CarrierDefault) => void carriers.push(carrier),
    finish(): Connected {
      const loopback = interfaces.get('lo')?.addresses[0]?.address.split('/')[0]
      const carried = [...vrfs]
        .sort(([, a], [, b]) => a.number - b.number)
        .map(([name, { number, causes }]): Vrf => {
          const vni = fabric && loopback !== undefined ? { vni: zoneVni(number) } : {}
          return { name, table: vrfTable(number), ...vni, why: [...anyOf(ground, causes), ledgerOrigin(id.split('/')[0]!, `zone ${name}`)] }
        })
      for (const { name, vni, why } of carried) {
        if (vni === undefined) continue
        const mtu = FABRIC_MTU - VXLAN_OVERHEAD
        add({ kind: 'bridge', name: `br${vni}`, description: `${name}: routed over EVPN`, mtu, vrf: name, addresses: [], why })
        add({ kind: 'vxlan', name: `vx${vni}`, description: `${name}: routed over EVPN`, mtu, vni, local: loopback!, bridge: `br${vni}`, addresses: [], why })
      }
      const all = [...interfaces.values()].map((draft) => ({ ...draft, id: `${id}/${draft.name}` }) as Interface)
      return { interfaces: all.sort(byInterface), vrfs: carried, zoneOf, sessions, carriers, gatewayOf }
    },
  }
}

const KINDS: readonly Interface['kind'][] = ['loopback', 'physical', 'lag', 'vlan', 'bridge', 'vxlan', 'tunnel']

function byInterface(a: Interface, b: Interface): number {
  return KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || byName(a.name, b.name)
}
