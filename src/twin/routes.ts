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

/** What the two don't have in common, in words; undefined when they are the same. */
export function differenceOf(table: string, kernel: ReadonlyMap<string, string>, computed: ReadonlyMap<string, string>): string | undefined {
  const lines = [...new Set([...kernel.keys(), ...computed.keys()])]
    .filter((prefix) => kernel.get(prefix) !== computed.get(prefix))
    .map((prefix) => `${table} ${prefix}: the kernel has ${kernel.get(prefix) ?? 'nothing'}, computed is ${computed.get(prefix) ?? 'nothing'}`)
  return lines.length > 0 ? lines.join('\n') : undefined
}
