/**
 * Two real keepalived on the segments of an office, each box a network namespace: who has the gateway addresses, and when they move. The files are those that are printed.
 */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import type { Device } from '#design/device.ts'
import { textOf } from '../target.ts'
import { cases } from './cases/devices.ts'
import { keepalived } from './index.ts'

const skip = process.getuid?.() === 0 ? false : 'network namespaces need root'

function run(command: string, args: readonly string[], input = '') {
  const done = spawnSync(command, args, { encoding: 'utf8', input })
  assert.equal(done.error, undefined, `${command} is missing: apt-get install ${command === 'keepalived' ? 'keepalived' : 'iproute2'}`)
  return done
}

function must(command: string, args: readonly string[], input = ''): string {
  const { status, stdout, stderr } = run(command, args, input)
  assert.equal(status, 0, `${command} ${args.join(' ')}: ${stderr}`)
  return stdout
}

const batch = (namespace: string, commands: readonly string[]) => must('ip', ['-n', namespace, '-batch', '-'], `${commands.join('\n')}\n`)
const within = (namespace: string, ...command: string[]) => run('ip', ['netns', 'exec', namespace, ...command])

/** Writes the device's files to a folder, as on its disk. */
function write(device: Device, folder: string): string {
  mkdirSync(folder, { recursive: true })
  for (const file of keepalived.print(keepalived.lower(device)!)) writeFileSync(join(folder, file.path), textOf(file))
  return join(folder, 'keepalived.conf')
}

/** Waits until it is so; the seconds that it took. */
async function until(what: string, holds: () => boolean, seconds = 30): Promise<number> {
  const start = performance.now()
  for (;;) {
    if (holds()) return (performance.now() - start) / 1000
    assert(performance.now() - start < seconds * 1000, `not within ${seconds} s: ${what}`)
    await setTimeout(20)
  }
}

test("keepalived's own checker takes every case, and refuses a line that it does not know", { skip }, (context) => {
  const namespace = `nwka-${process.pid}-check`
  const folder = mkdtempSync(join(tmpdir(), 'nwka-'))
  context.after(() => {
    spawnSync('ip', ['netns', 'delete', namespace])
    rmSync(folder, { recursive: true })
  })
  must('ip', ['netns', 'add', namespace])
  const ports = new Set(Object.values(cases).flatMap((device) => device.interfaces.map(({ name }) => name)))
  batch(
    namespace,
    [...ports].map((port, index) => `link add name ${port} type veth peer name peer${index}`),
  )
  for (const device of Object.values(cases)) {
    const { status, stdout, stderr } = within(namespace, 'keepalived', '-t', '-f', write(device, folder))
    assert.deepEqual({ status, said: stdout + stderr }, { status: 0, said: '' })
  }
  const wrong = join(folder, 'wrong.conf')
  writeFileSync(wrong, 'vrrp_instances x {\n}\n')
  assert.notEqual(within(namespace, 'keepalived', '-t', '-f', wrong).status, 0)
})

