/**
 * What fails in the starter company, one thing after another, under traffic: connections that are held and connections that are opened again and again. Each event has a limit in which new connections
 * have to go on, and says whether those that were there have to live; then it is healed, and all sessions come back. Limits are generous: they tell what is decided in time from what waits for a
 * timer that nobody meant, also on a loaded machine. What was measured is told.
 */
import assert from 'node:assert/strict'
import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { countedIn } from '#twin/counters.ts'
import { CARRIER, devicesOf, INTERNET } from '#twin/design-lab.ts'
import type { Flow } from '#twin/endpoints.ts'
import { killDaemon, restartDaemon } from '#twin/frr.ts'
import { notMaster } from '#twin/gateways.ts'
import { unable } from '#twin/kernel.ts'
import { type Ports, setPorts } from '#twin/links.ts'
import { until } from '#twin/run.ts'
import { killProxy, startProxy } from '#twin/services.ts'
import { bootStarter, flowOf, PATIENCE, type Party, partiesOf } from './boot/starter.ts'

/** s until new connections go on when a proxy was killed: it is looked at every second, twice, and then routes change. */
const PROXY_WITHIN = 5

/** s until connections of a proxy that was killed have ended: where its last packet was lost, one is refused by the other proxy, to which a retransmission comes (RFC 6298 §5.5: after 0.2, 0.4, … s). */
const CONNECTIONS_END_WITHIN = 15

/** ms between packets of a connection that goes on are a multiple of what the network was silent: each retransmission waits twice as long as the last (RFC 6298 §5.5). */
const BACKOFF = 3

