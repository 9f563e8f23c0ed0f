/**
 * `node tools/run.cjs tools/check-certificate.ts FILE [--configs DIR]`: checks a certificate that `netwright check --certificate FILE` wrote. Nothing of the program that found the proof is used here, and nothing
 * is searched for: each step is looked at by itself. What that comes to, and what has to be believed all the same, is told in docs/certificate.md.
 */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

// What is read is anybody's: each value is asked for its shape before it is used.

interface Refusal {
  readonly refused: string
}

function refuse(says: string): never {
  throw { refused: says } satisfies Refusal
}

type Members = Readonly<Record<string, unknown>>

function members(value: unknown, where: string): Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : refuse(`${where} has no members.`)
}

function list(value: unknown, where: string): readonly unknown[] {
  return Array.isArray(value) ? value : refuse(`${where} is not a list.`)
}

function lists(value: unknown, where: string): readonly (readonly unknown[])[] {
  return list(value, where).map((one, index) => list(one, `${where}[${index}]`))
}

function text(value: unknown, where: string): string {
  return typeof value === 'string' ? value : refuse(`${where} is not a text.`)
}

/** A whole number from the least to below the end. */
function whole(value: unknown, where: string, end: number, least = 0): number {
  const fits = typeof value === 'number' && Number.isInteger(value) && value >= least && value < end
  return fits ? value : refuse(`${where} is ${JSON.stringify(value) ?? 'missing'}, and not a number from ${least} to ${end - 1}.`)
}

function wholes(value: unknown, where: string, end: number, least = 0): readonly number[] {
  return list(value, where).map((one) => whole(one, where, end, least))
}

/** Numbers that come in so many together. */
function groups(numbers: readonly number[], size: number, where: string): readonly (readonly number[])[] {
  if (numbers.length % size !== 0) refuse(`${where} has ${numbers.length} numbers, which is no multiple of ${size}.`)
  return Array.from({ length: numbers.length / size }, (_, index) => numbers.slice(index * size, (index + 1) * size))
}

// Addresses.

type Family = 4 | 6

const BITS = { 4: 32, 6: 128 } as const

interface Address {
  readonly family: Family
  readonly value: bigint
}

function addressOf(written: unknown, where: string): Address {
  const said = text(written, where)
  const wrong = () => refuse(`${where} is ${JSON.stringify(said)}, which is no address.`)
  const groupsOf = (part: string) => (part === '' ? [] : part.split(':'))
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(said)) {
    const bytes = said.split('.').map(Number)
    if (bytes.some((byte) => byte > 255)) wrong()
    return { family: 4, value: bytes.reduce((value, byte) => value * 256n + BigInt(byte), 0n) }
  }
  const [before, after, more] = said.split('::')
  const [high, low] = [groupsOf(before!), groupsOf(after ?? '')]
  const zeros = 8 - high.length - low.length
  if (more !== undefined || (after === undefined ? zeros !== 0 : zeros < 0)) wrong()
  const all = [...high, ...Array.from({ length: zeros }, () => '0'), ...low]
  if (!all.every((group) => /^[0-9a-f]{1,4}$/.test(group))) wrong()
  return { family: 6, value: BigInt(`0x${all.map((group) => group.padStart(4, '0')).join('')}`) }
}

/** The first and the last address of a prefix. */
function prefixOf(written: unknown, where: string, family: Family): readonly [bigint, bigint, length: number] {
  const [address, after = ''] = text(written, where).split('/')
  const { family: own, value } = addressOf(address, where)
  const length = whole(/^\d+$/.test(after) ? Number(after) : after, `the length of ${where}`, BITS[family] + 1)
  const size = 1n << BigInt(BITS[family] - length)
  if (own !== family || value % size !== 0n) refuse(`${where} is ${JSON.stringify(written)}, which is no prefix of IPv${family}.`)
  return [value, value + size - 1n, length]
}

// Packets: boxes, as the first and the last value of source, destination, protocol, source port, destination port and type. Addresses are numbers of atoms.

type Box = readonly number[]

/** Where fields begin in a box. */
const DESTINATION = 2
const PROTOCOL = 4

/** The end of the values of each field behind addresses. */
const ENDS = [256, 65_536, 65_536, 256]

function meet(a: Box, b: Box): Box | undefined {
  const found: number[] = []
  for (let at = 0; at < a.length; at += 2) {
    const [first, last] = [Math.max(a[at]!, b[at]!), Math.min(a[at + 1]!, b[at + 1]!)]
    if (first > last) return undefined
    found.push(first, last)
  }
  return found
}

function contains(outer: Box, inner: Box): boolean {
  for (let at = 0; at < outer.length; at += 2) if (outer[at]! > inner[at]! || outer[at + 1]! < inner[at + 1]!) return false
  return true
}

/** What of a box none of the others holds, as boxes: around each of them what is left is cut into slabs, a field after the other. */
function outsideOf(box: Box, others: readonly Box[]): readonly Box[] {
  if (others.some((other) => contains(other, box))) return []
  let left: readonly Box[] = [box]
  for (const other of others) {
    if (left.length === 0) break
    left = left.flatMap((part) => (meet(part, other) ? slabs(part, other) : [part]))
  }
  return left
}

function slabs(box: Box, hole: Box): readonly Box[] {
  const found: (readonly number[])[] = []
  const inner: number[] = [...box]
  for (let at = 0; at < box.length; at += 2) {
    if (inner[at]! < hole[at]!) {
      found.push(inner.with(at + 1, hole[at]! - 1))
      inner[at] = hole[at]!
    }
    if (inner[at + 1]! > hole[at + 1]!) {
      found.push(inner.with(at, hole[at + 1]! + 1))
      inner[at + 1] = hole[at + 1]!
    }
  }
  return found
}

/** Boxes in order of destination, of which those are found that may meet destinations from one to another. */
type Near = (first: number, last: number) => readonly Box[]

function nearOf(boxes: readonly Box[]): Near {
  const sorted = [...boxes].sort((a, b) => a[DESTINATION]! - b[DESTINATION]!)
  let highest = -1
  const reach = sorted.map((box) => {
    highest = Math.max(highest, box[DESTINATION + 1]!)
    return highest
  })
  return (first, last) => {
    let [from, end] = [0, sorted.length]
    while (from < end) {
      const middle = (from + end) >> 1
      if (sorted[middle]![DESTINATION]! <= last) from = middle + 1
      else end = middle
    }
    const found: Box[] = []
    for (let at = from - 1; at >= 0 && reach[at]! >= first; at--) if (sorted[at]![DESTINATION + 1]! >= first) found.push(sorted[at]!)
    return found
  }
}

function meetingOf(boxes: readonly Box[], others: Near): readonly Box[] {
  const found: Box[] = []
  for (const box of boxes)
    for (const other of others(box[DESTINATION]!, box[DESTINATION + 1]!)) {
      const part = meet(box, other)
      if (part) found.push(part)
    }
  return found
}

function missingOf(boxes: readonly Box[], others: Near): readonly Box[] {
  return boxes.flatMap((box) => outsideOf(box, others(box[DESTINATION]!, box[DESTINATION + 1]!)))
}

type Interval = readonly number[]

