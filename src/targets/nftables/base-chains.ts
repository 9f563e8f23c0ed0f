/** The chains that decide what passes and what the device itself accepts: the same on every device but for the latter. */
import { nth, prefixOf, showIp } from '#base/ip.ts'
import { sortedBy } from '#base/order.ts'
import type { FilterZone } from '#design/filter.ts'
import type { Vrrp } from '#design/for-hosts.ts'
import type { AddressSets } from './address-sets.ts'
import { HOOKS } from './hooks.ts'
import { FAMILIES } from './lookups.ts'
import { interfaceName } from './names.ts'
import { ECHO_LIMIT, RULES } from './rules.ts'
import { ACCEPT, constant, dispatch, drops, is, refuse, tuple } from './statements.ts'
import { type NftChain, type NftRule, ZONE_PAIRS } from './tree.ts'

/** The chain `forward`. */
export function forwardChain(): NftChain {
  const rules = [
    constant('state', { kind: 'state' }),
    constant('dispatch', dispatch(ZONE_PAIRS, 'iifname', 'oifname')),
    ...drops('forwardLog', 'forwardDrop', 'forward'),
  ]
  return { name: 'forward', base: HOOKS.inet.forward!, rules, why: [RULES.forward.origin] }
}

/** The chain `no_transit` of a device that passes on all else: strangers, of whom a zone tells that asks for sources, meet only the company here, and by no way round each other. */
export function noTransitChains(zones: readonly FilterZone[], addresses: AddressSets): NftChain[] {
  return zones
    .filter(({ interfaces }) => interfaces.length > 0)
    .map(({ interfaces, destinations, why }): NftChain => {
      const names = interfaces.map(interfaceName)
      const incoming = is('iifname', ...names)
      const told = (rule: NftRule): NftRule => ({ ...rule, why: [...rule.why, ...why] })
      const to = destinations === undefined ? [] : FAMILIES.flatMap((family) => addresses.to(destinations, family) ?? [])
      const rules = [
        told(refuse('noTransit', incoming, is('oifname', ...names))),
        ...to.map((served): NftRule => ({ statements: [incoming, served, ACCEPT], why })),
        ...(destinations === undefined ? [] : [told(refuse('noRelay', incoming))]),
      ]
      return { name: 'no_transit', base: HOOKS.inet.no_transit!, rules, why: [RULES.noTransit.origin] }
    })
}

/** The chains `input` and `output`; `local` says what is accepted on input beside what every device needs, `vrrp` which addresses the device shares. */
export function ownChains(local: readonly NftRule[], vrrp: Vrrp | undefined): NftChain[] {
  const rules = [
    constant('state', { kind: 'state' }),
    constant('loopback', is('iifname', 'lo'), ACCEPT),
    constant('neighbours', is('icmpv6 type', ...NEIGHBOUR_TYPES), ACCEPT),
    constant('echo4', is('icmp type', 'echo-request'), { kind: 'limit', over: false, ...ECHO_LIMIT }, ACCEPT),
    constant('echo6', is('icmpv6 type', 'echo-request'), { kind: 'limit', over: false, ...ECHO_LIMIT }, ACCEPT),
    ...local,
    ...drops('inputLog', 'inputDrop', 'input'),
  ]
  return [
    { name: 'input', base: HOOKS.inet.input!, rules, why: [RULES.input.origin] },
    { name: 'output', base: HOOKS.inet.output!, rules: advertisements(vrrp), why: [RULES.output.origin] },
  ]
}

/** The link-local addresses that pairs of gateways may share, by virtual router id (1–255, RFC 5798 §5.2.3). */
export const SHARED: readonly string[] = Array.from({ length: 255 }, (_, i) => showIp(nth(prefixOf('fe80::/64'), i + 1)))

/** On the interfaces of a pair's segments a device advertises itself under the address that is shared there only: `fe80::` and the router id, as target keepalived gives it to the master. */
function advertisements(vrrp: Vrrp | undefined): NftRule[] {
  if (!vrrp || vrrp.groups.length === 0) return []
  const advertisement = is('icmpv6 type', 'nd-router-advert')
  const groups = sortedBy(vrrp.groups, (group) => group.interface).map((group) => [interfaceName(group.interface), SHARED[group.id - 1]!] as const)
  const master = constant('masterAdvertises', advertisement, tuple(['oifname', 'ip6 saddr'], ...groups), ACCEPT)
  const silent = refuse('backupIsSilent', advertisement, is('oifname', ...new Set(groups.map(([name]) => name))))
  return [master, silent].map((rule) => ({ ...rule, why: [...rule.why, ...vrrp.why] }))
}

/** ICMPv6 types of neighbour discovery (RFC 4861) and of multicast listeners (RFC 2710, RFC 3810). */
export const NEIGHBOUR_TYPES: readonly string[] = [
  'nd-router-solicit',
  'nd-router-advert',
  'nd-neighbor-solicit',
  'nd-neighbor-advert',
  'mld-listener-query',
  'mld-listener-report',
  'mld-listener-done',
  'mld2-listener-report',
]
