/** What the reader refuses. Each case changes one line of a printed file. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { textOf } from '../target.ts'
import { cases } from './cases/devices.ts'
import { haproxy } from './index.ts'

const printed = new Map(haproxy.print(haproxy.lower(cases['data-centre']!)!).map((file) => [file.path, textOf(file)]))

/** What is said of the file after `find` was replaced, as `file:line code: message`. */
function said(find: string, replacement: string, path = 'haproxy.cfg'): string[] {
  const text = printed.get(path)!
  assert(text.includes(find), find)
  const { diagnostics } = haproxy.parse(new Map([...printed, [path, text.replace(find, replacement)]]))
  return diagnostics.map(({ code, message, place }) => `${place?.file}:${place?.line} ${code}: ${message}`)
}

/** The number of the line that holds `text`, counted from 1. */
function lineOf(text: string, path = 'haproxy.cfg'): number {
  return printed.get(path)!.slice(0, printed.get(path)!.indexOf(text)).split('\n').length
}

test('a line that is not known is refused, with its place', () => {
  assert.deepEqual(said('    balance roundrobin\n', '    balance roundrobin\n    mode tcp\n'), [
    `haproxy.cfg:${lineOf('balance roundrobin') + 1} unknown-line: \`mode tcp\` in backend orders-map-https from http-backend is not a line that is written for HAProxy.`,
  ])
  assert.deepEqual(said('global\n', 'listen stats\n'), [
    'haproxy.cfg:1 unknown-line: `listen stats` in haproxy.cfg is not a line that is written for HAProxy.',
    ...said('global\n', 'listen stats\n').slice(1),
  ])
})

test('values that are not written so are refused', () => {
  for (const [find, replacement] of [
    ['hard-stop-after 900s', 'hard-stop-after 900'],
    ['timeout server 60s', 'timeout server 060s'],
    ['timeout client 60s', 'timeout client 1m'],
    ['orders-map-1:8080 10.1.64.10:8080', 'orders-map-1:8080 10.1.64.010:8080'],
    ['orders-map-1:8080 10.1.64.10:8080', 'orders-map-1:8080 10.1.64.10:8081'],
    ['orders-map-1:8080 10.1.64.10:8080', 'orders-map-1 10.1.64.10:8080'],
    ['orders-map-1:8080 10.1.64.10:8080', 'orders-map-1:8080 10.1.64.10:8080 id 7'],
    ['[2001:db8:1:4400::10]:5432', '[2001:db8:1:4400:0::10]:5432'],
    ['[2001:db8:1:4400::10]:5432', '2001:db8:1:4400::10:5432'],
    [' id 846961874', ' id 1323187670'],
    [' id 846961874', ''],
    ['httpchk HEAD /v1', 'httpchk HEAD /\\v1'],
    ['bind 198.51.100.10:80,', 'bind 198.51.100.10:81,'],
    ['bind 198.51.100.10:80,[2001:db8:1:f000::a]:80', 'bind 198.51.100.10:80'],
    ['bind 198.51.100.10:80,[2001:db8:1:f000::a]:80 transparent', 'bind 198.51.100.10:80,[2001:db8:1:f000::a]:80'],
    ['orders-map.pem alpn h2,http/1.1', 'orders-map.pem'],
    ['mail.pem', 'mail.pem alpn h2,http/1.1'],
  ] as const) {
    assert.match(said(find, replacement)[0] ?? '', /^haproxy\.cfg:\d+ unknown-line: /, replacement)
  }
})

test('a frontend names a backend that is there and reads what it reads; names are there once', () => {
  assert.match(said('default_backend video-https', 'default_backend vidoe-https')[0]!, /unknown-line: `default_backend vidoe-https` in frontend video-https/)
  assert.match(said('default_backend video-https', 'default_backend mail-smtp')[0]!, /unknown-line: `default_backend mail-smtp`/)
  assert.match(said('backend mail-imaps from tcp', 'backend mail-smtp from tcp')[0]!, /repeated-line: `backend mail-smtp from tcp`/)
  assert.match(said('backend mail-imaps from tcp', 'backend video-https from tcp')[0]!, /unknown-line: `backend video-https from tcp`/)
  assert.match(said('server video-2:8443', 'server video-1:8443')[0]!, /repeated-line: `server video-1:8443/)
})

test('a constant line that is missing is an error, also one that only some sections have', () => {
  assert.deepEqual(said('    option redispatch 1\n', ''), [
    `haproxy.cfg:${lineOf('defaults common')} missing-line: defaults common lacks the line \`option redispatch 1\`, which is always written for HAProxy.`,
  ])
  assert.match(said('    hash-type consistent\n', '')[0]!, /missing-line: haproxy\.cfg lacks the line `hash-type consistent`/)
  assert.match(said('    default-server weight 100\n', '')[0]!, /missing-line: .*`default-server weight 100`/)
  assert.match(said('    balance leastconn\n', '')[0]!, /missing-line: .*`balance roundrobin`/)
  assert.match(said('    balance leastconn\n', '    balance leastconn\n    hash-type consistent\n')[0]!, /unknown-line: `hash-type consistent`/)
})

test('order counts: what comes before a server is for it, what comes after is not', () => {
  const slow = '    default-server slowstart 30s\n'
  const text = printed.get('haproxy.cfg')!
  const from = text.slice(text.indexOf(slow), text.indexOf('\nbackend video-https'))
  assert.match(said(from, `${from.slice(slow.length)}${slow}`)[0]!, /missing-line: .*`default-server slowstart 30s`/)
})

test('comments and blank lines of haproxy.cfg say nothing', () => {
  assert.deepEqual(said('    timeout client 60s\n', '\n    # a note\n    timeout client 60s\n'), [])
})

test('the other files are what follows from haproxy.cfg, to the letter', () => {
  const announce = 'announce.sh'
  assert.deepEqual(said('198.51.100.11/32 video-https\n', '', announce), [
    `announce.sh:${lineOf('198.51.100.11/32', announce)} missing-line: announce.sh lacks the line \`198.51.100.11/32 video-https\`, which is always written for HAProxy.`,
  ])
  assert.deepEqual(said('198.51.100.11/32 video-https', '198.51.100.11/32 chat-https', announce), [
    `announce.sh:${lineOf('198.51.100.11/32', announce)} unknown-line: \`198.51.100.11/32 chat-https\` in announce.sh is not a line that is written for HAProxy.`,
  ])
  assert.match(said('END\n', '203.0.113.9/32 video-https\nEND\n', announce)[0]!, /unknown-line: `203\.0\.113\.9\/32 video-https`/)
  assert.match(said('while sleep 1; do', 'while sleep 10; do', announce)[0]!, /unknown-line: `while sleep 10; do`/)
  assert.match(said('done\n', 'done\nreboot\n', announce)[0]!, /announce\.sh:\d+ unknown-line: `reboot`|missing-line/)
  assert.match(said('CapabilityBoundingSet=CAP_NET_ADMIN\n', '', 'netwright-announce.service')[0]!, /missing-line: .*`CapabilityBoundingSet=CAP_NET_ADMIN`/)
  assert.match(said('ExecReload=\n', '', 'haproxy.service.conf')[0]!, /missing-line: .*`ExecReload=`/)
})

test('a missing file is named', () => {
  for (const path of printed.keys()) {
    const { diagnostics } = haproxy.parse(new Map([...printed].filter(([other]) => other !== path)))
    assert.deepEqual(
      diagnostics.map(({ message }) => message),
      [`HAProxy lacks its file ${path}.`],
    )
  }
})