/** What intervals have in common, in order and apart from each other. */
function common(some: readonly Interval[], others: readonly Interval[]): readonly Interval[] {
  const met = some.flatMap(([a, b]) => others.flatMap(([first, last]) => (first! <= b! && a! <= last! ? [[Math.max(a!, first!), Math.min(b!, last!)]] : [])))
  const joined: number[][] = []
  for (const [first, last] of met.sort(([a], [b]) => a! - b!)) {
    const before = joined.at(-1)
    if (before && first! <= before[1]! + 1) before[1] = Math.max(before[1]!, last!)
    else joined.push([first!, last!])
  }
  return joined
}

function remembered<K, V>(find: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>()
  return (key) => {
    if (!known.has(key)) known.set(key, find(key))
    return known.get(key)!
  }
}

// The network, of both families.

interface Port {
  readonly table: number
  readonly name: string
  readonly wire: number
  readonly addresses: readonly string[]
}

interface Network {
  readonly devices: readonly { readonly name: string; readonly asks: boolean; readonly balances: boolean }[]
  readonly tables: readonly { readonly device: number; readonly vrf: string; readonly name: string }[]
  readonly ports: readonly Port[]
  /** By wire, who answers for which address. */
  readonly answers: ReadonlyMap<number, readonly (Address & { readonly port: number })[]>
  /** By wire, family and address. */
  readonly answering: ReadonlyMap<string, number>
  readonly places: readonly { readonly id: string; readonly zone: number }[]
  readonly flows: readonly string[]
  readonly claims: readonly { readonly id: string; readonly kind: string; readonly outside: boolean; readonly world: number | undefined }[]
  readonly filters: readonly { readonly device: number; readonly zones: readonly { readonly name: string; readonly port: number }[] }[]
}

function networkOf(certificate: Members): Network {
  const of = (name: string) => lists(certificate[name], name)
  const devices = of('devices').map(([name, asks, balances]) => ({ name: text(name, 'a device'), asks: asks === 1, balances: balances === 1 }))
  const tables = of('tables').map(([number, named]) => {
    const [device, vrf] = [whole(number, 'the device of a table', devices.length), text(named, 'a VRF')]
    return { device, vrf, name: vrf === '' ? devices[device]!.name : `${devices[device]!.name} (${vrf})` }
  })
  const ports = of('ports').map(([table, name, wire, ...addresses], index): Port => {
    const where = `ports[${index}]`
    const own = addresses.map((address) => text(address, where))
    return { table: whole(table, where, tables.length), name: text(name, where), wire: whole(wire, where, Infinity), addresses: own }
  })
  const answers = new Map<number, (Address & { port: number })[]>()
  const answering = new Map<string, number>()
  for (const [on, address, by] of of('answers')) {
    const [wire, port] = [whole(on, 'a wire', Infinity), whole(by, 'who answers', ports.length)]
    const found = addressOf(address, 'what is answered for')
    const key = `${wire} ${found.family} ${found.value}`
    if (ports[port]!.wire !== wire) refuse(`answers: ${ports[port]!.name} answers for ${address} on a wire that it is not on.`)
    if (answering.has(key)) refuse(`answers: two answer for ${address} on one wire.`)
    answering.set(key, port)
    answers.set(wire, [...(answers.get(wire) ?? []), { ...found, port }])
  }
  const places = of('places').map(([id, zone]) => ({ id: text(id, 'a place'), zone: whole(zone, 'the zone of a place', Infinity) }))
  const claims = list(certificate.claims, 'claims').map((value, index) => {
    const { id, kind, outside, world } = members(value, `claims[${index}]`)
    if (kind !== 'isolate' && kind !== 'reach') refuse(`claims[${index}].kind is neither isolate nor reach.`)
    return { id: text(id, 'a claim'), kind, outside: outside === 1, world: world === undefined ? undefined : whole(world, 'the world of a claim', Infinity) }
  })
  const filters = of('filters').map(([device, ...zones]) => ({
    device: whole(device, 'the device of a filter', devices.length),
    zones: lists(zones, 'zones of a filter').map(([name, port]) => ({ name: text(name, 'a zone'), port: whole(port, 'the port of a zone', ports.length, -1) })),
  }))
  const flows = list(certificate.flows, 'flows').map((id) => text(id, 'a flow'))
  return { devices, tables, ports, answers, answering, places, flows, claims, filters }
}

// Steps: what a table does with packets.

/** A step leads out by a port (or to the device itself) to an end, or into another port; or nowhere. */
type Step = { readonly out: number } & ({ readonly end: number } | { readonly enter: number } | { readonly lost: true })

/** Where packets end: with hosts on a wire, with a device at an address that is called, with a router at another one, outside. */
const [HOSTS, DEVICE, ROUTER, OUTSIDE] = [0, 1, 2, 3] as const
const ITSELF = -1
const LOST: readonly Step[] = [{ out: ITSELF, lost: true }]

/** A table: by kind, what it does with packets; whether that is to keep them; and what it does with those that it sends on, for a device that sends to itself. */
interface Table {
  readonly stepsOf: (kind: number) => readonly Step[]
  readonly isOwn: (kind: number) => boolean
  readonly away: readonly Step[] | undefined
}

const UNASKED = -1

/** The partition of destinations. */
interface Partition {
  readonly firsts: readonly bigint[]
  readonly kindOf: Int32Array
  readonly count: number
  /** Atoms of one kind side by side. */
  readonly runs: readonly { readonly first: number; readonly last: number; readonly kind: number }[]
  /** The atom that begins with an address. */
  atomAt(address: bigint, where: string): number
}

function partitionOf(family: Members, where: string, bits: number): Partition {
  const end = 1n << BigInt(bits)
  const firsts = list(family.atoms, `${where}.atoms`).map((hex, index) => {
    if (!/^[0-9a-f]+$/.test(text(hex, `${where}.atoms[${index}]`))) refuse(`${where}.atoms[${index}] is not hexadecimal.`)
    return BigInt(`0x${hex}`)
  })
  if (firsts[0] !== 0n) refuse(`${where}.atoms: the addresses do not begin with 0.`)
  firsts.forEach((first, index) => {
    if (first >= (firsts[index + 1] ?? end)) refuse(`${where}.atoms[${index}] is not before the next one.`)
  })
  const numbers = new Map(firsts.map((first, atom) => [first, atom]))
  const told = groups(wholes(family.kinds, `${where}.kinds`, firsts.length, UNASKED), 2, `${where}.kinds`)
  if (told[0]?.[0] !== 0) refuse(`${where}.kinds: the first atom has none.`)
  const runs = told.map(([first, kind], index) => ({ first: first!, last: (told[index + 1]?.[0] ?? firsts.length) - 1, kind: kind! }))
  const kindOf = new Int32Array(firsts.length)
  for (const { first, last, kind } of runs) {
    if (first < 0 || last < first) refuse(`${where}.kinds: atoms are not in order at ${first}.`)
    kindOf.fill(kind, first, last + 1)
  }
  const count = kindOf.reduce((most, kind) => Math.max(most, kind + 1), 0)
  return {
    firsts,
    kindOf,
    count,
    runs,
    atomAt: (address, what) => (address === end ? firsts.length : (numbers.get(address) ?? refuse(`${where}: ${what} begins or ends inside of an atom.`))),
  }
}

