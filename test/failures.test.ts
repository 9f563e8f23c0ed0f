/** Single failures of the starter: what one comes to is found by asking only what changes, and is what is found when all is asked anew; and what a network comes to that never had what failed. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { before, test } from 'node:test'
import type { Family } from '#base/ip.ts'
import type { Claim, Endpoint } from '#model/policy.ts'
import { FAMILIES } from '#proofs/by-family.ts'
import { type Boxes, boxOf, equal, meetAll, subtract } from '#proofs/engine/boxes/boxes.ts'
import { byDestination, meetNear } from '#proofs/engine/boxes/near.ts'
import { PACKETS } from '#proofs/engine/packet.ts'
import { fatesOf, kindsIn } from '#proofs/engine/reach/fates.ts'
import { gatesOf } from '#proofs/engine/reach/gates.ts'
import { reachedFrom } from '#proofs/engine/reach/reached.ts'
import type { World } from '#proofs/engine/reach/world.ts'
import { type Failure, failuresOf } from '#proofs/failures/failures.ts'
import { trials } from '#proofs/failures/trial.ts'
import { linksOf } from '#proofs/intent/links.ts'
import type { Place } from '#proofs/intent/places.ts'
import type { Proof, Verdict } from '#proofs/proof.ts'
import { DESTINATIONS } from '#proofs/properties/denied/denied.ts'
import { survives } from '#proofs/properties/survives/survives.ts'
import { proofOf } from '#proofs/prove.ts'
import { proofOfBuilt } from '#workspace/prove.ts'
import { nobodyYet, type Tried, tryElsewhere, tryNext } from '#workspace/try-failures.ts'
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

/** What arrives from a place by some way, and by all, in a world that is asked anew; of what is asked about at all. */
function asker(world: World, family: Family): (place: Place) => { readonly may: Boxes; readonly must: Boxes } {
  const space = PACKETS[family]
  const gates = gatesOf(world, family)
  const fates = fatesOf(world, family, kindsIn(world, family, linksOf(proof.design, family)), gates.gateOf)
  const asked = byDestination(
    space,
    proof
      .kinds(family)
      .boxesBy(new Int32Array(proof.kinds(family).count))
      .get(0)!,
  )
  return (place) => {
    const all = place.sourcesIn(world, family).map(({ device, vrf, port, boxes }) => {
      const { may, must } = reachedFrom(fates, fates.row(device, vrf, port), gates.passes)
      return {
        may: meetAll(
          space,
          DESTINATIONS.flatMap((end) => may.get(end) ?? []),
          boxes,
        ),
        must: meetAll(space, must, boxes),
      }
    })
    const of = (boxes: readonly Boxes[]) => meetNear(space, boxes.flat(), asked)
    return { may: of(all.map(({ may }) => may)), must: of(all.map(({ must }) => must)) }
  }
}

const without = (boxes: Boxes, others: Boxes, family: Family) => subtract(PACKETS[family], boxes, others, Number.POSITIVE_INFINITY)!

