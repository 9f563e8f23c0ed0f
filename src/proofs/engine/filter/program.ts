/** A table made ready to be walked with packets of one family: names looked up, values read, once for all interfaces. */
import type { Family } from '#base/ip.ts'
import type { NftChain, NftElement, NftSet, NftTable, Statement } from '#targets/nftables/tree.ts'
import type { Space } from '../boxes/space.ts'
import { PACKETS } from '../packet.ts'
import { type Match, type Matcher, matcherOf, namesInterfaces, tuplesOf, type Where } from './matches.ts'

/** Jumps to a chain by interfaces. */
type Dispatch = Extract<Statement, { kind: 'dispatch' }>

/** The table, for one family. */
export interface Program {
  readonly table: NftTable
  readonly family: Family
  readonly space: Space
  readonly chains: ReadonlyMap<string, NftChain>
  readonly sets: ReadonlyMap<string, NftSet>
  /** What a match holds of there. */
  matcher(match: Match): Matcher
  /** The chain that a packet there is sent to, if any. */
  target(dispatch: Dispatch, where: Where): string | undefined
  /** What statements of the base chain, or of those it may lead to, are answered that ask about interfaces: where it is the same, the chain does the same. */
  answers(base: NftChain, where: Where): string
  /** The same for all base chains, of whatever table, that do the same with the same answers. */
  identity(base: NftChain): object
  /** Whether the base chain, or one that it may lead to, has such a statement. */
  leadsTo(base: NftChain, such: (statement: Statement) => boolean): boolean
  /** The interfaces that are named in the table. */
  names(): ReadonlySet<string>
}

/** Makes the table ready; what was made before is remembered with the table. */
export function programOf(table: NftTable, family: Family): Program {
  const known = PROGRAMS.get(table) ?? {}
  if (known[family]) return known[family]
  const program = made(table, family)
  PROGRAMS.set(table, { ...known, [family]: program })
  return program
}

const PROGRAMS = new WeakMap<NftTable, { readonly [F in Family]?: Program }>()

