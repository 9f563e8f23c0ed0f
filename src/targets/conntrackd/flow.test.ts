/**
 * Connections through a pair of firewalls that drop what they do not know, with the real conntrackd told what is printed: a client and a server in network namespaces, and
 * routes that move from one firewall to the other and back.
 */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import type { Device } from '#design/device.ts'
import { textOf } from '../target.ts'
import { cases } from './cases/devices.ts'
import { conntrackd } from './index.ts'

const skip = process.getuid?.() === 0 ? false : 'network namespaces need root'

const PACKAGES: Readonly<Record<string, string>> = { conntrackd: 'conntrackd', conntrack: 'conntrack', nft: 'nftables', 'systemd-analyze': 'systemd' }

function run(command: string, args: readonly string[], input = '') {
  const done = spawnSync(command, args, { encoding: 'utf8', input })
  assert.equal(done.error, undefined, `${command} is missing: apt-get install ${PACKAGES[command] ?? 'iproute2'}`)
  return done
}

function must(command: string, args: readonly string[], input = ''): string {
  const { status, stdout, stderr } = run(command, args, input)
  assert.equal(status, 0, `${command} ${args.join(' ')}: ${stderr}`)
  return stdout
}

const batch = (namespace: string, commands: readonly string[]) => must('ip', ['-n', namespace, '-batch', '-'], `${commands.join('\n')}\n`)
const within = (namespace: string, ...command: string[]) => must('ip', ['netns', 'exec', namespace, ...command])

async function until(what: string, holds: () => boolean, seconds = 30): Promise<void> {
  const start = performance.now()
  while (!holds()) {
    assert(performance.now() - start < seconds * 1000, `not within ${seconds} s: ${what}`)
    await setTimeout(20)
  }
}

