import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { contains, overlaps, prefixOf, sizeOf } from '#base/ip.ts'
import { allocatePrefixes, type PrefixWant } from './allocate-prefixes.ts'
import type { Entry, Scope, State } from './ledger.ts'
import { parseLedger } from './parse-ledger.ts'
import { printLedger } from './print-ledger.ts'
import { updateScope } from './update.ts'

const POOL = ['10.0.0.0/20', '10.9.0.0/22']

const want = (key: string, size: number | bigint, more: Partial<PrefixWant> = {}): PrefixWant => ({ key, size: BigInt(size), state: 'active', ...more })
const active = (key: string, value: string): Entry => ({ key, value, state: 'active' })
const planned = (key: string, value: string): Entry => ({ key, value, state: 'planned' })
const valuesOf = (blocks: ReadonlyMap<string, readonly { value: string }[]>) =>
  Object.fromEntries([...blocks].map(([key, of]) => [key, of.map(({ value }) => value)]))

const keys = fc.integer({ min: 0, max: 24 }).map((i) => `segment s${i} v4`)
const states = fc.constantFrom<State>('planned', 'active')
const wantSets = fc
  .uniqueArray(fc.record({ key: keys, size: fc.integer({ min: 0, max: 600 }).map(BigInt), state: states }), { selector: ({ key }) => key, maxLength: 20 })
  .map((wants): PrefixWant[] => wants)

/** One build: allocate, and write down what was claimed. */
function build(before: Scope, wants: readonly PrefixWant[], date = '2026-05-01', pool: readonly string[] = POOL) {
  const { blocksOf, problems } = allocatePrefixes({ held: before.values(), wants, blocks: pool, avoid: [] })
  const claimed = new Map(wants.flatMap(({ key, state }) => blocksOf.get(key)!.map((block) => [block.key, { value: block.value, state }] as const)))
  return { scope: updateScope(before, claimed, { date, quarantined: () => true }), blocksOf, problems }
}

const held = wantSets.map((wants) => [...build(new Map(), wants).scope.values()])

function assertApart(values: readonly string[]) {
  const prefixes = values.map(prefixOf)
  for (const [i, a] of prefixes.entries()) for (const b of prefixes.slice(i + 1)) assert.ok(!overlaps(a, b), `${values} overlap`)
}

test('the order of wants, holdings, pool and reservations does not matter', () => {
  const avoid = ['10.0.3.0/26', '10.9.1.0/24']
  fc.assert(
    fc.property(held, wantSets, fc.infiniteStream(fc.nat()), (held, wants, random) => {
      const shuffled = <T>(items: readonly T[]) =>
        items
          .map((item) => ({ item, at: random.next().value! }))
          .sort((a, b) => a.at - b.at)
          .map(({ item }) => item)
      const one = allocatePrefixes({ held, wants, blocks: POOL, avoid })
      const other = allocatePrefixes({ held: shuffled(held), wants: shuffled(wants), blocks: [...POOL].reverse(), avoid: shuffled(avoid) })
      assert.deepEqual([...other.blocksOf], [...one.blocksOf])
      assert.deepEqual(
        other.problems.map((problem) => ({ ...problem, pool: POOL })),
        one.problems.map((problem) => ({ ...problem, pool: POOL })),
      )
    }),
  )
})

test('blocks are apart, in the pool, out of what is reserved, and large enough', () => {
  const avoid = ['10.0.3.0/26', '10.9.1.0/24', '10.0.8.0/22']
  fc.assert(
    fc.property(wantSets, (wants) => {
      const { blocksOf, problems } = allocatePrefixes({ held: [], wants, blocks: POOL, avoid })
      assertApart([...[...blocksOf.values()].flat().map(({ value }) => value), ...avoid])
      const exhausted = problems.map(({ key }) => key)
      for (const { key, size } of wants) {
        const blocks = blocksOf.get(key)!.map(({ value }) => prefixOf(value))
        for (const block of blocks) assert.ok(POOL.some((pool) => contains(prefixOf(pool), block)))
        if (!exhausted.includes(key)) assert.ok(blocks.reduce((sum, block) => sum + sizeOf(block), 0n) >= size)
      }
    }),
  )
})

