/** What claims of the starter speak of, and what not. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { type Coverage, coverageOf } from '#proofs/coverage.ts'
import { proofOfBuilt } from '#workspace/prove.ts'
import { type Built, openWorkspace } from '#workspace/workspace.ts'
import { buildGood } from './why/starter.ts'

let built: Built

before(async () => {
  built = await buildGood(openWorkspace(join(import.meta.dirname, '../examples/starter'), { date: '2026-01-01', typeCheck: false }))
})

const coverage = (expectations = built.company.declaration.expectations): Coverage => {
  const proof = proofOfBuilt({ ...built, company: { ...built.company, declaration: { ...built.company.declaration, expectations } } })
  assert(proof.ok)
  return coverageOf(proof.value)
}

test('pairs and flows', () => {
  const { pairs, flows } = coverage()
  assert.deepEqual([pairs.all, pairs.unclaimed.length, flows.all], [72, 62, 5])
  const allowed = pairs.unclaimed.filter(({ isAllowed }) => isAllowed)
  assert.deepEqual(
    allowed.map(({ from, to }) => `${from} → ${to}`),
    ['guest → external/internet', 'users → external/internet'],
  )
  assert.deepEqual(flows.unclaimed, [
    'users → external/internet tcp/443 tcp/80',
    'guest → external/internet tcp/443 tcp/80 udp/53',
    'voice → voice udp/16384-32767 udp/5060',
  ])
})

test('a claim about all zones speaks of each; one that forbids expects nothing', () => {
  const [first] = built.company.declaration.expectations
  const { pairs, flows } = coverage([{ ...first!, claim: { kind: 'isolate', from: { kind: 'zone', zone: 'things' }, to: { kind: 'inside' } } }])
  assert.deepEqual(
    pairs.unclaimed.filter(({ from }) => from === 'things').map(({ to }) => to),
    ['external/internet'],
  )
  assert.equal(flows.unclaimed.length, flows.all)
})
