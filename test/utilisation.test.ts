/**
 * Utilisation of the starter's circuits: what is found by pushing all demands at once is what comes of walking the way of each flow by itself; what comes to a device goes on; a failure puts on circuits what is found when all is asked
 * anew; and a circuit that is asked for too much is told, with what asks for it.
 */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { contains, type Family, ipOf, nth, prefixOf, showIp } from '#base/ip.ts'
import { showLinks } from '#cli/show-links.ts'
import { byFamily, FAMILIES } from '#proofs/by-family.ts'
import type { Port } from '#proofs/engine/network/links.ts'
import { loading } from '#proofs/engine/reach/loads.ts'
import type { World } from '#proofs/engine/reach/world.ts'
import { failuresOf } from '#proofs/failures/failures.ts'
import { fullestOf, moreWithout } from '#proofs/failures/fullest.ts'
import { demandsOf } from '#proofs/intent/demands.ts'
import type { Place } from '#proofs/intent/places.ts'
import type { Proof, Verdict } from '#proofs/proof.ts'
import { utilisation } from '#proofs/properties/utilisation/utilisation.ts'
import { type Utilisation, utilisationOf } from '#proofs/utilisation.ts'
import { proofOfBuilt } from '#workspace/prove.ts'
import { type Built, openWorkspace } from '#workspace/workspace.ts'
import { buildGood } from './why/starter.ts'

let built: Built
let proof: Proof

before(async () => {
  built = await buildGood(openWorkspace(join(import.meta.dirname, '../examples/starter'), { date: '2026-01-01', typeCheck: false }))
  proof = proved(built)
})

function proved(of: Pick<Built, 'company' | 'design' | 'files'>): Proof {
  const found = proofOfBuilt(of)
  assert(found.ok, JSON.stringify(found.diagnostics))
  return found.value
}

/** Loads by link and direction. */
function loadsOf({ atRest }: Utilisation): Record<string, number> {
  return Object.fromEntries(atRest.map(({ link, direction, load }) => [`${link} ${direction}`, load]))
}

/** Somebody on the internet. */
const STRANGERS = { 4: '9.9.9.9', 6: '2620:fe::fe' }

test('each flow walked by itself comes to the same loads', () => {
  const { world, design, places } = proof
  const wanted = new Map<string, number>()
  for (const family of FAMILIES) {
    const found = new Map<string, number>()
    const add = (port: Port, direction: 'out' | 'in', load: number) =>
      found.set(`${port.device} ${port.name} ${direction}`, (found.get(`${port.device} ${port.name} ${direction}`) ?? 0) + load)
    for (const place of places) {
      const hosts = design.sites.flatMap(({ segments }) => segments).find(({ id }) => id === place.id)?.hosts
      const called = place.zone === 'users' ? ['internet', 'orders-map'] : place.zone === 'guest' ? ['internet'] : []
      const home = place.prefixes.find((prefix) => prefixOf(prefix).family === family)
      if (hosts === undefined || !home) continue
      for (const name of called) {
        const { device, vrf, port } = place.sources(family)[0]!
        const own = design.services.find(({ id }) => id === `service/${name}`)?.replicas.map((replica) => replica[family === 4 ? 'v4' : 'v6'])
        const receivers = own ?? [STRANGERS[family]]
        const [up, down] = own ? [8e3, 80e3] : [25e3, 250e3]
        if (port) add(port, 'in', hosts * up)
        for (const receiver of receivers)
          for (const end of walk(world, family, receiver, { device, vrf }, (hosts * up) / receivers.length, add)) {
            const answer = (end.load / up) * down
            if (end.port) add(end.port, 'in', answer)
            const host = showIp(nth(prefixOf(home), 9))
            for (const { port } of walk(world, family, host, end, answer, add)) assert.equal(port, undefined, 'answers stay inside')
          }
      }
    }
    for (const { id, circuit, a, b } of design.sites.flatMap(({ links }) => links)) {
      const routed = ({ device, port }: typeof a) =>
        [...world.routed.links.ports.get(device)!.values()].filter(
          ({ name, addresses }) => addresses.length > 0 && (name === port || name.startsWith(`${port}.`)),
        )
      const isNear = circuit !== undefined || routed(a).length > 0
      const ports = isNear ? routed(a) : b ? routed(b) : []
      if (ports.length === 0 || ports.some(({ name }) => name.startsWith('wg'))) continue
      for (const direction of ['out', 'in']) {
        const there = isNear ? direction : direction === 'out' ? 'in' : 'out'
        const load = ports.reduce((sum, { device, name }) => sum + (found.get(`${device} ${name} ${there}`) ?? 0), 0)
        const key = `${circuit ?? id} ${direction}`
        wanted.set(key, Math.max(wanted.get(key) ?? 0, Math.round(load)))
      }
    }
  }
  const loads = loadsOf(utilisationOf(proof))
  assert.deepEqual(loads, Object.fromEntries(wanted))
  // Lisbon has 60 at desks and 20 visitors, all on one circuit.
  assert.equal(loads['lis-office/meo-private in'], 60 * (80e3 + 250e3) + 20 * 250e3)
  assert.equal(loads['lis-office/meo-private out'], 60 * (8e3 + 25e3) + 20 * 25e3)
})

