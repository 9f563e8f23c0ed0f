/** What the reader refuses, each case one change of a printed file, and that random servers are read back as they were. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { DhcpSegment, DhcpServer } from '#design/for-hosts.ts'
import type { Interface } from '#design/interface.ts'
import { textOf } from '../target.ts'
import { withoutWhys } from '../without-whys.ts'
import { cases, deviceWith } from './cases/devices.ts'
import { kea } from './index.ts'

const printed = new Map(kea.print(kea.lower(cases['office-primary']!)!).map((file) => [file.path, textOf(file)]))

/** The diagnostics of the primary's files after `find` was replaced, as `file:line code: message`. */
function said(find: string, replacement: string, path = 'kea-dhcp4.conf'): string[] {
  const text = printed.get(path)!
  assert(text.includes(find), find)
  const { diagnostics } = kea.parse(new Map([...printed, [path, text.replace(find, replacement)]]))
  return diagnostics.map(({ code, message, place }) => `${place?.file}:${place?.line} ${code}: ${message}`)
}

/** Where the text stands in the printed file. */
function lineOf(text: string, path = 'kea-dhcp4.conf'): string {
  const before = printed.get(path)!.split(text)[0]!
  return `${path}:${before.split('\n').length}`
}

test('a line that is never printed is refused, with its place', () => {
  assert.deepEqual(said('    "authoritative": true,\n', '    "authoritative": true,\n    "match-client-id": false,\n'), [
    `${lineOf('    "option-data"')} unknown-line: \`"match-client-id": false,\` in kea-dhcp4.conf is not a line that is written for Kea.`,
  ])
  const include = '    <?include "more.json"?>\n'
  assert.match(said('    "loggers"', `${include}    "loggers"`)[0]!, /unknown-line: `<\?include/)
  assert.match(said('    "loggers"', '    /* a note */\n    "loggers"')[0]!, /unknown-line: `\/\* a note/)
  assert.match(said('    "loggers"', '    # a note\n    "loggers"')[0]!, /unknown-line: `# a note/)
})

test('a constant of another value is refused', () => {
  assert.match(said('"max-unacked-clients": 1', '"max-unacked-clients": 0')[0]!, /unknown-line: `"max-unacked-clients": 0,`/)
  assert.match(said('"restrict-commands": true', '"restrict-commands": false')[0]!, /unknown-line/)
  assert.match(said(':8001/', ':8000/')[0]!, /unknown-line: `\{ "name": "gw-a"/)
})

test('a constant line that is missing is an error, because the proofs count on it', () => {
  const find = '              "restrict-commands": true,\n'
  assert.deepEqual(said(find, ''), [
    `${lineOf('              "multi-threading": { "enable').replace(/\d+$/, (line) => String(Number(line) - 1))} missing-line: kea-dhcp4.conf lacks the line \`"restrict-commands": true,\`, which is always written for Kea.`,
  ])
  assert.match(said('    "authoritative": true,\n', '')[0]!, /missing-line: kea-dhcp4\.conf lacks the line `"authoritative": true,`/)
})

test('a second value is refused where it stands, not taken', () => {
  const first = '        "valid-lifetime": 43200,\n'
  const expected = `${lineOf('        "renew-timer": 21600')} unknown-line: \`"valid-lifetime": 60,\` in kea-dhcp4.conf is not a line that is written for Kea.`
  assert.deepEqual(said(first, `${first}        "valid-lifetime": 60,\n`), [expected])
  const id = '            "id": 20,\n'
  assert.match(said(id, `${id}            "id": 21,\n`)[0]!, /unknown-line: `"id": 21,`/)
})

test('addresses, prefixes and numbers that read two ways are refused', () => {
  assert.match(said('10.32.0.0/22', '10.32.0.1/22')[0]!, /unknown-line: `"subnet": "10\.32\.0\.1\/22",`/)
  assert.match(said('"10.32.0.10 - ', '"010.32.0.10 - ')[0]!, /unknown-line: `"pools"/)
  assert.match(said('10.1.0.53, ', '10.1.0.053, ')[0]!, /unknown-line: `\{ "name": "domain-name-servers"/)
  assert.match(said('lan0.10/10.32.0.2', 'lan0.10/10.32.0.02')[0]!, /unknown-line: `"lan0\.10\/10\.32\.0\.02",`/)
  assert.match(said('2001:db8:32::1000', '2001:DB8:32::1000', 'kea-dhcp6.conf')[0]!, /unknown-line: `"pools"/)
  assert.match(said('"id": 10,', '"id": 010,')[0]!, /unknown-line: `"id": 010,`/)
})

test('what belongs to the other family, or to no device, is refused', () => {
  const resolvers = '{ "name": "domain-name-servers", "data": "10.1.0.53, 10.2.0.53" }'
  assert.match(said(resolvers, '{ "name": "domain-name-servers", "data": "2001:db8:1::53" }')[0]!, /unknown-line/)
  assert.match(said(resolvers, '{ "name": "static-routes", "data": "10.1.0.53" }')[0]!, /unknown-line/)
  assert.match(said('        "renew-timer": 21600,\n', '        "preferred-lifetime": 27000,\n        "renew-timer": 21600,\n')[0]!, /unknown-line/)
  assert.match(said('        "preferred-lifetime": 27000,\n', '', 'kea-dhcp6.conf')[0]!, /missing-line: .* `"preferred-lifetime": VALUE,`/)
  assert.match(said('"lan0.10",', '"lan0.10/2001:db8:32::2",', 'kea-dhcp6.conf')[0]!, /unknown-line/)
})

test('interfaces that are not those of the subnets are refused, and a pair that this server is not of', () => {
  assert.match(said('        "lan0.20/10.32.4.2",\n', '')[0]!, /missing-line|unknown-line/)
  assert.match(said('"lan0.10/10.32.0.2"', '"lan0.11/10.32.0.2"')[0]!, /unknown-line: `"lan0\.11/)
  assert.match(said('"this-server-name": "gw-a"', '"this-server-name": "gw-c"')[0]!, /unknown-line/)
  assert.match(said('"role": "standby"', '"role": "primary"')[0]!, /unknown-line: `\{ "name": "gw-b", "role": "primary"/)
})

test('lines in another place, or looking otherwise, are refused', () => {
  assert.match(
    said('            "id": 10,\n            "subnet": "10.32.0.0/22",\n', '            "subnet": "10.32.0.0/22",\n            "id": 10,\n')[0]!,
    /unknown-line|missing-line/,
  )
  assert.match(said('    "shared-networks"', '  "shared-networks"')[0]!, /unknown-line: `"shared-networks": \[`/)
  assert.match(said('      }\n    ],\n    "loggers"', '    ],\n    "loggers"')[0]!, /missing-line: .* `}`/)
})

test('a file that ends too early, goes on, or is not there is refused', () => {
  const text = printed.get('kea-dhcp4.conf')!
  const lines = text.split('\n').length
  assert.deepEqual(said('  }\n}\n', '  }\n'), [
    `kea-dhcp4.conf:${lines - 1} missing-line: kea-dhcp4.conf lacks the line \`}\`, which is always written for Kea.`,
  ])
  assert.deepEqual(said('  }\n}\n', '  }\n}\n{}\n'), [`kea-dhcp4.conf:${lines} unknown-line: \`{}\` in kea-dhcp4.conf is not a line that is written for Kea.`])
  assert.deepEqual(
    kea.parse(new Map([['kea-dhcp4.conf', text]])).diagnostics.map(({ message }) => message),
    ['Kea lacks its file kea-dhcp6.conf.'],
  )
})

test('comments and blank lines say nothing', () => {
  assert.deepEqual(said('    "shared-networks"', '\n    // the segments of the house\n    "shared-networks"'), [])
})

const v4 = fc.nat(2 ** 24 - 1).map((value) => `10.${value >> 16}.${(value >> 8) & 255}.${value & 255}`)
const v6 = fc.tuple(fc.nat(65535), fc.nat(65535)).map(([site, host]) => `2001:db8:${(site || 1).toString(16)}::${(host || 1).toString(16)}`)
const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,11}$/)

