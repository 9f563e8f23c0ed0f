/**
 * The pass cable: which device, of those that would do, ends a link; which port of it; and what medium joins the two. A link between two sites is cabled at each of
 * them on its own, from its own ledger.
 */

import { type Diagnostic, diagnose } from '#base/diagnostic.ts'
import type { Origin, Why } from '#base/place.ts'
import { showBandwidth } from '#base/units.ts'
import { chooseMedium, type Medium } from '#catalog/cable.ts'
import type { Port } from '#catalog/device-type.ts'
import { allocateNumbers } from '#ledger/allocate-numbers.ts'
import { allocatePorts } from '#ledger/allocate-ports.ts'
import { type ChoiceWant, choose } from '#ledger/choose.ts'
import type { Entry } from '#ledger/ledger.ts'
import type { End, LinkAsk, PortAsk } from '#standards/authoring/asks.ts'
import { type Site, stateOf } from '../company.ts'
import { type ClaimedEntry, explain, type Held, ledgerOrigin } from '../holdings.ts'
import type { Wanted } from '../join.ts'
import type { Placed, PlacedDevice } from '../place/place-site.ts'

/** One end of a link, plugged in. */
export interface Plug {
  readonly site: string
  readonly device: string
  readonly port: string
  /** For the end of a tunnel, whose port is an interface made for it. */
  readonly tunnel?: { readonly udp: number; readonly publicKey: string }
  readonly why: Why
}

/** A link with its ends at this site plugged in. The end at another site is that site's affair. */
export interface Wire {
  /** `site/name`, the site being the one that asked. */
  readonly id: string
  readonly owner: string
  readonly ask: LinkAsk
  readonly a?: Plug
  readonly b?: Plug
  /** bit/s that it runs at: what the slower port can. */
  readonly speed: number
  /** What joins the ports; absent where the other port is not ours, or where it is not known. */
  readonly medium?: Medium
}

/** Ports that are set up without a link. */
export interface DeskPort {
  readonly device: string
  /** What it is for: `desk`, `camera`. */
  readonly name: string
  readonly port: string
  readonly speed: number
  readonly untagged: string
  readonly tagged: readonly string[]
  readonly guard?: PortAsk['guard']
  readonly wireless: boolean
  readonly why: Why
}

/** The cabling of a site. */
export interface Cabled {
  readonly wires: readonly Wire[]
  readonly desks: readonly DeskPort[]
  readonly claims: readonly ClaimedEntry[]
  readonly diagnostics: readonly Diagnostic[]
}

/** A port wanted: on which device, by which key, of which speed. */
interface Demand {
  readonly device: string
  readonly key: string
  readonly speed: number
  /** A port that is for managing the device, if it has one that its operating system knows. */
  readonly management?: boolean
  readonly why: Why
}

