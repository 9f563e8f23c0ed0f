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
    'frr.conf:4 frr-unknown-line: `password zebra` in frr.conf is not a line that is written for FRR.',
  ])
  assert.match(
    said('  maximum-paths 2\n', '  maximum-paths 2\n  neighbor 192.0.2.1 allowas-in\n')[0]!,
    /neighbor 192\.0\.2\.1 allowas-in` in address-family ipv4 unicast/,
  )
})

test('a line of a neighbour that is not there is refused', () => {
  assert.match(said(' neighbor 192.0.2.1 description', ' neighbor 192.0.2.99 description')[0]!, /frr-unknown-line/)
  assert.match(said('  neighbor 192.0.2.1 activate\n', '')[0]!, /frr-unknown-line: `neighbor 192\.0\.2\.1 route-map company-in in`/)
})

test('addresses that read two ways are refused', () => {
  assert.match(said('ip route 10.32.16.0/20', 'ip route 010.32.16.0/20')[0]!, /frr-unknown-line/)
  assert.match(said('ip route 10.32.16.0/20', 'ip route 10.32.16.1/20')[0]!, /frr-unknown-line/)
})

test('indentation that hides how FRR reads a line is refused', () => {
  assert.match(said('  maximum-paths 2', ' maximum-paths 2')[0]!, /frr-unknown-line/)
  assert.match(said(' timers bgp 3 9', 'timers bgp 3 9')[0]!, /frr-unknown-line: `timers bgp 3 9` in router bgp/)
})

test('a block without its end is refused', () => {
  const codes = said(
    ' match ip address prefix-list site-out-backup-4\n set as-path prepend 4200003201 4200003201\nexit',
    ' match ip address prefix-list site-out-backup-4\n',
  )
  assert.match(codes[0]!, /frr-unknown-line: `route-map site-out-backup permit 20`/)
  assert(said('  maximum-paths ibgp 2\n exit-address-family\nexit\n', '  maximum-paths ibgp 2\n').some((text) => text.includes('frr-unclosed-block')))
})

test('a constant line that is missing is an error, because the proofs count on it', () => {
  assert.deepEqual(said('no zebra nexthop kernel enable\n', ''), ['frr.conf:1 frr-missing-line: frr.conf lacks the line `no zebra nexthop kernel enable`.'])
  assert.match(said(' no bgp default ipv4-unicast\n', '')[0]!, /frr\.conf:\d+ frr-missing-line: router bgp 4200003201 lacks/)
})

test('a second saying is refused', () => {
  assert.match(said(' bgp router-id 10.32.31.1', ' bgp router-id 10.32.31.1\n bgp router-id 10.32.31.2')[0]!, /frr-repeated-line/)
  assert.match(said('route-map site-out permit 20', 'route-map site-out deny 10')[0]!, /frr-unknown-line/)
})

test('a missing file is named', () => {
  const { diagnostics } = frr.parse(new Map([['frr.conf', printed.get('frr.conf')!]]))
  assert.deepEqual(
    diagnostics.map(({ message }) => message),
    ['The FRR configuration has no file daemons.'],
  )
})

test('BGP that is written but not started is an error', () => {
  assert.deepEqual(said('bgpd=yes', 'bgpd=no', 'daemons'), ['daemons:1 frr-missing-line: daemons lacks the line `bgpd=yes`.'])
})

test('comments and the order inside a block say nothing', () => {
  assert.deepEqual(said(' bgp log-neighbor-changes\n', ' ! a note\n\n'.concat(' bgp log-neighbor-changes\n')), [])
  assert.deepEqual(said(' bgp log-neighbor-changes\n no bgp default ipv4-unicast\n', ' no bgp default ipv4-unicast\n bgp log-neighbor-changes\n'), [])
})