function made(table: NftTable, family: Family): Program {
  const chains = new Map(table.chains.map((chain) => [chain.name, chain]))
  const sets = new Map(table.sets.map((set) => [set.name, set]))
  const maps = new Map(table.maps.map(({ name, entries }) => [name, new Map(entries.map(({ interfaces, chain }) => [interfaces.join(' '), chain]))]))
  const matchers = new Map<Match, Matcher>()
  const questions = new Map<NftChain, (where: Where) => string>()
  const reached = new Map<NftChain, ReadonlySet<NftChain>>()
  const identities = new Map<NftChain, object>()
  const nameOf = (selector: string, { iif, oif }: Where) => (selector === 'iifname' ? iif : oif)
  const target = ({ map, selectors }: Dispatch, where: Where) => maps.get(map)!.get(selectors.map((selector) => nameOf(selector, where)).join(' '))
  return {
    table,
    family,
    space: PACKETS[family],
    chains,
    sets,
    matcher(match) {
      const found = matchers.get(match) ?? matcherOf(match, family, sets)
      matchers.set(match, found)
      return found
    },
    target,
    answers(base, where) {
      const answer = questions.get(base) ?? answersOf(base)
      questions.set(base, answer)
      return answer(where)
    },
    identity(base) {
      const known = identities.get(base) ?? identityOf(family, base, chainsFrom(base), maps, sets)
      identities.set(base, known)
      return known
    },
    leadsTo: (base, such) => statementsFrom(base).some(such),
    names() {
      const matched = table.chains
        .flatMap(({ rules }) => rules.flatMap(({ statements }) => statements))
        .filter((statement) => statement.kind === 'is' || statement.kind === 'in')
        .flatMap((match) => tuplesOf(match, sets).flatMap((tuple) => tuple.filter((_, at) => match.selectors[at]!.endsWith('ifname'))))
      return new Set([...table.maps.flatMap(({ entries }) => entries.flatMap(({ interfaces }) => interfaces)), ...matched])
    },
  }

  /** What statements about one of the two interfaces alone are answered, and those about both. */
  function answersOf(base: NftChain): (where: Where) => string {
    const asked = statementsFrom(base).filter(asks)
    const about = ({ selectors }: Match | Dispatch, name: string) => selectors.includes(name as never)
    const both = asked.filter((question) => about(question, 'iifname') && about(question, 'oifname'))
    const one = (name: 'iifname' | 'oifname') => {
      const values = asked
        .filter((question) => about(question, name) && !both.includes(question))
        .map((question) => {
          if (question.kind === 'dispatch') return maps.get(question.map)!
          const field = question.selectors.indexOf(name)
          return new Map(tuplesOf(question, sets).map((tuple) => [tuple[field]!, tuple[field]!]))
        })
      const known = new Map<string, string>()
      return (of: string): string => {
        const key = known.get(of) ?? values.map((map) => map.get(of) ?? '').join(' ')
        known.set(of, key)
        return key
      }
    }
    const [iif, oif] = [one('iifname'), one('oifname')]
    return (where) => {
      let key = `${iif(where.iif)}\n${oif(where.oif)}`
      for (const question of both) key += `\n${question.kind === 'dispatch' ? (target(question, where) ?? '') : `${where.iif} ${where.oif}`}`
      return key
    }
  }

  /** The chain and all that can be reached from it. */
  function chainsFrom(base: NftChain): ReadonlySet<NftChain> {
    const known = reached.get(base)
    if (known) return known
    const seen = new Set([base])
    for (const { rules } of seen)
      for (const statement of rules.flatMap(({ statements }) => statements)) {
        const targets = statement.kind === 'jump' ? [statement.chain] : statement.kind === 'dispatch' ? maps.get(statement.map)!.values() : []
        for (const name of targets) seen.add(chains.get(name)!)
      }
    reached.set(base, seen)
    return seen
  }

  function statementsFrom(base: NftChain): readonly Statement[] {
    return [...chainsFrom(base)].flatMap(({ rules }) => rules.flatMap(({ statements }) => statements))
  }
}

function asks(statement: Statement): statement is Match | Dispatch {
  return statement.kind === 'dispatch' || ((statement.kind === 'is' || statement.kind === 'in') && namesInterfaces(statement))
}

/** Identities by what chains say. */
const IDENTITIES = new Map<string, object>()
const ELEMENTS = new WeakMap<readonly NftElement[], number>()
let elements = 0

/** Identities that are remembered before all are forgotten: a company of some thousand devices has fewer. */
const REMEMBERED = 1 << 12

/** Sets are told by which array their elements are: the parser gives those that are the same as one. */
function identityOf(
  family: Family,
  base: NftChain,
  chains: ReadonlySet<NftChain>,
  maps: ReadonlyMap<string, ReadonlyMap<string, string>>,
  sets: ReadonlyMap<string, NftSet>,
): object {
  const used = new Set<string>()
  const text = [...chains].map(({ name, rules }) => {
    for (const { statements } of rules)
      for (const statement of statements) {
        if (statement.kind === 'in') used.add(statement.set)
        else if (statement.kind === 'dispatch') used.add(statement.map)
      }
    return `${name} ${JSON.stringify(rules)}`
  })
  const contents = [...used].map((name) => {
    const map = maps.get(name)
    // Which chain a map leads to is among the answers.
    if (map) return ''
    const { type, elements: own } = sets.get(name)!
    const number = ELEMENTS.get(own) ?? elements++
    ELEMENTS.set(own, number)
    return `${name} ${type.join()} ${number}`
  })
  const key = [family, base.base?.hook, base.base?.policy, ...text, ...contents].join('\n')
  const known = IDENTITIES.get(key)
  if (known) return known
  if (IDENTITIES.size >= REMEMBERED) IDENTITIES.clear()
  const made = {}
  IDENTITIES.set(key, made)
  return made
}
