/** What holds for the configuration of every device: it reads back as itself, every line can say why, and the daemon's own checker accepts it. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { same } from '#base/canonical.ts'
import { nth, prefixAround, showIp, showPrefix } from '#base/ip.ts'
import type { Device } from '#design/device.ts'
import type { Interface } from '#design/interface.ts'
import type { BgpFamily, BgpInstance, BgpNeighbor, PrefixListEntry, Routing } from '#design/routing.ts'
import { textOf } from '../target.ts'
import { withoutWhys } from '../without-whys.ts'
import { cases } from './cases/devices.ts'
import { checkReferences, frr } from './index.ts'

const why = fc.array(fc.constantFrom('fact sites/a.yaml#/seats', 'ask a devices leaf', 'ledger a/leaf', 'zone web'), { minLength: 1, maxLength: 3 })
const asn = fc.oneof(fc.integer({ min: 64512, max: 65534 }), fc.integer({ min: 4200000000, max: 4294967294 }))
const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.-]{0,20}$/)
const profile = fc.constantFrom('fabric', 'wan', 'B.2_slow-1')

const ip = (family: 4 | 6) =>
  fc
    .bigInt({ min: 1n, max: (1n << (family === 4 ? 24n : 100n)) - 1n })
    .map((value) => nth({ family, base: family === 4 ? 10n << 24n : 0x2001_0db8n << 96n, length: 8 }, value))
const address = (family: 4 | 6) => ip(family).map(showIp)
const prefix = (family: 4 | 6) =>
  fc.tuple(ip(family), fc.integer({ min: 8, max: family === 4 ? 32 : 128 })).map(([ip, length]) => showPrefix(prefixAround(ip, length)))
const anyPrefix = fc.oneof(prefix(4), prefix(6))

const entry = (family: 4 | 6): fc.Arbitrary<PrefixListEntry> =>
  fc
    .record({
      sequence: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
      action: fc.constantFrom('permit' as const, 'deny' as const),
      prefix: prefix(family),
      bounds: fc.tuple(fc.nat(), fc.nat()),
      said: fc.constantFrom('', 'ge', 'le', 'both'),
      why,
    })
    .map(({ prefix, bounds, said, ...entry }) => {
      const own = Number(prefix.split('/')[1])
      const room = (family === 4 ? 32 : 128) - own
      const [ge, le] = bounds.map((bound) => own + (bound % (room + 1))).sort((a, b) => a - b) as [number, number]
      return { ...entry, prefix, ...(said === 'ge' || said === 'both' ? { ge } : {}), ...(said === 'le' || said === 'both' ? { le } : {}) }
    })

const largeCommunity = fc.array(fc.integer({ min: 0, max: 2 ** 32 - 1 }), { minLength: 3, maxLength: 3 }).map((parts) => parts.join(':'))

const unique = <T>(item: fc.Arbitrary<T>, key: (item: T) => unknown, maxLength = 4) => fc.uniqueArray(item, { selector: key, maxLength })
const bySequence = (entry: { sequence: number }) => entry.sequence

const family = (family: 4 | 6, policies: readonly string[]): fc.Arbitrary<BgpFamily> =>
  fc.record(
    {
      networks: unique(fc.record({ prefix: prefix(family), why }), ({ prefix }) => prefix),
      aggregates: unique(fc.record({ prefix: prefix(family), why }), ({ prefix }) => prefix),
      maximumPaths: fc.constantFrom(1, 2, 64, 256),
      ...(policies.length ? { redistributeConnected: fc.record({ policy: fc.constantFrom(...policies), why }) } : {}),
    },
    { requiredKeys: ['networks', 'aggregates', 'maximumPaths'] },
  )

const neighbor = (policies: readonly string[], inVrf: boolean): fc.Arbitrary<BgpNeighbor> =>
  fc.record(
    {
      address: fc.oneof(address(4), address(6)),
      asn,
      description: fc.oneof(fc.constantFrom('spine-1 swp2', 'São Paulo  | “colt”', ''), fc.string({ unit: 'grapheme-ascii' })),
      families: fc.subarray(inVrf ? (['ipv4', 'ipv6'] as const) : (['ipv4', 'ipv6', 'evpn'] as const)).map((families) => [...families]),
      originateDefault: fc.boolean(),
      bfd: profile,
      maximumPrefixes: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
      removePrivateAsns: fc.boolean(),
      why,
      ...(policies.length ? { importPolicy: fc.constantFrom(...policies), exportPolicy: fc.constantFrom(...policies) } : {}),
    },
    { requiredKeys: ['address', 'asn', 'description', 'families', 'originateDefault', 'why'] },
  )

const instance = (policies: readonly string[], vrf: string | undefined): fc.Arbitrary<BgpInstance> =>
  fc
    .record(
      {
        asn,
        routerId: address(4),
        gracefulShutdown: fc.boolean(),
        neighbors: unique(neighbor(policies, vrf !== undefined), ({ address }) => address),
        ipv4: family(4, policies),
        ipv6: family(6, policies),
        evpn:
          vrf === undefined
            ? fc.record({ kind: fc.constant('underlay' as const), why })
            : fc.record({ kind: fc.constant('vrf' as const), distinguisher: address(4).map((ip) => `${ip}:4001`), target: fc.constant('65001:4001'), why }),
        why,
      },
      { requiredKeys: ['asn', 'routerId', 'neighbors', 'ipv4', 'ipv6', 'why'] },
    )
    .chain((instance) =>
      // Some sessions stay inside the AS.
      fc.boolean().map((inside) => ({
        ...instance,
        ...(vrf === undefined ? {} : { vrf }),
        neighbors: instance.neighbors.map((neighbor, index) => (inside && index === 0 ? { ...neighbor, asn: instance.asn } : neighbor)),
      })),
    )

const routing = (vrfs: readonly string[]): fc.Arbitrary<Routing> =>
  fc.uniqueArray(name, { maxLength: 3 }).chain((policies) =>
    fc.record({
      bfd: unique(
        fc.record({
          name: profile,
          intervalMs: fc.oneof(fc.constant(300), fc.integer({ min: 10, max: 60000 })),
          multiplier: fc.integer({ min: 2, max: 255 }),
          why,
        }),
        ({ name }) => name,
      ),
      statics: unique(
        fc
          .record({
            prefix: anyPrefix,
            discard: fc.boolean(),
            via4: address(4),
            via6: address(6),
            vrf: fc.constantFrom(undefined, ...vrfs),
            distance: fc.option(fc.integer({ min: 1, max: 255 }), { nil: undefined }),
            why,
          })
          .map(({ prefix, discard, via4, via6, vrf, distance, why }) => ({
            prefix,
            ...(distance === undefined ? {} : { distance }),
            ...(vrf === undefined ? {} : { vrf }),
            via: discard ? ('discard' as const) : { address: prefix.includes(':') ? via6 : via4 },
            why,
          })),
        ({ prefix, vrf }) => `${vrf} ${prefix}`,
      ),
      prefixLists: fc.tuple(
        fc.record({ name, family: fc.constant(4 as const), entries: unique(entry(4), bySequence), why }),
        fc.record({ name, family: fc.constant(6 as const), entries: unique(entry(6), bySequence), why }),
      ),
      communityLists: unique(fc.record({ name, communities: fc.array(largeCommunity, { minLength: 1, maxLength: 3 }), why }), ({ name }) => name),
      policies: fc.tuple(
        ...policies.map((policy) =>
          fc.record({
            name: fc.constant(policy),
            entries: unique(
              fc.record({
                sequence: fc.integer({ min: 1, max: 65535 }),
                action: fc.constantFrom('permit' as const, 'deny' as const),
                match: fc.record({ prefixList4: name, prefixList6: name, communityList: name }, { requiredKeys: [] }),
                set: fc.record(
                  { prepend: fc.integer({ min: 0, max: 4 }), localPreference: fc.nat(), largeCommunities: fc.array(largeCommunity, { maxLength: 3 }) },
                  { requiredKeys: [] },
                ),
                why,
              }),
              bySequence,
            ),
            why,
          }),
        ),
      ),
      bgp: fc.tuple(...[undefined, ...vrfs].map((vrf) => instance(policies, vrf))),
    }),
  )

/** An interface that advertises, if it has what to. */
const face = (vrfs: readonly string[]): fc.Arbitrary<Interface> =>
  fc
    .record({
      name: fc.constantFrom('swp1', 'bond0.10', 'br-web', 'wg_ber'),
      vrf: fc.constantFrom(undefined, ...vrfs),
      addresses: fc.array(fc.tuple(fc.oneof(address(4), address(6)), fc.integer({ min: 8, max: 32 })), { maxLength: 4 }),
      advertises: fc.option(
        fc.record({
          managed: fc.boolean(),
          preference: fc.constantFrom('high' as const, 'medium' as const, 'low' as const),
          intervalSeconds: fc.oneof(fc.constant(600), fc.integer({ min: 1, max: 1800 })),
          lifetimeSeconds: fc.integer({ min: 1800, max: 9000 }),
          resolvers: fc.uniqueArray(fc.oneof(address(4), address(6)), { maxLength: 3 }),
          why,
        }),
        { nil: undefined },
      ),
      why,
    })
    .map(({ name, vrf, addresses, advertises, why }) => ({
      kind: 'bridge',
      name,
      id: `a/leaf-1/${name}`,
      description: '',
      mtu: 1500,
      ...(vrf === undefined ? {} : { vrf }),
      addresses: addresses.map(([ip, length]) => ({ address: `${ip}/${length}`, why })),
      ...(advertises ? { advertises } : {}),
      why,
    }))

