import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { type Boxes, boxOf, everything, holds, type Point, pointOf } from './boxes.ts'
import { type BoxRule, type Dead, deadRules, decide, editRegion, firstDifference, permitted } from './rules.ts'
import { type Space, spaceOf } from './space.ts'
import { LARGE, nearby, PACKETS, SMALL, someBox } from './universe.test.ts'

const someRule = (space: Space): fc.Arbitrary<BoxRule> => fc.record({ box: someBox(space), accept: fc.boolean() })
const someRules = (space: Space) => fc.array(someRule(space), { maxLength: 40 })
const accepts = (space: Space, rules: readonly BoxRule[], otherwise: boolean, point: Point) => decide(space, rules, otherwise, point).accept
const held = (space: Space, { boxes }: { readonly boxes: Boxes }, point: Point) => boxes.filter((box) => holds(space, box, point)).length
const edited = (rules: readonly BoxRule[], index: number, replacement: BoxRule | undefined) => rules.toSpliced(index, 1, ...(replacement ? [replacement] : []))

test('the first rule that matches decides', () => {
  const at = (a: number) => boxOf(SMALL, { a: [a, a] })
  const rules = [
    { box: at(1), accept: true },
    { box: everything(SMALL), accept: false },
    { box: at(2), accept: true },
  ]
  assert.deepEqual(decide(SMALL, rules, true, pointOf(SMALL, { a: 1 })), { accept: true, rule: 0 })
  assert.deepEqual(decide(SMALL, rules, true, pointOf(SMALL, { a: 2 })), { accept: false, rule: 1 })
  assert.deepEqual(decide(SMALL, rules.slice(0, 1), true, pointOf(SMALL, { a: 2 })), { accept: true, rule: undefined })
})

describe('permitted', () => {
  test('is what is accepted, each packet once', () => {
    fc.assert(
      fc.property(someRules(SMALL), fc.boolean(), (rules, otherwise) => {
        const boxes = permitted(SMALL, rules, otherwise)!
        for (const point of PACKETS) assert.equal(held(SMALL, { boxes }, point), Number(accepts(SMALL, rules, otherwise, point)))
      }),
    )
  })

  test('is nothing beyond the cap', () => {
    const space = spaceOf([{ name: 'x', bits: 128 }])
    const rules = Array.from({ length: 9 }, (_, x) => ({ box: boxOf(space, { x: [2 * x + 1, 2 * x + 1] }), accept: false }))
    assert.equal(permitted(space, rules, true, 10)?.length, 10)
    assert.equal(permitted(space, rules, true, 9), undefined)
  })
})

describe('dead rules', () => {
  test('are the shadowed ones, with what shadows them, and no rule too many', () => {
    fc.assert(
      fc.property(someRules(SMALL), (rules) => {
        const shadowed = deadRules(SMALL, rules).filter((dead): dead is Dead => dead.kind === 'shadowed')
        const seen = new Set(PACKETS.map((point) => decide(SMALL, rules, true, point).rule))
        assert.deepEqual(
          shadowed.map(({ rule }) => rule),
          rules.map((_, index) => index).filter((index) => !seen.has(index)),
        )
        for (const { rule, by } of shadowed) {
          const covers = (rows: readonly number[]) =>
            PACKETS.every((point) => !holds(SMALL, rules[rule]!.box, point) || rows.some((row) => holds(SMALL, rules[row]!.box, point)))
          assert.ok(by.every((row) => row < rule) && covers(by))
          for (const one of by) assert.ok(!covers(by.filter((row) => row !== one)), `${one} is not needed`)
        }
      }),
      { numRuns: 300 },
    )
  })

  test('are the redundant ones, by rules that stay; all may go at once, and no other rule then', () => {
    fc.assert(
      fc.property(someRules(SMALL), (rules) => {
        const dead = deadRules(SMALL, rules) as readonly Dead[]
        const gone = new Set(dead.map(({ rule }) => rule))
        const left = rules.filter((_, index) => !gone.has(index))
        // With either answer where no rule matches: as if it were a third one.
        for (const otherwise of [true, false])
          for (const point of PACKETS) assert.equal(accepts(SMALL, left, otherwise, point), accepts(SMALL, rules, otherwise, point))
        for (const [index] of left.entries()) {
          const fewer = edited(left, index, undefined)
          assert.ok(
            PACKETS.some((point) => [true, false].some((otherwise) => accepts(SMALL, fewer, otherwise, point) !== accepts(SMALL, left, otherwise, point))),
          )
        }
        for (const { rule, by, kind } of dead) {
          if (kind === 'shadowed') continue
          assert.ok(by.every((row) => row > rule && !gone.has(row) && rules[row]!.accept === rules[rule]!.accept))
          const decided = PACKETS.filter((point) => decide(SMALL, rules, true, point).rule === rule)
          const covers = (rows: readonly number[]) => decided.every((point) => rows.some((row) => holds(SMALL, rules[row]!.box, point)))
          assert.ok(covers(by))
        }
      }),
      { numRuns: 300 },
    )
  })

  test('two halves shadow a whole, across the words of an IPv6 address', () => {
    const half = 1n << 96n
    const rules = [
      { box: boxOf(LARGE, { wide: [0n, half - 1n] }), accept: true },
      { box: boxOf(LARGE, { wide: [5n, 6n] }), accept: false },
      { box: boxOf(LARGE, { wide: [half, 2n * half] }), accept: false },
      { box: boxOf(LARGE, { wide: [1n, 2n * half] }), accept: true },
      { box: boxOf(LARGE, { wide: [1n, 2n * half + 1n] }), accept: true },
    ]
    assert.deepEqual(deadRules(LARGE, rules), [
      { rule: 1, by: [0], kind: 'shadowed' },
      { rule: 3, by: [0, 2], kind: 'shadowed' },
    ])
  })

  test('a rule that a later one repeats is redundant, but not when another one comes between', () => {
    const rule = (a: number, b: number, accept: boolean) => ({ box: boxOf(SMALL, { a: [a, b] }), accept })
    assert.deepEqual(deadRules(SMALL, [rule(2, 3, true), rule(1, 5, true)]), [{ rule: 0, by: [1], kind: 'redundant' }])
    assert.deepEqual(
      deadRules(SMALL, [rule(2, 3, true), rule(3, 3, false), rule(1, 5, true)]),
      [
        { rule: 1, by: [0], kind: 'shadowed' },
        { rule: 0, by: [2], kind: 'redundant' },
      ].reverse(),
    )
    assert.deepEqual(deadRules(SMALL, [rule(2, 3, true), rule(3, 4, false), rule(1, 5, true)]), [])
  })
})

