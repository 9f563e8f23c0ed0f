/**
 * Real packets through the printed filter: machines are network namespaces. Nothing waits for a time: what must happen is waited for, and what must not shows in
 * counters and in what the server has heard.
 */
import assert from 'node:assert/strict'
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { Device } from '#design/device.ts'
import type { Filter } from '#design/filter.ts'
import { textOf } from '../target.ts'
import { deviceWith } from './cases/devices.ts'
import { any, icmp, local, mark, pair, rule, set, tcp, udp, zone } from './cases/parts.ts'
import { nftables } from './index.ts'

const skip = process.getuid?.() === 0 ? false : 'network namespaces need root'
const options = { skip, timeout: 60_000 }

/** Something that a program in a namespace says, line by line. */
interface Talker {
  /** Every line so far, in order. */
  readonly said: readonly string[]
  /** Until all of these lines have been said. */
  until(...lines: string[]): Promise<void>
}

/** Namespaces that are gone after the test. */
function network(context: TestContext, ...roles: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'nwnft-'))
  const name = (role: string) => `nwnft-${process.pid}-${role}`
  const run = (command: string, ...args: string[]) => execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  const within = (role: string, command: string) => run('ip', 'netns', 'exec', name(role), ...command.split(' '))
  const talkers: ReturnType<typeof spawn>[] = []
  context.after(() => {
    for (const talker of talkers) talker.kill()
    for (const role of roles) spawnSync('ip', ['netns', 'delete', name(role)])
    rmSync(folder, { recursive: true })
  })
  assert.equal(spawnSync('nft', ['--version']).error, undefined, 'nft is missing: apt-get install nftables')
  for (const role of roles) {
    run('ip', 'netns', 'add', name(role))
    within(role, 'ip link set lo up')
  }
  return {
    within,
    /** A cable; each end has its addresses from the start. */
    wire(...ends: readonly (readonly [role: string, port: string, ...addresses: string[]])[]) {
      const [[a, portA], [b, portB]] = ends as [(typeof ends)[number], (typeof ends)[number]]
      run('ip', 'link', 'add', portA, 'netns', name(a), 'type', 'veth', 'peer', 'name', portB, 'netns', name(b))
      for (const [role, port, ...addresses] of ends) {
        for (const address of addresses) within(role, `ip address add ${address} dev ${port}${address.includes(':') ? ' nodad' : ''}`)
        within(role, `ip link set ${port} up`)
      }
    },
    forward: (role: string) => within(role, 'sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1'),
    load(role: string, device: Device) {
      for (const file of nftables.print(nftables.lower(device)!)) {
        const path = join(folder, file.path)
        writeFileSync(path, textOf(file))
        within(role, `nft -f ${path}`)
      }
    },
    /** Loads rules of the test's own. */
    rules(role: string, text: string) {
      const path = join(folder, `${role}.nft`)
      writeFileSync(path, text)
      within(role, `nft -f ${path}`)
    },
    /** The numbers of packets that the counters of a chain have seen, in order. */
    counters: (role: string, chain: string, table = 'netwright') =>
      [...within(role, `nft list chain inet ${table} ${chain}`).matchAll(/counter packets (\d+)/g)].map(([, packets]) => Number(packets)),
    /** Echo requests go on until one is answered: links and neighbours are ready then. */
    reach: (role: string, host: string, ...more: string[]) => within(role, `ping -q -c 1 -w 20 -i 0.2 ${[...more, host].join(' ')}`),
    /** A program that talks. */
    talk(role: string, script: string, ...args: string[]): Talker {
      const talker = spawn('ip', ['netns', 'exec', name(role), process.execPath, '-e', script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
      talkers.push(talker)
      const said: string[] = []
      let rest = ''
      let check = () => {}
      talker.stdout.on('data', (data: Buffer) => {
        const lines = `${rest}${data}`.split('\n')
        rest = lines.pop()!
        said.push(...lines)
        check()
      })
      return {
        said,
        until: (...lines) =>
          new Promise((done, failed) => {
            check = () => lines.every((line) => said.includes(line)) && done()
            talker.on('close', () => failed(new Error(`ended, having said: ${said.join(', ')}`)))
            check()
          }),
      }
    },
  }
}

/** Listens on the ports, `udp/5001`, says who comes, `udp 5001 from ADDRESS`, and answers, but for `udp/5001/mute`. */
const SERVER = `
const say = (what) => process.stdout.write(what + '\\n')
const ports = process.argv.slice(1)
let open = 2 * ports.length
const ready = () => { if (--open === 0) say('ready') }
for (const host of ['0.0.0.0', '::'])
  for (const [protocol, port, mute] of ports.map((text) => text.split('/'))) {
    if (protocol === 'tcp') require('node:net').createServer((s) => { say('tcp ' + port + ' from ' + s.remoteAddress); s.end() }).listen({ host, port, ipv6Only: host === '::' }, ready)
    else {
      const socket = require('node:dgram').createSocket({ type: host === '::' ? 'udp6' : 'udp4', ipv6Only: host === '::' })
      socket.on('message', (_, from) => { say('udp ' + port + ' from ' + from.address); mute || socket.send('pong', from.port, from.address) })
      socket.bind(Number(port), host, ready)
    }
  }
`

/** Tries things at once, each 'tcp/PORT/HOST' or 'udp/PORT/HOST', from an address of its own if one follows; says which were answered. */
const CLIENT = `
const say = (what) => process.stdout.write(what + '\\n')
for (const wish of process.argv.slice(1)) {
  const [protocol, port, host, localAddress] = wish.split('/')
  if (protocol === 'tcp') require('node:net').connect({ host, port, localAddress }).on('connect', () => say(wish)).on('error', (error) => say(wish + ' ' + error.code))
  else {
    const socket = require('node:dgram').createSocket(host.includes(':') ? 'udp6' : 'udp4').on('message', () => say(wish))
    socket.bind(0, localAddress, () => socket.send('ping', port, host))
  }
}
`

test('the kernel passes what the filter accepts and drops the rest', options, async (context) => {
  const lab = network(context, 'client', 'fw', 'server')
  // Clients of the first address reach the server on TCP 8000 and UDP 5000–5001 and by ICMP; the firewall itself takes TCP 179 from it.
  const filter: Filter = {
    transit: 'filtered',
    zones: [zone('lan', ['lan0.10']), zone('dmz', ['dmz0'])],
    sets: [set('clients', '10.1.0.2/32', '2001:db8:1::2/128'), set('servers', '10.2.0.0/24', '2001:db8:2::/64')],
    pairs: [pair('lan', 'dmz', rule('r', 'clients', 'servers', [tcp(8000), udp(5000, 5001), icmp]))],
    local: [local('lan0.10', '10.1.0.2', tcp(179)), local('lan0.10', '2001:db8:1::/64', tcp(179))],
    why: ['policy test'],
  }
  lab.wire(['client', 'eth0', '10.1.0.2/24', '10.1.0.3/24', '2001:db8:1::2/64', '2001:db8:1::3/64'], ['fw', 'lan0.10', '10.1.0.1/24', '2001:db8:1::1/64'])
  lab.wire(['server', 'eth0', '10.2.0.2/24', '2001:db8:2::2/64'], ['fw', 'dmz0', '10.2.0.1/24', '2001:db8:2::1/64'])
  for (const [role, subnet] of [
    ['client', 1],
    ['server', 2],
  ] as const) {
    lab.within(role, `ip route add default via 10.${subnet}.0.1`)
    lab.within(role, `ip -6 route add default via 2001:db8:${subnet}::1`)
  }
  lab.forward('fw')
  lab.load('fw', deviceWith(filter))
  for (const host of ['10.1.0.1', '10.2.0.2', '2001:db8:1::1', '2001:db8:2::2'])
    lab.reach('client', host, '-I', host.includes(':') ? '2001:db8:1::2' : '10.1.0.2')
  const server = lab.talk('server', SERVER, 'tcp/8000', 'tcp/8001', 'udp/5001', 'udp/5002')
  await server.until('ready')

  const dropped = (chain: string) => lab.counters('fw', chain).at(-1)!
  for (const [host, gateway, own, stranger] of [
    ['10.2.0.2', '10.1.0.1', '10.1.0.2', '10.1.0.3'],
    ['2001:db8:2::2', '2001:db8:1::1', '2001:db8:1::2', '2001:db8:1::3'],
  ] as const) {
    const before = [dropped('forward'), dropped('input')] as const
    const denied = [
      `tcp/8001/${host}/${own}`,
      `tcp/8000/${host}/${stranger}`,
      `udp/5002/${host}/${own}`,
      `udp/5001/${host}/${stranger}`,
      `tcp/22/${gateway}/${own}`,
    ]
    // Nothing listens on the firewall: its answer shows that the packet came in.
    const allowed = [`tcp/8000/${host}/${own}`, `udp/5001/${host}/${own}`]
    const client = lab.talk('client', CLIENT, ...denied, ...allowed, `tcp/179/${gateway}/${own}`)
    await client.until(...allowed, `tcp/179/${gateway}/${own} ECONNREFUSED`)
    assert.equal(client.said.length, 3)
    // Two TCP connections and two datagrams on the way, and a connection to the firewall itself.
    while (dropped('forward') < before[0] + 4 || dropped('input') < before[1] + 1) await new Promise(setImmediate)
  }
  // A zone pair without rules: nothing new from the server to the client, although its answers passed.
  const before = dropped('forward')
  assert.throws(() => lab.within('server', 'ping -q -c 1 -W 0.2 10.1.0.2'))
  assert.equal(dropped('forward'), before + 1)
  assert.deepEqual(
    server.said.filter((line) => !/^ready$|^(tcp 8000|udp 5001) from (10\.1\.0\.2|2001:db8:1::2)$/.test(line)),
    [],
  )
})

test('sources are checked, marked and translated, and hosts without an address can still get one', options, async (context) => {
  const lab = network(context, 'client', 'guest', 'fw', 'server')
  const why = ['policy test']
  const filter: Filter = {
    transit: 'filtered',
    zones: [zone('guests', ['lan1'], { sources: 'guests' }), zone('lan', ['lan0'], { sources: 'lan' }), zone('wan', ['wan0'], { refuses: 'inside' })],
    sets: [
      set('guests', '10.3.0.0/24', '2001:db8:3::/64'),
      set('inside', '10.0.0.0/8', '2001:db8:1::/64', '2001:db8:3::/64'),
      set('lan', '10.1.0.0/24', '2001:db8:1::/64'),
    ],
    pairs: [pair('lan', 'wan', rule('out', any, any, [])), pair('wan', 'lan', rule('in', any, any, []))],
    local: [local('lan1', any, udp(67)), local('lan1', any, udp(547))],
    nat: [{ interface: 'wan0', from: 'lan', v4: '203.0.113.5', v6: '2001:db8:ffff::5', why }],
    marks: [mark('lan0', 'ef', udp(17000))],
    why,
  }
  lab.forward('fw')
  lab.load('fw', deviceWith(filter))
  lab.wire(['client', 'eth0', '10.1.0.2/24', '2001:db8:1::2/64'], ['fw', 'lan0', '10.1.0.1/24', '2001:db8:1::1/64'])
  lab.wire(['guest', 'eth0'], ['fw', 'lan1', '10.3.0.1/24', '2001:db8:3::1/64'])
  lab.wire(['server', 'eth0', '192.0.2.2/24', '2001:db8:2::2/64'], ['fw', 'wan0', '192.0.2.1/24', '2001:db8:2::1/64'])
  for (const [role, v4, v6] of [
    ['client', '10.1.0.1', '2001:db8:1::1'],
    ['server', '192.0.2.1', '2001:db8:2::1'],
  ] as const) {
    lab.within(role, `ip route add default via ${v4}`)
    lab.within(role, `ip -6 route add default via ${v6}`)
  }
  for (const host of ['192.0.2.2', '2001:db8:2::2']) lab.reach('client', host)
  for (const host of ['10.1.0.2', '2001:db8:1::2']) lab.reach('server', host)
  const dropped = () => lab.counters('fw', 'strangers').at(-1)!

  // Whoever opens a connection is seen under the translated address, and has its answers.
  const server = lab.talk('server', SERVER, 'tcp/8000', 'udp/17000', 'udp/17001')
  await server.until('ready')
  const wishes = ['192.0.2.2', '2001:db8:2::2'].flatMap((host) => [`tcp/8000/${host}`, `udp/17000/${host}`, `udp/17001/${host}`])
  // The client marks all of its packets as more urgent than anything, and as capable of ECN.
  lab.rules(
    'client',
    'table inet forger {\n chain out {\n type filter hook output priority 0;\n ip dscp set cs7\n ip6 dscp set cs7\n ip ecn set ect0\n ip6 ecn set ect0\n }\n}\n',
  )
  const seen = ['ip', 'ip6'].flatMap((ip) =>
    [
      ['17000', 'ef'],
      ['17001', 'cs0'],
    ].map(([port, name]) => `udp dport ${port} ${ip} dscp ${name} ${ip} ecn ect0 counter`),
  )
  lab.rules('server', `table inet probe {\n chain in {\n type filter hook input priority 0;\n ${seen.join('\n ')}\n meta l4proto udp counter\n }\n}\n`)
  await lab.talk('client', CLIENT, ...wishes).until(...wishes)
  assert.deepEqual(lab.counters('server', 'in', 'probe'), [1, 1, 1, 1, 4], 'voice is marked, everything else is not, and ECN stays')
  const ports = ['tcp 8000', 'udp 17000', 'udp 17001']
  const asked = ports.flatMap((port) => [`${port} from 2001:db8:ffff::5`, `${port} from 203.0.113.5`])
  // What it says takes its own way here.
  await server.until(...asked)
  assert.deepEqual(server.said.slice(1).sort(), asked.sort())

  // Hosts that have no address yet: DAD (a duplicate is found out), DHCP to everyone, DHCPv6 to all servers.
  const servers = lab.talk(
    'fw',
    `const dgram = require('node:dgram')
     const say = (port) => (_, from) => process.stdout.write('udp ' + port + ' from ' + from.address.replace(/^fe80:.*/, 'link-local') + '\\n')
     dgram.createSocket('udp4').on('message', say(67)).bind(67, () => dgram.createSocket('udp6').on('message', say(547)).bind(547, function () {
       this.addMembership('ff02::1:2', '::%lan1')
       process.stdout.write('ready\\n')
     }))`,
  )
  await servers.until('ready')
  lab.within('guest', 'ip route add default dev eth0')
  // Until it has made its own link-local address sure, the guest has no source for DHCPv6.
  lab.reach('guest', 'ff02::1%eth0')
  lab.talk(
    'guest',
    `const dgram = require('node:dgram')
     const v4 = dgram.createSocket('udp4').bind(68, () => { v4.setBroadcast(true); v4.send('discover', 67, '255.255.255.255') })
     const v6 = dgram.createSocket('udp6').bind(546, () => v6.send('solicit', 547, 'ff02::1:2%eth0'))`,
  )
  await servers.until('udp 67 from 0.0.0.0', 'udp 547 from link-local')
  lab.within('guest', 'ip address add 2001:db8:3::1/64 dev eth0')
  while (!lab.within('guest', 'ip -6 -o address show dev eth0 dadfailed').includes('2001:db8:3::1')) await new Promise(setImmediate)
  assert.equal(dropped(), 0, 'nothing of all this was forged')

  // Sources that are elsewhere, or inside and come from outside.
  for (const [role, forged, host] of [
    ['client', '10.9.9.9', '192.0.2.2'],
    ['client', '2001:db8:9::9', '2001:db8:2::2'],
    ['server', '10.1.0.77', '10.1.0.2'],
    ['server', '2001:db8:1::77', '2001:db8:1::2'],
  ] as const) {
    lab.within(role, `ip address add ${forged} dev lo`)
    const before = dropped()
    assert.throws(() => lab.within(role, `ping -q -c 1 -W 0.2 -I ${forged} ${host}`))
    assert.equal(dropped(), before + 1, forged)
  }
})

test('an open device forwards everything, remembers only what it is told, and is not called too often', options, async (context) => {
  const lab = network(context, 'client', 'router', 'server')
  const base = { transit: 'open', zones: [], sets: [], pairs: [], why: ['policy test'] } as const
  const filter: Filter = { ...base, local: [local('swp1', '10.1.0.0/24', tcp(22)), local('swp1', any, udp(4789)), local('swp1', '10.1.0.2', tcp(179))] }
  const interfaces = (['10.1.0.1/24', '2001:db8:1::1/64', '10.2.0.1/24', '2001:db8:2::1/64'] as const).map((address, at) => ({
    ...({ kind: 'physical', name: `swp${at}`, id: `lab/router/swp${at}`, description: '', mtu: 1500, speed: 1e9, why: ['x'] } as const),
    addresses: [{ address, why: ['x'] }],
  }))
  const vxlan = { kind: 'vxlan', name: 'vx1', id: 'lab/router/vx1', description: '', mtu: 1500, vni: 1, local: '10.1.0.1', addresses: [], why: ['x'] } as const
  lab.wire(['client', 'eth0', '10.1.0.2/24', '2001:db8:1::2/64'], ['router', 'swp1', '10.1.0.1/24', '2001:db8:1::1/64'])
  lab.wire(['server', 'eth0', '10.2.0.2/24', '2001:db8:2::2/64'], ['router', 'swp2', '10.2.0.1/24', '2001:db8:2::1/64'])
  for (const [role, subnet] of [
    ['client', 1],
    ['server', 2],
  ] as const) {
    lab.within(role, `ip route add default via 10.${subnet}.0.1`)
    lab.within(role, `ip -6 route add default via 2001:db8:${subnet}::1`)
  }
  lab.forward('router')
  // It was a firewall once.
  lab.load('router', deviceWith({ ...filter, transit: 'filtered' }))
  lab.load('router', deviceWith(filter, { interfaces: [...interfaces, vxlan] }))
  const server = lab.talk('server', SERVER, 'tcp/8000', 'udp/5001')
  const router = lab.talk('router', SERVER, 'tcp/22', 'tcp/179', 'udp/4789/mute')
  await Promise.all([server.until('ready'), router.until('ready')])

  for (const host of ['10.2.0.2', '2001:db8:2::2']) lab.reach('client', host, '-s', '4000')
  const transit = ['tcp/8000/10.2.0.2', 'tcp/8000/2001:db8:2::2', 'udp/5001/10.2.0.2']
  await lab.talk('client', CLIENT, ...transit, 'udp/4789/10.1.0.1').until(...transit)
  await router.until('udp 4789 from 10.1.0.2')
  assert.equal(lab.within('router', 'sysctl -n net.netfilter.nf_conntrack_count').trim(), '0', 'neither transit nor tunnels are tracked')
  const number = (file: string, name: RegExp) => Number(name.exec(lab.within('router', `cat /proc/net/${file}`))![1])
  const [titles, values] = lab
    .within('router', 'cat /proc/net/snmp')
    .split('\n')
    .map((line) => line.split(' '))
  assert.equal(values![titles!.indexOf('ReasmReqds')], '0', 'fragments pass as they are')
  assert.equal(number('snmp6', /Ip6ReasmReqds\s+(\d+)/), 0)

  // Its own calls are answered, and it is called as far as it wishes.
  const own = ['udp/5001/10.2.0.2', 'tcp/8000/2001:db8:2::2']
  await lab.talk('router', CLIENT, ...own).until(...own)
  const limited = () => lab.counters('router', 'call_limits')
  const calls = lab.talk('client', CLIENT, ...Array.from({ length: 200 }, () => 'tcp/22/10.1.0.1'))
  while (!(limited()[1]! > 0)) await new Promise(setImmediate)
  assert.ok(calls.said.length < 200)
  await lab.talk('client', CLIENT, 'tcp/179/10.1.0.1').until('tcp/179/10.1.0.1')
  assert.equal(limited()[0], 0)
})
