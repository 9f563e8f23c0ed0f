/** How fast boxes answer for long lists of rules: which are dead, and what an edit changes. */
import { type Box, type Boxes, boxOf, meet, sizeOf, subtract } from '#proofs/engine/boxes/boxes.ts'
import { BUDGET } from '#proofs/engine/boxes/carve.ts'
import { type BoxRule, deadRules, editRegion } from '#proofs/engine/boxes/rules.ts'
import type { Space } from '#proofs/engine/boxes/space.ts'
import { PACKETS, PROTOCOLS } from '#proofs/engine/packet.ts'
import { median } from './measure.ts'

const RULES = 10_000

/** Rules of a list that are compared with how it is done without an index and without an early witness. */
const PEER_RULES = 500

const EDITS = 200

/** Limits: all dead rules of a list, and the median of edits. */
const DEAD_MS = 2000
const EDIT_US = 100

export type Random = (below: number) => number
type Interval = readonly [bigint | number, bigint | number]

interface Shape {
  readonly name: string
  readonly space: Space
  readonly rule: (random: Random) => BoxRule
  /** Whether edits have no limit: half of them change more than a hundred boxes. */
  readonly hard?: boolean
}

/** Narrow rules come before wide ones, as people write them. */
const SHAPES: readonly Shape[] = [
  { name: 'acl', space: PACKETS[4], rule: (random) => aclRule(PACKETS[4], random, (length) => prefix4(random, length)) },
  { name: 'firewall', space: PACKETS[4], rule: (random) => firewallRule(PACKETS[4], random) },
  { name: 'chains', space: PACKETS[4], rule: (random) => chainsRule(PACKETS[4], random) },
  { name: 'tangle', space: PACKETS[4], rule: (random) => tangleRule(PACKETS[4], random), hard: true },
  { name: 'acl, IPv6', space: PACKETS[6], rule: (random) => aclRule(PACKETS[6], random, (length) => prefix6(random, length)) },
]

/**
 * Prints a row for each shape: what all dead rules take, and how much longer those of a short list take without index and witness; what an edit takes in the middle, and
 * how many boxes it changes. Returns how many limits were not kept.
 */
export function benchBoxes(row: (name: string, ...cells: string[]) => void): number {
  let over = 0
  const verdict = (value: number, limit: number) => {
    if (value <= limit) return 'ok'
    over++
    return 'OVER'
  }
  row('10,000 rules', 'dead ms', 'limit', '', '× naive', 'edit µs', 'limit', '', 'p95', 'size')
  for (const { name, space, rule, hard } of SHAPES) {
    const random = randomOf(1)
    const rules = byWidth(
      space,
      Array.from({ length: RULES }, () => rule(random)),
    )
    deadRules(space, rules.slice(0, PEER_RULES))
    const start = performance.now()
    deadRules(space, rules)
    const ms = performance.now() - start

    const few = rules.slice(0, PEER_RULES)
    const peer = timedMs(() => naiveDead(space, few)) / timedMs(() => deadRules(space, few))

    const times: number[] = []
    const sizes: number[] = []
    for (let edit = 0; edit < 2 * EDITS; edit++) {
      const at = random(RULES)
      const old = rules[at]!
      const replacement = [undefined, { ...old, accept: !old.accept }, rule(random)][edit % 3]
      const start = performance.now()
      const { boxes } = editRegion(space, rules, at, replacement, false)
      if (edit < EDITS) continue
      times.push(1000 * (performance.now() - start))
      sizes.push(boxes.length)
    }
    times.sort((a, b) => a - b)
    const us = median(times)
    const limited = hard ? ['', ''] : [`${EDIT_US}`, verdict(us, EDIT_US)]
    const p95 = times[Math.floor(0.95 * EDITS)]!
    row(name, ms.toFixed(0), `${DEAD_MS}`, verdict(ms, DEAD_MS), peer.toFixed(1), us.toFixed(0), ...limited, p95.toFixed(0), `${median(sizes)}`)
  }
  return over
}

/** The rules in the order of how much they match: the narrowest first. */
function byWidth(space: Space, rules: readonly BoxRule[]): readonly BoxRule[] {
  return rules
    .map((rule) => ({ rule, size: Number(sizeOf(space, [rule.box])) }))
    .sort((a, b) => a.size - b.size)
    .map(({ rule }) => rule)
}

function timedMs(work: () => unknown): number {
  const start = performance.now()
  work()
  return performance.now() - start
}

