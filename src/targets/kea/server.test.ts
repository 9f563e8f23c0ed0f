/**
 * Kea itself, with the printed files: both programs accept them, a server alone hands out what is planned, and of a pair the standby goes on with the same leases
 * when the primary is killed. Servers and clients are in network namespaces with a bridge between them; other interfaces of a device are there without carrier.
 */
import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { setTimeout as after } from 'node:timers/promises'
import { contains, type Family, ipOf, prefixAround, prefixOf } from '#base/ip.ts'
import type { Device } from '#design/device.ts'
import type { DhcpPool } from '#design/for-hosts.ts'
import { textOf } from '../target.ts'
import { cases } from './cases/devices.ts'
import { FAMILIES, kea } from './index.ts'

const skip = process.getuid?.() === 0 ? false : 'network namespaces need root'

const PROGRAMS = { 'kea-dhcp4': 'kea-dhcp4-server', 'kea-dhcp6': 'kea-dhcp6-server', dhclient: 'isc-dhcp-client' }

/** A client that asks every second or two, and a script that says what it was given and sets nothing. */
const CLIENT = `timeout 90; initial-interval 1; backoff-cutoff 2;
request subnet-mask, routers, domain-name, domain-name-servers, domain-search, ntp-servers, dhcp6.name-servers, dhcp6.domain-search, dhcp6.sntp-servers;
`
const SCRIPT = `#!/bin/sh
case $reason in BOUND*) env | grep ^new_; echo bound ;; esac
`

/** Where Kea finds its folders, which are those of the test. */
const SERVER = `mount -t tmpfs tmpfs /run && mkdir /run/kea && mount --bind "$0" /run/kea &&
mount -t tmpfs tmpfs /var/lib && mkdir /var/lib/kea && mount --bind "$0" /var/lib/kea && exec "$1" -c "$0/$1.conf"`

