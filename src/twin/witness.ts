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
type Expected = { readonly says: string } & /** At one of these. */
(
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
  /** Of several equal ways, not all of which do the same with it: not sent. */
  readonly undecided: number
  readonly wrong: readonly { readonly packet: string; readonly from: string; readonly to: string; readonly expected: string; readonly seen: string }[]
}

/** The first port that packets come from: above those that kernels choose from (`ip_local_port_range` ends at 60999), so that nobody else's is one of ours. */
const FIRST_ID = 61_000

/** How many are on their way at once: as many as there are ids. */
const BATCH = 65_536 - FIRST_ID

/** Seconds within which a packet that arrives has to, and its answer: one that waits for a neighbour's address may be sent again after a second (RFC 6298 §2.1). */
const PATIENCE = 8

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
    for (let at = 0; at < probes.length; at += BATCH) wrong.push(...(await sendAll(probes.slice(at, at + BATCH), twin, earOf)))
  } finally {
    await Promise.all([...ears.values()].map(({ close }) => close()))
  }
  const of = (kind: Expected['kind']) => probes.filter(({ expected }) => expected.kind === kind).length
  return { arrive: of('arrives'), dropped: of('dropped'), end: of('ends'), undecided, wrong }
}

/** Who sends and listens in a namespace. */
interface Ear {
  readonly ready: Promise<void>
  /** What came: `tcp 61000 192.0.2.1 443`, `answer 61000`, `failed 61000 …`. */
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
  const lab = labOf(twin.company)
  const vrfsOf = new Map(twin.machines.map(({ name, vrfs }) => [name, vrfs]))
  const by = Map.groupBy(probes, ({ expected }) => (expected.kind === 'dropped' ? expected.by.join() : ''))
  by.delete('')
  const counted = (devices: string) =>
    droppedIn(devices.split(',').flatMap((device) => ['', ...(vrfsOf.get(device) ?? [])].map((vrf) => lab.namespaceOf(device, vrf))))
  const before = new Map([...by.keys()].map((devices) => [devices, counted(devices)]))
  for (const { id, family, protocol, source, destination, port, from } of probes)
    earOf(from).send(`${id} ${family} ${protocol} ${source} ${destination} ${port}`)
  const came = ({ to, protocol, id, destination, port, expected }: Probe) =>
    (expected.kind === 'arrives' ? expected.at : [to]).some((machine) => earOf(machine).heard.has(`${protocol} ${id} ${destination} ${port}`))
  // Datagrams are answered by who listens, and by others with errors, of which a kernel sends few.
  const isAnswered = ({ from, protocol, id }: Probe) => protocol === 'udp' || earOf(from).heard.has(`answer ${id}`)
  const short = ([devices, all]: readonly [string, readonly Probe[]]) => counted(devices) - before.get(devices)! < all.length
  const arriving = probes.filter(({ expected }) => expected.kind === 'arrives')
  await until('packets', PATIENCE, () => (arriving.every((one) => came(one) && isAnswered(one)) && ![...by].some(short) ? undefined : 'some')).catch(
    () => undefined,
  )

  const told = ({ family, protocol, port, source, destination, from, to, expected }: Probe, seen: string) => ({
    packet: showPacket(family, packetOf(family, { source, destination, protocol, port, id: 0 })),
    from: from.name,
    to: to.name,
    expected: expected.says,
    seen,
  })
  const unseen = new Set([...by].flatMap((one) => (short(one) ? one[1].filter((probe) => !came(probe)) : [])))
  return probes.flatMap((probe) => {
    const failed = [...earOf(probe.from).heard].find((line) => line.startsWith(`failed ${probe.id} `))
    if (failed) return [told(probe, `not sent: ${failed.split(' ').slice(2).join(' ')}`)]
    if (probe.expected.kind !== 'arrives') {
      if (came(probe)) return [told(probe, 'it arrives')]
      return unseen.has(probe) ? [told(probe, 'it does not arrive, and filters there dropped fewer than were sent')] : []
    }
    if (!came(probe)) return [told(probe, 'it does not arrive')]
    return isAnswered(probe) ? [] : [told(probe, 'it arrives, and no answer comes back')]
  })
}

/** A packet for each two spots, family, protocol and verdict, and to each service. */
function probesOf(twin: Twin, world: World, isWanted: (from: Spot, to: Spot) => boolean): { readonly probes: readonly Probe[]; readonly undecided: number } {
  const probes: Probe[] = []
  let undecided = 0
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
          const id = FIRST_ID + (probes.length % BATCH)
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
        const open = meet(space, box, boxOf(space, { protocol: [PROTOCOLS[protocol], PROTOCOLS[protocol]], sourcePort: [FIRST_ID, 65_535] }))
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
function sourcesAt(twin: Twin, world: World, { machine, vrf, addresses }: Spot, destination: string): readonly Omit<Source, 'boxes'>[] {
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
  const own = addresses.find((address) => familyOf(address) === 4)
  const [way] = JSON.parse(run(...within(namespace, 'ip', '-j', '-4', 'route', 'show', 'default'))) as { gateway: string }[]
  if (!way || own === undefined) return []
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
