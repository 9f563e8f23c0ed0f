/**
 * Real frames through a real bridge with the printed guard: a desk on a guarded port, another machine on an unguarded one. Frames are written by hand, each with a
 * source address that says which it is; one at the end says that all have passed which will.
 */
import assert from 'node:assert/strict'
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Interface } from '#design/interface.ts'
import { textOf } from '../target.ts'
import { devices } from './cases/devices.ts'
import { nftables } from './index.ts'
import { FILES } from './tree.ts'

const skip = process.getuid?.() === 0 ? false : 'network namespaces need root'

/** A second's worth of broadcast, for the test to exceed. */
const STORM = 40

// Raw sockets (packet(7)), which Node lacks. Perl is in every Debian.
const SENDER = `use Socket; my $if = shift; socket(my $s, 17, SOCK_RAW, 0) or die $!; open(my $f, '<', "/sys/class/net/$if/ifindex") or die $!; chomp(my $index = <$f>);
my $to = pack('S n l S C C a8', 17, 0, $index, 0, 0, 6, ''); while (<STDIN>) { chomp; defined send($s, pack('H*', $_), 0, $to) or die $! }`
const LISTENER = `use Socket; my $if = shift; socket(my $s, 17, SOCK_RAW, unpack('S', pack('n', 3))) or die $!; open(my $f, '<', "/sys/class/net/$if/ifindex") or die $!; chomp(my $index = <$f>);
bind($s, pack('S n l S C C a8', 17, 3, $index, 0, 0, 0, '')) or die $!; $| = 1; print "ready\\n";
while (defined recv($s, my $frame, 2000, 0)) { my $from = unpack('H*', substr($frame, 6, 6)); next if $from !~ /^0200000000(..)/; print hex($1), "\\n"; last if $1 eq 'ff' }`

const hex = (value: number, bytes: number) => value.toString(16).padStart(2 * bytes, '0')

function checksum(words: string): string {
  let sum = 0
  for (let at = 0; at < words.length; at += 4) sum += Number.parseInt(words.slice(at, at + 4), 16)
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16)
  return hex(~sum & 0xffff, 2)
}

const udp = (from: number, to: number) => `${hex(from, 2)}${hex(to, 2)}000c000070696e67`
function ipv4(payload: string): string {
  const header = (sum: string) => `4500${hex(20 + payload.length / 2, 2)}000000004011${sum}0a000001ffffffff`
  return `0800${header(checksum(header('0000')))}${payload}`
}
/** With extension headers in front of the payload, the first of which has the number `next`. */
const ipv6 = (next: number, payload: string) =>
  `86dd60000000${hex(payload.length / 2, 2)}${hex(next, 1)}fffe800000000000000000000000000001ff020000000000000000000000000001${payload}`

const ALL = 'ffffffffffff'
const NODES = '333300000001'
const ADVERTISEMENT = `86000000${'00'.repeat(12)}`
/** A tag of VLAN 40. */
const TAG = '81000028'

interface Frame {
  readonly what: string
  readonly to: string
  readonly rest: string
}

/** What only the network may send. */
const ROGUE: readonly Frame[] = [
  { what: 'spanning tree', to: '0180c2000000', rest: `0026424203${'00'.repeat(35)}` },
  { what: 'spanning tree per VLAN', to: '01000ccccccd', rest: `0032aaaa0300000c010b${'00'.repeat(40)}` },
  { what: 'router advertisement', to: NODES, rest: ipv6(58, ADVERTISEMENT) },
  { what: 'router advertisement behind a hop-by-hop header', to: NODES, rest: ipv6(0, `3a00050200000100${ADVERTISEMENT}`) },
  { what: 'router advertisement in a VLAN', to: NODES, rest: TAG + ipv6(58, ADVERTISEMENT) },
  { what: 'DHCP offer', to: ALL, rest: ipv4(udp(67, 68)) },
  { what: 'DHCP offer from another port', to: ALL, rest: ipv4(udp(1067, 68)) },
  { what: 'DHCP offer in a VLAN', to: ALL, rest: TAG + ipv4(udp(67, 68)) },
  { what: 'DHCP offer to one host', to: '0200000000fe', rest: ipv4(udp(67, 68)) },
  { what: 'DHCPv6 advertise', to: NODES, rest: ipv6(17, udp(547, 546)) },
  { what: 'DHCPv6 answer to a relay', to: NODES, rest: ipv6(17, udp(547, 547)) },
]