function run(command: string, ...args: string[]): string {
  return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

/** Namespaces made so far, by any test. */
let made = 0

/** A network of one test, which ends with it. */
function laboratory(context: TestContext) {
  for (const [program, name] of Object.entries(PROGRAMS))
    assert.equal(spawnSync(program, ['--version']).error, undefined, `${program} is missing: apt-get install ${name}`)
  const folder = mkdtempSync(join(tmpdir(), 'nwkea-'))
  const namespaces: string[] = []
  const children: ChildProcess[] = []
  context.after(() => {
    for (const child of children) child.kill('SIGKILL')
    for (const namespace of namespaces) spawnSync('ip', ['netns', 'delete', namespace])
    rmSync(folder, { recursive: true, force: true })
  })

  const within = (namespace: string, command: string) => run('ip', 'netns', 'exec', namespace, ...command.split(' '))
  const namespace = (role: string) => {
    const name = `nwkea-${process.pid}-${made++}-${role}`
    run('ip', 'netns', 'add', name)
    namespaces.push(name)
    within(name, 'ip link set lo up')
    return name
  }
  const wire = (a: string, portA: string, b: string, portB: string) => {
    run('ip', 'link', 'add', portA, 'netns', a, 'type', 'veth', 'peer', 'name', portB, 'netns', b)
    within(a, `ip link set dev ${portA} up`)
    within(b, `ip link set dev ${portB} up`)
  }
  const launch = (namespace: string, args: readonly string[]) => {
    const child = spawn('ip', ['netns', 'exec', namespace, ...args], {
      env: { ...process.env, KEA_LOCKFILE_DIR: '/run/kea' },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    children.push(child)
    child.stderr.resume()
    return child
  }

  return {
    within,
    namespace,
    wire,
    /** A namespace with a bridge, and a port beside it for each client. */
    segment(clients: readonly string[]) {
      const lan = namespace('lan')
      within(lan, 'sysctl -qw net.ipv6.conf.default.accept_dad=0')
      within(lan, 'ip link add lan type bridge')
      within(lan, 'ip link set lan up')
      for (const client of clients) {
        wire(lan, client, lan, `${client}-b`)
        within(lan, `ip link set ${client}-b master lan`)
      }
      writeFileSync(join(folder, 'dhclient.conf'), CLIENT)
      writeFileSync(join(folder, 'script'), SCRIPT, { mode: 0o755 })
      return lan
    },
    /** The device in a namespace of its own, with its printed files in a folder; `plug` connects those of its interfaces that are not to be without carrier. */
    device(device: Device, plug: (namespace: string) => void = () => {}) {
      const name = namespace(device.name)
      plug(name)
      for (const { name: port, addresses } of device.interfaces) {
        spawnSync('ip', ['-n', name, 'link', 'add', port, 'type', 'bridge'])
        within(name, `ip link set ${port} up`)
        for (const { address } of addresses) within(name, `ip address add ${address} dev ${port}`)
      }
      const files = join(folder, name)
      mkdirSync(files)
      for (const file of kea.print(kea.lower(device)!)) writeFileSync(join(files, file.path), textOf(file))
      return { namespace: name, files }
    },
    /** Starts the server of a family. */
    serve({ namespace, files }: Server, family: Family) {
      const child = launch(namespace, ['sh', '-c', SERVER, files, FAMILIES[family].program])
      child.stdout.resume()
      return child
    },
    /** What the client gets that asks for the first time. Its identifier is made from its port, so that it is known again. */
    async lease(lan: string, port: string, family: Family): Promise<Record<string, string>> {
      const leases = join(folder, `${port}-${family}-${children.length}`)
      const files = ['-cf', join(folder, 'dhclient.conf'), '-lf', leases, '-pf', `${leases}.pid`, '-sf', join(folder, 'script')]
      writeFileSync(leases, '')
      const child = launch(lan, ['dhclient', `-${family}`, ...(family === 6 ? ['-D', 'LL'] : []), '-1', '-d', ...files, port])
      let heard = ''
      for await (const data of child.stdout) {
        heard += data
        if (heard.includes('\nbound\n')) break
      }
      child.kill('SIGKILL')
      assert.match(heard, /\nbound\n/, `${port} gets no lease`)
      return Object.fromEntries([...heard.matchAll(/^new_(\w+)=(.*)$/gm)].map(([, key, value]) => [key!, value!]))
    },
  }
}

interface Server {
  readonly namespace: string
  readonly files: string
}

/** The state of the pair as the server sees it; nothing while it does not answer. */
async function stateOf({ files }: Server, family: Family): Promise<string | undefined> {
  const socket = connect(join(files, `kea${family}-ctrl-socket`))
  socket.end(JSON.stringify({ command: 'status-get' }))
  try {
    let heard = ''
    for await (const data of socket) heard += data
    return /"local": \{[^}]*"state": "([a-z-]+)"/.exec(heard)?.[1]
  } catch {
    return undefined
  }
}

async function until(server: Server, family: Family, state: string): Promise<void> {
  while ((await stateOf(server, family)) !== state) await after(50)
}

function both<T>(each: (family: Family) => Promise<T>): Promise<T[]> {
  return Promise.all([each(4), each(6)])
}

function inPool(address: string, { prefix, first, last }: DhcpPool, family: Family): boolean {
  const { value } = ipOf(address)
  return contains(prefixOf(prefix), prefixAround(ipOf(address), family === 4 ? 32 : 128)) && value >= ipOf(first).value && value <= ipOf(last).value
}

// Side by side, because they do nothing but wait.
describe('kea', { concurrency: true, skip }, () => {
  test('both programs accept what is printed', (context) => {
    const lab = laboratory(context)
    for (const [name, device] of Object.entries(cases)) {
      const { namespace, files } = lab.device(device)
      for (const { program, path } of Object.values(FAMILIES)) {
        const { status, stderr } = spawnSync('ip', ['netns', 'exec', namespace, program, '-t', join(files, path)], {
          encoding: 'utf8',
          env: { ...process.env, KEA_LOCKFILE_DIR: files },
        })
        assert.equal(status, 0, `${name}: ${stderr}`)
      }
    }
  })

  test('a server alone hands out what is planned', { timeout: 60_000 }, async (context) => {
    const lab = laboratory(context)
    const lan = lab.segment(['client'])
    const device = cases['small-office']!
    const [segment] = device.dhcp!.segments
    const server = lab.device(device, (name) => {
      lab.wire(name, segment!.interface, lan, 'server')
      lab.within(lan, 'ip link set server master lan')
    })
    await both(async (family) => {
      lab.serve(server, family)
      const lease = await lab.lease(lan, 'client', family)
      assert(inPool(lease[family === 4 ? 'ip_address' : 'ip6_address']!, family === 4 ? segment!.v4[0]! : segment!.v6, family))
    })
  })

  test('who finds the first prefix of a segment full is given an address of the next, with the gateway in it', { timeout: 60_000 }, async (context) => {
    const lab = laboratory(context)
    const lan = lab.segment(['first', 'second'])
    const { pair: _, ...alone } = cases['office-primary']!.dhcp!
    const guests = alone.segments.find(({ name }) => name === 'guests')!
    const server = lab.device({ ...cases['office-primary']!, dhcp: alone }, (name) => {
      lab.wire(name, guests.interface, lan, 'server')
      lab.within(lan, 'ip link set server master lan')
    })
    lab.serve(server, 4)
    for (const [index, port] of ['first', 'second'].entries()) {
      const { ip_address, routers } = await lab.lease(lan, port, 4)
      const [pool, other] = [guests.v4[index]!, guests.v4[1 - index]!]
      assert(inPool(ip_address!, pool, 4), `${port}: ${ip_address}`)
      assert(!inPool(ip_address!, other, 4))
      assert.equal(routers, pool.gateway)
    }
  })

  test('a pair hands out what is planned, and the standby goes on when the primary is killed', { timeout: 120_000 }, async (context) => {
    const lab = laboratory(context)
    const lan = lab.segment(['client', 'other'])
    const [primary, standby] = [cases['office-primary']!, cases['office-standby']!]
    const { segments, pair } = primary.dhcp!
    const segment = segments[0]!
    const pool = (family: Family) => (family === 4 ? segment.v4[0]! : segment.v6)
    const between = primary.interfaces.find(({ addresses }) => addresses.some(({ address }) => address.startsWith(`${pair!.self.address}/`)))!.name
    const plug = (port: string) => (name: string) => {
      lab.wire(name, segment.interface, lan, port)
      lab.within(lan, `ip link set ${port} master lan`)
    }
    const first = lab.device(primary, plug('to-a'))
    const second = lab.device(standby, (name) => {
      plug('to-b')(name)
      spawnSync('ip', ['-n', first.namespace, 'link', 'delete', between])
      lab.wire(first.namespace, between, name, between)
      lab.within(first.namespace, `ip address add ${pair!.self.address}/31 dev ${between}`)
    })

    await both(async (family) => {
      const started = lab.serve(first, family)
      lab.serve(second, family)
      await Promise.all([until(first, family, 'hot-standby'), until(second, family, 'hot-standby')])

      const given = await lab.lease(lan, 'client', family)
      const address = (lease: Record<string, string>) => lease[family === 4 ? 'ip_address' : 'ip6_address']!
      assert(inPool(address(given), pool(family), family))
      if (family === 4) {
        assert.equal(given.dhcp_server_identifier, '10.32.0.2', 'the own address of the primary')
        assert.deepEqual(
          [given.subnet_mask, given.routers, given.domain_name_servers, given.ntp_servers, given.domain_name, given.domain_search],
          ['255.255.252.0', '10.32.0.1', '10.1.0.53 10.2.0.53', '10.1.0.123', 'lon2.harborpine.example', 'lon2.harborpine.example.'],
        )
        assert.deepEqual([given.dhcp_lease_time, given.dhcp_renewal_time, given.dhcp_rebinding_time], ['43200', '21600', '37800'])
      } else {
        assert.deepEqual(
          [given.dhcp6_name_servers, given.dhcp6_sntp_servers, given.dhcp6_domain_search],
          ['2001:db8:1::53 2001:db8:2::53', '2001:db8:1::123', 'lon2.harborpine.example.'],
        )
        assert.deepEqual([given.max_life, given.preferred_life, given.renew, given.rebind], ['43200', '27000', '13500', '21600'])
      }

      started.kill('SIGKILL')
      const [again, other] = await Promise.all([lab.lease(lan, 'client', family), lab.lease(lan, 'other', family)])
      assert.equal(address(again), address(given), 'the standby knows the lease')
      assert.notEqual(address(other), address(given))
      assert(inPool(address(other), pool(family), family))
      assert.equal(await stateOf(second, family), 'partner-down')
    })
  })
})
