/** What kernels, zebra and computations say of routes, in words that are compared. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { differenceOf, isForMacs, zebraRoutes } from './routes.ts'

test('zebra is heard: what is selected and believed to be in the kernel, of both families, with the ends of tunnels', () => {
  const said: Record<string, unknown> = {
    'show ip route vrf web json': {
      '10.0.0.0/8': [
        { nexthops: [{ fib: true, interfaceName: 'eth9' }] },
        {
          selected: true,
          nexthops: [
            { fib: true, interfaceName: 'br10001', ip: '10.1.0.2', onLink: true },
            { fib: true, interfaceName: 'br10001', ip: '10.1.0.1', onLink: true },
            { interfaceName: 'eth1', ip: '10.1.0.3' },
          ],
        },
      ],
      '192.0.2.0/24': [{ selected: true, nexthops: [{ fib: true, blackhole: true }] }],
      '198.51.100.0/24': [{ selected: true, nexthops: [{ interfaceName: 'eth1' }] }],
    },
    'show ipv6 route vrf web json': { '::/0': [{ selected: true, nexthops: [{ fib: true, interfaceName: 'br10001', ip: '::ffff:10.1.0.2', onLink: true }] }] },
  }
  assert.deepEqual(
    [...zebraRoutes((command) => JSON.stringify(said[command]), 'web')!],
    [
      ['10.0.0.0/8', 'br10001 in 10.1.0.1 br10001 in 10.1.0.2'],
      ['192.0.2.0/24', 'blackhole'],
      ['::/0', 'br10001 in 10.1.0.2'],
    ],
  )
})

test('a next hop that the kernel lost is told, with what zebra still believes', () => {
  const both = new Map([['10.0.0.0/8', 'eth1 eth2']])
  assert.equal(differenceOf('a', both, both), undefined)
  assert.equal(
    differenceOf('a', new Map([['10.0.0.0/8', 'eth1']]), both, () => both),
    'a 10.0.0.0/8: the kernel has eth1, computed is eth1 eth2, zebra says eth1 eth2',
  )
  assert.equal(
    zebraRoutes(() => undefined, ''),
    undefined,
  )
  assert.match(differenceOf('a', new Map(), both, () => undefined)!, /, zebra does not answer$/)
})

test('MAC addresses alone are missing where all else is as computed', () => {
  const computed = new Map([
    ['10.0.0.0/8', 'br1 in 10.1.0.1 br1 in 10.1.0.2'],
    ['192.0.2.0/24', 'eth1'],
  ])
  const lost: [string, string] = ['10.0.0.0/8', 'br1 in 10.1.0.1 that it has no MAC address of br1 in 10.1.0.2']
  assert.equal(isForMacs(new Map([lost, ['192.0.2.0/24', 'eth1']]), computed), true)
  assert.equal(isForMacs(new Map([lost, ['192.0.2.0/24', 'eth2']]), computed), false)
  assert.equal(isForMacs(new Map([lost]), computed), false)
})
