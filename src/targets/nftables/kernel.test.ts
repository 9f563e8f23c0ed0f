/**
 * Real packets through the printed filter: a client and a server with a firewall between them, each a network namespace. Order stands in for waiting: a denied packet
 * is sent first, and an allowed one after it on the same wire; once that has its answer, the firewall's drop counter has seen the denied one.
 */
import assert from 'node:assert/strict'
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Filter, Service } from '#design/device.ts'
import { textOf } from '../target.ts'
import { deviceWith } from './cases/devices.ts'
import { nftables } from './index.ts'

const skip = process.getuid?.() === 0 ? false : 'network namespaces need root'

const tcp = (port: number): Service => ({ protocol: 'tcp', ports: [port, port] })
const udp = (first: number, last: number): Service => ({ protocol: 'udp', ports: [first, last] })
const why = ['policy test']

/** Clients of the first address reach the server on TCP 8000 and UDP 5000–5001 and by ICMP; the firewall itself takes TCP 179 from it. */
const filter: Filter = {
  zones: [
    { name: 'lan', interfaces: ['lan0.10'], why },
    { name: 'dmz', interfaces: ['dmz0'], why },
  ],
  sets: [
    { name: 'clients', prefixes: ['10.1.0.2/32', '2001:db8:1::2/128'].map((prefix) => ({ prefix, why })), why },
    { name: 'servers', prefixes: ['10.2.0.0/24', '2001:db8:2::/64'].map((prefix) => ({ prefix, why })), why },
  ],
  pairs: [{ from: 'lan', to: 'dmz', rules: [{ id: 'r', from: 'clients', to: 'servers', services: [tcp(8000), udp(5000, 5001), { protocol: 'icmp' }], why }] }],
  local: ['10.1.0.2', '2001:db8:1::2'].map((from) => ({ interface: 'lan0.10', from, service: tcp(179), why })),
  why,
}

/** Listens on every port that the client tries, says what arrives and answers. */
const SERVER = `
const say = (what) => process.stdout.write(what + '\\n')
let open = 8
const ready = () => { if (--open === 0) say('ready') }
for (const host of ['0.0.0.0', '::']) {
  for (const port of [8000, 8001]) require('node:net').createServer((s) => { say('tcp ' + port); s.end() }).listen({ host, port, ipv6Only: host === '::' }, ready)
  for (const port of [5001, 5002]) {
    const socket = require('node:dgram').createSocket({ type: host === '::' ? 'udp6' : 'udp4', ipv6Only: host === '::' })
    socket.on('message', (_, from) => { say('udp ' + port); socket.send('pong', from.port, from.address) })
    socket.bind(port, host, ready)
  }
}
process.stdin.on('end', () => setImmediate(() => process.exit())).resume()
`

/** Tries what must be dropped, then what must pass; ends when the answers to the latter are there. */
const CLIENT = `
const [server, firewall, own, stranger] = process.argv.slice(1)
const datagram = (port, from, answered) => new Promise((sent) => {
  const socket = require('node:dgram').createSocket(server.includes(':') ? 'udp6' : 'udp4').on('message', answered)
  socket.bind(0, from, () => socket.send('ping', port, server, sent))
})
const connection = (host, port, localAddress) => new Promise((done) => {
  require('node:net').connect({ host, port, localAddress }).on('connect', () => done('open')).on('error', (error) => done(error.code))
})
const unexpected = () => process.stdout.write('denied datagram answered ')
const main = async () => {
  connection(server, 8001, own)
  connection(server, 8000, stranger)
  connection(firewall, 22, own)
  await Promise.all([datagram(5002, own, unexpected), datagram(5001, stranger, unexpected)])
  const said = [await connection(server, 8000, own), await connection(firewall, 179, own)]
  await new Promise((answered) => datagram(5001, own, answered))
  process.stdout.write(said.join(' '))
  process.exit()
}
main()
`

