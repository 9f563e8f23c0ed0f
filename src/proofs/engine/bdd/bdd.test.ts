/** Sets of packets as decision diagrams: against all points of a tiny space one by one, and for packets of both families against boxes and the plain reading of rules. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Box, boxOf, intervalOf, lowest, type Point, pointOf } from '../boxes/boxes.ts'
import { type BoxRule, decide, permitted } from '../boxes/rules.ts'
import { type Space, spaceOf } from '../boxes/space.ts'
import { PACKETS } from '../packet.ts'
import {
  and,
  anyPoint,
  assign,
  bddOf,
  boxesNode,
  boxNode,
  count,
  diff,
  exists,
  holdsPoint,
  interval,
  isTooLarge,
  ite,
  type Node,
  nodes,
  not,
  or,
  rulesNode,
} from './bdd.ts'

// ---- A tiny space, whose points are few enough to ask for each.

const TINY = spaceOf([
  { name: 'a', bits: 3 },
  { name: 'b', bits: 2 },
  { name: 'c', bits: 3 },
])
type Field = 'a' | 'b' | 'c'
type Values = Readonly<Record<Field, number>>
type Ranges = Readonly<Record<Field, readonly [number, number]>>

const TOPS: Values = { a: 7, b: 3, c: 7 }
const upTo = (top: number) => Array.from({ length: top + 1 }, (_, value) => value)
const ALL: readonly Values[] = upTo(TOPS.a).flatMap((a) => upTo(TOPS.b).flatMap((b) => upTo(TOPS.c).map((c) => ({ a, b, c }))))
const point = (values: Values) => pointOf(TINY, { ...values })
const field = fc.constantFrom<Field>('a', 'b', 'c')
const fields = fc.subarray<Field>(['a', 'b', 'c'])
const order = fc.shuffledSubarray<Field>(['a', 'b', 'c'])

const range = (top: number) => fc.tuple(fc.nat(top), fc.nat(top)).map(([x, y]): readonly [number, number] => [Math.min(x, y), Math.max(x, y)])
const ranges: fc.Arbitrary<Ranges> = fc.record({ a: range(TOPS.a), b: range(TOPS.b), c: range(TOPS.c) })

/** Rules, as text would have them. */
interface Rule {
  readonly ranges: Ranges
  readonly accept: boolean
}
const rules: fc.Arbitrary<readonly Rule[]> = fc.array(fc.record({ ranges, accept: fc.boolean() }), { maxLength: 8 })

const inside = ({ a, b, c }: Ranges, at: Values) => a[0] <= at.a && at.a <= a[1] && b[0] <= at.b && at.b <= b[1] && c[0] <= at.c && at.c <= c[1]
const accepts = (list: readonly Rule[], at: Values) => list.find((rule) => inside(rule.ranges, at))?.accept ?? false
const tinyBox = (ranges: Ranges) => boxOf(TINY, { ...ranges })
const boxRules = (list: readonly Rule[]): BoxRule[] => list.map(({ ranges, accept }) => ({ box: tinyBox(ranges), accept }))

test('a list of rules, an operation on two and what is known of a set agree with every point', () => {
  fc.assert(
    fc.property(rules, rules, rules, order, (one, two, three, order) => {
      const bdd = bddOf(TINY, order)
      const [f, g, h] = [rulesNode(bdd, boxRules(one), false), rulesNode(bdd, boxRules(two), false), rulesNode(bdd, boxRules(three), false)]
      const sets: readonly (readonly [Node, (at: Values) => boolean])[] = [
        [f, (at) => accepts(one, at)],
        [rulesNode(bdd, boxRules(one), true), (at) => one.find((rule) => inside(rule.ranges, at))?.accept ?? true],
        [
          boxesNode(
            bdd,
            one.map(({ ranges }) => tinyBox(ranges)),
          ),
          (at) => one.some(({ ranges }) => inside(ranges, at)),
        ],
        [and(bdd, f, g), (at) => accepts(one, at) && accepts(two, at)],
        [or(bdd, f, g), (at) => accepts(one, at) || accepts(two, at)],
        [diff(bdd, f, g), (at) => accepts(one, at) && !accepts(two, at)],
        [not(bdd, f), (at) => !accepts(one, at)],
        [ite(bdd, f, g, h), (at) => (accepts(one, at) ? accepts(two, at) : accepts(three, at))],
      ]
      for (const [node, expected] of sets) {
        const members = ALL.filter(expected)
        assert.deepEqual(
          ALL.filter((at) => holdsPoint(bdd, node, point(at))),
          members,
        )
        assert.equal(count(bdd, node), BigInt(members.length))
        const witness = anyPoint(bdd, node)
        assert.equal(witness !== undefined, members.length > 0)
        if (witness) assert.ok(members.some((at) => point(at).every((word, index) => word === witness[index])))
      }
    }),
  )
})

