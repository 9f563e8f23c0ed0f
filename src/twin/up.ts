/** Boots a design as a twin: devices from their printed files, a host on each segment that a port is free for, carriers and the internet; and waits until every kernel has the routes that the proofs compute. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Design, SegmentNode } from '#design/design.ts'
import type { Device } from '#design/device.ts'
import { keyOfSeed, publicKeyOf } from '#workspace/mint-keys.ts'
import { boot } from './boot.ts'
import { CARRIER, cablesOf, devicesOf, hostName, hostOn, INTERNET, internetOf, machinesOf, type StandIn } from './design-lab.ts'
import { type Kernel, tryKernel } from './kernel.ts'
import { guard, type Lab } from './lab.ts'
import type { Machine } from './machine.ts'
import { run, within } from './run.ts'
import { runsDaemons } from './services.ts'
import { TRANSLATIONS } from './translate.ts'
import { labOf, type Spot, type Twin, type TwinMachine, writeTwin } from './twin.ts'

/** What key pairs of twins follow from: anybody may know it, and nothing but a twin has such a key. */
const SEED = 'twin'

/** Routers of which BFD asks as often as is printed. More (measured: 110 with 413 links at 300 ms) take all of two processors. */
const MOST_FAST = 60

/** How often it asks otherwise. */
const SLOW_MS = 3000

/** What is booted. */
export interface Bootable {
  readonly design: Design
  /** Printed files, by path below `out`. */
  readonly files: ReadonlyMap<string, string>
}

/** Boots the sites that are named, or all. Throws with what the system said; then nothing is left. When this process is killed nothing is left either. */
export async function bootTwin({ design: whole, files }: Bootable, company: string, sites: readonly string[], step: (what: string) => void): Promise<Twin> {
  const lab = labOf(company)
  const stay = guard(lab.name)
  mkdirSync(lab.folder)
  try {
    const design = sites.length === 0 ? whole : { ...whole, sites: whole.sites.filter(({ id }) => sites.includes(id)) }
    const internet = internetOf(design)
    const { hosts, hostless } = hostsOf(design)
    const isSlow = devicesOf(design).filter(({ routing }) => routing).length > MOST_FAST
    const keyed = machinesOf(design, files, SEED).map((machine) => withKeysOf(devicesOf(whole), machine))
    const devices = isSlow ? keyed.map(slowed) : keyed
    const machines = [...devices, internet.machine, ...hosts.map(({ machine }) => machine)]
    const cables = [...cablesOf(design), ...internet.cables, ...hosts.map(({ machine, cable }) => ({ id: machine.name, ends: cable }))]
    const kernel = tryKernel()
    step(`${machines.length} machines`)
    const booted = await boot(
      machines,
      cables.map(({ ends }) => ends),
      kernel,
      lab,
      (started, of) => step(`machine ${started} of ${of}`),
    )
    for (const [host, listening] of listeningOf(design)) booted.places.get(host)?.keep('responder', 'perl', RESPONDER, ...listening)
    letIn(hosts, lab)
    const kinds = new Map<string, TwinMachine['kind']>([...devices.map(({ name }) => [name, 'device'] as const), [internet.machine.name, 'carrier']])
    const twin: Twin = {
      company,
      sites,
      machines: machines.map((machine) => ({
        name: machine.name,
        kind: kinds.get(machine.name) ?? 'host',
        vrfs: booted.vrfs.get(machine.name) ?? [],
        daemons: runsDaemons(machine),
      })),
      cables,
      unplugged: unpluggedIn(design),
      hostless,
      spots: spotsOf(design, hosts),
      translations: appliedBy(kernel).filter((name) => name !== 'bfd' || isSlow),
      notes: booted.notes,
      cut: [],
    }
    writeTwin(twin)
    stay()
    return twin
  } catch (error) {
    stay()
    lab.close()
    throw error
  }
}

/** Lets hosts in at ports that are locked until 802.1X unlocks them, as it does: by the address of the host in the table of the switch. */
function letIn(hosts: readonly StandIn[], lab: Lab): void {
  for (const { machine, cable, bridged, port } of hosts) {
    const [{ address }] = JSON.parse(run(...within(lab.namespaceOf(machine.name), 'ip', '-j', 'link', 'show', port))) as [{ address: string }]
    run(...within(lab.namespaceOf(cable[0].machine), 'bridge', 'fdb', 'replace', address, 'dev', bridged, 'master', 'static'))
  }
}

/** What answers in the place of services. */
const RESPONDER = join(import.meta.dirname, 'responder.pl')

/** What services listen on, and what balancers ask behind them, by host, as the responder is told it. Of a range of ports the first stands for all. */
function listeningOf({ services, sites }: Design): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  const hosts = new Map(services.flatMap(({ replicas }) => replicas.flatMap(({ host, v4, v6 }) => [[v4, host] as const, [v6, host] as const])))
  const asked = new Set<string>()
  for (const { balancer } of sites.flatMap(({ devices }) => devices))
    for (const { address, port } of (balancer?.backends ?? []).flatMap(({ servers }) => servers)) {
      const host = hosts.get(address)
      if (host === undefined || asked.has(`${address} ${port}`)) continue
      asked.add(`${address} ${port}`)
      found.set(host, [...(found.get(host) ?? []), 'tcp', address, `${port}`])
    }
  for (const { listens, replicas } of services)
    for (const { host, v4, v6 } of replicas)
      for (const port of listens)
        for (const address of [v4, v6]) {
          const [number, protocol] = port.split('/') as [string, string]
          if (asked.has(`${address} ${number}`)) continue
          found.set(host, [...(found.get(host) ?? []), protocol, address, number.split('-')[0]!])
        }
  return found
}