interface Reached {
  readonly device: string
  readonly vrf: string
  readonly load: number
  /** Outside behind it. */
  readonly port?: Port
}

/** Follows some load through the routes of tables, one way after the other. */
function walk(
  world: World,
  family: Family,
  to: string,
  from: { readonly device: string; readonly vrf: string },
  load: number,
  add: (port: Port, direction: 'out' | 'in', load: number) => void,
): readonly Reached[] {
  const { device, vrf } = from
  const ports = world.routed.links.ports.get(device)!
  const around = [...world.table(device, vrf).values()].filter(
    ({ prefix }) => prefixOf(prefix).family === family && contains(prefixOf(prefix), prefixOf(`${to}/${family === 4 ? 32 : 128}`)),
  )
  const route = around.sort((a, b) => prefixOf(b.prefix).length - prefixOf(a.prefix).length)[0]
  assert(route && typeof route.to !== 'string', `${device} has no route to ${to}`)
  const onwards = (out: Port, next: ReturnType<World['ownerAt']>, share: number): readonly Reached[] => {
    add(out, 'out', share)
    if (next === 'outside') return [{ device, vrf, load: share, port: out }]
    assert(next)
    add(next, 'in', share)
    const calls = callsOf(world, out)
    if (calls !== undefined) {
      const ways = world.waysTo(device, ipOf(calls))
      for (const way of ways) add(way, 'out', share / ways.length)
      const called = [...world.routed.links.ports.get(next.device)!.values()].find(({ addresses }) =>
        addresses.some(({ ip }) => ip.value === ipOf(calls).value),
      )
      add(called!, 'in', share)
    }
    return walk(world, family, to, next, share, add)
  }
  if ('port' in route.to) {
    const port = ports.get(route.to.port)!
    if (port.addresses.some(({ ip }) => ip.value === ipOf(to).value)) return [{ device, vrf, load }]
    const owner = world.ownerAt(port, ipOf(to))
    if (owner && owner !== 'outside') return onwards(port, owner, load)
    add(port, 'out', load)
    return [{ device, vrf, load }]
  }
  const hops = route.to
  return hops.flatMap((hop) => {
    if (!('tunnel' in hop)) return onwards(ports.get(hop.port)!, world.ownerAt(ports.get(hop.port)!, ipOf(hop.address)), load / hops.length)
    const vni = world.routed.links.vnis.get(device)!.find(({ bridge }) => bridge === hop.port)!.vni
    walk(world, 4, hop.tunnel, { device, vrf: '' }, load / hops.length, add)
    return walk(world, family, to, world.tunnelTo(hop.tunnel, vni)!, load / hops.length, add)
  })
}

/** The address that a port of a tunnel calls. */
function callsOf(world: World, { device, name }: Port): string | undefined {
  const ends = [...world.routed.links.joins.values()].flat().flatMap(({ by }) => ('tunnel' in by ? by.tunnel.ends : []))
  return ends.find((end) => end.device === device && end.name === name)?.calls
}

test('what comes to a device goes on', () => {
  const { world, design, intent, places } = proof
  const { vnis, ports } = world.routed.links
  for (const family of FAMILIES) {
    const { atRest } = loading(
      world,
      places.flatMap((place) => demandsOf(design, world, intent.flows)(place, place.sources, family)),
    )
    let passed = 0
    for (const [device, own] of ports) {
      // Where tunnels end, and at hosts, packets begin and end.
      if (vnis.has(device) || world.told.get(device)!.wireguard || device.includes('-host-')) continue
      const sum = (direction: 'out' | 'in') => [...own.values()].reduce((total, port) => total + (atRest[direction].get(port) ?? 0), 0)
      assert(Math.abs(sum('in') - sum('out')) < 1, `${device} ${sum('in')} ${sum('out')}`)
      if (sum('in') > 0) passed++
    }
    assert(passed > 5, String(passed))
  }
})

