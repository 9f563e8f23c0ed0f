/**
 * What a site standard asks with. Each call notes where it was made and which facts were read for it since the call before; that is the `why` of all that comes of it.
 *
 * Calls return handles (devices, segments, racks) that later calls refer to. A standard asks by name and never picks an address, a port or a rack unit.
 */
import { diagnose, Refusal } from '#base/diagnostic.ts'
import { portSpeed } from '#catalog/port-speed.ts'
import type { CircuitFacts } from '#model/site.ts'
import type {
  Acceptance,
  Announcement,
  Asks,
  Attachment,
  BalancerAsk,
  Call,
  Carries,
  DeviceAsk,
  Exchange,
  FilterAsk,
  LinkAsk,
  ManageAsk,
  PortAsk,
  RackAsk,
  Requirement,
  SegmentAsk,
} from './asks.ts'
import { authoredAt } from './call.ts'
import { originOf, plain, type Reads } from './facts-view.ts'
import { pinOf, refusal, type Standard, unknownZone } from './standard.ts'

/** A device that was asked for. */
export interface DeviceRef {
  readonly device: string
}

/** A segment that was asked for. */
export interface SegmentRef {
  readonly segment: string
}

/** A rack that was asked for. */
export interface RackRef {
  readonly rack: string
}

/** One device or several. */
export type Devices = DeviceRef | readonly DeviceRef[]

/** What a device is to be. */
export interface DeviceOptions {
  /** The role decides the platform, and the device type where none is named. */
  readonly role: string
  readonly model?: string
  /** Its rack; of several, members of a group are spread over them, or all stand in the preferred one. Where a device stands already it stays. */
  readonly rack?: RackRef | readonly RackRef[]
  readonly prefer?: RackRef
  /** The end of the rack from which units are tried; the bottom if not said. */
  readonly from?: 'top' | 'bottom'
  /** Speaks BGP under its own AS number, under one that the whole group shares, or under one that all share who say this name. */
  readonly asn?: 'own' | 'shared' | { readonly shared: string }
  /** Boxes that are one device, a stack; one if not said. */
  readonly members?: number
  readonly zone?: string
  readonly renamedFrom?: string
}

/** What one side of a routed link says and believes; all of it if not said. */
export interface Side {
  readonly announce?: readonly Announcement[]
  readonly accept?: Acceptance
  /** Which of several ways is taken, the highest first; 100 if not said. Routers of a site tell it each other. */
  readonly preference?: number
  /** Preferences that a route keeps on this way, if it has one of them from before. */
  readonly keeps?: readonly number[]
}