test('one box is master of all segments in both families, and the gateways move when it fails', { skip, timeout: 180_000 }, async (context) => {
  const [greater, lesser] = [cases['office-edge-a']!, cases['office-edge-b']!]
  const name = (role: string) => `nwka-${process.pid}-${role}`
  const [a, b, host, wires] = [name('a'), name('b'), name('host'), name('wires')] as [string, string, string, string]
  const folder = mkdtempSync(join(tmpdir(), 'nwka-'))
  const running = new Map<string, ChildProcess>()
  const kill = (box: string) => process.kill(-running.get(box)!.pid!, 'SIGKILL')
  context.after(() => {
    for (const namespace of [a, b, host, wires]) {
      for (const pid of run('ip', ['netns', 'pids', namespace]).stdout.split('\n').filter(Boolean)) spawnSync('kill', ['-9', pid])
      spawnSync('ip', ['netns', 'delete', namespace])
    }
    rmSync(folder, { recursive: true })
  })

  // Every segment is a bridge with the two boxes; a host is on the first.
  for (const namespace of [a, b, host, wires]) must('ip', ['netns', 'add', namespace])
  for (const [box, device] of [
    [a, greater],
    [b, lesser],
  ] as const) {
    const side = box === a ? 'a' : 'b'
    batch(box, ['link set dev lo up', 'link add name wan type veth peer name far', 'link set dev wan up', 'link set dev far up'])
    for (const [index, port] of device.interfaces.entries()) {
      if (box === a) batch(wires, [`link add name segment${index} type bridge`, `link set dev segment${index} up`])
      must('ip', ['link', 'add', port.name, 'netns', box, 'type', 'veth', 'peer', 'name', `${side}${index}`, 'netns', wires])
      batch(wires, [`link set dev ${side}${index} master segment${index}`, `link set dev ${side}${index} up`])
      batch(box, [
        ...port.addresses.map(({ address }) => `address add ${address} dev ${port.name}${address.includes(':') ? ' nodad' : ''}`),
        `link set dev ${port.name} up`,
      ])
    }
  }
  must('ip', ['link', 'add', 'eth0', 'netns', host, 'type', 'veth', 'peer', 'name', 'host', 'netns', wires])
  batch(wires, ['link set dev host master segment0', 'link set dev host up'])
  batch(host, ['address add 10.32.16.9/24 dev eth0', 'address add 2001:db8:3200:10::9/64 dev eth0 nodad', 'link set dev eth0 up'])

  const wan = (box: string, does: 'add' | 'delete', ...prefixes: string[]) => {
    for (const prefix of prefixes) must('ip', ['-n', box, 'route', does, prefix, 'dev', 'wan', 'proto', 'bgp'])
  }
  const start = (box: string, device: Device) => {
    const files = join(folder, box)
    write(device, files)
    const inside = `mkdir -p /etc/keepalived && mount --bind ${files} /etc/keepalived && mount -t tmpfs tmpfs /run && exec keepalived -n -l -P`
    const daemon = spawn('ip', ['netns', 'exec', box, 'sh', '-c', inside], { detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
    running.set(box, daemon)
    let log = ''
    for (const stream of [daemon.stdout, daemon.stderr]) stream.on('data', (data) => (log += data))
    return () => log
  }
  const shared = greater.vrrp!.groups.flatMap(({ v4, v6, id }) => [...v4, v6, `fe80::${id.toString(16)}/64`])
  /** How many of the shared addresses the box has. */
  const holds = (box: string) => {
    const listed = must('ip', ['-n', box, '-brief', 'address']).split(/\s+/)
    return shared.filter((address) => listed.includes(address)).length
  }
  const master = (box: string) => () => holds(box) === shared.length && holds(box === a ? b : a) === 0
  const answers = (address: string) => within(host, 'ping', '-q', '-c', '1', '-W', '1', address).status === 0
  const macOf = (box: string) => /link\/ether (\S+)/.exec(must('ip', ['-n', box, 'link', 'show', 'eth2.10']))![1]!
  const gateways = ['10.32.16.1', '2001:db8:3200:10::1', 'fe80::a%eth0']
  const hostSees = (box: string) => () => gateways.every(answers) && must('ip', ['-n', host, 'neigh']).split(macOf(box)).length > gateways.length

  await context.test('the greater priority is master', async () => {
    for (const box of [a, b]) wan(box, 'add', '10.0.0.0/8', '2001:db8::/32', '0.0.0.0/0')
    start(a, greater)
    start(b, lesser)
    await until('a is master', master(a))
    await until('the host reaches the gateways', hostSees(a))
  })

  await context.test('a box that dies is replaced, and the host follows', async () => {
    const cut = (state: 'up' | 'down') =>
      batch(
        wires,
        greater.interfaces.map((_, index) => `link set dev a${index} ${state}`),
      )
    kill(a)
    cut('down')
    const seconds = await until('b has the addresses', () => holds(b) === shared.length)
    // 1 s is said; the rest is for a machine that is busy with other tests.
    assert(seconds < 3, `${seconds} s`)
    await until('the host reaches the gateways', hostSees(b))
    // The box boots: no addresses of others, and no routes yet.
    for (const { name, addresses } of greater.interfaces) {
      batch(a, [
        `address flush dev ${name}`,
        ...addresses.map(({ address }) => `address add ${address} dev ${name}${address.includes(':') ? ' nodad' : ''}`),
        `link set dev ${name} down`,
        `link set dev ${name} up`,
      ])
    }
    for (const { name, addresses } of greater.interfaces) {
      batch(
        a,
        addresses.filter(({ address }) => address.includes(':')).map(({ address }) => `address replace ${address} dev ${name} nodad`),
      )
    }
    cut('up')
  })

  await context.test('it comes back as master once its routes have been there for three looks', async () => {
    wan(a, 'delete', '2001:db8::/32')
    const log = start(a, greater)
    await until('a has looked in vain', () => log().includes('Script `routes` now returning 1'))
    wan(a, 'add', '2001:db8::/32')
    const seconds = await until('a is master', master(a))
    assert(seconds > 1.9, `${seconds} s`)
    await until('the host reaches the gateways', hostSees(a))
  })

  await context.test('a segment that is dead at one box moves all, one that is dead at both moves nothing', async () => {
    batch(wires, ['link set dev a1 down'])
    await until('b is master', master(b))
    batch(wires, ['link set dev b1 down'])
    await until('a is master', master(a))
    batch(wires, ['link set dev a1 up', 'link set dev b1 up'])
    await until('a is master', master(a))
  })

  await context.test('losing one of the routes moves all, losing them at both leaves the greater as master', async () => {
    wan(a, 'delete', '10.0.0.0/8')
    await until('b is master', master(b))
    wan(b, 'delete', '10.0.0.0/8', '2001:db8::/32')
    await until('a is master', master(a))
    await until('the host reaches the gateways', hostSees(a))
  })

  await context.test('a box that stops in good order hands over at once', async () => {
    running.get(a)!.kill('SIGTERM')
    await until('b is master', master(b))
  })
})
