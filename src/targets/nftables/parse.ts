/**
 * Reads the printed files back, so that proofs run over what is loaded. It accepts exactly the statements that `print` writes, in their order, and refuses
 * everything else at its line; spacing and comments are free, but for those above a rule, which say whose flows it is for. Errors inside travel as a {@link Refusal},
 * caught in {@link parse}: the first one ends the reading.
 */
import { Refusal, type Result, result } from '#base/diagnostic.ts'
import { checkReferences } from './check-references.ts'
import { readDeclarations } from './parse-declarations.ts'
import { readElements } from './parse-elements.ts'
import { readRule } from './parse-rule.ts'
import { leavesTransit, WITHOUT_FORWARD } from './print.ts'
import { expectLine, expectText, readName, refuse, take } from './reading.ts'
import { type Scanner, scanner } from './scanner.ts'
import { FILES, type NftChain, type NftRule, type NftTable, type NftTree, TABLE } from './tree.ts'

const FAMILIES = ['inet', 'bridge'] as const

/** The tree of the printed files; or why it is not one, with the line. Sets, maps and chains that are undefined or unused are errors too. */
export function parse(files: ReadonlyMap<string, string>): Result<NftTree> {
  try {
    const known = Object.values<string>(FILES)
    for (const path of files.keys()) if (!known.includes(path)) refuse(start(path), `only the files ${known.join(' and ')}`)
    const families = FAMILIES.filter((family) => files.has(FILES[family]))
    if (families.length === 0) refuse(start('no file'), `the file ${known.join(' or ')}`)
    const tree: NftTree = { tables: families.map((family) => readTable(family, scanner(files.get(FILES[family])!, FILES[family]))) }
    return result(tree, checkReferences(tree))
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, diagnostics: error.diagnostics }
    throw error
  }
}

function start(path: string) {
  return { kind: 'word', text: path, file: path, line: 1, column: 1 } as const
}

function readTable(family: NftTable['family'], s: Scanner): NftTable {
  const declared = readDeclarations(s, family)
  readFlushes(s, family, declared)
  const { elements, entries } = readElements(s, family, declared)
  const rules = readRules(s, family, declared.chains)
  if (s.peek().kind !== 'end') refuse(s.peek(), 'nothing after the rules')
  return {
    family,
    sets: declared.sets.map((set) => ({ ...set, elements: elements.get(set.name) ?? [] })),
    maps: declared.maps.map((map) => ({ ...map, entries: entries.get(map.name) ?? [] })),
    chains: declared.chains.map((chain) => ({ ...chain, rules: rules.get(chain.name) ?? [] })),
    why: [],
  }
}

/** The flushes: of the table, of every set and of every map. One that is missing would leave old elements in force beside the new ones. */
function readFlushes(s: Scanner, family: NftTable['family'], { sets, maps, chains }: Pick<NftTable, 'sets' | 'maps' | 'chains'>): void {
  expectLine(s, 'flush', 'table', family, TABLE)
  for (const { name } of sets) expectLine(s, 'flush', 'set', family, TABLE, name)
  for (const { name } of maps) expectLine(s, 'flush', 'map', family, TABLE, name)
  if (leavesTransit({ family, chains })) for (const line of WITHOUT_FORWARD) expectText(s, line)
}

/** `table inet netwright { chain NAME { RULE … } … }` */
function readRules(s: Scanner, family: NftTable['family'], chains: readonly NftChain[]): ReadonlyMap<string, readonly NftRule[]> {
  const out = new Map<string, readonly NftRule[]>()
  const names = new Set(chains.map(({ name }) => name))
  expectLine(s, 'table', family, TABLE, '{')
  while (take(s, 'chain')) {
    const name = readName(s, (name) => names.has(name) && !out.has(name), 'a declared chain that is not filled yet')
    expectLine(s, '{')
    const rules: NftRule[] = []
    while (s.peek().text !== '}') rules.push(readRule(s))
    expectLine(s, '}')
    out.set(name, rules)
  }
  expectLine(s, '}')
  return out
}