/** What hosts send. */
const HONEST: readonly Frame[] = [
  { what: 'ARP request', to: ALL, rest: `08060001080006040001${'02'.repeat(6)}0a000001${'00'.repeat(6)}0a000002` },
  { what: 'DHCP discover', to: ALL, rest: ipv4(udp(68, 67)) },
  { what: 'DHCPv6 solicit', to: NODES, rest: ipv6(17, udp(546, 547)) },
  { what: 'router solicitation', to: NODES, rest: ipv6(58, '8500000000000000') },
  { what: 'neighbour solicitation', to: NODES, rest: ipv6(58, `87000000${'00'.repeat(20)}`) },
  { what: 'DNS to one host', to: '0200000000fe', rest: ipv4(udp(40000, 53)) },
]

const END: Frame = { what: 'end', to: '0200000000fe', rest: '88b5' }

test('a guarded port passes what hosts send, and nothing that only the network may send', { skip, timeout: 60_000 }, async (context) => {
  const name = (role: string) => `nwnft-${process.pid}-${role}`
  const [desk, phone, bridge, other] = [name('desk'), name('phone'), name('bridge'), name('other')]
  const folder = mkdtempSync(join(tmpdir(), 'nwnft-'))
  const ip = (...args: string[]) => execFileSync('ip', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  const nft = (...args: string[]) => ip('netns', 'exec', bridge, 'nft', ...args)
  const listeners: ReturnType<typeof spawn>[] = []
  context.after(() => {
    for (const listener of listeners) listener.kill()
    for (const namespace of [desk, phone, bridge, other]) spawnSync('ip', ['netns', 'delete', namespace])
    rmSync(folder, { recursive: true })
  })
  assert.equal(spawnSync('nft', ['--version']).error, undefined, 'nft is missing: apt-get install nftables')
  assert.equal(spawnSync('perl', ['-e', '1']).error, undefined, 'perl is missing: apt-get install perl-base')
  for (const namespace of [desk, phone, bridge, other]) {
    ip('netns', 'add', namespace)
    // Nothing is to be sent but by the test: an interface with IPv6 says by multicast that it is there.
    ip('netns', 'exec', namespace, 'sysctl', '-qw', 'net.ipv6.conf.default.disable_ipv6=1')
  }
  // As the target linux makes it: no spanning tree. Nothing is learned about multicast, so that all of it is flooded.
  ip('-n', bridge, 'link', 'add', 'br10', 'up', 'type', 'bridge', 'stp_state', '0', 'mcast_snooping', '0')
  for (const [namespace, port] of [
    [desk, 'swp1'],
    // To a bridge, a VLAN of a port is one more port: its name is what counts.
    [phone, 'swp2.40'],
    [other, 'swp48'],
  ] as const) {
    ip('link', 'add', 'eth0', 'netns', namespace, 'type', 'veth', 'peer', 'name', port, 'netns', bridge)
    ip('-n', bridge, 'link', 'set', port, 'up', 'master', 'br10')
    ip('-n', namespace, 'link', 'set', 'eth0', 'up')
  }
  const device = devices['access-switch']!
  const load = (stormFramesPerSecond: number) => {
    const interfaces = device.interfaces.map(
      (port): Interface => (port.kind === 'physical' && port.guard ? { ...port, guard: { ...port.guard, stormFramesPerSecond } } : port),
    )
    const printed = nftables.print(nftables.lower({ ...device, interfaces })!).find(({ path }) => path === FILES.bridge)!
    writeFileSync(join(folder, FILES.bridge), textOf(printed))
    nft('-f', join(folder, FILES.bridge))
  }

  /** Sends the frames from one to the other, and says which came. */
  const pass = async (from: string, to: string, frames: readonly Frame[]): Promise<string[]> => {
    const listener = spawn('ip', ['netns', 'exec', to, 'perl', '-e', LISTENER, 'eth0'], { stdio: ['ignore', 'pipe', 'inherit'] })
    listeners.push(listener)
    let heard = ''
    const ended = new Promise((done) => listener.on('close', done))
    await new Promise<void>((done) =>
      listener.stdout.on('data', (data) => {
        heard += data
        if (heard.startsWith('ready\n')) done()
      }),
    )
    const lines = [...frames, END].map(({ to, rest }, at) => `${to}0200000000${hex(at === frames.length ? 255 : at % 254, 1)}${rest}`.padEnd(120, '0'))
    execFileSync('ip', ['netns', 'exec', from, 'perl', '-e', SENDER, 'eth0'], { input: `${lines.join('\n')}\n` })
    await ended
    return heard
      .trim()
      .split('\n')
      .slice(1, -1)
      .map((at) => frames[Number(at)]!.what)
  }
  const words = (frames: readonly Frame[]) => frames.map(({ what }) => what)
  const counters = (chain: string) =>
    [...nft('list', 'chain', 'bridge', 'netwright', chain).matchAll(/counter packets (\d+)/g)].map(([, packets]) => Number(packets))
  /** What was over the limit of each port that has sent broadcast. */
  const over = (rate: number) =>
    Object.fromEntries(
      [...nft('list', 'set', 'bridge', 'netwright', `storm-${rate}`).matchAll(/"(\S+)" limit rate over [^"]*counter packets (\d+)/g)].map(
        ([, port, packets]) => [port, Number(packets)],
      ),
    )
  const all = [...ROGUE, ...HONEST]

  // Ports forward after a moment; what passes unguarded shows that the frames are what they should be.
  while ((await pass(desk, other, HONEST)).length < HONEST.length) await new Promise(setImmediate)
  assert.deepEqual(await pass(desk, other, all), words(all))

  load(STORM)
  assert.deepEqual(await pass(desk, other, all), words(HONEST))
  assert.deepEqual(counters('refused'), [2, 3, 5, 1])
  assert.deepEqual(await pass(other, desk, all), words(all), 'from a port of the network everything passes')

  const storm = Array.from({ length: 5 * STORM }, () => HONEST[0]!)
  const unicast = Array.from({ length: 5 * STORM }, () => HONEST.at(-1)!)
  const [one, more] = [await pass(desk, other, unicast), await pass(desk, other, storm)]
  assert.equal(one.length, unicast.length)
  // What the bucket holds, and what ran into it meanwhile; the frames above have cost it some.
  assert.ok(more.length < 2 * STORM, `${more.length} of ${storm.length} passed`)
  const lost = storm.length - more.length
  assert.deepEqual(over(STORM), { swp1: lost })
  assert.equal(counters(`guard-${STORM}`)[0], lost)

  // Another port has what the storm of the first one has not used up, and a count of its own.
  const others = await pass(phone, other, storm)
  assert.ok(others.length >= STORM && others.length < 2 * STORM, `${others.length} of ${storm.length} passed`)
  assert.deepEqual(over(STORM), { swp1: lost, 'swp2.40': storm.length - others.length })
  assert.equal(counters(`guard-${STORM}`)[0], lost + storm.length - others.length)

  load(STORM)
  assert.deepEqual(over(STORM), {}, 'limits and counts begin anew at each load')
  const again = await pass(desk, other, storm)
  assert.ok(again.length >= STORM && again.length < 2 * STORM, `${again.length} of ${storm.length} passed`)

  load(10 * STORM)
  assert.equal((await pass(desk, other, storm)).length, storm.length, 'a new limit holds from the moment that it is loaded')
})
