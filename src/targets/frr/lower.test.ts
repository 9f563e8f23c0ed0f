/** The decisions of the lowering that are more than a change of words. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Device } from '#design/device.ts'
import type { BgpInstance, BgpNeighbor, Routing } from '#design/routing.ts'
import { cases } from './cases/devices.ts'
import { frr } from './index.ts'

const edge = cases['office-edge']!

function lowered(change: (routing: Routing) => Partial<Routing>, device: Device = edge) {
  const tree = frr.lower({ ...device, routing: { ...device.routing!, ...change(device.routing!) } })
  assert(tree)
  return tree
}

/** The edge with another first neighbour. */
function withNeighbor(change: Partial<BgpNeighbor>) {
  return lowered(({ bgp }) => ({
    bgp: bgp.map((instance) => ({ ...instance, neighbors: instance.neighbors.map((n, index) => (index ? n : { ...n, ...change })) })),
  }))
}

test('a device has nothing for FRR when it runs another program, or has neither routes nor hosts', () => {
  const { routing: _, ...silent } = edge
  assert.equal(frr.lower({ ...silent, interfaces: [] }), undefined)
  assert.equal(frr.lower({ ...edge, platform: ['linux'] }), undefined)
  assert.deepEqual(
    frr.lower(silent)!.interfaces.map(({ name }) => name),
    ['desks', 'printers'],
  )
})

test('hosts are told the prefixes of the own addresses, once each, and not the link-local one', () => {
  const [desks] = edge.interfaces
  const why = ['x']
  const addresses = ['2001:db8:2::1/64', '2001:db8:1::2/64', '2001:db8:1::1/64', 'fe80::1/64', '10.0.0.1/24'].map((address) => ({ address, why }))
  const told = (managed: boolean) => {
    const advertises = { ...desks!.advertises!, managed }
    return frr.lower({ ...edge, interfaces: [{ ...desks!, addresses, advertises }] })!.interfaces[0]!
  }
  assert.deepEqual(told(false).prefixes, [
    { prefix: '2001:db8:1::/64', autonomous: true },
    { prefix: '2001:db8:2::/64', autonomous: true },
  ])
  assert.deepEqual(
    [true, false].map((managed) => [told(managed).managedConfig, told(managed).otherConfig, told(managed).prefixes[0]!.autonomous]),
    [
      [true, true, false],
      [false, false, true],
    ],
  )
  assert.deepEqual(told(true).resolvers, ['2001:db8:20:20::53', '2001:db8:20:20::54'])
})

test('a BFD profile has its timers in its name, and one that is not there keeps its own', () => {
  const bfd = [{ name: 'wan', intervalMs: 500, multiplier: 4, why: ['x'] }]
  const tree = lowered(() => ({ bfd }))
  assert.deepEqual([tree.bfdProfiles[0]!.name, tree.routers[0]!.neighbors[0]!.bfd], ['wan-500x4', 'wan-500x4'])
  assert.equal(withNeighbor({ bfd: 'gone' }).routers[0]!.neighbors[0]!.bfd, 'gone')
})

test('private AS numbers are taken out towards other ASes only', () => {
  const [first] = withNeighbor({ removePrivateAsns: true }).routers[0]!.ipv4.neighbors
  const [inside] = withNeighbor({ removePrivateAsns: true, asn: edge.routing!.bgp[0]!.asn }).routers[0]!.ipv4.neighbors
  assert.deepEqual([first!.removePrivateAsns, inside!.removePrivateAsns], [true, false])
})

test('a limit holds in each IP family, and not in EVPN, where FRR has none', () => {
  const { ipv4, ipv6, evpn } = withNeighbor({ families: ['ipv4', 'ipv6', 'evpn'], maximumPrefixes: 7 }).routers[0]!
  assert.deepEqual([ipv4.neighbors[0]!.maximumPrefixes, ipv6.neighbors[0]!.maximumPrefixes], [7, 7])
  assert.deepEqual(Object.keys(evpn.neighbors[0]!), ['address', 'why'])
})

test('RFC 8212 stays on while every external session has policies both ways', () => {
  assert.equal(lowered(() => ({})).routers[0]!.requiresPolicy, true)
  const { exportPolicy: _, ...open } = edge.routing!.bgp[0]!.neighbors[0]!
  const neighbors = [open, ...edge.routing!.bgp[0]!.neighbors.slice(1)]
  assert.equal(lowered(({ bgp }) => ({ bgp: bgp.map((instance) => ({ ...instance, neighbors })) })).routers[0]!.requiresPolicy, false)
})

