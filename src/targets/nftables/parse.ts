/**
 * Reads the printed file back, so that proofs run over what is loaded. It accepts exactly the statements that `print` writes, in their order, and refuses
 * everything else at its line; comments and spacing are free. Errors inside travel as a {@link Refusal}, caught in {@link parse}: the first one ends the reading.
 */
import { Refusal, type Result, result } from '#base/diagnostic.ts'
import { parsePrefix, showPrefix } from '#base/ip.ts'
import { checkReferences } from './check-references.ts'
import { readRule } from './parse-rule.ts'
import { expect, expectLine, oneOf, readInterface, readName, refuse, take } from './reading.ts'
import { type Scanner, scanner } from './scanner.ts'
import { FILE, type FieldType, type NftChain, type NftElement, type NftPair, type NftRule, type NftSet, type NftTree, TABLE, ZONE_PAIRS } from './tree.ts'

/** The tree of the printed file; or why it is not one, with its line. Sets and chains that are undefined or unused are errors too. */
export function parse(files: ReadonlyMap<string, string>): Result<NftTree> {
  try {
    for (const path of files.keys()) if (path !== FILE) refuse({ kind: 'word', text: path, line: 1, column: 1 }, `only the file ${FILE}`, path)
    const tree = readFile(scanner(files.get(FILE) ?? ''))
    return result(tree, checkReferences(tree))
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, diagnostics: error.diagnostics }
    throw error
  }
}

function readFile(s: Scanner): NftTree {
  const declared = readDeclarations(s)
  readFlushes(s, declared.sets)
  const { elements, pairs } = readElements(s, declared.sets)
  const rules = readRules(s, declared.chains)
  if (s.peek().kind !== 'end') refuse(s.peek(), 'nothing after the rules')
  return {
    sets: [...declared.sets.values()].map((set) => ({ ...set, elements: elements.get(set.name) ?? [] })),
    pairs,
    chains: [...declared.chains.values()].map((chain) => ({ ...chain, rules: rules.get(chain.name) ?? [] })),
    why: [],
  }
}

interface Declared {
  readonly sets: ReadonlyMap<string, NftSet>
  readonly chains: ReadonlyMap<string, NftChain>
}

/** `table inet netwright { set NAME {…} … map zone-pairs {…} chain NAME {…} … }` */
function readDeclarations(s: Scanner): Declared {
  const sets = new Map<string, NftSet>()
  const chains = new Map<string, NftChain>()
  expectLine(s, 'table', 'inet', TABLE, '{')
  while (take(s, 'set')) {
    const name = readName(s, (name) => !sets.has(name), 'a set that is not declared yet')
    expectLine(s, '{')
    const type = readType(s)
    expectLine(s, 'flags', 'interval')
    expectLine(s, '}')
    sets.set(name, { name, type, elements: [], why: [] })
  }
  expectLine(s, 'map', ZONE_PAIRS, '{')
  expectLine(s, 'type', 'ifname', '.', 'ifname', ':', 'verdict')
  expectLine(s, '}')
  while (take(s, 'chain')) {
    const name = readName(s, (name) => !chains.has(name), 'a chain that is not declared yet')
    expectLine(s, '{')
    const base = s.peek().text === 'type' ? { base: readBase(s) } : {}
    expectLine(s, '}')
    chains.set(name, { name, ...base, rules: [], why: [] })
  }
  expectLine(s, '}')
  return { sets, chains }
}

function readType(s: Scanner): readonly FieldType[] {
  expect(s, 'type')
  const start = s.peek()
  const words: string[] = []
  while (s.peek().kind === 'word') words.push(s.next().text)
  const type = TYPES.get(words.join(' ')) ?? refuse(start, `one of the types ${[...TYPES.keys()].join(', ')}`)
  expectLine(s)
  return type
}

/** The key types that sets are printed with. */
const TYPES: ReadonlyMap<string, readonly FieldType[]> = new Map(
  (['ipv4_addr', 'ipv6_addr'] as const)
    .flatMap((address): FieldType[][] => [
      [address],
      [address, 'inet_proto', 'inet_service'],
      ['ifname', address],
      ['ifname', address, 'inet_proto', 'inet_service'],
      ['inet_proto', 'inet_service'],
    ])
    .map((type) => [type.join(' . '), type]),
)

