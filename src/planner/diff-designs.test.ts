import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Design, SiteDesign } from '#design/design.ts'
import {
  berlin,
  boston,
  bostonOpen,
  circuit,
  design,
  device,
  files,
  filterOf,
  firewallFiles,
  link,
  port,
  segment,
  service,
  site,
  speaker,
} from './cases/designs.ts'
import { planChange, type Texts } from './diff-designs.ts'
import { type AddressChange, type Changes, type DeviceChange, type FieldChange, isEmptyPlan, type NodeChange, type Plan, type SitePlan } from './plan.ts'
import { showPlan } from './show-plan.ts'

const NO_FILES = { before: new Map(), after: new Map() } as const
const plan = (before: readonly SiteDesign[], after: readonly SiteDesign[]) => planChange(design(before), design(after), NO_FILES)
const only = (before: Partial<SiteDesign>, after: Partial<SiteDesign>) => plan([site('a', before)], [site('a', after)])
const withPort = (...addresses: readonly string[]) => ({ devices: [device('a/r', { interfaces: [port('a/r/eth0', ...addresses)] })] })

test('no change is nothing', () => {
  const same = planChange(design([boston]), design([boston]), { before: firewallFiles('10.0.0.0/8'), after: firewallFiles('10.0.0.0/8') })
  assert.ok(isEmptyPlan(same))
  assert.deepEqual(showPlan(same), [{ text: 'nothing changes', tone: 'quiet' }])
})

test('where something comes from is no change', () => {
  const moved = JSON.parse(JSON.stringify(design([bostonOpen, berlin])), (key, value) => (key === 'why' ? ['somewhere else'] : value)) as Design
  assert.ok(isEmptyPlan(planChange(design([bostonOpen, berlin]), moved, NO_FILES)))
})

test('from nothing, everything comes and nothing is renumbered', () => {
  const { sites, addresses, cost, fields } = planChange(undefined, design([berlin, boston]), NO_FILES)
  assert.deepEqual(
    sites.map(({ id, how, devices, cables, handovers }) => [id, how, devices.added.length, cables.added.length, handovers.added.length]),
    [
      ['ber-office', 'added', 6, 2, 2],
      ['bos1', 'added', 4, 2, 1],
    ],
  )
  assert.deepEqual([fields, addresses], [[], { renumbered: [], grown: [], shrunk: [] }])
  assert.deepEqual(cost.before, { sums: [], unknown: 0 })
})

test('the first day hangs on the slowest circuit, and says which lead times are not known', () => {
  const opening = (...circuits: SiteDesign['circuits']) => plan([], [site('a', { opens: '2026-05-04', circuits })]).sites[0]!.firstDay
  assert.deepEqual(opening(circuit('a/circuit/x', 1, 30), circuit('a/circuit/y', 1, 90), circuit('a/circuit/z')), {
    date: '2026-05-04',
    critical: { circuit: 'a/circuit/y', leadTime: 90 * 86400 },
    unknown: ['a/circuit/z'],
  })
  assert.deepEqual(opening(), { date: '2026-05-04', unknown: [] })
  assert.equal(plan([], [site('a')]).sites[0]!.firstDay, undefined)
})

test('currencies are never added up, and a price that is not known is not nothing', () => {
  const circuits = [circuit('a/circuit/1', 0.1), circuit('a/circuit/2', 0.2), circuit('a/circuit/3', 5, 1, 'USD'), circuit('a/circuit/4')]
  assert.deepEqual(only({}, { circuits }).cost.after, {
    sums: [
      { amount: 0.3, currency: 'EUR', per: 'month' },
      { amount: 5, currency: 'USD', per: 'month' },
    ],
    unknown: 1,
  })
})

test('a cable that moves is neither removed nor added', () => {
  const cable = (end: string) => ({ links: [link('a/x', 'a/one eth0', end)] })
  const [{ cables, handovers } = assert.fail()] = only(cable('a/two eth0'), cable('a/two eth1')).sites
  assert.deepEqual(cables, { added: [], removed: [], changed: [{ id: 'a/x', fields: [{ field: 'b', before: 'a/two eth0', after: 'a/two eth1' }] }] })
  assert.deepEqual(handovers, { added: [], removed: [], changed: [] })
})

