/** A table made ready to be walked with packets of one family: names looked up, values read, once for all interfaces. */
import type { Family } from '#base/ip.ts'
import type { NftChain, NftTable, Statement } from '#targets/nftables/tree.ts'
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
  /** What a match holds of there. */
  matcher(match: Match): Matcher
  /** The chain that a packet there is sent to, if any. */
  target(dispatch: Dispatch, where: Where): string | undefined
  /** What statements of the base chain, or of those it may lead to, are answered that ask about interfaces: where it is the same, the chain does the same. */
  answers(base: NftChain, where: Where): string
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
  const reached = new Map<NftChain, readonly Statement[]>()
  const nameOf = (selector: string, { iif, oif }: Where) => (selector === 'iifname' ? iif : oif)
  const target = ({ map, selectors }: Dispatch, where: Where) => maps.get(map)!.get(selectors.map((selector) => nameOf(selector, where)).join(' '))
  return {
    table,
    family,
    space: PACKETS[family],
    chains,
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
    leadsTo: (base, such) => statementsFrom(base).some(such),
    names() {
      const matched = table.chains
        .flatMap(({ rules }) => rules.flatMap(({ statements }) => statements))
        .filter((statement) => statement.kind === 'is' || statement.kind === 'in')
        .flatMap((match) => tuplesOf(match, sets).flatMap((tuple) => tuple.filter((_, at) => match.selectors[at]!.endsWith('ifname'))))
      return new Set([...table.maps.flatMap(({ entries }) => entries.flatMap(({ interfaces }) => interfaces)), ...matched])
    },
  }

  /** Names that all statements about one of the two interfaces alone, and dispatches by it, take for the same get one number. */
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
      const numbers = new Map<string, number>()
      const known = new Map<string, number>()
      return (of: string): number => {
        const last = known.get(of)
        if (last !== undefined) return last
        const key = values.map((map) => map.get(of) ?? '').join('\n')
        const number = numbers.get(key) ?? numbers.size
        numbers.set(key, number)
        known.set(of, number)
        return number
      }
    }
    const [iif, oif] = [one('iifname'), one('oifname')]
    return (where) => {
      let key = `${iif(where.iif)} ${oif(where.oif)}`
      for (const question of both) key += `\n${question.kind === 'dispatch' ? (target(question, where) ?? '') : `${where.iif} ${where.oif}`}`
      return key
    }
  }

  /** The statements of the chain and of all that can be reached from it. */
  function statementsFrom(base: NftChain): readonly Statement[] {
    const known = reached.get(base)
    if (known) return known
    const seen = new Set([base])
    for (const { rules } of seen)
      for (const statement of rules.flatMap(({ statements }) => statements)) {
        const targets = statement.kind === 'jump' ? [statement.chain] : statement.kind === 'dispatch' ? maps.get(statement.map)!.values() : []
        for (const name of targets) seen.add(chains.get(name)!)
      }
    const statements = [...seen].flatMap(({ rules }) => rules.flatMap((rule) => rule.statements))
    reached.set(base, statements)
    return statements
  }
}

function asks(statement: Statement): statement is Match | Dispatch {
  return statement.kind === 'dispatch' || ((statement.kind === 'is' || statement.kind === 'in') && namesInterfaces(statement))
}
