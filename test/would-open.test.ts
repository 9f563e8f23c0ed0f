/** The edit that would open a way: a word more in a statement where that opens no more than a new one, else the narrowest new statement; told with its place, and made it opens the way. */
import assert from 'node:assert/strict'
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { showPlace } from '#base/place.ts'
import { parsePort } from '#model/port.ts'
import { type Asked, waysBetween } from '#proofs/between.ts'
import { type Prover, prover } from '#workspace/prove.ts'
import { type Built, openWorkspace } from '#workspace/workspace.ts'
import { type Opening, type Writing, wouldOpen } from '#workspace/would-open.ts'
import { buildGood } from './why/starter.ts'

const STARTER = join(import.meta.dirname, '../examples/starter')

/** What the starter says more here: a service that needs nothing yet, and policies for some sites and one port. */
const MORE = `
allow({ from: service('orders-map'), to: external('internet'), ports: ['443/tcp'], why: 'maps come from there', owner: 'web-operations' })
allow({ from: at(zone.users, 'ber-office'), to: service('reports'), why: 'they are written in Berlin', owner: 'network' })
allow({ from: at(zone.voice, 'lis-office'), to: service('reports'), why: 'read out', owner: 'network' })
`
const REPORTS = 'owner: network\ntier: web\nlistens: [{name: https, port: 443/tcp}]\nruns: {replicas: 1, at: [bos1]}\n'

function grown(context: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'netwright-would-open-'))
  context.after(() => rmSync(folder, { recursive: true }))
  cpSync(STARTER, folder, { recursive: true })
  const file = join(folder, 'company.ts')
  writeFileSync(file, readFileSync(file, 'utf8').replace('import { allow, ', 'import { allow, at, '))
  appendFileSync(file, MORE)
  writeFileSync(join(folder, 'services/reports.yaml'), REPORTS)
  return folder
}

const build = (folder: string): Promise<Built> => buildGood(openWorkspace(folder, { date: '2026-01-01', typeCheck: false }))

function isOpen(built: Built, prove: Prover, asked: Asked): boolean {
  const proof = prove(built)
  assert(proof.ok)
  const found = waysBetween(proof.value, asked)
  return 'ways' in found && found.ways.length === 2 && found.ways.every(({ arrives }) => arrives)
}

const told = ({ code, was, place }: Writing) => ({ code, was, at: place && showPlace(place) })

/** What it newly allows, in short. */
const opens = ({ reach }: Opening) => reach.opened.map(({ from, to, services }) => [...from.segments, to.name, ...services].join(' '))

test('a word more in what is said already is proposed where it opens no more than a new policy, and opens the way when it is written', async (context) => {
  const folder = grown(context)
  const workspace = openWorkspace(folder, { date: '2026-01-01', typeCheck: false })
  const built = await buildGood(workspace)
  const prove = prover()
  const proof = prove(built)
  assert(proof.ok)
  const open = (from: string, to: string, port: string) => {
    const asked = { from, to, service: parsePort(port)! }
    assert(!isOpen(built, prove, asked))
    const found = wouldOpen(workspace, built, prove, proof.value, asked)
    assert(found)
    return { asked, found }
  }
  const line = (part: string) =>
    readFileSync(join(folder, 'company.ts'), 'utf8')
      .split('\n')
      .findIndex((text) => text.includes(part)) + 1

  const need = open('reports', 'orders-db', '5432/tcp')
  assert.deepEqual(told(need.found), { code: 'needs: [orders-db]', was: undefined, at: 'services/reports.yaml:1:1' })
  assert.deepEqual(need.found.others.map(told), [
    { code: "allow({ from: service('reports'), to: service('orders-db'), why: '…', owner: '…' })", was: undefined, at: undefined },
  ])

  const port = open('orders-map', 'internet', '8443/tcp')
  assert.deepEqual(told(port.found), {
    code: "ports: ['443/tcp', '8443/tcp']",
    was: "ports: ['443/tcp']",
    at: `company.ts:${line("from: service('orders-map')")}:1`,
  })
  assert.equal(port.found.others.length, 1)

  const site = open('lis-office/users-1', 'reports', '443/tcp')
  assert.deepEqual(told(site.found), {
    code: "at(zone.users, 'ber-office', 'lis-office')",
    was: "at(zone.users, 'ber-office')",
    at: `company.ts:${line('at(zone.users')}:1`,
  })
  assert.deepEqual(opens(site.found), ['lis-office/users-1 reports tcp/443'])

  // Berlin has telephones on two floors, so its segment alone is less than the site.
  const segment = open('ber-office/voice-3', 'reports', '443/tcp')
  assert.equal(segment.found.code, "allow({ from: segment('ber-office/voice-3'), to: service('reports'), why: '…', owner: '…' })")
  assert.deepEqual([segment.found.place, segment.found.others], [undefined, []])
  assert.deepEqual(opens(segment.found), ['ber-office/voice-3 reports tcp/443'])

  // Of a port that users of all sites would get, the same.
  const users = open('ber-office/users-3', 'internet', '8443/tcp')
  assert.match(users.found.code, /^allow\(\{ from: segment\('ber-office\/users-3'\)/)

  // Who is asked about by zone is a zone.
  assert.equal(
    open('voice', 'internet', '443/tcp').found.code,
    "allow({ from: zone.voice, to: external('internet'), ports: ['443/tcp'], why: '…', owner: '…' })",
  )

  // Written where they say, they open what they say.
  appendFileSync(join(folder, 'services/reports.yaml'), `${need.found.code}\n`)
  const file = join(folder, 'company.ts')
  const lines = readFileSync(file, 'utf8').split('\n')
  for (const { code, was, place } of [port.found, site.found]) {
    const at = place!.line - 1
    assert(lines[at]!.includes(was!))
    lines[at] = lines[at]!.replace(was!, code)
  }
  writeFileSync(file, lines.join('\n'))
  const after = await build(folder)
  for (const { asked } of [need, port, site]) assert(isOpen(after, prove, asked), asked.from)
  assert(!isOpen(after, prove, segment.asked))
})
