/** Packets that show what a twin does: for each two spots one of every verdict that the proofs give, sent for real; it arrives and is answered, or is dropped by the very device that the proof names. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { type Family, familyOf, ipOf, showIp } from '#base/ip.ts'
import { boxOf, boxOfPoint, lowest, meet, type Point, pointOf, valueOf as valueIn } from '#proofs/engine/boxes/boxes.ts'
import type { Port } from '#proofs/engine/network/links.ts'
import { PACKETS, PROTOCOLS } from '#proofs/engine/packet.ts'
import { type Source, spread } from '#proofs/engine/reach/spread.ts'
import type { World } from '#proofs/engine/reach/world.ts'
import { isIn, lossesOf, obstacleOf } from '#proofs/obstacle.ts'
import { showPacket } from '#proofs/packet-text.ts'
import type { Computed } from './computed.ts'
import { droppedIn } from './counters.ts'
import { CARRIER } from './design-lab.ts'
import type { Lab } from './lab.ts'
import { LAB_VARIABLE } from './place.ts'
import { run, until, within, works } from './run.ts'
import { labOf, type Spot, type Twin } from './twin.ts'

/** What is sent: the id is the port that it comes from, or that of an echo. */
interface Probe {
  readonly id: number
  readonly family: Family
  readonly protocol: 'tcp' | 'udp' | 'icmp' | 'icmpv6'
  /** 0 for an echo. */
  readonly port: number
  readonly from: Spot
  readonly to: Spot
  readonly source: string
  readonly destination: string
  readonly expected: Expected
}

/** A machine, or one of its VRFs that is a namespace. */
type Machine = Pick<Spot, 'machine' | 'vrf'>

/** What a proof says of a packet. */
type Expected = { readonly says: string } /** At one of these. */ & (
  | { readonly kind: 'arrives'; readonly at: readonly Machine[] }
  /** A filter drops it: of several equal ways that of one of these devices. */
  | { readonly kind: 'dropped'; readonly by: readonly string[] }
  /** No table or no neighbour takes it further. */
  | { readonly kind: 'ends' }
)

/** What came of packets. */
export interface Witnessed {
  readonly arrive: number
  readonly dropped: number
  readonly end: number
  /** Not sent: equal ways do not do the same with it, or somebody outside may pass it on. */
  readonly undecided: number
  readonly wrong: readonly { readonly packet: string; readonly from: string; readonly to: string; readonly expected: string; readonly seen: string }[]
}

/** Ports that packets come from, and ids of echoes: above those of services. Each time others come first, for firewalls remember for minutes who used which. */
const IDS = { first: 40_000, count: 25_000 }

/** How many are sent at a time: a kernel that has more than a thousand waiting loses them (net.core.netdev_max_backlog). */
const BURST = 256

/** Seconds within which a packet that arrives has to, and its answer: it may wait for addresses of neighbours, which are asked for three times, a second apart (RFC 4861 §10). */
const PATIENCE = 8

/** Seconds for those that are sent again to be dropped: the way is known then. */
const AGAIN = 1

/** Ports that nobody listens on (RFC 863), and an echo. */
const ANYWHERE = ['9/tcp', '9/udp', 'icmp']

const WITNESS = join(import.meta.dirname, 'witness.pl')

/** Sends packets between the spots that are wanted, and holds what becomes of them against what is computed. */
export async function witness(twin: Twin, { world }: Computed, isWanted: (from: Spot, to: Spot) => boolean): Promise<Witnessed> {
  const { probes, undecided } = probesOf(twin, world, isWanted)
  const wrong: Witnessed['wrong'][number][] = []
  const lab = labOf(twin.company)
  const ears = new Map<string, Ear>()
  try {
    for (const { from, to, expected } of probes)
      for (const { machine, vrf } of [from, to, ...(expected.kind === 'arrives' ? expected.at : [])]) {
        const namespace = lab.namespaceOf(machine, vrf)
        if (!ears.has(namespace)) ears.set(namespace, listenIn(namespace, lab.folder))
      }
    await Promise.all([...ears.values()].map(({ ready }) => ready))
    const earOf = ({ machine, vrf }: Machine) => ears.get(lab.namespaceOf(machine, vrf))!
    await meetNeighbors(probes, lab, earOf)
    for (let at = 0; at < probes.length; at += IDS.count) wrong.push(...(await sendAll(probes.slice(at, at + IDS.count), twin, earOf)))
  } finally {
    await Promise.all([...ears.values()].map(({ close }) => close()))
  }
  const of = (kind: Expected['kind']) => probes.filter(({ expected }) => expected.kind === kind).length
  return { arrive: of('arrives'), dropped: of('dropped'), end: of('ends'), undecided, wrong }
}

