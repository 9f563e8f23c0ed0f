/**
 * Reads `frr.conf` and `daemons` back into the tree, as tables of the commands that `print` writes. Order inside a block is free, as it is for FRR; everything
 * else is refused with its line, and so is a file that lacks a constant line, because the tree would then say more than the text.
 */
import { diagnose, type Result, result } from '#base/diagnostic.ts'
import { prefixOf } from '#base/ip.ts'
import { always, block, type Command, readFile, type Syntax, says } from '../commands.ts'
import type { Draft, DraftTree as Tree } from './draft.ts'
import { openBfd, openInterface } from './parse-hosts.ts'
import { openRouter } from './parse-router.ts'
import { DEFAULT_DISTANCE, type FrrPrefixListEntry, type FrrTree, type RouteMapEntry } from './tree.ts'

type Vrf = Tree['vrfs'][number]

/** FRR ignores indentation, and ends a block at the next command that fits outside it. */
const SYNTAX: Syntax = { program: 'FRR', comments: ['!', '#'], step: 1 }

/** Reads the printed files, by path. Whys are empty. */
export function parse(files: ReadonlyMap<string, string>): Result<FrrTree> {
  const tree: Tree = {
    hostname: '',
    forwarding: { ipv4: true, ipv6: true },
    prefixLists: [],
    communityLists: [],
    routeMaps: [],
    protocolMaps: {},
    statics: [],
    vrfs: [],
    interfaces: [],
    bfdProfiles: [],
    routers: [],
    why: [],
  }
  const started: Started = {}
  const diagnostics = [...readFile(SYNTAX, files, 'frr.conf', config, tree), ...readFile(SYNTAX, files, 'daemons', daemons, started)]
  if (diagnostics.length === 0) {
    const missing = (file: string, block: string, line: string) =>
      diagnostics.push(diagnose('missing-line', { program: SYNTAX.program, line, block }, { place: { file, line: 1, column: 1 } }))
    const wanted = { bgpd: tree.routers.length > 0, bfdd: tree.bfdProfiles.length > 0 }
    for (const daemon of ['bgpd', 'bfdd'] as const) {
      if (started[daemon] !== wanted[daemon]) missing('daemons', 'daemons', `${daemon}=${wanted[daemon] ? 'yes' : 'no'}`)
    }
    for (const { asn, neighbors } of tree.routers) {
      for (const { address, bfd } of neighbors) if (bfd === '') missing('frr.conf', `router bgp ${asn}`, `neighbor ${address} bfd profile`)
    }
  }
  for (const { entries } of [...tree.prefixLists, ...tree.routeMaps]) entries.sort((a, b) => a.sequence - b.sequence)
  return result(tree, diagnostics)
}

/** What `daemons` says of each. */
type Started = { bgpd?: boolean; bfdd?: boolean }

function starts(daemon: keyof Started, word: 'yes' | 'no'): Command<Started> {
  return {
    pattern: `${daemon}=${word}`,
    times: 0,
    set: (started) => {
      if (started[daemon] !== undefined) return false
      started[daemon] = word === 'yes'
      return undefined
    },
  }
}

const daemons: readonly Command<Started>[] = [
  starts('bgpd', 'yes'),
  starts('bgpd', 'no'),
  starts('bfdd', 'yes'),
  starts('bfdd', 'no'),
  always('vtysh_enable=yes'),
  always('zebra_options="-A 127.0.0.1 -s 90000000"'),
  always('bgpd_options="-A 127.0.0.1"'),
  always('staticd_options="-A 127.0.0.1"'),
  always('bfdd_options="-A 127.0.0.1"'),
]

type Table = Pick<Vrf, 'statics'>

function enterStatic({ statics }: Table, prefix: string, via: string, distance: string | undefined): undefined | false {
  if (Number(distance) === DEFAULT_DISTANCE) return false
  statics.push({ prefix, via, distance: Number(distance ?? DEFAULT_DISTANCE), why: [] })
  return undefined
}

const statics: readonly Command<Table>[] = ['ip route PREFIX4 IP4', 'ipv6 route PREFIX6 IP6'].flatMap((pattern): Command<Table>[] =>
  ['', ' NUMBER'].flatMap((distance) => [
    { pattern: pattern + distance, times: 2, set: (table, prefix, via, distance) => enterStatic(table, prefix!, via!, distance) },
    {
      pattern: pattern.replace(/IP.$/, 'blackhole') + distance,
      times: 1,
      set: (table, prefix, distance) => enterStatic(table, prefix!, 'blackhole', distance),
    },
  ]),
)

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
  says('match large-community WORD', 0, (entry, list) => {
    entry.matchCommunityList = list!
  }),
  says('set as-path prepend NUMBERS', 0, (entry, asns) => {
    entry.prepend = asns!.split(' ').map(Number)
  }),
  {
    pattern: 'set large-community TEXT',
    times: 0,
    set: (entry, text) => {
      const communities = text!.split(' ')
      if (communities.pop() !== 'additive' || !areLargeCommunities(communities)) return false
      entry.largeCommunities = communities
      return undefined
    },
  },
  says('set local-preference NUMBER', 0, (entry, preference) => {
    entry.localPreference = Number(preference)
  }),
  ...['IP4', 'IP6'].map((address) =>
    says<Draft<RouteMapEntry>>(`set src ${address}`, 0, (entry, source) => {
      entry.source = source!
    }),
  ),
]

/** Some, each three numbers of 32 bits (RFC 8092 §3). */
function areLargeCommunities(texts: readonly string[]): boolean {
  const isOne = (text: string) => /^(0|[1-9]\d{0,9}):(0|[1-9]\d{0,9}):(0|[1-9]\d{0,9})$/.test(text) && text.split(':').every((part) => Number(part) < 2 ** 32)
  return texts.length > 0 && texts.every(isOne)
}

function enterCommunityList({ communityLists }: Tree, name: string, text: string): undefined | false {
  const communities = text.split(' ')
  if (!areLargeCommunities(communities)) return false
  communityLists.push({ name, communities, why: [] })
  return undefined
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
  { pattern: 'bgp large-community-list standard WORD seq 5 permit TEXT', times: 1, set: (tree, name, text) => enterCommunityList(tree, name!, text!) },
  { pattern: 'route-map WORD ACTION NUMBER', times: 3, set: (tree, name, action, sequence) => openRouteMapEntry(tree, name!, action!, sequence!) },
  says('ip protocol bgp route-map WORD', 0, (tree, name) => {
    tree.protocolMaps.ipv4 = name!
  }),
  says('ipv6 protocol bgp route-map WORD', 0, (tree, name) => {
    tree.protocolMaps.ipv6 = name!
  }),
  ...statics,
  { pattern: 'vrf WORD', times: 1, set: (tree, name) => openVrf(tree, name!) },
  { pattern: 'interface WORD', times: 1, set: (tree, name) => openInterface(tree, name!) },
  { pattern: 'bfd', times: 0, set: openBfd },
  { pattern: 'router bgp NUMBER', times: 0, set: (tree, asn) => openRouter(tree, asn!) },
  { pattern: 'router bgp NUMBER vrf WORD', times: 2, set: (tree, asn, vrf) => openRouter(tree, asn!, vrf!) },
]