test('equal sets are one node, however they were made', () => {
  fc.assert(
    fc.property(rules, rules, rules, order, (one, two, three, order) => {
      const bdd = bddOf(TINY, order)
      const [f, g, h] = [rulesNode(bdd, boxRules(one), false), rulesNode(bdd, boxRules(two), false), rulesNode(bdd, boxRules(three), false)]
      assert.equal(
        f === g,
        ALL.every((at) => accepts(one, at) === accepts(two, at)),
      )
      assert.equal(not(bdd, not(bdd, f)), f)
      assert.equal(not(bdd, and(bdd, f, g)), or(bdd, not(bdd, f), not(bdd, g)))
      assert.equal(and(bdd, f, or(bdd, g, h)), or(bdd, and(bdd, g, f), and(bdd, h, f)))
      assert.equal(or(bdd, f, and(bdd, f, g)), f)
      assert.equal(diff(bdd, f, g), and(bdd, not(bdd, g), f))
      assert.equal(ite(bdd, f, g, h), or(bdd, and(bdd, f, g), diff(bdd, h, f)))
      assert.equal(or(bdd, f, not(bdd, f)), boxNode(bdd, boxOf(TINY, {})))
    }),
  )
})

test('an interval takes at most two nodes for each bit', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }), fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }), (x, y) => {
      const [first, last] = x < y ? [x, y] : [y, x]
      const bdd = bddOf(PACKETS[6])
      const before = nodes(bdd)
      const node = interval(bdd, 'destination', first, last)
      assert.ok(nodes(bdd) - before <= 2 * 128)
      assert.equal(count(bdd, node), (last - first + 1n) << BigInt(128 + 8 + 16 + 16 + 8))
      assert.deepEqual(anyPoint(bdd, node), lowest(PACKETS[6], boxOf(PACKETS[6], { destination: [first, last] })))
    }),
  )
})

test('a quantified field matters no more, and an assigned one has its value', () => {
  fc.assert(
    fc.property(rules, fields, field, order, fc.nat(3), (list, away, set, order, value) => {
      const bdd = bddOf(TINY, order)
      const f = rulesNode(bdd, boxRules(list), false)
      const image = (node: Node, expected: (at: Values) => boolean) =>
        assert.deepEqual(
          ALL.filter((at) => holdsPoint(bdd, node, point(at))),
          ALL.filter(expected),
        )
      const alike = (at: Values, other: Values, but: readonly Field[]) =>
        (['a', 'b', 'c'] as const).every((name) => but.includes(name) || at[name] === other[name])
      const members = ALL.filter((at) => accepts(list, at))
      image(exists(bdd, f, away), (at) => members.some((other) => alike(at, other, away)))
      image(assign(bdd, f, set, BigInt(value)), (at) => at[set] === value && members.some((other) => alike(at, other, [set])))
      // All at once, or one after the other, in whatever order they are named.
      assert.equal(
        away.reduce((node, name) => exists(bdd, node, [name]), f),
        exists(bdd, f, [...away].reverse()),
      )
    }),
  )
})

test('a field that is not there is refused', () => {
  assert.throws(() => exists(bddOf(TINY), 1, ['d']), /no field d/)
})

// ---- Packets of both families: few addresses and ports, so that rules overlap, nest and touch.

const STARTS = [0n, 0x0a000000n, 0x0a010000n, 0xc0a80100n, 0xffffff00n]
const PORTS = [0, 22, 53, 80, 443, 1023, 1024, 49152, 65535]

const address = (bits: number) =>
  fc
    .record({ start: fc.constantFrom(...STARTS), rest: fc.bigInt({ min: 0n, max: (1n << BigInt(bits - 24)) - 1n }), width: fc.nat(bits) })
    .map(({ start, rest, width }): readonly [bigint, bigint] => {
      const value = (start << BigInt(bits - 32)) | rest
      const hosts = (1n << BigInt(width)) - 1n
      return [value & ~hosts, value | hosts]
    })