/** Has everybody who sends find out the address of the first one on the way: a kernel keeps but so many packets that wait for it. */
async function meetNeighbors(probes: readonly Probe[], lab: Lab, earOf: (machine: Machine) => Ear): Promise<void> {
  const first = new Map(probes.map((probe) => [`${probe.from.name} ${probe.family}`, probe]))
  for (const { family, source, destination, from } of first.values()) earOf(from).send(`${IDS.first - 1} ${family} udp ${source} ${destination} 9`)
  const namespaces = new Set([...first.values()].map(({ from }) => lab.namespaceOf(from.machine, from.vrf)))
  await until('neighbours', PATIENCE, () => {
    for (const namespace of namespaces) if (!run(...within(namespace, 'ip', 'neigh')).includes('INCOMPLETE')) namespaces.delete(namespace)
    return namespaces.size > 0 ? [...namespaces].join() : undefined
  }).catch(() => undefined)
}

/** Who sends and listens in a namespace. */
interface Ear {
  readonly ready: Promise<void>
  /** What came and what was done: `tcp 61000 192.0.2.1 443`, `answer 61000`, `sent 61000`, `failed 61000 …`. */
  readonly heard: ReadonlySet<string>
  send(line: string): void
  close(): Promise<void>
}

function listenIn(namespace: string, folder: string): Ear {
  const child: ChildProcess = spawn(...within(namespace, 'perl', WITNESS), {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, [LAB_VARIABLE]: `${folder}/` },
  })
  const heard = new Set<string>()
  const ended = once(child, 'exit')
  let rest = ''
  const ready = new Promise<void>((done, fail) => {
    child.on('exit', () => fail(new Error(`${WITNESS} ended in ${namespace}`)))
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n')
      rest = lines.pop()!
      for (const line of lines) line === 'ready' ? done() : heard.add(line)
    })
  })
  ready.catch(() => undefined)
  return {
    ready,
    heard,
    send: (line) => child.stdin!.write(`${line}\n`),
    close: async () => {
      child.stdin!.end()
      child.kill()
      await ended
    },
  }
}

/** Sends some, waits for what has to come, and tells what is otherwise. */
async function sendAll(probes: readonly Probe[], twin: Twin, earOf: (machine: Machine) => Ear): Promise<Witnessed['wrong']> {
  const came = ({ to, protocol, id, destination, port, expected }: Probe) =>
    (expected.kind === 'arrives' ? expected.at : [to]).some((machine) => earOf(machine).heard.has(`${protocol} ${id} ${destination} ${port}`))
  // Datagrams are answered by who listens, and by others with errors, of which a kernel sends few.
  const isAnswered = ({ from, protocol, id }: Probe) => protocol === 'udp' || earOf(from).heard.has(`answer ${id}`)
  const arriving = probes.filter(({ expected }) => expected.kind === 'arrives')
  const by = Map.groupBy(probes, ({ expected }) => (expected.kind === 'dropped' ? expected.by.join() : ''))
  by.delete('')
  const counters = [...by].map(([devices, all]) => ({ all, dropped: countingAt(twin, devices) }))
  const failures = await send(probes, earOf)
  const isDone = () => arriving.every((one) => came(one) && isAnswered(one)) && counters.every(({ all, dropped }) => dropped() >= all.length)
  await until('packets', PATIENCE, () => (isDone() ? undefined : 'some')).catch(() => undefined)

  // Where fewer were dropped than were sent, those between each two are sent again, alone.
  const undropped = new Map<Probe, string>()
  for (const { all, dropped } of counters)
    if (dropped() < all.length)
      for (const some of Map.groupBy(all, ({ from, to, family }) => `${from.name} ${to.name} ${family}`).values()) {
        const [{ expected }] = some as [Probe]
        const counted = countingAt(twin, (expected as Expected & { kind: 'dropped' }).by.join())
        await send(some, earOf)
        await until('drops', AGAIN, () => (counted() >= some.length ? undefined : 'some')).catch(() => undefined)
        if (counted() < some.length)
          for (const probe of some) undropped.set(probe, `it does not arrive, and of ${some.length} such packets a filter there dropped ${counted()}`)
      }

  const seenOf = (probe: Probe): string | undefined => {
    const failed = failures.get(probe)
    if (failed !== undefined) return `not sent: ${failed}`
    if (probe.expected.kind !== 'arrives') return came(probe) ? 'it arrives' : undropped.get(probe)
    if (!came(probe)) return 'it does not arrive'
    return isAnswered(probe) ? undefined : 'it arrives, and no answer comes back'
  }
  return probes.flatMap((probe) => {
    const { family, source, destination, protocol, port, id, from, to, expected } = probe
    const seen = seenOf(probe)
    const packet = showPacket(family, packetOf(family, { source, destination, protocol, port, id }))
    return seen === undefined ? [] : [{ packet, from: from.name, to: to.name, expected: expected.says, seen }]
  })
}

