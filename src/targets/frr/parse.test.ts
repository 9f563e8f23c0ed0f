/** What the reader refuses. Each case changes one line of a printed file. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { textOf } from '../target.ts'
import { cases } from './cases/devices.ts'
import { frr } from './index.ts'

const printed = new Map(frr.print(frr.lower(cases['office-edge']!)!).map((file) => [file.path, textOf(file)]))

/** The diagnostics of the office edge's frr.conf after `find` was replaced, as `line code message`. */
function said(find: string, replacement: string, path = 'frr.conf'): string[] {
  const text = printed.get(path)!
  assert(text.includes(find), find)
  const { diagnostics } = frr.parse(new Map([...printed, [path, text.replace(find, replacement)]]))
  return diagnostics.map(({ code, message, place }) => `${place?.file}:${place?.line} ${code}: ${message}`)
}

test('a line that is not known is refused, with its place', () => {
  assert.deepEqual(said('! kernel', 'password zebra\n! kernel'), [
    'frr.conf:4 unknown-line: `password zebra` in frr.conf is not a line that is written for FRR.',
  ])
  assert.match(
    said('  maximum-paths 2\n', '  maximum-paths 2\n  neighbor 192.0.2.1 allowas-in\n')[0]!,
    /neighbor 192\.0\.2\.1 allowas-in` in address-family ipv4 unicast/,
  )
})

test('a line of a neighbour that is not there is refused', () => {
  assert.match(said(' neighbor 192.0.2.1 description', ' neighbor 192.0.2.99 description')[0]!, /unknown-line/)
  assert.match(said('  neighbor 192.0.2.1 activate\n', '')[0]!, /unknown-line: `neighbor 192\.0\.2\.1 maximum-prefix 1000 restart 30`/)
})

test('addresses that read two ways are refused', () => {
  assert.match(said('ip route 10.32.16.0/20', 'ip route 010.32.16.0/20')[0]!, /unknown-line/)
  assert.match(said('ip route 10.32.16.0/20', 'ip route 10.32.16.1/20')[0]!, /unknown-line/)
})

test('indentation that hides how FRR reads a line is refused', () => {
  assert.match(said('  maximum-paths 2', ' maximum-paths 2')[0]!, /unknown-line/)
  assert.match(said(' timers bgp 3 9', 'timers bgp 3 9')[0]!, /unknown-line: `timers bgp 3 9` in router bgp/)
})

test('a block without its end is refused', () => {
  const codes = said(
    ' match ip address prefix-list site-out-backup-4\n set as-path prepend 4200003201 4200003201\nexit',
    ' match ip address prefix-list site-out-backup-4\n',
  )
  assert.match(codes[0]!, /unknown-line: `route-map site-out-backup permit 20`/)
  assert(said('  maximum-paths ibgp 2\n exit-address-family\nexit\n', '  maximum-paths ibgp 2\n').some((text) => text.includes('unclosed-block')))
})

test('a constant line that is missing is an error, because the proofs count on it', () => {
  assert.deepEqual(said('no zebra nexthop kernel enable\n', ''), [
    'frr.conf:1 missing-line: frr.conf lacks the line `no zebra nexthop kernel enable`, which is always written for FRR.',
  ])
  assert.match(said(' no bgp default ipv4-unicast\n', '')[0]!, /frr\.conf:\d+ missing-line: router bgp 4200003201 lacks/)
})

test('a second saying is refused', () => {
  assert.match(said(' bgp router-id 10.32.31.1', ' bgp router-id 10.32.31.1\n bgp router-id 10.32.31.2')[0]!, /repeated-line/)
  assert.match(said('route-map site-out permit 20', 'route-map site-out deny 10')[0]!, /unknown-line/)
})

test('a missing file is named', () => {
  const { diagnostics } = frr.parse(new Map([['frr.conf', printed.get('frr.conf')!]]))
  assert.deepEqual(
    diagnostics.map(({ message }) => message),
    ['FRR lacks its file daemons.'],
  )
})

test('BGP that is written but not started is an error', () => {
  assert.deepEqual(said('bgpd=yes', 'bgpd=no', 'daemons'), ['daemons:1 missing-line: daemons lacks the line `bgpd=yes`, which is always written for FRR.'])
})

test('a daemon is started once or not at all', () => {
  assert.deepEqual(said('bfdd=yes', 'bfdd=no', 'daemons'), ['daemons:1 missing-line: daemons lacks the line `bfdd=yes`, which is always written for FRR.'])
  assert.match(said('bfdd=yes', 'bfdd=yes\nbfdd=no', 'daemons')[0]!, /daemons:3 unknown-line: `bfdd=no`/)
  assert.match(said('bfdd_options="-A 127.0.0.1"\n', '', 'daemons')[0]!, /missing-line: daemons lacks the line `bfdd_options=/)
})