/** Nobody asks about links, and about what routers have at interfaces that nobody calls: about all else, somebody does. */
function checkUnasked({ ports, tables, answers }: Network, family: Family, { firsts, kindOf, atomAt }: Partition, links: readonly Interval[]): void {
  const may = new Uint8Array(firsts.length)
  for (const [first, last] of links) may.fill(1, first, last! + 1)
  const own = ports.flatMap(({ addresses }, port) => addresses.map((address) => ({ ...addressOf(address, 'an address of a port'), port })))
  for (const { family: of, value, port } of [...own, ...[...answers.values()].flat()]) {
    if (of !== family || isCalled(ports[port]!.name, tables[ports[port]!.table]!.vrf)) continue
    const says = `the address ${showAddress(family, value)}`
    may.fill(1, atomAt(value, says), atomAt(value + 1n, says))
  }
  for (const [atom, kind] of kindOf.entries())
    if (kind === UNASKED && may[atom] === 0) refuse(`families.${family}.kinds: somebody asks about ${showAddress(family, firsts[atom]!)}, and it has no kind.`)
}

/** Whether somebody speaks to the addresses of a port: those of loopbacks, and those in a VRF. */
function isCalled(name: string, vrf: string): boolean {
  return name === 'lo' || vrf !== ''
}

function tableOf(network: Network, family: Family, partition: Partition, table: number, routes: readonly unknown[], ways: readonly Way[]): Table {
  const { ports, tables, answers, answering } = network
  const { firsts, kindOf, count, atomAt } = partition
  const { name } = tables[table]!
  const where = `families.${family}.routes[${table}]`
  const read = Array.from({ length: routes.length / 2 }, (_, index) => {
    const prefix = text(routes[2 * index], where)
    const [first, last, length] = prefixOf(prefix, where, family)
    const way = ways[whole(routes[2 * index + 1], `the way of ${prefix} in ${where}`, ways.length)]!
    const says = `the prefix ${prefix} of ${name}`
    return { prefix, length, way, first, last, from: atomAt(first, says), to: atomAt(last + 1n, says) }
  }).sort((a, b) => a.length - b.length)
  if (new Set(read.map(({ prefix }) => prefix)).size < read.length) refuse(`${where}: ${name} has two routes to one prefix.`)

  // The longest prefix is written last.
  const chosen = new Int32Array(firsts.length).fill(-1)
  for (const [index, { from, to }] of read.entries()) chosen.fill(index, from, to)
  const steps: { readonly steps: readonly Step[]; readonly own: boolean; readonly sent: boolean }[] = []
  const numbers = new Map<string, number>()
  const number = (key: string, make: () => readonly Step[], own = false, sent = false) => {
    if (!numbers.has(key)) numbers.set(key, steps.push({ steps: make(), own, sent }) - 1)
    return numbers.get(key)!
  }
  const hop = ([port, to]: Hop): Step => {
    if (typeof to === 'number') return to < 0 ? LOST[0]! : { out: port, enter: to }
    const next = answering.get(`${ports[port]!.wire} ${to.family} ${to.value}`)
    return next === undefined ? { out: port, end: OUTSIDE } : { out: port, enter: next }
  }
  const nothing = number('', () => LOST)
  const byRoute = read.map(({ way }) => {
    for (const port of typeof way.to === 'number' ? (way.to < 0 ? [] : [way.to]) : way.to.map(([port]) => port))
      if (ports[port]!.table !== table) refuse(`${where}: ${name} sends by ${ports[port]!.name}, which is no port of it.`)
    if (typeof way.to !== 'number') {
      const hops = way.to
      return number(`way ${way.number}`, () => (hops.length === 0 ? LOST : hops.map(hop)), false, true)
    }
    const port = way.to
    return port < 0 ? nothing : number(`on ${port}`, () => (ports[port]!.name === 'lo' ? LOST : [{ out: port, end: HOSTS }]))
  })
  const does = Int32Array.from(chosen, (route) => (route < 0 ? nothing : byRoute[route]!))
  // On a link, the addresses of devices are theirs.
  for (const [index, { way, first, last }] of read.entries()) {
    if (typeof way.to !== 'number' || way.to < 0) continue
    const port = way.to
    for (const { family: of, value, port: at } of answers.get(ports[port]!.wire) ?? []) {
      if (of !== family || value < first || value > last) continue
      const atom = atomAt(value, `an address on the link ${ports[port]!.name} of ${name}`)
      if (atomAt(value + 1n, `an address on the link ${ports[port]!.name} of ${name}`) !== atom + 1)
        refuse(`${where}: an atom holds more than one address of ${name}.`)
      if (chosen[atom] !== index) continue
      const called = isCalled(ports[at]!.name, tables[ports[at]!.table]!.vrf)
      does[atom] =
        ports[at]!.table === table
          ? number(`own ${called}`, () => [{ out: ITSELF, end: called ? DEVICE : ROUTER }], true)
          : number(`to ${port} ${at}`, () => [{ out: port, enter: at }])
    }
  }
  const byKind = new Int32Array(count).fill(-1)
  for (const [atom, kind] of kindOf.entries()) {
    if (kind === UNASKED) continue
    if (byKind[kind] === -1) byKind[kind] = does[atom]!
    else if (byKind[kind] !== does[atom])
      refuse(`families.${family}.kinds: ${name} does something else with ${showAddress(family, firsts[atom]!)} than with others of kind ${kind}.`)
  }
  const away = does.find((step) => steps[step]!.sent)
  return {
    stepsOf: (kind) => steps[byKind[kind]!]!.steps,
    isOwn: (kind) => steps[byKind[kind]!]!.own,
    away: away === undefined ? undefined : steps[away]!.steps,
  }
}

function showAddress(family: Family, value: bigint): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.')
  return value.toString(16).padStart(32, '0').match(/.{4}/g)!.join(':')
}

type Hop = readonly [port: number, to: number | Address]
interface Way {
  readonly number: number
  readonly to: number | readonly Hop[]
}

function waysOf(family: Members, where: string, { ports }: Network): readonly Way[] {
  return list(family.ways, `${where}.ways`).map((way, number) => {
    const at = `${where}.ways[${number}]`
    if (!Array.isArray(way)) return { number, to: whole(way, at, ports.length, -1) }
    const hops = lists(way, at).map(([port, to]): Hop => {
      return [whole(port, at, ports.length), typeof to === 'number' ? whole(to, at, ports.length, -1) : addressOf(to, at)]
    })
    return { number, to: hops }
  })
}

// Fates: what becomes of packets.

const ROUND = -1
const UNMET = -2
const ANY_PORT = -1
const OWN = -2

interface Fate {
  /** Whether some way ends nowhere. */
  readonly lost: boolean
  /** By each way that ends somewhere: where, and behind which gates, in order. */
  readonly ways: readonly { readonly end: number; readonly gates: readonly number[] }[]
}

/** The fates of a certificate by number, and others that come up on the way. */
interface Algebra {
  readonly fates: readonly Fate[]
  readonly lost: number
  end(end: number): number
  behind(gate: number, fate: number): number
  either(one: number, other: number): number
}

