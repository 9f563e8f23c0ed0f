/**
 * Filters compared by z3, a solver that shares nothing with the engine of proofs: both lists of rules as formulas over bit vectors, and whether they can differ. What boxes
 * and diagrams say of the same two lists must be what z3 says, and z3's packet must be a difference to whoever reads the rules one by one.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { init, killThreads, type Z3_config, Z3_error_code, Z3_lbool } from 'z3-solver'
import type { Family } from '#base/ip.ts'
import { bddOf, rulesNode } from '#proofs/engine/bdd/bdd.ts'
import { boxOf, type Point, pointOf } from '#proofs/engine/boxes/boxes.ts'
import { type BoxRule, decide, firstDifference } from '#proofs/engine/boxes/rules.ts'
import type { Space } from '#proofs/engine/boxes/space.ts'
import { PACKETS, PROTOCOLS } from '#proofs/engine/packet.ts'

let api: Awaited<ReturnType<typeof init>>
let config: Z3_config

before(async () => {
  api = await init()
  config = api.Z3.mk_config()
})

// Its threads would keep the process alive. What they have sent is received first: z3 complains of messages from threads that are no more.
after(async () => {
  await setImmediate()
  await killThreads(api.em)
})

type Ranges = Readonly<Record<string, readonly [bigint, bigint]>>

/** A rule as it is drawn: what the engine gets and what z3 gets are each made of this. */
interface Rule {
  readonly ranges: Ranges
  readonly accept: boolean
}

// ---- Random filters, as a company's are: hosts and networks of some sites, well-known ports and ranges, some wide rules.

