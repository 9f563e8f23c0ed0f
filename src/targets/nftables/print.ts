/**
 * Writes the table as one file for `nft -f`, which is one transaction: either all of it holds, or what held before stays. It declares, empties in place and
 * fills, so that the first load and every later one are the same file and no packet meets a half-made filter. Above each constant choice stands its reason.
 */
import type { Why } from '#base/place.ts'
import type { Line, PrintedFile } from '../target.ts'
import { RULES } from './rules.ts'
import { FILE, type FieldType, type NftElement, type NftRule, type NftTree, type Statement, TABLE, ZONE_PAIRS } from './tree.ts'

/** The file of the table. */
export function print({ sets, pairs, chains, why }: NftTree): readonly PrintedFile[] {
  const inPlace: Why = [RULES.inPlace.origin]
  const declared = [
    ...sets.flatMap((set) => block(`set ${set.name}`, set.why, [line(`type ${set.type.join(' . ')}`, set.why), line('flags interval', set.why)])),
    ...block(`map ${ZONE_PAIRS}`, DISPATCH, [line('type ifname . ifname : verdict', DISPATCH)]),
    ...chains.flatMap(({ name, base, why }) => [
      ...reasons(why),
      ...block(`chain ${name}`, why, base ? [line(`type filter hook ${base.hook} priority filter; policy ${base.policy};`, why)] : []),
    ]),
  ]
  const emptied = [
    line(`flush table inet ${TABLE}`, inPlace),
    ...sets.map((set) => line(`flush set inet ${TABLE} ${set.name}`, [...set.why, ...inPlace])),
    line(`flush map inet ${TABLE} ${ZONE_PAIRS}`, inPlace),
  ]
  const elements = [
    ...sets.flatMap((set) =>
      elementsOf(
        set.name,
        set.why,
        set.elements.map((element) => line(`${showElement(set.type, element)},`, element.why)),
      ),
    ),
    ...elementsOf(
      ZONE_PAIRS,
      DISPATCH,
      pairs.map(({ from, to, chain, why }) => line(`"${from}" . "${to}" : jump ${chain},`, why)),
    ),
  ]
  const filled = chains.filter(({ rules }) => rules.length > 0).flatMap(({ name, why, rules }) => block(`chain ${name}`, why, rules.flatMap(showRule)))
  const lines = [
    ...reasons(why),
    ...section(RULES.declare.origin, block(`table inet ${TABLE}`, why, declared)),
    ...section(RULES.inPlace.origin, emptied),
    ...section(RULES.elements.origin, elements),
    ...section(RULES.fill.origin, block(`table inet ${TABLE}`, why, filled)),
  ]
  return [{ path: FILE, lines }]
}

const DISPATCH: Why = [RULES.dispatch.origin]

const REASONS = new Map<string, string>(Object.values(RULES).map(({ origin, reason }) => [origin, reason]))

function line(text: string, why: Why): Line {
  return { text, why }
}

/** A comment for each constant choice among the origins. */
function reasons(why: Why): Line[] {
  return why.flatMap((origin) => {
    const reason = REASONS.get(origin)
    return reason ? [line(`# ${reason}`, [origin])] : []
  })
}

function section(origin: string, body: readonly Line[]): Line[] {
  return [line('', [origin]), ...reasons([origin]), ...body]
}

function block(head: string, why: Why, body: readonly Line[]): Line[] {
  return [line(`${head} {`, why), ...body.map(({ text, why }) => line(`  ${text}`, why)), line('}', why)]
}

function elementsOf(name: string, why: Why, elements: readonly Line[]): Line[] {
  return elements.length > 0 ? block(`add element inet ${TABLE} ${name}`, why, elements) : []
}

function showElement(type: readonly FieldType[], { interface: name, prefix, protocol, ports }: NftElement): string {
  const show: Record<FieldType, () => string> = {
    ifname: () => `"${name}"`,
    ipv4_addr: () => prefix!,
    ipv6_addr: () => prefix!,
    inet_proto: () => protocol!,
    inet_service: () => (ports![0] === ports![1] ? `${ports![0]}` : `${ports![0]}-${ports![1]}`),
  }
  return type.map((field) => show[field]()).join(' . ')
}

function showRule({ statements, why }: NftRule): Line[] {
  return [...reasons(why), line(statements.map(showStatement).join(' '), why)]
}

function showStatement(statement: Statement): string {
  switch (statement.kind) {
    case 'is': {
      const values = statement.values.map((value) => value.map((part, field) => (statement.selectors[field] === 'iifname' ? `"${part}"` : part)).join(' . '))
      return `${statement.selectors.join(' . ')} ${values.length === 1 ? values[0] : `{ ${values.join(', ')} }`}`
    }
    case 'in':
      return `${statement.selectors.join(' . ')} @${statement.set}`
    case 'state':
      return 'ct state vmap { established : accept, related : accept, invalid : drop }'
    case 'dispatch':
      return `iifname . oifname vmap @${ZONE_PAIRS}`
    case 'limit':
      return `limit rate ${statement.perSecond}/second burst ${statement.burst} packets`
    case 'log':
      return `log prefix "${statement.prefix}"`
    case 'counter':
      return 'counter'
    case 'verdict':
      return statement.verdict
  }
}