/** Sends, not more at a time than kernels hold. Returns those that could not be sent, and why. */
async function send(probes: readonly Probe[], earOf: (machine: Machine) => Ear): Promise<ReadonlyMap<Probe, string>> {
  const failures = new Map<Probe, string>()
  for (let at = 0; at < probes.length; at += BURST) {
    const waiting = new Set(probes.slice(at, at + BURST))
    for (const { id, family, protocol, source, destination, port, from } of waiting)
      earOf(from).send(`${id} ${family} ${protocol} ${source} ${destination} ${port}`)
    await until('orders', PATIENCE, () => {
      for (const probe of waiting) {
        const { heard } = earOf(probe.from)
        const failed = heard.has(`sent ${probe.id}`) ? undefined : [...heard].find((line) => line.startsWith(`failed ${probe.id} `))
        if (failed) failures.set(probe, failed.split(' ').slice(2).join(' '))
        if (failed || heard.has(`sent ${probe.id}`)) waiting.delete(probe)
      }
      return waiting.size > 0 ? 'some' : undefined
    })
  }
  return failures
}

/** Counts what the filters of devices drop from now on. */
function countingAt(twin: Twin, devices: string): () => number {
  const lab = labOf(twin.company)
  const namespaces = devices.split(',').flatMap((device) => {
    const { vrfs } = twin.machines.find(({ name }) => name === device)!
    return ['', ...vrfs].map((vrf) => lab.namespaceOf(device, vrf))
  })
  const before = droppedIn(namespaces)
  return () => droppedIn(namespaces) - before
}

/** A packet for each two spots, family, protocol and verdict, and to each service. */
function probesOf(twin: Twin, world: World, isWanted: (from: Spot, to: Spot) => boolean): { readonly probes: readonly Probe[]; readonly undecided: number } {
  const probes: Probe[] = []
  let undecided = 0
  const began = Date.now()
  const gone = new Set(twin.cut)
  const spots = twin.spots.filter(({ machine }) => !gone.has(machine))
  for (const from of spots)
    for (const to of spots) {
      if (!from.sends || from.machine === to.machine || !isWanted(from, to)) continue
      for (const source of from.addresses) {
        const family = familyOf(source)
        const destination = to.addresses.find((address) => familyOf(address) === family)
        const sources = destination ? sourcesAt(twin, world, from, destination) : []
        if (!destination || sources.length === 0) continue
        const listening = [...new Set([...to.listens, ...ANYWHERE, ...openBetween(world, family, sources, source, destination)])]
        const seen = new Set<string>()
        for (const listened of listening) {
          const [number, name] = listened === 'icmp' ? ['0', family === 4 ? 'icmp' : 'icmpv6'] : (listened.split('/') as [string, string])
          const protocol = name as Probe['protocol']
          const port = Number(number.split('-')[0])
          const id = IDS.first + ((began + probes.length) % IDS.count)
          const expected = verdictOf(world, family, sources, packetOf(family, { source, destination, protocol, port, id }), to)
          if (!expected) {
            undecided++
            continue
          }
          const kind = `${protocol} ${expected.says}`
          if (seen.has(kind) && !to.listens.includes(listened)) continue
          seen.add(kind)
          probes.push({ id, family, protocol, port, from, to, source, destination, expected })
        }
      }
    }
  return { probes, undecided }
}

