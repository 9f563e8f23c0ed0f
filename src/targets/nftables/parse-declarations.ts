/** Reads what a table declares: its sets, maps and chains, without what is in them. */
import { HOOKS, showHook } from './hooks.ts'
import { expect, expectLine, expectText, readForm, readName, refuse, take } from './reading.ts'
import type { Scanner } from './scanner.ts'
import { type FieldType, type NftChain, type NftMap, type NftSet, type NftTable, TABLE } from './tree.ts'

/** The parts of a table, empty. */
export type Declared = Pick<NftTable, 'sets' | 'maps' | 'chains'>

/** `table inet netwright { set NAME {…} … map NAME {…} … chain NAME {…} … }` */
export function readDeclarations(s: Scanner, family: NftTable['family']): Declared {
  const sets = new Map<string, NftSet>()
  const maps = new Map<string, NftMap>()
  const chains = new Map<string, NftChain>()
  expectLine(s, 'table', family, TABLE, '{')
  while (take(s, 'set')) {
    const name = readName(s, (name) => !sets.has(name), 'a set that is not declared yet')
    expectLine(s, '{')
    const type = readType(s, SET_TYPES)
    const alone = type.join() === 'ifname'
    const meters = alone && take(s, 'size') ? readMeter(s) : undefined
    if (!alone) expectLine(s, 'flags', 'interval')
    expectLine(s, '}')
    sets.set(name, { name, type, ...(meters === undefined ? {} : { meters }), elements: [], why: [] })
  }
  while (take(s, 'map')) {
    const name = readName(s, (name) => !sets.has(name) && !maps.has(name), 'a map that is not declared yet')
    expectLine(s, '{')
    const type = readType(s, MAP_TYPES)
    expectLine(s, '}')
    maps.set(name, { name, type, entries: [], why: [] })
  }
  while (take(s, 'chain')) {
    const name = readName(s, (name) => !chains.has(name), 'a chain that is not declared yet')
    const base = HOOKS[family][name]
    expectLine(s, '{')
    if (base) expectText(s, showHook(base))
    expectLine(s, '}')
    chains.set(name, { name, ...(base ? { base } : {}), rules: [], why: [] })
  }
  expectLine(s, '}')
  return { sets: [...sets.values()], maps: [...maps.values()], chains: [...chains.values()] }
}

/** Behind `size`: how many, and that it is filled by packets. */
function readMeter(s: Scanner): number {
  const size = Number(readForm(s, /^([1-9]\d{0,8})$/, 'a number'))
  expectLine(s)
  expectLine(s, 'flags', 'dynamic')
  return size
}

function readType<T>(s: Scanner, types: ReadonlyMap<string, T>): T {
  expect(s, 'type')
  const start = s.peek()
  const words: string[] = []
  while (s.peek().kind === 'word') words.push(s.next().text)
  const type = types.get(words.join(' ')) ?? refuse(start, `one of the types ${[...types.keys()].join(', ')}`)
  expectLine(s)
  return type
}

/** The key types that sets are printed with. */
const SET_TYPES: ReadonlyMap<string, readonly FieldType[]> = new Map(
  (['ipv4_addr', 'ipv6_addr'] as const)
    .flatMap((address): FieldType[][] => [
      ['ifname'],
      [address],
      [address, 'inet_proto', 'inet_service'],
      ['ifname', address],
      ['ifname', address, 'inet_proto', 'inet_service'],
      ['inet_proto', 'inet_service'],
    ])
    .map((type) => [type.join(' . '), type]),
)

const MAP_TYPES: ReadonlyMap<string, readonly 'ifname'[]> = new Map([
  ['ifname : verdict', ['ifname']],
  ['ifname . ifname : verdict', ['ifname', 'ifname']],
])