/** The asks of a site standard. */
export interface Ask {
  /** A rack or cabinet of so many units. */
  rack(name: string, options: { units: number; room?: string; renamedFrom?: string }): RackRef
  /** One device, named exactly so. */
  device(name: string, options: DeviceOptions): DeviceRef
  /** Several alike: `devices('edge', { count: 2 })` are `edge-a` and `edge-b`. With `active: 'first'` the others stand by, and what they announce is made less attractive. */
  devices(name: string, options: DeviceOptions & { count: number; active?: 'all' | 'first' }): readonly DeviceRef[]
  /** A broadcast domain of a zone with room for so many hosts. Two gateways share its address (VRRP). With `dhcp` they hand out addresses; with `voice` speech goes first, and telephones are told in which
   * `area` of the building they are; `strangers` are told of resolvers outside. */
  segment(
    name: string,
    options: {
      zone: string
      hosts: number
      gateway: Devices
      vrf?: boolean
      dhcp?: boolean
      voice?: boolean
      area?: string
      strangers?: boolean
      renamedFrom?: string
    },
  ): SegmentRef
  /** Addresses of a zone that hosts which route hold one by one: no broadcast domain, no gateway. */
  pool(name: string, options: { zone: string; addresses: number; renamedFrom?: string }): SegmentRef
  /** A routed link between each of `a` and each of `b`, with a BGP session per family. `route(x, x)` joins all members of a group with each other. With `zone`, what comes over it is of that zone for a filter on side `a`. */
  route(a: Devices, b: Devices, options: { speed: number; a?: Side; b?: Side; zone?: string }): void
  /** A routed link of a fabric between each of `a` and each of `b`: everything is exchanged, EVPN too. */
  fabric(a: Devices, b: Devices, options: { speed: number }): void
  /** A link that carries segments tagged. */
  trunk(a: Devices, b: Devices, options: { speed: number; segments: readonly SegmentRef[] }): void
  /** A link from a switch to a host, on one segment. */
  host(host: DeviceRef, on: DeviceRef, options: { speed: number; segment: SegmentRef }): void
  /** A host that routes, dual-homed: a routed hop to each of `to`, in the VRF of the host's zone there. Its address is of `pool`. */
  homed(host: DeviceRef, to: Devices, options: { speed: number; pool: SegmentRef }): void
  /**
   * Ports for what is no device of the design, such as desks and cameras: so many, on a segment, and others tagged (a telephone passes the computer's frames on). With `guard` they refuse
   * what only the network may send, and more broadcast frames a second than that; `authenticated` ones also all of a host that was not let in, where the company says who decides. What is plugged into
   * `wireless` ones are access points, and each tagged segment is a wireless network.
   */
  ports(
    on: DeviceRef,
    name: string,
    options: {
      count: number
      speed: number
      segment: SegmentRef
      tagged?: readonly SegmentRef[]
      guard?: { stormFramesPerSecond: number; authenticated?: boolean }
      wireless?: boolean
    },
  ): void
  /** A link between the members of a pair of filters over which they keep what they know of connections in step. */
  sync(pair: readonly DeviceRef[], options: { speed: number }): void
  /** Devices are run by way of a segment: over their management ports and a switch, if one is named, else with an address on it; without a segment at their loopbacks. */
  manage(devices: Devices, options: { segment?: SegmentRef; on?: DeviceRef }): void
  /** These devices balance the services that ask for it; service addresses come from `pool`. */
  balance(devices: Devices, options: { pool: SegmentRef }): void
  /** A routed hop in each zone's VRF on side `a`, in the open on side `b`: how zones meet at a firewall. */
  handoff(a: Devices, b: Devices, options: { speed: number; zones: readonly string[] }): void
  /** A stateful filter, default deny, between the zones that meet on these devices. */
  filter(devices: Devices): void
  /** Exports a point where company standards may attach. */
  attach(name: string, options: { devices: Devices; circuits?: readonly CircuitFacts[]; hub?: boolean; seats?: number }): void
  /**
   * Insists on something that a company may waive for a site, by this name. `reason` says what is wrong and the nearest thing that works, in numbers; `about` is the fact in question.
   */
  require(name: string, met: boolean, reason: string, about?: unknown): void
  /** Refuses facts that the standard can't build, with a reason in numbers; `about` is the fact in question, if it is a list or a mapping. */
  refuse(reason: string, about?: unknown): never
}

/** bit/s of management ports. */
const MANAGEMENT_SPEED = 1e9

/** A label of a host name (RFC 1123 §2.1), in lower case. */
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/