test('the kernel passes what the filter accepts and drops the rest', { skip, timeout: 60_000 }, async (context) => {
  const name = (role: string) => `nwnft-${process.pid}-${role}`
  const [client, firewall, server] = [name('client'), name('fw'), name('server')]
  const run = (command: string, ...args: string[]) => execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  const within = (namespace: string, command: string) => run('ip', 'netns', 'exec', namespace, ...command.split(' '))
  const folder = mkdtempSync(join(tmpdir(), 'nwnft-'))
  context.after(() => {
    for (const namespace of [client, firewall, server]) spawnSync('ip', ['netns', 'delete', namespace])
    rmSync(folder, { recursive: true })
  })

  for (const namespace of [client, firewall, server]) {
    run('ip', 'netns', 'add', namespace)
    within(namespace, 'ip link set lo up')
  }
  const wire = (namespace: string, port: string, subnet: number, hosts: string[]) => {
    run('ip', 'link', 'add', 'eth0', 'netns', namespace, 'type', 'veth', 'peer', 'name', port, 'netns', firewall)
    for (const [where, link, ends] of [
      [firewall, port, ['1']],
      [namespace, 'eth0', hosts],
    ] as const) {
      for (const end of ends) {
        within(where, `ip address add 10.${subnet}.0.${end}/24 dev ${link}`)
        within(where, `ip address add 2001:db8:${subnet}::${end}/64 dev ${link} nodad`)
      }
      within(where, `ip link set ${link} up`)
    }
    within(namespace, `ip route add default via 10.${subnet}.0.1`)
    within(namespace, `ip -6 route add default via 2001:db8:${subnet}::1`)
  }
  wire(client, 'lan0.10', 1, ['2', '3'])
  wire(server, 'dmz0', 2, ['2'])
  within(firewall, 'sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1')

  const file = join(folder, 'nftables.conf')
  writeFileSync(file, textOf(nftables.print(nftables.lower(deviceWith(filter))!)[0]!))
  assert.equal(spawnSync('nft', ['--version']).error, undefined, 'nft is missing: apt-get install nftables')
  within(firewall, `nft -f ${file}`)

  // Echo requests go on until one is answered: links and neighbours are ready then, and ICMP passes both to the firewall and through it.
  for (const host of ['10.1.0.1', '10.2.0.2', '2001:db8:1::1', '2001:db8:2::2'])
    within(client, `ping -q -c 1 -w 20 -i 0.2 -I ${host.includes(':') ? '2001:db8:1::2' : '10.1.0.2'} ${host}`)

  const listener = spawn('ip', ['netns', 'exec', server, process.execPath, '-e', SERVER], { stdio: ['pipe', 'pipe', 'inherit'] })
  let heard = ''
  const ended = new Promise((done) => listener.on('close', done))
  await new Promise<void>((done, failed) => {
    listener.on('close', () => failed(new Error('the server ended')))
    listener.stdout.on('data', (data) => {
      heard += data
      if (heard.includes('ready\n')) done()
    })
  })

  const dropped = (chain: string) => Number(/counter packets (\d+) bytes \d+ drop/.exec(within(firewall, `nft list chain inet netwright ${chain}`))![1])
  for (const [address, gateway, own, stranger] of [
    ['10.2.0.2', '10.1.0.1', '10.1.0.2', '10.1.0.3'],
    ['2001:db8:2::2', '2001:db8:1::1', '2001:db8:1::2', '2001:db8:1::3'],
  ] as const) {
    const before = [dropped('forward'), dropped('input')] as const
    const said = run('timeout', '20', 'ip', 'netns', 'exec', client, process.execPath, '-e', CLIENT, address, gateway, own, stranger)
    assert.equal(said, 'open ECONNREFUSED', 'the server answers; the firewall lets the packet in, where nothing listens')
    assert.ok(dropped('forward') >= before[0] + 4, 'two TCP connections and two datagrams are dropped on the way')
    assert.ok(dropped('input') >= before[1] + 1, 'a connection to the firewall itself is dropped')
  }
  // A zone pair without rules: nothing new from the server to the client, although its answers passed.
  const before = dropped('forward')
  const ping = spawnSync('ip', ['netns', 'exec', server, 'ping', '-q', '-c', '1', '-W', '0.2', '10.1.0.2'])
  assert.equal(ping.status, 1)
  assert.equal(dropped('forward'), before + 1)

  listener.stdin.end()
  await ended
  assert.deepEqual(heard.trim().split('\n').sort(), ['ready', 'tcp 8000', 'tcp 8000', 'udp 5001', 'udp 5001'])
})
