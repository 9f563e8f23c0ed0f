/** What tables do with packets: the longest prefix is found anew, and each kind of destinations held against it. */
import { type Address, addressOf, type Family, prefixOf, showAddress } from './addresses.ts'
import type { Interval } from './boxes.ts'
import type { Network } from './network.ts'
import { groups, list, lists, type Members, refuse, text, whole, wholes } from './shapes.ts'

/** A step leads out by a port (or to the device itself) to an end, or into another port; or nowhere. */
export type Step = { readonly out: number } & ({ readonly end: number } | { readonly enter: number } | { readonly lost: true })

/** Where packets end: with hosts on a wire, with a device at an address that is called, with a router at another one, outside. */
export const [HOSTS, DEVICE, ROUTER, OUTSIDE] = [0, 1, 2, 3] as const
export const ITSELF = -1
const LOST: readonly Step[] = [{ out: ITSELF, lost: true }]

/** A table: by kind, what it does with packets; whether that is to keep them; and what it does with those that it sends on, for a device that sends to itself. */
export interface Table {
  readonly stepsOf: (kind: number) => readonly Step[]
  readonly isOwn: (kind: number) => boolean
  readonly away: readonly Step[] | undefined
}

export const UNASKED = -1

/** The partition of destinations. */
export interface Partition {
  readonly firsts: readonly bigint[]
  readonly kindOf: Int32Array
  readonly count: number
  /** Atoms of one kind side by side. */
  readonly runs: readonly { readonly first: number; readonly last: number; readonly kind: number }[]
  /** The atom that begins with an address. */
  atomAt(address: bigint, where: string): number
}

export function partitionOf(family: Members, where: string, bits: number): Partition {
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
export function checkUnasked({ ports, tables, answers }: Network, family: Family, { firsts, kindOf, atomAt }: Partition, links: readonly Interval[]): void {
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

export function tableOf(network: Network, family: Family, partition: Partition, table: number, routes: readonly unknown[], ways: readonly Way[]): Table {
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

type Hop = readonly [port: number, to: number | Address]
interface Way {
  readonly number: number
  readonly to: number | readonly Hop[]
}

export function waysOf(family: Members, where: string, { ports }: Network): readonly Way[] {
  return list(family.ways, `${where}.ways`).map((way, number) => {
    const at = `${where}.ways[${number}]`
    if (!Array.isArray(way)) return { number, to: whole(way, at, ports.length, -1) }
    const hops = lists(way, at).map(([port, to]): Hop => {
      return [whole(port, at, ports.length), typeof to === 'number' ? whole(to, at, ports.length, -1) : addressOf(to, at)]
    })
    return { number, to: hops }
  })
}
