/**
 * What the chains of one hook do with one packet, statement by statement: the plain reading of nftables that everything else here is held against. It shares no
 * way of matching with the symbolic walk.
 */
import { bitsOf, contains, type Family, ipOf, type Prefix, prefixAround, prefixOf } from '#base/ip.ts'
import type { FieldType, Hook, NftElement, NftTable, Selector, Statement } from '#targets/nftables/tree.ts'
import { type Point, valueOf as valueIn } from '../boxes/boxes.ts'
import { PACKETS } from '../packet.ts'
import { basesOf } from './bases.ts'
import { ICMP_TYPES, portsOf, protocolOf } from './numbers.ts'

/** A packet at a hook. It is unicast, and its frame is for the device. */
export interface FilteredPacket {
  readonly family: Family
  /** Names as in the file, and as the hook sees them. */
  readonly iif: string
  readonly oif?: string
  readonly point: Point
  readonly state: 'new' | 'established'
}

/** Which rule it is: of which chain, and the how-manieth there. */
export interface RuleRef {
  readonly chain: string
  readonly index: number
}

/** What became of a packet. */
export interface Fate {
  readonly verdict: 'accept' | 'drop'
  /** The rule that decided last; absent where no rule did, but the policy of the last chain. */
  readonly rule?: RuleRef
}

/**
 * Sends the packet past the base chains of the hook, in their order. It comes alone: limits are kept, so `limit` matches, `limit … over` and meters do not.
 * Chains that jump in a circle, and sets that do not fit their selectors, are not looked for: nftables refuses to load them.
 */
export function interpret(table: NftTable, hook: Hook['hook'], packet: FilteredPacket): Fate {
  const chains = new Map(table.chains.map((chain) => [chain.name, chain]))
  const { family } = packet
  const field = (name: string) => valueIn(PACKETS[family], packet.point, name)
  let fate: Fate = { verdict: 'accept' }
  for (const { name, base } of basesOf(table, hook)) {
    fate = run(name) ?? { verdict: base!.policy }
    if (fate.verdict === 'drop') break
  }
  return fate

  /** Undefined when the packet comes back undecided. */
  function run(chain: string): Fate | undefined {
    for (const [index, { statements }] of chains.get(chain)!.rules.entries()) {
      const found = follow(statements, { chain, index })
      if (found === 'return') return undefined
      if (found) return found
    }
    return undefined
  }

  function follow(statements: readonly Statement[], rule: RuleRef): Fate | 'return' | undefined {
    for (const statement of statements) {
      switch (statement.kind) {
        case 'verdict':
          return statement.verdict === 'return' ? 'return' : { verdict: statement.verdict, rule }
        case 'jump':
          return run(statement.chain)
        case 'dispatch': {
          const names = statement.selectors.map((selector) => (selector === 'iifname' ? packet.iif : packet.oif))
          const { entries } = table.maps.find(({ name }) => name === statement.map)!
          const entry = entries.find(({ interfaces }) => interfaces.length === names.length && interfaces.every((name, at) => name === names[at]))
          return entry && run(entry.chain)
        }
        case 'state':
          if (packet.state === 'established') return { verdict: 'accept', rule }
          break
        case 'is':
          if (!statement.values.some((tuple) => tuple.every((text, at) => is(statement.selectors[at]!, text)))) return undefined
          break
        case 'in': {
          const { type, elements } = table.sets.find(({ name }) => name === statement.set)!
          if (!elements.some((element) => type.every((part, at) => holds(element, part, statement.selectors[at]!)))) return undefined
          break
        }
        case 'limit':
          if (statement.over) return undefined
          break
        case 'meter':
          return undefined
        case 'snat':
          return statement.family === family ? { verdict: 'accept', rule } : undefined
        case 'dscp':
          if (statement.family !== family) return undefined
      }
    }
    return undefined
  }

  function holds(element: NftElement, type: FieldType, selector: Selector): boolean {
    if (type === 'ifname') return [element.interface!, ...(element.vlans ?? [])].some((name) => is(selector, name))
    if (type === 'inet_proto') return is(selector, element.protocol!)
    if (type === 'inet_service') return is(selector, element.ports!.join('-'))
    return is(selector, element.prefix!)
  }

  function is(selector: Selector, text: string): boolean {
    switch (selector) {
      case 'iifname':
        return text === packet.iif
      case 'oifname':
        return text === packet.oif
      case 'ether daddr':
      case 'meta pkttype':
        return false
      case 'ip saddr':
      case 'ip6 saddr':
        return within(text, 'source', selector === 'ip saddr' ? 4 : 6)
      case 'ip daddr':
      case 'ip6 daddr':
        return within(text, 'destination', selector === 'ip daddr' ? 4 : 6)
      case 'meta nfproto':
        return text === `ipv${family}`
      case 'meta l4proto':
        return field('protocol') === BigInt(protocolOf(text))
      case 'th sport':
        return among(text, 'sourcePort')
      case 'th dport':
        return among(text, 'destinationPort')
      case 'icmp type':
        return family === 4 && field('protocol') === 1n && field('icmpType') === BigInt(ICMP_TYPES[4][text]!)
      case 'icmpv6 type':
        return family === 6 && field('protocol') === 58n && field('icmpType') === BigInt(ICMP_TYPES[6][text]!)
    }
  }

  function within(text: string, name: string, of: Family): boolean {
    if (family !== of) return false
    const prefix: Prefix = text.includes('/') ? prefixOf(text) : prefixAround(ipOf(text), bitsOf(of))
    return contains(prefix, { family, base: field(name), length: bitsOf(family) })
  }

  function among(text: string, name: string): boolean {
    const [first, last] = portsOf(text)
    return BigInt(first) <= field(name) && field(name) <= BigInt(last)
  }
}