function algebraOf(told: readonly Fate[], where: string): Algebra {
  const fates: Fate[] = []
  const numbers = new Map<string, number>()
  const keyOf = ({ lost, ways }: Fate) => `${lost} ${[...new Set(ways.map(({ end, gates }) => `${end}:${gates.join()}`))].sort().join(' ')}`
  const numberOf = (fate: Fate) => {
    const key = keyOf(fate)
    if (!numbers.has(key)) {
      const distinct = new Map(fate.ways.map((way) => [`${way.end}:${way.gates.join()}`, way]))
      numbers.set(key, fates.push({ lost: fate.lost, ways: [...distinct.values()] }) - 1)
    }
    return numbers.get(key)!
  }
  for (const [index, fate] of told.entries()) if (numberOf(fate) !== index) refuse(`${where}.fates[${index}] is told twice.`)
  const known = new Map<number, number>()
  const made = (key: number, make: () => Fate) => {
    if (!known.has(key)) known.set(key, numberOf(make()))
    return known.get(key)!
  }
  // Numbers of gates and fates are far below this.
  const MOST = 2 ** 25
  const ends = remembered((end: number) => numberOf({ lost: false, ways: [{ end, gates: [] }] }))
  const gated = remembered((gate: number) => {
    const behind = new Map<number, number>()
    return (fate: number) => {
      if (!behind.has(fate)) {
        const { lost, ways } = fates[fate]!
        behind.set(fate, numberOf({ lost, ways: ways.map(({ end, gates }) => ({ end, gates: [...new Set([...gates, gate])].sort((a, b) => a - b) })) }))
      }
      return behind.get(fate)!
    }
  })
  return {
    fates,
    lost: numberOf({ lost: true, ways: [] }),
    end: ends,
    behind: (gate, fate) => (gate < 0 ? fate : gated(gate)(fate)),
    either: (one, other) =>
      one === other
        ? one
        : made(one * MOST + other, () => ({ lost: fates[one]!.lost || fates[other]!.lost, ways: [...fates[one]!.ways, ...fates[other]!.ways] })),
  }
}

function fatesOf(family: Members, where: string, gates: number): readonly Fate[] {
  return lists(family.fates, `${where}.fates`).map(([lost, ...ways], index) => ({
    lost: whole(lost, `${where}.fates[${index}]`, 2) === 1,
    ways: lists(ways, `${where}.fates[${index}]`).map(([end, ...behind]) => ({
      end: whole(end, `an end in ${where}.fates[${index}]`, OUTSIDE + 1),
      gates: wholes(behind, `a gate in ${where}.fates[${index}]`, gates),
    })),
  }))
}

/** What becomes of packets when some devices are missing, or none. */
interface World {
  readonly stops: readonly { readonly table: number; readonly port: number; readonly row: Int32Array; readonly rank: Int32Array; readonly number: number }[]
  /** By place: the row of the stop at which its packets begin, by number too, and their sources. */
  readonly places: readonly (readonly Begun[])[]
}

interface Begun {
  readonly number: number
  readonly row: Int32Array
  readonly sources: readonly Interval[]
}

function worldOf(
  value: unknown,
  where: string,
  network: Network,
  { count, firsts }: Partition,
  fates: number,
): World & { readonly missing: ReadonlySet<number> } {
  const told = members(value, where)
  const rowsIn = (name: string, least: number, end: number) =>
    lists(told[name], `${where}.${name}`).map((runs, index) => {
      const row: number[] = []
      for (const [of, times] of groups(runs as number[], 2, `${where}.${name}[${index}]`)) {
        const value = whole(of, `${where}.${name}[${index}]`, end, least)
        for (let left = whole(times, `${where}.${name}[${index}]`, count + 1); left > 0; left--) row.push(value)
      }
      if (row.length !== count) refuse(`${where}.${name}[${index}] is of ${row.length} kinds, and there are ${count}.`)
      return Int32Array.from(row)
    })
  const rows = rowsIn('rows', UNMET, fates)
  const ranks = rowsIn('ranks', UNMET, 2 ** 31)
  const stops = lists(told.stops, `${where}.stops`).map(([table, port, row, rank], index) => {
    const at = `${where}.stops[${index}]`
    const number = whole(row, at, rows.length)
    return {
      table: whole(table, at, network.tables.length),
      port: whole(port, at, network.ports.length, OWN),
      row: rows[number]!,
      rank: ranks[whole(rank, at, ranks.length)]!,
      number,
    }
  })
  const places = lists(told.places, `${where}.places`).map((begun, place) =>
    lists(begun, `${where}.places[${place}]`).map(([stop, ...sources]): Begun => {
      const at = `${where}.places[${place}]`
      const { number, row } = stops[whole(stop, at, stops.length)]!
      return { number, row, sources: groups(wholes(sources, at, firsts.length), 2, at) }
    }),
  )
  if (places.length !== network.places.length) refuse(`${where}.places are ${places.length}, and there are ${network.places.length} places.`)
  return { stops, places, missing: new Set(wholes(told.missing, `${where}.missing`, network.devices.length)) }
}

/** Looks at each stop and kind by itself: the fate is what the steps there make of the fates that they lead to, and these are nearer to the end. Where packets go round, some step leads to where they go round too. */
function checkSteps(
  network: Network,
  world: ReturnType<typeof worldOf>,
  tables: readonly Table[],
  passages: ReadonlyMap<string, number>,
  algebra: Algebra,
  count: number,
  where: string,
): void {
  const { devices, ports } = network
  const numbers = new Map(world.stops.map(({ table, port }, number) => [`${table} ${port}`, number]))
  const deviceOf = (table: number) => devices[network.tables[table]!.device]!
  for (const { table, port, row, rank } of world.stops) {
    const { name } = network.tables[table]!
    const at = `${where}: at ${name}${port >= 0 ? ` by ${ports[port]!.name}` : ''}`
    if (port >= 0 && ports[port]!.table !== table) refuse(`${at}: the port is none of that table.`)
    if (port === ANY_PORT && deviceOf(table).asks) refuse(`${at}: its filter asks by which port packets come, and none is told.`)
    const { stepsOf, isOwn, away } = tables[table]!
    const lead = remembered((steps: readonly Step[]) =>
      steps.map((step) => {
        if ('lost' in step) return { gate: -1, fate: algebra.lost, next: undefined }
        if ('enter' in step && world.missing.has(network.tables[ports[step.enter]!.table]!.device)) return { gate: -1, fate: algebra.lost, next: undefined }
        const gate = port < 0 ? -1 : passages.get(`${port} ${step.out}`)
        if (gate === undefined) refuse(`${at}: no gate is told to ${step.out < 0 ? 'the device itself' : ports[step.out]!.name}.`)
        if ('end' in step) return { gate, fate: algebra.end(step.end), next: undefined }
        const to = ports[step.enter]!
        const next = world.stops[numbers.get(`${to.table} ${deviceOf(to.table).asks ? step.enter : ANY_PORT}`)!]
        return { gate, fate: UNMET, next: next ?? refuse(`${at}: packets go on to ${network.tables[to.table]!.name} by ${to.name}, of which nothing is told.`) }
      }),
    )
    for (let kind = 0; kind < count; kind++) {
      const told = row[kind]!
      if (told === UNMET) continue
      let made = UNMET
      let round = false
      for (const { gate, fate, next } of lead((port === OWN && isOwn(kind) && away) || stepsOf(kind))) {
        const there = next ? next.row[kind]! : fate
        if (there === UNMET) refuse(`${at}: packets of kind ${kind} go on to where nothing is told of them.`)
        if (there === ROUND) round = true
        else if (told !== ROUND) {
          if (next && !(next.rank[kind]! >= 0 && next.rank[kind]! < rank[kind]!))
            refuse(`${at}: packets of kind ${kind} come no nearer to an end: the rank is not more than that of the next stop.`)
          const one = algebra.behind(gate, there)
          made = made === UNMET ? one : algebra.either(made, one)
        }
      }
      if (told === ROUND ? !round : round)
        refuse(`${at}: packets of kind ${kind} ${round ? 'go round, which is not told' : 'are told to go round, and do not'}.`)
      if (told !== ROUND && rank[kind]! < 0) refuse(`${at}: packets of kind ${kind} have no rank.`)
      if (told !== ROUND && made !== told) refuse(`${at}: the fate of kind ${kind} is not what its steps make of the fates behind them.`)
    }
  }
}

