/**
 * Which circuits packets take between the sites of the company of full size: answers come back by those that the questions went by, also when an edge or a circuit is gone, and none is asked for more than it carries.
 */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { ipOf, nth, prefixOf, showIp } from '#base/ip.ts'
import { FAMILIES } from '#proofs/by-family.ts'
import { type Steps, stepsOf } from '#proofs/engine/reach/steps.ts'
import { wayTo } from '#proofs/engine/reach/way.ts'
import { failuresOf } from '#proofs/failures/failures.ts'
import type { Place } from '#proofs/intent/places.ts'
import type { Proof } from '#proofs/proof.ts'
import { type Used, utilisationOf } from '#proofs/utilisation.ts'
import { proofOfBuilt } from '#workspace/prove.ts'
import { openWorkspace } from '#workspace/workspace.ts'

let proof: Proof
/** Circuits between sites, and tunnels as the two sites that they are between, by the ports that they end at. */
const circuitAt = new Map<string, string>()

before(async () => {
  const built = await openWorkspace(join(import.meta.dirname, '../examples/harborpine'), { date: '2026-11-01', typeCheck: false }).build()
  assert(built.ok, JSON.stringify(built.diagnostics))
  const found = proofOfBuilt(built.value)
  assert(found.ok, JSON.stringify(found.diagnostics))
  proof = found.value
  const siteOf = (device: string) => device.split('/')[0]
  for (const { id, a, b, circuit } of proof.design.sites.flatMap(({ links }) => links)) {
    if (!b || siteOf(a.device) === siteOf(b.device)) continue
    for (const { device, port } of [a, b]) circuitAt.set(`${device} ${port}`, circuit === undefined ? `${siteOf(a.device)}~${siteOf(b.device)}` : id)
  }
})

/** What packets from a place to an address of another one run over between sites, sorted. */
function circuitsOf(steps: Steps, from: Place['sources'], family: 4 | 6, to: string): readonly string[] {
  const way = wayTo(steps, family, ipOf(to).value)
  for (const { device, vrf } of from(family)) way.enter(device, vrf)
  const used = new Set<string>()
  for (const { steps } of way.farthestFirst())
    for (const { out } of steps) {
      const circuit = out && circuitAt.get(`${out.device} ${out.name}`)
      if (circuit !== undefined) used.add(circuit)
    }
  return [...used].sort()
}

/** Pairs of a place with a data centre of which what goes there and what comes back run over other circuits; one place of each site stands for it. */
function oneWay(steps: Steps, sourcesOf: (place: Place) => Place['sources']): readonly string[] {
  const { places, design } = proof
  const kinds = new Map(design.sites.map(({ id, category }) => [id, category]))
  const first = (zone: string) => [
    ...new Map(places.filter((place) => place.zone === zone && place.prefixes.length > 0).map((place) => [place.site, place])).values(),
  ]
  const centres = first('app').filter(({ site }) => kinds.get(site!) === 'data-centre')
  assert.equal(centres.length, 4)
  const host = ({ prefixes }: Place, family: 4 | 6) => showIp(nth(prefixOf(prefixes.find((one) => prefixOf(one).family === family)!), 9))
  return [...first('users'), ...centres].flatMap((place) =>
    centres.flatMap((centre) =>
      FAMILIES.flatMap((family) => {
        if (centre.site === place.site) return []
        const there = circuitsOf(steps, sourcesOf(place), family, host(centre, family))
        const back = circuitsOf(steps, sourcesOf(centre), family, host(place, family))
        return there.join() === back.join() ? [] : [`${place.site} ${centre.site} IPv${family}: ${there.join(' ')} | ${back.join(' ')}`]
      }),
    ),
  )
}

/** Whether a place that is spoken of sends nothing at all: its site has one circuit, and that is gone. */
function isCutOff(pair: string): boolean {
  return / IPv[46]: {2}\| /.test(pair)
}

test('answers come back by the circuits that the questions went by', () => {
  assert.deepEqual(
    oneWay(stepsOf(proof.world), ({ sources }) => sources),
    [],
  )
})

test('whatever circuit or edge is gone, answers come back the same way, no circuit is overloaded, and the headquarters goes to the data centre beside it', () => {
  const utilisation = utilisationOf(proof)
  const failures = failuresOf(proof).filter(({ kind, id }) => kind === 'circuit' || (kind === 'device' && id.includes('/edge-')))
  assert(failures.length > 100, String(failures.length))
  const isOver = ({ load, bandwidth }: Used) => load > bandwidth
  const isFar = ({ link, load }: Used) => link === 'bos-hq/exa-dub1' && load > 0
  assert.deepEqual(utilisation.atRest.filter(isFar), [])
  for (const { id, gone } of failures) {
    const left = proof.world.without(gone)
    const used = utilisation.without(left)
    const found = used.filter((one) => isOver(one) || isFar(one)).map(({ link, direction, load }) => `${link} ${direction} ${load}`)
    assert.deepEqual(found, [], id)
    const others = oneWay(stepsOf(proof.world).without(left), (place) => (family) => place.sourcesIn(left.world, family))
    assert.deepEqual(
      others.filter((one) => !isCutOff(one)),
      [],
      id,
    )
  }
})

test('without that data centre it works on over its circuit to the other one, which is wide enough', () => {
  const site = failuresOf(proof).find(({ kind, id }) => kind === 'site' && id === 'bos1')!
  const used = utilisationOf(proof).without(proof.world.without(site.gone))
  const exa = used.find(({ link, direction }) => link === 'bos-hq/exa-dub1' && direction === 'in')!
  assert(exa.load > 0.5 * exa.bandwidth && exa.load < 0.8 * exa.bandwidth, `${exa.load} of ${exa.bandwidth}`)
})
