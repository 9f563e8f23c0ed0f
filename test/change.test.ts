/** What a change opens, closes and leads elsewhere: exactly that, told in names; and nothing where nothing is. */
import assert from 'node:assert/strict'
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { before, type TestContext, test } from 'node:test'
import { parsePort } from '#model/port.ts'
import { planReach, type ReachPlan } from '#planner/diff-reach.ts'
import { showReach } from '#planner/show-reach.ts'
import { waysBetween } from '#proofs/between.ts'
import { type Change, changeBetween } from '#proofs/change.ts'
import { equal } from '#proofs/engine/boxes/boxes.ts'
import { PACKETS } from '#proofs/engine/packet.ts'
import type { Proof } from '#proofs/proof.ts'
import { changeOf, proofOfBuilt, prover, verdictsOf } from '#workspace/prove.ts'
import { type Built, openWorkspace } from '#workspace/workspace.ts'
import { nearestFlow, wouldOpen } from '#workspace/would-open.ts'
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
  return found.value.change
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

test('a new site is told with what its people reach, beside what others reach there', async (context) => {
  const after = await edited(context, (folder) => {
    const text = readFileSync(join(folder, 'sites/lis-office.yaml'), 'utf8')
    writeFileSync(join(folder, 'sites/muc-office.yaml'), text.replaceAll('meo-private', 'mnet-private'))
  })
  const { opened, closed, places } = reach(starter, after)
  const lines = opened.map(({ from, to, services }) => [from.name, from.sites.join(' '), to.name, services.join(' ')].join(' | '))
  assert(lines.includes('users | muc-office | orders-map | tcp/443'), lines.join('\n'))
  assert(lines.includes('guest | muc-office | internet | tcp/80 tcp/443 udp/53'), lines.join('\n'))
  assert(lines.includes('voice | ber-office lis-office muc-office | voice | udp/5060 udp/16384-32767'), lines.join('\n'))
  assert.deepEqual(closed, [])
  assert.equal(places, 28)
})

test('a note changes nothing, and neither does a network beside itself', async (context) => {
  const after = await edited(context, append('company.ts', '// A note.\n'))
  assert.deepEqual(shown(reach(starter, after)), ['reach         as before, from all 28 places'])
  const proof = proofOfBuilt(starter)
  const another = proofOfBuilt(starter)
  assert(proof.ok && another.ok)
  assert.deepEqual(changeBetween(proof.value, another.value).changes, [])
})

test('the smallest policy that would open a way is told, with all that it opens and the claim that it breaks; pasted, it does', async (context) => {
  const workspace = open(STARTER)
  const built = await buildGood(workspace)
  const prove = prover()
  const proof = prove(built)
  assert(proof.ok)
  const asked = { from: 'ber-office/users-3', to: 'orders-db', service: parsePort('5432/tcp')! }
  const isOpen = (of: Proof) => {
    const found = waysBetween(of, asked)
    return 'ways' in found && found.ways.length === 2 && found.ways.every(({ arrives }) => arrives)
  }
  assert(!isOpen(proof.value))
  assert.equal(nearestFlow(proof.value, asked)?.id, 'orders-map needs orders-db')
  const opening = wouldOpen(workspace, built, prove, proof.value, asked)
  assert(opening)
  assert.equal(opening.code, "allow({ from: segment('ber-office/users-3'), to: service('orders-db'), why: '…', owner: '…' })")
  assert.deepEqual(
    opening.reach.opened.map(({ from, to, services }) => [from.segments, to.name, services]),
    [[['ber-office/users-3'], 'orders-db', ['tcp/5432']]],
  )
  assert.deepEqual(opening.reach.closed, [])
  assert.deepEqual(
    opening.breaks.map(({ id }) => id),
    ['forbid isolate users → db from ber-office/users-3'],
  )
  const pasted = await edited(context, (folder) => {
    const file = join(folder, 'company.ts')
    const text = readFileSync(file, 'utf8').replace(
      /import \{([^}]*)\} from 'netwright'/,
      (_, names) => `import {${names.trimEnd().replace(/,$/, '')}, segment } from 'netwright'`,
    )
    writeFileSync(file, `${text}\n${opening.code.replace("owner: '…'", "owner: 'network'")}\n`)
  })
  const after = proofOfBuilt(pasted)
  assert(after.ok && isOpen(after.value))
  // Nothing of it is kept: the company is what it was.
  assert.deepEqual((await buildGood(workspace)).files, built.files)
  // A port beside those that the service listens on is said; addresses are those of somebody; nobody has the last one.
  const ssh = wouldOpen(workspace, built, prove, proof.value, { ...asked, service: parsePort('22/tcp')! })
  assert.match(ssh!.code, /ports: \['22\/tcp'\]/)
  const byAddress = wouldOpen(workspace, built, prove, proof.value, { ...asked, from: '10.180.25.9', to: '10.189.158.230' })
  assert.equal(byAddress?.code, opening.code)
  assert.equal(wouldOpen(workspace, built, prove, proof.value, { ...asked, to: '192.0.2.77' }), undefined)
})

test('with a change comes what does not hold any more', async (context) => {
  const other = await edited(context, append('company.ts', "forbid({ from: zone.users, to: service('orders-map'), why: 'nobody orders' })\n"))
  const broken = (proof: Proof) => verdictsOf(proof).flatMap(({ id, holds }) => (holds ? [] : [id]))
  const found = changeOf(other.company, starter, other)
  const alone = proofOfBuilt(other)
  assert(found.ok && alone.ok)
  assert.deepEqual(broken(found.value.proof), broken(alone.value))
  assert.equal(broken(found.value.proof).length, 3)
})
