/** The commands of `router bgp` and of its address families. */
import { always, block, type Command, type OpenBlock, says } from '../commands.ts'
import { type Draft, type DraftTree, departs } from './draft.ts'
import { type AddressFamily, BUILD_PATHS, DEFAULT_CONNECT_RETRY, type EvpnFamily, type FamilyNeighbor } from './tree.ts'

type Router = DraftTree['routers'][number]
type Neighbor = Router['neighbors'][number]

/** A command on a neighbour, whose first line has come before. `enter` may refuse it. */
function onNeighbor<D extends { neighbors: N[] }, N extends { address: string }>(
  pattern: string,
  enter: (neighbor: N, value: string) => undefined | false,
): Command<D> {
  return {
    pattern,
    times: 1,
    set: ({ neighbors }, address, value) => {
      // Most often the last: its lines stand together.
      const neighbor = neighbors.findLast((neighbor) => neighbor.address === address)
      return neighbor ? enter(neighbor, value ?? '') : false
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
    says('neighbor IP activate', 1, ({ neighbors }, address) =>
      neighbors.push({ address: address!, nextHopSelf: false, removePrivateAsns: false, defaultOriginate: false, why: [] }),
    ),
    onPeer('neighbor IP next-hop-self', (neighbor) => {
      neighbor.nextHopSelf = true
    }),
    onPeer('neighbor IP remove-private-AS all replace-AS', (neighbor) => {
      neighbor.removePrivateAsns = true
    }),
    onPeer('neighbor IP default-originate', (neighbor) => {
      neighbor.defaultOriginate = true
    }),
    onPeer('neighbor IP maximum-prefix NUMBER restart 30', (neighbor, count) => {
      neighbor.maximumPrefixes = Number(count)
    }),
    onPeer('neighbor IP route-map WORD in', (neighbor, map) => {
      neighbor.in = map
    }),
    onPeer('neighbor IP route-map WORD out', (neighbor, map) => {
      neighbor.out = map
    }),
    departs('maximum-paths NUMBER', BUILD_PATHS, (family, paths) => {
      family.maximumPaths = paths
    }),
    departs('maximum-paths ibgp NUMBER', BUILD_PATHS, (family, paths) => {
      family.maximumPathsIbgp = paths
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
  says('bgp graceful-shutdown', 0, (router) => {
    router.gracefulShutdown = true
  }),
  says('bgp bestpath as-path multipath-relax', 0, (router) => {
    router.multipathRelax = true
  }),
  says('neighbor IP remote-as NUMBER', 1, ({ neighbors }, address, asn) =>
    neighbors.push({ address: address!, asn: Number(asn), connectRetry: DEFAULT_CONNECT_RETRY, why: [] }),
  ),
  onNeighbor<Router, Neighbor>('neighbor IP description TEXT', (neighbor, text) => {
    neighbor.description = text
  }),
  // FRR turns BFD on before it names the profile, whose line by itself would do both.
  onNeighbor<Router, Neighbor>('neighbor IP bfd', (neighbor) => {
    neighbor.bfd = ''
  }),
  onNeighbor<Router, Neighbor>('neighbor IP bfd profile WORD', (neighbor, profile) => {
    if (neighbor.bfd !== '') return false
    neighbor.bfd = profile
    return undefined
  }),
  onNeighbor<Router, Neighbor>('neighbor IP timers connect NUMBER', (neighbor, seconds) => {
    if (Number(seconds) === DEFAULT_CONNECT_RETRY) return false
    neighbor.connectRetry = Number(seconds)
    return undefined
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

/** Opens `router bgp ASN`, of a table that has none yet. */
export function openRouter({ routers }: DraftTree, asn: string, vrf?: string): OpenBlock | false {
  const family = () => ({ networks: [], aggregates: [], neighbors: [], maximumPaths: BUILD_PATHS, maximumPathsIbgp: BUILD_PATHS })
  const draft: Router = {
    asn: Number(asn),
    ...(vrf === undefined ? {} : { vrf }),
    routerId: '',
    requiresPolicy: true,
    gracefulShutdown: false,
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