test('rules of a filter go by name and zones', () => {
  const filtered = (...of: Parameters<typeof filterOf>) => ({ devices: [device('a/fw', { filter: filterOf(...of) })] })
  const [{ devices } = assert.fail()] = only(
    filtered([['users', 'outside', 'users → erp']], { erp: ['10.0.0.0/24', '10.0.2.0/24'], old: ['10.9.0.0/24'] }),
    filtered([['guest', 'outside', 'users → erp']], { erp: ['10.0.0.0/24', '10.0.1.0/24'], new: ['10.9.0.0/24'] }),
  ).sites
  assert.deepEqual(devices.changed, [
    {
      id: 'a/fw',
      fields: [],
      parts: ['filter'],
      rules: { added: ['users → erp (guest → outside)'], removed: ['users → erp (users → outside)'], changed: [] },
      sets: [{ name: 'erp', added: ['10.0.1.0/24'], removed: ['10.0.2.0/24'] }],
    },
  ])
})

/** What becomes of some addresses of a port, or of a block: the name of the list, what was and what is. */
const becomes = (changed: Plan) =>
  Object.entries(changed.addresses).flatMap(([how, list]: [string, readonly AddressChange[]]) => list.map(({ before, after }) => [how, before, after]))

test('another address in the place of one is renumbering; each family for itself', () => {
  assert.deepEqual(becomes(only(withPort('10.0.0.1/31', 'fd00::1/127'), withPort('10.0.0.3/31', 'fd00::1/127'))), [
    ['renumbered', ['10.0.0.1/31'], ['10.0.0.3/31']],
  ])
  assert.deepEqual(becomes(only(withPort('10.0.0.1/24'), withPort('10.0.0.1/24', 'fd00::1/64'))), [['grown', [], ['fd00::1/64']]])
})

test('a second block, and a longer one around what was, are growth', () => {
  const blocks = (...of: readonly string[]) => ({ blocks: of })
  assert.deepEqual(becomes(only(blocks('10.0.0.0/24'), blocks('10.0.0.0/24', '10.0.9.0/24'))), [['grown', [], ['10.0.9.0/24']]])
  assert.deepEqual(becomes(only(blocks('10.0.1.0/24'), blocks('10.0.0.0/23'))), [['grown', ['10.0.1.0/24'], ['10.0.0.0/23']]])
  assert.deepEqual(becomes(only(blocks('10.0.0.0/23'), blocks('10.0.1.0/24'))), [['shrunk', ['10.0.0.0/23'], ['10.0.1.0/24']]])
  assert.deepEqual(becomes(only(blocks('10.0.0.0/24'), blocks('10.0.2.0/23'))), [['renumbered', ['10.0.0.0/24'], ['10.0.2.0/23']]])
  assert.deepEqual(becomes(only(withPort('10.0.0.1/24'), withPort('10.0.0.1/23'))), [['grown', ['10.0.0.1/24'], ['10.0.0.1/23']]])
  assert.deepEqual(becomes(only(withPort('10.0.0.1/31'), withPort('10.0.0.0/31'))), [['renumbered', ['10.0.0.1/31'], ['10.0.0.0/31']]])
})

test('a port that had no address, or has none any more, is not renumbered', () => {
  assert.deepEqual(becomes(only(withPort(), withPort('10.0.0.1/31'))), [])
  assert.deepEqual(becomes(only(withPort('10.0.0.1/31'), withPort())), [])
})

