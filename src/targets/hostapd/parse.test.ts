/** Reading back: what is printed for any device comes back, and what is not printed is refused with its line. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { showIp } from '#base/ip.ts'
import type { Device } from '#design/device.ts'
import type { WirelessNetwork } from '#design/for-hosts.ts'
import { textOf } from '../target.ts'
import { cases } from './cases/devices.ts'
import { hostapd } from './index.ts'
import { readSsid, ssid } from './ssid.ts'
import type { HostapdTree } from './tree.ts'

const why = fc.array(fc.constantFrom('ask a devices access', 'ledger a/access', 'zone staff authenticated'), { minLength: 1, maxLength: 2 })
const label = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,20}$/)
const address = (family: 4 | 6) => fc.bigInt(0n, 2n ** (family === 4 ? 32n : 128n) - 1n).map((value) => showIp({ family, value }))
const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 32 }).filter((text) => text.isWellFormed() && new TextEncoder().encode(text).length <= 32)

const authenticator = fc
  .constantFrom<readonly (4 | 6)[]>([4], [6], [4, 6], [6, 4])
  .chain((families) =>
    fc.record({
      source: fc.tuple(...families.map(address)),
      servers: fc.uniqueArray(fc.oneof(...families.map(address)), { minLength: 1, maxLength: 4 }),
      secret: fc.tuple(label, label, label).map((labels) => labels.join('/')),
      why,
    }),
  )
  .filter(({ source, servers }) => source.some((one) => servers.some((other) => one.includes(':') === other.includes(':'))))

const network: fc.Arbitrary<WirelessNetwork> = fc.record({
  ssid: name,
  segment: label,
  vid: fc.integer({ min: 1, max: 4094 }),
  admits: fc.constantFrom('authenticated' as const, 'everybody' as const),
  isolated: fc.boolean(),
  why,
})
const wireless = fc.record({ country: fc.stringMatching(/^[A-Z]{2}$/), networks: fc.array(network, { minLength: 1, maxLength: 4 }), why })

const device: fc.Arbitrary<Device> = fc
  .record({
    authenticator,
    wireless: fc.option(wireless, { nil: undefined }),
    ports: fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9._-]{0,14}$/), { minLength: 1, maxLength: 5 }),
    vrf: fc.option(fc.constant('management'), { nil: undefined }),
  })
  .map(({ authenticator, wireless, ports, vrf }): Device => {
    const { wireless: _, ...base } = cases['access-switch']!
    const [managed, port] = base.interfaces
    const self = { ...managed!, addresses: authenticator.source.map((one) => ({ address: `${one}/24`, why: ['x'] })), ...(vrf === undefined ? {} : { vrf }) }
    return { ...base, authenticator, ...(wireless ? { wireless } : {}), interfaces: [self, ...ports.map((name) => ({ ...port!, name }))] }
  })

function filesOf(tree: HostapdTree): Map<string, string> {
  return new Map(hostapd.print(tree).map((file) => [file.path, textOf(file)]))
}

test('what is printed for any device comes back, and every line has a why', () => {
  fc.assert(
    fc.property(device, (device) => {
      const tree = hostapd.lower(device)!
      const back = hostapd.parse(filesOf(tree))
      assert.deepEqual(back.diagnostics, [])
      assert(back.ok)
      assert.deepEqual(back.value, JSON.parse(JSON.stringify(tree, (key, value: unknown) => (key === 'why' ? [] : value))))
      for (const { lines } of hostapd.print(tree)) for (const { text, why } of lines) assert(why.length > 0 && why.every(Boolean), text)
    }),
  )
})

test('a name in the air reads back, and is read in one way', () => {
  fc.assert(fc.property(name, (name) => assert.equal(readSsid(ssid(name)), name)))
  assert.equal(ssid('two\nlines'), String.raw`P"two\x0alines"`)
  for (const wrong of ['', '""', 'Drivers', '"Drivers', 'P"Drivers"', '44726976657273', '"two\nlines"', `"${'x'.repeat(33)}"`, '0a0', '0A', 'ff'])
    assert.equal(readSsid(wrong), undefined, wrong)
})

/** What is said of a case's files after `find` was replaced in one: `file:line code`. */
function said(name: string, path: string, find: string, replacement: string): string[] {
  const files = filesOf(hostapd.lower(cases[name]!)!)
  const text = files.get(path)!
  assert(text.includes(find), find)
  files.set(
    path,
    text.replace(find, () => replacement),
  )
  return hostapd.parse(files).diagnostics.map(({ code, place }) => `${place?.file}:${place?.line} ${code}`)
}