/** Random whole numbers below a bound: a linear congruential generator (Numerical Recipes), the same in each run. */
function dice(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const SITES = 40
const PORTS = [22n, 53n, 80n, 443n, 3306n, 5432n, 8080n]
const WIDE_PORTS: readonly (readonly [bigint, bigint])[] = [
  [0n, 65535n],
  [1024n, 65535n],
  [49152n, 65535n],
  [8000n, 8999n],
]
const one = (value: number): readonly [bigint, bigint] => [BigInt(value), BigInt(value)]

function randomRule(family: Family, roll: (below: number) => number): Rule {
  const bits = PACKETS[family].fields[0]!.bits
  const pick = <T>(of: readonly T[]): T => of[roll(of.length)]!
  const address = (): readonly [bigint, bigint] => {
    // The site, a network of it and a host there; the prefix is that of one of the three, or between.
    const value = (BigInt(0x0a00 + roll(SITES)) << BigInt(bits - 16)) | (BigInt(roll(8)) << BigInt(bits - 24)) | BigInt(roll(256))
    const hosts = (1n << BigInt(pick([0, 0, 0, bits - 24, bits - 24, bits - 23, bits - 16, 4]))) - 1n
    return [value & ~hosts, value | hosts]
  }
  const ranges: Record<string, readonly [bigint, bigint]> = {}
  if (roll(10) > 0) ranges.source = address()
  if (roll(10) > 0) ranges.destination = address()
  const protocol = pick([PROTOCOLS.tcp, PROTOCOLS.tcp, PROTOCOLS.udp, family === 4 ? PROTOCOLS.icmp : PROTOCOLS.icmpv6])
  ranges.protocol = one(protocol)
  if (protocol === PROTOCOLS.tcp || protocol === PROTOCOLS.udp) {
    const port = pick(PORTS)
    ranges.destinationPort = roll(4) > 0 ? [port, port] : pick(WIDE_PORTS)
    if (roll(4) === 0) ranges.sourcePort = [1024n, 65535n]
  } else if (roll(2) === 0) ranges.icmpType = one(pick([0, 8, 128, 129]))
  return { ranges, accept: roll(3) > 0 }
}

const apart = (a: Ranges, b: Ranges) =>
  Object.entries(a).some(([field, [first, last]]) => b[field] !== undefined && (last < b[field][0] || b[field][1] < first))

/** The same rules in another order that means the same: neighbours change places where they say the same or have no packet in common. */
function reordered(rules: readonly Rule[], roll: (below: number) => number): Rule[] {
  const out = [...rules]
  for (let step = 0; step < 20 * out.length; step++) {
    const at = roll(out.length - 1)
    const [first, second] = [out[at]!, out[at + 1]!]
    if (first.accept === second.accept || apart(first.ranges, second.ranges)) [out[at], out[at + 1]] = [second, first]
  }
  return out
}

/** The rules with one of them changed: its verdict, or one of its intervals, by one value at its end or to another. */
function edited(family: Family, rules: readonly Rule[], roll: (below: number) => number): Rule[] {
  // Rather an early one: late rules of long lists are often hidden by others, and then no edit of them shows.
  const at = roll(1 + roll(rules.length))
  const rule = rules[at]!
  const changed = (): Rule => {
    if (roll(3) === 0) return { ...rule, accept: !rule.accept }
    const fields = Object.keys(rule.ranges)
    const field = fields[roll(fields.length)]!
    const [first, last] = rule.ranges[field]!
    if (first < last) return { ...rule, ranges: { ...rule.ranges, [field]: [first, last - 1n] } }
    return { ...rule, ranges: { ...rule.ranges, ...randomRule(family, roll).ranges } }
  }
  return rules.with(at, changed())
}

// ---- What z3 says.

/** The list as a term of SMT-LIB: the rules one by one, each with the rest of the list as what else there is. */
function formula(space: Space, rules: readonly Rule[]): string {
  const bounds = ({ ranges }: Rule): string => {
    const parts = space.fields.flatMap(({ name, bits }) => {
      const range = ranges[name]
      return range ? [`(bvuge ${name} (_ bv${range[0]} ${bits}))`, `(bvule ${name} (_ bv${range[1]} ${bits}))`] : []
    })
    return parts.length > 0 ? `(and ${parts.join(' ')})` : 'true'
  }
  return `${rules.map((rule) => `(ite ${bounds(rule)} ${rule.accept} `).join('')}false${')'.repeat(rules.length)}`
}

/**
 * A packet that one list accepts and the other does not; undefined when there is none. By z3's plain functions: objects of its friendlier API are released by the collector
 * of garbage, maybe while the thread of z3 is at work, and then z3 fails. For the same reason the text is given to the one function that reads it before it returns.
 */
async function solve(space: Space, a: readonly Rule[], b: readonly Rule[]): Promise<Point | undefined> {
  const { Z3 } = api
  const context = Z3.mk_context(config)
  try {
    const solver = Z3.mk_solver(context)
    Z3.solver_inc_ref(context, solver)
    const constants = space.fields.map(({ name, bits }) => `(declare-const ${name} (_ BitVec ${bits}))`)
    Z3.solver_from_string(context, solver, `${constants.join('')}(assert (distinct ${formula(space, a)} ${formula(space, b)}))`)
    assert.equal(Z3.get_error_code(context), Z3_error_code.Z3_OK)
    const answer = await Z3.solver_check(context, solver)
    if (answer === Z3_lbool.Z3_L_FALSE) return undefined
    assert.equal(answer, Z3_lbool.Z3_L_TRUE)
    // A line for each field that matters, with its value in hexadecimal or binary digits.
    const model = Z3.model_to_string(context, Z3.solver_get_model(context, solver))
    return pointOf(space, Object.fromEntries([...model.matchAll(/^(\w+) -> #([xb]\w+)$/gm)].map(([, name, digits]) => [name!, BigInt(`0${digits}`)])))
  } finally {
    Z3.del_context(context)
  }
}

// ---- The comparison.

const boxRules = (space: Space, rules: readonly Rule[]): BoxRule[] => rules.map(({ ranges, accept }) => ({ box: boxOf(space, ranges), accept }))

/** Whether the lists differ, as z3, boxes and diagrams all say; the packets that they name differ indeed. */
async function differ(space: Space, a: readonly Rule[], b: readonly Rule[]): Promise<boolean> {
  const [left, right] = [boxRules(space, a), boxRules(space, b)]
  const isDifference = (point: Point) => decide(space, left, false, point).accept !== decide(space, right, false, point).accept
  const witness = await solve(space, a, b)
  if (witness) assert.ok(isDifference(witness), 'the packet of z3')
  const first = firstDifference(space, left, right, false)
  assert.notEqual(first, 'unknown')
  assert.equal(first !== undefined, witness !== undefined, 'boxes against z3')
  if (first && first !== 'unknown') assert.ok(isDifference(first), 'the packet of boxes')
  const bdd = bddOf(space)
  assert.equal(rulesNode(bdd, left, false) !== rulesNode(bdd, right, false), witness !== undefined, 'diagrams against z3')
  return witness !== undefined
}

/** Sizes of filters, and how many of each size: of short lists many, since they are quick and rules at their ends matter more. */
const SIZES: readonly (readonly [family: Family, rules: number, filters: number])[] = [
  [4, 10, 12],
  [4, 100, 4],
  [4, 1000, 1],
  [6, 10, 12],
  [6, 100, 3],
  [6, 1000, 1],
]

for (const [family, size, filters] of SIZES) {
  test(`z3 agrees on filters of ${size} rules, IPv${family}`, async () => {
    const space = PACKETS[family]
    const roll = dice(size + family)
    let found = 0
    for (let filter = 0; filter < filters; filter++) {
      const rules = Array.from({ length: size }, () => randomRule(family, roll))
      assert.equal(await differ(space, rules, reordered(rules, roll)), false)
      if (await differ(space, rules, edited(family, rules, roll))) found++
    }
    assert.ok(found > 0, 'no edit made a difference')
  })
}