describe('an edit', () => {
  test('changes exactly the packets of its region, each in one box', () => {
    fc.assert(
      fc.property(
        fc.array(someRule(SMALL), { minLength: 1, maxLength: 10 }),
        fc.nat(),
        fc.option(someRule(SMALL), { nil: undefined }),
        fc.boolean(),
        (rules, at, replacement, otherwise) => {
          const index = at % rules.length
          const after = edited(rules, index, replacement)
          const region = editRegion(SMALL, rules, index, replacement, otherwise)
          const changed = (point: Point) => accepts(SMALL, rules, otherwise, point) !== accepts(SMALL, after, otherwise, point)
          for (const point of PACKETS) assert.equal(held(SMALL, region, point), Number(changed(point)))
          assert.equal(region.whole, true)
          assert.equal(region.witness !== undefined, PACKETS.some(changed))
          if (region.witness) assert.ok(changed(region.witness))
        },
      ),
      { numRuns: 500 },
    )
  })

  test('of a rule with fields of many words', () => {
    fc.assert(
      fc.property(
        fc.array(someRule(LARGE), { minLength: 1, maxLength: 6 }),
        fc.nat(),
        fc.option(someRule(LARGE), { nil: undefined }),
        fc.boolean(),
        (rules, at, replacement, otherwise) => {
          const index = at % rules.length
          const after = edited(rules, index, replacement)
          const region = editRegion(LARGE, rules, index, replacement, otherwise)
          const points = nearby(
            LARGE,
            [...rules, ...after].map(({ box }) => box),
          )
          for (const point of points) {
            assert.equal(held(LARGE, region, point), Number(accepts(LARGE, rules, otherwise, point) !== accepts(LARGE, after, otherwise, point)))
          }
        },
      ),
      { numRuns: 50 },
    )
  })

  test('tells when there was more than the cap', () => {
    const space = spaceOf([{ name: 'x', bits: 8 }])
    const rules = [1, 3, 5].map((x) => ({ box: boxOf(space, { x: [x, x] }), accept: false }))
    const all = { box: everything(space), accept: true }
    const capped = editRegion(space, [...rules, all], 3, undefined, false, 3)
    assert.deepEqual([capped.boxes.length, capped.whole], [3, false])
    const whole = editRegion(space, [...rules, all], 3, undefined, false, 4)
    assert.deepEqual([whole.boxes.length, whole.whole], [4, true])
    assert.throws(() => editRegion(space, rules, 3, undefined, false), /no rule 3 of 3/)
  })

  test('of a list that grew since it was looked at', () => {
    const rules = [{ box: boxOf(SMALL, { a: [0, 3] }), accept: true }]
    assert.equal(editRegion(SMALL, rules, 0, undefined, false).boxes.length, 1)
    rules.push({ box: everything(SMALL), accept: true })
    assert.equal(editRegion(SMALL, rules, 0, undefined, false).boxes.length, 0)
  })
})

describe('two lists', () => {
  test('differ where a packet is found, and nowhere when none is', () => {
    fc.assert(
      fc.property(someRules(SMALL), someRules(SMALL), fc.nat(12), fc.boolean(), (a, other, from, otherwise) => {
        const b = [...a.slice(0, from), ...other.slice(0, 2), ...a.slice(from + 1)]
        for (const [one, two] of [
          [a, b],
          [b, a],
          [a, other],
        ] as const) {
          const found = firstDifference(SMALL, one, two, otherwise)
          const differs = (point: Point) => accepts(SMALL, one, otherwise, point) !== accepts(SMALL, two, otherwise, point)
          if (found === undefined) assert.ok(!PACKETS.some(differs))
          else assert.ok(found !== 'unknown' && differs(found))
        }
      }),
      { numRuns: 300 },
    )
  })

  test('that say the same in other words do not differ', () => {
    fc.assert(
      fc.property(someRules(LARGE), fc.boolean(), (rules, otherwise) => {
        const boxes = permitted(LARGE, rules, otherwise)
        if (!boxes) return
        const rewritten = boxes.map((box) => ({ box, accept: true }))
        assert.equal(firstDifference(LARGE, [...rules, { box: everything(LARGE), accept: otherwise }], rewritten, false), undefined)
      }),
      { numRuns: 50 },
    )
  })
})
