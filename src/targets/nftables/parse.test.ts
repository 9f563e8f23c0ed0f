/** What is not printed is not read: planted wrong lines are refused where they stand. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Diagnostic } from '#base/diagnostic.ts'
import { textOf } from '../target.ts'
import { devices } from './cases/devices.ts'
import { checkReferences } from './check-references.ts'
import { nftables } from './index.ts'
import { FILES, type NftTable, type NftTree } from './tree.ts'

const files = Object.entries(devices).flatMap(([name, device]) =>
  nftables.print(nftables.lower(device)!).map((file) => ({ name, path: file.path, text: textOf(file), lines: file.lines.map(({ text }) => text) })),
)
const textNamed = (name: string, path: string = FILES.inet) => files.find((file) => file.name === name && file.path === path)!.text

function parsed(text: string, path: string = FILES.inet): NftTree {
  const result = nftables.parse(new Map([[path, text]]))
  assert.ok(result.ok, JSON.stringify(result.diagnostics))
  return result.value
}

function refusal(text: string, path: string = FILES.inet): Diagnostic {
  const result = nftables.parse(new Map([[path, text]]))
  assert.equal(result.ok, false, 'must be refused')
  return result.diagnostics[0]!
}

test('a statement that the target does not print is refused at its line, wherever it stands', () => {
  for (const { path, lines } of files)
    for (let at = 0; at <= lines.length; at++) {
      const { code, place } = refusal([...lines.slice(0, at), 'tcp dport 80 accept', ...lines.slice(at)].join('\n'), path)
      assert.equal(code, 'nftables-unknown-statement')
      assert.deepEqual([place?.file, place?.line], [path, at + 1])
    }
})

test('a line that is cut short, or missing where it holds others together, is refused', () => {
  for (const { path, lines } of files)
    for (const [at, line] of lines.entries()) {
      const text = line.trim()
      if (text === '' || text.startsWith('#')) continue
      const cut = line.slice(0, line.trimEnd().lastIndexOf(' '))
      // Of a port and its VLANs, what is left may be a port with fewer.
      if (text.includes(' ') && !cut.endsWith('",')) refusal([...lines.slice(0, at), cut, ...lines.slice(at + 1)].join('\n'), path)
      if (/^(flush|type|flags|table|set|map|chain|add|delete|\})/.test(text)) refusal([...lines.slice(0, at), ...lines.slice(at + 1)].join('\n'), path)
    }
})

test('a set of nothing takes nothing from the one after it, however often it is read', () => {
  for (const { path, text } of files.filter((file) => file.path === FILES.inet)) {
    const whole = parsed(text, path)
    for (const { name } of whole.tables.flatMap(({ sets }) => sets.filter(({ elements }) => elements.length > 0))) {
      const emptied = text.replace(new RegExp(`(add element inet netwright ${name.replaceAll(/[/.]/g, '\\$&')} \\{\n)[^}]*\\}`), '$1}')
      const [once, again] = [parsed(emptied, path), parsed(emptied, path)]
      assert.deepEqual(again, once)
      for (const [at, { sets }] of once.tables.entries())
        assert.deepEqual(
          sets.filter((set) => set.name !== name),
          whole.tables[at]!.sets.filter((set) => set.name !== name),
        )
    }
  }
})

test('what nftables would read otherwise than we do is refused', () => {
  for (const [name, from, ...wrong] of [
    ['data-centre-firewall', '10.20.1.0/24 . tcp . 80,', '10.20.1.1/24 . tcp . 80,', '010.20.1.0/24 . tcp . 80,', '2001:db8::/32 . tcp . 80,'],
    [
      'data-centre-firewall',
      '10.20.1.0/24 . tcp . 80,',
      '10.20.1.0/24 . sctp . 80,',
      '10.20.1.0/24 . tcp . 90-80,',
      '10.20.1.0/24 . tcp . 70000,',
      '10.20.1.0/24 . tcp . 80-80,',
    ],
    ['data-centre-firewall', '"eth3" . "eth1.110"', '"eth*" . "eth1.110"', '"eth3 . "eth1.110"', '"eth3"'],
    ['data-centre-firewall', '2001:db8:ff::/64', '2001:DB8:ff::/64'],
    ['data-centre-firewall', 'policy drop;', 'policy continue;', 'policy accept;'],
    ['data-centre-firewall', 'priority -450;', 'priority -400;', 'priority raw;'],
    ['data-centre-firewall', 'counter drop', 'counter drop accept', 'counter reject'],
    ['data-centre-firewall', 'flags interval', 'flags interval,timeout'],
    ['data-centre-firewall', 'table inet netwright', 'table ip netwright', 'table bridge netwright'],
    ['data-centre-firewall', 'invalid : drop }', 'invalid : drop, new : accept }'],
    ['data-centre-firewall', 'established : accept', 'established : accept, untracked : accept'],
    ['data-centre-firewall', 'iifname "lo"', 'iifname { "lo" }', 'iifname lo'],
    ['data-centre-firewall', 'meta l4proto 112', 'meta l4proto vrrp', 'meta l4proto 112 or 113'],
    ['data-centre-firewall', 'limit rate over 10/second', 'limit rate 10/minute', 'limit rate over 010/second', 'limit rate until 10/second'],
    ['data-centre-firewall', 'ip6 saddr fe80::/10', 'ip6 saddr fe80::/9', 'ip6 saddr != fe80::/10'],
    [
      'data-centre-firewall',
      'iifname vmap @sources-by-interface',
      'iif vmap @sources-by-interface',
      'iifname . ip saddr vmap @sources-by-interface',
      'ip saddr vmap @sources-by-interface',
    ],
    [
      'office-gateway',
      'snat ip to 203.0.113.10',
      'snat ip to 203.0.113.010',
      'snat ip to 2001:db8::1',
      'snat to 203.0.113.10',
      'masquerade',
      'snat ip to 203.0.113.10:80',
    ],
    ['office-gateway', 'ip dscp set ef', 'ip dscp set af41', 'ip dscp set 46', 'ip ecn set ce'],
    ['office-gateway', '{ udp . 5060 }', '{ udp . 5060, }', 'udp . 5060', '{ udp . http }'],
    ['leaf', 'notrack', 'notrack accept', 'untracked'],
    ['leaf', 'policy accept; }', 'policy drop; }'],
  ] as const) {
    const text = textNamed(name)
    assert.ok(text.includes(from), from)
    for (const to of wrong) assert.equal(refusal(text.replace(from, to)).code, 'nftables-unknown-statement', to)
  }
  const guard = textNamed('access-switch', FILES.bridge)
  for (const [from, to] of [
    ['01:80:c2:00:00:00', '01:80:C2:00:00:00'],
    ['01:80:c2:00:00:00', '01:80:c2:00:00:03'],
    ['{ broadcast, multicast }', '{ broadcast, unicast }'],
    ['table bridge netwright {', 'table netdev netwright {'],
    ['hook prerouting', 'hook input'],
    ['"swp2", "swp2.40",', '"swp2" "swp2.40",'],
    ['"swp2", "swp2.40",', '"swp2", "swp2.40"'],
    ['"swp2", "swp2.40",', '"swp*",'],
    ['"swp2", "swp2.40",', '"swp2", swp2.40,'],
    ['"swp2", "swp2.40",', '"swp2", "swp2.40", jump'],
    ['size 65535', 'size 065535'],
    ['size 65535', 'flags interval'],
    ['flags dynamic', 'flags dynamic,timeout'],
    ['flags dynamic', 'flags interval'],
    ['update @storm-300', 'add @storm-300'],
    ['{ iifname limit rate over', '{ ether saddr limit rate over'],
    ['{ iifname limit rate over', '{ iifname limit rate'],
    ['300 packets counter }', '300 packets }'],
    ['add element bridge netwright ports-300', 'add element bridge netwright storm-300'],
  ] as const) {
    assert.ok(guard.includes(from), from)
    assert.equal(refusal(guard.replace(from, to), FILES.bridge).code, 'nftables-unknown-statement', to)
  }
})

test('files that the target does not print, and none at all, are refused', () => {
  assert.equal(refusal('').place?.line, 1)
  assert.equal(nftables.parse(new Map()).ok, false)
  const { code, place } = refusal(textNamed('leaf'), FILES.bridge)
  assert.deepEqual([code, place?.file], ['nftables-unknown-statement', FILES.bridge])
  const other = nftables.parse(
    new Map([
      [FILES.inet, textNamed('leaf')],
      ['other.conf', ''],
    ]),
  )
  assert.deepEqual([other.ok, other.diagnostics[0]?.place?.file], [false, 'other.conf'])
})

test('a comment above a rule says whose flow it is; others are free', () => {
  const text = textNamed('office-gateway')
  const moved = text.replace('# staff-print (office)', '# staff-print (nobody)')
  const notes = (tree: NftTree) => tree.tables[0]!.chains.flatMap(({ rules }) => rules.flatMap(({ notes = [] }) => notes.map(({ text }) => text)))
  assert.deepEqual(
    notes(parsed(moved)).filter((note) => note.startsWith('staff-print')),
    ['staff-print (nobody)'],
  )
  assert.deepEqual(parsed(text.replace('table inet netwright {', '# by hand\n\n   table inet netwright { # and here')), parsed(text))
})

test('sets, maps and chains that are undefined or unused are errors', () => {
  const tree = parsed(textNamed('data-centre-firewall'))
  const codes = (change: (table: NftTable) => Partial<NftTable>) =>
    checkReferences({ tables: tree.tables.map((table) => ({ ...table, ...change(table) })) }).map(({ code, message }) => `${code}: ${message}`)
  const without = <T extends { readonly name: string }>(parts: readonly T[], name: string) => parts.filter((part) => part.name !== name)
  assert.deepEqual(
    codes(() => ({})),
    [],
  )
  assert.deepEqual(
    codes(({ sets }) => ({ sets: without(sets, 'admins-v4') })),
    ['nftables-undefined-reference: The set admins-v4 is used in the filter but not defined.'],
  )
  assert.deepEqual(
    codes(({ maps }) => ({ maps: maps.map((map) => ({ ...map, entries: map.entries.filter(({ chain }) => chain !== 'web-db') })) })),
    ['nftables-unused-definition: The chain web-db is defined in the filter but nothing uses it.'],
  )
  assert.ok(
    codes(({ chains }) => ({ chains: without(chains, 'web-db') })).includes(
      'nftables-undefined-reference: The chain web-db is used in the filter but not defined.',
    ),
  )
  assert.ok(
    codes(({ chains }) => ({ chains: without(chains, 'call_limits') })).includes(
      'nftables-undefined-reference: The chain call_limits is used in the filter but not defined.',
    ),
  )
  assert.equal(
    codes(({ maps }) => ({ maps: without(maps, 'sources-by-interface') }))[0],
    'nftables-undefined-reference: The map sources-by-interface is used in the filter but not defined.',
  )
  const text = textNamed('data-centre-firewall')
  assert.equal(refusal(text.replace('ip saddr @admins-v4 ip daddr', 'ip saddr @nobody-v4 ip daddr')).code, 'nftables-undefined-reference')
  assert.equal(refusal(text.replace('jump strangers', 'jump nowhere')).code, 'nftables-undefined-reference')
  const guard = textNamed('access-switch', FILES.bridge)
  for (const [from, to] of [
    ['update @storm-300', 'update @ports-300'],
    ['iifname @ports-300', 'iifname @storm-300'],
  ] as const)
    assert.equal(refusal(guard.replace(from, to), FILES.bridge).code, 'nftables-undefined-reference', to)
})
