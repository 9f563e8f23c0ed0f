/**
 * The kernel parameters, in the order they are set, and which devices get them. They are set before any link is made, and links start from `default`. Ports of
 * the hardware exist already: IPv4 copies `default` to interfaces without an address, IPv6 does not, so there a key that counts per interface has a row
 * with `PORT` besides (net/ipv4/devinet.c, net/ipv6/addrconf.c; both seen on 6.18).
 */
import type { Device } from '#design/device.ts'
import type { Interface } from '#design/interface.ts'
import type { Rule } from '../target.ts'
import {
  ADOPTED,
  ARP_SOURCE,
  DEAD_LINKS,
  FORWARDING,
  HASH_PORTS,
  HOST,
  KEEP_ADDRESSES,
  LOOSE_SOURCE,
  NEIGHBOURS,
  NO_ADVERTISEMENTS,
  NO_BRIDGE_FILTER,
  NO_REDIRECTS,
  TOLD,
  UNACKNOWLEDGED,
} from './rules.ts'
import type { Sysctl } from './tree.ts'

/** A parameter as a rule wants it. */
interface Setting {
  /** `PORT` stands for the name of a port; such keys are written with slashes, because a name may hold dots (sysctl(8)). */
  readonly key: string
  readonly value: number
  readonly rule: Rule
  readonly for: 'all' | 'forwarding' | 'hosts' | 'bridging' | 'synced'
  readonly optional?: true
}

// Neighbours that a kernel holds before it collects, collects in earnest, and refuses: enough for 784 links in one kernel, measured.
const [NEIGHBOURS_KEPT, NEIGHBOURS_SOFT, NEIGHBOURS_MOST] = [8192, 16384, 32768]

/** s: how long an idle connection is kept at least (RFC 5382 REQ-5: two hours and four minutes). */
const IDLE_AFTER_MOVE = 7440

