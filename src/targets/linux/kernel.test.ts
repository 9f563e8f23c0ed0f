/** The printed files in a real kernel: a fresh network namespace with ports of the right names is told what is printed, and asked what it holds. */
import assert from 'node:assert/strict'
import { type SpawnSyncReturns, spawnSync } from 'node:child_process'
import { type TestContext, test } from 'node:test'
import type { Device } from '#design/device.ts'
import { textOf } from '../target.ts'
import { cases } from './cases/devices.ts'
import { linux } from './index.ts'
import type { Link, LinuxTree, Route } from './tree.ts'

const NAMESPACE = `nw-linux-${process.pid}`

function run(command: string, args: readonly string[], input = ''): SpawnSyncReturns<string> {
  return spawnSync(command, args, { input, encoding: 'utf8' })
}

function must(command: string, args: readonly string[], input = ''): string {
  const { status, stdout, stderr, error } = run(command, args, input)
  assert.equal(status, 0, `${command} ${args.join(' ')}: ${stderr}${error ?? ''}`)
  return stdout
}

const ip = (...args: string[]) => must('ip', ['-n', NAMESPACE, ...args])
const batch = (commands: string) => must('ip', ['-n', NAMESPACE, '-batch', '-'], commands)
const inside = (...args: string[]) => must('ip', ['netns', 'exec', NAMESPACE, ...args])

/** Why a namespace can't be had here; false when it can. */
function unable(): string | false {
  if (process.getuid?.() !== 0) return 'making a network namespace takes root'
  const made = run('ip', ['netns', 'add', NAMESPACE])
  if (made.status !== 0) return `no network namespace: ${made.error?.message ?? made.stderr}`
  must('ip', ['netns', 'delete', NAMESPACE])
  return false
}

const skip = unable()

function inNamespace(body: () => void): void {
  must('ip', ['netns', 'add', NAMESPACE])
  try {
    body()
  } finally {
    must('ip', ['netns', 'delete', NAMESPACE])
  }
}

/**
 * Tells the namespace what is printed, but for links of kinds that this kernel lacks and what stands on those. Their names are returned, and told to
 * the reader of the tests.
 */
function tell(commands: string, context: TestContext): ReadonlySet<string> {
  const lacking = new Map<string, string>()
  const concerned = (line: string) => line.split(' ').some((word) => lacking.has(word))
  const lines = commands.split('\n')
  for (const line of lines) {
    const [, name, kind] = /^link add .*?name (\S+) .*?type (\S+)/.exec(line) ?? []
    if (name === undefined || kind === undefined) continue
    const { status, stderr } = concerned(line) ? { status: 1, stderr: 'Unknown device type' } : run('ip', ['-n', NAMESPACE, '-batch', '-'], line)
    if (status === 0) continue
    assert.match(stderr, /Unknown device type/, line)
    lacking.set(name, kind)
  }
  batch(lines.filter((line) => !line.startsWith('link add ') && !concerned(line)).join('\n'))
  if (lacking.size > 0) context.diagnostic(`left out, since this kernel has no such links: ${[...lacking].map((link) => link.join(' ')).join(', ')}`)
  return new Set(lacking.keys())
}

function filesOf(device: Device): { tree: LinuxTree; file: (path: string) => string } {
  const tree = linux.lower(device)!
  const files = new Map(linux.print(tree).map((file) => [file.path, textOf(file)]))
  return { tree, file: (path) => files.get(path)! }
}

/** Ports with carrier, by the names of the links that are there before anything is told. */
function plugPorts({ links }: LinuxTree): void {
  const ports = links.filter(({ name, kind }) => kind.type === 'existing' && name !== 'lo')
  batch(ports.map(({ name }, index) => `link add name ${name} type veth peer name peer${index}\nlink set dev peer${index} up\n`).join(''))
}

interface KernelLink {
  readonly mtu: number
  readonly flags: readonly string[]
  readonly ifalias?: string
  readonly master?: string
  readonly address: string
  readonly inet6_addr_gen_mode: string
  readonly linkinfo?: { readonly info_kind: string; readonly info_data?: Record<string, unknown>; readonly info_slave_data?: Record<string, unknown> }
  readonly addr_info: readonly {
    readonly local: string
    readonly prefixlen: number
    readonly scope: string
    readonly nodad?: boolean
    readonly family: string
  }[]
}

function withoutMaster({ master: _, ...link }: Link): Link {
  return link
}

