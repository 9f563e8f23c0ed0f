/** Reading back: what is printed for any tunnels comes back, and what is not printed is refused with its line. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { showIp } from '#base/ip.ts'
import type { Device } from '#design/device.ts'
import type { WireguardInterface } from '#design/interface.ts'
import { textOf } from '../target.ts'
import { cases } from './cases/devices.ts'
import { wireguard } from './index.ts'
import type { WireguardTree } from './tree.ts'

const name = fc.stringMatching(/^[a-z][a-z0-9._-]{0,14}$/)
const label = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,20}$/)
const path = fc.tuple(label, label, label).map((labels) => labels.join('/'))
const why = fc.array(fc.constantFrom('ask a devices edge', 'ledger a/edge', 'ask wan tunnel'), { minLength: 1, maxLength: 2 })
const port = fc.integer({ min: 1, max: 65535 })
const endpoint = fc
  .tuple(fc.boolean(), fc.bigInt(0n, 2n ** 128n - 1n), port)
  .map(([six, value, port]) => (six ? `[${showIp({ family: 6, value })}]:${port}` : `${showIp({ family: 4, value: value >> 96n })}:${port}`))

const peer = fc.record(
  {
    name: fc.tuple(label, label).map((labels) => labels.join('/')),
    publicKey: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('base64')),
    endpoint,
    keepalive: port,
    why,
  },
  { requiredKeys: ['name', 'publicKey', 'why'] },
)

const device: fc.Arbitrary<Device> = fc
  .uniqueArray(name, { minLength: 1, maxLength: 5 })
  .chain((names) => fc.tuple(...names.map((one) => fc.record({ name: fc.constant(one), privateKey: path, port, peer, why }))))
  .map((tunnels): Device => {
    const interfaces = tunnels.map((one): WireguardInterface => ({ kind: 'wireguard', id: one.name, description: '', mtu: 1420, addresses: [], ...one }))
    return { ...cases.gateway!, interfaces }
  })

function filesOf(tree: WireguardTree): Map<string, string> {
  return new Map(wireguard.print(tree).map((file) => [file.path, textOf(file)]))
}

test('what is printed for any tunnels comes back, and every line has a why', () => {
  fc.assert(
    fc.property(device, (device) => {
      const tree = wireguard.lower(device)!
      const back = wireguard.parse(filesOf(tree))
      assert.deepEqual(back.diagnostics, [])
      assert(back.ok)
      assert.deepEqual(back.value, JSON.parse(JSON.stringify(tree, (key, value: unknown) => (key === 'why' ? [] : value))))
      for (const { lines } of wireguard.print(tree)) for (const { text, why } of lines) assert(why.length > 0 && why.every(Boolean), text)
    }),
  )
})

const CONF = 'wireguard/wg-bos1.conf'
const SH = 'wireguard.sh'

/** What is said of the gateway's files after `find` was replaced in one: `file:line code message`. */
function said(path: string, find: string, replacement: string): string[] {
  const files = filesOf(wireguard.lower(cases.gateway!)!)
  const text = files.get(path)!
  assert(text.includes(find), find)
  return wireguard
    .parse(
      files.set(
        path,
        text.replace(find, () => replacement),
      ),
    )
    .diagnostics.map(({ code, message, place }) => `${place?.file}:${place?.line} ${code}: ${message}`)
}

test('a public key is 32 bytes of canonical base64', () => {
  const key = 'xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg='
  for (const wrong of [key.slice(0, -1), `${key}=`, key.replace('g=', 'h='), key.replace('8Dg=', '8A=='), key.replace('/', '_').replace('x', '-'), 'AAAA']) {
    assert.deepEqual(said(CONF, `PublicKey = ${key}`, `PublicKey = ${wrong}`), [
      `${CONF}:3 unknown-line: \`PublicKey = ${wrong}\` in [Peer] is not a line that is written for WireGuard.`,
    ])
  }
})

test('an endpoint is a canonical address and a port', () => {
  const right = 'Endpoint = 192.0.2.41:51820'
  for (const good of ['203.0.113.1:1', '[2001:db8::1]:65535']) assert.deepEqual(said(CONF, right, `Endpoint = ${good}`), [])
  for (const wrong of [
    '192.0.2.041:51820',
    '192.0.2:51820',
    '192.0.2.41',
    '192.0.2.41:0',
    '192.0.2.41:051820',
    '192.0.2.41:65536',
    '[192.0.2.41]:51820',
    '2001:db8::1:51820',
    '[2001:DB8::1]:51820',
    '[2001:db8:0::1]:51820',
    '[fe80::1%eth0]:51820',
    'edge-a.bos1.example:51820',
  ])
    assert.match(said(CONF, right, `Endpoint = ${wrong}`)[0] ?? wrong, /^wireguard\/wg-bos1\.conf:6 unknown-line: /)
})

