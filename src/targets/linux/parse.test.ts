/** Reading back: what is printed for any device comes back, and what is not printed is refused. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { showIp } from '#base/ip.ts'
import type { Device } from '#design/device.ts'
import type { Interface } from '#design/interface.ts'
import type { StaticRoute } from '#design/routing.ts'
import { textOf } from '../target.ts'
import { withoutWhys } from '../without-whys.ts'
import { cases } from './cases/devices.ts'
import { linux } from './index.ts'
import type { LinuxTree } from './tree.ts'

const why = ['ask somewhere']

const address4 = fc.bigInt(0n, 2n ** 32n - 1n).map((value) => showIp({ family: 4, value }))
const address6 = fc.bigInt(0n, 2n ** 128n - 1n).map((value) => showIp({ family: 6, value }))
const address = fc.oneof(address4, address6)
const onInterface = fc.oneof(
  fc.tuple(address4, fc.integer({ min: 0, max: 32 })).map(([ip, length]) => `${ip}/${length}`),
  fc.tuple(address6, fc.integer({ min: 0, max: 128 })).map(([ip, length]) => `${ip}/${length}`),
)
const name = fc.stringMatching(/^[a-z][a-z0-9._-]{0,14}$/).filter((one) => one !== 'lo')

/** The kinds in an order in which each may refer to those before it. */
function interfaces(names: readonly string[], vrfs: readonly string[]): fc.Arbitrary<Interface[]> {
  const split = Math.ceil(names.length / 3)
  const [bridges, ports, rest] = [names.slice(0, split), names.slice(split, 2 * split), names.slice(2 * split)]
  const common = (one: string, masters: Record<string, fc.Arbitrary<unknown>>) => ({
    name: fc.constant(one),
    id: fc.constant(`site/device/${one}`),
    description: fc.string({ unit: 'grapheme', maxLength: 300 }),
    mtu: fc.integer({ min: 1280, max: 65535 }),
    addresses: fc.uniqueArray(onInterface, { maxLength: 3 }).map((all) => all.map((text) => ({ address: text, why }))),
    why: fc.constant(why),
    ...masters,
  })
  const maybe = (choices: readonly string[]) => (choices.length > 0 ? fc.option(fc.constantFrom(...choices), { nil: undefined }) : fc.constant(undefined))
  const inVrf = { vrf: maybe(vrfs) }
  const inAny = { vrf: maybe(vrfs), bridge: maybe(bridges) }
  const lo = fc.record({ ...common('lo', {}), kind: fc.constant('loopback' as const) })
  const bridge = (one: string) =>
    fc.record({ ...common(one, inVrf), kind: fc.constant('bridge' as const), mac: fc.option(fc.constant('02:00:0a:01:ff:0b'), { nil: undefined }) })
  const guard = fc.record({ stormFramesPerSecond: fc.constant(500), authenticated: fc.boolean(), why: fc.constant(why) })
  const port = (one: string) =>
    fc.record({ ...common(one, inAny), kind: fc.constant('physical' as const), speed: fc.constant(1e9), guard: fc.option(guard, { nil: undefined }) })
  // A port is a member of one LAG at most.
  const lag = (one: string) => {
    const mine = ports.filter((_, index) => index % rest.length === rest.indexOf(one))
    return fc.record({
      ...common(one, inAny),
      kind: fc.constant('lag' as const),
      members: fc.subarray(mine, { minLength: Math.min(1, mine.length) }),
      mode: mine.length === 0 ? fc.constant(undefined) : fc.constantFrom(undefined, 'lacp' as const, 'active-standby' as const),
    })
  }
  const other = (one: string) =>
    fc.oneof(
      fc.record({ ...common(one, inVrf), kind: fc.constant('loopback' as const) }),
      lag(one),
      fc.record({ ...common(one, inAny), kind: fc.constant('vxlan' as const), vni: fc.nat(2 ** 24 - 1), local: address }),
      fc.record({ ...common(one, inAny), kind: fc.constant('tunnel' as const), local: address, remote: address }),
      fc.record({
        ...common(one, inVrf),
        kind: fc.constant('wireguard' as const),
        privateKey: fc.constant('site/device/wireguard'),
        port: fc.integer({ min: 1, max: 65535 }),
        peer: fc.constant({ name: 'other/device', publicKey: 'xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=', why }),
      }),
      fc.record({
        ...common(one, inAny),
        kind: fc.constant('vlan' as const),
        parent: fc.constantFrom(...names.slice(0, names.indexOf(one))),
        vid: fc.integer({ min: 1, max: 4094 }),
      }),
    )
  return fc
    .tuple(lo, ...bridges.map(bridge), ...ports.map(port), ...rest.map(other))
    .chain((all) => fc.shuffledSubarray(all, { minLength: all.length })) as unknown as fc.Arbitrary<Interface[]>
}