/** A firewall that is told what is printed: the files are where the daemon looks for them, and its `/run` outlives it. */
function firewall(namespace: string, device: Device, folder: string) {
  for (const name of ['etc', 'run']) mkdirSync(join(folder, name), { recursive: true })
  const files = new Map(conntrackd.print(conntrackd.lower(device)!).map((file) => [file.path, textOf(file)]))
  for (const [path, text] of files) writeFileSync(join(folder, 'etc', path), text)
  const told = (key: string) => new RegExp(`^${key}=(?:/bin/sh -c '(.*)'|(.*))$`, 'm').exec(files.get('conntrackd-service.conf')!)!.slice(1).find(Boolean)!
  const launch = (command: string) =>
    spawn('ip', ['netns', 'exec', namespace, 'sh', '-c', `mount --bind ${folder}/etc /etc/conntrackd && mount --bind ${folder}/run /run && ${command}`])
  let daemon: ChildProcess | undefined
  const box = {
    namespace,
    /** Starts the daemon as systemd would, and waits until it answers. */
    async start() {
      daemon = launch(`${told('ExecStartPre')}; exec conntrackd`)
      let said = ''
      for (const stream of [daemon.stdout!, daemon.stderr!]) stream.on('data', (data) => (said += data))
      await until('conntrackd answers', () => {
        assert.equal(daemon!.exitCode, null, said)
        return box.ask('-s') !== ''
      })
      spawn('nsenter', ['-t', `${daemon.pid}`, '-m', '-n', 'sh', '-c', told('ExecStartPost')], { stdio: 'ignore' })
    },
    /** What a start without the line before it ends in. */
    async startBare() {
      const bare = launch('exec conntrackd')
      const [code] = (await once(bare, 'exit')) as [number]
      return code
    },
    ask: (...args: string[]) => run('nsenter', ['-t', `${daemon!.pid}`, '-m', '-n', 'conntrackd', ...args]).stdout,
    /** Connections that it would tell a device that starts. */
    remembers: () => Number(/^current active connections:\s+(\d+)/m.exec(box.ask('-s'))![1]),
    async kill() {
      const gone = once(daemon!, 'exit')
      daemon!.kill('SIGKILL')
      await gone
    },
    /** Connections of the protocol that the kernel knows. */
    knows: (protocol: string) =>
      ['ipv4', 'ipv6'].flatMap((family) =>
        within(namespace, 'conntrack', '-L', '-f', family, '-p', protocol)
          .split('\n')
          .filter((line) => line.includes('src=')),
      ),
    dropped: () =>
      [...within(namespace, 'nft', 'list', 'chain', 'inet', 'filter', 'forward').matchAll(/packets (\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0),
  }
  return box
}

/** Ends everything that runs in the namespaces, and them. */
function clearAfter(context: TestContext, namespaces: readonly string[], folder: string): void {
  context.after(() => {
    for (const namespace of namespaces) {
      for (const pid of run('ip', ['netns', 'pids', namespace]).stdout.split('\n').filter(Boolean)) spawnSync('kill', ['-9', pid])
      spawnSync('ip', ['netns', 'delete', namespace])
    }
    rmSync(folder, { recursive: true })
  })
}

test('conntrackd starts with every case, and not with a line that it does not know', { skip, timeout: 60_000 }, async (context) => {
  const names = Object.keys(cases).map((name) => `nwct-${process.pid}-${name}`)
  const folder = mkdtempSync(join(tmpdir(), 'nwct-'))
  clearAfter(context, names, folder)
  for (const [index, device] of Object.values(cases).entries()) {
    const { interface: port, local } = device.stateSync!
    must('ip', ['netns', 'add', names[index]!])
    batch(names[index]!, [`link add name ${port} type veth peer name far`, 'link set dev far up', `link set dev ${port} up`])
    batch(names[index]!, [local.includes(':') ? `address add ${local}/127 dev ${port} nodad` : `address add ${local}/31 dev ${port}`])
    await firewall(names[index]!, device, join(folder, `${index}`)).start()
  }
  const wrong = join(folder, 'wrong.conf')
  writeFileSync(wrong, 'Sync {\n    Mode FTFX {\n    }\n}\n')
  assert.notEqual(run('ip', ['netns', 'exec', names[0]!, 'conntrackd', '-C', wrong]).status, 0)
})

test("systemd takes every line beside those of Debian's unit", (context) => {
  const folder = mkdtempSync(join(tmpdir(), 'nwct-'))
  context.after(() => rmSync(folder, { recursive: true }))
  const unit = join(folder, 'conntrackd.service')
  copyFileSync('/lib/systemd/system/conntrackd.service', unit)
  mkdirSync(`${unit}.d`)
  for (const device of Object.values(cases)) {
    const [, service] = conntrackd.print(conntrackd.lower(device)!)
    writeFileSync(join(`${unit}.d`, 'netwright.conf'), textOf(service!))
    const { status, stdout, stderr } = run('systemd-analyze', ['verify', unit])
    assert.deepEqual({ status, said: stdout + stderr }, { status: 0, said: '' })
  }
})

/** Answers on both families with what it is sent. */
const SERVER = `
let open = 2
for (const host of ['0.0.0.0', '::']) {
  require('node:net').createServer((socket) => socket.on('error', () => {}).pipe(socket)).listen({ host, port: 8000, ipv6Only: host === '::' }, () => {
    if (--open === 0) process.stdout.write('ready')
  })
}
`

/** Opens a connection to each server; sends as many bytes as it is told over each, and says when all are back. */
const CLIENT = `
const { connect } = require('node:net')
const pairs = process.argv.slice(1).map((pair) => pair.split(','))
let open = pairs.length
let back = 0
const sockets = pairs.map(([localAddress, host]) => {
  const socket = connect({ host, port: 8000, localAddress }).setNoDelay()
  socket.on('connect', () => { if (--open === 0) process.stdout.write('ready') })
  socket.on('data', (data) => { back -= data.length; if (back === 0) process.stdout.write('back') })
  return socket
})
process.stdin.on('data', (data) => {
  back = Number(data) * sockets.length
  for (const socket of sockets) socket.write(Buffer.alloc(Number(data)))
})
`

/** A program in a namespace, once it has said that it is ready. */
async function script(namespace: string, source: string, ...args: string[]): Promise<ChildProcess> {
  const child = spawn('ip', ['netns', 'exec', namespace, process.execPath, '-e', source, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  const [said] = (await once(child.stdout!, 'data')) as [Buffer]
  assert.equal(`${said}`, 'ready')
  return child
}

/** Drops what is not known; a connection that the kernel knows from packets in its middle alone is not known either. */
const FILTER = `table inet filter {
  chain forward {
    type filter hook forward priority filter; policy drop;
    ct state invalid counter
    ct state vmap { established : accept, related : accept, invalid : drop }
    iifname "lan0" oifname "wan0" tcp dport 8000 accept
    counter
  }
}
`
const SYSCTLS = [
  'net.ipv4.ip_forward=1',
  'net.ipv6.conf.all.forwarding=1',
  'net.netfilter.nf_conntrack_tcp_loose=0',
  // The kernel that a connection left and comes back to has not seen its window move.
  'net.netfilter.nf_conntrack_tcp_be_liberal=1',
]

test('connections go on when routes move to the other firewall and back, and when one of them was dead in between', {
  skip,
  timeout: 120_000,
}, async (context) => {
  const name = (role: string) => `nwct-${process.pid}-${role}`
  const [client, server] = [name('client'), name('server')]
  const folder = mkdtempSync(join(tmpdir(), 'nwct-'))
  clearAfter(context, [client, name('a'), name('b'), server], folder)
  const a = firewall(name('a'), cases['data-centre-a']!, join(folder, 'a'))
  const b = firewall(name('b'), cases['data-centre-b']!, join(folder, 'b'))

  for (const namespace of [client, a.namespace, b.namespace, server]) {
    must('ip', ['netns', 'add', namespace])
    batch(namespace, ['link set dev lo up'])
  }
  const ends = { [client]: ['10.9.0.1', '2001:db8:9::1'], [server]: ['10.9.0.2', '2001:db8:9::2'] } as const
  for (const [namespace, addresses] of Object.entries(ends))
    batch(
      namespace,
      addresses.map((address) => `address add ${address} dev lo`),
    )
  // Each firewall has the odd address of a /31 and a /127, towards the client (202) and the server (201).
  const wire = (box: string, first: number) => {
    for (const [namespace, port, subnet] of [
      [client, 'lan0', 202],
      [server, 'wan0', 201],
    ] as const) {
      must('ip', ['link', 'add', port, 'netns', box, 'type', 'veth', 'peer', 'name', `to${first}`, 'netns', namespace])
      const addresses = (last: number, dev: string) => [
        `address add 10.1.${subnet}.${last}/31 dev ${dev}`,
        `address add 2001:db8:1:${subnet}::${last}/127 dev ${dev} nodad`,
        `link set dev ${dev} up`,
      ]
      batch(namespace, addresses(first, `to${first}`))
      batch(box, addresses(first + 1, port))
      batch(
        box,
        ends[namespace]!.map((address) => `route add ${address} via ${hop(subnet, first, address)}`),
      )
    }
    within(box, 'sysctl', '-qw', ...SYSCTLS)
    must('ip', ['netns', 'exec', box, 'nft', '-f', '-'], FILTER)
  }
  const hop = (subnet: number, last: number, towards: string) =>
    towards.includes(':') ? `2001:db8:1:${subnet}::${last === 0 ? '' : last}` : `10.1.${subnet}.${last}`
  wire(a.namespace, 0)
  wire(b.namespace, 2)
  must('ip', ['link', 'add', 'eth5', 'netns', a.namespace, 'type', 'veth', 'peer', 'name', 'eth5', 'netns', b.namespace])
  batch(a.namespace, ['address add 10.1.254.0/31 dev eth5', 'link set dev eth5 up'])
  batch(b.namespace, ['address add 10.1.254.1/31 dev eth5', 'link set dev eth5 up'])

  const via = (box: typeof a) => {
    const last = box === a ? 1 : 3
    batch(
      client,
      ends[server]!.map((address, index) => `route replace ${address} via ${hop(202, last, address)} src ${ends[client]![index]}`),
    )
    batch(
      server,
      ends[client]!.map((address, index) => `route replace ${address} via ${hop(201, last, address)} src ${ends[server]![index]}`),
    )
  }
  const pairs = [0, 1].map((index) => `${ends[client]![index]},${ends[server]![index]}`)
  await script(server, SERVER)
  via(a)
  const connections = await script(client, CLIENT, ...pairs)
  const send = async (bytes: number) => {
    const answered = once(connections.stdout!, 'data', { signal: AbortSignal.timeout(20_000) })
    connections.stdin!.write(`${bytes}`)
    assert.equal(`${(await answered)[0]}`, 'back')
  }
  await send(1000)

  await context.test('alone, the other firewall drops them', async () => {
    via(b)
    const sent = send(1000)
    await until('b drops', () => b.dropped() > 1)
    via(a)
    await sent
  })

  await context.test('a firewall that starts learns of those that are there, and passes them', async () => {
    await a.start()
    await b.start()
    await until('b knows both', () => b.knows('tcp').length === 2)
    const before = [a.dropped(), b.dropped()]
    for (const box of [b, a, b, a]) {
      via(box)
      await send(1_000_000)
    }
    assert.deepEqual([a.dropped(), b.dropped()], before)
  })

  await context.test('connections of the firewall itself stay with it', async () => {
    within(a.namespace, 'ping', '-q', '-c', '1', '-W', '5', '10.1.201.0')
    assert.equal(a.knows('icmp').length, 1)
    await script(client, CLIENT, ...pairs)
    await until('b knows two more', () => b.knows('tcp').length === 4)
    assert.deepEqual(
      b.knows('icmp').filter((line) => line.includes('10.1.201.')),
      [],
    )
  })

  await context.test('a firewall that was dead learns of those that went on without it', async () => {
    via(b)
    await send(1000)
    await a.kill()
    batch(a.namespace, ['link set dev eth5 down'])
    within(a.namespace, 'conntrack', '-F')
    await until('b takes over', () => b.remembers() >= 4)
    await send(1000)
    batch(a.namespace, ['link set dev eth5 up'])
    assert.equal(await a.startBare(), 1, 'the lock of the daemon that was killed is still there')
    await a.start()
    await until('a knows all', () => a.knows('tcp').length === 4)
    const before = a.dropped()
    via(a)
    await send(1_000_000)
    assert.equal(a.dropped(), before)
  })
})
