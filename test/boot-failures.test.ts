/**
 * What fails in the starter company, one thing after another, under traffic: connections that are held and connections that are opened again and again. Each event has a limit in which new connections
 * have to go on, and says whether those that were there have to live; then it is healed, and all sessions come back. Limits are generous: they tell what is decided in time from what waits for a
 * timer that nobody meant, also on a loaded machine. What was measured is told.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { countedIn } from './boot/counters.ts'
import type { Flow } from './boot/endpoints.ts'
import { killDaemon, restartDaemon } from './boot/frr.ts'
import { notMaster } from './boot/gateways.ts'
import { unable } from './boot/kernel.ts'
import { type Ports, setPorts } from './boot/links.ts'
import { until } from './boot/run.ts'
import { bootStarter, flowOf, type Party, PATIENCE, partiesOf } from './boot/starter.ts'

/** ms between packets of a connection that goes on are a multiple of what the network was silent: each retransmission waits twice as long as the last (RFC 6298 §5.5). */
const BACKOFF = 3

test('what fails in the starter company, and how long it takes', { skip: unable(), timeout: 300_000 }, async (context) => {
  const starter = await bootStarter(context)
  const { lab, endpoints, places, hosts, vrfs, lap, device } = starter
  const { replica } = partiesOf(starter)
  const [map1, map2, db] = [replica('orders-map-1'), replica('orders-map-2'), replica('orders-db-1')]
  await starter.established()
  const gateways = [device('ber-office/fw-a'), device('ber-office/fw-b')] as const
  await until('mastership', PATIENCE, () => notMaster(...gateways, lab))
  const listening: readonly (readonly [Party, number])[] = [
    [map1, 443],
    [map2, 443],
    [db, 5432],
  ]
  await Promise.all(listening.flatMap(([{ machine, addresses }, port]) => addresses.map((address) => endpoints.of(machine).listen('tcp', address, port, PATIENCE))))
  lap('ready')

  const set = (ports: Ports, state: 'down' | 'up') => setPorts(ports, state, vrfs.get(ports.machine)!, lab)

  /** A pair of parties with traffic between them, in both families. */
  const traffic = async (from: Party, to: Party, port: number) => {
    const flows: readonly Flow[] = ([0, 1] as const).map((family) => flowOf(from, to, 'tcp', port, family))
    const endpoint = endpoints.of(from.machine)
    for (const flow of flows) await endpoint.ask(flow, PATIENCE)
    const held = flows.map((flow) => endpoint.hold(flow))
    const knocks = flows.map((flow) => endpoint.knock(flow))
    return async () => ({ held: await Promise.all(held.map((end) => end())), knocks: await Promise.all(knocks.map((end) => end())) })
  }

  interface Event {
    readonly name: string
    /** Who talks. */
    readonly from: Party
    readonly to: Party
    readonly port: number
    /** s until new connections go on. */
    readonly within: number
    happens(): unknown
    /** What has to be so afterwards, besides traffic: what is missing. */
    readonly then?: () => string | undefined
    heals(): unknown
    readonly healed?: () => string | undefined
  }

  const survives = ({ name, from, to, port, within, happens, then, heals, healed }: Event) =>
    context.test(name, async () => {
      for (const [what, act, wanted] of [
        ['failed', happens, then],
        ['healed', heals, healed],
      ] as const) {
        const end = await traffic(from, to, port)
        await act()
        const began = performance.now()
        if (wanted) await until(`${name}: ${what}`, PATIENCE, wanted)
        const moved = wanted && performance.now() - began
        // Whatever else happens while it is decided happens in this time.
        for (const family of [0, 1] as const) await endpoints.of(from.machine).ask(flowOf(from, to, 'tcp', port, family), PATIENCE)
        if (what === 'healed') await starter.established()
        await until('a while of traffic', PATIENCE, () => (performance.now() - began < within * 1000 ? 'time' : undefined))
        const { held, knocks } = await end()
        const silences = (all: readonly { silence: number }[]) => all.map(({ silence }) => `${silence}`).join(' and ')
        context.diagnostic(`${name}: ${what}: new connections after ${silences(knocks)} ms, those held after ${silences(held)} ms${moved ? `, settled after ${Math.round(moved)} ms` : ''}`)
        for (const { silence, answered } of knocks) assert(answered > 0 && silence < within * 1000, `${what}: new connections go on after ${silence} ms, not within ${within} s`)
        for (const { ended, silence, echoes } of held) {
          assert.equal(ended, undefined, `${what}: a connection that was there ended after ${echoes} echoes`)
          assert(silence < within * 1000 * BACKOFF, `${what}: a connection that was there was silent for ${silence} ms`)
        }
      }
      lap(name)
    })

  const fabric: Ports = { machine: 'bos1/leaf-r01-a', ports: ['swp49'] }
  await survives({
    name: 'a cable between a leaf and a spine is pulled',
    from: map2,
    to: db,
    port: 5432,
    within: 2,
    happens: () => set(fabric, 'down'),
    heals: () => set(fabric, 'up'),
  })

  const spine = 'bos1/spine-a'
  await survives({
    name: 'bgpd of a spine is killed',
    from: map2,
    to: db,
    port: 5432,
    within: 3,
    happens: () => killDaemon('bgpd', places.get(spine)!),
    heals: () => restartDaemon('bgpd', starter.machines.get(spine)!, vrfs.get(spine)!, places.get(spine)!),
  })

  const office: Ports = { machine: 'ber-office/fw-a' }
  await survives({
    name: 'the active firewall of an office dies',
    from: hosts.berUser,
    to: map1,
    port: 443,
    within: 5,
    happens: () => set(office, 'down'),
    then: () => moved(gateways[1].id),
    heals: () => set(office, 'up'),
    healed: () => notMaster(...gateways, lab),
  })

  const wan: Ports = { machine: 'ber-office/fw-a', ports: ['eth2', 'eth3'] }
  await survives({
    name: 'the active firewall of an office loses its ways out',
    from: hosts.berUser,
    to: map1,
    port: 443,
    within: 5,
    happens: () => set(wan, 'down'),
    then: () => notMaster(gateways[1], gateways[0], lab),
    heals: () => set(wan, 'up'),
    healed: () => notMaster(...gateways, lab),
  })

  const accepted = (firewall: string) => countedIn([lab.namespaceOf(firewall)]).accepted
  const firewalls = ['bos1/fw-a', 'bos1/fw-b']
  const before = firewalls.map(accepted)
  await endpoints.of(map2.machine).ask(flowOf(map2, db, 'tcp', 5432, 0), PATIENCE)
  const preferred: Ports = { machine: firewalls.find((firewall, i) => accepted(firewall) > before[i]!)! }
  await survives({
    name: `the preferred firewall of a data centre dies (${preferred.machine})`,
    from: map2,
    to: db,
    port: 5432,
    within: 3,
    happens: () => set(preferred, 'down'),
    heals: () => set(preferred, 'up'),
  })

  function moved(to: string): string | undefined {
    return notMaster(device(to), { ...device(to), vrrp: { ...device(to).vrrp!, groups: [] } }, lab)
  }
})