const route = (vrfs: readonly string[]): fc.Arbitrary<StaticRoute> =>
  fc
    .tuple(fc.boolean(), fc.option(fc.constantFrom('', ...vrfs), { nil: '' }), address4, address6, fc.boolean(), fc.nat(3))
    .map(([six, vrf, hop4, hop6, discard, which]) => ({
      prefix: six ? ['::/0', '2001:db8::/32', 'fd00::/8', '2001:db8::1/128'][which]! : ['0.0.0.0/0', '10.0.0.0/8', '192.0.2.0/24', '192.0.2.1/32'][which]!,
      ...(vrf === '' ? {} : { vrf }),
      via: discard ? 'discard' : { address: six ? hop6 : hop4 },
      why,
    }))

const device: fc.Arbitrary<Device> = fc
  .tuple(fc.uniqueArray(name, { minLength: 3, maxLength: 14 }), fc.nat(3), fc.boolean(), fc.boolean())
  .chain(([names, vrfCount, forwards, frr]) => {
    const vrfs = names.slice(0, Math.min(vrfCount, names.length - 3))
    return fc.record({
      kind: fc.constant('device' as const),
      id: fc.constant('site/device'),
      site: fc.constant('site'),
      name: fc.constant('device'),
      role: fc.constant('router'),
      model: fc.constant('server'),
      platform: fc.constant(frr ? ['linux', 'frr'] : ['linux']),
      status: fc.constant('active' as const),
      hostname: fc.constant('device.site.example'),
      forwards: fc.constant(forwards),
      interfaces: interfaces(names.slice(vrfs.length), vrfs),
      vrfs: fc.constant(vrfs.map((vrf, index) => ({ name: vrf, table: 1000 + index, why }))),
      routing: fc.record({ statics: fc.array(route(vrfs), { maxLength: 6 }), prefixLists: fc.constant([]), policies: fc.constant([]), bgp: fc.constant([]) }),
      why: fc.constant(why),
    }) as fc.Arbitrary<Device>
  })

function filesOf(tree: LinuxTree): Map<string, string> {
  return new Map(linux.print(tree).map((file) => [file.path, textOf(file)]))
}

test('what is printed for any device comes back, and every line has a why', () => {
  fc.assert(
    fc.property(device, (one) => {
      const tree = linux.lower(one)!
      const back = linux.parse(filesOf(tree))
      assert.deepEqual(back.diagnostics, [])
      assert(back.ok)
      assert.deepEqual(back.value, withoutWhys(tree))
      for (const { lines } of linux.print(tree)) for (const line of lines) assert(line.why.length > 0 && !/[\n\r]/.test(line.text), line.text)
    }),
  )
})

/** What is said of a case with one line of a file replaced, removed or (when none is named) added. */
function refusals(file: string, line: string | undefined, by?: string, name = 'leaf'): string[] {
  const files = filesOf(linux.lower(cases[name]!)!)
  const lines = files.get(file)!.split('\n')
  if (line === undefined) lines.push(by!)
  else {
    assert(lines.includes(line), line)
    lines.splice(lines.indexOf(line), 1, ...(by === undefined ? [] : [by]))
  }
  return linux.parse(files.set(file, lines.join('\n'))).diagnostics.map(({ code, value }) => (value === undefined ? code : `${code}: ${value}`))
}

