/**
 * The printed files in the real daemons, a router a network namespace and a VRF one more (README, "Checking by hand"): FRR shows the configuration as it is
 * printed, so a reload of what runs plans nothing; and what is printed does what the design says.
 */
import assert from 'node:assert/strict'
import { type SpawnSyncReturns, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { byCodeUnit } from '#base/order.ts'
import type { Device } from '#design/device.ts'
import type { Interface } from '#design/interface.ts'
import type { BgpInstance, BgpNeighbor, PrefixList, RoutePolicy } from '#design/routing.ts'
import { textOf } from '../target.ts'
import { cases } from './cases/devices.ts'
import { frr } from './index.ts'

const FRR = '/usr/lib/frr'
const RELOAD = `${FRR}/frr-reload.py`

function run(command: string, ...args: string[]): SpawnSyncReturns<string> {
  return spawnSync(command, args, { encoding: 'utf8' })
}

function must(command: string, ...args: string[]): string {
  const { status, stdout, stderr, error } = run(command, ...args)
  assert.equal(status, 0, `${command} ${args.join(' ')}: ${stderr}${stdout}${error ?? ''}`)
  return stdout
}

/** Why a router can't be had here; false when it can. */
function unable(): string | false {
  if (process.getuid?.() !== 0) return 'making network namespaces takes root'
  const made = run('unshare', '--net', '--mount', '--uts', 'true')
  return made.status === 0 ? false : `no network namespace: ${made.error?.message ?? made.stderr}`
}

const skip = unable()

interface Router {
  readonly device: Device
  readonly folder: string
  readonly files: ReadonlyMap<string, string>
  /** The namespace of a VRF, of the default table if none is named. */
  readonly namespace: (vrf?: string) => string
}

let scratch: string
const started: Router[] = []

before(() => {
  if (skip) return
  for (const daemon of ['zebra', 'staticd', 'bgpd', 'bfdd']) assert(existsSync(`${FRR}/${daemon}`), `${daemon} is missing: apt-get install frr`)
  assert(existsSync(RELOAD), `${RELOAD} is missing: apt-get install frr-pythontools`)
  assert.equal(run('rdisc6', '--version').error, undefined, 'rdisc6 is missing: apt-get install ndisc6')
  scratch = mkdtempSync(join(tmpdir(), 'nw-frr-'))
  // The daemons run as a user of their own.
  chmodSync(scratch, 0o755)
})

after(() => {
  if (skip) return
  started.forEach(stop)
  rmSync(scratch, { recursive: true, force: true })
})

/** Makes the namespaces of a device. */
function make(device: Device): Router {
  const folder = join(scratch, device.name)
  const namespace = (vrf?: string) => `nwf${process.pid}-${device.name}${vrf === undefined ? '' : `-${vrf}`}`
  mkdirSync(join(folder, 'netns'), { recursive: true })
  const tree = frr.lower(device)!
  const router = { device, folder, files: new Map(frr.print(tree).map((file) => [file.path, textOf(file)])), namespace }
  started.push(router)
  for (const vrf of [undefined, ...device.vrfs.map(({ name }) => name)]) {
    must('ip', 'netns', 'add', namespace(vrf))
    must('ip', '-n', namespace(vrf), 'link', 'set', 'lo', 'up')
    const sysctls = ['net.ipv4.ip_forward=1', 'net.ipv6.conf.all.forwarding=1', 'net.ipv6.conf.default.accept_dad=0', 'net.ipv6.conf.all.accept_dad=0']
    must('ip', 'netns', 'exec', namespace(vrf), 'sysctl', '-qw', ...sysctls)
  }
  return router
}

/** Starts the daemons that `daemons` names, and gives them frr.conf. */
function start({ device, folder, files, namespace }: Router): void {
  for (const [path, text] of files) writeFileSync(join(folder, path), text)
  for (const { name } of device.vrfs) writeFileSync(join(folder, 'netns', name), '')
  const daemons = ['zebra', 'staticd', ...[...files.get('daemons')!.matchAll(/^(\w+d)=yes$/gm)].map((match) => match[1]!)]
  const options = `-d -u frr -g frr -f /dev/null -P 0 -z ${folder}/zserv.api --vty_socket ${folder}`
  const script = [
    'set -e',
    `hostname ${device.hostname}`,
    `chown -R frr:frr ${folder}`,
    'mount --make-rprivate /',
    ...device.vrfs.map(({ name }) => `mount --bind /run/netns/${namespace(name)} ${folder}/netns/${name}`),
    `mount --rbind ${folder}/netns /run/netns`,
    ...daemons.map((daemon) => {
      const more = daemon === 'zebra' && device.vrfs.length > 0 ? '-n' : daemon === 'bfdd' ? `--bfdctl ${folder}/bfdd.sock` : ''
      return `${FRR}/${daemon} ${options} -i ${folder}/${daemon}.pid ${more}`
    }),
  ]
  must('nsenter', `--net=/run/netns/${namespace()}`, 'unshare', '--mount', '--uts', 'sh', '-c', script.join('\n'))
}

/** Gives frr.conf to the daemons, which have nothing to say about it. */
function configure(router: Router): void {
  const { stdout, stderr } = run('vtysh', '--vty_socket', router.folder, '-f', join(router.folder, 'frr.conf'))
  assert.equal(`${stdout}${stderr}`.replaceAll(/.*no kernel support.*\n/g, ''), '')
}

function stop({ device, folder, namespace }: Router): void {
  for (const daemon of ['bfdd', 'bgpd', 'staticd', 'zebra']) {
    if (existsSync(`${folder}/${daemon}.pid`)) run('kill', '-KILL', readFileSync(`${folder}/${daemon}.pid`, 'utf8').trim())
  }
  for (const vrf of [undefined, ...device.vrfs.map(({ name }) => name)]) run('ip', 'netns', 'delete', namespace(vrf))
}

/** What the shell answers, in the router's own host name. */
function show({ folder }: Router, command: string): string {
  const uts = `--uts=/proc/${readFileSync(`${folder}/zebra.pid`, 'utf8').trim()}/ns/uts`
  return must('nsenter', uts, 'vtysh', '--vty_socket', folder, '-c', command)
}

function shown<T>(router: Router, command: string): T {
  return JSON.parse(show(router, `${command} json`)) as T
}

/** Waits for what `look` returns to be something. */
async function eventually<T>(what: string, look: () => T | undefined): Promise<T> {
  for (const deadline = performance.now() + 60_000; ; await pause(100)) {
    const found = look()
    if (found !== undefined) return found
    assert(performance.now() < deadline, `not within 60 s: ${what}`)
  }
}

/** The running configuration without what stands there because a VRF is a namespace, and what is about the daemons. */
function running(router: Router): string {
  return show(router, 'show running-config')
    .split('\n')
    .filter((line) => !/^(Building|Current|frr version|service integrated|end$| netns )/.test(line))
    .map((line) => line.replace(/^(interface \S+) vrf \S+$/, '$1'))
    .join('\n')
}

/** Blocks by their first line, each with its lines in order, and the lines that are by themselves. FRR has blocks in another order, and neighbours by address. */
function blocksOf(text: string): Map<string, string[]> {
  const blocks: [opening: string, lines: string[]][] = []
  for (const line of text.split('\n')) {
    if (line === '' || /^ *!/.test(line)) continue
    if (line.startsWith(' ') || line.startsWith('exit')) blocks.at(-1)![1].push(line)
    else blocks.push([line, []])
  }
  return new Map(blocks.sort(([a], [b]) => byCodeUnit(a, b)).map(([opening, lines]) => [opening, byNeighbor(lines)]))
}

/** The lines with those on neighbours, which stand together, in order of their addresses as text. */
function byNeighbor(lines: readonly string[]): string[] {
  const neighbor = (line: string) => /^ +neighbor (\S+)/.exec(line)?.[1]
  const first = lines.findIndex(neighbor)
  if (first < 0) return [...lines]
  const rest = lines.findIndex((line, index) => index > first && !neighbor(line))
  const sorted = lines.slice(first, rest).sort((a, b) => byCodeUnit(neighbor(a)!, neighbor(b)!))
  return [...lines.slice(0, first), ...sorted, ...lines.slice(rest, rest + 1), ...byNeighbor(lines.slice(rest + 1))]
}

for (const [name, device] of Object.entries(cases)) {
  test(`FRR shows ${name} as it is printed, and a reload plans nothing`, { skip }, () => {
    const router = make(device)
    for (const { name, vrf, advertises } of device.interfaces) {
      if (advertises) must('ip', '-n', router.namespace(vrf), 'link', 'add', 'name', name, 'type', 'bridge')
    }
    start(router)
    configure(router)
    const [text, printed] = [running(router), router.files.get('frr.conf')!]
    assert.deepEqual(blocksOf(text), blocksOf(printed))
    assert.equal(plan(router, text, printed), '')
    assert.match(plan(router, text, printed.replace('log syslog informational', 'log syslog errors')), /log syslog errors/, 'its silence means something')
  })
}

/** What a reload would do to get from one configuration to another, and its complaints. */
function plan({ folder }: Router, from: string, to: string): string {
  const files = { from: join(folder, 'from.conf'), to: join(folder, 'to.conf') }
  writeFileSync(files.from, from)
  writeFileSync(files.to, to)
  const { stdout, stderr } = run('python3', RELOAD, '--test', '--log-level', 'error', '--input', files.from, files.to)
  return `${stdout}${stderr}`.trim()
}

const why = ['ask lab']
const address = (text: string) => ({ address: text, why })

/** A port of the lab, with what it tells hosts. */
function port(name: string, addresses: readonly string[], vrf?: string, advertises?: Interface['advertises']): Interface {
  const more = { ...(vrf === undefined ? {} : { vrf }), ...(advertises ? { advertises } : {}) }
  return { kind: 'physical', name, id: name, description: '', mtu: 1500, speed: 1e10, addresses: addresses.map(address), ...more, why }
}

const all: PrefixList[] = ([4, 6] as const).map((family) => ({
  name: `all-${family}`,
  family,
  entries: [{ sequence: 5, action: 'permit', prefix: family === 4 ? '0.0.0.0/0' : '::/0', le: family === 4 ? 32 : 128, why }],
  why,
}))

function policy(name: string, set: RoutePolicy['entries'][number]['set']): RoutePolicy {
  const entry = { action: 'permit' as const, set, why }
  const entries = [
    { ...entry, sequence: 10, match: { prefixList4: 'all-4' } },
    { ...entry, sequence: 20, match: { prefixList6: 'all-6' } },
  ]
  return { name, entries, why }
}

function session(address: string, asn: number, more: Partial<BgpNeighbor> = {}): BgpNeighbor {
  const families = [address.includes(':') ? ('ipv6' as const) : ('ipv4' as const)]
  return { address, asn, description: 'lab', families, importPolicy: 'in', exportPolicy: 'out', originateDefault: false, why, ...more }
}

function speaker(asn: number, routerId: string, neighbors: readonly BgpNeighbor[], networks: readonly string[], more: Partial<BgpInstance> = {}): BgpInstance {
  const family = (prefixes: readonly string[]) => ({ networks: prefixes.map((prefix) => ({ prefix, why })), aggregates: [], maximumPaths: 2 })
  return { asn, routerId, neighbors, ipv4: family(networks), ipv6: family([]), ...more, why }
}

/** A router with a VRF `web`, whose routes all pass. */
function lab(name: string, interfaces: readonly Interface[], statics: readonly [prefix: string, vrf?: string][], bgp: readonly BgpInstance[]): Device {
  return {
    ...cases.spine!,
    name,
    hostname: `${name}.lab.example`,
    interfaces,
    vrfs: [{ name: 'web', table: 1001, why }],
    routing: {
      bfd: [{ name: 'quick', intervalMs: 200, multiplier: 4, why }],
      statics: statics.map(([prefix, vrf]) => ({ prefix, ...(vrf === undefined ? {} : { vrf }), via: 'discard', distance: 250, why })),
      prefixLists: all,
      communityLists: [
        { name: 'told', communities: ['64496:1:4'], why },
        { name: 'told-more', communities: ['64496:1:4', '64496:1:5'], why },
      ],
      policies: [
        policy('in', { localPreference: 200 }),
        {
          name: 'by-community',
          entries: [
            { sequence: 10, action: 'permit', match: { communityList: 'told-more' }, set: { localPreference: 310 }, why },
            { sequence: 20, action: 'permit', match: { communityList: 'told', prefixList4: 'all-4' }, set: { localPreference: 320 }, why },
            { sequence: 30, action: 'permit', match: {}, set: { localPreference: 330 }, why },
          ],
          why,
        },
        policy('out', { largeCommunities: ['64496:1:4'] }),
      ],
      bgp,
    },
  }
}

const bfd = { bfd: 'quick' }
const [A, B, C] = [4200000001, 64496, 65010]

const managed = { managed: true, preference: 'high', intervalSeconds: 30, lifetimeSeconds: 100, resolvers: ['2001:db8::54', '2001:db8::53'], why } as const
const unmanaged = { managed: false, preference: 'medium', intervalSeconds: 600, lifetimeSeconds: 1800, resolvers: [], why } as const

/** `a` is out of use. It and `b` speak to each other in both tables; `a` also speaks to `b` from its VRF, as AS `C`, and by a session with a limit. */
const a = lab(
  'a',
  [
    port('swp1', ['10.9.0.1/24', '10.9.2.1/24', '2001:db8:9::1/64'], undefined, managed),
    port('swp2', ['10.9.1.1/24', '2001:db8:9:1::1/64'], 'web', unmanaged),
    port('swp3', ['10.9.3.1/24'], 'web'),
  ],
  [['10.77.0.0/16'], ['10.78.0.0/16'], ['10.55.0.0/16', 'web']],
  [
    speaker(A, '10.9.0.1', [session('10.9.0.2', B, bfd), session('2001:db8:9::2', B, bfd), session('10.9.2.2', B)], ['10.77.0.0/16', '10.78.0.0/16'], {
      gracefulShutdown: true,
    }),
    speaker(C, '10.9.1.1', [session('10.9.1.2', B, bfd), session('2001:db8:9:1::2', B, bfd), session('10.9.3.2', B)], ['10.55.0.0/16'], { vrf: 'web' }),
  ],
)

const b = lab(
  'b',
  [port('swp1', ['10.9.0.2/24', '10.9.2.2/24', '2001:db8:9::2/64']), port('swp2', ['10.9.1.2/24', '2001:db8:9:1::2/64'], 'web'), port('swp3', ['10.9.3.2/24'])],
  [],
  [
    speaker(
      B,
      '10.9.0.2',
      [
        session('10.9.0.1', A, { ...bfd, removePrivateAsns: true, maximumPrefixes: 2 }),
        session('2001:db8:9::1', A, bfd),
        session('10.9.2.1', A, { removePrivateAsns: true, maximumPrefixes: 1 }),
        session('10.9.3.1', C, { importPolicy: 'by-community' }),
      ],
      [],
    ),
    speaker(B, '10.9.1.2', [session('10.9.1.1', C, bfd), session('2001:db8:9:1::1', C, bfd)], [], { vrf: 'web' }),
  ],
)

let routers: { readonly a: Router; readonly b: Router }

before(() => {
  if (skip) return
  routers = { a: make(a), b: make(b) }
  for (const { name, vrf } of a.interfaces) {
    const far = b.interfaces.find((other) => other.name === name)!
    const peer = ['peer', 'name', name, 'netns', routers.b.namespace(far.vrf)]
    must('ip', 'link', 'add', 'name', name, 'netns', routers.a.namespace(vrf), 'type', 'veth', ...peer)
  }
  for (const router of [routers.a, routers.b]) {
    for (const { name, vrf, addresses } of router.device.interfaces) {
      for (const { address } of addresses) must('ip', '-n', router.namespace(vrf), 'address', 'add', address, 'dev', name)
      must('ip', '-n', router.namespace(vrf), 'link', 'set', name, 'up')
    }
    start(router)
    configure(router)
  }
})

test('BFD sessions of both families, in the default table and in a VRF, come up at the timers of the profile', { skip }, async () => {
  type Peer = Readonly<Record<string, string | number>>
  const wanted = ['default 10.9.0.1', 'default 2001:db8:9::1', 'web 10.9.1.1', 'web 2001:db8:9:1::1']
  const peers = await eventually('four BFD sessions', () => {
    const up = shown<Peer[]>(routers.b, 'show bfd peers').filter(({ status }) => status === 'up')
    return up.length === wanted.length && up.every((peer) => peer['remote-receive-interval'] === 200) ? up : undefined
  })
  assert.deepEqual(peers.map(({ vrf, peer }) => `${vrf} ${peer}`).sort(), wanted)
  for (const peer of peers) {
    const timers = ['receive-interval', 'transmit-interval', 'detect-multiplier'].flatMap((key) => [peer[key], peer[`remote-${key}`]])
    assert.deepEqual(timers, [200, 200, 200, 200, 4, 4], String(peer.peer))
  }
})

interface Path {
  readonly locPrf?: number
  readonly aspath: { readonly string: string }
  readonly community?: { readonly string: string }
  readonly largeCommunity?: { readonly string: string }
}

const pathsTo = (router: Router, prefix: string) => shown<{ paths?: Path[] }>(router, `show bgp ipv4 unicast ${prefix}`).paths?.[0]

test('a large community is added, and FRR heeds GRACEFUL_SHUTDOWN by itself, whatever preference the import policy sets', { skip }, async () => {
  const path = await eventually('the path through the speaker that is out of use', () => pathsTo(routers.b, '10.77.0.0/16'))
  assert.deepEqual([path.locPrf, path.community?.string, path.largeCommunity?.string], [0, 'graceful-shutdown', '64496:1:4'])
})

test('an entry that asks for communities is taken by routes that bear all of them', { skip }, async () => {
  assert.equal((await eventually('the path that bears one of two', () => pathsTo(routers.b, '10.55.0.0/16'))).locPrf, 320)
})

test('a private AS number on the way becomes the own one, so the path keeps its length', { skip }, async () => {
  assert.equal((await eventually('the path as it came', () => pathsTo(routers.b, '10.55.0.0/16'))).aspath.string, `${C}`)
  assert.equal((await eventually('the path passed on', () => pathsTo(routers.a, '10.55.0.0/16'))).aspath.string, `${B} ${B}`)
})

test('a session that brings more prefixes than its limit ends, one that brings as many stays', { skip }, async () => {
  type Peers = { readonly peers: Readonly<Record<string, { readonly state: string; readonly pfxRcd: number }>> }
  const peers = () => shown<Peers>(routers.b, 'show bgp ipv4 unicast summary').peers
  await eventually('the limit', () => (peers()['10.9.2.1']!.state === 'Idle (PfxCt)' ? true : undefined))
  await eventually('both prefixes', () => (peers()['10.9.0.1']!.pfxRcd === 2 ? true : undefined))
})

/** What a host hears: each line of rdisc6 that says something, as `name: value`. */
function advertised(vrf: string | undefined, device: string): Promise<string[]> {
  return eventually(`a router advertisement on ${device}`, () => {
    const { status, stdout } = run('ip', 'netns', 'exec', routers.b.namespace(vrf), 'rdisc6', '-1', '-r', '1', '-w', '1000', device)
    if (status !== 0) return undefined
    return stdout.split('\n').flatMap((line) => {
      const found = /^ *(\S.*?) *: +(\S+)/.exec(line)
      return found ? [`${found[1]}: ${found[2]}`] : []
    })
  })
}

function assertSays(told: readonly string[], ...lines: string[]): void {
  for (const line of lines) assert(told.includes(line), `${line} is not in\n${told.join('\n')}`)
}

test('hosts are told that addresses come by DHCPv6, by which router to go, and the resolvers in their order', { skip }, async () => {
  const told = await advertised(undefined, 'swp1')
  assertSays(told, 'Stateful address conf.: Yes', 'Stateful other conf.: Yes', 'Router preference: high', 'Router lifetime: 100')
  assertSays(told, 'Prefix: 2001:db8:9::/64', 'On-link: Yes', 'Autonomous address conf.: No', 'DNS server lifetime: 90')
  assert.deepEqual(
    told.filter((line) => line.startsWith('Recursive')),
    ['Recursive DNS server: 2001:db8::54', 'Recursive DNS server: 2001:db8::53'],
  )
})

test('hosts in a VRF are told to make addresses themselves', { skip }, async () => {
  const told = await advertised('web', 'swp2')
  assertSays(told, 'Stateful address conf.: No', 'Stateful other conf.: No', 'Router preference: medium', 'Router lifetime: 1800')
  assertSays(told, 'Prefix: 2001:db8:9:1::/64', 'On-link: Yes', 'Autonomous address conf.: Yes')
})

test('a router that falls silent is noticed by BFD, not by the hold time', { skip }, async () => {
  type Watch = { peer: string; status: string }
  await eventually('BFD', () =>
    shown<Watch[]>(routers.b, 'show bfd peers').some(({ peer, status }) => peer === '10.9.0.1' && status === 'up') ? true : undefined,
  )
  const neighbor = () => shown<Record<string, { bgpState?: string; lastNotificationReason?: string }>>(routers.b, 'show bgp neighbors 10.9.0.1')['10.9.0.1']
  await eventually('BGP', () => (neighbor()?.bgpState === 'Established' ? true : undefined))
  const silent = Number(readFileSync(`${routers.a.folder}/bfdd.pid`, 'utf8'))
  process.kill(silent, 'SIGSTOP')
  try {
    await eventually('the end of the session', () => (neighbor()?.lastNotificationReason === 'Cease/BFD Down' ? true : undefined))
  } finally {
    process.kill(silent, 'SIGCONT')
  }
})
