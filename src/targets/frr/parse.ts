/**
 * Reads `frr.conf` and `daemons` back into the tree, as tables of the commands that `print` writes. Order inside a block is free, as it is for FRR; everything
 * else is refused with its line, and so is a file that lacks a constant line, because the tree would then say more than the text.
 */
import { type Diagnostic, diagnose, type Result, result } from '#base/diagnostic.ts'
import { prefixOf } from '#base/ip.ts'
import { block, type Command, readCommands } from './commands.ts'
import {
  type AddressFamily,
  BUILD_PATHS,
  DEFAULT_CONNECT_RETRY,
  type EvpnFamily,
  type FamilyNeighbor,
  type FrrPrefixListEntry,
  type FrrTree,
  type RouteMapEntry,
} from './tree.ts'

/** A value of the tree while it is being read. */
type Draft<T> = T extends readonly (infer Item)[] ? Draft<Item>[] : T extends object ? { -readonly [Key in keyof T]: Draft<T[Key]> } : T

type Tree = Draft<FrrTree>
type Vrf = Tree['vrfs'][number]
type Router = Tree['routers'][number]

/** Reads the printed files, by path. Whys are empty. */
export function parse(files: ReadonlyMap<string, string>): Result<FrrTree> {
  const tree: Tree = { hostname: '', forwarding: { ipv4: true, ipv6: true }, prefixLists: [], routeMaps: [], statics: [], vrfs: [], routers: [], why: [] }
  const started = { bgpd: false }
  const diagnostics = [...readFile(files, 'frr.conf', config, tree), ...readFile(files, 'daemons', daemons, started)]
  if (diagnostics.length === 0 && started.bgpd !== tree.routers.length > 0) {
    diagnostics.push(
      diagnose('frr-missing-line', { line: `bgpd=${started.bgpd ? 'no' : 'yes'}`, block: 'daemons' }, { place: { file: 'daemons', line: 1, column: 1 } }),
    )
  }
  for (const { entries } of [...tree.prefixLists, ...tree.routeMaps]) entries.sort((a, b) => a.sequence - b.sequence)
  return result(tree, diagnostics)
}

function readFile<D>(files: ReadonlyMap<string, string>, path: string, commands: readonly Command<D>[], draft: D): Diagnostic[] {
  const text = files.get(path)
  return text === undefined ? [diagnose('frr-missing-file', { file: path })] : readCommands(path, text, commands, draft)
}

/** A command that says nothing more than that it is there. */
function always<D>(pattern: string): Command<D> {
  return { pattern, times: 'always', set: () => undefined }
}

/** A command that enters values in the draft. */
function says<D>(pattern: string, times: Command<D>['times'], enter: (draft: D, ...values: string[]) => void): Command<D> {
  return {
    pattern,
    times,
    set: (draft, ...values) => {
      enter(draft, ...values)
      return undefined
    },
  }
}

const daemons: readonly Command<{ bgpd: boolean }>[] = [
  says('bgpd=yes', 0, (started) => {
    started.bgpd = true
  }),
  says('bgpd=no', 0, () => {}),
  always('vtysh_enable=yes'),
  always('zebra_options="-A 127.0.0.1 -s 90000000"'),
  always('bgpd_options="-A 127.0.0.1"'),
  always('staticd_options="-A 127.0.0.1"'),
]

const statics: readonly Command<Pick<Vrf, 'statics'>>[] = [
  says('ip route PREFIX4 blackhole', 1, (table, prefix) => table.statics.push({ prefix: prefix!, via: 'blackhole', why: [] })),
  says('ip route PREFIX4 IP4', 2, (table, prefix, via) => table.statics.push({ prefix: prefix!, via: via!, why: [] })),
  says('ipv6 route PREFIX6 blackhole', 1, (table, prefix) => table.statics.push({ prefix: prefix!, via: 'blackhole', why: [] })),
  says('ipv6 route PREFIX6 IP6', 2, (table, prefix, via) => table.statics.push({ prefix: prefix!, via: via!, why: [] })),
]

const vrf: readonly Command<Vrf>[] = [
  ...statics,
  says('vni NUMBER', 0, (vrf, vni) => {
    vrf.vni = Number(vni)
  }),
]

const routeMapEntry: readonly Command<Draft<RouteMapEntry>>[] = [
  says('match ip address prefix-list WORD', 0, (entry, list) => {
    entry.matchPrefixList4 = list!
  }),
  says('match ipv6 address prefix-list WORD', 0, (entry, list) => {
    entry.matchPrefixList6 = list!
  }),
  says('set as-path prepend NUMBERS', 0, (entry, asns) => {
    entry.prepend = asns!.split(' ').map(Number)
  }),
  says('set local-preference NUMBER', 0, (entry, preference) => {
    entry.localPreference = Number(preference)
  }),
]

