/**
 * The router advertisements of FRR on a device that shares its gateway address on one of two segments, with the printed filter: hosts of the shared segment hear it under the shared link-local address
 * alone. Nothing waits for a time: what is dropped shows in a counter, and what is heard in the routes of hosts.
 */
import assert from 'node:assert/strict'
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Filter } from '#design/filter.ts'
import { textOf } from '../target.ts'
import { deviceWith } from './cases/devices.ts'
import { nftables } from './index.ts'
import { FILES } from './tree.ts'

const skip = process.getuid?.() === 0 ? false : 'network namespaces need root'

const ZEBRA = '/usr/lib/frr/zebra'

const why = ['ask test']
const FILTER: Filter = { transit: 'open', zones: [], sets: [], pairs: [], local: [], why }
/** Group 10 on lan0: the master has fe80::a there. */
const VRRP = { groups: [{ name: 'staff', interface: 'lan0', id: 10, v4: ['10.1.0.1/24'], v6: '2001:db8:1::1/64', why }], priority: 200, follows: [], why }

test('hosts of a shared segment hear of a router once it is master, and of no other', { skip, timeout: 60_000 }, async (context) => {
  const name = (role: string) => `nwnft-${process.pid}-${role}`
  const [host, router, alone] = [name('host'), name('router'), name('alone')]
  const folder = mkdtempSync(join(tmpdir(), 'nwnft-'))
  const ip = (...args: string[]) => execFileSync('ip', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  let zebra: ReturnType<typeof spawn> | undefined
  context.after(() => {
    zebra?.kill()
    for (const namespace of [host, router, alone]) spawnSync('ip', ['netns', 'delete', namespace])
    rmSync(folder, { recursive: true })
  })
  assert.equal(spawnSync('nft', ['--version']).error, undefined, 'nft is missing: apt-get install nftables')
  assert.ok(existsSync(ZEBRA), 'zebra is missing: apt-get install frr')

  for (const namespace of [host, router, alone]) {
    ip('netns', 'add', namespace)
    // Addresses hold at once.
    ip('netns', 'exec', namespace, 'sysctl', '-qw', 'net.ipv6.conf.default.accept_dad=0', `net.ipv6.conf.all.forwarding=${namespace === router ? 1 : 0}`)
  }
  for (const [namespace, port] of [
    [host, 'lan0'],
    [alone, 'lan1'],
  ] as const) {
    ip('link', 'add', 'eth0', 'netns', namespace, 'type', 'veth', 'peer', 'name', port, 'netns', router)
    ip('-n', router, 'link', 'set', port, 'up')
    ip('-n', namespace, 'link', 'set', 'eth0', 'up')
  }
  const [filter] = nftables.print(nftables.lower(deviceWith(FILTER, { vrrp: VRRP }))!)
  writeFileSync(join(folder, FILES.inet), textOf(filter!))
  ip('netns', 'exec', router, 'nft', '-f', join(folder, FILES.inet))
  const dropped = () => Number(/counter packets (\d+)/.exec(ip('netns', 'exec', router, 'nft', 'list', 'chain', 'inet', 'netwright', 'output'))![1])
  /** The link-local addresses of the routers that it has heard of. */
  const routers = (namespace: string) => [...ip('-n', namespace, '-6', 'route', 'show', 'default').matchAll(/via (\S+)/g)].map(([, via]) => via!)
  const until = async (holds: () => boolean) => {
    while (!holds()) await new Promise(setImmediate)
  }

  const says = (port: string) => `interface ${port}\n no ipv6 nd suppress-ra\n ipv6 nd ra-interval 1\nexit\n`
  writeFileSync(join(folder, 'zebra.conf'), `${says('lan0')}${says('lan1')}`)
  chmodSync(folder, 0o777)
  const options = ['-u', 'frr', '-g', 'frr', '-f', `${folder}/zebra.conf`, '-i', `${folder}/pid`, '-z', `${folder}/api`, '--vty_socket', folder, '-P', '0']
  zebra = spawn('ip', ['netns', 'exec', router, ZEBRA, ...options], { stdio: 'ignore' })

  await until(() => dropped() >= 2)
  assert.deepEqual(routers(host), [])
  await until(() => routers(alone).length > 0)

  ip('-n', router, 'address', 'add', 'fe80::a/64', 'dev', 'lan0', 'nodad')
  await until(() => routers(host).length > 0)
  assert.deepEqual(routers(host), ['fe80::a'])

  ip('-n', router, 'address', 'delete', 'fe80::a/64', 'dev', 'lan0')
  const before = dropped()
  await until(() => dropped() >= before + 2)
  // It forgets the shared one when its lifetime is over, and the kernel has looked.
  assert.deepEqual(
    routers(host).filter((via) => via !== 'fe80::a'),
    [],
  )
  assert.equal(routers(alone).length, 1)
  assert.notEqual(routers(alone)[0], 'fe80::a')
})