test('a family beside the IP family of the session has no policy, so EVPN turns RFC 8212 off', () => {
  assert.equal(withNeighbor({ families: ['ipv4', 'evpn'] }).routers[0]!.requiresPolicy, false)
})

test('a policy that prepends becomes a map for each AS number that uses it', () => {
  const tree = lowered(({ bgp }) => ({ bgp: [...bgp, { ...bgp[0]!, vrf: 'guest', asn: 65001 } satisfies BgpInstance] }))
  const prepends = tree.routeMaps.filter(({ name }) => name.startsWith('site-out-backup')).map(({ name, entries }) => [name, entries[0]!.prepend])
  assert.deepEqual(prepends, [
    ['site-out-backup-4200003201', [4200003201, 4200003201]],
    ['site-out-backup-65001', [65001, 65001]],
  ])
  assert.equal(tree.routers[1]!.ipv4.neighbors.find(({ address }) => address === '192.0.2.5')?.out, 'site-out-backup-65001')
  assert.equal(tree.routers[1]!.ipv4.neighbors.find(({ address }) => address === '192.0.2.1')?.out, 'site-out')
})

test('lengths of a prefix list: nothing is exactly it, ge alone is that length alone', () => {
  const lengths = (ge?: number, le?: number) => {
    const entry = { sequence: 5, action: 'permit' as const, prefix: '10.0.0.0/8', why: ['x'], ...(ge ? { ge } : {}), ...(le ? { le } : {}) }
    const { from, to } = lowered(() => ({ prefixLists: [{ name: 'l', family: 4, entries: [entry], why: ['x'] }] })).prefixLists[0]!.entries[0]!
    return [from, to]
  }
  assert.deepEqual(
    [lengths(), lengths(24), lengths(undefined, 24), lengths(16, 24)],
    [
      [8, 8],
      [24, 24],
      [8, 24],
      [16, 24],
    ],
  )
})

test('a list and a policy without entries deny', () => {
  const tree = lowered(() => ({
    prefixLists: [{ name: 'none', family: 6, entries: [], why: ['x'] }],
    policies: [{ name: 'nothing', entries: [], why: ['x'] }],
  }))
  assert.deepEqual(
    tree.prefixLists[0]!.entries.map(({ action, prefix, from, to }) => [action, prefix, from, to]),
    [['deny', '::/0', 0, 128]],
  )
  assert.deepEqual(
    tree.routeMaps[0]!.entries.map(({ action }) => action),
    ['deny'],
  )
})

test('a summary of one host is none: FRR refuses the line, and nothing could contribute', () => {
  const tree = lowered(({ bgp }) => ({
    bgp: bgp.map((b) => ({
      ...b,
      ipv4: {
        ...b.ipv4,
        aggregates: [
          { prefix: '10.0.0.1/32', why: ['x'] },
          { prefix: '10.0.0.0/31', why: ['x'] },
        ],
      },
    })),
  }))
  assert.deepEqual(
    tree.routers[0]!.ipv4.aggregates.map(({ prefix }) => prefix),
    ['10.0.0.0/31'],
  )
})

test('a description is one line that the shell passes on', () => {
  assert.equal(withNeighbor({ description: ' colt | 2nd\n floor ' }).routers[0]!.neighbors[0]!.description, 'colt / 2nd floor')
  assert.equal('description' in withNeighbor({ description: ' ' }).routers[0]!.neighbors[0]!, false)
})

test('what a host sends by routes of BGP is from its own address, and a router sends from that of the link', () => {
  const lo = { kind: 'loopback', name: 'lo', id: 'bos1/web/lo', description: 'loopback', mtu: 65536, why: ['x'] } as const
  const addresses = ['10.1.0.1/32', '2001:db8::1/128', '10.1.0.2/32'].map((address) => ({ address, why: ['x'] }))
  const host = lowered(() => ({}), { ...edge, forwards: false, interfaces: [{ ...lo, addresses }] })
  assert.deepEqual(host.protocolMaps, { ipv4: 'own-source-v4', ipv6: 'own-source-v6' })
  assert.deepEqual(
    host.routeMaps.slice(-2).map(({ entries }) => entries[0]!.source),
    ['10.1.0.1', '2001:db8::1'],
  )
  const files = new Map(frr.print(host).map(({ path, lines }) => [path, lines.map(({ text }) => `${text}\n`).join('')]))
  const read = frr.parse(files)
  assert(read.ok, JSON.stringify(read.diagnostics))
  assert.deepEqual(read.value.protocolMaps, host.protocolMaps)
  assert.deepEqual(lowered(() => ({})).protocolMaps, {})
})