function refused(path: string, find: string, replacement: string, name = 'access-switch'): void {
  assert.notDeepEqual(said(name, path, find, replacement), [], `${find} → ${replacement}`)
}

test('a line that is never printed is refused with its place and wording', () => {
  const files = filesOf(hostapd.lower(cases['access-switch']!)!)
  files.set('hostapd.conf', files.get('hostapd.conf')!.replace('driver=wired', 'driver=wired\nauth_server_shared_secret=secret'))
  assert.deepEqual(
    hostapd.parse(files).diagnostics.map(({ message, place }) => `${place?.file}:${place?.line} ${message}`),
    ['hostapd.conf:4 `auth_server_shared_secret=secret` in hostapd.conf is not a line that is written for hostapd.'],
  )
  assert.deepEqual(said('access-switch', 'hostapd.conf', 'ieee8021x=1\n', ''), ['hostapd.conf:5 missing-line'])
})

test('what would let somebody in is refused', () => {
  refused('hostapd.conf', 'ieee8021x=1', 'ieee8021x=0')
  refused('hostapd.conf', 'eap_reauth_period=3600', 'eap_reauth_period=0')
  refused('hostapd.conf', 'driver=wired', ' driver=wired')
  refused('hostapd.conf', 'auth_server_addr=10.1.250.51', 'auth_server_addr=10.1.250.051')
  refused('hostapd.conf', 'auth_server_port=1812\n', '')
  refused('hostapd.conf', 'auth_server_addr=10.2.250.51', 'auth_server_addr=10.1.250.51')
  refused('hostapd.conf', 'acct_server_addr=10.2.250.51', 'acct_server_addr=10.3.250.51')
  refused('hostapd.conf', 'own_ip_addr=10.32.99.13', 'own_ip_addr=10.32.99.14')
  refused('hostapd.conf', 'nas_identifier=access-3a.ber-office.harborpine.example\n', '')
  refused('hostapd.sh', 'ports="$ports swp1"', 'ports="$ports $(reboot)"')
  refused('hostapd.sh', 'ports="$ports swp1"', 'ports="$ports swp2"')
  refused('hostapd.sh', '/etc/netwright/secrets/ber-office/', '/tmp/')
  refused('hostapd.sh', 'sleep 1', 'sleep 1000')
  refused('admit.sh', 'AP-STA-CONNECTED', 'AP-ENABLED')
  refused('admit.sh', '#!/bin/sh\n', '')
  refused('admit.sh', '#!/bin/sh\n', '#!/bin/sh\n#!/bin/false\n')
  refused('access-point.conf', 'wpa_key_mgmt=WPA-EAP-SHA256', 'wpa_key_mgmt=WPA-PSK')
  refused('access-point.conf', 'ieee80211w=2', 'ieee80211w=1')
  refused('access-point.conf', 'bss=wlan0_1', 'bss=wlan0_2')
  refused('access-point.conf', 'bridge=br-40', 'bridge=br-040')
  refused('access-point.conf', 'bridge=br-40', 'bridge=br-4095')
  refused('access-point.conf', 'ssid2="Harborpine"', 'ssid2=Harborpine')
  refused('access-point.conf', 'country_code=DE', 'country_code=de')
  refused('access-point.sh', 'umask 077', 'umask 022')
})

test('a line without a value is none', () => {
  for (const [path, find, replacement] of [
    ['access-point.conf', 'country_code=US', 'country_code='],
    ['access-point.conf', 'ssid2="Drivers"', 'ssid2=""'],
    ['access-point.conf', 'bridge=br-50', 'bridge=br-0'],
  ] as const)
    assert.deepEqual(said('open-yard', path, find, replacement), ['access-point.conf:1 missing-line'])
  refused('hostapd.sh', 'ports="$ports swp1"\n', '', 'ipv6-only')
  refused('hostapd.conf', 'radius_client_dev=management', 'radius_client_dev=', 'ipv6-only')
})

test('files come together', () => {
  const files = filesOf(hostapd.lower(cases['access-switch']!)!)
  const codes = (without: string) => hostapd.parse(new Map([...files].filter(([path]) => path !== without))).diagnostics.map(({ code }) => code)
  for (const path of files.keys()) assert.notDeepEqual(codes(path), [], path)
  assert.deepEqual(
    hostapd.parse(new Map()).diagnostics.map(({ message }) => message),
    ['hostapd lacks its file hostapd.conf.'],
  )
})