test('a failure puts on circuits what is found when all is asked anew', () => {
  const whole = utilisationOf(proof)
  let changed = 0
  for (const { id, gone } of failuresOf(proof)) {
    const left = proof.world.without(gone)
    const now = whole.without(left)
    const places = proof.places.map((place): Place => ({ ...place, sources: byFamily((family) => place.sourcesIn(left.world, family)) }))
    const anew = utilisationOf({ ...proof, world: left.world, places }).atRest
    for (const [at, { link, direction, load }] of anew.entries())
      assert(Math.abs(load - now[at]!.load) <= 1, `${id}: ${link} ${direction} ${now[at]!.load} ${load}`)
    if (now !== whole.atRest) changed++
  }
  assert(changed > 20, String(changed))
})

/** The company with so much of the internet for each host, and these printed files. */
function heavy(down: string, change: (files: Map<string, string>) => void = () => {}): Proof {
  const { declaration } = built.company
  const externals = { internet: { ...declaration.externals!.internet!, traffic: { up: '25 kbps', down } } }
  const files = new Map(built.files)
  change(files)
  return proved({ ...built, files, company: { ...built.company, declaration: { ...declaration, externals } } })
}

const verdictsOf = (of: Proof): readonly Verdict[] => [...utilisation.ofNetwork!(of)]

test('a circuit that fails overloads the one that is left', () => {
  const of = heavy('800 kbps')
  assert(verdictsOf(of).every(({ holds }) => holds))
  const used = utilisationOf(of)
  const fullest = fullestOf(
    used,
    failuresOf(of).map((failure) => [failure, moreWithout(used, of.world.without(failure.gone))]),
  )
  const over = fullest.filter(({ load, bandwidth }) => load > bandwidth)
  assert.deepEqual(showLinks(fullest), [
    '  1 link direction over capacity; the most:',
    '    ber-office/colt-private in: 129 % of 200 Mbps without circuit ber-office/dtag-dia, 9 % at rest',
  ])
  assert.deepEqual(
    over.map(({ link, direction, load, atRest, failure }) => ({ link, direction, load, atRest, failure })),
    [
      {
        link: 'ber-office/colt-private',
        direction: 'in',
        load: 225 * 80e3 + 300 * 800e3,
        atRest: 225 * 80e3,
        failure: { kind: 'circuit', id: 'ber-office/dtag-dia' },
      },
    ],
  )
})

test('a printed file with another next hop overloads a circuit, which is told with what asks for it', () => {
  const path = 'ber-office/edge-b/frr.conf'
  const broken = heavy('800 kbps', (files) => {
    const text = files.get(path)!
    // The carrier's address is on no link any more, so the internet is reached by way of the private circuit.
    const other = text.replace('ip route 0.0.0.0/0 198.51.100.1', 'ip route 0.0.0.0/0 198.51.100.5')
    assert.notEqual(other, text)
    files.set(path, other)
  })
  const failed = verdictsOf(broken).filter(({ holds }) => !holds)
  assert.deepEqual(
    failed.map(({ id, counter }) => `${id}: ${counter!.says}`),
    [
      'ber-office/colt-private in: it is asked for 258 Mbps of 200 Mbps, most for users → external/internet tcp/443 tcp/80 (180 Mbps), guest → external/internet tcp/443 tcp/80 udp/53 (60 Mbps), users → service/orders-map (18 Mbps)',
    ],
  )
})

test('without demands nothing is loaded', () => {
  const { declaration } = built.company
  const services = built.company.services.map(({ facts: { traffic, ...facts }, ...service }) => ({ ...service, facts }))
  const externals = { internet: { kind: 'internet' as const, prefixes: [] } }
  const none = proved({ ...built, company: { ...built.company, services, declaration: { ...declaration, externals } } })
  assert(utilisationOf(none).atRest.every(({ load }) => load === 0))
  assert(verdictsOf(none).every(({ holds }) => holds))
})
