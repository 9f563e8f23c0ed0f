/** Keeps connection tracking out of the way of transit, on a device that forwards what it is sent. */
import { addressPart, bitsOf, familyOf, ipOf, prefixAround } from '#base/ip.ts'
import type { Device } from '#design/device.ts'
import { disjoint } from './disjoint.ts'
import { HOOKS } from './hooks.ts'
import { ADDRESS, DESTINATION, element, FAMILIES, SERVICE } from './lookups.ts'
import { identifier } from './names.ts'
import { RULES } from './rules.ts'
import { ACCEPT, constant, is, tuple } from './statements.ts'
import type { NftChain, NftRule, NftSet, Statement } from './tree.ts'

const NOTRACK: Statement = { kind: 'notrack' }

/** What is sent into a VXLAN tunnel (RFC 7348 §8). */
const VXLAN = tuple(SERVICE, ['udp', '4789'])

/** The chains, and the sets of the device's own addresses. None for a device that forwards nothing, nor for one that translates: it must remember every flow. */
export function untracked(device: Device): { readonly base: readonly NftChain[]; readonly sets: readonly NftSet[] } {
  const { filter, forwards, interfaces } = device
  if (filter?.transit !== 'open' || !forwards || (filter.nat ?? []).length > 0) return { base: [], sets: [] }
  const tunnels = interfaces.some(({ kind }) => kind === 'vxlan')
  const sets = ownSets(device)
  const rules: NftRule[] = [
    ...(tunnels ? [constant('tunnelled', VXLAN, NOTRACK)] : []),
    ...sets.map(
      (set): NftRule => ({
        statements: [{ kind: 'in', selectors: [set.type[0] === 'ipv4_addr' ? DESTINATION[4] : DESTINATION[6]], set: set.name }, ACCEPT],
        why: filter.why,
      }),
    ),
    constant('neighbourly', is('ip6 daddr', 'fe80::/10'), ACCEPT),
    constant('passing', NOTRACK),
  ]
  return {
    base: [
      { name: 'transit_untracked', base: HOOKS.inet.transit_untracked!, rules, why: [RULES.untracked.origin] },
      ...(tunnels
        ? [{ name: 'tunnels_untracked', base: HOOKS.inet.tunnels_untracked!, rules: [constant('tunnels', VXLAN, NOTRACK)], why: [RULES.tunnels.origin] }]
        : []),
    ],
    sets,
  }
}

/** All addresses that the device answers for. */
function ownSets({ interfaces, vrrp, balancer, filter }: Device): NftSet[] {
  const own = [
    ...interfaces.flatMap(({ addresses }) => addresses.map(({ address, why }) => ({ address: addressPart(address), why }))),
    ...[...(vrrp?.groups ?? []), ...(balancer?.frontends ?? [])].flatMap(({ v4, v6, why }) =>
      [v4, v6].flat().map((address) => ({ address: addressPart(address), why })),
    ),
  ]
  return FAMILIES.flatMap((family) => {
    const boxes = own
      .filter(({ address }) => familyOf(address) === family)
      .map(({ address, why }) => ({ prefix: prefixAround(ipOf(address), bitsOf(family)), first: 0, last: 0, why }))
    const elements = disjoint(boxes).map((box) => element([ADDRESS[family]], box))
    return elements.length > 0 ? [{ name: identifier('local', 'addresses', `v${family}`), type: [ADDRESS[family]], elements, why: filter!.why }] : []
  })
}
