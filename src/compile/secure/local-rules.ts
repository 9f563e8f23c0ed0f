/** What a device itself accepts: what it needs of its neighbours and of those whom it serves, each from where it comes and on the interface where it does. */
import { addressPart } from '#base/ip.ts'
import type { Origin, Why } from '#base/place.ts'
import type { LocalRule } from '#design/filter.ts'
import { BFD, BGP, DHCP, LEASE_SYNC, SNMP, SSH, STATE_SYNC, VXLAN } from '#design/ports.ts'
import { INFRASTRUCTURE } from '../company.ts'
import { sharesGateway } from '../connect/connect-site.ts'
import { type Connected, OUTSIDE, PEER } from '../connect/connected.ts'
import type { Parts } from './secure-site.ts'

const ANYONE = 'any'

/** Who runs devices: the zone that they are run in, and addresses of those who log in and who watch. */
export interface Operators {
  readonly zone: string
  readonly bastions: readonly Operator[]
  readonly monitors: readonly Operator[]
}

/** An address from which devices are run, and why it is that one. */
interface Operator {
  readonly address: string
  readonly why: Why
}

/** The rules of one device. */
export function localRules({ wanted, addressed }: Omit<Parts, 'placed' | 'connected'>, device: string, at: Connected, operators: Operators): LocalRule[] {
  const rule = (name: string, from: string, service: LocalRule['service'], why: Why): LocalRule => ({ interface: name, from, service, why })
  const routing = at.sessions.flatMap((session) =>
    [session.remote.v4, session.remote.v6].flatMap((address) => {
      if (address === undefined) return []
      const from = addressPart(address)
      const watched = session.kind === 'carrier' ? [] : [rule(session.interface, from, BFD, session.why)]
      return [rule(session.interface, from, BGP, session.why), ...watched]
    }),
  )
  const own = addressed.zones.get(INFRASTRUCTURE)
  // Who ends no tunnels, a spine, is told nothing in them.
  const endsTunnels = at.vrfs.some(({ vni }) => vni !== undefined)
  const fabric = new Map(at.sessions.filter(({ kind }) => endsTunnels && kind === 'fabric').map((session) => [session.interface, session.why]))
  const tunnelled = [...fabric].flatMap(([name, why]) => (own?.v4 ?? []).map(({ prefix }) => rule(name, prefix, VXLAN, why)))

  const segments = wanted.asks.segments.filter(({ name, gateways }) => gateways.includes(device) && at.gateways.has(name))
  const firstHops = segments.flatMap((ask) => {
    const on = at.gateways.get(ask.name)!
    const { why } = addressed.segments.get(ask.name)!
    return [
      ...(sharesGateway(ask) ? [rule(on, ANYONE, { protocol: 'vrrp' }, why)] : []),
      ...(ask.dhcp ? [rule(on, ANYONE, DHCP.v4, why), rule(on, ANYONE, DHCP.v6, why)] : []),
    ]
  })
  const { sync } = at
  const pair = sync ? [STATE_SYNC, LEASE_SYNC.v4, LEASE_SYNC.v6].map((service) => rule(sync.interface, sync.remote.v4, service, sync.why)) : []
  const tunnels = at.tunnels.flatMap(({ circuit, udp, from, why }) => {
    const on = at.internet.find((link) => link.circuit === circuit)
    const froms = from.length > 0 ? from : [ANYONE]
    return on ? froms.map((address) => rule(on.interface, address, { protocol: 'udp', ports: [udp, udp] }, why)) : []
  })
  return [...routing, ...tunnelled, ...firstHops, ...pair, ...tunnels, ...managing(at, addressed, operators)]
}

/** Log-in and monitoring, where the device is run: on its management port, else wherever those who run it come in. From a management port of the same segment too, for when all else is down. */
function managing({ management, zoneOf, sessions }: Connected, addressed: Parts['addressed'], { zone, bastions, monitors }: Operators): LocalRule[] {
  if (!management) return []
  const { interface: name, vrf, why } = management
  const beyond = zoneOf.size > 0 ? [...zoneOf].filter(([, of]) => of === OUTSIDE || of === PEER || of === zone) : []
  const inBand = [...new Set([...beyond.map(([on]) => on), ...sessions.map((session) => session.interface)])]
  const interfaces = vrf === undefined ? [...new Set([...(name === 'lo' ? [] : [name]), ...inBand])] : [name]
  const near = vrf === undefined ? [] : [...(addressed.zones.get(zone)?.v4 ?? []), ...(addressed.zones.get(zone)?.v6 ?? [])]
  const because = (...more: readonly Origin[]): Why => [...new Set([...why, ...more])]
  const operated = (by: readonly Operator[], service: LocalRule['service']) =>
    by.map(({ address, why: own }) => ({ from: address, service, why: because('company baseline', ...own) }))
  const rules = [
    ...operated(bastions, SSH),
    ...near.map(({ prefix, why: own }) => ({ from: prefix, service: SSH, why: because(...own) })),
    ...operated(monitors, SNMP),
  ]
  return interfaces.flatMap((on) => rules.map((rule): LocalRule => ({ interface: on, ...rule })))
}