test('what fails in the starter company, and how long it takes', { skip: unable(), timeout: 300_000 }, async (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'netwright-balanced-'))
  context.after(() => rmSync(folder, { recursive: true }))
  cpSync(join(import.meta.dirname, '../examples/starter'), folder, { recursive: true })
  // No service of the example is balanced.
  appendFileSync(join(folder, 'services/orders-map.yaml'), 'balanced: {hostname: orders.acme.example}\n')
  const starter = await bootStarter(context, folder)
  const { lab, endpoints, places, hosts, vrfs, lap, device } = starter
  const { replica } = partiesOf(starter)
  const [map1, map2, db] = [replica('orders-map-1'), replica('orders-map-2'), replica('orders-db-1')]
  const balancers = devicesOf(starter.design).filter(({ balancer }) => balancer)
  const { v4, v6, port: https } = balancers[0]!.balancer!.frontends[0]!
  const orders: Party = { machine: '', addresses: [v4, v6] }
  const internet: Party = { machine: CARRIER, addresses: INTERNET }
  await starter.established()
  const gateways = [device('ber-office/fw-a'), device('ber-office/fw-b')] as const
  await until('mastership', PATIENCE, () => notMaster(...gateways, lab))
  const listening: readonly (readonly [Party, number])[] = [
    [map1, 443],
    [map2, 443],
    [db, 5432],
    [internet, 443],
  ]
  await Promise.all(
    listening.flatMap(([{ machine, addresses }, port]) => addresses.map((address) => endpoints.of(machine).listen('tcp', address, port, PATIENCE))),
  )
  for (const family of [0, 1] as const) await endpoints.of(hosts.berUser.machine).ask(flowOf(hosts.berUser, orders, 'tcp', https, family), PATIENCE)
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
    /** s in which they may be disturbed while it is healed; as long as that if not said. */
    readonly returns?: number
    happens(): unknown
    /** What has to be so afterwards, besides traffic: what is missing. */
    readonly leads?: () => string | undefined
    heals(): unknown
    readonly healed?: () => string | undefined
  }

  const survives = ({ name, from, to, port, within, returns = within, happens, leads, heals, healed }: Event) =>
    context.test(name, async () => {
      const observe = async (what: 'failed' | 'healed', act: () => unknown, wanted: (() => string | undefined) | undefined, limit: number) => {
        const end = await traffic(from, to, port)
        const began = performance.now()
        await act()
        if (wanted) await until(`${name}: ${what}`, PATIENCE, wanted)
        const settled = wanted ? `, settled after ${Math.round(performance.now() - began)} ms` : ''
        for (const family of [0, 1] as const) await endpoints.of(from.machine).ask(flowOf(from, to, 'tcp', port, family), PATIENCE)
        if (what === 'healed') await starter.established()
        // So long that what goes on failing shows as more than the limit.
        await until('a while of traffic', PATIENCE, () => (performance.now() - began < within * 1250 ? 'time' : undefined))
        const { held, knocks } = await end()
        const times = (all: readonly number[]) => `${all.join(' and ')} ms`
        context.diagnostic(
          `${name}: ${what}: new connections failed for ${times(knocks.map(({ trouble }) => trouble))}, those held were silent for ${times(held.map(({ silence }) => silence))}${settled}`,
        )
        for (const { trouble, answered } of knocks)
          assert(answered > 0 && trouble < limit * 1000, `${what}: new connections fail for ${trouble} ms, not at most ${limit} s`)
        for (const { ended, silence, echoes } of held) {
          assert.equal(ended, undefined, `${what}: a connection that was there ended after ${echoes} echoes`)
          assert(silence < limit * 1000 * BACKOFF, `${what}: a connection that was there was silent for ${silence} ms`)
        }
      }
      let healing = true
      try {
        await observe('failed', happens, leads, within)
        healing = false
        await observe('healed', heals, healed, returns)
      } finally {
        // What follows starts from a network that is whole.
        if (healing) await heals()
        await starter.established()
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
    to: orders,
    port: https,
    within: 4,
    returns: 8,
    happens: () => set(office, 'down'),
    leads: () => moved(gateways[1].id),
    heals: () => set(office, 'up'),
    healed: () => notMaster(...gateways, lab),
  })

  const wan: Ports = { machine: 'ber-office/fw-a', ports: ['eth2', 'eth3'] }
  await survives({
    name: 'the active firewall of an office loses its ways out',
    from: hosts.berUser,
    to: orders,
    port: https,
    within: 4,
    returns: 8,
    happens: () => set(wan, 'down'),
    leads: () => notMaster(gateways[1], gateways[0], lab),
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

  await context.test('a proxy is killed: its connections end, new ones go on at the other', async () => {
    const client = endpoints.of(hosts.berUser.machine)
    const flow = flowOf(hosts.berUser, orders, 'tcp', https, 0)
    const servedBy = (greeting: string) =>
      balancers.find(({ interfaces }) =>
        interfaces.some(({ addresses }) => addresses.some(({ address }) => address.split('/')[0] === greeting.split(' ').at(-1))),
      )?.id
    const other = client.hold(flowOf(hosts.berUser, internet, 'tcp', 443, 0))
    const first = servedBy(await client.ask(flow, PATIENCE))!
    const end = await traffic(hosts.berUser, orders, https)
    const began = performance.now()
    await killProxy(places.get(first)!)
    try {
      await until('the address gone', PATIENCE, async () => ((await addressHeld(first)) ? `${first} still has ${v4}` : undefined))
      const withdrawn = performance.now() - began
      for (const family of [0, 1] as const) {
        const answer = await client.ask(flowOf(hosts.berUser, orders, 'tcp', https, family), PATIENCE)
        assert.notEqual(servedBy(answer) ?? first, first, answer)
      }
      await until('a while of traffic', PATIENCE, () => (performance.now() - began < CONNECTIONS_END_WITHIN * 1000 ? 'time' : undefined))
      const { held, knocks } = await end()
      context.diagnostic(
        `a proxy is killed: new connections failed for ${knocks.map(({ trouble }) => trouble).join(' and ')} ms, address gone after ${Math.round(withdrawn)} ms`,
      )
      for (const { ended } of held) assert(ended !== undefined, 'a connection of the proxy that was killed ended')
      for (const { trouble } of knocks) assert(trouble < PROXY_WITHIN * 1000, `new connections fail for ${trouble} ms, not at most ${PROXY_WITHIN} s`)
    } finally {
      await startProxy(places.get(first)!)
    }
    await until('both again', PATIENCE, async () => ((await addressHeld(first)) ? undefined : `${first} has no ${v4}`))
    await until('the first again', PATIENCE, async () => (servedBy(await client.ask(flow, PATIENCE)) === first ? undefined : 'still at the other'))
    assert.equal((await other()).ended, undefined, 'what does not go over the balancer is not touched')
    lap('a proxy is killed')
  })

  async function addressHeld(id: string): Promise<boolean> {
    return (await places.get(id)!.tell('ip', 'address', 'show', 'dev', 'lo')).includes(` ${v4}/`)
  }

  function moved(to: string): string | undefined {
    return notMaster(device(to), { ...device(to), vrrp: { ...device(to).vrrp!, groups: [] } }, lab)
  }
})
