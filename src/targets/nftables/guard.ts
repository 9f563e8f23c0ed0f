/** The guard of ports that anything may be plugged into: a table of family bridge. */
import { anyOf, type Why } from '#base/place.ts'
import type { Device } from '#design/device.ts'
import type { PhysicalInterface, PortGuard, VlanInterface } from '#design/interface.ts'
import { HOOKS } from './hooks.ts'
import { SERVICE } from './lookups.ts'
import { identifier, interfaceName } from './names.ts'
import { METER_SIZE, RULES } from './rules.ts'
import { COUNTER, constant, drops, is, jump, refuse, tuple } from './statements.ts'
import type { NftChain, NftElement, NftRule, NftSet, NftTable } from './tree.ts'

/** What nobody sends who is no bridge: the group address of IEEE 802.1D, and that of Cisco's spanning tree per VLAN. 802.1X (…:03) and LLDP (…:0e) stay on the link, and pass. */
export const BRIDGE_FRAMES: readonly string[] = ['01:80:c2:00:00:00', '01:00:0c:cc:cc:cd']

const REFUSED = 'refused'
const ROGUE = 'rogue'

type GuardedPort = PhysicalInterface & { readonly guard: PortGuard }

/** The table; undefined for a device without guarded ports. Throws when these are more than a meter has room for. */
export function guardTable({ interfaces, why }: Device): NftTable | undefined {
  const guarded = interfaces.filter((port): port is GuardedPort => port.kind === 'physical' && port.guard !== undefined)
  if (guarded.length === 0) return undefined
  const vlansOf = Map.groupBy(
    interfaces.filter((one) => one.kind === 'vlan'),
    ({ parent }) => parent,
  )
  const byRate = Map.groupBy(guarded, ({ guard }) => guard.stormFramesPerSecond)
  const rates = [...byRate.keys()].sort((a, b) => a - b).map((rate) => guardAt(rate, byRate.get(rate)!, vlansOf, why))
  return {
    family: 'bridge',
    sets: rates.flatMap(({ sets }) => sets),
    maps: [],
    chains: [
      { name: 'prerouting', base: HOOKS.bridge.prerouting!, rules: rates.map(({ rule }) => rule), why: [RULES.bridge.origin] },
      ...rates.map(({ chain }) => chain),
      { name: REFUSED, rules: refusals(), why: [RULES.refused.origin] },
      { name: ROGUE, rules: drops('rogueLog', 'rogueDrop', 'guard'), why: [RULES.rogue.origin] },
    ],
    why: [RULES.guard.origin, ...why],
  }
}

/** What is said of all ports that may send so many frames a second: which they are, their meter, where they go, and what is done there. */
function guardAt(
  rate: number,
  guarded: readonly GuardedPort[],
  vlansOf: ReadonlyMap<string, readonly VlanInterface[]>,
  ground: Why,
): { readonly sets: readonly NftSet[]; readonly rule: NftRule; readonly chain: NftChain } {
  const [ports, storm, chain] = ['ports', 'storm', 'guard'].map((part) => identifier(part, `${rate}`)) as [string, string, string]
  const elements = guarded.map(({ name, guard }): NftElement => {
    const vlans = (vlansOf.get(name) ?? []).map((vlan) => interfaceName(vlan.name))
    return { interface: interfaceName(name), ...(vlans.length > 0 ? { vlans } : {}), why: guard.why }
  })
  const count = elements.reduce((sum, { vlans = [] }) => sum + 1 + vlans.length, 0)
  if (count > METER_SIZE) throw new Error(`${count} guarded ports and VLANs of ports do not fit into a meter`)
  const why = anyOf(
    ground,
    guarded.map(({ guard }) => guard.why),
  )
  const limited = refuse('storm', is('meta pkttype', 'broadcast', 'multicast'), { kind: 'meter', set: storm, perSecond: rate, burst: rate })
  return {
    sets: [
      { name: ports, type: ['ifname'], elements, why: [RULES.ports.origin] },
      { name: storm, type: ['ifname'], meters: METER_SIZE, elements: [], why: [RULES.meter.origin] },
    ],
    rule: constant('ports', { kind: 'in', selectors: ['iifname'], set: ports }, jump(chain)),
    chain: {
      name: chain,
      rules: [
        { ...limited, why: [...why, ...limited.why] },
        { statements: [jump(REFUSED)], why },
      ],
      why,
    },
  }
}

function refusals() {
  const found = [COUNTER, jump(ROGUE)]
  return [
    constant('bridgeFrames', is('ether daddr', ...BRIDGE_FRAMES), ...found),
    // Said twice on purpose: of `icmpv6 type` alone, nft makes a look at the Ethernet type, which in a tagged frame is that of the tag.
    constant('advertisements', is('meta l4proto', 'icmpv6'), is('icmpv6 type', 'nd-router-advert'), ...found),
    constant('dhcpServers', tuple(['meta l4proto', 'th sport'], ['udp', '67'], ['udp', '547']), ...found),
    constant('dhcpClients', tuple(SERVICE, ['udp', '68'], ['udp', '546']), ...found),
  ]
}