/** `type filter hook HOOK priority filter; policy POLICY;` */
function readBase(s: Scanner): NonNullable<NftChain['base']> {
  expect(s, 'type', 'filter', 'hook')
  const hook = oneOf(s, HOOKS)
  expect(s, 'priority', 'filter', ';', 'policy')
  const policy = oneOf(s, VERDICTS)
  expectLine(s, ';')
  return { hook, policy }
}

const HOOKS = ['forward', 'input', 'output'] as const
const VERDICTS = ['accept', 'drop'] as const

/** The flushes: of the table, of every set and of the map. One that is missing would leave old elements in force beside the new ones. */
function readFlushes(s: Scanner, sets: Declared['sets']): void {
  expectLine(s, 'flush', 'table', 'inet', TABLE)
  for (const name of sets.keys()) expectLine(s, 'flush', 'set', 'inet', TABLE, name)
  expectLine(s, 'flush', 'map', 'inet', TABLE, ZONE_PAIRS)
}

/** `add element inet netwright NAME { … }`, one element a line, each with a comma. */
function readElements(
  s: Scanner,
  sets: Declared['sets'],
): { readonly elements: ReadonlyMap<string, readonly NftElement[]>; readonly pairs: readonly NftPair[] } {
  const elements = new Map<string, readonly NftElement[]>()
  let pairs: readonly NftPair[] | undefined
  while (take(s, 'add')) {
    expect(s, 'element', 'inet', TABLE)
    const name = readName(s, (name) => (name === ZONE_PAIRS ? !pairs : sets.has(name) && !elements.has(name)), 'a declared set that is not filled yet')
    expectLine(s, '{')
    if (name === ZONE_PAIRS) pairs = readList(s, readPair)
    else {
      const { type } = sets.get(name)!
      elements.set(
        name,
        readList(s, (s) => readElement(s, type)),
      )
    }
  }
  return { elements, pairs: pairs ?? [] }
}

function readList<T>(s: Scanner, read: (s: Scanner) => T): T[] {
  const out: T[] = []
  while (s.peek().text !== '}') {
    out.push(read(s))
    expectLine(s, ',')
  }
  expectLine(s, '}')
  return out
}

function readPair(s: Scanner): NftPair {
  const from = readInterface(s)
  expect(s, '.')
  const to = readInterface(s)
  expect(s, ':', 'jump')
  return { from, to, chain: readName(s), why: [] }
}

function readElement(s: Scanner, type: readonly FieldType[]): NftElement {
  let element: NftElement = { why: [] }
  for (const [at, field] of type.entries()) {
    if (at > 0) expect(s, '.')
    if (field === 'ifname') element = { ...element, interface: readInterface(s) }
    else if (field === 'inet_proto') element = { ...element, protocol: oneOf(s, ['tcp', 'udp']) }
    else if (field === 'inet_service') element = { ...element, ports: readPorts(s) }
    else element = { ...element, prefix: readPrefix(s, field === 'ipv4_addr' ? 4 : 6) }
  }
  return element
}

function readPrefix(s: Scanner, family: 4 | 6): string {
  const token = s.next()
  const prefix = parsePrefix(token.text)
  return prefix?.family === family && showPrefix(prefix) === token.text ? token.text : refuse(token, `an IPv${family} prefix in canonical form`)
}

function readPorts(s: Scanner): readonly [number, number] {
  const token = s.next()
  const [, from, to = from] = /^(0|[1-9]\d{0,4})(?:-([1-9]\d{0,4}))?$/.exec(token.text) ?? []
  const [first, last] = [Number(from), Number(to)]
  return first <= last && last <= 65535 ? [first, last] : refuse(token, 'a port or a range of ports')
}

/** `table inet netwright { chain NAME { RULE … } … }` */
function readRules(s: Scanner, chains: Declared['chains']): ReadonlyMap<string, readonly NftRule[]> {
  const out = new Map<string, readonly NftRule[]>()
  expectLine(s, 'table', 'inet', TABLE, '{')
  while (take(s, 'chain')) {
    const name = readName(s, (name) => chains.has(name) && !out.has(name), 'a declared chain that is not filled yet')
    expectLine(s, '{')
    const rules: NftRule[] = []
    while (s.peek().text !== '}') rules.push(readRule(s))
    expectLine(s, '}')
    out.set(name, rules)
  }
  expectLine(s, '}')
  return out
}