test('nothing ever moves: whatever comes, goes and grows, every block keeps its value, and comes back to its key', () => {
  const step = fc.record({ key: keys, size: fc.integer({ min: 0, max: 700 }).map(BigInt), wanted: fc.boolean(), state: states })
  fc.assert(
    fc.property(fc.array(fc.array(step, { maxLength: 4 }), { maxLength: 25 }), (builds) => {
      let scope: Scope = new Map()
      const wants = new Map<string, PrefixWant>()
      for (const steps of builds) {
        for (const { key, size, wanted, state } of steps) {
          if (wanted) wants.set(key, { key, size, state })
          else wants.delete(key)
        }
        const after = build(scope, [...wants.values()]).scope
        for (const [key, { value }] of scope) assert.equal(after.get(key)?.value, value, key)
        assertApart([...after.values()].map(({ value }) => value))
        assert.equal(build(after, [...wants.values()]).scope, after, 'a second build changes nothing')
        scope = after
      }
    }),
  )
})

test('a batch whose sum fits always fits (Kraft)', () => {
  const heights = fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 200 })
  fc.assert(
    fc.property(heights, fc.nat(), (heights, salt) => {
      let left = 4096
      const wants: PrefixWant[] = []
      for (const [i, height] of heights.entries()) {
        if (2 ** height > left) continue
        left -= 2 ** height
        wants.push(want(`segment ${salt} ${i} v4`, 2 ** height))
      }
      for (; left > 0; left -= 1 << Math.floor(Math.log2(left))) wants.push(want(`rest ${left} v4`, 1 << Math.floor(Math.log2(left))))
      assert.deepEqual(allocatePrefixes({ held: [], wants, blocks: ['10.0.0.0/20'], avoid: [] }).problems, [])
      assert.equal(allocatePrefixes({ held: [], wants: [...wants, want('straw', 1)], blocks: ['10.0.0.0/20'], avoid: [] }).problems.length, 1)
    }),
  )
})

test('two branches merged by union: what is active stays, and a planned block moves only from a place that two have', () => {
  const ledgerOf = (scope: Scope) => printLedger(new Map(scope.size > 0 ? [['ber', scope]] : []))
  const branch = (state: State, name: string) =>
    fc
      .uniqueArray(fc.integer({ min: 0, max: 30 }), { maxLength: 12 })
      .map((ids) => ids.map((i): PrefixWant => want(`segment ${name}${i} v4`, 1 << (i % 8), { state })))
  fc.assert(
    fc.property(branch('active', 'main'), branch('planned', 'a'), branch('planned', 'b'), (main, a, b) => {
      const base = build(new Map(), main).scope
      const lines = [a, b].flatMap((more) => ledgerOf(build(base, [...main, ...more]).scope).split('\n'))
      const merged = parseLedger([...new Set(lines)].join('\n'), 'netwright.lock')
      assert.ok(merged.ok)
      const before: Scope = merged.value.get('ber') ?? new Map()
      const { scope: after, problems } = build(before, [...main, ...a, ...b])
      assert.deepEqual(
        problems.filter(({ kind }) => kind !== 'exhausted'),
        [],
      )
      assertApart([...after.values()].filter(({ freed }) => !freed).map(({ value }) => value))
      for (const entry of before.values()) {
        if (after.get(entry.key)?.value === entry.value) continue
        assert.equal(entry.state, 'planned')
        const rivals = [...before.values()].filter((other) => other.key !== entry.key && overlaps(prefixOf(other.value), prefixOf(entry.value)))
        assert.ok(rivals.some((rival) => after.get(rival.key)?.value === rival.value))
      }
    }),
  )
})

