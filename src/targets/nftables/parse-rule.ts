/** Reads rules: exactly the statements that `print` writes. */
import { NEIGHBOUR_TYPES, SHARED } from './base-chains.ts'
import { BRIDGE_FRAMES } from './guard.ts'
import { showPorts } from './lookups.ts'
import { expect, expectLine, oneOf, readAddress, readForm, readInterface, readName, readPorts, refuse, take } from './reading.ts'
import { REASONS } from './rules.ts'
import type { Scanner } from './scanner.ts'
import type { NftRule, Selector, Statement } from './tree.ts'

/** Reads one rule and the end of its line. */
export function readRule(s: Scanner): NftRule {
  const notes = s
    .peek()
    .comments.filter((text) => !CONSTANT.has(text))
    .map((text) => ({ text, why: [] }))
  const statements: Statement[] = []
  do statements.push(readStatement(s))
  while (!LAST.has(statements[statements.length - 1]!.kind))
  expectLine(s)
  return { ...(notes.length > 0 ? { notes } : {}), statements, why: [] }
}

/** Comments that say why a constant choice is made, and not whose flow it is. */
const CONSTANT: ReadonlySet<string> = new Set(REASONS.values())

/** What a rule ends with: something that has an effect. */
const LAST: ReadonlySet<Statement['kind']> = new Set(['verdict', 'log', 'state', 'dispatch', 'jump', 'snat', 'notrack'])

function readStatement(s: Scanner): Statement {
  const token = s.peek()
  switch (token.text) {
    case 'ct':
      expect(s, 'ct', 'state', 'vmap', '{', 'established', ':', 'accept', ',', 'related', ':', 'accept', ',', 'invalid', ':', 'drop', '}')
      return { kind: 'state' }
    case 'limit': {
      expect(s, 'limit', 'rate')
      return { kind: 'limit', over: take(s, 'over'), ...readRate(s) }
    }
    case 'update': {
      expect(s, 'update', '@')
      const set = readName(s)
      expect(s, '{', 'iifname', 'limit', 'rate', 'over')
      const rate = readRate(s)
      expect(s, 'counter', '}')
      return { kind: 'meter', set, ...rate }
    }
    case 'log': {
      expect(s, 'log', 'prefix')
      const prefix = s.next()
      return prefix.kind === 'string' ? { kind: 'log', prefix: prefix.text } : refuse(prefix, 'a prefix in quotes')
    }
    case 'snat': {
      s.next()
      const family = oneOf(s, ['ip', 'ip6']) === 'ip' ? 4 : 6
      expect(s, 'to')
      return { kind: 'snat', family, to: readAddress(s, family) }
    }
    case 'jump':
      s.next()
      return { kind: 'jump', chain: readName(s) }
    case 'counter':
    case 'notrack':
      s.next()
      return { kind: token.text }
    case 'accept':
    case 'drop':
    case 'return':
      s.next()
      return { kind: 'verdict', verdict: token.text }
    default:
      return readMatch(s)
  }
}

/** `300/second burst 300 packets` */
function readRate(s: Scanner): { readonly perSecond: number; readonly burst: number } {
  const perSecond = Number(readForm(s, /^([1-9]\d{0,8})\/second$/, 'a number a second'))
  expect(s, 'burst')
  const burst = Number(readForm(s, /^([1-9]\d{0,8})$/, 'a number'))
  expect(s, 'packets')
  return { perSecond, burst }
}

/** Concatenated selectors, then a set, a map, one value or several in braces; or the field `dscp`, which is set. */
function readMatch(s: Scanner): Statement {
  const start = s.next()
  const family = start.text === 'ip' ? 4 : start.text === 'ip6' ? 6 : undefined
  if (family && take(s, 'dscp')) {
    expect(s, 'set')
    return { kind: 'dscp', family, class: oneOf(s, ['ef', 'cs3', 'cs0', 'cs1']) }
  }
  const selectors = [readSelector(start, s)]
  while (take(s, '.')) selectors.push(readSelector(s.next(), s))
  if (take(s, '@')) return { kind: 'in', selectors, set: readName(s) }
  if (take(s, 'vmap')) {
    const names = selectors.filter((selector) => selector === 'iifname' || selector === 'oifname')
    if (!DISPATCHED.has(selectors.join(' . '))) refuse(start, `verdict maps by ${[...DISPATCHED].join(' or ')} only`)
    expect(s, '@')
    return { kind: 'dispatch', selectors: names, map: readName(s) }
  }
  if (selectors.length === 1 && !take(s, '{')) return { kind: 'is', selectors, values: [readTuple(s, selectors)] }
  if (selectors.length > 1) expect(s, '{')
  const values = [readTuple(s, selectors)]
  while (take(s, ',')) values.push(readTuple(s, selectors))
  if (selectors.length === 1 && values.length === 1) refuse(s.peek(), '","')
  expect(s, '}')
  return { kind: 'is', selectors, values }
}

const DISPATCHED: ReadonlySet<string> = new Set(['iifname', 'iifname . oifname'])

function readSelector(token: ReturnType<Scanner['next']>, s: Scanner): Selector {
  const text = FIRST_WORDS.has(token.text) ? `${token.text} ${s.next().text}` : token.text
  return SELECTORS.find((selector) => selector === text) ?? refuse({ ...token, text }, `one of ${SELECTORS.join(', ')}, or another statement of its own`)
}

/** The values that selectors are compared with directly, in words; none where a selector is only looked up in sets. */
const VALUES: Readonly<Record<Selector, 'name' | 'ports' | readonly string[]>> = {
  iifname: 'name',
  oifname: 'name',
  'ether daddr': BRIDGE_FRAMES,
  'ip saddr': ['0.0.0.0'],
  'ip daddr': ['255.255.255.255'],
  'ip6 saddr': ['fe80::/10', '::'],
  'ip6 daddr': ['fe80::/10'],
  'meta nfproto': ['ipv4', 'ipv6'],
  'meta l4proto': ['icmp', 'icmpv6', 'tcp', 'udp', '112'],
  'meta pkttype': ['broadcast', 'multicast'],
  'th sport': 'ports',
  'th dport': 'ports',
  'icmp type': ['echo-request'],
  'icmpv6 type': ['echo-request', ...NEIGHBOUR_TYPES],
}

const SELECTORS = Object.keys(VALUES) as readonly Selector[]

const FIRST_WORDS: ReadonlySet<string> = new Set(SELECTORS.filter((selector) => selector.includes(' ')).map((selector) => selector.split(' ')[0]!))

function readTuple(s: Scanner, selectors: readonly Selector[]): string[] {
  return selectors.map((selector, at) => {
    if (at > 0) expect(s, '.')
    const values = VALUES[selector]
    if (values === 'name') return readInterface(s)
    if (values === 'ports') return showPorts(readPorts(s))
    if (selector === 'ip6 saddr' && SHARED.includes(s.peek().text)) return s.next().text
    return oneOf(s, values)
  })
}