test('what changes in a failure is all that changes, and changes to what is found when all is asked anew', () => {
  const started = FAMILIES.map((family) => ({ family, fates: proof.fates(family), gates: proof.gates(family) }))
  for (const { fates, family } of started)
    for (const place of proof.places) for (const { device, vrf, port } of place.sources(family)) fates.row(device, vrf, port)
  let changed = 0
  for (const failure of failuresOf(proof)) {
    const left = proof.world.without(failure.gone)
    for (const { family, fates, gates } of started) {
      const space = PACKETS[family]
      const anew = asker(left.world, family)
      const starts = proof.places.flatMap((place) =>
        place
          .sourcesIn(left.world, family)
          .map((after) => ({ place, after, before: place.sources(family).find(({ device }) => device === after.device) ?? place.sources(family)[0]! })),
      )
      const changes = fates.under(left, starts)
      for (const [place, own] of Map.groupBy(starts, (start) => start.place)) {
        const [may, must] = [[] as Boxes[], [] as Boxes[]]
        for (const start of own) {
          const { boxes } = start.after
          const { device, vrf, port } = start.before
          const whole = reachedFrom(fates, fates.row(device, vrf, port), gates.passes)
          const others = changes(start)
          const touched = others.flatMap((change) => change.boxes())
          may.push(
            without(
              meetAll(
                space,
                DESTINATIONS.flatMap((end) => whole.may.get(end) ?? []),
                boxes,
              ),
              touched,
              family,
            ),
          )
          must.push(without(meetAll(space, whole.must, boxes), touched, family))
          for (const change of others) {
            changed++
            const { ways, all } = fates.fate(change.after)
            const passing = (set: Parameters<typeof gates.passes>[0]) =>
              meetAll(space, meetNear(space, gates.passes(set), byDestination(space, change.boxes())), boxes)
            may.push(ways.flatMap(({ behind, end }) => (DESTINATIONS.some((other) => other === end) ? passing(behind) : [])))
            if (all) must.push(passing(all))
          }
        }
        const found = anew(place)
        assert.equal(equal(space, may.flat(), found.may), undefined, `${failure.kind} ${failure.id}: ${place.id} ${family}, some way`)
        assert.equal(equal(space, must.flat(), found.must), undefined, `${failure.kind} ${failure.id}: ${place.id} ${family}, all ways`)
      }
    }
  }
  assert(changed > 500, String(changed))
})

test('who answers for gateway addresses goes on as before where a failure changes nothing of it', () => {
  const { world } = proof
  const gateways = [...world.told].flatMap(([device, { keepalived }]) => (keepalived ? [device] : []))
  let others = 0
  for (const { id, gone } of failuresOf(proof)) {
    const left = world.without(gone)
    for (const device of gateways) {
      if (left.loss.devices.has(device)) continue
      const isOther = left.world.priority(device) !== world.priority(device)
      assert.equal(isOther, left.moved.has(device), `${id}: ${device}`)
      if (isOther) others++
    }
  }
  assert(gateways.length > 3 && others > 3, `${gateways.length} ${others}`)
})

/** Devices that are no gateway of hosts by a cable: of those that are, the others would not notice that it is gone. */
const ROUTES = new Set(['border', 'edge-router', 'firewall', 'leaf', 'server', 'spine', 'balancer'])

test('a network without a router or a cable between routers is one that never had it', () => {
  const { design, company } = built
  const roles = new Map(design.sites.flatMap(({ devices }) => devices.map(({ id, role }) => [id, role] as const)))
  const routes = (id: string) => ROUTES.has(roles.get(id)!)
  const links = new Map(design.sites.flatMap((site) => site.links.map((link) => [link.id, link] as const)))
  const isOfRouters = ({ kind, id }: Failure) =>
    kind === 'device' ? routes(id) : kind === 'link' && [links.get(id)!.a, links.get(id)!.b!].every(({ device }) => routes(device))
  const failures = failuresOf(proof).filter(isOfRouters)
  assert(failures.length > 60, String(failures.length))
  for (const { id, gone } of failures) {
    const sites = design.sites.map((site) => ({
      ...site,
      links: site.links.filter((link) => link.id !== id && !gone.devices.has(link.a.device) && !gone.devices.has(link.b?.device ?? '')),
    }))
    const told = [...proof.world.told.values()].filter((device) => !gone.devices.has(device.id))
    const never = proofOf(company, { ...design, sites }, told)
    const { world } = proof.world.without(gone)
    for (const family of FAMILIES) {
      const [one, other] = [asker(world, family), asker(never.world, family)]
      // Who never was there has no address: it may be a host's.
      const theirs = [...gone.devices].flatMap((device) =>
        [...world.routed.links.ports.get(device)!.values()].flatMap(({ addresses }) =>
          addresses.flatMap(({ ip }) => (ip.family === family ? [boxOf(PACKETS[family], { destination: [ip.value, ip.value] })] : [])),
        ),
      )
      for (const place of proof.places) {
        const space = PACKETS[family]
        const there = never.places.find((found) => found.id === place.id)
        if (!there) continue
        const [left, anew] = [one(place), other(there)]
        for (const how of ['may', 'must'] as const)
          assert.equal(equal(space, without(left[how], theirs, family), without(anew[how], theirs, family)), undefined, `${id}: ${place.id} ${family}, ${how}`)
      }
    }
  }
})