const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 })

/** A segment whose values need not fit each other: the reader's affair is only what is written. */
const segment = fc
  .record({
    name,
    id: fc.integer({ min: 1, max: 4094 }),
    leaseSeconds: fc.integer({ min: 1, max: 2 ** 31 }),
    gateways: fc.array(v4, { minLength: 1, maxLength: 3 }),
    resolvers: fc.option(fc.array(fc.oneof(v4, v6), { maxLength: 2 }), { nil: undefined }),
    location: fc.option(fc.record({ country: fc.constant('DE'), city: text, address: text, area: text, why: fc.constant(['fact sites/x.yaml#/city']) }), {
      nil: undefined,
    }),
    pool4: fc.tuple(v4, v4),
    pool6: fc.tuple(v6, v6),
  })
  .map(
    ({ pool4: [first, last], pool6, gateways, resolvers, location, ...rest }): DhcpSegment => ({
      ...rest,
      ...(resolvers ? { resolvers } : {}),
      ...(location ? { location } : {}),
      interface: `lan0.${rest.id}`,
      v4: gateways.map((gateway) => ({ prefix: `${gateway.split('.').slice(0, 3).join('.')}.0/24`, gateway, first, last, why: [] })),
      v6: { prefix: `2001:db8:${rest.id.toString(16)}::/64`, first: pool6[0], last: pool6[1], why: [] },
      why: [`segment ${rest.name}`],
    }),
  )

const address = fc.oneof(v4, v6)
const server: fc.Arbitrary<DhcpServer> = fc.record(
  {
    role: fc.constantFrom('primary' as const, 'standby' as const),
    pair: fc.tuple(name, address, address).map(([name, self, other]) => ({ self: { name, address: self }, other: { name: `${name}-2`, address: other } })),
    domain: name.map((label) => `${label}.example`),
    resolvers: fc.array(address, { maxLength: 4 }),
    clocks: fc.array(address, { maxLength: 4 }),
    segments: fc.uniqueArray(segment, { maxLength: 4, selector: ({ id }) => id }),
    why: fc.constant(['dhcp']),
  },
  { requiredKeys: ['role', 'domain', 'resolvers', 'clocks', 'segments', 'why'] },
)

test('random servers are read back as they were', () => {
  const property = fc.property(server, fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }), (dhcp, owns) => {
    const interfaces = dhcp.segments.map(
      ({ interface: port, v4 }, index): Interface => ({
        kind: 'physical',
        name: port,
        id: `s/d/${port}`,
        description: '',
        mtu: 1500,
        speed: 1e9,
        addresses: owns[index]
          ? [
              { address: '2001:db8::1/64', why: [] },
              { address: `${v4[0]!.prefix.replace('.0/24', '.2')}/24`, why: [] },
            ]
          : [],
        why: [],
      }),
    )
    const tree = kea.lower(deviceWith('s/d', dhcp, interfaces))!
    const back = kea.parse(new Map(kea.print(tree).map((file) => [file.path, textOf(file)])))
    assert.deepEqual(back.diagnostics, [])
    assert(back.ok)
    assert.deepEqual(withoutWhys(back.value), withoutWhys(tree))
  })
  fc.assert(property, { numRuns: 200 })
})