// What is meant.

interface Flow {
  readonly from: readonly Interval[]
  readonly to: readonly { readonly interval: Interval; readonly zone: number }[]
  readonly receivers: readonly { readonly interval: Interval; readonly prefix: Interval; readonly place: string }[]
  readonly services: readonly Box[]
}

function flowsOf(value: unknown, where: string, atoms: number, { places }: Network, count: number): readonly Flow[] {
  const ids = new Set(places.map(({ id }) => id))
  const told = list(value, where).map((flow, index): Flow => {
    const at = `${where}[${index}]`
    const { from, to, receivers, services } = members(flow, at)
    return {
      from: groups(wholes(from, at, atoms), 2, at),
      to: lists(to, at).map(([first, last, zone]) => ({ interval: wholes([first, last], at, atoms), zone: whole(zone, at, Infinity) })),
      receivers: lists(receivers, at).map(([a, b, c, d, id]) => {
        const place = text(id, at)
        if (place !== '' && !ids.has(place)) refuse(`${at}: a receiver is on ${place}, which is no place.`)
        return { interval: wholes([a, b], at, atoms), prefix: wholes([c, d], at, atoms), place }
      }),
      services: lists(services, at).map((service) => {
        const [protocol, first = 0, last = 65_535] = wholes(service, at, 65_536)
        return serviceBox(atoms, [protocol!, protocol!], [first, last])
      }),
    }
  })
  if (told.length !== count) refuse(`${where} are ${told.length}, and ${count} are named.`)
  return told
}

function serviceBox(atoms: number, protocol: Interval, ports: Interval): Box {
  return [0, atoms - 1, 0, atoms - 1, ...protocol, 0, 65_535, ...ports, 0, 255]
}

/** All packets from some to others, of these services; of any, where none is named. */
function packetsOf(from: readonly Interval[], to: readonly Interval[], services: readonly Box[], atoms: number): readonly Box[] {
  const all = services.length > 0 ? services : [serviceBox(atoms, [0, 255], [0, 65_535])]
  return from.flatMap((source) => to.flatMap((destination) => all.map((service) => [...source, ...destination, ...service.slice(PROTOCOL)])))
}

/** One family, checked but for what is claimed of it. */
interface Checked {
  readonly family: Family
  readonly partition: Partition
  readonly worlds: readonly World[]
  readonly flows: readonly Flow[]
  readonly claims: readonly Flow[]
  readonly zones: readonly (readonly Interval[])[]
  readonly brought: readonly (readonly Interval[] | undefined)[]
  readonly gates: readonly (readonly Box[])[]
  readonly passages: ReadonlyMap<string, number>
  /** What arrives by some way, by end, and what does on each of several; of a row of fates. */
  arriving(begun: Begun): Arriving
}

interface Arriving {
  readonly may: (outside: boolean) => Near
  readonly all: readonly Box[]
  readonly must: Near
  /** Kinds that go round, of which more may arrive than is told. */
  readonly goesRound: boolean
}

function familyOf(certificate: Members, network: Network, family: Family): Checked {
  const where = `families.${family}`
  const told = members(members(certificate.families, 'families')[String(family)], where)
  const partition = partitionOf(told, where, BITS[family])
  const { firsts, count, runs } = partition
  const links = groups(wholes(told.links, `${where}.links`, firsts.length), 2, `${where}.links`)
  checkUnasked(network, family, partition, links)
  const ways = waysOf(told, where, network)
  const routes = lists(told.routes, `${where}.routes`)
  if (routes.length !== network.tables.length) refuse(`${where}.routes are of ${routes.length} tables, and there are ${network.tables.length}.`)
  const tables = routes.map((of, table) => tableOf(network, family, partition, table, of, ways))
  const boxes = lists(told.boxes, `${where}.boxes`).map((box, index) => boxOf(box, `${where}.boxes[${index}]`, firsts.length))
  const gates = lists(told.gates, `${where}.gates`).map((gate, index) => wholes(gate, `${where}.gates[${index}]`, boxes.length).map((box) => boxes[box]!))
  const passages = new Map<string, number>()
  for (const [iif, oif, gate] of groups(wholes(told.passages, `${where}.passages`, Infinity, ITSELF), 3, `${where}.passages`)) {
    const key = `${whole(iif, `${where}.passages`, network.ports.length)} ${whole(oif, `${where}.passages`, network.ports.length, ITSELF)}`
    if (passages.has(key)) refuse(`${where}.passages: a gate is told twice.`)
    passages.set(key, whole(gate, `${where}.passages`, gates.length))
  }
  const fates = fatesOf(told, where, gates.length)
  const algebra = algebraOf(fates, where)
  const worlds = list(told.worlds, `${where}.worlds`).map((value, index) => {
    const world = worldOf(value, `${where}.worlds[${index}]`, network, partition, fates.length)
    if (index === 0 && world.missing.size > 0) refuse(`${where}.worlds[0]: devices are missing.`)
    checkSteps(network, world, tables, passages, algebra, count, `${where}.worlds[${index}]`)
    return world
  })
  if (worlds.length === 0) refuse(`${where}.worlds: there is none.`)
  for (const [place, begun] of worlds[0]!.places.entries())
    if (begun.some(({ sources }) => common(sources, links).length > 0)) refuse(`${where}.links: ${network.places[place]!.id} sends from some of them.`)
  const sides = (name: string, length: number) => {
    const found = list(told[name], `${where}.${name}`)
    if (found.length < length) refuse(`${where}.${name} are ${found.length}, and ${length} are needed.`)
    return found.map((one, index) =>
      one === null ? undefined : groups(wholes(one, `${where}.${name}[${index}]`, firsts.length), 2, `${where}.${name}[${index}]`),
    )
  }

  /** What gates let through together. */
  const everything: Box = serviceBox(firsts.length, [0, 255], [0, 65_535])
  const passing = remembered((key: string): readonly Box[] => {
    if (key === '') return [everything]
    const end = key.lastIndexOf(',')
    return meetingOf(gates[Number(key.slice(end + 1))]!, nearTo(key.slice(0, Math.max(end, 0))))
  })
  const nearTo = remembered((key: string): Near => nearOf(passing(key)))
  const arriving = (row: Int32Array): Arriving => {
    const by = new Map<number, Box[]>()
    for (const { first, last, kind } of runs) {
      if (kind === UNASKED) continue
      const fate = row[kind]!
      if (fate === UNMET) refuse(`${where}: nothing is told of packets of kind ${kind}, where some begin.`)
      by.set(fate, [...(by.get(fate) ?? []), everything.with(DESTINATION, first).with(DESTINATION + 1, last)])
    }
    const may = new Map<number, Box[]>([HOSTS, DEVICE, OUTSIDE].map((end) => [end, []]))
    const must: Box[] = []
    for (const [number, parts] of by) {
      if (number === ROUND) continue
      const { lost, ways } = algebra.fates[number]!
      const through = (behind: readonly number[]) => meetingOf(parts, nearTo(behind.join()))
      for (const { end, gates } of ways) may.get(end)?.push(...through(gates))
      if (!lost) must.push(...through([...new Set(ways.flatMap(({ gates }) => gates))].sort((a, b) => a - b)))
    }
    const inside = [...may.get(HOSTS)!, ...may.get(DEVICE)!]
    const all = [...inside, ...may.get(OUTSIDE)!]
    const [near, nearInside] = [nearOf(all), nearOf(inside)]
    return { may: (outside) => (outside ? near : nearInside), all, must: nearOf(must), goesRound: by.has(ROUND) }
  }
  const found = remembered(arriving)
  return {
    family,
    partition,
    worlds,
    flows: flowsOf(told.flows, `${where}.flows`, firsts.length, network, network.flows.length),
    claims: flowsOf(told.claims, `${where}.claims`, firsts.length, network, network.claims.length),
    zones: sides('zones', Math.max(0, ...network.places.map(({ zone }) => zone + 1))).map((zone) => zone ?? []),
    brought: sides('brought', network.places.length),
    gates,
    passages,
    arriving: ({ row }) => found(row),
  }
}