/** Cables the links of a site. */
export function cableSite(site: Site, { wanted, placed, held }: { readonly wanted: Wanted; readonly placed: Placed; readonly held: Held }): Cabled {
  const diagnostics: Diagnostic[] = []
  const claims: ClaimedEntry[] = []
  const state = stateOf(site.facts.status)

  const deviceOf = chooseEnds(site, wanted, held)
  const deviceAt = (owner: string, link: LinkAsk, end: End): string =>
    end.among.length === 1 ? end.among[0]! : deviceOf.get(chooseKey(site, owner, link, end))!
  const demands: Demand[] = []
  const tunnels = tunnelEnds(site, wanted, held, deviceAt, diagnostics)
  for (const [key, { udp }] of tunnels) claims.push({ key, value: String(udp), state })
  for (const { device, publicKey } of tunnels.values()) claims.push({ key: `key ${device}`, value: publicKey, state })
  for (const { owner, link } of wanted.links) {
    if (link.carries.kind === 'tunnel') continue
    for (const end of [link.a, link.b]) {
      if (end?.site !== site.name) continue
      const device = deviceAt(owner, link, end)
      const management = link.carries.kind === 'management' && end === link.b
      demands.push({ device, key: portKey(site, device, owner, link), speed: link.speed, management, why: link.why })
    }
  }
  for (const port of wanted.asks.ports) {
    for (let n = 1; n <= port.count; n++) demands.push({ device: port.device, key: `port ${port.device} ${port.name} ${n}`, speed: port.speed, why: port.why })
  }

  const { portOf, chosen } = assignPorts(site, placed, demands, held, diagnostics)
  const plug = (end: End | undefined, owner: string, link: LinkAsk): Plug | undefined => {
    if (end?.site !== site.name) return undefined
    if (link.carries.kind === 'tunnel') {
      const key = tunnelKey(site, owner, link)
      const found = tunnels.get(key)
      if (!found) return undefined
      const { device, ...tunnel } = found
      return {
        site: site.name,
        device,
        port: `wg${tunnel.udp}`,
        tunnel,
        why: [...link.why, ledgerOrigin(site.name, key), ledgerOrigin(site.name, `key ${device}`)],
      }
    }
    const device = deviceAt(owner, link, end)
    const key = portKey(site, device, owner, link)
    const port = portOf.get(key)
    return port && { site: site.name, device, port: port.name, why: [...link.why, ...(chosen.has(key) ? [ledgerOrigin(site.name, key)] : [])] }
  }
  // Where ports run out, links take any that is left, and that no cable fits there is no other mistake.
  const enough = diagnostics.length === 0
  /** The first link of an ask, since the others lack the same. */
  const noMedium = new Map<Origin, Diagnostic>()
  const wires = wanted.links.map(({ owner, link }): Wire => {
    const a = plug(link.a, owner, link)
    const b = plug(link.b, owner, link)
    const { speed } = link
    const medium = a && b && link.carries.kind !== 'tunnel' ? mediumOf(placed, a, b, speed) : undefined
    if (a && b && !medium && enough && link.carries.kind !== 'tunnel' && !noMedium.has(link.why[0]!)) {
      const words = { a: `${a.device} ${a.port}`, b: `${b.device} ${b.port}`, speed: showBandwidth(speed), site: site.name }
      noMedium.set(link.why[0]!, diagnose('no-medium', words, { origin: link.why[0] }))
    }
    return { id: `${owner}/${link.name}`, owner, ask: link, ...(a ? { a } : {}), ...(b ? { b } : {}), speed, ...(medium ? { medium } : {}) }
  })
  const desks = wanted.asks.ports.flatMap((ask) =>
    Array.from({ length: ask.count }, (_, index): DeskPort[] => {
      const key = `port ${ask.device} ${ask.name} ${index + 1}`
      const port = portOf.get(key)
      return port
        ? [
            {
              device: ask.device,
              name: ask.name,
              port: port.name,
              speed: ask.speed,
              untagged: ask.untagged,
              tagged: ask.tagged,
              ...(ask.guard ? { guard: ask.guard } : {}),
              wireless: ask.wireless,
              why: [...ask.why, ledgerOrigin(site.name, key)],
            },
          ]
        : []
    }).flat(),
  )
  for (const [key, port] of portOf) claims.push({ key, value: port.name, state })
  diagnostics.push(...noMedium.values())
  return { wires, desks, claims, diagnostics }
}

/** UDP ports of tunnels: WireGuard's usual one and those above it, one a tunnel. */
const TUNNEL_PORTS = { first: 51_820, last: 52_819 } as const

/**
 * The ends of tunnels here: on the device that holds the circuit that they run over, on a UDP port of their own. The public key of a device is a line of the ledger, since the private one is made
 * elsewhere.
 */
function tunnelEnds(
  site: Site,
  wanted: Wanted,
  held: Held,
  deviceAt: (owner: string, link: LinkAsk, end: End) => string,
  diagnostics: Diagnostic[],
): ReadonlyMap<string, { readonly device: string; readonly udp: number; readonly publicKey: string }> {
  const circuits = new Map(wanted.links.filter(({ owner }) => owner === site.name).map(({ link }) => [link.name, link]))
  const keys = new Map(held('key').map((entry) => [entry.key, entry.value]))
  const missing = new Map<string, Origin | undefined>()
  const ends = wanted.links.flatMap(({ owner, link }) => {
    const { carries } = link
    if (carries.kind !== 'tunnel') return []
    const circuit = circuits.get(link.a.site === site.name ? carries.over.a.id : carries.over.b.id)
    if (!circuit) return []
    const device = deviceAt(site.name, circuit, circuit.a)
    const publicKey = keys.get(`key ${device}`)
    if (publicKey === undefined) missing.set(device, missing.get(device) ?? link.why[0])
    return [{ key: tunnelKey(site, owner, link), device, publicKey: publicKey ?? '', origin: link.why[0] }]
  })
  for (const [device, origin] of missing)
    diagnostics.push(diagnose('no-public-key', { device: `${site.name}/${device}` }, { origin, value: `${site.name}/${device}` }))
  const state = stateOf(site.facts.status)
  const { numberOf, problems } = allocateNumbers({ held: held('tunnel'), wants: ends.map(({ key }) => ({ key, state })), range: TUNNEL_PORTS })
  const originOf = new Map(ends.map(({ key, origin }) => [key, origin]))
  const pool = `the UDP ports for tunnels at ${site.name} (${TUNNEL_PORTS.first}–${TUNNEL_PORTS.last})`
  diagnostics.push(...explain(problems, site.name, 'UDP port', pool, (key) => originOf.get(key)))
  return new Map(ends.flatMap(({ key, device, publicKey }) => (numberOf.has(key) ? [[key, { device, udp: numberOf.get(key)!, publicKey }]] : [])))
}

function tunnelKey(site: Site, owner: string, link: LinkAsk): string {
  return `tunnel ${owner === site.name ? link.name : `${owner}/${link.name}`}`
}

