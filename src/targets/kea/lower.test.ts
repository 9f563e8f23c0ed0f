/** The decisions of the lowering that are more than a change of words. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Device } from '#design/device.ts'
import { cases } from './cases/devices.ts'
import { kea } from './index.ts'

const primary = cases['office-primary']!

function lowered(device: Device) {
  const tree = kea.lower(device)
  assert(tree)
  return tree
}

test('a device that hands out no addresses, or by another program, has nothing for Kea', () => {
  const { dhcp: _, ...silent } = primary
  assert.equal(kea.lower(silent), undefined)
  assert.equal(kea.lower({ ...primary, platform: ['linux'] }), undefined)
})

test('requests are answered from the own address in the subnet; without one from whatever the interface has', () => {
  const [staff] = primary.interfaces
  const [elsewhere, own] = ['192.0.2.1/24', staff!.addresses[0]!.address].map((address) => ({ address, why: ['x'] }))
  const answersFrom = (addresses: readonly { address: string; why: readonly string[] }[]) =>
    lowered({ ...primary, interfaces: [{ ...staff!, addresses }] }).v4.networks[0]!.address
  assert.equal(answersFrom([elsewhere!, own!]), '10.32.0.2')
  assert.equal(answersFrom([]), undefined)
})

test('a segment that has grown is one network, each prefix with a number and a gateway of its own; the number of the first stays', () => {
  const guests = lowered(primary).v4.networks.find(({ name }) => name === 'guests')!
  const routers = guests.subnets.map(({ id, prefix, options }) => [id, prefix, ...options.flatMap(({ values }) => values)])
  assert.deepEqual(routers, [
    [30, '10.32.8.0/29', '10.32.8.1'],
    [4126, '10.32.10.0/23', '10.32.10.1'],
  ])
})

test('each family is told of what it can reach; nothing is told of what is not there', () => {
  const options = (device: Device) =>
    [lowered(device).v4, lowered(device).v6].map((server) => server.options.map(({ name, values }) => `${name} ${values.join(' ')}`))
  assert.deepEqual(options(cases['small-office']!), [
    ['domain-name cam1.harborpine.example', 'domain-search cam1.harborpine.example'],
    ['dns-servers 2001:db8:1::53', 'domain-search cam1.harborpine.example'],
  ])
})

test('times of a lease are whole seconds in order, however short it is', () => {
  for (const leaseSeconds of [7, 3600, 86_399]) {
    const dhcp = { ...primary.dhcp!, segments: [{ ...primary.dhcp!.segments[0]!, leaseSeconds }] }
    const { v4, v6 } = lowered({ ...primary, dhcp })
    for (const { renewTimer, rebindTimer, preferredLifetime = leaseSeconds, validLifetime } of [...v4.networks, ...v6.networks]) {
      const times = [renewTimer, rebindTimer, preferredLifetime, validLifetime]
      assert(times.every(Number.isInteger))
      assert.deepEqual(
        times.toSorted((a, b) => a - b),
        times,
      )
    }
  }
})