const SETTINGS: readonly Setting[] = [
  { key: 'net.ipv4.ip_forward', value: 1, rule: FORWARDING, for: 'forwarding' },
  { key: 'net.ipv6.conf.all.forwarding', value: 1, rule: FORWARDING, for: 'forwarding' },
  { key: 'net.ipv4.ip_forward', value: 0, rule: HOST, for: 'hosts' },
  { key: 'net.ipv6.conf.all.forwarding', value: 0, rule: HOST, for: 'hosts' },
  { key: 'net.ipv4.conf.all.rp_filter', value: 2, rule: LOOSE_SOURCE, for: 'forwarding' },
  { key: 'net.ipv4.fib_multipath_hash_policy', value: 1, rule: HASH_PORTS, for: 'forwarding' },
  { key: 'net.ipv6.fib_multipath_hash_policy', value: 1, rule: HASH_PORTS, for: 'forwarding' },
  { key: 'net.ipv4.conf.default.ignore_routes_with_linkdown', value: 1, rule: DEAD_LINKS, for: 'forwarding' },
  { key: 'net.ipv6.conf.all.ignore_routes_with_linkdown', value: 1, rule: DEAD_LINKS, for: 'forwarding' },
  { key: 'net.ipv4.conf.all.arp_announce', value: 2, rule: ARP_SOURCE, for: 'forwarding' },
  { key: 'net.ipv4.neigh.default.gc_thresh1', value: NEIGHBOURS_KEPT, rule: NEIGHBOURS, for: 'forwarding', optional: true },
  { key: 'net.ipv4.neigh.default.gc_thresh2', value: NEIGHBOURS_SOFT, rule: NEIGHBOURS, for: 'forwarding', optional: true },
  { key: 'net.ipv4.neigh.default.gc_thresh3', value: NEIGHBOURS_MOST, rule: NEIGHBOURS, for: 'forwarding', optional: true },
  { key: 'net.ipv6.neigh.default.gc_thresh1', value: NEIGHBOURS_KEPT, rule: NEIGHBOURS, for: 'forwarding', optional: true },
  { key: 'net.ipv6.neigh.default.gc_thresh2', value: NEIGHBOURS_SOFT, rule: NEIGHBOURS, for: 'forwarding', optional: true },
  { key: 'net.ipv6.neigh.default.gc_thresh3', value: NEIGHBOURS_MOST, rule: NEIGHBOURS, for: 'forwarding', optional: true },
  { key: 'net.ipv4.conf.all.send_redirects', value: 0, rule: NO_REDIRECTS, for: 'forwarding' },
  { key: 'net.ipv4.conf.default.send_redirects', value: 0, rule: NO_REDIRECTS, for: 'forwarding' },
  { key: 'net.ipv4.conf.all.accept_redirects', value: 0, rule: NO_REDIRECTS, for: 'hosts' },
  { key: 'net.ipv4.conf.default.accept_redirects', value: 0, rule: NO_REDIRECTS, for: 'hosts' },
  { key: 'net.ipv6.conf.default.accept_redirects', value: 0, rule: NO_REDIRECTS, for: 'hosts' },
  { key: 'net/ipv6/conf/PORT/accept_redirects', value: 0, rule: NO_REDIRECTS, for: 'hosts' },
  { key: 'net.ipv6.conf.default.accept_ra', value: 0, rule: NO_ADVERTISEMENTS, for: 'hosts' },
  { key: 'net/ipv6/conf/PORT/accept_ra', value: 0, rule: NO_ADVERTISEMENTS, for: 'hosts' },
  { key: 'net.ipv6.conf.all.keep_addr_on_down', value: 1, rule: KEEP_ADDRESSES, for: 'all' },
  { key: 'net.netfilter.nf_conntrack_tcp_be_liberal', value: 1, rule: ADOPTED, for: 'synced' },
  { key: 'net.netfilter.nf_conntrack_events', value: 1, rule: TOLD, for: 'synced' },
  { key: 'net.netfilter.nf_conntrack_tcp_timeout_unacknowledged', value: IDLE_AFTER_MOVE, rule: UNACKNOWLEDGED, for: 'synced' },
  { key: 'net.bridge.bridge-nf-call-iptables', value: 0, rule: NO_BRIDGE_FILTER, for: 'bridging', optional: true },
  { key: 'net.bridge.bridge-nf-call-ip6tables', value: 0, rule: NO_BRIDGE_FILTER, for: 'bridging', optional: true },
]

/** The parameters of a device. A forwarding one takes no router advertisements and no redirects by RFC 1812 and RFC 4861, and so does its kernel. */
export function sysctlsOf(device: Device): Sysctl[] {
  const audience: Record<Setting['for'], boolean> = {
    all: true,
    forwarding: device.forwards,
    hosts: !device.forwards,
    bridging: device.interfaces.some((one) => one.kind === 'bridge'),
    synced: device.stateSync !== undefined,
  }
  const told = (setting: Setting, key: string, why = device.why): Sysctl => ({
    key,
    value: setting.value,
    optional: setting.optional === true,
    why: [setting.rule.origin, ...why],
  })
  return SETTINGS.filter((setting) => audience[setting.for]).flatMap((setting) =>
    setting.key.includes('PORT')
      ? routedPorts(device).map((port) => told(setting, setting.key.replace('PORT', port.name), port.why))
      : [told(setting, setting.key)],
  )
}

/** Whether some device gets a parameter of this key, value and optionality. */
export function isKnownSysctl(found: Omit<Sysctl, 'why'>): boolean {
  const named = found.key.replace(/^(net\/ipv6\/conf\/)[^/]+(?=\/)/, '$1PORT')
  return SETTINGS.some((setting) => setting.key === named && setting.value === found.value && (setting.optional === true) === found.optional)
}

/** Ports that receive IP packets themselves. One in a bridge or a LAG hands every frame on. */
function routedPorts(device: Device): Interface[] {
  const bundled = new Set(device.interfaces.flatMap((one) => (one.kind === 'lag' ? one.members : [])))
  return device.interfaces.filter((one) => one.kind === 'physical' && one.bridge === undefined && !bundled.has(one.name))
}
