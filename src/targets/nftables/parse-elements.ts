/** Reads what is in sets and maps. */
import { canonicalPrefix, familyOf } from '#base/ip.ts'
import type { Declared } from './parse-declarations.ts'
import { expect, expectLine, oneOf, readInterface, readName, readPorts, refuse, take } from './reading.ts'
import type { Scanner } from './scanner.ts'
import { type FieldType, type NftElement, type NftEntry, type NftTable, TABLE } from './tree.ts'

/** `add element inet netwright NAME { … }`, one element a line, each with a comma. */
export function readElements(
  s: Scanner,
  family: NftTable['family'],
  { sets, maps }: Declared,
): { readonly elements: ReadonlyMap<string, readonly NftElement[]>; readonly entries: ReadonlyMap<string, readonly NftEntry[]> } {
  const types = new Map(sets.filter(({ meters }) => meters === undefined).map(({ name, type }) => [name, type]))
  const keys = new Map(maps.map(({ name, type }) => [name, type]))
  const elements = new Map<string, readonly NftElement[]>()
  const entries = new Map<string, readonly NftEntry[]>()
  while (take(s, 'add')) {
    expect(s, 'element', family, TABLE)
    const known = (name: string) => (types.has(name) && !elements.has(name)) || (keys.has(name) && !entries.has(name))
    const name = readName(s, known, 'a declared set or map that is not filled yet')
    expectLine(s, '{')
    const type = types.get(name)
    if (type) elements.set(name, readAlike(s, type))
    else
      entries.set(
        name,
        readList(s, () => readEntry(s, keys.get(name)!.length)),
      )
  }
  return { elements, entries }
}

/** Elements by their text, and what they are of: devices of one kind have the same. Also spares those who look at them from looking twice: the same elements are one array. */
const KNOWN = new Map<string, readonly NftElement[]>()

/** Texts that are remembered before all are forgotten: a company of some thousand devices has fewer. */
const REMEMBERED = 1 << 14

function readAlike(s: Scanner, type: readonly FieldType[]): readonly NftElement[] {
  // Where there is nothing, the next end is another one's.
  const text = s.peek().text === '}' ? undefined : s.upTo('\n}')
  const key = `${type.join()} ${text}`
  const known = text === undefined ? undefined : KNOWN.get(key)
  if (known) {
    s.skip(text!)
    expectLine(s)
    expectLine(s, '}')
    return known
  }
  const read = readList(s, () => (type.join() === 'ifname' ? readPort(s) : readElement(s, type)))
  if (KNOWN.size >= REMEMBERED) KNOWN.clear()
  if (text !== undefined) KNOWN.set(key, read)
  return read
}

/** `read` takes the comma too. */
function readList<T>(s: Scanner, read: () => T): T[] {
  const out: T[] = []
  while (s.peek().text !== '}') {
    out.push(read())
    expectLine(s)
  }
  expectLine(s, '}')
  return out
}

function readEntry(s: Scanner, fields: number): NftEntry {
  const interfaces = Array.from({ length: fields }, (_, at) => {
    if (at > 0) expect(s, '.')
    return readInterface(s)
  })
  expect(s, ':', 'jump')
  const chain = readName(s)
  expect(s, ',')
  return { interfaces, chain, why: [] }
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
  expect(s, ',')
  return element
}

/** A port and its VLANs. */
function readPort(s: Scanner): NftElement {
  const names: string[] = []
  do {
    names.push(readInterface(s))
    expect(s, ',')
  } while (s.peek().kind === 'string')
  const [name, ...vlans] = names
  return { interface: name!, ...(vlans.length > 0 ? { vlans } : {}), why: [] }
}

function readPrefix(s: Scanner, family: 4 | 6): string {
  const token = s.next()
  return familyOf(token.text) === family && canonicalPrefix(token.text) === token.text ? token.text : refuse(token, `an IPv${family} prefix in canonical form`)
}