test('a block that is too small gets a second one beside it, then a third; shrinking gives nothing back', () => {
  const one = build(new Map(), [want('segment users v4', 100), want('segment voice v4', 100)])
  const two = build(one.scope, [want('segment users v4', 200), want('segment voice v4', 100)])
  const [first, second] = two.blocksOf.get('segment users v4')!.map(({ value }) => prefixOf(value))
  assert.equal(first!.base ^ second!.base, 128n, 'the two make one /24')
  const three = build(two.scope, [want('segment users v4', 300), want('segment voice v4', 100)])
  assert.deepEqual(
    three.blocksOf.get('segment users v4')!.map(({ key, value }) => [key, prefixOf(value).length]),
    [
      ['segment users v4', 25],
      ['segment users v4 2', 25],
      ['segment users v4 3', 26],
    ],
  )
  assert.equal(prefixOf(three.blocksOf.get('segment users v4')![2]!.value).base & ~0x1ffn, first!.base & ~0x1ffn, 'the third is in the same /23')
  assert.equal(build(three.scope, [want('segment users v4', 10), want('segment voice v4', 100)]).scope, three.scope)
})

test('a further block lies elsewhere when its place beside the first is taken', () => {
  const { blocksOf } = allocatePrefixes({
    held: [active('a v4', '10.0.0.0/25'), active('b v4', '10.0.0.128/25')],
    wants: [want('a v4', 256), want('b v4', 128)],
    blocks: ['10.0.0.0/23'],
    avoid: [],
  })
  assert.deepEqual(valuesOf(blocksOf), { 'a v4': ['10.0.0.0/25', blocksOf.get('a v4')![1]!.value], 'b v4': ['10.0.0.128/25'] })
  assert.ok(contains(prefixOf('10.0.1.0/24'), prefixOf(blocksOf.get('a v4')![1]!.value)))
})

test('of one size, what grows in place goes before what is new', () => {
  const { blocksOf, problems } = allocatePrefixes({
    held: [active('b v4', '10.0.0.0/26')],
    wants: [want('a v4', 64), want('b v4', 128)],
    blocks: ['10.0.0.0/25'],
    avoid: [],
  })
  assert.deepEqual(valuesOf(blocksOf), { 'a v4': [], 'b v4': ['10.0.0.0/26', '10.0.0.64/26'] })
  assert.deepEqual(
    problems.map(({ kind, key }) => [kind, key]),
    [['exhausted', 'a v4']],
  )
})

test('branches that add different keys to one ledger seldom take the same block', () => {
  const base = build(
    new Map(),
    Array.from({ length: 20 }, (_, i) => want(`segment ${i} v4`, 8)),
  ).scope
  const added = (key: string) =>
    build(
      base,
      [...base.keys(), key].map((key) => want(key, 8)),
    ).scope.get(key)!.value
  const same = Array.from({ length: 400 }, (_, i) => added(`segment left-${i} v4`) === added(`segment right-${i} v4`))
  assert.ok(same.filter(Boolean).length < 20, 'fewer than one in twenty')
})

test('of several prefixes the fullest is used; reservations may cover a prefix, and each other', () => {
  const blocks = ['10.0.0.0/24', '10.9.0.0/24']
  const fuller = allocatePrefixes({ held: [active('a v4', '10.9.0.0/28')], wants: [want('a v4', 16), want('b v4', 16)], blocks, avoid: [] })
  assert.ok(contains(prefixOf('10.9.0.0/24'), prefixOf(fuller.blocksOf.get('b v4')![0]!.value)))
  const covered = allocatePrefixes({ held: [], wants: [want('b v4', 256)], blocks, avoid: ['10.0.0.0/15', '10.0.0.0/16', '10.0.0.0/16'] })
  assert.deepEqual(covered.problems, [])
  assert.deepEqual(valuesOf(covered.blocksOf), { 'b v4': ['10.9.0.0/24'] })
})

