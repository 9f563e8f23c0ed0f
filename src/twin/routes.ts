/** The routes that a kernel has, and those that the proofs compute, in words that can be compared. */
import { ipOf, showIp } from '#base/ip.ts'
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
  const reached = { known: undefined as ReturnType<typeof tunnelEndsOf> | undefined }
  const isLost = (one: Shown) => {
    if (!one.flags?.includes('onlink')) return false
    reached.known ??= tunnelEndsOf(namespace)
    return !reached.known(one)
  }
  for (const family of [4, 6] as const) {
    for (const shown of JSON.parse(run('ip', ['-n', namespace, `-${family}`, '-j', 'route', 'show']) || '[]') as Shown[]) {
      const { dst, type, metric = 0, nexthops } = shown
      const prefix = dst === 'default' ? (family === 4 ? '0.0.0.0/0' : '::/0') : dst.includes('/') ? dst : `${dst}/${family === 4 ? 32 : 128}`
      const dropped = type === 'blackhole' || type === 'unreachable'
      if (/^(fe80|ff00):/.test(prefix) || (shown.dev === 'lo' && !dropped)) continue
      const hops = (nexthops ?? [shown]).filter(isUsed)
      if (hops.length === 0) continue
      const words = hops.map((one) => hop(one) + (isLost(one) ? LOST : ''))
      const to = dropped ? type : words.sort().join(' ')
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

/** Whether packets to the other end of a tunnel get there: they take the MAC address of the router behind it, which zebra puts into the tables of neighbours and of the bridge. A route that is there is no sign of these (FRR 8.4 and 8.5 lose some where a route has several: FRRouting/frr#14108). */
function tunnelEndsOf(namespace: string): (hop: Shown) => boolean {
  const neighbors = JSON.parse(run('ip', ['-n', namespace, '-j', 'neigh', 'show']) || '[]') as { dst: string; dev: string; lladdr?: string }[]
  const learned = JSON.parse(run('bridge', ['-n', namespace, '-j', 'fdb', 'show']) || '[]') as { mac: string; dst?: string }[]
  const macs = new Map(neighbors.map(({ dst, dev, lladdr }) => [`${dev} ${dst}`, lladdr]))
  const ends = new Set(learned.flatMap(({ mac, dst }) => (dst === undefined ? [] : [`${mac} ${dst}`])))
  return ({ dev = '', gateway = '' }) => ends.has(`${macs.get(`${dev} ${gateway}`)} ${tunnelEnd(gateway)}`)
}

/** FRR writes the other end of a tunnel over IPv4 as an address of IPv6 (RFC 4291 §2.5.5.2). */
function tunnelEnd(address: string): string {
  const { family, value } = ipOf(address)
  return family === 6 && value >> 32n === 0xffffn ? showIp({ family: 4, value: value & 0xffff_ffffn }) : address
}

function hop({ dev = '', gateway = '', flags = [] }: Shown): string {
  return flags.includes('onlink') ? `${dev} in ${tunnelEnd(gateway)}` : dev
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

/** Said of a next hop at the other end of a tunnel that packets do not get to. */
const LOST = ' that it has no MAC address of'

/** Whether the two differ by such next hops alone. */
export function isForMacs(kernel: ReadonlyMap<string, string>, computed: ReadonlyMap<string, string>): boolean {
  return kernel.size === computed.size && [...kernel].every(([prefix, to]) => to.replaceAll(LOST, '') === computed.get(prefix))
}

/** The routes that zebra believes to be in the kernel; `show` answers what vtysh is asked, and nothing where zebra does not. */
export function zebraRoutes(show: (command: string) => string | undefined, vrf: string): ReadonlyMap<string, string> | undefined {
  const found = new Map<string, string>()
  for (const family of ['ip', 'ipv6']) {
    const shown = show(`show ${family} route${vrf === '' ? '' : ` vrf ${vrf}`} json`)
    if (shown === undefined) return undefined
    for (const [prefix, routes] of Object.entries(JSON.parse(shown || '{}') as Record<string, readonly Believed[]>)) {
      const hops = routes.find(({ selected }) => selected)?.nexthops?.filter(({ fib }) => fib) ?? []
      const words = hops.map(({ interfaceName = '', ip = '', onLink, blackhole, unreachable }) =>
        blackhole ? 'blackhole' : unreachable ? 'unreachable' : onLink ? `${interfaceName} in ${tunnelEnd(ip)}` : interfaceName,
      )
      if (words.length > 0) found.set(prefix, words.sort().join(' '))
    }
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
  zebra?: () => ReadonlyMap<string, string> | undefined,
): string | undefined {
  const others = [...new Set([...kernel.keys(), ...computed.keys()])].filter((prefix) => kernel.get(prefix) !== computed.get(prefix))
  if (others.length === 0) return undefined
  const thinks = zebra?.()
  const said = (prefix: string) => (thinks ? `, zebra says ${thinks.get(prefix) ?? 'nothing'}` : zebra ? ', zebra does not answer' : '')
  return others
    .map((prefix) => `${table} ${prefix}: the kernel has ${kernel.get(prefix) ?? 'nothing'}, computed is ${computed.get(prefix) ?? 'nothing'}${said(prefix)}`)
    .join('\n')
}
