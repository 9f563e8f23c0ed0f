/**
 * What a device may take itself, by whichever interface: a bound that costs one walk, where asking exactly costs one for each interface. Each rule of the hook `input` counts with all that it accepts, whatever
 * drops some of it before, so it is no less than the device takes.
 */
import type { Family } from '#base/ip.ts'
import type { NftChain, NftElement, NftTable, Statement } from '#targets/nftables/tree.ts'
import { type Boxes, meetAll } from '../boxes/boxes.ts'
import { basesOf } from './bases.ts'
import { type Match, namesInterfaces, readValue, tuplesOf } from './matches.ts'
import { ALL, UNSEEN } from './passage.ts'
import { type Program, programOf } from './program.ts'

/** Packets that come from others; a device talks to itself as it likes. */
export function mostTaken(table: NftTable, family: Family): Boxes {
  const program = programOf(table, family)
  const base = basesOf(table, 'input').find(({ base }) => base!.policy === 'drop')
  return base ? accepted(program, base, ALL[family], new Set()) : ALL[family]
}

function accepted(program: Program, chain: NftChain, from: Boxes, above: ReadonlySet<NftChain>): Boxes {
  const { space, family, table, chains } = program
  const found: Boxes[] = []
  const inside = new Set([...above, chain])
  for (const { statements } of chain.rules) {
    if (!statements.some(mayAccept)) continue
    let boxes = from
    for (const statement of statements) {
      if (statement.kind === 'is' || statement.kind === 'in')
        boxes = boxes === ALL[family] ? matched(program, statement) : meetAll(space, boxes, matched(program, statement))
      if (boxes.length === 0) break
      if (statement.kind === 'verdict' && statement.verdict === 'accept') found.push(boxes)
      const into =
        statement.kind === 'jump'
          ? [statement.chain]
          : statement.kind === 'dispatch'
            ? new Set(table.maps.find(({ name }) => name === statement.map)!.entries.map((entry) => entry.chain))
            : []
      for (const name of into) {
        const next = chains.get(name)!
        if (!inside.has(next)) found.push(accepted(program, next, boxes, inside))
      }
    }
  }
  return found.flat()
}

function mayAccept(statement: Statement): boolean {
  return statement.kind === 'jump' || statement.kind === 'dispatch' || (statement.kind === 'verdict' && statement.verdict === 'accept')
}

/** What a match holds of behind any interface but the device's own. */
function matched(program: Program, match: Match): Boxes {
  const { family, sets } = program
  if (!namesInterfaces(match)) return program.matcher(match)({ iif: UNSEEN, oif: UNSEEN })
  const others = family === 4 ? 'ip6 ' : 'ip '
  if (match.selectors.some((selector) => selector.startsWith(others))) return []
  return distinct(match, sets).flatMap((tuple) => readValue(match.selectors, tuple, family)?.boxes ?? [])
}

/** Values that differ in more than the interface. */
function distinct(match: Match, sets: Program['sets']): readonly (readonly string[])[] {
  if (match.kind === 'is') return match.values.filter((tuple) => !tuple.includes('lo'))
  const set = sets.get(match.set)!
  const elements = new Map<string, NftElement>()
  for (const element of set.elements) {
    const { interface: name, prefix = '', protocol = '', ports = [] } = element
    if (name !== 'lo') elements.set(`${prefix} ${protocol} ${ports[0]} ${ports[1]}`, element)
  }
  return tuplesOf(match, new Map([[set.name, { ...set, elements: [...elements.values()] }]]))
}