function boxOf(told: readonly unknown[], where: string, atoms: number): Box {
  const ends = [atoms, atoms, ...ENDS]
  if (told.length !== 2 * ends.length) refuse(`${where} has ${told.length} numbers, and not ${2 * ends.length}.`)
  const box = told.map((value, at) => whole(value, where, ends[at >> 1]!))
  for (let at = 0; at < box.length; at += 2) if (box[at]! > box[at + 1]!) refuse(`${where} is empty.`)
  return box
}

// Verdicts.

/** What shows that something does not hold, by family; and whether that may be more than fates tell of. */
interface Shown {
  readonly boxes: Readonly<Record<Family, readonly Box[]>>
  readonly untold: boolean
}

interface Verdicts {
  /** Holds a verdict against what was found. */
  judge(property: string, id: string, shown: Shown): void
  /** Tells what was checked, and what is left. */
  tally(): { readonly checked: number; readonly failing: number; readonly trusted: number }
}

/** Properties that are checked here. */
const CHECKED = ['works', 'denied', 'claims', 'loops', 'filters', 'addresses']

function verdictsOf(certificate: Members, families: readonly Checked[]): Verdicts {
  const told = members(certificate.verdicts, 'verdicts')
  const left = new Map<string, { readonly holds: boolean; readonly packet: string | undefined }>()
  let [checked, failing, trusted] = [0, 0, 0]
  for (const [property, all] of Object.entries(told))
    for (const [id, holds, packet] of lists(all, `verdicts.${property}`)) {
      const key = `${property}: ${text(id, `verdicts.${property}`)}`
      if (left.has(key)) refuse(`verdicts.${property}: there are two on “${id}”.`)
      left.set(key, { holds: whole(holds, `verdicts.${property}`, 2) === 1, packet: packet === undefined ? undefined : text(packet, `verdicts.${property}`) })
      if (!CHECKED.includes(property)) trusted++
    }
  return {
    judge(property, id, { boxes, untold }) {
      const key = `${property}: ${id}`
      const verdict = left.get(key) ?? refuse(`verdicts.${property}: there is none on “${id}”.`)
      left.delete(key)
      const shown = families.some(({ family }) => boxes[family].length > 0)
      if (!shown && untold) {
        trusted++
        return
      }
      if (verdict.holds !== !shown) refuse(`verdicts.${property}: “${id}” is said ${verdict.holds ? 'to hold, and does not' : 'not to hold, and does'}.`)
      if (shown && verdict.packet !== undefined) {
        const packet = packetOf(verdict.packet, families)
        if (packet === undefined || !boxes[packet.family].some((box) => meet(box, packet.box))) {
          // Of what nobody asks about, fates tell nothing.
          if (!packet || isAskedOf(families, packet)) refuse(`verdicts.${property}: the packet ${verdict.packet} does not show that “${id}” does not hold.`)
          trusted++
          return
        }
      }
      checked++
      if (shown) failing++
    },
    tally() {
      for (const key of left.keys()) if (CHECKED.includes(key.slice(0, key.indexOf(':')))) refuse(`verdicts: “${key}” is on nothing that there is.`)
      return { checked, failing, trusted }
    },
  }
}

function isAskedOf(families: readonly Checked[], { family, box }: { readonly family: Family; readonly box: Box }): boolean {
  return families.find((one) => one.family === family)!.partition.kindOf[box[DESTINATION]!] !== UNASKED
}

/** A packet as it is written, `10.0.0.1 → 10.0.0.2 tcp/443`: all packets like it. */
function packetOf(written: string, families: readonly Checked[]): { readonly family: Family; readonly box: Box } | undefined {
  const [, from, to, number, name, port] = /^(\S+) → (\S+) (?:protocol (\d+)|(\w+))(?:\/(\d+))?$/.exec(written) ?? []
  if (from === undefined) return undefined
  const [source, destination] = [addressOf(from, 'a packet'), addressOf(to, 'a packet')]
  const { firsts } = families.find(({ family }) => family === source.family)!.partition
  const atomOf = (value: bigint) => firsts.findLastIndex((first) => first <= value)
  const protocol = name === undefined ? Number(number) : NUMBERS[name]
  if (protocol === undefined || source.family !== destination.family) return undefined
  const [a, b] = [atomOf(source.value), atomOf(destination.value)]
  const ports = port === undefined ? [0, 65_535] : [Number(port), Number(port)]
  return { family: source.family, box: [a, a, b, b, ...serviceBox(firsts.length, [protocol, protocol], ports).slice(PROTOCOL)] }
}

/** Numbers of protocols (IANA). */
const NUMBERS: Readonly<Record<string, number>> = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58, vrrp: 112 }

function byFamily<T>(families: readonly Checked[], of: (one: Checked) => T): Readonly<Record<Family, T>> {
  return Object.fromEntries(families.map((one) => [one.family, of(one)])) as Record<Family, T>
}

/** The packets of a flow from a place that do not arrive on all ways; those of which fates tell nothing are told apart. */
type Lost = (place: number, flow: Flow) => { readonly concerned: boolean; readonly lost: readonly Box[]; readonly untold: boolean }

function lostOf(one: Checked, { places }: Network): Lost {
  const { partition, worlds, brought, arriving } = one
  const atoms = partition.firsts.length
  const senders = sendersOf(one, 0)
  const missing = remembered((flow: Flow) =>
    remembered((number: number) => {
      const { begun, sources } = senders.get(number)!
      const all = packetsOf(
        common(flow.from, sources),
        flow.receivers.map(({ interval }) => interval),
        flow.services,
        atoms,
      )
      return missingOf(all, arriving(begun).must)
    }),
  )
  return (place, flow) => {
    const { id } = places[place]!
    const ways = brought[place]
    const isMet = ({ prefix: [first, last] }: Flow['receivers'][number]) => ways === undefined || ways.some(([a, b]) => a! <= first! && last! <= b!)
    const sending = worlds[0]!.places[place]!.map((begun) => ({ begun, from: common(flow.from, begun.sources) })).filter(({ from }) => from.length > 0)
    const receivers = sending.length === 0 ? [] : flow.receivers.filter((receiver) => receiver.place !== id && isMet(receiver))
    const lost = sending.flatMap(({ begun, from }) => {
      const all = missing(flow)(begun.number)
      return all.length === 0
        ? []
        : meetingOf(
            packetsOf(
              from,
              receivers.map(({ interval }) => interval),
              [],
              atoms,
            ),
            nearOf(all),
          )
    })
    const isTold = (box: Box) => sending.some(({ begun }) => isAsked(partition, begun.row, box))
    return { concerned: receivers.length > 0, lost: lost.filter(isTold), untold: !lost.every(isTold) }
  }
}

