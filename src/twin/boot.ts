/** Boots machines from their files: namespaces, cables, kernel parameters, links, filters, and daemons last, as a machine does it when it is switched on. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Kernel, makeRoom } from './kernel.ts'
import type { Lab } from './lab.ts'
import type { Cable, Machine } from './machine.ts'
import { makePlace, type Place } from './place.ts'
import { ipBatch, run, within } from './run.ts'
import { runsDaemons, startPaired, startServices } from './services.ts'
import { type Outside, type Translated, translate } from './translate.ts'

/** How many machines start at a time. */
const AT_ONCE = 4

/** Ends the name of the far end of what is not plugged in. */
export const UNPLUGGED = '~'

/** What is up. */
export interface Booted {
  /** The places of machines that run daemons, by name. */
  readonly places: ReadonlyMap<string, Place>
  /** VRFs that are namespaces, by machine. */
  readonly vrfs: ReadonlyMap<string, readonly string[]>
  /** What there is now, and limits of the kernel that were raised. */
  readonly notes: readonly string[]
}

/** Boots; `told` hears how many machines with daemons have been started. What goes wrong is thrown with the command that the system refused. */
export async function boot(
  machines: readonly Machine[],
  cables: readonly Cable[],
  kernel: Kernel,
  lab: Lab,
  told: (started: number, of: number) => void = () => {},
): Promise<Booted> {
  const translated = new Map(machines.map(({ name, files }) => [name, translate(files.get('network.ip') ?? '', kernel, (vrf) => lab.namespaceOf(name, vrf))]))
  const partsOf = (name: string) => ['', ...translated.get(name)!.vrfs].map((vrf) => lab.namespaceOf(name, vrf))
  const namespaces = machines.flatMap(({ name }) => partsOf(name))
  const { ports, vlans } = wires(translated, cables, lab)
  const alive = machines.filter(runsDaemons)
  const plugged = [...ports, ...vlans].filter((wire) => !wire.includes(UNPLUGGED))
  const raised = makeRoom(2 * plugged.length, alive.length)

  ipBatch(namespaces.map((namespace) => `netns add ${namespace}`))
  ipBatch(ports)
  const folderOf = (name: string) => folderIn(lab, name)
  for (const { name, files } of machines) {
    for (const [file, text] of files) {
      mkdirSync(dirname(`${folderOf(name)}/${file}`), { recursive: true })
      writeFileSync(`${folderOf(name)}/${file}`, text)
    }
    if (files.has('sysctl.conf')) for (const namespace of partsOf(name)) run(...within(namespace, 'sysctl', '-e', '-q', '-p', `${folderOf(name)}/sysctl.conf`))
  }
  ipBatch(vlans)

  const places = new Map<string, Place>()
  const vrfsOf = (name: string) => translated.get(name)!.vrfs
  await eachOf(machines, async (machine) => {
    const { name, files } = machine
    const { steps, tunnels } = translated.get(name)!
    const [making, telling] = steps as [(typeof steps)[number], (typeof steps)[number]]
    const rules = kernel.vrf ? files.get('rules.ip') : undefined
    for (const family of rules ? ['-4', '-6'] : []) run('ip', ['-n', lab.namespaceOf(name), family, '-batch', '-'], rules)
    for (const [vrf, commands] of making) ipBatch(commands, lab.namespaceOf(name, vrf))
    if (runsDaemons(machine)) {
      const place = await makePlace(machine, vrfsOf(name), folderOf(name), lab)
      places.set(name, place)
      for (const tunnel of tunnels) await place.tell('wireguard-go', tunnel)
    }
    for (const [vrf, commands] of telling) ipBatch(commands, lab.namespaceOf(name, vrf))
    for (const file of ['guard.conf', 'nftables.conf'])
      if (files.has(file)) for (const namespace of partsOf(name)) run(...within(namespace, 'nft', '-f', `${folderOf(name)}/${file}`))
  })
  let started = 0
  await eachOf(alive, async (machine) => {
    told(++started, alive.length)
    await startServices(machine, vrfsOf(machine.name), places.get(machine.name)!)
  })
  await eachOf(alive, (machine) => startPaired(machine, places.get(machine.name)!))
  return {
    places,
    vrfs: new Map(machines.map(({ name }) => [name, vrfsOf(name)])),
    notes: [
      `${machines.length} machines, ${alive.length} with daemons, ${namespaces.length} namespaces, ${cables.length} cables`,
      ...raised.map((limit) => `raised ${limit}`),
    ],
  }
}

/** The folder of a machine's files. */
export function folderIn(lab: Lab, machine: string): string {
  return lab.namespaceOf(machine).replace(/^[^.]*\./, `${lab.folder}/`)
}

/** Does something for each item, so many at a time. */
async function eachOf<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items]
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await act(next)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
}

/** Commands that make the ports of all machines, and the VLANs that are veths. */
function wires(translated: ReadonlyMap<string, Translated>, cables: readonly Cable[], lab: Lab): { ports: string[]; vlans: string[] } {
  const far = new Map(cables.flatMap(([a, b]) => [[`${a.machine} ${a.port}`, b] as const, [`${b.machine} ${b.port}`, a] as const]))
  const done = new Set<string>()
  const wire = (machine: string, near: Outside, peerMachine = '', peer?: Outside): string[] => {
    if (done.has(`${machine} ${near.name}`)) return []
    done.add(`${machine} ${near.name}`).add(`${peerMachine} ${peer?.name}`)
    const at = (of: string, { name, vrf }: Outside) => `name ${name} netns ${lab.namespaceOf(of, vrf)}`
    return [`link add ${at(machine, near)} type veth peer ${peer ? at(peerMachine, peer) : at(machine, { ...near, name: near.name + UNPLUGGED })}`]
  }
  const each = <T>(pick: (translated: Translated) => readonly T[], make: (machine: string, item: T) => string[]) =>
    [...translated].flatMap(([machine, one]) => pick(one).flatMap((item) => make(machine, item)))
  return {
    ports: each(
      ({ ports }) => ports,
      (machine, port) => {
        const other = far.get(`${machine} ${port.name}`)
        return wire(machine, port, other?.machine, other && translated.get(other.machine)!.ports.find(({ name }) => name === other.port))
      },
    ),
    vlans: each(
      ({ vlans }) => vlans,
      (machine, vlan) => {
        const other = far.get(`${machine} ${vlan.parent}`)
        const same = other && translated.get(other.machine)!.vlans.find(({ parent, vid }) => parent === other.port && vid === vlan.vid)
        return wire(machine, vlan, other?.machine, same)
      },
    ),
  }
}
