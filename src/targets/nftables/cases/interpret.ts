/** What the tables of a parsed file do with a packet that is the first of its flow: the statements of nftables, read a second time and slowly. */
import { bitsOf, contains, type Family, prefixOf } from '#base/ip.ts'
import type { NftElement, NftTable, Selector, Statement } from '../tree.ts'

/** A packet. */
export interface Packet {
  /** To the device itself, or through it. */
  readonly hook: 'forward' | 'input'
  readonly iif: string
  /** The interface by which it came as the hooks after prerouting see it: its VRF, on a kernel that has VRF devices. */
  readonly seen: string
  readonly oif: string
  readonly family: Family
  readonly src: bigint
  readonly dst: bigint
  /** IANA protocol number: 1 ICMP, 6 TCP, 17 UDP, 47 GRE, 58 ICMPv6, 112 VRRP. */
  readonly protocol: number
  /** Bytes 2 and 3 of the transport header: a port for TCP and UDP, anything for others. */
  readonly dport: number
}

/** What becomes of it. */
export interface Fate {
  readonly accepted: boolean
  /** Absent where it stays as it is. */
  readonly class?: string
  readonly source?: string
  readonly tracked: boolean
}

const PROTOCOLS: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 47: 'gre', 58: 'icmpv6', 112: '112' }

/** Whether the address is in the prefix. */
export function within(text: string, family: Family, value: bigint): boolean {
  return contains(prefixOf(text), { family, base: value, length: bitsOf(family) })
}

/** Sends the packet past the hooks in their order. A packet of a limited kind comes alone, so it is within its limits; ICMP is of no type that a rule names. */
export function fate(table: NftTable, packet: Packet): Fate {
  let incoming = packet.iif
  const seen: { -readonly [K in keyof Fate]: Fate[K] } = { accepted: true, tracked: true }
  const value = (selector: Selector): string | bigint | undefined => {
    const of: { readonly [S in Selector]?: string | bigint | undefined } = {
      iifname: incoming,
      oifname: packet.oif,
      'ip saddr': packet.family === 4 ? packet.src : undefined,
      'ip daddr': packet.family === 4 ? packet.dst : undefined,
      'ip6 saddr': packet.family === 6 ? packet.src : undefined,
      'ip6 daddr': packet.family === 6 ? packet.dst : undefined,
      'meta nfproto': `ipv${packet.family}`,
      'meta l4proto': PROTOCOLS[packet.protocol],
      'th dport': `${packet.dport}`,
    }
    return of[selector]
  }
  const between = (port: string | bigint, [first, last]: readonly number[]) => Number(port) >= first! && Number(port) <= last!
  const familyOf = (selector: Selector) => (selector.startsWith('ip6') ? 6 : 4)
  const equal = (selector: Selector, text: string): boolean => {
    const found = value(selector)
    if (found === undefined) return false
    if (selector === 'th dport') return between(found, text.split('-').length === 2 ? text.split('-').map(Number) : [Number(text), Number(text)])
    if (typeof found === 'string') return found === text
    return within(text.includes('/') ? text : `${text}/${bitsOf(familyOf(selector))}`, familyOf(selector), found)
  }
  const holds = (element: NftElement, selectors: readonly Selector[]) =>
    selectors.every((selector) => {
      const found = value(selector)
      if (found === undefined) return false
      if (selector === 'iifname') return element.interface === found
      if (selector === 'meta l4proto') return element.protocol === found
      if (selector === 'th dport') return between(found, element.ports!)
      return within(element.prefix!, familyOf(selector), found as bigint)
    })

  type Verdict = 'accept' | 'drop' | 'return' | undefined
  const run = (name: string): Exclude<Verdict, 'return'> => {
    for (const { statements } of table.chains.find((chain) => chain.name === name)!.rules) {
      const verdict = first(statements)
      if (verdict === 'return') return undefined
      if (verdict) return verdict
    }
    return undefined
  }
  const first = (statements: readonly Statement[]): Verdict => {
    for (const statement of statements) {
      switch (statement.kind) {
        case 'verdict':
          return statement.verdict
        case 'jump':
          return run(statement.chain)
        case 'dispatch': {
          const key = statement.selectors.map(value).join(' ')
          const entry = table.maps.find(({ name }) => name === statement.map)!.entries.find(({ interfaces }) => interfaces.join(' ') === key)
          return entry && run(entry.chain)
        }
        case 'is':
          if (!statement.values.some((tuple) => tuple.every((part, at) => equal(statement.selectors[at]!, part)))) return undefined
          break
        case 'in':
          if (!table.sets.find(({ name }) => name === statement.set)!.elements.some((element) => holds(element, statement.selectors))) return undefined
          break
        case 'limit':
          if (statement.over) return undefined
          break
        case 'notrack':
          seen.tracked = false
          break
        case 'dscp':
          if (statement.family !== packet.family) return undefined
          seen.class = statement.class
          break
        case 'snat':
          if (statement.family !== packet.family) return undefined
          seen.source = statement.to
          return 'accept'
      }
    }
    return undefined
  }
  for (const hook of ['prerouting', packet.hook, ...(packet.hook === 'forward' ? ['postrouting'] : [])]) {
    if (hook === packet.hook) incoming = packet.seen
    for (const { name, base } of table.chains) if (base?.hook === hook && (run(name) ?? base.policy) === 'drop') return { accepted: false, tracked: seen.tracked }
  }
  return seen
}
