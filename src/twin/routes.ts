/** The routes that a kernel has, and those that the proofs compute, in words that can be compared. */
import type { Route } from '#proofs/engine/routing/tables.ts'
import { run } from './run.ts'

/** A route as `ip -j route` shows it. */
interface Shown {
  readonly dst: string
  readonly type?: string
  readonly dev?: string
  readonly gateway?: string
  readonly metric?: number
  readonly flags?: readonly string[]
  readonly nexthops?: readonly Shown[]
}

/** Where the packets to each prefix go: ports, with the tunnel's other end where there is one, or what becomes of them. Own addresses and link-local ones are left out. */
export function kernelRoutes(namespace: string): ReadonlyMap<string, string> {
  const routes = new Map<string, { readonly to: string; readonly metric: number }>()
  for (const family of [4, 6] as const) {
    for (const shown of JSON.parse(run('ip', ['-n', namespace, `-${family}`, '-j', 'route', 'show']) || '[]') as Shown[]) {
      const { dst, type, metric = 0, nexthops } = shown
      const prefix = dst === 'default' ? (family === 4 ? '0.0.0.0/0' : '::/0') : dst.includes('/') ? dst : `${dst}/${family === 4 ? 32 : 128}`
      const dropped = type === 'blackhole' || type === 'unreachable'
      if (/^(fe80|ff00):/.test(prefix) || (shown.dev === 'lo' && !dropped)) continue
      const hops = (nexthops ?? [shown]).filter(isUsed)
      if (hops.length === 0) continue
      const to = dropped ? type : hops.map(hop).sort().join(' ')
      const held = routes.get(prefix)
      if (!held || metric < held.metric) routes.set(prefix, { to, metric })
    }
  }
  return new Map([...routes].map(([prefix, { to }]) => [prefix, to]))
}

/** A hop over a port without carrier is not used, as devices are told (ignore_routes_with_linkdown). */
function isUsed({ flags = [] }: Shown): boolean {
  return !flags.includes('linkdown')
}

/** FRR writes the other end of a tunnel over IPv4 as an address of IPv6. */
function hop({ dev = '', gateway = '', flags = [] }: Shown): string {
  return flags.includes('onlink') ? `${dev} in ${gateway.replace(/^::ffff:/, '')}` : dev
}

/** A route as zebra shows it. */
interface Believed {
  readonly selected?: boolean
  readonly nexthops?: readonly {
    readonly fib?: boolean
    readonly interfaceName?: string
    readonly ip?: string
    readonly onLink?: boolean
    readonly blackhole?: boolean
    readonly unreachable?: boolean
  }[]
}

/** The routes that zebra believes to be in the kernel; `show` answers what vtysh is asked. */
export function zebraRoutes(show: (command: string) => string, vrf: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const family of ['ip', 'ipv6'])
    for (const [prefix, routes] of Object.entries(
      JSON.parse(show(`show ${family} route${vrf === '' ? '' : ` vrf ${vrf}`} json`) || '{}') as Record<string, readonly Believed[]>,
    )) {
      const hops = routes.find(({ selected }) => selected)?.nexthops?.filter(({ fib }) => fib) ?? []
      const words = hops.map(({ interfaceName = '', ip = '', onLink, blackhole, unreachable }) =>
        blackhole ? 'blackhole' : unreachable ? 'unreachable' : onLink ? `${interfaceName} in ${ip.replace(/^::ffff:/, '')}` : interfaceName,
      )
      if (words.length > 0) found.set(prefix, words.sort().join(' '))
    }
  return found
}

/** The same of computed routes. */
export function computedRoutes(table: ReadonlyMap<string, Route>): ReadonlyMap<string, string> {
  const words = [...table].map(([prefix, { to }]): [string, string] => [
    prefix,
    typeof to === 'string'
      ? to
      : 'port' in to
        ? to.port
        : to
            .map((one) => ('tunnel' in one ? `${one.port} in ${one.tunnel}` : one.port))
            .sort()
            .join(' '),
  ])
  return new Map(words.filter(([prefix, to]) => to !== 'lo' && !prefix.startsWith('fe80:')))
}

/** What the two don't have in common, in words, with what zebra believes where that is asked: a next hop that the kernel lost and zebra did not notice is in no view of routing; undefined when they are the same. */
export function differenceOf(
  table: string,
  kernel: ReadonlyMap<string, string>,
  computed: ReadonlyMap<string, string>,
  zebra?: () => ReadonlyMap<string, string>,
): string | undefined {
  const others = [...new Set([...kernel.keys(), ...computed.keys()])].filter((prefix) => kernel.get(prefix) !== computed.get(prefix))
  if (others.length === 0) return undefined
  const thinks = zebra?.()
  const said = (prefix: string) => (thinks ? `, zebra says ${thinks.get(prefix) ?? 'nothing'}` : '')
  return others
    .map((prefix) => `${table} ${prefix}: the kernel has ${kernel.get(prefix) ?? 'nothing'}, computed is ${computed.get(prefix) ?? 'nothing'}${said(prefix)}`)
    .join('\n')
}
