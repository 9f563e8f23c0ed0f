/** What a change opens, closes and leads elsewhere: exactly that, told in names; and nothing where nothing is. */
import assert from 'node:assert/strict'
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { before, type TestContext, test } from 'node:test'
import { planReach, type ReachPlan } from '#planner/diff-reach.ts'
import { showReach } from '#planner/show-reach.ts'
import { type Change, changeBetween } from '#proofs/change.ts'
import { equal } from '#proofs/engine/boxes/boxes.ts'
import { PACKETS } from '#proofs/engine/packet.ts'
import { changeOf, proofOfBuilt } from '#workspace/prove.ts'
import { type Built, openWorkspace } from '#workspace/workspace.ts'
import { buildGood } from './why/starter.ts'

const STARTER = join(import.meta.dirname, '../examples/starter')

const open = (folder: string) => openWorkspace(folder, { date: '2026-01-01', typeCheck: false })

let starter: Built

before(async () => {
  starter = await buildGood(open(STARTER))
})

/** The starter with something edited. */
async function edited(context: TestContext, edit: (folder: string) => void): Promise<Built> {
  const folder = mkdtempSync(join(tmpdir(), 'netwright-change-'))
  context.after(() => rmSync(folder, { recursive: true }))
  cpSync(STARTER, folder, { recursive: true })
  edit(folder)
  return buildGood(open(folder))
}

const append = (file: string, text: string) => (folder: string) => appendFileSync(join(folder, file), text)

function between(one: Built, other: Built): Change {
  const found = changeOf(other.company, one, other)
  assert(found.ok, JSON.stringify(found.diagnostics))
  return found.value
}

const reach = (one: Built, other: Built): ReachPlan => planReach(one.design, other.design, between(one, other))

const shown = (plan: ReachPlan) => showReach(plan, false).map(({ text }) => text)

const VOICE = append('company.ts', "allow({ from: zone.voice, to: service('orders-map'), why: 'read out', owner: 'web-operations' })\n")

test('a policy opens what it allows, to each replica alone, and nothing else', async (context) => {
  const after = await edited(context, VOICE)
  assert.deepEqual(shown(reach(starter, after)), [
    'newly allowed',
    '  voice at ber-office lis-office (≤190 hosts) → orders-map tcp/443',
    '    10.180.21.128 → 10.189.157.103 tcp/443',
    'newly denied  nothing',
    're-routed     nothing',
    'unchanged     25 of 28 places',
  ])
  // And back.
  const back = reach(after, starter)
  assert.deepEqual(back.opened, [])
  assert.equal(back.closed[0]?.to.name, 'orders-map')
})

test('what one way opens the other way closes', async (context) => {
  const after = await edited(context, VOICE)
  const [there, back] = [between(starter, after), between(after, starter)]
  assert(there.changes.length > 0)
  for (const { place, family, opened, closed } of there.changes) {
    const mirror = back.changes.find((change) => change.place.id === place.id && change.family === family)!
    assert.equal(equal(PACKETS[family], opened, mirror.closed), undefined, place.id)
    assert.equal(equal(PACKETS[family], closed, mirror.opened), undefined, place.id)
  }
})

test('a port that is another one opens the new one and closes the old one', async (context) => {
  const after = await edited(context, (folder) => {
    const file = join(folder, 'services/orders-map.yaml')
    const text = readFileSync(file, 'utf8')
    writeFileSync(file, text.replace('443/tcp', '8443/tcp'))
    assert.notEqual(readFileSync(file, 'utf8'), text)
  })
  const { opened, closed } = reach(starter, after)
  const users = (lines: typeof opened) => lines.filter(({ from }) => from.name === 'users').map(({ to, services }) => [to.name, ...services])
  assert.deepEqual(users(opened), [['orders-map', 'tcp/8443']])
  assert.deepEqual(users(closed), [['orders-map', 'tcp/443']])
})

test('a device that is about to be worked on sends packets another way, and opens and closes nothing', async (context) => {
  const after = await edited(context, append('sites/ber-office.yaml', 'maintenance: {edge-a: a new line card}\n'))
  const { opened, closed, rerouted } = reach(starter, after)
  assert.deepEqual([opened, closed], [[], []])
  const line = rerouted.find(({ from, to }) => from.name === 'users' && to.name === 'orders-map')
  assert(line, JSON.stringify(rerouted.map(({ from, to }) => [from.name, to.name])))
  assert(line.way!.before.includes('ber-office/edge-a'))
  assert(!line.way!.after.includes('ber-office/edge-a') && line.way!.after.includes('ber-office/edge-b'))
})

test('a note changes nothing, and neither does a network beside itself', async (context) => {
  const after = await edited(context, append('company.ts', '// A note.\n'))
  assert.deepEqual(shown(reach(starter, after)), ['reach         as before, from all 28 places'])
  const proof = proofOfBuilt(starter)
  const another = proofOfBuilt(starter)
  assert(proof.ok && another.ok)
  assert.deepEqual(changeBetween(proof.value, another.value).changes, [])
})