test('neighbourhoods are packed, and inside one blocks are spread so that each can grow', () => {
  const wants = Array.from({ length: 64 }, (_, i) => want(`link ${i} v4`, 2))
  const { blocksOf } = allocatePrefixes({ held: [], wants, blocks: ['10.0.0.0/16'], avoid: [] })
  const bases = [...blocksOf.values()].map(([block]) => prefixOf(block!.value).base).sort((a, b) => (a < b ? -1 : 1))
  assert.equal(bases.at(-1)! - bases[0]! < 512n, true, '64 of 256 slots of 2 addresses')
  assert.equal(new Set(bases.map((base) => base >> 3n)).size, 64, 'one in each group of four slots')
})

test('a freed block goes to nobody else, and returns to its own key', () => {
  const pool = ['10.0.0.0/24']
  const one = build(new Map(), [want('a v4', 256)], '2026-05-01', pool)
  const gone = build(one.scope, [], '2026-06-01', pool)
  assert.deepEqual([...gone.scope.values()], [{ ...active('a v4', '10.0.0.0/24'), freed: '2026-06-01' }])
  assert.deepEqual(build(gone.scope, [want('b v4', 8)], '2026-07-01', pool).problems, [
    {
      kind: 'exhausted',
      key: 'b v4',
      need: 8n,
      pool,
      free: 0n,
      largestFree: 0n,
      missing: 8n,
      quarantined: 256n,
      biggest: [
        { key: 'a v4', size: 256n },
        { key: 'b v4', size: 8n },
      ],
    },
  ])
  assert.deepEqual(build(gone.scope, [want('a v4', 8)], '2026-07-01', pool).scope, one.scope)
})

test('exhausted tells a pool that is too small from one in pieces', () => {
  const pieces = [active('a v4', '10.0.0.0/26'), active('b v4', '10.0.0.128/26')]
  const { problems } = allocatePrefixes({ held: pieces, wants: [want('a v4', 64), want('b v4', 64), want('c v4', 100)], blocks: ['10.0.0.0/24'], avoid: [] })
  assert.deepEqual(problems, [
    {
      kind: 'exhausted',
      key: 'c v4',
      need: 128n,
      pool: ['10.0.0.0/24'],
      free: 128n,
      largestFree: 64n,
      missing: 0n,
      quarantined: 0n,
      biggest: [
        { key: 'c v4', size: 128n },
        { key: 'a v4', size: 64n },
        { key: 'b v4', size: 64n },
      ],
    },
  ])
})

test('a pinned prefix is taken as it is: planned ones move, active ones clash, its own former blocks give way', () => {
  const pin = want('dc v4', 256, { pinned: '10.0.1.0/24' })
  const moved = allocatePrefixes({
    held: [planned('a v4', '10.0.1.128/25')],
    wants: [pin, want('a v4', 128)].map((w) => ({ ...w, state: 'planned' })),
    blocks: POOL,
    avoid: [],
  })
  assert.deepEqual(moved.problems, [])
  assert.deepEqual(valuesOf(moved.blocksOf)['dc v4'], ['10.0.1.0/24'])
  assertApart(Object.values(valuesOf(moved.blocksOf)).flat())

  const clash = allocatePrefixes({ held: [active('a v4', '10.0.1.128/25')], wants: [pin, want('a v4', 128)], blocks: POOL, avoid: [] })
  assert.deepEqual(clash.problems, [{ kind: 'clash', key: 'a v4', value: '10.0.1.128/25', other: { key: 'dc v4', value: '10.0.1.0/24' } }])

  const grown = [active('dc v4', '10.0.1.0/25'), active('dc v4 2', '10.0.1.128/25'), active('dc v4 3', '10.0.7.0/26')]
  const joined = allocatePrefixes({ held: grown, wants: [pin], blocks: POOL, avoid: [] })
  assert.deepEqual(joined.problems, [])
  assert.deepEqual(joined.blocksOf.get('dc v4'), [
    { key: 'dc v4', value: '10.0.1.0/24' },
    { key: 'dc v4 3', value: '10.0.7.0/26' },
  ])
})