function onNeighbor<D extends { neighbors: N[] }, N extends { address: string }>(pattern: string, enter: (neighbor: N, value: string) => void): Command<D> {
  return {
    pattern,
    times: 1,
    set: ({ neighbors }, address, value) => {
      const neighbor = neighbors.find((neighbor) => neighbor.address === address)
      if (!neighbor) return false
      enter(neighbor, value ?? '')
      return undefined
    },
  }
}

function ipFamily(prefix: 'PREFIX4' | 'PREFIX6'): readonly Command<Draft<AddressFamily>>[] {
  const onPeer = onNeighbor<Draft<AddressFamily>, Draft<FamilyNeighbor>>
  return [
    says(`network ${prefix}`, 1, ({ networks }, prefix) => networks.push({ prefix: prefix!, why: [] })),
    says(`aggregate-address ${prefix}`, 1, ({ aggregates }, prefix) => aggregates.push({ prefix: prefix!, why: [] })),
    says('redistribute connected route-map WORD', 0, (family, routeMap) => {
      family.redistributeConnected = { routeMap: routeMap!, why: [] }
    }),
    says('neighbor IP activate', 1, ({ neighbors }, address) => neighbors.push({ address: address!, nextHopSelf: false, defaultOriginate: false, why: [] })),
    onPeer('neighbor IP next-hop-self', (neighbor) => {
      neighbor.nextHopSelf = true
    }),
    onPeer('neighbor IP default-originate', (neighbor) => {
      neighbor.defaultOriginate = true
    }),
    onPeer('neighbor IP route-map WORD in', (neighbor, map) => {
      neighbor.in = map
    }),
    onPeer('neighbor IP route-map WORD out', (neighbor, map) => {
      neighbor.out = map
    }),
    says('maximum-paths NUMBER', 0, (family, paths) => {
      family.maximumPaths = Number(paths)
    }),
    says('maximum-paths ibgp NUMBER', 0, (family, paths) => {
      family.maximumPathsIbgp = Number(paths)
    }),
  ]
}

type VrfRoutes = NonNullable<Draft<EvpnFamily>['vrf']>

/** In the default table; a VRF has other commands in the same family. */
const evpn: readonly Command<Draft<EvpnFamily>>[] = [
  says('neighbor IP activate', 1, ({ neighbors }, address) => neighbors.push({ address: address!, why: [] })),
  says('advertise-all-vni', 0, (family) => {
    family.allVnis = { why: [] }
  }),
]

const evpnVrf: readonly Command<VrfRoutes>[] = [
  always('advertise ipv4 unicast'),
  always('advertise ipv6 unicast'),
  says('rd WORD', 'always', (routes, distinguisher) => {
    routes.distinguisher = distinguisher!
  }),
  says('route-target import WORD', 'always', (routes, target) => {
    routes.importTarget = target!
  }),
  says('route-target export WORD', 'always', (routes, target) => {
    routes.exportTarget = target!
  }),
]

/** What ends an address family. */
const end = 'exit-address-family'

const router: readonly Command<Router>[] = [
  says('bgp router-id IP4', 'always', (router, id) => {
    router.routerId = id!
  }),
  always('bgp log-neighbor-changes'),
  always('no bgp default ipv4-unicast'),
  always('timers bgp 3 9'),
  says('no bgp ebgp-requires-policy', 0, (router) => {
    router.requiresPolicy = false
  }),
  says('bgp bestpath as-path multipath-relax', 0, (router) => {
    router.multipathRelax = true
  }),
  says('neighbor IP remote-as NUMBER', 1, ({ neighbors }, address, asn) =>
    neighbors.push({ address: address!, asn: Number(asn), connectRetry: DEFAULT_CONNECT_RETRY, why: [] }),
  ),
  onNeighbor<Router, Router['neighbors'][number]>('neighbor IP description TEXT', (neighbor, text) => {
    neighbor.description = text
  }),
  onNeighbor<Router, Router['neighbors'][number]>('neighbor IP timers connect NUMBER', (neighbor, seconds) => {
    neighbor.connectRetry = Number(seconds)
  }),
  { pattern: 'address-family ipv4 unicast', times: 0, set: ({ ipv4 }) => block({ draft: ipv4, commands: ipFamily('PREFIX4'), end }) },
  { pattern: 'address-family ipv6 unicast', times: 0, set: ({ ipv6 }) => block({ draft: ipv6, commands: ipFamily('PREFIX6'), end }) },
  {
    pattern: 'address-family l2vpn evpn',
    times: 0,
    set: (router) => {
      if (router.vrf === undefined) return block({ draft: router.evpn, commands: evpn, end })
      router.evpn.vrf = { distinguisher: '', importTarget: '', exportTarget: '', why: [] }
      return block({ draft: router.evpn.vrf, commands: evpnVrf, end })
    },
  },
]

