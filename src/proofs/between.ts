/** Whether somebody gets to somebody, with what the way needs: rules of filters and routes of tables; or with all that is in the way. One packet a family, which stands for all of its kind. */
import { type Family, familyOf, parseIp, showIp } from '#base/ip.ts'
import type { Service } from '#model/port.ts'
import { boxOfPoint, type Point } from './engine/boxes/boxes.ts'
import type { NeededRule } from './engine/filter/needed.ts'
import { keyOf } from './engine/filter/walk.ts'
import { PACKETS } from './engine/packet.ts'
import { type Passage, type Source, spread } from './engine/reach/spread.ts'
import { packetsOf } from './intent/flows.ts'
import { endpointOf } from './intent/named.ts'
import { receiversOf } from './intent/receivers.ts'
import { isIn, lossesOf, type Obstacle, roundOf } from './obstacle.ts'
import { showPacket } from './packet-text.ts'
import type { Proof } from './proof.ts'
import { routesTaken, type Taken } from './routes-taken.ts'

/** A filter on the way. */
export interface Gate {
  readonly device: string
  readonly from: string
  /** The ports that the packet goes out by; none where it is for the device itself. */
  readonly to: readonly string[]
  readonly passes: boolean
  /** Those without which it would not pass, with the elements of sets that it is in, in the order in which it meets them; of a filter that drops it the one that does. None where the policy of a chain decides. */
  readonly rules: readonly NeededRule[]
}

/**
 * The way of one packet, and what it needs: of all rules and routes that there are, some with which alone the packet goes by all of these ways, and of which none may be missing. That set is what is left when
 * first all that the packet does not meet is taken out, and then each other one as long as it goes the same ways. So a rule that it merely passes is not among them, and neither is a shorter prefix of the same table:
 * that it might help out is told at the route. Of several equal ways each is needed: without the route of one, what goes there is lost.
 */
export interface Way {
  readonly family: Family
  readonly packet: string
  /** By each of several equal ways. */
  readonly arrives: boolean
  /** Devices in the order in which it comes to them; of several equal ways all. */
  readonly devices: readonly string[]
  readonly gates: readonly Gate[]
  /** At each device the one that it takes there. */
  readonly routes: readonly Taken[]
  /** Where it ends and no filter drops it. Which way it would go from there nobody knows. */
  readonly losses: readonly Obstacle[]
}

/** Who is asked about: a zone, a segment, a service, a device, an address or `internet`. */
export interface Asked {
  readonly from: string
  readonly to: string
  readonly service?: Service
}

/** Filters that are passed over to see what is behind them: more than any way has. */
const MOST_GATES = 16

/** The ways between two, a packet for each family that both have. Undefined, with which of the two, where there is nobody of that name. */
export function waysBetween(proof: Proof, asked: Asked): { readonly ways: readonly Way[] } | { readonly nobody: string } {
  const { from, to } = asked
  const senders = addressesOf(proof, from)
  const receivers = addressesOf(proof, to)
  if (senders.length === 0) return { nobody: from }
  if (receivers.length === 0) return { nobody: to }
  // An address that nobody can have sends nothing.
  if (senders.every((address) => sourcesFrom(proof, address).length === 0)) return { nobody: from }
  const service = serviceOf(proof, asked)
  const ways = ([4, 6] as const).flatMap((family): Way[] => {
    const [source, destination] = [senders, receivers].map((all) => all.find((address) => familyOf(address) === family))
    const sources = source ? sourcesFrom(proof, source) : []
    return source && destination && sources.length > 0 ? [wayOf(proof, family, sources, source, destination, service)] : []
  })
  return { ways }
}

/** What is asked about where nothing is said: what a service listens on first, else a ping. */
export function serviceOf({ intent }: Proof, { to, service }: Asked): Service {
  return service ?? intent.listens(to)[0] ?? { protocol: 'icmp' }
}