/** Shadowed rules as one would find them: from each rule, each one before it is taken away. */
function naiveDead(space: Space, rules: readonly BoxRule[]): number[] {
  return rules.flatMap(({ box }, index) => {
    let rest: Boxes = [box]
    for (let before = 0; before < index && rest.length > 0 && rest.length < BUDGET; before++) {
      const other = rules[before]!.box
      rest = rest.flatMap((part) => (meet(space, part, other) ? subtract(space, [part], [other])! : [part]))
    }
    return rest.length === 0 ? [index] : []
  })
}

/** Nets to smaller nets, at one port of a service. */
function aclRule(space: Space, random: Random, prefix: (length: number) => Interval): BoxRule {
  return {
    box: tcp(space, { source: prefix(8 + 4 * random(7)), destination: prefix(20 + 4 * random(4)), destinationPort: port(random) }),
    accept: random(10) > 0,
  }
}

/** From anywhere, to anywhere, or between hosts and nets; ports of services, the high ones, or ranges. */
function firewallRule(space: Space, random: Random): BoxRule {
  const net = () => prefix4(random, [16, 24, 24, 28, 32, 32, 32, 32][random(8)]!)
  const any: Interval = [0, 2 ** 32 - 1]
  const side = random(20)
  const protocol = [PROTOCOLS.tcp, PROTOCOLS.tcp, PROTOCOLS.udp][random(3)]!
  const first = 1024 + random(60_000)
  const ports: readonly Interval[] = [port(random), port(random), port(random), port(random), [1024, 65_535], [first, first + random(1000)], [0, 65_535]]
  const box = boxOf(space, {
    source: side < 4 ? any : net(),
    destination: side > 16 ? any : net(),
    protocol: random(10) === 0 ? [0, 255] : [protocol, protocol],
    sourcePort: random(8) === 0 ? [1024, 65_535] : [0, 65_535],
    destinationPort: ports[random(ports.length)]!,
  })
  return { box, accept: random(4) > 0 }
}

/** Wide in every field, at random. No list of people is as tangled. */
function tangleRule(space: Space, random: Random): BoxRule {
  const net = () => prefix4(random, random(4) === 0 ? 0 : 8 + random(25))
  const first = random(65_536)
  const ports: readonly Interval[] = [[0, 65_535], [1024, 65_535], [first, first + random(65_536 - first)], port(random)]
  const protocol: readonly Interval[] = [
    [0, 255],
    [PROTOCOLS.tcp, PROTOCOLS.tcp],
    [PROTOCOLS.udp, PROTOCOLS.udp],
  ]
  const box = boxOf(space, {
    source: net(),
    destination: net(),
    protocol: protocol[random(3)]!,
    sourcePort: ports[random(2)]!,
    destinationPort: ports[random(4)]!,
  })
  return { box, accept: random(2) === 0 }
}

/** Nets inside nets inside nets, around some addresses. */
function chainsRule(space: Space, random: Random): BoxRule {
  const nested = (): Interval => {
    const size = 2 ** random(25)
    const base = 10 * 2 ** 24 + Math.floor((random(64) * 2 ** 18 + random(4)) / size) * size
    return [base, base + size - 1]
  }
  return { box: tcp(space, { source: nested(), destination: nested(), destinationPort: port(random) }), accept: random(2) === 0 }
}

function tcp(space: Space, intervals: Readonly<Record<string, Interval>>): Box {
  return boxOf(space, { ...intervals, protocol: [PROTOCOLS.tcp, PROTOCOLS.tcp] })
}

function port(random: Random): Interval {
  const port = [22, 25, 53, 80, 443, 3306, 5432, 8080][random(8)]!
  return [port, port]
}

/** A prefix of 10.0.0.0/8, or of a length shorter than that. */
function prefix4(random: Random, length: number): Interval {
  const size = 2 ** (32 - length)
  const base = Math.floor((10 * 2 ** 24 + random(2 ** 24)) / size) * size
  return [base, base + size - 1]
}

/** A prefix of 2001:db8::/32, so much longer than that as the length is longer than 8, at twice the step. */
function prefix6(random: Random, length: number): Interval {
  const bits = 32 + 2 * (length - 8) + (length === 32 ? 48 : 0)
  const size = 1n << BigInt(128 - bits)
  const address = (0x2001_0db8n << 96n) | (BigInt(random(2 ** 24)) << 72n) | (BigInt(random(2 ** 24)) << 48n) | BigInt(random(2 ** 24))
  const base = address & ~(size - 1n)
  return [base, base + size - 1n]
}

/** Whole numbers below a limit, the same ones every time: a linear congruential generator (the numbers of Numerical Recipes), of which the high bits are used. */
export function randomOf(seed: number): Random {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}
