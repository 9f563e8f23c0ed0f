/** Boots machines from their files: namespaces, cables, kernel parameters, links, filters, and FRR last, as a machine does it when it is switched on. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { startFrr } from './frr.ts'
import { type Kernel, makeRoom } from './kernel.ts'
import type { Lab } from './lab.ts'
import type { Cable, Machine } from './machine.ts'
import { ipBatch, run, within } from './run.ts'
import { type Outside, type Translated, translate } from './translate.ts'

/** How many routers start at a time. */
const AT_ONCE = 4

/** Ends the name of the far end of what is not plugged in. */
const UNPLUGGED = '~'

/** What is up. */
export interface Booted {
  /** Names of machines that run FRR, with the folder of their files and sockets. */
  readonly routers: ReadonlyMap<string, string>
  /** What there is now, and limits of the kernel that were raised. */
  readonly notes: readonly string[]
}

/** Boots. What goes wrong is thrown with the command that the system refused. */
export async function boot(machines: readonly Machine[], cables: readonly Cable[], kernel: Kernel, lab: Lab): Promise<Booted> {
  const translated = new Map(machines.map(({ name, files }) => [name, translate(files.get('network.ip') ?? '', kernel, (vrf) => lab.namespaceOf(name, vrf))]))
  const namespaces = machines.flatMap(({ name }) => ['', ...translated.get(name)!.vrfs].map((vrf) => lab.namespaceOf(name, vrf)))
  const { ports, vlans } = wires(translated, cables, lab)
  const routers = machines.filter(({ files }) => files.has('frr.conf'))
  const plugged = [...ports, ...vlans].filter((wire) => !wire.includes(UNPLUGGED))
  const raised = makeRoom(2 * plugged.length, routers.length)

  ipBatch(namespaces.map((namespace) => `netns add ${namespace}`))
  ipBatch(ports)
  const folders = new Map<string, string>()
  for (const { name, files } of machines) {
    const folder = lab.namespaceOf(name).replace(/^[^.]*\./, `${lab.folder}/`)
    folders.set(name, folder)
    for (const [file, text] of files) {
      mkdirSync(dirname(`${folder}/${file}`), { recursive: true })
      writeFileSync(`${folder}/${file}`, text)
    }
    if (files.has('hostname')) run('unshare', ['--uts', 'hostname', '-F', `${folder}/hostname`])
    const parts = ['', ...translated.get(name)!.vrfs].map((vrf) => lab.namespaceOf(name, vrf))
    if (files.has('sysctl.conf')) for (const namespace of parts) run(...within(namespace, 'sysctl', '-e', '-q', '-p', `${folder}/sysctl.conf`))
  }
  ipBatch(vlans)
  for (const { name, files } of machines) {
    const rules = kernel.vrf ? files.get('rules.ip') : undefined
    for (const family of rules ? ['-4', '-6'] : []) run('ip', ['-n', lab.namespaceOf(name), family, '-batch', '-'], rules)
    for (const step of translated.get(name)!.steps) for (const [vrf, commands] of step) ipBatch(commands, lab.namespaceOf(name, vrf))
    if (files.has('nftables.conf')) run(...within(lab.namespaceOf(name), 'nft', '-f', `${folders.get(name)!}/nftables.conf`))
  }
  const waiting = [...routers]
  const start = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await startFrr(next, translated.get(next.name)!.vrfs, folders.get(next.name)!, lab)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, start))
  return {
    routers: new Map(routers.map(({ name }) => [name, folders.get(name)!])),
    notes: [
      `${machines.length} machines, ${routers.length} routers, ${namespaces.length} namespaces, ${cables.length} cables`,
      ...raised.map((limit) => `raised ${limit}`),
    ],
  }
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