/** Whether fates tell of any destination of a box. */
function isAsked({ kindOf }: Partition, row: Int32Array, box: Box): boolean {
  for (let atom = box[DESTINATION]!; atom <= box[DESTINATION + 1]!; atom++) if (kindOf[atom] !== UNASKED && row[kindOf[atom]!] !== ROUND) return true
  return false
}

/** All that is sent from where packets have the same fates, by number of the row. */
function sendersOf({ worlds, partition }: Checked, world: number): ReadonlyMap<number, { readonly begun: Begun; readonly sources: readonly Interval[] }> {
  const whole: readonly Interval[] = [[0, partition.firsts.length - 1]]
  const all = Map.groupBy(worlds[world]!.places.flat(), ({ number }) => number)
  return new Map(
    [...all].map(([number, some]) => [
      number,
      {
        begun: some[0]!,
        sources: common(
          some.flatMap(({ sources }) => sources),
          whole,
        ),
      },
    ]),
  )
}

/** What arrives of what a place sends to some, in a world; and whether more may. */
type Arrives = (place: number, claim: number) => { readonly some: readonly Box[]; readonly untold: boolean }

function arrivesOf(one: Checked, { places, claims }: Network, world: number): Arrives {
  const atoms = one.partition.firsts.length
  const senders = sendersOf(one, world)
  const met = remembered((claim: number) =>
    remembered((number: number) => {
      const { begun, sources } = senders.get(number)!
      const { from, to } = one.claims[claim]!
      const all = packetsOf(
        common(from, sources),
        to.map(({ interval }) => interval),
        [],
        atoms,
      )
      return meetingOf(all, one.arriving(begun).may(claims[claim]!.outside))
    }),
  )
  return (place, claim) => {
    const { from, to } = one.claims[claim]!
    // Members of a zone at one site are together: no claim parts them from themselves.
    const others = to.filter(({ zone }) => zone !== places[place]!.zone).map(({ interval }) => interval)
    const sending = one.worlds[world]!.places[place]!.map((begun) => ({ begun, from: common(from, begun.sources) })).filter((begun) => begun.from.length > 0)
    const some = sending.flatMap(({ begun, from }) => {
      const all = met(claim)(begun.number)
      return all.length === 0 ? [] : meetingOf(packetsOf(from, others, [], atoms), nearOf(all))
    })
    return { some, untold: sending.some(({ begun }) => one.arriving(begun).goesRound) }
  }
}

/** What arrives from a place and no flow allows. */
function leaksOf(one: Checked, { places }: Network): (place: number) => { readonly leaks: readonly Box[]; readonly untold: boolean } {
  const { partition, flows, zones, worlds, arriving } = one
  const atoms = partition.firsts.length
  const whole: readonly Interval[] = [[0, atoms - 1]]
  const senders = sendersOf(one, 0)
  const found = remembered((zone: number) =>
    remembered((number: number) => {
      const { begun, sources } = senders.get(number)!
      const allowed = flows.flatMap(({ from, to, services }) =>
        packetsOf(
          common(from, sources),
          common(
            to.map(({ interval }) => interval),
            whole,
          ),
          services,
          atoms,
        ),
      )
      // Members of a zone at one site trust each other.
      const own = packetsOf(sources, zones[zone]!, [], atoms)
      const sent = meetingOf(packetsOf(sources, whole, [], atoms), nearOf(arriving(begun).all))
      return missingOf(sent, nearOf([...own, ...allowed]))
    }),
  )
  return (place) => {
    const begun = worlds[0]!.places[place]!
    const leaks = begun.flatMap((source) => {
      const all = found(places[place]!.zone)(source.number)
      return all.length === 0 ? [] : meetingOf(packetsOf(source.sources, whole, [], atoms), nearOf(all))
    })
    return { leaks, untold: begun.some((source) => arriving(source).goesRound) }
  }
}

function checkPlaces(network: Network, families: readonly Checked[], { judge }: Verdicts): void {
  const { places, flows, claims } = network
  const lost = byFamily(families, (one) => lostOf(one, network))
  const leaks = byFamily(families, (one) => leaksOf(one, network))
  const arrives = remembered((world: number) =>
    byFamily(families, (one) => (one.worlds[world] ? arrivesOf(one, network, world) : refuse(`claims: there is no world ${world}.`))),
  )
  for (const [place, { id }] of places.entries()) {
    const judgeFlow = (property: string, name: string, of: (one: Checked) => Flow, without?: { readonly world: number; readonly claim: number }) => {
      const found = byFamily(families, (one) => lost[one.family](place, of(one)))
      if (!families.some(({ family }) => found[family].concerned)) return
      const around = without && byFamily(families, ({ family }) => arrives(without.world)[family](place, without.claim))
      const boxes = byFamily(families, ({ family }) => [...found[family].lost, ...(around?.[family].some ?? [])])
      judge(property, name, { boxes, untold: families.some(({ family }) => found[family].untold || around?.[family].untold) })
    }
    for (const [flow, name] of flows.entries()) judgeFlow('works', `${name} from ${id}`, (one) => one.flows[flow]!)
    for (const [claim, { id: name, kind, world }] of claims.entries()) {
      if (kind === 'reach') judgeFlow('claims', `${name} from ${id}`, (one) => one.claims[claim]!, world === undefined ? undefined : { world, claim })
      else if (families.some((one) => one.worlds[0]!.places[place]!.some(({ sources }) => common(one.claims[claim]!.from, sources).length > 0))) {
        const found = byFamily(families, ({ family }) => arrives(0)[family](place, claim))
        const boxes = byFamily(families, ({ family }) => found[family].some)
        judge('claims', `${name} from ${id}`, { boxes, untold: families.some(({ family }) => found[family].untold) })
      }
    }
    const leaking = byFamily(families, ({ family }) => leaks[family](place))
    const boxes = byFamily(families, ({ family }) => leaking[family].leaks)
    judge('denied', `from ${id} nothing but what is allowed`, { boxes, untold: families.some(({ family }) => leaking[family].untold) })
    judge('loops', `from ${id}`, { boxes: byFamily(families, (one) => roundsOf(one, place)), untold: false })
  }
}

/** Packets from a place that go round. */
function roundsOf({ partition, worlds }: Checked, place: number): readonly Box[] {
  const everything = serviceBox(partition.firsts.length, [0, 255], [0, 65_535])
  return worlds[0]!.places[place]!.flatMap(({ row, sources }) =>
    partition.runs.flatMap(({ first, last, kind }) =>
      kind !== UNASKED && row[kind] === ROUND ? sources.map(([a, b]) => [a!, b!, first, last, ...everything.slice(PROTOCOL)]) : [],
    ),
  )
}

/** From one zone to another a filter passes no packet that no flow is for. */
function checkFilters({ devices, filters }: Network, families: readonly Checked[], { judge }: Verdicts): void {
  const unmeant = byFamily(families, ({ flows, gates, partition }) => {
    const atoms = partition.firsts.length
    const whole: readonly Interval[] = [[0, atoms - 1]]
    const meant = nearOf(
      flows.flatMap(({ from, to, services }) =>
        packetsOf(
          from,
          common(
            to.map(({ interval }) => interval),
            whole,
          ),
          services,
          atoms,
        ),
      ),
    )
    return remembered((gate: number) => missingOf(gates[gate]!, meant))
  })
  for (const { device, zones } of filters)
    for (const from of zones)
      for (const to of zones) {
        if (from.name === to.name) continue
        const id = `${devices[device]!.name} ${from.name} → ${to.name}`
        const boxes = byFamily(families, ({ family, passages }) => {
          if (from.port < 0 || to.port < 0 || !devices[device]!.asks) return []
          const gate = passages.get(`${from.port} ${to.port}`) ?? refuse(`filters: no gate is told for ${id}.`)
          return unmeant[family](gate)
        })
        judge('filters', id, { boxes, untold: false })
      }
}

