/**
 * Writes each table as one file for `nft -f`, which is one transaction: either all of it holds, or what held before stays. It declares, empties in place and
 * fills, so that the first load and every later one are the same file and no packet meets a half-made filter. Above the first line of each constant choice stands its reason.
 */
import type { Why } from '#base/place.ts'
import type { Line, PrintedFile } from '../target.ts'
import { showHook } from './hooks.ts'
import { showPorts } from './lookups.ts'
import { REASONS, RULES } from './rules.ts'
import { showStatement } from './show-statement.ts'
import { FILES, type FieldType, type NftElement, type NftRule, type NftSet, type NftTable, type NftTree, TABLE } from './tree.ts'

/** The files of the tables. */
export function print({ tables }: NftTree): readonly PrintedFile[] {
  return tables.map((table) => ({ path: FILES[table.family], lines: linesOf(table) }))
}

function linesOf({ family, sets, maps, chains, why }: NftTable): Line[] {
  const table = `${family} ${TABLE}`
  const reasons = reasonsOnce()
  const section = (origin: string, body: () => readonly Line[]) => [line('', [origin]), ...reasons([origin]), ...body()]
  const inPlace: Why = [RULES.inPlace.origin]
  const declared = () => [
    ...sets.flatMap((set) => [
      ...reasons(set.why),
      ...block(
        `set ${set.name}`,
        set.why,
        [`type ${set.type.join(' . ')}`, ...kindOf(set)].map((text) => line(text, set.why)),
      ),
    ]),
    ...maps.flatMap((map) => block(`map ${map.name}`, map.why, [line(`type ${map.type.join(' . ')} : verdict`, map.why)])),
    ...chains.flatMap(({ name, base, why }) => [...reasons(why), ...block(`chain ${name}`, why, base ? [line(showHook(base), why)] : [])]),
  ]
  const emptied = () => [
    line(`flush table ${table}`, inPlace),
    ...sets.map((set) => line(`flush set ${table} ${set.name}`, [...set.why, ...inPlace])),
    ...maps.map((map) => line(`flush map ${table} ${map.name}`, [...map.why, ...inPlace])),
    ...(leavesTransit({ family, chains }) ? [...reasons(TRANSIT), ...WITHOUT_FORWARD.map((text) => line(text, TRANSIT))] : []),
  ]
  const elements = () => [
    ...sets.map(({ name, type, elements, why }) => ({ name, why, lines: elements.map((element) => line(`${showElement(type, element)},`, element.why)) })),
    ...maps.map(({ name, entries, why }) => ({
      name,
      why,
      lines: entries.map(({ interfaces, chain, why }) => line(`${interfaces.map((one) => `"${one}"`).join(' . ')} : jump ${chain},`, why)),
    })),
  ]
  const showRule = ({ notes = [], statements, why }: NftRule) => [
    ...reasons(why),
    ...notes.map((note) => line(`# ${note.text}`, note.why)),
    line(statements.map(showStatement).join(' '), why),
  ]
  const filled = () => chains.filter(({ rules }) => rules.length > 0).flatMap(({ name, why, rules }) => block(`chain ${name}`, why, rules.flatMap(showRule)))
  return [
    ...reasons(why),
    ...section(RULES.declare.origin, () => block(`table ${table}`, why, declared())),
    ...section(RULES.inPlace.origin, emptied),
    ...section(RULES.elements.origin, () =>
      elements().flatMap(({ name, why, lines }) => (lines.length > 0 ? block(`add element ${table} ${name}`, why, lines) : [])),
    ),
    ...section(RULES.fill.origin, () => block(`table ${table}`, why, filled())),
  ]
}

const TRANSIT: Why = [RULES.transit.origin]

/** What makes sure that there is no chain `forward`. */
export const WITHOUT_FORWARD: readonly string[] = [
  `add chain inet ${TABLE} forward { type filter hook forward priority filter; policy accept; }`,
  `delete chain inet ${TABLE} forward`,
]

/** Whether the table says nothing of transit, and must not leave anything behind that does. */
export function leavesTransit({ family, chains }: { readonly family: NftTable['family']; readonly chains: readonly { readonly name: string }[] }): boolean {
  return family === 'inet' && !chains.some(({ name }) => name === 'forward')
}

function line(text: string, why: Why): Line {
  return { text, why }
}

/** A comment for each constant choice among the origins, the first time that it is met. */
function reasonsOnce(): (why: Why) => Line[] {
  const told = new Set<string>()
  return (why) =>
    why.flatMap((origin) => {
      const reason = REASONS.get(origin)
      if (!reason || told.has(origin)) return []
      told.add(origin)
      return [line(`# ${reason}`, [origin])]
    })
}

function block(head: string, why: Why, body: readonly Line[]): Line[] {
  return [line(`${head} {`, why), ...body.map(({ text, why }) => line(`  ${text}`, why)), line('}', why)]
}

/** What is said of a set beside its type. Interfaces alone are looked up by hash. */
function kindOf({ type, meters }: NftSet): string[] {
  if (meters !== undefined) return [`size ${meters}`, 'flags dynamic']
  return type.join() === 'ifname' ? [] : ['flags interval']
}

function showElement(type: readonly FieldType[], { interface: name, vlans = [], prefix, protocol, ports }: NftElement): string {
  const show: Record<FieldType, () => string> = {
    ifname: () => [name, ...vlans].map((one) => `"${one}"`).join(', '),
    ipv4_addr: () => prefix!,
    ipv6_addr: () => prefix!,
    inet_proto: () => protocol!,
    inet_service: () => showPorts(ports!),
  }
  return type.map((field) => show[field]()).join(' . ')
}