/** A host of each zone at a site, one of each service there, what is balanced there, and the internet. */
function spotsOf({ sites, services }: Design, hosts: readonly StandIn[]): readonly Spot[] {
  const byHost = new Map(hosts.map((host) => [host.machine.name, host]))
  const segments = sites.flatMap(({ segments }) => {
    const known = new Set<string>()
    return segments.flatMap(({ id, zone }): Spot[] => {
      const host = byHost.get(hostName(id))
      if (!host || known.has(zone)) return []
      known.add(zone)
      return [{ name: id, machine: host.machine.name, vrf: '', addresses: host.addresses, listens: [], sends: true }]
    })
  })
  const there = new Map(sites.flatMap(({ id, devices }) => devices.map((device) => [device.id, id] as const)))
  const serving = services.flatMap(({ id, listens, replicas }) => {
    const bySite = Map.groupBy(replicas, ({ host }) => there.get(host))
    return [...bySite].flatMap(([site, [first]]): Spot[] =>
      site === undefined || !first ? [] : [{ name: `${id} at ${site}`, machine: first.host, vrf: '', addresses: [first.v4, first.v6], listens, sends: true }],
    )
  })
  const balanced = sites.flatMap(({ id: site, devices }) => {
    const frontends = devices.flatMap(({ id, balancer }) => (balancer?.frontends ?? []).map((frontend) => ({ ...frontend, machine: id })))
    return [...Map.groupBy(frontends, ({ v4 }) => v4).values()].map((all): Spot => {
      const { name, machine, v4, v6 } = all[0]!
      return { name: `${name} at ${site}`, machine, vrf: '', addresses: [v4, v6], listens: [...new Set(all.map(({ port }) => `${port}/tcp`))], sends: false }
    })
  })
  return [...segments, ...serving, ...balanced, { name: 'internet', machine: CARRIER, vrf: '', addresses: INTERNET, listens: [], sends: true }]
}

/** A machine whose BFD asks less often. */
function slowed(machine: Machine): Machine {
  const text = machine.files.get('frr.conf')?.replace(/^( {2}(?:transmit|receive)-interval) \d+$/gm, `$1 ${SLOW_MS}`)
  return text === undefined ? machine : { ...machine, files: new Map([...machine.files, ['frr.conf', text]]) }
}

/** Ports whose cable leads out of a design. */
function unpluggedIn(design: Design): readonly string[] {
  const there = new Set(devicesOf(design).map(({ id }) => id))
  return design.sites.flatMap(({ links }) => links.flatMap(({ a, b }) => (b && !there.has(b.device) ? [`${a.device} ${a.port}`] : [])))
}

/** Translations that are made on a kernel. */
function appliedBy(kernel: Kernel): Twin['translations'] {
  return (Object.keys(TRANSLATIONS) as (keyof typeof TRANSLATIONS)[]).filter((name) => !(name in kernel) || !kernel[name as keyof Kernel])
}

/** A machine that knows its peers by the keys that they have in a twin. */
function withKeysOf(devices: readonly Device[], machine: Machine): Machine {
  const device = devices.find(({ id }) => id === machine.name)
  const keys = new Map(
    (device?.interfaces ?? []).flatMap((one) =>
      one.kind === 'wireguard' ? [[one.peer.publicKey, publicKeyOf(keyOfSeed(SEED, `${one.peer.name}/wireguard`))] as const] : [],
    ),
  )
  if (keys.size === 0) return machine
  const told = (text: string) => text.replace(/^(PublicKey = )(.*)$/gm, (line, before: string, key: string) => (keys.has(key) ? before + keys.get(key)! : line))
  return { ...machine, files: new Map([...machine.files].map(([file, text]) => [file, file.startsWith('wireguard/') ? told(text) : text])) }
}

/** A host on each segment that has gateways, plugged into the first free port that a host may be plugged into there. */
function hostsOf(design: Design): { readonly hosts: readonly StandIn[]; readonly hostless: readonly string[] } {
  const taken = new Set<string>()
  const hosts: StandIn[] = []
  const hostless: string[] = []
  for (const { segments, devices } of design.sites)
    for (const segment of segments) {
      if (segment.vlan === undefined) continue
      const plug = devices.flatMap((device) => plugsFor(segment, device)).find(({ device, port }) => !taken.has(`${device} ${port}`))
      if (!plug) {
        hostless.push(segment.id)
        continue
      }
      taken.add(`${plug.device} ${plug.port}`)
      hosts.push(hostOn(design, segment.id, plug))
    }
  return { hosts, hostless }
}

/** Ports of a device into which a host of the segment may be plugged: untagged first, then where it is tagged behind another one's. */
function plugsFor({ vlan }: SegmentNode, { id: device, interfaces }: Device): readonly Parameters<typeof hostOn>[2][] {
  const free = new Set(interfaces.flatMap((one) => (one.kind === 'physical' && one.guard && one.link === undefined ? [one.name] : [])))
  const untagged = interfaces.flatMap(({ kind, name, bridge }) => (kind === 'physical' && free.has(name) && bridge === `br${vlan}` ? [name] : []))
  const tagged = interfaces.flatMap((one) => (one.kind === 'vlan' && one.vid === vlan && free.has(one.parent) ? [one.parent] : []))
  return [...untagged.map((port) => ({ device, port, tagged: false })), ...tagged.map((port) => ({ device, port, tagged: true }))]
}
