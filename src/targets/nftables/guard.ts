/** The guard of ports that anything may be plugged into: a table of family bridge. */
import type { Device, PhysicalInterface } from '#design/device.ts'
import { HOOKS } from './hooks.ts'
import { SERVICE } from './lookups.ts'
import { identifier, interfaceName } from './names.ts'
import { RULES } from './rules.ts'
import { COUNTER, constant, dispatch, drops, is, jump, refuse, tuple } from './statements.ts'
import type { NftChain, NftEntry, NftTable } from './tree.ts'

/** What nobody sends who is no bridge: the group address of IEEE 802.1D, and that of Cisco's spanning tree per VLAN. 802.1X (…:03) and LLDP (…:0e) stay on the link, and pass. */
export const BRIDGE_FRAMES: readonly string[] = ['01:80:c2:00:00:00', '01:00:0c:cc:cc:cd']

const REFUSED = 'refused'
const ROGUE = 'rogue'

/** The table; undefined for a device without guarded ports. */
export function guardTable({ interfaces, why }: Device): NftTable | undefined {
  const guarded = interfaces.flatMap((port) => (port.kind === 'physical' && port.guard ? [{ ...port, guard: port.guard }] : []))
  if (guarded.length === 0) return undefined
  const entries = guarded.flatMap((port) =>
    // A VLAN of the port is a port of its own to a bridge; both share the limit.
    [port.name, ...interfaces.flatMap((one) => (one.kind === 'vlan' && one.parent === port.name ? [one.name] : []))].map(
      (name): NftEntry => ({ interfaces: [interfaceName(name)], chain: chainOf(port), why: port.guard.why }),
    ),
  )
  return {
    family: 'bridge',
    sets: [],
    maps: [{ name: 'guarded-ports', type: ['ifname'], entries, why: [RULES.ports.origin] }],
    chains: [
      { name: 'prerouting', base: HOOKS.bridge.prerouting!, rules: [constant('ports', dispatch('guarded-ports', 'iifname'))], why: [RULES.bridge.origin] },
      ...guarded.map((port) => portChain(port)),
      { name: REFUSED, rules: refusals(), why: [RULES.refused.origin] },
      { name: ROGUE, rules: drops('rogueLog', 'rogueDrop', 'guard'), why: [RULES.rogue.origin] },
    ],
    why: [RULES.guard.origin, ...why],
  }
}

function chainOf({ name }: PhysicalInterface): string {
  return identifier('port', ...name.split('.'))
}

function portChain(port: PhysicalInterface & { readonly guard: NonNullable<PhysicalInterface['guard']> }): NftChain {
  const { stormFramesPerSecond: rate, why } = port.guard
  const storm = refuse('storm', is('meta pkttype', 'broadcast', 'multicast'), { kind: 'limit', over: true, perSecond: rate, burst: rate })
  return {
    name: chainOf(port),
    rules: [
      { ...storm, why: [...why, ...storm.why] },
      { statements: [jump(REFUSED)], why },
    ],
    why,
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
