import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asksOf } from '../../../test/asks.ts'
import { dataCentre1 } from './data-centre-1.ts'

const ZONES = ['web', 'db', ...dataCentre1.zones]
const RACKS = { n01: { role: 'network' }, n02: { role: 'network' }, r01: { hosts: { web: 2, db: 1 } }, r02: { hosts: { web: 1 } } }
const pod = (facts: object) => asksOf(dataCentre1, { racks: RACKS, ...facts }, ZONES)

test('each leaf is joined to each spine, borders too', () => {
  const fabric = pod({ spines: 3 })
    .links.filter((link) => link.carries.kind === 'fabric')
    .map((link) => link.name)
  assert.equal(fabric.length, 6 * 3)
  assert.ok(fabric.includes('leaf-r02-b~spine-c'))
})

test('the order in which racks are written says nothing', () => {
  const reversed = Object.fromEntries(Object.entries(RACKS).reverse())
  const names = ({ links, managed }: ReturnType<typeof pod>) =>
    [...links.map(({ name }) => name), ...managed.map(({ device, segment }) => `${device} ${segment}`)].sort()
  assert.deepEqual(names(pod({ racks: reversed })), names(pod({})))
})

test('a host has a link to both leaves of its rack, and no segment', () => {
  const { links, segments } = pod({})
  assert.deepEqual(
    links.filter(({ b }) => b?.among.includes('r01-db-host-a')).map(({ name, carries }) => [name, carries]),
    ['a', 'b'].map((leaf) => [`leaf-r01-${leaf}~r01-db-host-a`, { kind: 'homed', zone: 'db', pool: 'r01-db' }]),
  )
  assert.deepEqual(
    segments.filter(({ pool }) => pool).map(({ name }) => name),
    ['lb-hosts', 'r01-db', 'r01-web', 'r02-web', 'service-addresses'],
  )
})

test('every zone that has hosts is handed to both firewalls by both borders', () => {
  const handoffs = pod({}).links.filter((link) => link.carries.kind === 'handoff')
  assert.deepEqual(
    handoffs.map((link) => link.name),
    ['border-a~fw-a', 'border-a~fw-b', 'border-b~fw-a', 'border-b~fw-b'],
  )
  assert.ok(handoffs.every((link) => link.carries.kind === 'handoff' && link.carries.zones.join() === 'balancers,db,web'))
})

test('every device of the network is run over a management port, and no production segment leads there', () => {
  const { managed, devices, links } = pod({})
  const network = devices.filter(({ role }) => role !== 'server').map(({ name }) => name)
  assert.deepEqual(managed.map(({ device }) => device).sort(), network.sort())
  assert.ok(
    links
      .filter(({ carries }) => carries.kind === 'management')
      .every(({ carries }) => carries.kind === 'management' && carries.segment.startsWith('management-')),
  )
})

test('a further network rack changes nothing of how devices are run', () => {
  const run = ({ managed, links }: ReturnType<typeof pod>) => [managed, links.filter(({ carries }) => carries.kind === 'management')]
  assert.deepEqual(run(pod({ racks: { ...RACKS, n00: { role: 'network' } } })), run(pod({})))
})

test('a pod without a network rack is refused', () => {
  assert.throws(() => pod({ racks: { r01: { hosts: { web: 1 } } } }), /no rack has the role network/)
})

test('too few spines for the hosts of a rack are refused, with the number that it takes', () => {
  const racks = { ...RACKS, r01: { hosts: { web: 40 } } }
  assert.throws(() => pod({ racks, spines: 2 }), /40 hosts at 25 Gbps on one leaf over 2 × 100 Gbps exceed 3:1: it takes 4 spines/)
  assert.throws(() => pod({ spines: 1 }), /1 spine leaves none when one is lost: it takes 2/)
})

test('more leaves than a spine has ports are refused, with how many racks a pod has', () => {
  const racks = Object.fromEntries(Array.from({ length: 32 }, (_, n) => [`r${n + 1}`, { hosts: { web: 1 } }]))
  assert.throws(() => pod({ racks: { ...RACKS, ...racks } }), /34 racks have 70 leaves with the borders, and a spine has 64 ports: a pod has up to 31 racks/)
})