test('lines that are never printed are refused', () => {
  for (const line of [
    'link set dev swp1 promisc on',
    'link set dev swp1 mtu 09000',
    'link  set dev swp1 nomaster',
    'link set dev swp1 alias "a" # b',
    'link set dev swp1 mtu 9000',
    'link add name br110 type bridge stp_state 0',
    'address add 10.0.0.01/24 dev swp1',
    'address add 2001:DB8::1/64 dev swp1 nodad',
    'route add 10.0.0.0/8 via 2001:db8::1',
    'route add 10.0.0.1/8 via 10.1.128.0',
    'route add vrf nosuch 10.0.0.0/8 via 10.1.128.0',
    'link set dev a-name-of-16-char up',
  ])
    assert.deepEqual(refusals('network.ip', undefined, line), [`linux-unknown-line: ${line}`])
  assert.deepEqual(refusals('sysctl.conf', 'net.ipv4.ip_forward = 1', 'net.ipv4.ip_forward = 2'), ['linux-unknown-line: net.ipv4.ip_forward = 2'])
  assert.deepEqual(refusals('sysctl.conf', undefined, 'kernel.panic = 1'), ['linux-unknown-line: kernel.panic = 1'])
  assert.deepEqual(refusals('rules.ip', undefined, 'rule del pref 0'), ['linux-unknown-line: rule del pref 0'])
  assert.deepEqual(refusals('hostname', undefined, 'another'), ['linux-unknown-line: another'])
})

test('a refused line is named with its place', () => {
  const files = filesOf(linux.lower(cases.server!)!).set('hostname', 'web-1\nweb-2\n')
  assert.deepEqual(linux.parse(files).diagnostics[0], {
    code: 'linux-unknown-line',
    severity: 'error',
    message: 'Line 2 of hostname is not one that Netwright prints there: web-2.',
    fix: 'change the design and build again, instead of the printed file.',
    place: { file: 'hostname', line: 2, column: 1 },
    value: 'web-2',
  })
})

test('a port that is preferred is a member, and its bond is as printed', () => {
  const bond = 'link add name bond0 type bond mode active-backup miimon 100 primary eth2 primary_reselect failure'
  const refused = (line: string, by?: string) => refusals('network.ip', line, by, 'gateway')
  assert.deepEqual(refused(bond, bond), [])
  assert.deepEqual(refused(bond, bond.replace('eth2', 'eth0')), ['linux-missing-line'])
  assert.deepEqual(refused('link set dev eth2 master bond0'), ['linux-missing-line'])
  assert.match(refused(bond, bond.replace('failure', 'always'))[0]!, /^linux-unknown-line: .* primary_reselect always$/)
  assert.match(refused(bond, bond.replace(' primary eth2 primary_reselect failure', ''))[0]!, /^linux-unknown-line: /)
})

test('a WireGuard link has no link-local address, and nothing beside its name', () => {
  assert.deepEqual(refusals('network.ip', 'link set dev wg-bos1 addrgenmode none', undefined, 'gateway'), ['linux-missing-line'])
  const made = 'link add name wg-bos1 type wireguard'
  assert.deepEqual(refusals('network.ip', made, `${made} listen-port 51820`, 'gateway'), [`linux-unknown-line: ${made} listen-port 51820`])
})

test('a file that lost a line or is not there is refused', () => {
  assert.deepEqual(refusals('network.ip', 'link set dev swp1 up'), ['linux-missing-line'])
  assert.deepEqual(refusals('network.ip', 'link set dev swp1 mtu 1500'), ['linux-missing-line'])
  assert.deepEqual(refusals('network.ip', 'route add vrf web unreachable ::/0 metric 4278198272'), ['linux-missing-line'])
  assert.deepEqual(refusals('rules.ip', 'rule del pref 0'), ['linux-missing-line'])
  assert.deepEqual(refusals('sysctl.conf', 'net.ipv4.ip_forward = 1'), ['linux-missing-line'])
  assert.deepEqual(
    linux.parse(new Map()).diagnostics.map(({ message }) => message),
    ['hostname', 'sysctl.conf', 'network.ip'].map((file) => `The file ${file} is missing among the printed files of the device.`),
  )
})
