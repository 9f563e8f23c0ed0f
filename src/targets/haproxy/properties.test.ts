/** What holds for every balancer: it reads back as itself, every line can say why, and HAProxy's own checker has not so much as a warning about it. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { same } from '#base/canonical.ts'
import { nth, showIp } from '#base/ip.ts'
import type { Device } from '#design/device.ts'
import type { Backend, BackendServer, Frontend } from '#design/for-hosts.ts'
import { textOf } from '../target.ts'
import { withoutWhys } from '../without-whys.ts'
import { cases } from './cases/devices.ts'
import { STATE_FILE } from './constants.ts'
import { haproxy } from './index.ts'

const why = fc.array(fc.constantFrom('fact services/web.yaml#/balanced', 'ask a replica web-1', 'ledger a/service/web'), { minLength: 1, maxLength: 3 })
const text = (characters: string, maxLength: number) => fc.string({ unit: fc.constantFrom(...characters), minLength: 1, maxLength })
const name = text('ABab01_.:-', 12)
const port = fc.integer({ min: 1, max: 65535 })
const seconds = fc.integer({ min: 1, max: 86400 })
const v4 = fc.bigInt({ min: 1n, max: 0xfffffen }).map((value) => showIp(nth({ family: 4, base: 10n << 24n, length: 8 }, value)))
const v6 = fc.bigInt({ min: 1n, max: (1n << 90n) - 1n }).map((value) => showIp(nth({ family: 6, base: 0x2001_0db8n << 96n, length: 32 }, value)))

const server: fc.Arbitrary<BackendServer> = fc.record({ name, address: fc.oneof(v4, v6), port, why })

const backend: fc.Arbitrary<Backend> = fc.record(
  {
    name,
    mode: fc.constantFrom('tcp', 'http'),
    algorithm: fc.constantFrom('roundrobin', 'leastconn', 'source'),
    health: fc.oneof(
      fc.constant({ kind: 'connect' } as const),
      fc.record({
        kind: fc.constant('http' as const),
        method: fc.constantFrom('GET', 'HEAD', 'OPTIONS'),
        path: text('/a?=&%$"\'#\\{}~', 12).map((path) => `/${path}`),
      }),
    ),
    stickSeconds: seconds,
    slowStartSeconds: fc.integer({ min: 0, max: 3600 }),
    drainSeconds: fc.integer({ min: 0, max: 86400 }),
    serverTimeoutSeconds: seconds,
    servers: fc.uniqueArray(server, { selector: ({ name }) => name, maxLength: 4 }),
    why,
  },
  { requiredKeys: ['name', 'mode', 'algorithm', 'health', 'slowStartSeconds', 'drainSeconds', 'serverTimeoutSeconds', 'servers', 'why'] },
)

const frontend = (backends: readonly Backend[]): fc.Arbitrary<Frontend> =>
  fc
    .record({
      name,
      v4,
      v6,
      port,
      backend: fc.constantFrom(...backends.map(({ name }) => name)),
      protocol: fc.constantFrom('tcp' as const, 'http' as const, 'https' as const),
      certificate: text('ab0-', 8).map((name) => `services/${name}.pem`),
      clientTimeoutSeconds: seconds,
      why,
    })
    .map(({ certificate, ...frontend }) => (frontend.protocol === 'https' ? { ...frontend, certificate } : frontend))

const device: fc.Arbitrary<Device> = fc
  .uniqueArray(backend, { selector: ({ name }) => name, minLength: 1, maxLength: 4 })
  .chain((backends) =>
    fc.record({
      backends: fc.constant(backends),
      frontends: fc.uniqueArray(frontend(backends), { selector: ({ name }) => name, minLength: 1, maxLength: 5 }),
      why,
    }),
  )
  .map((balancer): Device => ({ ...cases.single!, balancer }))

const print = (device: Device) => haproxy.print(haproxy.lower(device) ?? assert.fail('the device balances something'))
const filesOf = (device: Device) => new Map(print(device).map((file) => [file.path, textOf(file)]))
const folder = mkdtempSync(join(tmpdir(), 'netwright-haproxy-'))
after(() => rmSync(folder, { recursive: true }))

/** Runs a program; says how to get it when it is not there. */
function run(program: string, args: readonly string[], packageName: string, env: NodeJS.ProcessEnv = process.env): { status: number | null; said: string } {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8', env })
  assert(!error, `${program} is not installed, and what it would check goes unchecked: apt-get install ${packageName}`)
  return { status, said: `${stdout}${stderr}` }
}