/** Collects the asks of one run of a standard for a site. */
export function siteAsking(
  { site, location }: { readonly site: string; readonly location: readonly [number, number] | undefined },
  by: Standard,
  zones: ReadonlySet<string>,
  reads: Reads,
): { ask: Ask; asks: Asks; calls: Call[] } {
  const racks: RackAsk[] = []
  const devices: DeviceAsk[] = []
  const links: LinkAsk[] = []
  const ports: PortAsk[] = []
  const segments: SegmentAsk[] = []
  const filters: FilterAsk[] = []
  const balancers: BalancerAsk[] = []
  const managed: ManageAsk[] = []
  const requirements: Requirement[] = []
  const attachments: Attachment[] = []
  const calls: Call[] = []
  const taken = new Map<string, string>()

  /** Notes a call and returns its origin. Two calls for the same thing are an error that names both. */
  function note(below: unknown, kind: string, name: string): string {
    const origin = `ask ${site} ${kind} ${name}`
    const places = authoredAt(below)
    const before = calls.find((call) => call.origin === origin)
    if (before) {
      throw new Refusal([
        diagnose(
          'duplicate-ask',
          { what: `${kind} "${name}"`, site, standard: pinOf(by) },
          { place: places[0], notes: [{ message: 'asked for first here', place: before.places[0] }] },
        ),
      ])
    }
    calls.push({ origin, standard: pinOf(by), places, facts: reads.take() })
    return origin
  }

  /** Names become labels of host names. */
  function named(below: unknown, kind: string, name: string): void {
    if (LABEL.test(name)) return
    throw new Refusal([diagnose('bad-ask-name', { standard: pinOf(by), kind, site, name }, { place: authoredAt(below)[0], value: name })])
  }

  /** Devices, segments and racks of a site share one space of names, because their ids do. */
  function claim(below: unknown, kind: string, name: string): void {
    named(below, kind, name)
    const other = taken.get(name)
    if (other) throw new Refusal([diagnose('duplicate-name', { name, kind, other, site }, { place: authoredAt(below)[0] })])
    taken.set(name, kind)
  }

  function whole(below: unknown, what: string, value: number): number {
    if (Number.isSafeInteger(value) && value >= 0) return value
    throw new Refusal([diagnose('bad-number', { what, site, standard: pinOf(by) }, { place: authoredAt(below)[0], value: String(value) })])
  }

  function zoneOf(below: unknown, name: string): string {
    const zone = by.zoneNames[name] ?? name
    if (zones.has(zone)) return zone
    throw new Refusal([unknownZone(by, name, zones, authoredAt(below)[0])])
  }

  function addDevice(name: string, options: DeviceOptions, group: string, standby: boolean, below: unknown, why: string): DeviceRef {
    claim(below, 'device', name)
    devices.push({
      name,
      role: options.role,
      ...(options.model === undefined ? {} : { model: options.model }),
      ...(options.rack
        ? {
            rack: {
              among: [options.rack].flat().map((ref) => ref.rack),
              ...(options.prefer ? { prefer: options.prefer.rack } : {}),
              from: options.from ?? 'bottom',
            },
          }
        : {}),
      group,
      ...(options.asn ? { asn: options.asn === 'own' ? name : options.asn === 'shared' ? group : options.asn.shared } : {}),
      members: options.members ?? 1,
      standby,
      ...(options.zone === undefined ? {} : { zone: zoneOf(below, options.zone) }),
      ...(options.renamedFrom === undefined ? {} : { renamedFrom: options.renamedFrom }),
      why: [why],
    })
    return { device: name }
  }

  function addLinks(a: Devices, b: Devices, speed: number, carries: Carries, why: string): void {
    const others = list(b)
    for (const [i, left] of list(a).entries()) {
      for (const [j, right] of others.entries()) {
        if (a === b && j <= i) continue
        links.push({
          name: `${left.device}~${right.device}${carries.kind === 'sync' ? '-sync' : ''}`,
          a: { site, among: [left.device] },
          b: { site, among: [right.device] },
          speed: portSpeed(speed),
          carries,
          why: [why],
        })
      }
    }
  }

  const ask: Ask = {
    rack(name, options) {
      claim(ask.rack, 'rack', name)
      const { units, room, renamedFrom } = options
      racks.push({
        name,
        units: whole(ask.rack, 'units', units),
        ...(room === undefined ? {} : { room }),
        ...(renamedFrom === undefined ? {} : { renamedFrom }),
        why: [note(ask.rack, 'rack', name)],
      })
      return { rack: name }
    },
    device(name, options) {
      return addDevice(name, options, name, false, ask.device, note(ask.device, 'device', name))
    },
    devices(name, options) {
      const why = note(ask.devices, 'devices', name)
      return Array.from({ length: whole(ask.devices, 'count', options.count) }, (_, index) => {
        const renamed = options.renamedFrom === undefined ? {} : { renamedFrom: `${options.renamedFrom}-${letters(index)}` }
        return addDevice(`${name}-${letters(index)}`, { ...options, ...renamed }, name, options.active === 'first' && index > 0, ask.devices, why)
      })
    },
    segment(name, options) {
      claim(ask.segment, 'segment', name)
      segments.push({
        name,
        zone: zoneOf(ask.segment, options.zone),
        hosts: whole(ask.segment, 'hosts', options.hosts),
        gateways: list(options.gateway).map((ref) => ref.device),
        vrf: options.vrf ?? false,
        dhcp: options.dhcp ?? false,
        voice: options.voice ?? false,
        ...(options.area === undefined ? {} : { area: options.area }),
        strangers: options.strangers ?? false,
        pool: false,
        ...(options.renamedFrom === undefined ? {} : { renamedFrom: options.renamedFrom }),
        why: [note(ask.segment, 'segment', name)],
      })
      return { segment: name }
    },
    pool(name, options) {
      claim(ask.pool, 'segment', name)
      segments.push({
        name,
        zone: zoneOf(ask.pool, options.zone),
        hosts: whole(ask.pool, 'addresses', options.addresses),
        gateways: [],
        vrf: true,
        dhcp: false,
        voice: false,
        strangers: false,
        pool: true,
        ...(options.renamedFrom === undefined ? {} : { renamedFrom: options.renamedFrom }),
        why: [note(ask.pool, 'segment', name)],
      })
      return { segment: name }
    },
    route(a, b, options) {
      addLinks(
        a,
        b,
        options.speed,
        { kind: 'route', a: exchange(options.a), b: exchange(options.b), ...(options.zone === undefined ? {} : { zone: zoneOf(ask.route, options.zone) }) },
        note(ask.route, 'route', pair(a, b)),
      )
    },
    fabric(a, b, options) {
      addLinks(a, b, options.speed, { kind: 'fabric' }, note(ask.fabric, 'fabric', pair(a, b)))
    },
    trunk(a, b, options) {
      addLinks(a, b, options.speed, { kind: 'trunk', segments: options.segments.map((ref) => ref.segment) }, note(ask.trunk, 'trunk', pair(a, b)))
    },
    host(host, on, options) {
      addLinks(on, host, options.speed, { kind: 'access', segment: options.segment.segment }, note(ask.host, 'host', host.device))
    },
    homed(host, to, options) {
      const pool = options.pool.segment
      const zone = segments.find(({ name }) => name === pool)?.zone ?? ''
      addLinks(to, host, options.speed, { kind: 'homed', zone, pool }, note(ask.homed, 'host', host.device))
    },
    ports(on, name, options) {
      named(ask.ports, 'ports', name)
      ports.push({
        device: on.device,
        name,
        count: whole(ask.ports, 'count', options.count),
        speed: options.speed,
        untagged: options.segment.segment,
        tagged: (options.tagged ?? []).map((ref) => ref.segment),
        ...(options.guard ? { guard: options.guard } : {}),
        wireless: options.wireless ?? false,
        why: [note(ask.ports, 'ports', `${on.device}/${name}`)],
      })
    },
    sync(pairOf, options) {
      addLinks(pairOf, pairOf, options.speed, { kind: 'sync' }, note(ask.sync, 'sync', pair(pairOf, pairOf)))
    },
    manage(on, { segment, on: by }) {
      for (const { device } of list(on)) {
        const why = [note(ask.manage, 'management', device)]
        managed.push({ device, ...(segment ? { segment: segment.segment } : {}), why })
        if (!segment || !by) continue
        const name = `${by.device}~${device}-management`
        links.push({
          name,
          a: { site, among: [by.device] },
          b: { site, among: [device] },
          speed: MANAGEMENT_SPEED,
          carries: { kind: 'management', ...segment },
          why,
        })
      }
    },
    balance(on, options) {
      const names = list(on).map((ref) => ref.device)
      balancers.push({ devices: names, pool: options.pool.segment, why: [note(ask.balance, 'balance', names.join('+'))] })
    },
    handoff(a, b, options) {
      const zonesHere = options.zones.map((name) => zoneOf(ask.handoff, name))
      addLinks(a, b, options.speed, { kind: 'handoff', zones: zonesHere }, note(ask.handoff, 'handoff', pair(a, b)))
    },
    filter(on) {
      const names = list(on).map((ref) => ref.device)
      filters.push({ devices: names, why: [note(ask.filter, 'filter', names.join('+'))] })
    },
    attach(name, options) {
      named(ask.attach, 'attachment point', name)
      attachments.push({
        name,
        site,
        kind: by.kind,
        devices: list(options.devices).map((ref) => ref.device),
        circuits: (options.circuits ?? []).map(plain),
        hub: options.hub ?? false,
        seats: options.seats ?? 0,
        ...(location ? { location: plain(location) } : {}),
        why: [note(ask.attach, 'attach', name)],
      })
    },
    require(name, met, reason, about) {
      named(ask.require, 'requirement', name)
      const fact = originOf(about)
      requirements.push({ name, met, reason, ...(fact === undefined ? {} : { fact }), why: [note(ask.require, 'requirement', name)] })
    },
    refuse(reason, about) {
      throw new Refusal([refusal(by, reason, originOf(about) ?? reads.take()[0], authoredAt(ask.refuse)[0])])
    },
  }
  return { ask, asks: { racks, devices, links, ports, segments, filters, balancers, managed, attachments, requirements }, calls }
}

function list(devices: Devices): readonly DeviceRef[] {
  return 'device' in devices ? [devices] : devices
}

/** The name of a link ask: the groups it joins, by their first members. */
function pair(a: Devices, b: Devices): string {
  return `${list(a)[0]?.device ?? 'nothing'}~${list(b)[0]?.device ?? 'nothing'}`
}

/** Everything is said and believed where nothing is restricted. */
export function exchange(side: Side = {}): Exchange {
  const { announce = ['all'], accept = 'all', preference, keeps } = side
  return { announce, accept, ...(preference === undefined ? {} : { preference }), ...(keeps === undefined ? {} : { keeps }) }
}

/** a … z, aa, ab, … */
function letters(index: number): string {
  return (index >= 26 ? letters(Math.floor(index / 26) - 1) : '') + String.fromCharCode(97 + (index % 26))
}
