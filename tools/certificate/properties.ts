/** What is claimed of packets, found again: what is lost, what leaks, what goes round, what filters pass, who has an address. */
import { addressOf } from './addresses.ts'
import { type Box, common, DESTINATION, type Interval, meetingOf, missingOf, nearOf, PROTOCOL } from './boxes.ts'
import { type Checked, type Flow, packetsOf, serviceBox } from './family.ts'
import { type Begun, ROUND } from './fates.ts'
import type { Network, Port } from './network.ts'
import { remembered } from './remembered.ts'
import { refuse } from './shapes.ts'
import { type Partition, UNASKED } from './tables.ts'
import { byFamily, type Verdicts } from './verdicts.ts'

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

export function checkPlaces(network: Network, families: readonly Checked[], { judge }: Verdicts): void {
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
export function checkFilters({ devices, filters }: Network, families: readonly Checked[], { judge }: Verdicts): void {
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
export function checkAddresses({ devices, tables, ports }: Network, families: readonly Checked[], { judge }: Verdicts): void {
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