const device: fc.Arbitrary<Device> = fc.uniqueArray(fc.constantFrom('web', 'db', 'voice'), { maxLength: 2 }).chain((names) =>
  fc
    .record({
      routing: routing(names),
      interfaces: unique(face(names), ({ name }) => name),
      forwards: fc.boolean(),
      vni: fc.option(fc.integer({ min: 1, max: 16000000 }), { nil: undefined }),
      why,
    })
    .map(
      ({ routing, interfaces, forwards, vni, why }): Device => ({
        kind: 'device',
        id: 'a/leaf-1',
        site: 'a',
        name: 'leaf-1',
        role: 'leaf',
        model: 'server',
        platform: ['frr'],
        status: 'active',
        hostname: 'leaf-1.a.example',
        forwards,
        interfaces,
        vrfs: names.map((name, index) => ({ name, table: 1000 + index, ...(vni === undefined ? {} : { vni: vni + index }), why })),
        routing,
        why,
      }),
    ),
)

const print = (device: Device) => frr.print(frr.lower(device) ?? assert.fail('the device has routing'))
const filesOf = (device: Device) => new Map(print(device).map((file) => [file.path, textOf(file)]))
/** Exit status and words of FRR's own checker. */
function vtyshCheck(text: string): { status: number; said: string } {
  const folder = mkdtempSync(join(tmpdir(), 'netwright-frr-'))
  try {
    const path = join(folder, 'frr.conf')
    writeFileSync(path, text)
    return { status: 0, said: execFileSync('vtysh', ['-C', '-f', path], { encoding: 'utf8', stdio: 'pipe' }) }
  } catch (error) {
    const { code, status, stdout, stderr } = error as NodeJS.ErrnoException & { status: number; stdout: string; stderr: string }
    assert.notEqual(code, 'ENOENT', 'vtysh is not installed, and configurations go unchecked without it: apt-get install frr')
    return { status, said: `${stdout}${stderr}` }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test('parse(print(tree)) is the tree, whys aside', () => {
  fc.assert(
    fc.property(device, (device) => {
      const parsed = frr.parse(filesOf(device))
      assert(parsed.ok, JSON.stringify(parsed.diagnostics))
      const tree = withoutWhys(frr.lower(device)!)
      if (!same(parsed.value, tree)) assert.deepEqual(parsed.value, tree)
      assert.deepEqual(frr.print(parsed.value).map(textOf), print(device).map(textOf))
    }),
    { numRuns: 500 },
  )
})

test('every line says why', () => {
  fc.assert(
    fc.property(device, (device) => {
      for (const { path, lines } of print(device)) for (const { text, why } of lines) assert(why.length > 0 && why.every(Boolean), `${path}: ${text}`)
    }),
  )
})

test("FRR's own checker accepts what is printed", () => {
  for (const device of Object.values(cases)) assert.deepEqual(vtyshCheck(filesOf(device).get('frr.conf')!), { status: 0, said: '' })
  fc.assert(
    fc.property(device, (device) => {
      const text = filesOf(device).get('frr.conf')!
      const { status, said } = vtyshCheck(text)
      assert.equal(status, 0, `${said}\n${text}`)
    }),
    { numRuns: 40 },
  )
})

test("FRR's own checker refuses a line it does not know, so its silence means something", () => {
  const text = filesOf(cases.spine!).get('frr.conf')!.replace(' timers bgp 3 9', ' timers bgp soon')
  assert.notEqual(vtyshCheck(text).status, 0)
})

test('the references of the cases hold', () => {
  for (const device of Object.values(cases)) assert.deepEqual(checkReferences(frr.lower(device)!), [])
})
