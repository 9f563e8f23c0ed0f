import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Entry, Ledger, Scope } from './ledger.ts'
import { release, updateScope } from './update.ts'

const scopeOf = (...entries: Entry[]): Scope => new Map(entries.map((entry) => [entry.key, entry]))
const users: Entry = { key: 'segment users v4', value: '10.0.0.0/24', state: 'active' }
const port: Entry = { key: 'port edge-a colt', value: 'swp5', state: 'active' }
const build = (before: Scope, claimed: Record<string, { value: string; state: 'planned' | 'active' }>, date = '2026-05-01') =>
  updateScope(before, new Map(Object.entries(claimed)), { date, quarantined: ({ key }) => !key.startsWith('port ') })

test('the same claims give the same object', () => {
  const before = scopeOf(users)
  assert.equal(build(before, { [users.key]: { value: users.value, state: 'active' } }), before)
})

test('what is no longer claimed rests from that day on, or is dropped where there is no quarantine', () => {
  const after = build(scopeOf(users, port), {})
  assert.deepEqual(after, scopeOf({ ...users, freed: '2026-05-01' }))
  assert.equal(build(after, {}, '2026-06-01'), after, 'the first day counts')
  assert.deepEqual(build(after, { [users.key]: users }), scopeOf(users), 'claimed again')
})

test('what was in use stays active; what was planned becomes so', () => {
  assert.deepEqual(build(scopeOf(users), { [users.key]: { value: '10.0.1.0/24', state: 'planned' } }), scopeOf({ ...users, value: '10.0.1.0/24' }))
  assert.deepEqual(build(scopeOf({ ...users, state: 'planned' }), { [users.key]: users }), scopeOf(users))
})

test('release removes freed entries by key, by age, by both, or all; never one in use', () => {
  const may: Entry = { key: 'asn a', value: '1', state: 'active', freed: '2026-05-01' }
  const june: Entry = { key: 'asn b', value: '2', state: 'planned', freed: '2026-06-01' }
  const ledger: Ledger = new Map([
    ['ber', scopeOf(users, may, june)],
    ['bos', scopeOf(may)],
  ])
  assert.deepEqual(release(ledger, {}), new Map([['ber', scopeOf(users)]]))
  assert.deepEqual(release(ledger, { keys: new Set(['bos asn a', `ber ${users.key}`]) }), new Map([['ber', scopeOf(users, may, june)]]))
  assert.deepEqual(release(ledger, { before: '2026-06-01' }), new Map([['ber', scopeOf(users, june)]]))
  assert.deepEqual(release(ledger, { keys: new Set(['ber asn b']), before: '2026-06-01' }), ledger)
  assert.equal(release(ledger, { before: '2026-05-01' }), ledger)
})