function wayOf(proof: Proof, family: Family, from: readonly Source[], source: string, destination: string, service: Service): Way {
  const { world } = proof
  const [a, b] = [source, destination].map((text) => parseIp(text)!.value)
  const [box] = packetsOf(family, [[a!, a!]], [[b!, b!]], [service])
  const point: Point = box!.slice(0, PACKETS[family].words)
  // Where a port is a range, and for fields that say nothing, the lowest stands for all.
  const packet = boxOfPoint(point)
  const sources = from.map((one) => ({ ...one, boxes: [packet] }))
  const open = new Set<string>()
  const gates: Gate[] = []
  for (;;) {
    const found = spread(world, family, sources, { open })
    const met = [...found.passages, ...found.calls]
    // Devices that pass everything on have no rule for it, and are no gates.
    for (const passage of met)
      if (isIn(family, passage.accepted, point)) gates.push(...[gateOf(proof, family, passage, point, true)].filter(({ rules }) => rules.length > 0))
    const closed = met.filter(({ accepted }) => !isIn(family, accepted, point))
    for (const passage of closed) gates.push(gateOf(proof, family, passage, point, false))
    if (closed.length === 0 || open.size >= MOST_GATES) {
      const lost = lossesOf(family, found, point)
      const round = lost.length + found.arrivals.length === 0 ? roundOf(family, found, point) : undefined
      return {
        family,
        packet: showPacket(family, point),
        arrives: gates.every(({ passes }) => passes) && found.arrivals.length > 0 && lost.length === 0,
        devices: [...new Set([...found.stops.keys()].map((stop) => stop.split(/[ #]/)[0]!))],
        gates: distinct(gates),
        routes: routesTaken(world, found.stops.keys(), { family, value: b! }),
        losses: round ? [round] : lost,
      }
    }
    // What is behind a closed gate is seen when it is taken for open.
    for (const { device } of closed) open.add(device)
  }
}

function gateOf({ world }: Proof, family: Family, { device, iif, oif }: Passage, point: Point, passes: boolean): Gate {
  const gate = { device, from: iif.name, to: oif ? [oif.name] : [], passes }
  if (passes) return { ...gate, rules: world.needed(device, family, point, iif, oif) }
  const filter = oif ? world.transit(device, family, iif, oif) : world.arrivals(device, family, iif)
  const rule = filter?.rules.findLast(({ accept, takes }) => !accept && takes(point))
  return { ...gate, rules: rule ? [{ chain: rule.chain, index: rule.index, elements: [] }] : [] }
}

/** Each filter once, and once for all ports that it passes the packet to by the same rules. */
function distinct(gates: readonly Gate[]): readonly Gate[] {
  const found = new Map<string, Gate>()
  for (const gate of gates) {
    const { device, from, to, passes, rules } = gate
    const key = [device, from, passes, to.length, ...rules.map(keyOf)].join(' ')
    const last = found.get(key)
    const merged = last && { ...last, to: [...new Set([...last.to, ...to])], rules: last.rules.map((rule, at) => withElementsOf(rule, rules[at]!)) }
    found.set(key, merged ?? gate)
  }
  return [...found.values()]
}

/** The rule with what another port needs of its sets too. */
function withElementsOf(rule: NeededRule, { elements: others }: NeededRule): NeededRule {
  const isNew = ({ set, index }: NeededRule['elements'][number]) => !rule.elements.some((one) => one.set === set && one.index === index)
  return { ...rule, elements: [...rule.elements, ...others.filter(isNew)] }
}

/** Addresses of who is called that, one of each family first. */
function addressesOf({ design, intent, world }: Proof, name: string): readonly string[] {
  if (parseIp(name)) return [name]
  const endpoint = endpointOf(design, name)
  const spots = endpoint === undefined ? [] : endpoint.kind === 'service' ? intent.target(endpoint) : intent.side(endpoint)
  const found = ([4, 6] as const).flatMap((family) => {
    const [first] = receiversOf(design, world, spots, family)
    return first ? [showIp({ family, value: first.addresses[0] })] : []
  })
  if (found.length > 0) return found
  const ports = [...(world.routed.links.ports.get(name)?.values() ?? [])]
  const own = [...ports.filter((port) => port.name === 'lo'), ...ports.filter(({ vrf }) => vrf !== '')].flatMap(({ addresses }) =>
    addresses.map(({ ip }) => showIp(ip)),
  )
  return ([4, 6] as const).flatMap((family) => own.find((address) => familyOf(address) === family && !address.startsWith('fe80:')) ?? [])
}

/** Where packets from an address begin: at the place of it, or at the device that has it, which sends them itself. */
function sourcesFrom({ places, world }: Proof, address: string): readonly Source[] {
  const ip = parseIp(address)!
  const { family, value } = ip
  const point = packetsOf(family, [[value, value]], [[0n, 0n]], [])[0]!.slice(0, PACKETS[family].words)
  for (const place of places) {
    const own = place.sources(family).filter(({ boxes }) => isIn(family, boxes, point))
    if (own.length > 0) return own
  }
  for (const ports of world.routed.links.ports.values())
    for (const { device, vrf, addresses } of ports.values())
      if (addresses.some(({ ip: own }) => own.family === family && own.value === value)) return [{ device, vrf, boxes: [] }]
  return []
}