/** What the checker says, with every warning an error. Certificates and the state of servers are in a folder of the test. */
function check(text: string): { status: number | null; said: string } {
  const [config, state, certificate] = ['haproxy.cfg', 'state', 'test.pem'].map((file) => join(folder, file))
  writeFileSync(state!, '1\n')
  writeFileSync(config!, text.replaceAll(STATE_FILE, state!).replace(/ssl crt \S+/g, `ssl crt ${certificate}`))
  return run('haproxy', ['-dW', '-c', '-q', '-f', config!], 'haproxy')
}

function makeCertificate(): void {
  const pem = join(folder, 'test.pem')
  const { status, said } = run(
    'openssl',
    ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=test', '-keyout', pem, '-out', `${pem}.crt`],
    'openssl',
  )
  assert.equal(status, 0, said)
  assert.equal(run('sh', ['-c', `cat ${pem}.crt >> ${pem}`], 'dash').status, 0)
}

test('parse(print(tree)) is the tree, whys aside', () => {
  fc.assert(
    fc.property(device, (device) => {
      const parsed = haproxy.parse(filesOf(device))
      assert(parsed.ok, JSON.stringify(parsed.diagnostics))
      const tree = withoutWhys(haproxy.lower(device)!)
      if (!same(parsed.value, tree)) assert.deepEqual(parsed.value, tree)
      assert.deepEqual(haproxy.print(parsed.value).map(textOf), print(device).map(textOf))
    }),
    { numRuns: 300 },
  )
})

test('every line says why', () => {
  fc.assert(
    fc.property(device, (device) => {
      for (const { path, lines } of print(device)) for (const { text, why } of lines) assert(why.length > 0 && why.every(Boolean), `${path}: ${text}`)
    }),
  )
})

test("HAProxy's own checker has nothing to say", () => {
  makeCertificate()
  for (const device of Object.values(cases)) assert.deepEqual(check(filesOf(device).get('haproxy.cfg')!), { status: 0, said: '' })
  fc.assert(
    fc.property(device, (device) => {
      const text = filesOf(device).get('haproxy.cfg')!
      assert.deepEqual(check(text), { status: 0, said: '' }, text)
    }),
    { numRuns: 40 },
  )
})

test("HAProxy's own checker refuses what it does not know, and warns of what is odd, so its silence means something", () => {
  const text = filesOf(cases.single!).get('haproxy.cfg')!
  assert.notEqual(check(text.replace('balance leastconn', 'balance fairly')).status, 0)
  assert.notEqual(check(text.replace('mode tcp\n', 'mode tcp\n    option httplog\n')).status, 0)
})

test('systemd understands both units', () => {
  const units = filesOf(cases['data-centre']!)
  const path = join(folder, 'units')
  const shell = `mkdir -p ${path}/haproxy.service.d && cp /lib/systemd/system/haproxy.service ${path}`
  assert.equal(run('sh', ['-c', shell], 'dash').status, 0, 'the unit of the package is not there: apt-get install haproxy')
  const verify = (extra = '') => {
    writeFileSync(join(path, 'netwright-announce.service'), units.get('netwright-announce.service')!)
    writeFileSync(join(path, 'haproxy.service.d', 'netwright.conf'), `${units.get('haproxy.service.conf')}${extra}`)
    return run('systemd-analyze', ['verify', '--man=no', 'netwright-announce.service', 'haproxy.service'], 'systemd', {
      ...process.env,
      SYSTEMD_UNIT_PATH: `${path}:`,
    })
  }
  assert.deepEqual(verify(), { status: 0, said: '' })
  assert.match(verify('Excecute=no\n').said, /Unknown key 'Excecute'/)
})
