/** What the reader refuses. Each case changes one line of a printed file. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { textOf } from '../target.ts'
import { cases } from './cases/devices.ts'
import { keepalived } from './index.ts'

function printedFor(name: string): Map<string, string> {
  return new Map(keepalived.print(keepalived.lower(cases[name]!)!).map((file) => [file.path, textOf(file)]))
}

const printed = printedFor('office-edge-a')

/** What is said of the office edge's files after `find` was replaced, as `file:line code: message`. */
function said(find: string, replacement: string, path = 'keepalived.conf'): string[] {
  const text = printed.get(path)!
  assert(text.includes(find), find)
  const { diagnostics } = keepalived.parse(new Map([...printed, [path, text.replace(find, replacement)]]))
  return diagnostics.map(({ code, message, place }) => `${place?.file}:${place?.line} ${code}: ${message}`)
}

test('a line that is not known is refused, with its place', () => {
  assert.deepEqual(said('    state BACKUP\n', '    state BACKUP\n    use_vmac\n'), [
    'keepalived.conf:31 unknown-line: `use_vmac` in vrrp_instance staff-4 { is not a line that is written for keepalived.',
  ])
  assert.match(said('    state BACKUP', '    state MASTER')[0]!, /unknown-line: `state MASTER`/)
  assert.match(said('    advert_int 0.25', '    advert_int 1')[0]!, /unknown-line: `advert_int 1`/)
  assert.match(said('    rise 3\n', '    rise 1\n')[0]!, /unknown-line: `rise 1` in vrrp_script routes/)
  assert.match(said('script_user root', 'script_user nobody')[0]!, /unknown-line/)
})

test('a constant line that is missing is an error', () => {
  for (const line of ['    dont_track_primary\n', '    vrrp_version 3\n', '    enable_script_security\n', '    init_fail\n', '    virtual_router_id 10\n']) {
    assert.match(said(line, '')[0]!, /missing-line/)
  }
})

test('an instance outside the group, and a segment that nobody looks at, are errors', () => {
  assert.deepEqual(said('        voice-6\n', ''), ['keepalived.conf:1 missing-line: group lacks the line `voice-6`, which is always written for keepalived.'])
  assert.match(said('        eth2.20 weight -180\n', '')[0]!, /missing-line: track_interface lacks the line `eth2\.20`/)
  assert.match(said('    track_script {\n        routes weight -180\n    }\n', '')[0]!, /missing-line: .* lacks the line `track_script {`/)
  assert.match(said('        voice-6\n', '        voice-6\n        voice-7\n')[0]!, /unknown-line: `voice-7` in group/)
  assert.match(said('        eth2.20 weight -180\n', '        eth2.20 weight -180\n        eth9 weight -180\n')[0]!, /unknown-line: `eth9/)
})

test('priorities and weights that differ within the device are refused', () => {
  assert.match(said('    priority 200\n', '    priority 201\n')[0]!, /unknown-line: `priority 200`/)
  assert.match(said('        eth2.20 weight -180', '        eth2.20 weight -20')[0]!, /unknown-line: `eth2\.20 weight -20`/)
  assert.match(said('        routes weight -180', '        routes weight 180')[0]!, /unknown-line: `routes weight 180`/)
  assert.match(said('        routes weight -180', '        routes weight -0')[0]!, /unknown-line/)
})

test('values that keepalived would not take, or read another way, are refused', () => {
  assert.match(said('virtual_router_id 10\n', 'virtual_router_id 256\n')[0]!, /unknown-line: `virtual_router_id 256`/)
  assert.match(said('        10.32.16.1/24', '        10.32.16.01/24')[0]!, /unknown-line/)
  assert.match(said('        10.32.16.1/24', '        10.32.16.1')[0]!, /unknown-line: `10\.32\.16\.1`/)
  assert.match(said('        10.32.16.1/24\n', '        10.32.16.1/24\n        fe80::a/64\n')[0]!, /unknown-line: `fe80::a\/64`/)
  assert.match(said('2001:db8:3200:10::1/64 preferred_lft 0', '2001:DB8:3200:10::1/64 preferred_lft 0')[0]!, /unknown-line/)
})

test('a block without its end is refused', () => {
  assert(
    said('    track_script {\n        routes weight -180\n    }\n}\n', '    track_script {\n        routes weight -180\n    }\n').some((text) =>
      text.includes('unclosed-block'),
    ),
  )
})

test('a second saying is refused', () => {
  assert.match(said('vrrp_instance voice-4 {', 'vrrp_instance staff-4 {')[0]!, /repeated-line: .*vrrp_instance staff-4/)
  assert.match(said('    interface eth2.10\n', '    interface eth2.10\n    interface eth2.20\n')[0]!, /repeated-line/)
  assert.match(said('        10.32.16.1/24\n', '        10.32.16.1/24\n        10.32.16.1/24\n')[0]!, /repeated-line/)
})

test('the script is read as strictly', () => {
  const path = 'has-routes.sh'
  assert.match(said('-4 route show exact 10.0.0.0/8', '-4 route show exact 10.0.0.1/8', path)[0]!, /has-routes\.sh:2 unknown-line/)
  assert.match(said('-4 route show exact 10.0.0.0/8', '-6 route show exact 10.0.0.0/8', path)[0]!, /unknown-line/)
  assert.match(said(' proto bgp', '', path)[0]!, /unknown-line/)
  assert.match(said('test -n', 'exit 0\ntest -n', path)[0]!, /unknown-line: `exit 0`/)
})

test('a script that is told of and is missing or empty is named; one that nobody runs is nothing', () => {
  const missing = keepalived.parse(new Map([...printed].slice(0, 1)))
  assert.deepEqual(
    missing.diagnostics.map(({ message }) => message),
    ['keepalived lacks its file has-routes.sh.'],
  )
  const empty = keepalived.parse(new Map([...printed, ['has-routes.sh', '# nothing\n']]))
  assert.match(empty.diagnostics[0]!.message, /has-routes\.sh lacks the line/)
  assert.deepEqual([...printedFor('one-segment').keys()], ['keepalived.conf'])
})

test('comments and the order inside a block say nothing', () => {
  assert.deepEqual(said('    state BACKUP\n', '    # a note\n\n    state BACKUP\n'), [])
  assert.deepEqual(said('        staff-4\n        staff-6\n', '        staff-6\n        staff-4\n'), [])
})