/** An address is one device's, but for those of balancers; link-local ones are each wire's own. */
function checkAddresses({ devices, tables, ports }: Network, families: readonly Checked[], { judge }: Verdicts): void {
  const holders = new Map<string, { readonly id: string; readonly ports: Port[] }>()
  for (const port of ports)
    for (const id of port.addresses) {
      const { family, value } = addressOf(id, 'an address of a port')
      if (family === 6 && value >> 112n === 0xfe80n) continue
      const key = `${family} ${value}`
      holders.set(key, { id, ports: [...(holders.get(key)?.ports ?? []), port] })
    }
  for (const { id, ports: own } of holders.values()) {
    const isOne = own.length === 1 || own.every(({ name, table }) => name === 'lo' && devices[tables[table]!.device]!.balances)
    const everything = byFamily(families, ({ partition }) => (isOne ? [] : [serviceBox(partition.firsts.length, [0, 255], [0, 65_535])]))
    judge('addresses', id, { boxes: everything, untold: false })
  }
}

// Files.

interface Segment {
  readonly id: string
  readonly prefixes: readonly string[]
  /** Devices that lead out of it; none where hosts have addresses of it on their loopbacks. */
  readonly gateways: readonly string[]
}

/** Whether the certificate is about these files, all of them; tells the segments that the designs beside them have. */
function segmentsIn(certificate: Members, folder: string): readonly Segment[] {
  const told = new Map(Object.entries(members(certificate.files, 'files')))
  const found = existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : refuse(`There is no folder ${folder}.`)
  const segments: Segment[] = []
  for (const entry of found) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name).slice(join(folder, '/').length).replaceAll('\\', '/')
    const [site, ...names] = path.split('/')
    if (names.length === 1 && entry.name === 'design.json')
      for (const one of list(members(read(join(folder, path)), path).segments, `segments of ${path}`)) {
        const { id, prefixes, gateways } = members(one, `a segment of ${path}`)
        const texts = (value: unknown) => list(value, `a segment of ${path}`).map((each) => text(each, `a segment of ${path}`))
        segments.push({ id: text(id, `a segment of ${path}`), prefixes: texts(prefixes), gateways: texts(gateways).map((name) => `${site}/${name}`) })
      }
    if (names.length < 2) continue
    const digest = createHash('sha256')
      .update(readFileSync(join(folder, path)))
      .digest('hex')
    if (digest !== told.get(path)) refuse(`files: ${path} is ${told.has(path) ? 'another one than the certificate is about' : 'not in the certificate'}.`)
    told.delete(path)
  }
  const [missing] = told.keys()
  if (missing !== undefined) refuse(`files: ${missing} is not in ${folder}.`)
  return segments
}

/** Each segment of the designs is a place, and packets begin there from all of it: where a gateway has an address in it, from the whole prefix, and else from each address of it that a host has. */
function checkSegments({ devices, tables, ports, places }: Network, families: readonly Checked[], segments: readonly Segment[]): void {
  const numbers = new Map(places.map(({ id }, number) => [id, number]))
  const owned = ports.flatMap(({ table, name, addresses }) =>
    addresses.map((address) => ({ ...addressOf(address, 'an address of a port'), name, device: devices[tables[table]!.device]!.name })),
  )
  for (const { id, prefixes, gateways } of segments) {
    const place = numbers.get(id) ?? refuse(`places: ${id} is a segment of the design, and is none of them.`)
    const site = id.slice(0, id.indexOf('/') + 1)
    for (const prefix of prefixes) {
      const family = prefix.includes(':') ? 6 : 4
      const [first, last] = prefixOf(prefix, `a prefix of ${id}`, family)
      const { worlds, partition } = families.find((one) => one.family === family)!
      const sources = worlds[0]!.places[place]!.flatMap((begun) => begun.sources)
      const begins = (a: bigint, b: bigint) => {
        const [from, to] = [a, b].map((address) => partition.firsts.findLastIndex((one) => one <= address))
        return common(sources, [[from!, to!]]).some(([one, other]) => one === from && other === to)
      }
      for (const { family: of, value, name, device } of owned) {
        if (of !== family || value < first || value > last) continue
        const isMissing = gateways.includes(device)
          ? !begins(first, last)
          : gateways.length === 0 && name === 'lo' && device.startsWith(site) && !begins(value, value)
        if (isMissing) refuse(`places: ${id} sends nothing from ${gateways.includes(device) ? prefix : showAddress(family, value)}.`)
      }
    }
  }
}

function read(path: string): unknown {
  let written: string
  try {
    written = readFileSync(path, 'utf8')
  } catch {
    refuse(`${path} can not be read.`)
  }
  try {
    return JSON.parse(written)
  } catch {
    refuse(`${path} is no JSON.`)
  }
}

const FORMAT = 'netwright certificate'
const VERSION = 1

/** Checks a certificate; the sentences say what was found. Throws a refusal at the first step that is not as it is told. */
function check(path: string, configs: string | undefined): readonly string[] {
  const certificate = members(read(path), 'The certificate')
  if (certificate.format !== FORMAT) refuse(`format is not “${FORMAT}”.`)
  if (certificate.version !== VERSION) refuse(`version is ${JSON.stringify(certificate.version)}, and this checks version ${VERSION}.`)
  const network = networkOf(certificate)
  const segments = configs === undefined ? undefined : segmentsIn(certificate, configs)
  const families = ([4, 6] as const).map((family) => familyOf(certificate, network, family))
  if (segments) checkSegments(network, families, segments)
  const verdicts = verdictsOf(certificate, families)
  checkPlaces(network, families, verdicts)
  checkFilters(network, families, verdicts)
  checkAddresses(network, families, verdicts)
  const { checked, failing, trusted } = verdicts.tally()
  const grouped = (count: number) => count.toLocaleString('en')
  return [
    `checked ${grouped(checked)}, taken on trust ${grouped(trusted)}`,
    ...(failing > 0 ? [`${grouped(failing)} of what was checked does not hold, as it says`] : []),
    !segments ? 'files were not looked at (--configs)' : `${grouped(Object.keys(certificate.files as Members).length)} files are those that it is about`,
  ]
}

const args = process.argv.slice(2)
const at = args.indexOf('--configs')
const [configs] = at < 0 ? [] : args.splice(at, 2).slice(1)
const [file] = args
if (file === undefined || args.length > 1 || (at >= 0 && configs === undefined)) {
  console.error('usage: node tools/run.cjs tools/check-certificate.ts FILE [--configs DIR]')
  process.exitCode = 2
} else {
  try {
    for (const line of check(file, configs)) console.log(line)
  } catch (thrown) {
    // Whatever else is wrong with it, it is no certificate.
    const says = typeof thrown === 'object' && thrown !== null && 'refused' in thrown ? thrown.refused : 'it is not of the shape of a certificate.'
    console.error(`refused: ${says}`)
    process.exitCode = 1
  }
}