test('lines that are never printed are refused, also those that wg would take', () => {
  const unknown = (find: string, replacement: string) => assert.match(said(CONF, find, replacement)[0] ?? replacement, / unknown-line: /)
  unknown('ListenPort = 51820', 'ListenPort = 51820\nPrivateKey = yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=')
  unknown('ListenPort = 51820', 'ListenPort = 0')
  unknown('ListenPort = 51820', 'ListenPort = 51820\nFwMark = 0x1')
  unknown('ListenPort = 51820', 'ListenPort = 51820\n[Peer]')
  unknown('ListenPort = 51820', 'listenport=51820')
  unknown('AllowedIPs = 0.0.0.0/0, ::/0', 'AllowedIPs = 0.0.0.0/0')
  unknown('PersistentKeepalive = 25', 'PersistentKeepalive = 0')
  unknown('PersistentKeepalive = 25', 'PersistentKeepalive = 65536')
  unknown('[Peer]\n', '[Interface]\n[Peer]\n')
  unknown('#Name = bos1/edge-a', '#Names = bos1/edge-a')
  assert.match(said(CONF, '[Interface]\n', '[Interface]\nListenPort = 51821\n')[0]!, / repeated-line: /)
})

test('lines that are missing are named', () => {
  assert.deepEqual(said(CONF, 'ListenPort = 51820\n', ''), [
    `${CONF}:10 missing-line: [Interface] lacks the line \`ListenPort = WORD\`, which is always written for WireGuard.`,
  ])
  for (const line of [
    '#Name = bos1/edge-a\n',
    'PublicKey = xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=\n',
    'AllowedIPs = 0.0.0.0/0, ::/0\n',
    'PersistentKeepalive = 25\n',
  ])
    assert.match(said(CONF, line, '')[0]!, / missing-line: \[Peer\] lacks/)
  assert.match(said(SH, 'exit $failed\n', '')[0]!, / missing-line: .*`exit \$failed`/)
})

test('the commands are those that load the configurations, in an order in which they work', () => {
  const load =
    "{ cat wireguard/wg-bos1.conf; printf '\\nPrivateKey = '; cat /etc/netwright/secrets/ber-office/gateway-a/wg-bos1; } | wg syncconf wg-bos1 /dev/stdin || failed=1"
  const unknown = (replacement: string) => assert.match(said(SH, load, replacement)[0] ?? replacement, /^wireguard\.sh:\d+ unknown-line: /)
  unknown(load.replace('syncconf wg-bos1', 'syncconf wg-sea1'))
  unknown(load.replace('cat wireguard/wg-bos1.conf', 'cat wireguard/wg-sea1.conf'))
  unknown(load.replace('/etc/netwright/secrets/', '/tmp/'))
  unknown(load.replace('ber-office/', '../'))
  unknown(load.replace('/wg-bos1; }', '/$(reboot); }'))
  unknown(load.replaceAll('wg-bos1', 'wg;reboot'))
  unknown(load.replaceAll('wg-bos1', '--help'))
  unknown(load.replace('syncconf', 'setconf'))
  unknown('reboot')
  unknown(`exit $failed\n${load}`)
  assert.match(said(SH, 'failed=0', '')[0]!, / unknown-line: /)
  assert.match(said(SH, load, `${load}\n${load}`)[0]!, / repeated-line: /)
})

test('a configuration without its command, and a command without its configuration', () => {
  const files = filesOf(wireguard.lower(cases.gateway!)!)
  const codes = (files: ReadonlyMap<string, string>) => wireguard.parse(files).diagnostics.map(({ code, message }) => `${code}: ${message}`)
  assert.deepEqual(codes(new Map([...files, ['wireguard/wg-sea1.conf', files.get(CONF)!], ['frr.conf', '']])), [
    'missing-line: wireguard.sh lacks the line `{ cat wireguard/wg-sea1.conf; …`, which is always written for WireGuard.',
  ])
  assert.deepEqual(codes(new Map([[SH, files.get(SH)!]])), ['missing-file: WireGuard lacks its file wireguard/wg-bos1.conf.'])
  assert.deepEqual(codes(new Map()), ['missing-file: WireGuard lacks its file wireguard.sh.'])
})