test('every kind of number', () => {
  const numbered = (n: number) =>
    design(
      [
        site('a', {
          blocks: [`10.${n}.0.0/16`],
          zones: [{ kind: 'zone', id: 'a/zone/users', name: 'users', number: n, prefixes: [`10.${n}.0.0/18`], why: [] }],
          segments: [segment('a/users', 10, 100 + n, `10.${n}.1.0/24`)],
          devices: [
            device('a/r', {
              interfaces: [
                port('a/r/lo', `10.${n}.255.1/32`),
                port('a/r/eth0', `10.${n}.254.0/31`),
                { ...port('a/r/eth1.7'), kind: 'vlan', parent: 'eth1', vid: n },
                { ...port('a/r/vx'), kind: 'vxlan', vni: n, local: '10.0.0.1' },
              ],
              routing: { ...speaker(n), bgp: [speaker(n).bgp[0]!, { ...speaker(n).bgp[0]!, vrf: 'users' }] },
            }),
          ],
        }),
      ],
      [service('erp', { 'erp-1': ['a/r', `10.${n}.1.9`, 'fd00::9'] })],
    )
  const { renumbered, grown, shrunk } = planChange(numbered(1), numbered(2), NO_FILES).addresses
  assert.deepEqual([grown, shrunk], [[], []])
  assert.deepEqual(
    renumbered.map(({ id, what, before, after }) => `${what} ${id}: ${before} → ${after}`),
    [
      'block a: 10.1.0.0/16 → 10.2.0.0/16',
      'asn a/r: 1 → 2',
      'asn a/r vrf users: 1 → 2',
      'interface a/r/eth0: 10.1.254.0/31 → 10.2.254.0/31',
      'vlan a/r/eth1.7: 1 → 2',
      'loopback a/r/lo: 10.1.255.1/32 → 10.2.255.1/32',
      'vni a/r/vx: 1 → 2',
      'segment a/users: 10.1.1.0/24 → 10.2.1.0/24',
      'vlan a/users: 101 → 102',
      'zone a/zone/users: 10.1.0.0/18 → 10.2.0.0/18',
      'zone number a/zone/users: 1 → 2',
      'replica service/erp-1: 10.1.1.9 → 10.2.1.9',
    ],
  )
})

/** Designs of up to three sites, alike enough that two of them share much. */
const some = <T>(...of: readonly T[]) => fc.subarray([...of])
const designs: fc.Arbitrary<Design> = fc
  .array(
    fc.record({
      seats: fc.nat(1),
      blocks: some('10.0.0.0/24', '10.0.0.0/23', '10.0.8.0/24', 'fd00::/48'),
      prefixes: some('10.0.0.0/24', '10.0.2.0/24'),
      vlan: fc.integer({ min: 110, max: 111 }),
      devices: some('r1', 'r2', 'r3'),
      model: fc.constantFrom('x', 'y'),
      asn: fc.option(fc.integer({ min: 1, max: 2 }), { nil: undefined }),
      addresses: some('10.0.0.1/31', '10.0.0.3/31', '10.0.0.1/30', 'fd00::1/127'),
      rules: some<readonly [string, string, string]>(['users', 'outside', 'p'], ['users', 'outside', 'q'], ['guest', 'outside', 'p']),
      set: some('10.0.0.0/24', '10.0.1.0/24'),
      links: some('l1', 'l2'),
      port: fc.constantFrom('eth0', 'eth1'),
      circuit: fc.option(fc.nat(3), { nil: undefined }),
      host: fc.constantFrom('r1', 'r2'),
    }),
    { maxLength: 3 },
  )
  .map((sites) =>
    design(
      sites.map((of, index) => {
        const id = `s${index}`
        return site(id, {
          seats: of.seats,
          blocks: of.blocks,
          segments: of.prefixes.length > 0 ? [segment(`${id}/users`, of.seats, of.vlan, ...of.prefixes)] : [],
          devices: of.devices.map((name) =>
            device(`${id}/${name}`, {
              model: of.model,
              interfaces: [port(`${id}/${name}/eth0`, ...of.addresses)],
              ...(of.asn === undefined ? {} : { routing: speaker(of.asn) }),
              filter: filterOf(of.rules, { erp: of.set }),
            }),
          ),
          links: of.links.map((name) => link(`${id}/${name}`, `${id}/r1 ${of.port}`, undefined, name === 'l2' ? `${id}/l2` : undefined)),
          circuits: of.circuit === undefined ? [] : [circuit(`${id}/circuit/c`, of.circuit || undefined, of.seats)],
        })
      }),
      sites.map((of, index) => service(`v${index}`, { [`v${index}-1`]: [of.host, `10.9.0.${of.seats}`, 'fd00::9'] })),
    ),
  )
const texts: fc.Arbitrary<Texts> = fc
  .array(
    fc.tuple(
      fc.constantFrom('s0/r1/a.conf', 's0/r2/a.conf', 's1/r1/a.conf', 's9/x/b.conf'),
      fc.array(fc.constantFrom('a', 'b', 'c', 'exit'), { maxLength: 6 }),
    ),
  )
  .map((of) => files(Object.fromEntries(of)))