function openRouter({ routers }: Tree, asn: string, vrf?: string) {
  const family = () => ({ networks: [], aggregates: [], neighbors: [], maximumPaths: BUILD_PATHS, maximumPathsIbgp: BUILD_PATHS })
  const draft: Router = {
    asn: Number(asn),
    ...(vrf === undefined ? {} : { vrf }),
    routerId: '',
    requiresPolicy: true,
    multipathRelax: false,
    neighbors: [],
    ipv4: family(),
    ipv6: family(),
    evpn: { neighbors: [] },
    why: [],
  }
  if (routers.some((router) => router.vrf === vrf)) return false
  routers.push(draft)
  return block({ draft, commands: router, end: 'exit' })
}

function openRouteMapEntry({ routeMaps }: Tree, name: string, action: string, sequence: string) {
  const draft: Draft<RouteMapEntry> = { sequence: Number(sequence), action: action as 'permit' | 'deny', why: [] }
  const map = routeMaps.find((map) => map.name === name)
  if (map?.entries.some((entry) => entry.sequence === draft.sequence)) return false
  if (map) map.entries.push(draft)
  else routeMaps.push({ name, entries: [draft] })
  return block({ draft, commands: routeMapEntry, end: 'exit' })
}

function openVrf({ vrfs }: Tree, name: string) {
  const draft: Vrf = { name, statics: [], why: [] }
  vrfs.push(draft)
  return block({ draft, commands: vrf, end: 'exit-vrf' })
}

function enterPrefixListEntry({ prefixLists }: Tree, family: 4 | 6, [name, sequence, action, prefix, lengths]: readonly string[]): void {
  const own = prefixOf(prefix!).length
  const said = (bound: string) => new RegExp(`${bound} (\\d+)`).exec(lengths!)?.[1]
  const entry: FrrPrefixListEntry = {
    sequence: Number(sequence),
    action: action as 'permit' | 'deny',
    prefix: prefix!,
    from: Number(said('ge') ?? own),
    to: Number(said('le') ?? own),
    why: [],
  }
  const list = prefixLists.find((list) => list.name === name && list.family === family)
  if (list) list.entries.push(entry as Draft<FrrPrefixListEntry>)
  else prefixLists.push({ name: name!, family, entries: [entry as Draft<FrrPrefixListEntry>] })
}

const config: readonly Command<Tree>[] = [
  always('frr defaults traditional'),
  says('hostname WORD', 'always', (tree, hostname) => {
    tree.hostname = hostname!
  }),
  always('log syslog informational'),
  says('zebra work-queue NUMBER', 0, (tree, milliseconds) => {
    tree.workQueueHold = Number(milliseconds)
  }),
  says('zebra zapi-packets NUMBER', 0, (tree, messages) => {
    tree.zapiPackets = Number(messages)
  }),
  always('no zebra nexthop kernel enable'),
  says('no ip forwarding', 0, (tree) => {
    tree.forwarding.ipv4 = false
  }),
  says('no ipv6 forwarding', 0, (tree) => {
    tree.forwarding.ipv6 = false
  }),
  says('ip prefix-list WORD seq NUMBER ACTION PREFIX4 LENGTHS', 2, (tree, ...values) => enterPrefixListEntry(tree, 4, values)),
  says('ipv6 prefix-list WORD seq NUMBER ACTION PREFIX6 LENGTHS', 2, (tree, ...values) => enterPrefixListEntry(tree, 6, values)),
  { pattern: 'route-map WORD ACTION NUMBER', times: 3, set: (tree, name, action, sequence) => openRouteMapEntry(tree, name!, action!, sequence!) },
  ...statics,
  { pattern: 'vrf WORD', times: 1, set: (tree, name) => openVrf(tree, name!) },
  { pattern: 'router bgp NUMBER', times: 0, set: (tree, asn) => openRouter(tree, asn!) },
  { pattern: 'router bgp NUMBER vrf WORD', times: 2, set: (tree, asn, vrf) => openRouter(tree, asn!, vrf!) },
]