test('two keys with one place: active before planned, else the smaller key; two active ones clash', () => {
  const claim = (a: Entry, b: Entry) =>
    allocatePrefixes({ held: [a, b], wants: [a, b].map(({ key, state }) => want(key, 64, { state })), blocks: ['10.0.0.0/24'], avoid: [] })
  assert.deepEqual(valuesOf(claim(planned('a v4', '10.0.0.0/26'), active('b v4', '10.0.0.0/26')).blocksOf)['b v4'], ['10.0.0.0/26'])
  const equal = valuesOf(claim(planned('b v4', '10.0.0.0/25'), planned('a v4', '10.0.0.64/26')).blocksOf)
  assert.deepEqual(equal['a v4'], ['10.0.0.64/26'])
  assert.ok(!overlaps(prefixOf(equal['b v4']![0]!), prefixOf('10.0.0.64/26')))
  const returning = claim({ ...active('a v4', '10.0.0.0/26'), freed: '2026-05-01' }, planned('b v4', '10.0.0.0/26'))
  assert.deepEqual(valuesOf(returning.blocksOf)['b v4'], ['10.0.0.0/26'], 'who comes back after its place was given away moves')
  assert.deepEqual(returning.problems, [])
  const both = claim(active('a v4', '10.0.0.0/26'), active('b v4', '10.0.0.0/26'))
  assert.deepEqual(both.problems, [{ kind: 'clash', key: 'b v4', value: '10.0.0.0/26', other: { key: 'a v4', value: '10.0.0.0/26' } }])
})

test('a held block outside the pool stays, unless what is reserved now covers it', () => {
  const outside = (entry: Entry, avoid: string[]) =>
    allocatePrefixes({ held: [entry], wants: [want('a v4', 256, { state: entry.state })], blocks: ['10.0.0.0/22'], avoid })
  assert.deepEqual(valuesOf(outside(active('a v4', '192.168.4.0/24'), []).blocksOf), { 'a v4': ['192.168.4.0/24'] })
  assert.deepEqual(outside(active('a v4', '192.168.4.0/24'), ['192.168.0.0/16']).problems, [
    { kind: 'clash', key: 'a v4', value: '192.168.4.0/24', other: { value: '192.168.0.0/16' } },
  ])
  const inside = allocatePrefixes({ held: [active('a v4', '10.0.0.0/26')], wants: [want('a v4', 128)], blocks: ['10.0.0.0/22'], avoid: ['10.0.0.0/24'] })
  assert.equal(inside.problems.length, 1)
  assert.ok(!contains(prefixOf('10.0.0.0/24'), prefixOf(inside.blocksOf.get('a v4')![1]!.value)), 'nor does it grow there')
  const moved = outside(planned('a v4', '192.168.4.0/24'), ['192.168.0.0/16'])
  assert.deepEqual(moved.problems, [])
  assert.ok(contains(prefixOf('10.0.0.0/22'), prefixOf(moved.blocksOf.get('a v4')![0]!.value)))
})

test('IPv6 is allocated alike', () => {
  const wants = Array.from({ length: 60 }, (_, i) => want(`link ${i} v6`, 2)).concat(Array.from({ length: 40 }, (_, i) => want(`segment ${i} v6`, 1n << 64n)))
  const { blocksOf, problems } = allocatePrefixes({ held: [], wants, blocks: ['2001:db8:7::/48'], avoid: ['2001:db8:7::/52'] })
  assert.deepEqual(problems, [])
  const values = [...blocksOf.values()].flat().map(({ value }) => value)
  assertApart(['2001:db8:7::/52', ...values])
  assert.ok(values.every((value) => contains(prefixOf('2001:db8:7::/48'), prefixOf(value))))
})

test('a value that is no prefix is told, not thrown', () => {
  const { problems } = allocatePrefixes({ held: [active('a v4', '10.0.0.1/24')], wants: [want('a v4', 4)], blocks: POOL, avoid: [] })
  assert.deepEqual(problems, [{ kind: 'unreadable', key: 'a v4', value: '10.0.0.1/24' }])
})
