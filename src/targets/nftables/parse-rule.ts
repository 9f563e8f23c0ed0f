/** Reads rules: exactly the statements that `print` writes. */
import { NEIGHBOUR_TYPES } from './base-chains.ts'
import { expect, expectLine, oneOf, readInterface, readName, refuse, take } from './reading.ts'
import type { Scanner } from './scanner.ts'
import { type NftRule, type Selector, type Statement, ZONE_PAIRS } from './tree.ts'

/** Reads one rule and the end of its line. */
export function readRule(s: Scanner): NftRule {
  const statements: Statement[] = []
  do statements.push(readStatement(s))
  while (!LAST.has(statements[statements.length - 1]!.kind))
  expectLine(s)
  return { statements, why: [] }
}

/** What a rule ends with: something that has an effect. */
const LAST: ReadonlySet<Statement['kind']> = new Set(['verdict', 'log', 'state', 'dispatch'])

function readStatement(s: Scanner): Statement {
  const token = s.peek()
  switch (token.text) {
    case 'ct':
      expect(s, 'ct', 'state', 'vmap', '{', 'established', ':', 'accept', ',', 'related', ':', 'accept', ',', 'invalid', ':', 'drop', '}')
      return { kind: 'state' }
    case 'limit': {
      expect(s, 'limit', 'rate')
      const perSecond = readNumber(s, /^([1-9]\d{0,8})\/second$/)
      expect(s, 'burst')
      const burst = readNumber(s, /^([1-9]\d{0,8})$/)
      expect(s, 'packets')
      return { kind: 'limit', perSecond, burst }
    }
    case 'log': {
      expect(s, 'log', 'prefix')
      const prefix = s.next()
      return prefix.kind === 'string' ? { kind: 'log', prefix: prefix.text } : refuse(prefix, 'a prefix in quotes')
    }
    case 'counter':
      s.next()
      return { kind: 'counter' }
    case 'accept':
    case 'drop':
      s.next()
      return { kind: 'verdict', verdict: token.text }
    default:
      return readMatch(s)
  }
}

/** Concatenated selectors, then a set, the map of zone pairs, one value or several in braces. */
function readMatch(s: Scanner): Statement {
  const start = s.peek()
  const selectors = [readSelector(s)]
  while (take(s, '.')) selectors.push(readSelector(s))
  if (take(s, '@')) return { kind: 'in', selectors, set: readName(s) }
  if (take(s, 'vmap')) {
    if (selectors.join(' . ') !== 'iifname . oifname') refuse(start, 'verdict maps by iifname . oifname only')
    expect(s, '@', ZONE_PAIRS)
    return { kind: 'dispatch' }
  }
  if (!take(s, '{')) return { kind: 'is', selectors, values: [readTuple(s, selectors)] }
  const values = [readTuple(s, selectors)]
  while (take(s, ',')) values.push(readTuple(s, selectors))
  expect(s, '}')
  return { kind: 'is', selectors, values }
}

function readSelector(s: Scanner): Selector {
  const token = s.next()
  const text = FIRST_WORDS.has(token.text) ? `${token.text} ${s.next().text}` : token.text
  return SELECTORS.find((selector) => selector === text) ?? refuse({ ...token, text }, `one of ${SELECTORS.join(', ')}, or another statement of its own`)
}

const SELECTORS: readonly Selector[] = [
  'iifname',
  'oifname',
  'ip saddr',
  'ip daddr',
  'ip6 saddr',
  'ip6 daddr',
  'meta nfproto',
  'meta l4proto',
  'th dport',
  'icmp type',
  'icmpv6 type',
]

const FIRST_WORDS: ReadonlySet<string> = new Set(SELECTORS.filter((selector) => selector.includes(' ')).map((selector) => selector.split(' ')[0]!))

function readTuple(s: Scanner, selectors: readonly Selector[]): string[] {
  return selectors.map((selector, at) => {
    if (at > 0) expect(s, '.')
    if (selector === 'iifname') return readInterface(s)
    return oneOf(s, VALUES[selector] ?? [])
  })
}

/** The values that selectors are compared with directly; the others are only looked up in sets. */
const VALUES: { readonly [S in Selector]?: readonly string[] } = {
  'meta nfproto': ['ipv4', 'ipv6'],
  'meta l4proto': ['icmp', 'icmpv6'],
  'icmp type': ['echo-request'],
  'icmpv6 type': ['echo-request', ...NEIGHBOUR_TYPES],
}

function readNumber(s: Scanner, form: RegExp): number {
  const token = s.next()
  return Number(form.exec(token.text)?.[1] ?? refuse(token, 'a number'))
}
