/** Which lines of the printed cases of target linux are given to the kernel as they are, and what becomes of the others. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { translate } from './translate.ts'

const cases = join(import.meta.dirname, '../../src/targets/linux/cases')
const printed = (name: string) => readFileSync(join(cases, name, 'network.ip'), 'utf8')
const namespaceOf = (vrf: string) => `leaf@${vrf}`

for (const name of ['leaf', 'firewall', 'access-switch', 'server']) {
  test(`a kernel that has everything is told ${name} as it is printed`, () => {
    const { vrfs, vlans, steps } = translate(printed(name), { vlan: true, vrf: true, wireguard: true }, namespaceOf)
    assert.deepEqual([vrfs, vlans], [[], []])
    const lines = printed(name)
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
    assert.deepEqual(
      steps.flatMap((step) => [...step.values()].flat()),
      lines,
    )
  })
}

const NETWORK = `
# a comment
link add name red type vrf table 10
link add name br7 type bridge stp_state 0
link add name br100 type bridge stp_state 0
link add name vx100 type vxlan id 100 local 10.0.0.1 dstport 4789 nolearning
link add link swp1 name swp1.7 type vlan id 7
link set dev swp1 mtu 1500
link set dev swp2 master br7
link set dev br7 master red
link set dev br100 master red
link set dev vx100 master br100
link set dev swp1.7 master red
address add 10.1.0.1/31 dev swp1.7
link set dev red up
route add vrf red unreachable 0.0.0.0/0 metric 4278198272
link set dev swp1 up
link set dev swp2 up
link set dev swp1.7 up
route add 0.0.0.0/0 via 10.9.0.1
`

test('a kernel without VLANs and VRFs has a namespace for each VRF and lets others make its VLANs', () => {
  const { vrfs, ports, vlans, steps } = translate(NETWORK, { vlan: false, vrf: false, wireguard: false }, namespaceOf)
  assert.deepEqual(vrfs, ['red'])
  assert.deepEqual(ports, [
    { name: 'swp1', vrf: '' },
    { name: 'swp2', vrf: 'red' },
  ])
  assert.deepEqual(vlans, [{ name: 'swp1.7', vrf: 'red', parent: 'swp1', vid: 7 }])
  assert.deepEqual(
    steps.map((step) => Object.fromEntries(step)),
    [
      {
        '': ['link add name vx100 type vxlan id 100 local 10.0.0.1 dstport 4789 nolearning', 'link set dev vx100 netns leaf@red'],
        red: ['link add name br7 type bridge stp_state 0', 'link add name br100 type bridge stp_state 0'],
      },
      {
        '': ['link set dev swp1 mtu 1500', 'link set dev swp1 up', 'route add 0.0.0.0/0 via 10.9.0.1'],
        red: [
          'link set dev swp2 master br7',
          'link set dev vx100 master br100',
          'address add 10.1.0.1/31 dev swp1.7',
          'link set dev lo up',
          'route add unreachable 0.0.0.0/0 metric 4278198272',
          'link set dev swp2 up',
          'link set dev swp1.7 up',
        ],
      },
    ],
  )
})

test('a kernel with VLANs only makes them beside their port and moves them', () => {
  const { vlans, steps } = translate(NETWORK, { vlan: true, vrf: false, wireguard: false }, namespaceOf)
  assert.deepEqual(vlans, [])
  assert.deepEqual(steps[0]!.get('')!.slice(2), ['link add link swp1 name swp1.7 type vlan id 7', 'link set dev swp1.7 netns leaf@red'])
})

test('a kernel without WireGuard has its tunnels made by others, and tells them what is printed', () => {
  const { tunnels, ports, steps } = translate(
    'link add name wg1 type wireguard\nlink set dev wg1 mtu 1420\nlink set dev wg1 up\n',
    { vlan: true, vrf: true, wireguard: false },
    namespaceOf,
  )
  assert.deepEqual([tunnels, ports], [['wg1'], []])
  assert.deepEqual(
    steps.map((step) => step.get('')),
    [[], ['link set dev wg1 mtu 1420', 'link set dev wg1 up']],
  )
})

test('what no translation knows is refused', () => {
  assert.throws(() => translate('neigh add 10.0.0.1 dev swp1\n', { vlan: false, vrf: false, wireguard: false }, namespaceOf), /no translation for: neigh add/)
})
