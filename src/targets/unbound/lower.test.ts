/** What becomes of a device's resolver, and that the names of a company are gone through once for all its resolvers. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Device } from '#design/device.ts'
import { cases } from './cases/devices.ts'
import { unbound } from './index.ts'

const device = cases['data-centre']!

test('a device that answers no names, or of another platform, gets nothing', () => {
  const { resolver, ...silent } = device
  assert.equal(unbound.lower(silent), undefined)
  assert.equal(unbound.lower({ ...device, resolver: { ...resolver!, addresses: [] } }), undefined)
  assert.equal(unbound.lower({ ...device, platform: ['linux'] }), undefined)
})

test('resolvers of one company have the same data and the same lines', () => {
  const other: Device = { ...device, resolver: { ...device.resolver!, addresses: ['10.2.0.53'] } }
  const [first, second] = [unbound.lower(device)!, unbound.lower(other)!]
  assert.equal(second.data, first.data)
  const recordsOf = (tree: typeof first) => unbound.print(tree)[0]!.lines.filter(({ text }) => text.includes('local-data-ptr'))
  const lines = recordsOf(first)
  assert(lines.length > 0)
  for (const [index, line] of recordsOf(second).entries()) assert.equal(line, lines[index])
})
