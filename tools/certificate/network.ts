/** Devices, tables, ports and who answers on which wire, of both families. */
import { type Address, addressOf } from './addresses.ts'
import { list, lists, type Members, members, refuse, text, whole } from './shapes.ts'

export interface Port {
  readonly table: number
  readonly name: string
  readonly wire: number
  readonly addresses: readonly string[]
}

export interface Network {
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

export function networkOf(certificate: Members): Network {
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
