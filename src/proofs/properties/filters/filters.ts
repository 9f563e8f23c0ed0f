/**
 * Printed filters say what is meant: from one zone to another each passes no packet that no flow of the company is for, whatever other filters do. So a rule that was widened on its way into the text shows,
 * though another filter behind it would have dropped what it lets through.
 */
import type { Family } from '#base/ip.ts'
import type { Device } from '#design/device.ts'
import type { FilterZone } from '#design/filter.ts'
import { FAMILIES } from '../../by-family.ts'
import type { Boxes } from '../../engine/boxes/boxes.ts'
import { type Near, near, plain, uncoveredBy } from '../../engine/boxes/near.ts'
import { PACKETS } from '../../engine/packet.ts'
import { prefixesOf } from '../../intent/concern.ts'
import { packetsOf } from '../../intent/flows.ts'
import { showPacket } from '../../packet-text.ts'
import type { Counter, Proof, Property, Verdict } from '../../proof.ts'

/** The property. */
export const filters: Property = {
  name: 'filters',
  title: 'filters pass nothing that is not meant',
  *ofNetwork(it) {
    // A filter of new zones, or for new senders, has not been proved of other destinations.
    const proof = it.since?.rerouted ? { ...it, asked: undefined } : it
    const meant = { 4: meantIn(proof, 4), 6: meantIn(proof, 6) }
    for (const { devices } of proof.design.sites) for (const device of devices) if (device.filter?.transit === 'filtered') yield* pairsOf(proof, device, meant)
  },
}

/** All packets that flows of the company are for, by destination. */
function meantIn({ intent, asked }: Proof, family: Family): Near<undefined> {
  const boxes = intent.flows.flatMap(({ from, to, services }) => {
    const receivers = prefixesOf(to, family)
    return packetsOf(family, prefixesOf(from, family), asked ? asked.cut(family, receivers) : receivers, services)
  })
  return near(PACKETS[family], plain(boxes))
}

function* pairsOf(proof: Proof, device: Device, meant: Readonly<Record<Family, Near<undefined>>>): Iterable<Verdict> {
  const { zones, pairs } = device.filter!
  // What goes to the other member of a pair has been filtered, or will be there.
  for (const from of zones.filter(({ name }) => name !== PEER)) {
    // Members of one zone are together, whatever they send each other.
    for (const to of zones.filter(({ name }) => name !== PEER && name !== from.name)) {
      const counter = FAMILIES.map((family) => unmeant(proof, device, from, to, meant[family], family)).find((found) => found !== undefined)
      const why = [...new Set(pairs.filter((pair) => pair.from === from.name && pair.to === to.name).flatMap(({ rules }) => rules.flatMap((rule) => rule.why)))]
      yield { property: filters.name, id: `${device.id} ${from.name} → ${to.name}`, holds: !counter, why, ...(counter ? { counter } : {}) }
    }
  }
}

/** The zone of a filter that is the other member of its pair. */
const PEER = 'peer'

function unmeant({ world, asked }: Proof, device: Device, from: FilterZone, to: FilterZone, meant: Near<undefined>, family: Family): Counter | undefined {
  const space = PACKETS[family]
  const ports = world.routed.links.ports.get(device.id)
  const [iif, oif] = [from, to].map(({ interfaces }) => interfaces.map((name) => ports?.get(name)).find((port) => port !== undefined))
  const passed = iif && oif && world.transit(device.id, family, iif, oif)
  if (!passed || TIGHT.get(passed.accepted) === meant) return undefined
  for (const box of asked ? asked.within(family, passed.accepted) : passed.accepted) {
    const point = uncoveredBy(space, box, meant)
    if (point === undefined) continue
    if (point === 'unknown') return { says: 'there are too many parts to tell', device: device.id }
    // Chains in front accept what goes on to the next: the last one that accepts it lets it pass.
    const rule = passed.rules.findLast(({ accept, takes }) => accept && takes(point))
    return {
      says: `it passes ${device.id} from ${from.name} to ${to.name}, and no flow is for it`,
      packet: showPacket(family, point),
      device: device.id,
      ...(rule ? { rule: { chain: rule.chain, index: rule.index } } : {}),
    }
  }
  TIGHT.set(passed.accepted, meant)
  return undefined
}

/** What filters pass, several of which pass the same, with what it was found to be a part of. */
const TIGHT = new WeakMap<Boxes, Near<undefined>>()