function trialOf(kind: Failure['kind'], id: string) {
  const failure = failuresOf(proof).find((one) => one.kind === kind && one.id === id)
  assert(failure, id)
  return trials(proof, proof.intent.flows)(failure)
}

test('a failure costs what hangs on it, and says what else', () => {
  assert.deepEqual(trialOf('device', 'bos1/spine-a').lost, [])
  assert.deepEqual(trialOf('device', 'ber-office/fw-a').lost, [])
  const stack = trialOf('device', 'ber-office/access-3')
  assert.deepEqual(stack.lost, [])
  assert.deepEqual(
    stack.cutOff.map(({ id }) => id).sort(),
    ['guest', 'management', 'things', 'users', 'voice'].map((name) => `ber-office/${name}-3`),
  )
  const circuit = trialOf('circuit', 'lis-office/meo-private')
  assert.deepEqual(circuit.cutOff, [])
  const guests = circuit.lost.find(({ place }) => place.id === 'lis-office/guest-1')
  assert.match(guests!.counter.says, /^lis-office\/edge-[ab] has no route for it$/)
  assert.match(guests!.counter.packet!, /^10\.183\.\d+\.\d+ → 1\.0\.0\.0 tcp\/80$/)
  const site = trialOf('site', 'bos1')
  assert(site.lost.some(({ tried, counter }) => tried.id === 'users → service/orders-map' && counter.says === 'nobody is left who answers'))
  const tryOne = trials(proof, proof.intent.flows)
  for (const failure of failuresOf(proof)) assert.deepEqual(tryOne(failure).leaks, [], failure.id)
})

/** The verdicts on a claim that the starter does not make; `to` is a service, or a zone. */
function outlived(kind: Failure['kind'], from: string, to: string, change: (files: Map<string, string>) => void = () => {}): readonly Verdict[] {
  const files = new Map(built.files)
  change(files)
  const { declaration } = built.company
  const receivers: Endpoint = to === 'voice' ? { kind: 'zone', zone: to } : { kind: 'service', service: to }
  const claim: Claim = { kind: 'reach', from: { kind: 'zone', zone: from }, to: receivers, survives: [kind] }
  const expectations = [{ id: 'claim', claim, place: declaration.expectations[0]!.place }]
  return [...survives.ofNetwork!(proved({ ...built, files, company: { ...built.company, declaration: { ...declaration, expectations } } }))]
}

test('a claim that it outlives failures is judged, and what breaks it is named', () => {
  const devices = outlived('device', 'users', 'orders-map').filter(({ id }) => id.includes('ber-office'))
  assert(devices.length > 0)
  for (const { holds, counter } of devices) assert(holds, JSON.stringify(counter))
  // Telephones of one floor are cut off with the switches there, and are not missed by those elsewhere; in the lone office, what it has one of is.
  const voice = outlived('device', 'voice', 'voice').filter(({ holds }) => !holds)
  assert(voice.length > 0)
  for (const { counter } of voice) assert.match(counter!.says, /^without device (lis-office\/edge-a|bos1\/edge-[ab]), /)
  const sites = outlived('site', 'users', 'orders-map')
  assert(sites.every(({ holds, counter }) => !holds && counter!.says === 'without site bos1, nobody is left who answers'))
  // One of two circuits of an office is told to carry nothing: as long as the other one is there, nothing shows.
  const circuits = (change?: (files: Map<string, string>) => void) =>
    outlived('circuit', 'users', 'orders-map', change).filter(({ id }) => id.includes('ber-office'))
  assert(circuits().every(({ holds }) => holds))
})

test('a thread of its own comes to the same', async () => {
  const here: Tried[] = []
  const there: Tried[] = []
  tryNext(proof, nobodyYet(), (one) => here.push(one))
  await tryElsewhere(built, nobodyYet(), (one) => there.push(one))
  assert.equal(here.length, failuresOf(proof).length)
  assert.deepEqual(there, here)
})
