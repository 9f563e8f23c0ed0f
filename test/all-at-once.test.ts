/** What is found of all packets at once, beside what is found of each: two ways to one answer, for the starter. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { alikeOf } from '#proofs/alike.ts'
import { type Boxes, equal, meetAll, subtract, uncovered } from '#proofs/engine/boxes/boxes.ts'
import { byDestination, meetNear } from '#proofs/engine/boxes/near.ts'
import { mostTaken } from '#proofs/engine/filter/calls.ts'
import { PACKETS } from '#proofs/engine/packet.ts'
import { sentFrom } from '#proofs/intent/concern.ts'
import { packetsOf } from '#proofs/intent/flows.ts'
import { isDestination, linksOf } from '#proofs/intent/links.ts'
import type { Proof } from '#proofs/proof.ts'
import { DESTINATIONS } from '#proofs/properties/denied/denied.ts'
import { proofOfBuilt } from '#workspace/prove.ts'
import { openWorkspace } from '#workspace/workspace.ts'
import { buildGood } from './why/starter.ts'

let proof: Proof

before(async () => {
  const proved = proofOfBuilt(await buildGood(openWorkspace(join(import.meta.dirname, '../examples/starter'), { date: '2026-01-01', typeCheck: false })))
  assert(proved.ok)
  proof = proved.value
})

test('what is found for all at once is what following each packet finds', () => {
  for (const { places, reached, spread } of alikeOf(proof)) {
    for (const place of places) {
      for (const family of [4, 6] as const) {
        const space = PACKETS[family]
        const links = linksOf(proof.design, family)
        const { may, must, rounds } = reached(family)
        assert.deepEqual(rounds, [])
        const followed = spread(place)[family]
        const sent = place.sources(family).flatMap(({ boxes }) => boxes)
        // What servers send themselves is taken for what they send others.
        const own = sentFrom(place, family)
        const among = place.sources(family).some(({ port }) => port) ? [] : packetsOf(family, own, own, [])
        // Links and routers' own addresses are asked about by nobody.
        const kinds = proof.kinds(family)
        const asked = byDestination(space, kinds.boxesBy(new Int32Array(kinds.count)).get(0)!)
        const ofSent = (boxes: Boxes) => subtract(space, meetNear(space, meetAll(space, boxes, sent), asked), among, Number.POSITIVE_INFINITY)!
        const arrives = ofSent(DESTINATIONS.flatMap((end) => may.get(end) ?? []))
        const arrived = ofSent(followed.arrivals.filter((arrival) => isDestination(arrival, links)).flatMap(({ boxes }) => boxes))
        assert.equal(equal(space, arrives, arrived), undefined, `${place.id} ${family}`)
        // What is dropped or lost on some way does not arrive on all.
        const dropped = [
          ...followed.passages.flatMap(({ arriving, accepted }) => subtract(space, arriving, accepted, Number.POSITIVE_INFINITY)!),
          ...followed.deadEnds.flatMap(({ boxes }) => boxes),
        ]
        assert.deepEqual(meetAll(space, ofSent(must), dropped), [], `${place.id} ${family}`)
      }
    }
  }
})

test('what a device takes by whichever interface is no less than what it takes by each', () => {
  const { world } = proof
  let asked = 0
  for (const [device, { nftables }] of world.told) {
    const table = nftables?.tables.find(({ family }) => family === 'inet')
    if (!table) continue
    for (const family of [4, 6] as const) {
      const most = mostTaken(table, family)
      for (const port of world.routed.links.ports.get(device)!.values()) {
        if (port.name === 'lo') continue
        const { accepted, uncertain } = world.arrivals(device, family, port)!
        const sometimes = uncertain.filter(({ verdict }) => verdict === 'accept').flatMap(({ boxes }) => boxes)
        for (const box of [...accepted, ...sometimes]) assert.equal(uncovered(PACKETS[family], box, most), undefined, `${device} ${port.name} ${family}`)
        asked++
      }
    }
  }
  assert(asked > 300, String(asked))
})
