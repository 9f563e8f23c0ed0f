/** The starter company, up: what both of its tests start from. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { Design } from '#design/design.ts'
import type { Device } from '#design/device.ts'
import { type Booted, boot } from '#twin/boot.ts'
import { cablesOf, devicesOf, hostOn, internetOf, machinesOf } from '#twin/design-lab.ts'
import { type Endpoints, endpointsIn, type Flow } from '#twin/endpoints.ts'
import { type Session, sessionsOf } from '#twin/frr.ts'
import { missingProgram, tryKernel } from '#twin/kernel.ts'
import { type Lab, openLab } from '#twin/lab.ts'
import type { Machine } from '#twin/machine.ts'
import { until } from '#twin/run.ts'
import { TRANSLATIONS } from '#twin/translate.ts'
import { openWorkspace } from '#workspace/workspace.ts'

/** s until all that must come by itself has come; a loaded machine is slow, and what fails takes this long. */
export const PATIENCE = 60

/** The seed of which the public keys in the ledger of the example were made. */
const SEED = 'starter'

/** Somebody who sends or receives: the machine, and the addresses that it uses there. */
export interface Party {
  readonly machine: string
  readonly addresses: readonly [v4: string, v6: string]
}

/** Hosts in the offices, by what they are. */
export type Hosts = Readonly<Record<'berUser' | 'berPhone' | 'berGuest' | 'lisUser' | 'lisPhone', Party>>

/** What is up. */
export interface Starter extends Booted {
  readonly design: Design
  readonly machines: ReadonlyMap<string, Machine>
  readonly lab: Lab
  readonly endpoints: Endpoints
  readonly hosts: Hosts
  /** Tells of something with the time since the start. */
  lap(what: string): void
  device(id: string): Device
  /** Waits until all sessions of the design are established, and returns those that there are. */
  established(): Promise<string[]>
}

/** Boots it, or a copy of it that is in a folder. All of it is removed when the test ends, unless `NETWRIGHT_BOOT_KEEP` is set. */
export async function bootStarter(context: TestContext, folder = join(import.meta.dirname, '../../examples/starter')): Promise<Starter> {
  const missing = missingProgram()
  assert(missing === undefined, missing && `${missing.program} is missing: apt-get install ${missing.packageName}`)
  const built = await openWorkspace(folder, { date: '2026-01-01', typeCheck: false }).build()
  assert(built.ok, JSON.stringify(built.diagnostics))
  const { design, files } = built.value

  const keep = process.env.NETWRIGHT_BOOT_KEEP !== undefined
  const lab = openLab(keep)
  const endpoints = endpointsIn(lab)
  if (keep) context.diagnostic(`kept: ip netns list; files and sockets in ${lab.folder}; vtysh --vty_socket ${lab.folder}/bos1.fw-a`)
  context.after(() => {
    endpoints.close()
    if (!keep) lab.close()
  })

  const internet = internetOf(design)
  const hosts = {
    berUser: hostOn(design, 'ber-office/users-3', { device: 'ber-office/access-3', port: 'swp7', tagged: false }),
    berPhone: hostOn(design, 'ber-office/voice-3', { device: 'ber-office/access-3', port: 'swp8', tagged: true }),
    berGuest: hostOn(design, 'ber-office/guest-3', { device: 'ber-office/access-3', port: 'swp1', tagged: true }),
    lisUser: hostOn(design, 'lis-office/users-1', { device: 'lis-office/access-1', port: 'swp7', tagged: false }),
    lisPhone: hostOn(design, 'lis-office/voice-1', { device: 'lis-office/access-1', port: 'swp8', tagged: true }),
  }
  const machines = [...machinesOf(design, files, SEED), internet.machine, ...Object.values(hosts).map(({ machine }) => machine)]
  const cables = [...[...cablesOf(design), ...internet.cables].map(({ ends }) => ends), ...Object.values(hosts).map(({ cable }) => cable)]

  const kernel = tryKernel()
  const applied = Object.entries(TRANSLATIONS).filter(([name]) => !(name in kernel) || !kernel[name as keyof typeof kernel])
  for (const [name, sentence] of applied) context.diagnostic(`translated: ${name}: ${sentence}`)

  const started = performance.now()
  const lap = (what: string) => context.diagnostic(`${((performance.now() - started) / 1000).toFixed(1)} s: ${what}`)
  const booted = await boot(machines, cables, kernel, lab)
  for (const note of booted.notes) lap(note)

  const devices = new Map(devicesOf(design).map((device) => [device.id, device]))
  const wanted = sessionsOfDesign(design)
  return {
    ...booted,
    design,
    machines: new Map(machines.map((machine) => [machine.name, machine])),
    lab,
    endpoints,
    hosts: Object.fromEntries(Object.entries(hosts).map(([name, { machine, addresses }]) => [name, { machine: machine.name, addresses }])) as unknown as Hosts,
    lap,
    device: (id) => devices.get(id)!,
    async established() {
      let seen = new Map<string, string>()
      await until('BGP', PATIENCE, async () => {
        const routers = [...booted.places].filter(([name]) => devices.get(name)?.routing)
        const all = await Promise.all(
          routers.map(async ([name, { folder }]) => (await sessionsOf(folder)).map((session) => [keyOf(name, session), session.state] as const)),
        )
        seen = new Map(all.flat())
        const down = [...wanted].filter((key) => seen.get(key) !== 'Established').map((key) => `${key}: ${seen.get(key) ?? 'not configured'}`)
        return down.length > 0 ? `${down.length} of ${wanted.size} sessions:\n${down.join('\n')}` : undefined
      })
      return [...seen.keys()]
    },
  }
}

/** A flow of a family. */
export function flowOf(from: Party, to: Party, protocol: 'tcp' | 'udp', port: number, family: 0 | 1): Flow {
  return { protocol, from: from.addresses[family], to: to.addresses[family], port }
}

/** Parties of a starter by what they are. */
export function partiesOf({ design, device }: Starter): { replica(id: string): Party; server(id: string): Party } {
  return {
    replica(id) {
      const { host, v4, v6 } = design.services.flatMap(({ replicas }) => replicas).find((one) => one.id === `service/${id}`)!
      return { machine: host, addresses: [v4, v6] }
    },
    /** By the first addresses of its loopback, which are no replica's. */
    server(id) {
      const own = device(id)
        .interfaces.filter(({ kind }) => kind === 'loopback')
        .flatMap(({ addresses }) => addresses.map(({ address }) => address.split('/')[0]!))
      return { machine: id, addresses: [own.find((address) => !address.includes(':'))!, own.find((address) => address.includes(':'))!] }
    },
  }
}

/** What the design says of sessions, as keys. */
export function sessionsOfDesign(design: Design): Set<string> {
  return new Set(
    devicesOf(design).flatMap(({ id, routing }) =>
      (routing?.bgp ?? []).flatMap(({ vrf = 'default', neighbors }) =>
        neighbors.flatMap(({ address, families }) => families.map((family) => keyOf(id, { vrf, family, neighbor: address }))),
      ),
    ),
  )
}

function keyOf(router: string, { vrf, family, neighbor }: Omit<Session, 'state'>): string {
  return `${router} ${vrf} ${family} ${neighbor}`
}
