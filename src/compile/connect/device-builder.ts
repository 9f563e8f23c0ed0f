/** Puts one device together from the ends of links and the segments that concern it, in whatever order they are gone through. */
import { byName } from '#base/order.ts'
import { anyOf, type Why } from '#base/place.ts'
import type { Vrf } from '#design/device.ts'
import type { Interface, InterfaceAddress } from '#design/interface.ts'
import type { SegmentAddresses } from '../address/address-site.ts'
import { vrfTable, zoneVni } from '../address/plan.ts'
import { ledgerOrigin } from '../holdings.ts'
import type { CarrierDefault, Connected, InternetLink, ManagementPort, Session, SyncLink, TunnelEnd } from './connected.ts'

/** Bytes of IP packet on links that nothing else is said of (IEEE 802.3 §3.2.7). */
export const MTU = 1500

/** Bytes of IP packet on fabric links: what leaf and spine silicon commonly takes. */
export const FABRIC_MTU = 9216

/** Bytes of IP packet in a WireGuard tunnel: 80 less than outside, for IPv6 40 + UDP 8 + WireGuard 32 (https://www.wireguard.com/protocol/), which suits IPv4 too. */
export const TUNNEL_MTU = MTU - 80

/** Bytes that VXLAN adds over IPv4: 14 inner Ethernet + 8 VXLAN + 8 UDP + 20 IPv4 (RFC 7348 §5). */
const VXLAN_OVERHEAD = 50

/** An interface without the id, which follows from the device and the name. */
type Draft = Interface extends infer I ? (I extends Interface ? Omit<I, 'id'> : never) : never

/** Collects what a device gets; `finish` makes the device of it. */
export type DeviceBuilder = ReturnType<typeof deviceBuilder>

/** A builder for the device `id`; `ground` is why the device is there at all. */
export function deviceBuilder(id: string, ground: Why) {
  const interfaces = new Map<string, Draft>()
  const vrfs = new Map<string, { readonly number: number; readonly carried: boolean; readonly causes: Why[] }>()
  const zoneOf = new Map<string, string>()
  const sessions: Session[] = []
  const carriers: CarrierDefault[] = []
  const internet: InternetLink[] = []
  const tunnels: TunnelEnd[] = []
  const gateways = new Map<string, string>()
  let sync: SyncLink | undefined
  let management: ManagementPort | undefined
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
    more: { bridge: string } | ({ addresses: readonly InterfaceAddress[] } & Pick<Interface, 'vrf' | 'advertises'>),
  ) =>
    add({
      kind: 'vlan',
      name: `${port}.${segment.vlan}`,
      parent: port,
      vid: segment.vlan!,
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
    gateway(name: string, segment: SegmentAddresses, addresses: readonly InterfaceAddress[], more: Pick<Interface, 'vrf' | 'advertises'>) {
      const of = trunks.get(name) ?? []
      const bridged = interfaces.has(`br${segment.vlan}`)
      if (of.length === 1 && !bridged) {
        const [{ port, why, description }] = of as [(typeof of)[0]]
        subinterface(port, segment, why, description, { addresses, ...more })
        zoneOf.set(`${port}.${segment.vlan}`, segment.zone)
        gateways.set(name, `${port}.${segment.vlan}`)
        return
      }
      const bridgeName = bridge(name, segment)
      for (const { port, why, description } of of) subinterface(port, segment, why, description, { bridge: bridgeName })
      interfaces.set(bridgeName, { ...interfaces.get(bridgeName)!, addresses, ...more } as Draft)
      zoneOf.set(bridgeName, segment.zone)
      gateways.set(name, bridgeName)
    },
    /** A VRF of a zone, which a fabric carries unless it is of this device alone. */
    vrf(zone: string, number: number, why: Why, carried = true) {
      const known = vrfs.get(zone)
      if (known) known.causes.push(why)
      else vrfs.set(zone, { number, carried, causes: [why] })
    },
    /** Gives a bridge, which the device has anyway, an address of its own. */
    address(name: string, addresses: readonly InterfaceAddress[]) {
      const on = interfaces.get(name)
      if (on) interfaces.set(name, { ...on, addresses: [...on.addresses, ...addresses] } as Draft)
    },
    management(port: ManagementPort) {
      management = port
    },
    gatewayOn: (segment: string) => gateways.get(segment),
    interface: (name: string) => interfaces.get(name),
    zone: (name: string, zone: string) => void zoneOf.set(name, zone),
    session(session: Session) {
      if (session.kind === 'fabric') fabric = true
      sessions.push(session)
    },
    carrier: (carrier: CarrierDefault) => void carriers.push(carrier),
    internet: (link: InternetLink) => void internet.push(link),
    tunnel: (end: TunnelEnd) => void tunnels.push(end),
    sync(link: SyncLink) {
      sync = link
    },
    finish(): Connected {
      const loopback = interfaces.get('lo')?.addresses[0]?.address.split('/')[0]
      const carried = [...vrfs]
        .sort(([, a], [, b]) => a.number - b.number)
        .map(([name, { number, carried, causes }]): Vrf => {
          const vni = carried && fabric && loopback !== undefined ? { vni: zoneVni(number) } : {}
          return { name, table: vrfTable(number), ...vni, why: [...anyOf(ground, causes), ledgerOrigin(id.split('/')[0]!, `zone ${name}`)] }
        })
      for (const { name, vni, why: asked } of carried) {
        if (vni === undefined) continue
        const why = [...new Set([...asked, ...interfaces.get('lo')!.why])]
        const mtu = FABRIC_MTU - VXLAN_OVERHEAD
        const mac = routerMac(loopback!)
        add({ kind: 'bridge', name: `br${vni}`, description: `${name}: routed over EVPN`, mtu, mac, vrf: name, addresses: [], why })
        add({ kind: 'vxlan', name: `vx${vni}`, description: `${name}: routed over EVPN`, mtu, vni, local: loopback!, bridge: `br${vni}`, addresses: [], why })
      }
      const all = [...interfaces.values()].map((draft) => ({ ...draft, id: `${id}/${draft.name}` }) as Interface)
      return {
        interfaces: all.sort(byInterface),
        vrfs: carried,
        zoneOf,
        sessions,
        carriers,
        internet,
        tunnels,
        ...(sync ? { sync } : {}),
        ...(management ? { management } : {}),
        gateways,
      }
    },
  }
}

/**
 * The router MAC of a tunnel end (RFC 9135 §4.1): locally administered (IEEE 802 §8.4), made of its IPv4 address, so that it is the device's own and outlives a boot. One that the kernel throws
 * dice for makes every other leaf learn the device anew each time it starts.
 */
function routerMac(loopback: string): string {
  return `02:00:${loopback
    .split('.')
    .map((part) => Number(part).toString(16).padStart(2, '0'))
    .join(':')}`
}

const KINDS: readonly Interface['kind'][] = ['loopback', 'physical', 'lag', 'vlan', 'bridge', 'vxlan', 'tunnel', 'wireguard']

function byInterface(a: Interface, b: Interface): number {
  return KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || byName(a.name, b.name)
}
