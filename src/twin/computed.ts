/** What the proofs compute of a twin, from the files that its machines were booted from, beside what its kernels have. */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Cable } from '#proofs/engine/network/links.ts'
import type { Gone } from '#proofs/engine/network/loss.ts'
import { readTold, type Told } from '#proofs/engine/network/told.ts'
import { type World, worldOf } from '#proofs/engine/reach/world.ts'
import { route } from '#proofs/engine/routing/forwarding.ts'
import { carriersOf } from '#proofs/prove.ts'
import { folderIn } from './boot.ts'
import { CARRIER } from './design-lab.ts'
import { insideOf } from './place.ts'
import { computedRoutes, differenceOf, isForMacs, kernelRoutes, zebraRoutes } from './routes.ts'
import { labOf, type Twin } from './twin.ts'

/** Routes of kernels beside computed ones. */
export interface Compared {
  readonly tables: number
  readonly routes: number
  /** What they don't have in common, by table. */
  readonly wrong: readonly {
    readonly device: string
    readonly lines: string
    /** Whether all that is wrong is that packets do not get to other ends of tunnels. */
    readonly isForMacs: boolean
  }[]
}

/** The world of a twin as its files say it, with what is cut, or leads to sites that are not booted, gone. */
export interface Computed {
  readonly world: World
  /** Tables by device and VRF, but for those of devices that are cut. */
  readonly tables: readonly (readonly [device: string, vrf: string])[]
}

/** Computes it. The files were printed and booted, so a file that cannot be read is an error of ours, and thrown. */
export function computed(twin: Twin): Computed {
  const devices = twin.machines.flatMap(({ name, kind }) => (kind === 'device' ? [toldOf(twin, name)] : []))
  const known = new Set(devices.map(({ id }) => id))
  const cables = new Map<string, Cable>()
  const handovers = new Map<string, string>()
  for (const { id, ends } of twin.cables) {
    const [a, b] = ends.map(({ machine, port }) => ({ device: machine, port })) as [Cable['a'], Cable['b']]
    if (known.has(a.device) && known.has(b.device)) cables.set(id, { a, b })
    else if (b.device === CARRIER) handovers.set(id, `${a.device} ${a.port}`)
  }
  const all = [...cables.values()]
  const routed = route(devices, all, carriersOf(new Set(handovers.values())))
  const whole = worldOf(devices, routed, all)
  const cut = new Set(twin.cut)
  const gone: Gone = {
    devices: new Set(twin.cut.filter((id) => known.has(id))),
    cables: new Set([...cables].flatMap(([id, cable]) => (cut.has(id) ? [cable] : []))),
    handovers: new Set([...twin.unplugged, ...[...handovers].flatMap(([id, port]) => (cut.has(id) ? [port] : []))]),
  }
  const world = gone.devices.size + gone.cables.size + gone.handovers.size === 0 ? whole : whole.without(gone).world
  const tables = [...routed.tables.keys()].flatMap((name) => {
    const [device, vrf = ''] = name.split('#') as [string, string?]
    return gone.devices.has(device) ? [] : [[device, vrf] as const]
  })
  return { world, tables }
}

/** Holds the routes of all kernels against computed ones, route by route and next hop by next hop; where they differ, zebra may be asked what it believes. */
export function compare(twin: Twin, { world, tables }: Computed, asksZebra = false): Compared {
  const lab = labOf(twin.company)
  const daemons = new Set(twin.machines.flatMap((machine) => (machine.daemons ? [machine.name] : [])))
  let routes = 0
  const wrong = tables.flatMap(([device, vrf]) => {
    const expected = computedRoutes(world.table(device, vrf))
    routes += expected.size
    const table = `${device}${vrf === '' ? '' : ` ${vrf}`}`
    const zebra = asksZebra && daemons.has(device) ? () => zebraRoutes((command) => vtysh(twin, device, command), vrf) : undefined
    const kernel = kernelRoutes(lab.namespaceOf(device, vrf))
    const lines = differenceOf(table, kernel, expected, zebra)
    return lines === undefined ? [] : [{ device, lines, isForMacs: isForMacs(kernel, expected) }]
  })
  return { tables: tables.length, routes, wrong }
}

/** Runs a command in the routing daemons of a machine, and returns what they say; undefined where they do not answer. */
export function vtysh(twin: Twin, machine: string, command: string): string | undefined {
  const folder = folderIn(labOf(twin.company), machine)
  const { status, stdout } = spawnSync('nsenter', [...insideOf(folder), 'vtysh', '--vty_socket', folder, '-c', command], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  return status === 0 ? stdout : undefined
}

function toldOf(twin: Twin, machine: string): Told {
  const folder = folderIn(labOf(twin.company), machine)
  const names = readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [entry.name] : entry.name === 'wireguard' ? readdirSync(join(folder, entry.name)).map((file) => `wireguard/${file}`) : [],
  )
  const read = readTold(machine, new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')])))
  if (!read.ok) throw new Error(read.diagnostics.map(({ message }) => message).join('; '))
  return read.value.told
}