const ports = fc.tuple(fc.constantFrom(...PORTS), fc.constantFrom(...PORTS)).map(([x, y]): readonly [number, number] => [Math.min(x, y), Math.max(x, y)])
const one = (...values: number[]) => fc.constantFrom(...values).map((value): readonly [number, number] => [value, value])

const packetRule = (space: Space): fc.Arbitrary<BoxRule> => {
  const bits = space.fields[0]!.bits
  const match = fc.record(
    { source: address(bits), destination: address(bits), protocol: one(1, 6, 17, 58), sourcePort: ports, destinationPort: ports, icmpType: one(0, 8, 128) },
    { requiredKeys: [] },
  )
  return fc.record({ box: match.map((match) => boxOf(space, match)), accept: fc.boolean() })
}

/** A packet whose fields are each at an end of the rule's interval, or right beside it. */
function corner(space: Space, box: Box, picks: readonly number[]): Point {
  return pointOf(
    space,
    Object.fromEntries(
      space.fields.map(({ name, bits }, index) => {
        const [first, last] = intervalOf(space, box, name)
        const value = [first, last, first - 1n, last + 1n][picks[index]!]!
        return [name, BigInt.asUintN(bits, value)]
      }),
    ),
  )
}

for (const family of [4, 6] as const) {
  test(`boxes, diagrams and the plain reading of the rules come to one answer, IPv${family}`, () => {
    const space = PACKETS[family]
    const fieldValues = fc.record(Object.fromEntries(space.fields.map(({ name, bits }) => [name, fc.bigInt({ min: 0n, max: (1n << BigInt(bits)) - 1n })])))
    const corners = fc.array(fc.tuple(fc.nat(), fc.tuple(...space.fields.map(() => fc.constantFrom(0, 0, 1, 1, 2, 3)))), { minLength: 20, maxLength: 20 })
    fc.assert(
      fc.property(
        fc.array(packetRule(space), { minLength: 1, maxLength: 10 }),
        fc.boolean(),
        fc.array(fieldValues, { minLength: 5, maxLength: 5 }),
        corners,
        (rules, otherwise, anywhere, corners) => {
          const bdd = bddOf(space)
          const node = rulesNode(bdd, rules, otherwise)
          const boxes = permitted(space, rules, otherwise, Number.POSITIVE_INFINITY)
          assert.ok(boxes)
          assert.equal(boxesNode(bdd, boxes), node)
          const witnesses = [anyPoint(bdd, node), anyPoint(bdd, not(bdd, node))].filter((found) => found !== undefined)
          const packets = [
            ...anywhere.map((values) => pointOf(space, values)),
            ...corners.map(([rule, picks]) => corner(space, rules[rule % rules.length]!.box, picks)),
            ...witnesses,
          ]
          for (const packet of packets) assert.equal(holdsPoint(bdd, node, packet), decide(space, rules, otherwise, packet).accept)
        },
      ),
    )
  })
}

// ---- Many nodes.

/** Points of the two addresses whose lowest bits are equal: about 2^bits nodes, since one address is asked for before the other. */
function sameEnd(space: Space, bits: number): BoxRule[] {
  return Array.from({ length: 1 << bits }, (_, end) => ({ box: boxOf(space, { source: [end, end], destination: [end, end] }), accept: true }))
}

test('a diagram that has grown still finds the nodes that it has', () => {
  const bdd = bddOf(PACKETS[4])
  const rules = sameEnd(PACKETS[4], 10)
  const node = rulesNode(bdd, rules, false)
  const grown = nodes(bdd)
  assert.ok(grown > 20_000)
  assert.equal(rulesNode(bdd, [...rules].reverse(), false), node)
  assert.equal(count(bdd, node), BigInt(rules.length) << BigInt(8 + 16 + 16 + 8))
  const known = nodes(bdd)
  assert.equal(rulesNode(bdd, rules, false), node)
  assert.equal(nodes(bdd), known)
})

test('an operation that would take too many nodes says so, and what was there before is still right', () => {
  const bdd = bddOf(PACKETS[4], undefined, { mostNodes: 1000 })
  const node = interval(bdd, 'source', 5n, 9n)
  assert.throws(() => rulesNode(bdd, sameEnd(PACKETS[4], 10), false), isTooLarge)
  assert.equal(nodes(bdd), 1000)
  assert.equal(interval(bdd, 'source', 5n, 9n), node)
  assert.ok(!isTooLarge(new Error('something else')))
})
