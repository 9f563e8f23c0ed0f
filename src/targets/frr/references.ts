/**
 * Checks the names inside an FRR configuration: each that is used is defined, and each that is defined is used. FRR itself accepts both (`vtysh -C` is
 * silent): a missing route map denies every route, and a session whose BFD profile is missing is watched at FRR's own timers.
 */
import { type Diagnostic, diagnose } from '#base/diagnostic.ts'
import type { FrrTree, Router } from './tree.ts'

type Kind = 'prefix-list' | 'ipv6 prefix-list' | 'large-community-list' | 'route-map' | 'bfd profile'

interface Use {
  readonly who: string
  readonly kind: Kind
  readonly name: string
}

/** What is wrong with the names of the tree: references to nothing, then definitions without a reference, then the same for the neighbours of each speaker. */
export function checkReferences(tree: FrrTree): Diagnostic[] {
  const { ipv4, ipv6 } = tree.protocolMaps
  const uses = [
    ...tree.routeMaps.flatMap(mapUses),
    ...use('ip protocol bgp', 'route-map', ipv4),
    ...use('ipv6 protocol bgp', 'route-map', ipv6),
    ...tree.routers.flatMap(routerUses),
  ]
  const definitions = [
    ...tree.prefixLists.map(({ name, family }) => ({ kind: family === 4 ? ('prefix-list' as const) : ('ipv6 prefix-list' as const), name })),
    ...tree.communityLists.map(({ name }) => ({ kind: 'large-community-list' as const, name })),
    ...tree.routeMaps.map(({ name }) => ({ kind: 'route-map' as const, name })),
    ...tree.bfdProfiles.map(({ name }) => ({ kind: 'bfd profile' as const, name })),
  ]
  const defined = new Set(definitions.map(keyOf))
  const used = new Set(uses.map(keyOf))
  return [
    ...uses.filter((use) => !defined.has(keyOf(use))).map(({ who, kind, name }) => diagnose('frr-undefined-name', { who, kind, name })),
    ...definitions.filter((definition) => !used.has(keyOf(definition))).map(({ kind, name }) => diagnose('frr-unused-name', { kind, name })),
    ...tree.routers.flatMap(checkNeighbors),
  ]
}

/** FRR drops the lines of a family for a neighbour without an AS number, and a neighbour without a family exchanges nothing. */
function checkNeighbors(router: Router): Diagnostic[] {
  const who = routerName(router)
  const active = [router.ipv4, router.ipv6, router.evpn].flatMap(({ neighbors }) => neighbors.map(({ address }) => address))
  const declared = router.neighbors.map(({ address }) => address)
  const [isActive, isDeclared] = [new Set(active), new Set(declared)]
  return [
    ...active.filter((address) => !isDeclared.has(address)).map((name) => diagnose('frr-undefined-name', { who, kind: 'neighbor', name })),
    ...declared.filter((address) => !isActive.has(address)).map((name) => diagnose('frr-unused-name', { kind: `${who} neighbor`, name })),
  ]
}

function routerName({ asn, vrf }: Router): string {
  return `router bgp ${asn}${vrf === undefined ? '' : ` vrf ${vrf}`}`
}

function keyOf({ kind, name }: { readonly kind: Kind; readonly name: string }): string {
  return `${kind} ${name}`
}

function mapUses({ name, entries }: FrrTree['routeMaps'][number]): Use[] {
  return entries.flatMap(({ sequence, matchPrefixList4, matchPrefixList6, matchCommunityList }) => {
    const who = `route-map ${name} ${sequence}`
    return [
      ...use(who, 'prefix-list', matchPrefixList4),
      ...use(who, 'ipv6 prefix-list', matchPrefixList6),
      ...use(who, 'large-community-list', matchCommunityList),
    ]
  })
}

function routerUses(router: Router): Use[] {
  const { ipv4, ipv6 } = router
  const who = routerName(router)
  const families = [ipv4, ipv6].flatMap(({ redistributeConnected, neighbors }) => [
    ...use(`${who}, redistribute connected,`, 'route-map', redistributeConnected?.routeMap),
    ...neighbors.flatMap(({ address, in: into, out }) => [
      ...use(`${who} neighbor ${address}, in,`, 'route-map', into),
      ...use(`${who} neighbor ${address}, out,`, 'route-map', out),
    ]),
  ])
  return [...router.neighbors.flatMap(({ address, bfd }) => use(`${who} neighbor ${address}`, 'bfd profile', bfd)), ...families]
}

function use(who: string, kind: Kind, name: string | undefined): Use[] {
  return name === undefined ? [] : [{ who, kind, name }]
}
