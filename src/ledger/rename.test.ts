import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseLedger } from './parse-ledger.ts'
import { printLedger } from './print-ledger.ts'
import { type Rename, renameInLedger } from './rename.ts'

/** The lines under the new names; made again, the renames change nothing. */
function renamed(lines: readonly string[], ...renames: Rename[]): string[] {
  const read = parseLedger(lines.map((line) => `${line}\n`).join(''), 'netwright.lock')
  assert.ok(read.ok)
  const after = renameInLedger(read.value, renames)
  if (printLedger(after) === printLedger(read.value)) assert.equal(after, read.value)
  assert.equal(renameInLedger(after, renames), after)
  return printLedger(after).trimEnd().split('\n').slice(1)
}

test('a site takes its scope along, and its name in the words of others', () => {
  assert.deepEqual(
    renamed(
      [
        'ber asn edge-a = 1',
        'ber port edge-a ber/colt = swp5',
        'bos1 port edge-a ber/colt = swp1',
        'bos1 unit ber web = 3 planned freed 2026-05-01',
        'ber-2 asn edge-a = 2',
      ],
      {
        from: 'ber',
        to: 'berlin',
      },
    ),
    [
      'ber-2 asn edge-a = 2',
      'berlin asn edge-a = 1',
      'berlin port edge-a berlin/colt = swp5',
      'bos1 port edge-a berlin/colt = swp1',
      'bos1 unit ber web = 3 planned freed 2026-05-01',
    ],
  )
})

test('a thing is a whole word of its scope, the first part of one, or the part after its site; a group member is another thing', () => {
  assert.deepEqual(
    renamed(
      [
        'ber asn edge = 1',
        'ber asn edge-a = 2',
        'ber link edge/swp1 core/edge = a',
        'bos asn edge = 3',
        'bos port r1 ber/edge = b',
        'bos port r1 ber/edge/x = c',
      ],
      {
        scope: 'ber',
        from: 'edge',
        to: 'gate',
      },
    ),
    [
      'ber asn edge-a = 2',
      'ber asn gate = 1',
      'ber link gate/swp1 core/edge = a',
      'bos asn edge = 3',
      'bos port r1 ber/gate = b',
      'bos port r1 ber/gate/x = c',
    ],
  )
})

test('the kind, zones, families, numbers and words of our own are not names', () => {
  const lines = [
    'ber block v4 = 10.0.0.0/22',
    'ber infrastructure link link link = 10.0.2.0/31',
    'ber infrastructure loopback loopback = 10.0.2.2/32',
    'ber port desk desk 2 = swp2',
    'ber port desk link = swp1',
    'ber segment segment segment v4 2 = 10.0.0.0/24',
    'ber space segment = 10.0.0.0/23',
    'ber unit 2 web = 4',
    'ber zone segment = 3',
  ]
  const names = ['segment', 'v4', '2', 'link', 'loopback', 'desk']
  assert.deepEqual(renamed(lines, ...names.map((from) => ({ scope: 'ber', from, to: `new-${from}` }))), [
    'ber block v4 = 10.0.0.0/22',
    'ber infrastructure link new-link link = 10.0.2.0/31',
    'ber infrastructure loopback new-loopback = 10.0.2.2/32',
    'ber port new-desk desk 2 = swp2',
    'ber port new-desk new-link = swp1',
    'ber segment segment new-segment v4 2 = 10.0.0.0/24',
    'ber space segment = 10.0.0.0/23',
    'ber unit new-2 web = 4',
    'ber zone segment = 3',
  ])
})

test('the two sides of a link, and where a replica runs', () => {
  assert.deepEqual(
    renamed(
      ['ber port fw-a fw-a~edge-a = eth0', 'ber replica web-1 = edge-a', 'ber port edge-a x = edge-a', 'company replica web-1 = ber'],
      { from: 'ber', to: 'berlin' },
      { scope: 'berlin', from: 'edge-a', to: 'gate' },
    ),
    ['berlin port fw-a fw-a~gate = eth0', 'berlin port gate x = edge-a', 'berlin replica web-1 = gate', 'company replica web-1 = berlin'],
  )
})

test('a link with what tells it apart, what is run, and what is balanced', () => {
  assert.deepEqual(
    renamed(
      [
        'ber host management-1 management/edge-a = 10.0.0.9/32',
        'ber host service-addresses service/edge-a = 10.0.1.9/32',
        'ber host service-addresses service/orders = 10.0.1.8/32',
        'ber key edge-a = abc=',
        'ber port edge-a sw~edge-a-management = eth0',
        'ber port fw fw~edge-a-sync = eth1',
        'ber public orders = 203.0.113.1/32',
        'management port r1 x = swp1',
      ],
      { scope: 'ber', from: 'edge-a', to: 'gate' },
      { scope: 'ber', from: 'service/orders', to: 'service/sales' },
    ),
    [
      'ber host management-1 management/gate = 10.0.0.9/32',
      'ber host service-addresses service/edge-a = 10.0.1.9/32',
      'ber host service-addresses service/sales = 10.0.1.8/32',
      'ber key gate = abc=',
      'ber port fw fw~gate-sync = eth1',
      'ber port gate sw~gate-management = eth0',
      'ber public sales = 203.0.113.1/32',
      'management port r1 x = swp1',
    ],
  )
})

test('a site and a thing of it at once', () => {
  assert.deepEqual(
    renamed(
      ['ber port edge-a ber/colt = swp5', 'bos port edge-a ber/colt = swp5'],
      { from: 'ber', to: 'berlin' },
      { scope: 'berlin', from: 'colt', to: 'colt-mpls' },
    ),
    ['berlin port edge-a berlin/colt-mpls = swp5', 'bos port edge-a berlin/colt-mpls = swp5'],
  )
})

test('an entry stays where its new key exists already; names that are not there rename nothing', () => {
  const lines = ['ber asn edge-a = 1', 'ber asn edge-b = 2', 'ber asn gate = 3']
  assert.deepEqual(renamed(lines, { scope: 'ber', from: 'edge-a', to: 'gate' }), lines)
  assert.deepEqual(renamed(lines, { scope: 'ber', from: 'edge-a', to: 'x' }, { scope: 'ber', from: 'edge-b', to: 'x' }), [
    'ber asn edge-b = 2',
    'ber asn gate = 3',
    'ber asn x = 1',
  ])
  assert.deepEqual(renamed(lines, { from: 'bos', to: 'boston' }), lines)
})

test('what rests under the new name is not taken over: it rests on, under the old one', () => {
  const rests = 'freed 2026-05-01'
  assert.deepEqual(renamed([`ber asn gate = 1 ${rests}`, 'ber asn edge-a = 2'], { scope: 'ber', from: 'edge-a', to: 'gate' }), [
    `ber asn edge-a = 1 ${rests}`,
    'ber asn gate = 2',
  ])
  assert.deepEqual(
    renamed([`berlin block v4 = 10.0.0.0/22 ${rests}`, `berlin block v4 2 = 10.0.8.0/22 ${rests}`, 'ber block v4 = 10.0.4.0/22', `ber asn old = 1 ${rests}`], {
      from: 'ber',
      to: 'berlin',
    }),
    [`ber block v4 = 10.0.0.0/22 ${rests}`, `ber block v4 2 = 10.0.8.0/22 ${rests}`, `berlin asn old = 1 ${rests}`, 'berlin block v4 = 10.0.4.0/22'],
  )
})