test('a value that is what FRR does anyway is never written, so it is refused', () => {
  const refused = [
    [' neighbor 192.0.2.1 timers connect 10', ' neighbor 192.0.2.1 timers connect 120'],
    ['  maximum-paths 2', '  maximum-paths 256'],
    ['ip route 0.0.0.0/0 192.0.2.5 250', 'ip route 0.0.0.0/0 192.0.2.5 1'],
    ['ip route 10.0.0.0/8 blackhole 254', 'ip route 10.0.0.0/8 blackhole 1'],
    ['  detect-multiplier 5', '  detect-multiplier 3'],
    ['  transmit-interval 1000', '  transmit-interval 300'],
    [' ipv6 nd ra-interval 30', ' ipv6 nd ra-interval 600'],
    [' ipv6 nd router-preference low', ' ipv6 nd router-preference medium'],
  ] as const
  for (const [find, replacement] of refused) assert.match(said(find, replacement)[0] ?? '', /unknown-line/, replacement)
})

test('BFD is turned on for a neighbour and then has a profile', () => {
  assert.match(said(' neighbor 192.0.2.1 bfd\n', '')[0]!, /unknown-line: `neighbor 192\.0\.2\.1 bfd profile wan-1000x5` in router bgp 4200003201/)
  assert.deepEqual(said(' neighbor 192.0.2.1 bfd profile wan-1000x5\n', ''), [
    'frr.conf:1 missing-line: router bgp 4200003201 lacks the line `neighbor 192.0.2.1 bfd profile`, which is always written for FRR.',
  ])
  assert.match(said(' profile wan-1000x5\n', ' profile wan-1000x5\n  echo-mode\n')[0]!, /frr\.conf:\d+ unknown-line: `echo-mode` in profile wan-1000x5/)
  assert.match(said('  receive-interval 1000\n exit\n', '  receive-interval 1000\n')[0]!, /unknown-line: `exit` in profile wan-1000x5/)
})

test('a limit always ends by itself, and no other private numbers are taken out than all', () => {
  assert.match(said('maximum-prefix 1000 restart 30', 'maximum-prefix 1000')[0]!, /unknown-line/)
  assert.match(said('remove-private-AS all replace-AS', 'remove-private-AS all')[0]!, /unknown-line/)
})

test('large communities are three numbers of 32 bits each, and are added', () => {
  for (const other of ['4200003201:1:4', '4200003201:1:4294967296 additive', '4200003201:1 additive', '4200003201:1:04 additive', 'additive']) {
    assert.match(said('set large-community 4200003201:1:4 4200003201:2:32 additive', `set large-community ${other}`)[0] ?? '', /unknown-line/, other)
  }
  for (const other of ['65000:2', '65000:2:170 additive', '65000:2:0170', 'internet'])
    assert.match(said('65000:2:170 65000:3:1', other)[0] ?? '', /unknown-line/, other)
  assert.match(said(' seq 5 permit 65000', ' seq 5 deny 65000')[0]!, /unknown-line/)
})

test('what hosts are told is whole, and says each thing once', () => {
  const prefix = ' ipv6 nd prefix 2001:db8:20:10::/64 no-autoconfig\n'
  assert.match(said(prefix, `${prefix} ipv6 nd prefix 2001:db8:20:10::/64\n`)[0]!, /unknown-line: `ipv6 nd prefix 2001:db8:20:10::\/64` in interface desks/)
  assert.match(said(' no ipv6 nd suppress-ra\n', '')[0]!, /missing-line: interface desks lacks the line `no ipv6 nd suppress-ra`/)
  assert.match(said(' ipv6 nd ra-lifetime 90\n', '')[0]!, /missing-line: interface desks lacks the line `ipv6 nd ra-lifetime NUMBER`/)
  assert.match(said(' ipv6 nd rdnss 2001:db8:20:20::53', ' ipv6 nd rdnss 10.32.18.53')[0]!, /unknown-line/)
})

test('comments and the order inside a block say nothing', () => {
  assert.deepEqual(said(' bgp log-neighbor-changes\n', ' ! a note\n\n'.concat(' bgp log-neighbor-changes\n')), [])
  assert.deepEqual(said(' bgp log-neighbor-changes\n no bgp default ipv4-unicast\n', ' no bgp default ipv4-unicast\n bgp log-neighbor-changes\n'), [])
})
