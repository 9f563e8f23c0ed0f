/** Verdicts, each held once against what was found. */
import { addressOf, type Family } from './addresses.ts'
import { type Box, DESTINATION, meet, PROTOCOL } from './boxes.ts'
import { type Checked, serviceBox } from './family.ts'
import { lists, type Members, members, refuse, text, whole } from './shapes.ts'
import { UNASKED } from './tables.ts'

/** What shows that something does not hold, by family; and whether that may be more than fates tell of. */
interface Shown {
  readonly boxes: Readonly<Record<Family, readonly Box[]>>
  readonly untold: boolean
}

export interface Verdicts {
  /** Holds a verdict against what was found. */
  judge(property: string, id: string, shown: Shown): void
  /** Tells what was checked, and what is left. */
  tally(): { readonly checked: number; readonly failing: number; readonly trusted: number }
}

/** Properties that are checked here. */
const CHECKED = ['works', 'denied', 'claims', 'loops', 'filters', 'addresses']

export function verdictsOf(certificate: Members, families: readonly Checked[]): Verdicts {
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

export function byFamily<T>(families: readonly Checked[], of: (one: Checked) => T): Readonly<Record<Family, T>> {
  return Object.fromEntries(families.map((one) => [one.family, of(one)])) as Record<Family, T>
}
