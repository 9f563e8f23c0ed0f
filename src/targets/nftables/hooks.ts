/** The base chains that there can be, by table family and name: a chain with one of these names is called by the kernel, and no other is. */
import type { Hook, NftTable } from './tree.ts'

/** Before fragments wait to be put together (−400) and before connection tracking (−200): `NF_IP_PRI_RAW_BEFORE_DEFRAG` of linux/netfilter_ipv4.h. */
const EARLIEST = '-450'

/** Each in the order in which a packet meets them. Names have one part (names.ts), those of zone pairs two: they never meet. None is a lone word, which may be one of nft's own (`limits` is). */
export const HOOKS: Readonly<Record<NftTable['family'], Readonly<Record<string, Hook>>>> = {
  inet: {
    source_checks: { type: 'filter', hook: 'prerouting', priority: EARLIEST, policy: 'accept' },
    transit_untracked: { type: 'filter', hook: 'prerouting', priority: EARLIEST, policy: 'accept' },
    class_marks: { type: 'filter', hook: 'prerouting', priority: 'mangle', policy: 'accept' },
    no_transit: { type: 'filter', hook: 'forward', priority: 'filter', policy: 'accept' },
    forward: { type: 'filter', hook: 'forward', priority: 'filter', policy: 'drop' },
    input: { type: 'filter', hook: 'input', priority: 'filter', policy: 'drop' },
    tunnels_untracked: { type: 'filter', hook: 'output', priority: 'raw', policy: 'accept' },
    output: { type: 'filter', hook: 'output', priority: 'filter', policy: 'accept' },
    postrouting: { type: 'nat', hook: 'postrouting', priority: 'srcnat', policy: 'accept' },
  },
  bridge: {
    prerouting: { type: 'filter', hook: 'prerouting', priority: 'filter', policy: 'accept' },
  },
}

/** As it is written in a chain. */
export function showHook({ type, hook, priority, policy }: Hook): string {
  return `type ${type} hook ${hook} priority ${priority}; policy ${policy};`
}
