/**
 * The starter company, booted: every router, firewall, switch, balancer and server of examples/starter from its printed files, each in a network namespace, with the real daemons. Sessions and tunnels
 * must come up and packets must pass and drop as the policies say, in both families.
 *
 * `NETWRIGHT_BOOT_KEEP=1` leaves all of it up, to look around; the next run removes it.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cablesOf } from '#proofs/engine/network/cables.ts'
import { readTold } from '#proofs/engine/network/told.ts'
import { route } from '#proofs/engine/routing/forwarding.ts'
import { type Counted, countedIn } from '#twin/counters.ts'
import { CARRIER, devicesOf, INTERNET } from '#twin/design-lab.ts'
import { clearSessions, watchesOf } from '#twin/frr.ts'
import { notMaster } from '#twin/gateways.ts'
import { unable } from '#twin/kernel.ts'
import { pairStates } from '#twin/leases.ts'
import { computedRoutes, differenceOf, kernelRoutes } from '#twin/routes.ts'
import { run, until, within } from '#twin/run.ts'
import { handshakesOf } from '#twin/tunnels.ts'
import { bootStarter, flowOf, PATIENCE, type Party, partiesOf, sessionsOfDesign } from './boot/starter.ts'

const FAMILIES = [0, 1] as const

test('the starter company boots from the printed files', { skip: unable(), timeout: 300_000 }, async (context) => {
  const starter = await bootStarter(context)
  const { design, lab, endpoints, places, hosts, lap } = starter
  const devices = devicesOf(design)

  await context.test('every BGP session is established, and there is none that was not meant', async () => {
    assert.deepEqual((await starter.established()).sort(), [...sessionsOfDesign(design)].sort())
  })
  lap('sessions')

  await context.test('BFD watches the sessions that it should, at the timers that are planned', async () => {
    await until('BFD', PATIENCE, async () => {
      const wrong = await Promise.all(
        devices.map(async ({ id, routing }) => {
          const place = places.get(id)
          if (!routing || !place) return []
          const watches = new Map((await watchesOf(place.folder)).map((watch) => [`${watch.vrf} ${watch.peer}`, watch]))
          return routing.bgp.flatMap(({ vrf = 'default', neighbors }) =>
            neighbors.flatMap(({ address, bfd }) => {
              const [profile, found] = [routing.bfd?.find(({ name }) => name === bfd), watches.get(`${vrf} ${address}`)]
              const planned = profile && `up, ${profile.intervalMs} ms x ${profile.multiplier}`
              const seen = found && `${found.status}, ${found.transmit} ms x ${found.detect}`
              return planned === seen ? [] : [`${id} ${vrf} ${address}: ${seen}, not ${planned}`]
            }),
          )
        }),
      )
      return wrong.flat().length > 0 ? wrong.flat().join('\n') : undefined
    })
  })

  await context.test('both ends of each tunnel have shaken hands', async () => {
    const ends = devices.filter(({ interfaces }) => interfaces.some(({ kind }) => kind === 'wireguard'))
    assert(ends.length > 0)
    for (const { id, interfaces } of ends) {
      const tunnels = interfaces.flatMap(({ kind, name }) => (kind === 'wireguard' ? [name] : []))
      await until(`handshakes of ${id}`, PATIENCE, async () => {
        const seen = await handshakesOf(places.get(id)!, Date.now())
        return tunnels.find((name) => !((seen.get(name) ?? Number.POSITIVE_INFINITY) < PATIENCE * 3))
      })
    }
  })

  const pairs = Map.groupBy(
    devices.filter(({ vrrp }) => vrrp),
    ({ site }) => site,
  )
  for (const [site, pair] of pairs)
    await context.test(`the gateway addresses of ${site} are where they are planned`, async () => {
      const [master, backup] = [...pair].sort((a, b) => b.vrrp!.priority - a.vrrp!.priority)
      await until('mastership', PATIENCE, () => notMaster(master!, backup!, lab))
    })

  await context.test('the kernels have the routes that are computed from the same text, next hop by next hop', async () => {
    const told = devices.map(({ id }) => {
      const read = readTold(id, starter.machines.get(id)!.files)
      assert(read.ok, JSON.stringify(read.diagnostics))
      return read.value.told
    })
    const { tables, outcome } = route(told, [...cablesOf(design).values()], () => [])
    assert.deepEqual(outcome.unstable, [])
    let compared = 0
    await until('routes', PATIENCE, () => {
      compared = 0
      const wrong = [...tables].flatMap(([name, table]) => {
        const [id, vrf] = name.split('#') as [string, string?]
        const computed = computedRoutes(table)
        compared += computed.size
        return differenceOf(name, kernelRoutes(lab.namespaceOf(id, vrf)), computed) ?? []
      })
      return wrong.length > 0 ? wrong.join('\n') : undefined
    })
    assert(compared > 800, String(compared))
    context.diagnostic(`${compared} routes of ${tables.size} tables are as computed`)
  })

  lap('tunnels, BFD, gateways')

  const { replica, server } = partiesOf(starter)
  const { berUser, berPhone, berGuest, lisUser, lisPhone } = hosts
  const [map1, map2, db] = [replica('orders-map-1'), replica('orders-map-2'), replica('orders-db-1')]
  const otherWeb = server('bos1/r01-web-host-b')
  const internet: Party = { machine: CARRIER, addresses: INTERNET }
  const listening: readonly (readonly [Party, 'tcp' | 'udp', number])[] = [
    [map1, 'tcp', 443],
    [map2, 'tcp', 443],
    [db, 'tcp', 5432],
    [internet, 'tcp', 443],
    [berPhone, 'udp', 5060],
    [lisPhone, 'udp', 5060],
  ]
  await Promise.all(
    listening.flatMap(([{ machine, addresses }, protocol, port]) =>
      addresses.map((address) => endpoints.of(machine).listen(protocol, address, port, PATIENCE)),
    ),
  )

  /** Only filters of zones: what merely protects itself counts nothing that passes. */
  const counted = (site: string): Counted =>
    countedIn(devices.flatMap(({ id, site: at, filter }) => (at === site && filter?.transit === 'filtered' ? [lab.namespaceOf(id)] : [])))

  /** Addresses that a device on the way gives to what it sends on. */
  const translated = (id: string): readonly [string, string] => {
    const { v4, v6 } = starter.device(id).filter!.nat![0]!
    return [v4!, v6!]
  }

  const passes = (
    name: string,
    from: Party,
    to: Party,
    protocol: 'tcp' | 'udp',
    port: number,
    firewalls: string,
    seenAs: Party['addresses'] = from.addresses,
  ) =>
    context.test(`${name}: passes`, async () => {
      const before = counted(firewalls)
      for (const family of FAMILIES) {
        const answer = await endpoints.of(from.machine).ask(flowOf(from, to, protocol, port, family), PATIENCE)
        assert.equal(answer, `${to.addresses[family]} answers ${seenAs[family]}`)
      }
      assert(counted(firewalls).accepted >= before.accepted + FAMILIES.length, `the firewalls of ${firewalls} saw the flow of each family`)
    })

  /** Asks once a family, and waits until the firewalls have dropped two transmissions of each SYN: the first has had a second to be answered. */
  const drops = (name: string, from: Party, to: Party, protocol: 'tcp' | 'udp', port: number, firewalls: string, as: 'dropped' | 'forged' = 'dropped') =>
    context.test(`${name}: is dropped`, async () => {
      const before = counted(firewalls)
      const asked = FAMILIES.map((family) => endpoints.of(from.machine).tryOnce(flowOf(from, to, protocol, port, family)))
      const enough = before[as] + 2 * FAMILIES.length
      try {
        await until('the drop', PATIENCE, () => {
          const now = counted(firewalls)[as]
          const ended = asked.find(({ outcome }) => outcome)?.outcome
          if (ended) throw new Error(`not dropped in silence: ${JSON.stringify(ended)}`)
          return now < enough ? `firewalls of ${firewalls} dropped ${now - before[as]} of ${enough - before[as]} packets` : undefined
        })
      } finally {
        for (const { forget } of asked) forget()
      }
      assert.equal(counted(firewalls).accepted, before.accepted)
    })

  await passes('users in Berlin to the nearest replica of orders-map', berUser, map1, 'tcp', 443, 'bos1')
  await passes('users in Berlin to the other replica', berUser, map2, 'tcp', 443, 'ber-office')
  await passes('users in Lisbon to orders-map', lisUser, map1, 'tcp', 443, 'lis-office')
  await passes('orders-map to orders-db, on one leaf, over the firewalls', map1, db, 'tcp', 5432, 'bos1')
  await passes('orders-map to orders-db, from another leaf', map2, db, 'tcp', 5432, 'bos1')
  await passes('users in Berlin to the internet, translated there', berUser, internet, 'tcp', 443, 'ber-office', translated('ber-office/edge-b'))
  await passes('users in Lisbon to the internet, over the data centre', lisUser, internet, 'tcp', 443, 'lis-office', translated('bos1/edge-b'))
  await passes('guests to the internet, translated', berGuest, internet, 'tcp', 443, 'ber-office', translated('ber-office/edge-b'))
  await passes('telephones, Berlin to Lisbon', berPhone, lisPhone, 'udp', 5060, 'ber-office')
  await passes('telephones, Lisbon to Berlin', lisPhone, berPhone, 'udp', 5060, 'ber-office')
  lap('allowed flows')

  await drops('users in Berlin to orders-db', berUser, db, 'tcp', 5432, 'ber-office')
  await drops('users in Lisbon to orders-db', lisUser, db, 'tcp', 5432, 'lis-office')
  await drops('guests to orders-map', berGuest, map1, 'tcp', 443, 'ber-office')
  await drops('a host of the same zone that is no replica, to orders-db, on one leaf', otherWeb, db, 'tcp', 5432, 'bos1')
  await drops('orders-db to orders-map, on one leaf', db, map1, 'tcp', 443, 'bos1')

  // A user who claims to be a telephone.
  const forger: Party = { machine: berUser.machine, addresses: [berPhone.addresses[0], berPhone.addresses[1]] }
  const takes = (does: 'add' | 'del') => {
    for (const address of forger.addresses)
      run(...within(lab.namespaceOf(forger.machine), 'ip', 'address', does, `${address}/${address.includes(':') ? 128 : 32}`, 'dev', 'lo'))
  }
  takes('add')
  await drops('a source that belongs elsewhere in the office', forger, map1, 'tcp', 443, 'ber-office', 'forged')
  takes('del')
  lap('denied flows')

  // FRR 8.4 forgets next hops of EVPN that outlive the path they came by, unless it is told what `evpn-order` in src/targets/frr/rules.ts has it told.
  for (const spine of devices.filter(({ role }) => role === 'spine')) {
    await clearSessions(places.get(spine.id)!.folder)
    await context.test(`the sessions of ${spine.id} come back`, async () => {
      await starter.established()
    })
    await passes(`orders-map to orders-db, after ${spine.id} was away`, map2, db, 'tcp', 5432, 'bos1')
  }
  lap('spines restarted')

  // A pair takes its time; nothing above waits for it, since hosts here have addresses.
  await context.test('the DHCP servers of each pair are in hot standby', async () => {
    for (const { id, dhcp } of devices)
      if (dhcp?.pair)
        await until(`DHCP of ${id}`, PATIENCE, async () => {
          const states = await pairStates(places.get(id)!)
          return states.every((state) => state === 'hot-standby') ? undefined : states.join(' ')
        })
  })
  lap('DHCP')
})
