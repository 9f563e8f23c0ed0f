/** One family: its partition, tables, gates, fates and what is meant, checked but for what is claimed of it. */
import { BITS, type Family } from './addresses.ts'
import { type Box, common, DESTINATION, ENDS, type Interval, meetingOf, type Near, nearOf, PROTOCOL } from './boxes.ts'
import { algebraOf, type Begun, checkSteps, fatesOf, ROUND, UNMET, type World, worldOf } from './fates.ts'
import type { Network } from './network.ts'
import { remembered } from './remembered.ts'
import { groups, list, lists, type Members, members, refuse, text, whole, wholes } from './shapes.ts'
import { checkUnasked, DEVICE, HOSTS, ITSELF, OUTSIDE, type Partition, partitionOf, tableOf, UNASKED, waysOf } from './tables.ts'

export interface Flow {
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

export function serviceBox(atoms: number, protocol: Interval, ports: Interval): Box {
  return [0, atoms - 1, 0, atoms - 1, ...protocol, 0, 65_535, ...ports, 0, 255]
}

/** All packets from some to others, of these services; of any, where none is named. */
export function packetsOf(from: readonly Interval[], to: readonly Interval[], services: readonly Box[], atoms: number): readonly Box[] {
  const all = services.length > 0 ? services : [serviceBox(atoms, [0, 255], [0, 65_535])]
  return from.flatMap((source) => to.flatMap((destination) => all.map((service) => [...source, ...destination, ...service.slice(PROTOCOL)])))
}

/** One family, checked but for what is claimed of it. */
export interface Checked {
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

export function familyOf(certificate: Members, network: Network, family: Family): Checked {
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