function checkLink({ name, kind, master, mtu, alias, linkLocal, hosts, addresses }: Link): void {
  // Only `link` shows how link-local addresses come about, only `address` shows addresses.
  const [found] = ['link', 'address']
    .map((what) => JSON.parse(ip('-d', '-j', what, 'show', 'dev', name)) as [KernelLink])
    .reduce(([link], [more]) => [{ ...link, ...more }])
  const data = found.linkinfo?.info_data
  assert.equal(found.mtu, mtu ?? found.mtu, name)
  assert.equal(found.master, master, name)
  assert.equal(found.ifalias, alias, name)
  assert(found.flags.includes('UP'), name)
  assert.equal(found.inet6_addr_gen_mode !== 'none', linkLocal, name)
  const port = found.linkinfo?.info_slave_data
  if (hosts !== 'learned') assert.equal(port?.learning, false, name)
  if (hosts === 'admitted') assert.equal(port?.locked, true, name)
  if (kind.type === 'bridge') assert.deepEqual([found.linkinfo?.info_kind, data?.stp_state, found.address], ['bridge', 0, kind.mac ?? found.address])
  if (kind.type === 'bond' && kind.primary !== undefined)
    assert.deepEqual([data?.mode, data?.primary, data?.primary_reselect], ['active-backup', kind.primary, 'failure'])
  if (kind.type === 'wireguard') assert.equal(found.linkinfo?.info_kind, 'wireguard')
  if (kind.type === 'vxlan') {
    assert.deepEqual(
      [found.linkinfo?.info_kind, data?.id, data?.local ?? data?.local6, data?.port, data?.learning],
      ['vxlan', kind.vni, kind.local, 4789, false],
    )
  }
  assert.deepEqual(
    found.addr_info
      .filter(({ scope, local }) => scope === 'global' && local !== '127.0.0.1' && local !== '::1')
      .map(({ local, prefixlen, nodad, family }) => ({ address: `${local}/${prefixlen}`, detectsDuplicates: family === 'inet6' && !nodad }))
      .sort((a, b) => (a.address < b.address ? -1 : 1)),
    addresses.map(({ address, detectsDuplicates }) => ({ address, detectsDuplicates })).sort((a, b) => (a.address < b.address ? -1 : 1)),
    name,
  )
}

function checkRoute({ prefix, vrf, to }: Route): void {
  const family = prefix.includes(':') ? '-6' : '-4'
  const [found] = JSON.parse(ip(family, '-j', 'route', 'show', ...(vrf === undefined ? [] : ['vrf', vrf]), 'exact', prefix)) as [
    { type?: string; gateway?: string; nexthops?: readonly { gateway: string }[] },
  ]
  const hops = found.nexthops?.map(({ gateway }) => gateway) ?? (found.gateway ? [found.gateway] : [])
  assert.deepEqual(typeof to === 'string' ? found.type : hops, to, prefix)
}

for (const [name, device] of Object.entries(cases)) {
  test(`the kernel holds what is printed for ${name}`, { skip }, (context) =>
    inNamespace(() => {
      const { tree, file } = filesOf(device)
      plugPorts(tree)
      must('ip', ['netns', 'exec', NAMESPACE, 'sysctl', '-e', '-p', '-'], file('sysctl.conf'))
      const lacking = tell(file('network.ip'), context)
      for (const link of tree.links) if (!lacking.has(link.name)) checkLink(lacking.has(link.master ?? '') ? withoutMaster(link) : link)
      for (const route of tree.routes) if (!lacking.has(route.vrf ?? '')) checkRoute(route)
      for (const { key, value, optional } of tree.sysctls) {
        if (optional && run('ip', ['netns', 'exec', NAMESPACE, 'sysctl', '-n', key]).status !== 0) continue
        assert.equal(inside('sysctl', '-n', key).trim(), String(value), key)
      }
      // What the kernel counts per interface has reached the ports that were there before and receive IP packets themselves.
      for (const { name: port, kind, master } of tree.links) {
        if (kind.type !== 'existing' || port === 'lo' || master !== undefined) continue
        const [key, value] = device.forwards ? ['ignore_routes_with_linkdown', '1'] : ['accept_redirects', '0']
        assert.equal(inside('sysctl', '-n', `net/ipv4/conf/${port}/${key}`).trim(), value, port)
        assert.equal(inside('sysctl', '-n', `net/ipv6/conf/${port}/${key}`).trim(), value, port)
      }
    }),
  )
}

test('IPv6 addresses survive a link that goes down', { skip }, () =>
  inNamespace(() => {
    const { tree, file } = filesOf(cases['flat-leaf']!)
    plugPorts(tree)
    must('ip', ['netns', 'exec', NAMESPACE, 'sysctl', '-e', '-p', '-'], file('sysctl.conf'))
    batch(file('network.ip'))
    ip('link', 'set', 'dev', 'swp49', 'down')
    assert.match(ip('-6', 'address', 'show', 'dev', 'swp49'), /2001:db8:9:8000::1\/127/)
  }),
)

test('the order of lookups with VRFs is accepted in both families', { skip }, () =>
  inNamespace(() => {
    const { file } = filesOf(cases.leaf!)
    for (const family of ['-4', '-6']) {
      must('ip', ['-n', NAMESPACE, family, '-batch', '-'], file('rules.ip'))
      assert.match(ip(family, 'rule', 'show'), /^32765:\tfrom all lookup local/)
    }
  }),
)

test('ip understands every line, whatever kinds of link this kernel has', { skip }, () =>
  inNamespace(() => {
    ip('link', 'set', 'dev', 'lo', 'up')
    for (const device of Object.values(cases)) {
      for (const line of filesOf(device).file('network.ip').split('\n')) {
        const { stderr } = run('ip', ['-n', NAMESPACE, '-batch', '-'], `${line}\n`)
        // What is left are complaints of the kernel: a kind it lacks, a link or VRF that is not there.
        assert.doesNotMatch(
          stderr.replace(/.*(Invalid VRF|Device does not exist).*/, ''),
          /is wrong|garbage|duplicate|unknown, try|What is|ncomplete|Unterminated|expected/,
          line,
        )
      }
    }
  }),
)