/** The key of a port: the device, and the link that is plugged in. Inside a site links go by their own name, beyond it by that of the site too. */
function portKey(site: Site, device: string, owner: string, link: LinkAsk): string {
  return `port ${device} ${owner === site.name ? link.name : `${owner}/${link.name}`}`
}

function chooseKey(site: Site, owner: string, link: LinkAsk, end: End): string {
  return `end ${owner === site.name ? link.name : `${owner}/${link.name}`} ${end === link.a ? 'a' : 'b'}`
}

/** For each link end that several devices could take, one of them: where the ledger has a port for it, else one that no end has from which it is to be apart, else one of those that have the fewest circuits of its kind. */
function chooseEnds(site: Site, wanted: Wanted, held: Held): ReadonlyMap<string, string> {
  const ports = new Set(held('port').map((entry) => entry.key))
  const ends: Entry[] = []
  const groups = new Map<string, ChoiceWant[]>()
  const state = stateOf(site.facts.status)
  for (const { owner, link } of wanted.links) {
    if (link.carries.kind === 'tunnel') continue
    for (const end of [link.a, link.b]) {
      if (end?.site !== site.name || end.among.length < 2) continue
      const { among, prefer, apart } = end
      const group = [link.circuit?.kind, ...among].join(' ')
      const key = chooseKey(site, owner, link, end)
      const device = among.find((one) => ports.has(portKey(site, one, owner, link)))
      if (device !== undefined) ends.push({ key, value: device, state })
      const want = { key, state, among, ...(prefer === undefined ? {} : { prefer }), ...(apart === undefined ? {} : { apart }) }
      const wants = groups.get(group)
      if (wants) wants.push(want)
      else groups.set(group, [want])
    }
  }
  return new Map([...groups.values()].flatMap((wants) => [...choose({ held: ends, wants }).memberOf]))
}

/** The port of each demand; and which of them were chosen: where one port alone will do, the ledger has decided nothing. */
function assignPorts(
  site: Site,
  placed: Placed,
  demands: readonly Demand[],
  held: Held,
  diagnostics: Diagnostic[],
): { readonly portOf: ReadonlyMap<string, Port>; readonly chosen: ReadonlySet<string> } {
  const state = stateOf(site.facts.status)
  const byDevice = new Map<string, Demand[]>()
  for (const demand of demands) {
    const list = byDevice.get(demand.device)
    if (list) list.push(demand)
    else byDevice.set(demand.device, [demand])
  }
  const portOf = new Map<string, Port>()
  const chosen = new Set<string>()
  for (const [name, wanted] of byDevice) {
    const device = placed.devices.get(name)
    if (!device) continue
    const candidatesOf = portsBySpeed(device)
    const wants = wanted.map(({ key, speed, management }) => ({ key, state, candidates: candidatesOf(speed, management) }))
    const { portOf: found, problems } = allocatePorts({ held: held('port', name), wants })
    const whyOf = new Map(wanted.map((demand) => [demand.key, demand]))
    const ports = new Map(device.type.ports.map((port) => [port.name, port]))
    for (const { key, candidates } of wants) if (candidates.length > 1) chosen.add(key)
    for (const [key, port] of found) portOf.set(key, ports.get(port)!)
    const speed = Math.min(...problems.map((problem) => whyOf.get(problem.key)!.speed))
    const claimed = wanted.filter((demand) => demand.speed >= speed).length
    const pool = `${site.name}/${name} (${device.type.slug}: ${candidatesOf(speed).length} ports of ${showBandwidth(speed)} or more, ${claimed} wanted)`
    diagnostics.push(...explain(problems, site.name, 'port', pool, (key) => whyOf.get(key)?.why[0]))
  }
  return { portOf, chosen }
}

/** The ports of a device that run at a speed or more, the slowest that will do first. Management ports carry nothing else. */
function portsBySpeed(device: PlacedDevice): (speed: number, management?: boolean) => readonly string[] {
  const managing = device.type.ports.filter((port) => port.management && !port.controller).map((port) => port.name)
  const sorted = device.type.ports.filter((port) => !port.management).map((port, index) => ({ port, index }))
  sorted.sort((a, b) => a.port.speed - b.port.speed || a.index - b.index)
  const cache = new Map<number, readonly string[]>()
  return (speed, management = false) => {
    if (management && managing.length > 0) return managing
    const known = cache.get(speed)
    if (known) return known
    const names = sorted.filter(({ port }) => port.speed >= speed).map(({ port }) => port.name)
    cache.set(speed, names)
    return names
  }
}

function mediumOf(placed: Placed, a: Plug, b: Plug, speed: number): Medium | undefined {
  const [from, to] = [placed.devices.get(a.device)!, placed.devices.get(b.device)!]
  const port = (device: PlacedDevice, name: string) => device.type.ports.find((candidate) => candidate.name === name)!
  const distance = from.place && to.place ? (from.place.rack === to.place.rack ? 'same-rack' : 'same-room') : 'unknown'
  return chooseMedium({ speed, a: port(from, a.port), b: port(to, b.port), distance })
}
