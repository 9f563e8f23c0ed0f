/**
 * Real tunnels from the printed files: the two cases are booted as network namespaces with a cable between their circuits, and told everything as it is printed; only where
 * the kernel has no WireGuard, wireguard-go makes the links instead of `ip`. Each sees its own /etc and /run, so that secrets are where the files say and sockets
 * of equal names are two.
 */
import assert from 'node:assert/strict'
import { type SpawnSyncReturns, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { type Device, secretPath } from '#design/device.ts'
import { targets } from '../index.ts'
import { textOf } from '../target.ts'
import { cases } from './cases/devices.ts'
import { configurationOf } from './print.ts'

/** Packages of the programs, for whoever lacks them. */
const PACKAGES: Readonly<Record<string, string>> = {
  ip: 'iproute2',
  wg: 'wireguard-tools',
  'wireguard-go': 'wireguard-go',
  ping: 'iputils-ping',
  sysctl: 'procps',
}

function run(command: string, args: readonly string[], input = ''): SpawnSyncReturns<string> {
  return spawnSync(command, args, { input, encoding: 'utf8' })
}

function must(command: string, args: readonly string[], input = ''): string {
  const { status, stdout, stderr, error } = run(command, args, input)
  assert.equal(status, 0, `${command} ${args.join(' ')}: ${stderr}${error ?? ''}`)
  return stdout
}

/** Why nothing can be booted here; false when it can. */
function unable(): string | false {
  if (process.getuid?.() !== 0) return 'network namespaces take root'
  return run('unshare', ['--net', '--mount', 'true']).status === 0 ? false : 'no network namespace can be made here'
}

const skip = unable()
const kernelHas = !skip && run('unshare', ['--net', 'ip', 'link', 'add', 'name', 'wg', 'type', 'wireguard']).status === 0

/** A machine: its namespace, the folder that holds its printed files, /etc and /run, and the device whose files they are. */
interface Machine {
  readonly namespace: string
  readonly root: string
  readonly device: Device
}

/** Runs a command on the machine, in the folder of its files. */
function on({ namespace, root }: Machine, command: string, ...args: string[]): SpawnSyncReturns<string> {
  const enter = 'mount --bind "$0/etc" /etc && mount --bind "$0/run" /run && cd "$0/files" && exec "$@"'
  return run('ip', ['netns', 'exec', namespace, 'sh', '-c', enter, root, command, ...args])
}

function mustOn(machine: Machine, command: string, ...args: string[]): string {
  const { status, stdout, stderr } = on(machine, command, ...args)
  assert.equal(status, 0, `${machine.namespace}: ${command} ${args.join(' ')}: ${stdout}${stderr}`)
  return stdout
}

function put(root: string, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

let scratch = ''
let gateway: Machine
let edge: Machine
/** Private keys, by interface. */
const keys = new Map<string, string>()

/** The device with the public key of whatever is at the other end of the tunnel between the two. */
function withPeerKey(device: Device, peerInterface: string): Device {
  const publicKey = must('wg', ['pubkey'], keys.get(peerInterface)).trim()
  const interfaces = device.interfaces.map((one) => (one.kind === 'wireguard' && one.name !== 'wg-sea1' ? { ...one, peer: { ...one.peer, publicKey } } : one))
  return { ...device, interfaces }
}

function prepare(name: string, device: Device): Machine {
  const machine = { namespace: `nw-wg-${process.pid}-${name}`, root: join(scratch, name), device }
  mkdirSync(join(machine.root, 'run'), { recursive: true })
  for (const target of targets.filter((target) => device.platform.includes(target.name))) {
    for (const file of target.print(target.lower(device))) put(machine.root, join('files', file.path), textOf(file))
  }
  for (const one of device.interfaces) if (one.kind === 'wireguard') put(machine.root, secretPath(one.privateKey), keys.get(one.name)!)
  must('ip', ['netns', 'add', machine.namespace])
  return machine
}

/** Tells the machine its files in their order. */
function boot(machine: Machine): void {
  mustOn(machine, 'sysctl', '-e', '-q', '-p', 'sysctl.conf')
  for (const one of kernelHas ? [] : machine.device.interfaces) if (one.kind === 'wireguard') mustOn(machine, 'wireguard-go', one.name)
  const made = kernelHas ? '' : "| grep -v 'type wireguard$'"
  mustOn(machine, 'sh', '-c', `cat network.ip ${made} | ip -batch -`)
  mustOn(machine, 'sh', 'wireguard.sh')
}

before(() => {
  if (skip) return
  for (const [program, name] of Object.entries(PACKAGES)) {
    if (program === 'wireguard-go' && kernelHas) continue
    assert.equal(run('which', [program]).status, 0, `${program} is missing: apt-get install ${name}`)
  }
  scratch = mkdtempSync(join(tmpdir(), 'netwright-wireguard-'))
  for (const name of ['wg-bos1', 'wg-ber-office', 'wg-sea1']) keys.set(name, must('wg', ['genkey']))
  gateway = prepare('gateway', withPeerKey(cases.gateway!, 'wg-ber-office'))
  edge = prepare('edge', withPeerKey(cases.edge!, 'wg-bos1'))
  must('ip', ['-n', gateway.namespace, 'link', 'add', 'name', 'eth0', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', edge.namespace])
  // The one that is called first.
  boot(edge)
  boot(gateway)
})

after(() => {
  for (const { namespace } of [gateway, edge].filter((machine) => machine !== undefined)) {
    for (const pid of must('ip', ['netns', 'pids', namespace]).split('\n').filter(Boolean)) process.kill(Number(pid), 'SIGKILL')
    must('ip', ['netns', 'delete', namespace])
  }
  if (scratch) rmSync(scratch, { recursive: true })
})

function tunnelsOf({ device }: Machine): string[] {
  return device.interfaces.flatMap((one) => (one.kind === 'wireguard' ? [one.name] : []))
}

/** The sections of a configuration as wg means them: without comments, in an order of their own. */
function meaning(text: string): string[] {
  return text
    .replaceAll(/ *#.*/g, '')
    .split(/(?=^\[)/m)
    .map((section) =>
      section
        .trim()
        .split(/\s*\n\s*/)
        .sort()
        .join('\n'),
    )
    .filter((section) => section !== '')
    .sort()
}

function shown(machine: Machine, tunnel: string): string[] {
  return meaning(mustOn(machine, 'wg', 'showconf', tunnel))
}

function expected(machine: Machine, tunnel: string): string[] {
  const printed = mustOn(machine, 'cat', configurationOf(tunnel))
  // wg says nothing of an interval that is off.
  return meaning(`${printed.replace('PersistentKeepalive = off\n', '')}PrivateKey = ${keys.get(tunnel)}`)
}

/** From loopback to loopback in packets that fill the MTU, with what the headers of IP and ICMP take. The gateway calls: the edge does not know where it is. */
function pingThrough(): void {
  for (const [headers, from, to] of [
    [20 + 8, '10.32.31.1', '10.1.255.41'],
    [40 + 8, '2001:db8:32:ff::1', '2001:db8:1:ff::41'],
  ] as const)
    mustOn(gateway, 'ping', '-q', '-c', '3', '-i', '0.2', '-W', '15', '-M', 'do', '-s', String(1420 - headers), '-I', from, to)
}

test('packets of full size reach the loopback at the other end through the tunnel, in both families', { skip }, (context) => {
  if (!kernelHas) context.diagnostic('this kernel has no WireGuard: wireguard-go made the links, everything else is as printed')
  pingThrough()
  assert.match(mustOn(edge, 'wg', 'show', 'wg-ber-office', 'endpoints'), /\t192\.0\.2\.42:51820$/m, 'the edge has learnt where the gateway is')
})

test('wg holds what is printed, and the key', { skip }, () => {
  for (const machine of [gateway, edge])
    for (const tunnel of tunnelsOf(machine)) {
      // What a peer without an endpoint has is where it called from.
      const told = shown(machine, tunnel).map((section) => (tunnel === 'wg-ber-office' ? section.replace(/Endpoint = .*\n/, '') : section))
      assert.deepEqual(told, expected(machine, tunnel), tunnel)
    }
})

test('a tunnel has the MTU and the addresses of its design, and one link-local address that ends like them', { skip }, () => {
  for (const machine of [gateway, edge])
    for (const one of machine.device.interfaces) {
      if (one.kind !== 'wireguard') continue
      const [link] = JSON.parse(mustOn(machine, 'ip', '-j', 'address', 'show', 'dev', one.name)) as [
        { mtu: number; addr_info: { local: string; prefixlen: number }[] },
      ]
      assert.equal(link.mtu, one.mtu)
      assert.deepEqual(
        link.addr_info.map(({ local, prefixlen }) => `${local}/${prefixlen}`),
        [
          ...one.addresses.map(({ address }) => address),
          ...one.addresses.flatMap(({ address }) => (address.includes(':') ? [`fe80::${address.split('::')[1]!.replace('/127', '/64')}`] : [])),
        ],
      )
    }
})

test('telling the same again ends no session', { skip }, () => {
  pingThrough()
  const sessions = () => mustOn(gateway, 'wg', 'show', 'all', 'latest-handshakes')
  const before = sessions()
  assert.match(before, /\t[1-9]\d+$/m)
  mustOn(gateway, 'sh', 'wireguard.sh')
  assert.equal(sessions(), before)
  // Nor does a file without its last newline take the key into its last comment.
  put(gateway.root, `files/${configurationOf('wg-bos1')}`, mustOn(gateway, 'cat', configurationOf('wg-bos1')).trimEnd())
  mustOn(gateway, 'sh', 'wireguard.sh')
  assert.equal(sessions(), before)
})

test('a key that is not there: its tunnel goes on, the others are told, the run fails', { skip }, () => {
  const secret = edge.device.interfaces.find((one) => one.kind === 'wireguard' && one.name === 'wg-ber-office')
  assert(secret?.kind === 'wireguard')
  const before = shown(edge, 'wg-ber-office')
  mustOn(edge, 'wg', 'set', 'wg-sea1', 'listen-port', '7')
  rmSync(join(edge.root, secretPath(secret.privateKey)))
  const { status, stderr } = on(edge, 'sh', 'wireguard.sh')
  assert.equal(status, 1)
  assert.match(stderr, /bos1\/edge-a\/wg-ber-office: No such file/)
  assert.deepEqual(shown(edge, 'wg-ber-office'), before)
  assert.deepEqual(shown(edge, 'wg-sea1'), expected(edge, 'wg-sea1'))
  put(edge.root, secretPath(secret.privateKey), keys.get('wg-ber-office')!)
})

test('why it is told this way: syncconf takes away a key that is not named, and leaves an interval that is not', { skip }, () => {
  put(edge.root, 'files/bare.conf', `[Peer]\nPublicKey = ${must('wg', ['pubkey'], keys.get('wg-bos1'))}AllowedIPs = ::/0\n[Interface]\nListenPort = 51822\n`)
  const bare = (interval: string) => {
    put(
      edge.root,
      'files/with.conf',
      `${mustOn(edge, 'cat', 'bare.conf').replace('[Interface]', `${interval}\n[Interface]`)}PrivateKey = ${keys.get('wg-sea1')}`,
    )
    mustOn(edge, 'wg', 'syncconf', 'wg-sea1', 'with.conf')
    return mustOn(edge, 'wg', 'showconf', 'wg-sea1')
  }
  assert.match(bare('PersistentKeepalive = 25'), /PersistentKeepalive = 25/)
  assert.match(bare(''), /PersistentKeepalive = 25/)
  assert.doesNotMatch(bare('PersistentKeepalive = off'), /PersistentKeepalive/)
  mustOn(edge, 'wg', 'syncconf', 'wg-sea1', 'bare.conf')
  assert.doesNotMatch(mustOn(edge, 'wg', 'showconf', 'wg-sea1'), /PrivateKey/)
  mustOn(edge, 'sh', 'wireguard.sh')
  assert.deepEqual(shown(edge, 'wg-sea1'), expected(edge, 'wg-sea1'))
})