/** A port of each kind that arrives between two: the first of each box. */
function openBetween(world: World, family: Family, from: readonly Omit<Source, 'boxes'>[], source: string, destination: string): readonly string[] {
  const space = PACKETS[family]
  const [a, b] = [ipOf(source).value, ipOf(destination).value]
  const boxes = [boxOf(space, { source: [a, a], destination: [b, b] })]
  const { arrivals } = spread(
    world,
    family,
    from.map((one) => ({ ...one, boxes })),
  )
  return arrivals.flatMap(({ boxes }) =>
    boxes.flatMap((box) =>
      (['tcp', 'udp'] as const).flatMap((protocol) => {
        const open = meet(
          space,
          box,
          boxOf(space, { protocol: [PROTOCOLS[protocol], PROTOCOLS[protocol]], sourcePort: [IDS.first, IDS.first + IDS.count - 1] }),
        )
        return open ? [`${valueIn(space, lowest(space, open), 'destinationPort')}/${protocol}`] : []
      }),
    ),
  )
}

function packetOf(family: Family, { source, destination, protocol, port, id }: Pick<Probe, 'source' | 'destination' | 'protocol' | 'port' | 'id'>): Point {
  const isEcho = protocol === 'icmp' || protocol === 'icmpv6'
  return pointOf(PACKETS[family], {
    source: ipOf(source).value,
    destination: ipOf(destination).value,
    protocol: PROTOCOLS[protocol],
    sourcePort: isEcho ? 0 : id,
    destinationPort: port,
    icmpType: isEcho ? (family === 4 ? 8 : 128) : 0,
  })
}

/** Where packets from a spot begin: at its gateway, at the device that it is, or at the device that the internet's own table gives them to. */
function sourcesAt(twin: Twin, world: World, { machine, vrf }: Spot, destination: string): readonly Omit<Source, 'boxes'>[] {
  const namespace = labOf(twin.company).namespaceOf(machine, vrf)
  const { ports, onWire } = world.routed.links
  if (machine === CARRIER) {
    const route = within(namespace, 'ip', '-j', 'route', 'get', destination)
    const [found] = works(...route) ? (JSON.parse(run(...route)) as { dev?: string }[]) : []
    const cable = twin.cables.find(({ ends }) => ends[1].machine === CARRIER && ends[1].port === found?.dev)
    const port = cable && ports.get(cable.ends[0].machine)?.get(cable.ends[0].port)
    return port ? [{ device: port.device, vrf: port.vrf, port }] : []
  }
  if (ports.has(machine)) return [{ device: machine, vrf }]
  const [way] = JSON.parse(run(...within(namespace, 'ip', '-j', '-4', 'route', 'show', 'default'))) as { gateway: string }[]
  if (!way) return []
  for (const members of onWire.values()) {
    const holder = members.find(({ shared }) => shared.some(({ ip }) => showIp(ip) === way.gateway))
    const master: Port | 'outside' | undefined = holder && world.ownerAt(holder, ipOf(way.gateway))
    if (master && master !== 'outside') return [{ device: master.device, vrf: master.vrf, port: master }]
  }
  return []
}

/** What is computed of a packet; undefined where equal ways differ, or where who is outside may pass it on. */
function verdictOf(world: World, family: Family, from: readonly Omit<Source, 'boxes'>[], point: Point, to: Spot): Expected | undefined {
  const found = spread(
    world,
    family,
    from.map((one) => ({ ...one, boxes: [boxOfPoint(point)] })),
  )
  const arrivals = found.arrivals.filter(({ boxes }) => isIn(family, boxes, point))
  const drops = [...found.passages, ...found.calls].filter(({ arriving, accepted }) => isIn(family, arriving, point) && !isIn(family, accepted, point))
  const losses = lossesOf(family, found, point)
  if (arrivals.some(({ kind }) => (kind === 'outside') !== (to.machine === CARRIER))) return undefined
  if (arrivals.length > 0) {
    const at = arrivals.map(({ kind, device, own }) => (kind === 'device' ? { machine: device, vrf: own!.port.vrf } : to))
    return drops.length + losses.length === 0 ? { kind: 'arrives', at, says: 'it arrives' } : undefined
  }
  const obstacle = obstacleOf(world, family, found, point)
  if (!obstacle) return undefined
  const { device, says, rule } = obstacle
  const words = `${device} ${says}${rule ? ` (rule ${rule.index + 1} of ${rule.chain})` : ''}`
  if (drops.length > 0) return losses.length > 0 ? undefined : { kind: 'dropped', by: [...new Set(drops.map(({ device }) => device))].sort(), says: words }
  return { kind: 'ends', says: words }
}
