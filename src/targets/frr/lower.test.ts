/** The decisions of the lowering that are more than a change of words. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BgpInstance, BgpNeighbor, Device, Routing } from '#design/device.ts'
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

test('a device without routing has nothing for FRR', () => {
  const { routing: _, ...silent } = edge
  assert.equal(frr.lower(silent), undefined)
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