test('a design and itself, or its copy, have no difference', () => {
  fc.assert(
    fc.property(designs, texts, (of, text) => {
      for (const copy of [of, structuredClone(of)]) assert.ok(isEmptyPlan(planChange(of, copy, { before: text, after: new Map(text) })))
    }),
  )
})

test('designs that differ in more than their origins have a plan, which is plain data', () => {
  fc.assert(
    fc.property(designs, designs, (before, after) => {
      const without = (of: Design) => JSON.stringify(of, (key, value) => (key === 'why' ? undefined : value))
      const change = planChange(before, after, NO_FILES)
      assert.equal(isEmptyPlan(change), without(before) === without(after))
      assert.deepEqual(JSON.parse(JSON.stringify(change)), change)
    }),
    { numRuns: 500 },
  )
})

test('the way back is the mirror image', () => {
  fc.assert(
    fc.property(designs, designs, texts, texts, (a, b, textsOfA, textsOfB) => {
      const there = planChange(a, b, { before: textsOfA, after: textsOfB })
      const back = planChange(b, a, { before: textsOfB, after: textsOfA })
      assert.deepEqual(mirrored(back), withoutOneSided(there))
    }),
    { numRuns: 500 },
  )
})

test('every plan can be shown, and what is short is in the whole', () => {
  fc.assert(
    fc.property(designs, designs, texts, texts, (before, after, textsBefore, textsAfter) => {
      const change = planChange(before, after, { before: textsBefore, after: textsAfter })
      const [short, whole] = [showPlan(change), showPlan(change, { verbose: true })].map((lines) => lines.map(({ text }) => text))
      assert.ok(short!.length > 0)
      for (const text of short!) assert.ok(whole!.includes(text) || text.includes('… and'), text)
    }),
  )
})

const REVERSE = { added: 'removed', removed: 'added', changed: 'changed' } as const
const flipFields = (fields: readonly FieldChange[]) =>
  fields.map(({ field, before, after }) => ({ field, ...given('before', after), ...given('after', before) }))
const given = (name: string, value: string | undefined) => (value === undefined ? {} : { [name]: value })
const flipNode = <C extends NodeChange>(node: C) => ({ ...node, fields: flipFields(node.fields) })
const flip = <C extends NodeChange>({ added, removed, changed }: Changes<C>, node: (of: C) => C = flipNode) => ({
  added: removed,
  removed: added,
  changed: changed.map(node),
})
const flipDevice = (of: DeviceChange): DeviceChange => ({
  ...flipNode(of),
  rules: flip(of.rules),
  sets: of.sets.map(({ name, added, removed }) => ({ name, added: removed, removed: added })),
})
const flipSides = <T>({ before, after }: { before: T; after: T }) => ({ before: after, after: before })
const flipAddress = (of: AddressChange) => ({ ...of, ...flipSides(of) })

function mirrored(plan: Plan): Omit<Plan, 'sites'> & { sites: unknown } {
  return {
    ...plan,
    fields: flipFields(plan.fields),
    sites: plan.sites.map((of) => ({
      ...oneSided(of),
      how: REVERSE[of.how],
      fields: flipFields(of.fields),
      zones: flip(of.zones),
      racks: flip(of.racks),
      segments: flip(of.segments),
      devices: flip(of.devices, flipDevice),
      cables: flip(of.cables),
      handovers: flip(of.handovers),
      circuits: flip(of.circuits),
      cost: flipSides(of.cost),
    })),
    services: flip(plan.services),
    addresses: {
      renumbered: plan.addresses.renumbered.map(flipAddress),
      grown: plan.addresses.shrunk.map(flipAddress),
      shrunk: plan.addresses.grown.map(flipAddress),
    },
    files: plan.files.map((file) => ({
      ...file,
      how: REVERSE[file.how],
      added: file.removed,
      removed: file.added,
      hunks: file.hunks.map((hunk) => ({ before: hunk.after, removed: hunk.added, after: hunk.before, added: hunk.removed })),
    })),
    cost: flipSides(plan.cost),
  }
}

function withoutOneSided(plan: Plan) {
  return { ...plan, sites: plan.sites.map(oneSided) }
}

/** A site without what is told of the later side only. */
function oneSided({ standard: _, seats: __, firstDay: ___, ...of }: SitePlan) {
  return of
}
