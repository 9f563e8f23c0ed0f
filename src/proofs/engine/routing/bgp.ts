/**
 * What speakers of BGP come to: each tells its neighbours its best path to each prefix, they choose again, until nobody has anything new to say. From the parsed text alone.
 *
 * Work is a queue of (speaker, prefix): only what changed is chosen again. EVPN paths are of the default table's speaker, keyed by distinguisher and prefix; VRFs put theirs in, and take out those that bear
 * their target (RFC 9136, type 5).
 */
import { contains, type Family, familyOf, ipOf, prefixOf } from '#base/ip.ts'
import type { Links } from '../network/links.ts'
import { choose, comparePaths, DEFAULT_PREFERENCE, type Path, sameHop } from './path.ts'
import { type Session, type Speaker, unicastOf } from './sessions.ts'
import type { Route } from './tables.ts'

/** Paths by prefix: the best first, and those that share the packets with it. */
export type Chosen = ReadonlyMap<string, readonly Path[]>

/** What is announced from outside over a session whose other end is none of ours: prefixes, with the path that they come by. */
export type Outside = (speaker: Speaker, session: Session) => readonly { readonly prefix: string; readonly asPath: readonly number[] }[]

/** Where it ended. */
export interface Outcome {
  /** By number of the speaker. */
  readonly chosen: readonly Chosen[]
  /** Prefixes that a speaker went on changing its mind about: there is no stable outcome, or more than one. */
  readonly unstable: readonly { readonly speaker: number; readonly prefix: string }[]
  /** All that a speaker has heard of a prefix, the best first: what it chose from. */
  heard(speaker: number, prefix: string): readonly Path[]
  /** The EVPN path that a device's default table chose for a prefix under a distinguisher. */
  carried(speaker: number, distinguisher: string, prefix: string): Path | undefined
}

/** What goes, all at once. */
export interface Lost {
  /** Sessions that end, by number: what was heard over them is forgotten, and nothing is told over them. */
  readonly sessions: ReadonlySet<number>
  /** What the tables of these speakers hold without BGP now; of all others nothing has changed. */
  readonly given: ReadonlyMap<Speaker, ReadonlyMap<string, Route>>
}

/** Speakers at rest, and what they would come to. */
export interface Settled {
  readonly outcome: Outcome
  /** What changes when that goes: paths by prefix, by number of the speaker; none where there are none any more. Nothing is kept of it. */
  without(lost: Lost): Pick<Outcome, 'unstable'> & { readonly changed: ReadonlyMap<number, Chosen> }
}

/** How often a speaker may change its mind about a prefix. Paths get longer by one AS at a time, so honest ones settle in as many rounds as the longest way has. */
const MOST_CHANGES = 200

/** A prefix in a table: of EVPN a distinguisher and a prefix. */
interface Entry {
  readonly speaker: Speaker
  readonly prefix: string
  readonly family: Family
  readonly evpn: boolean
  /** Paths heard, by who told them. */
  heard: Map<number | string, Path>
  chosen: readonly Path[]
  /** How often the mind was changed. */
  changes: number
  queued: boolean
}

type Table = Map<string, Entry>

/** What an entry was before something went. */
type Kept = Pick<Entry, 'heard' | 'chosen'> & { readonly isNew: boolean }

/** Runs all speakers to the end. `given` is what the table of a speaker holds without BGP. */
export function converge(speakers: readonly Speaker[], links: Links, given: (speaker: Speaker) => ReadonlyMap<string, Route>, outside: Outside): Settled {
  const tables: Table[] = speakers.map(() => new Map())
  const evpn: Table[] = speakers.map(() => new Map())
  let unstable: { speaker: number; prefix: string }[] = []
  const sessions = new Map(speakers.flatMap((speaker) => speaker.sessions.map((session) => [session.number, session] as const)))
  /** The other VRFs of a device import what its default table hears. */
  const byDevice = Map.groupBy(speakers, ({ device }) => device)
  const routerIds = speakers.map(({ router }) => Number(ipOf(router.routerId).value))
  const aggregates = speakers.map(({ router }) =>
    [...router.ipv4.aggregates, ...router.ipv6.aggregates].map(({ prefix }) => ({ prefix, family: familyOf(prefix), around: prefixOf(prefix), inside: 0 })),
  )

  const queue: Entry[] = []
  /** While something is gone: what is gone, and what was before. */
  let silent: ReadonlySet<number> = new Set()
  let kept: Map<Entry, Kept> | undefined
  const hear = (isEvpn: boolean, speaker: Speaker, prefix: string, from: number | string, path: Path | undefined) => {
    const table = (isEvpn ? evpn : tables)[speaker.number]!
    const known = table.get(prefix)
    const last = known?.heard.get(from)
    if (path ? last && samePath(last, path) : !last) return
    const entry = known ?? { speaker, prefix, family: familyOf(prefix), evpn: isEvpn, heard: new Map(), chosen: NONE, changes: 0, queued: false }
    if (!known) table.set(prefix, entry)
    if (kept && !kept.has(entry)) {
      kept.set(entry, { heard: entry.heard, chosen: entry.chosen, isNew: !known })
      entry.heard = new Map(entry.heard)
      entry.changes = 0
    }
    if (path) entry.heard.set(from, path)
    else entry.heard.delete(from)
    if (entry.queued) return
    entry.queued = true
    queue.push(entry)
  }

  for (const speaker of speakers) {
    for (const { prefix, path } of ownPaths(speaker, given(speaker), routerIds[speaker.number]!)) hear(false, speaker, prefix, 'own', path)
    for (const session of speaker.sessions) {
      if (session.other || !session.unicast) continue
      for (const { prefix, asPath } of outside(speaker, session))
        hear(false, speaker, prefix, session.number, heardBy(speaker, session, prefix, { ...OUTSIDE, asPath }, false))
    }
  }
  for (const speaker of speakers) tellDefaults(speaker)

  settle()
  const chosen = tables.map((table) => new Map([...table].flatMap(([prefix, { chosen }]) => (chosen.length > 0 ? [[prefix, chosen]] : []))))
  const heard: Outcome['heard'] = (speaker, prefix) => [...(tables[speaker]!.get(prefix)?.heard.values() ?? [])].sort(comparePaths)
  const carried: Outcome['carried'] = (speaker, distinguisher, prefix) => evpn[speaker]!.get(`${distinguisher} ${prefix}`)?.chosen[0]
  return { outcome: { chosen, unstable, heard, carried }, without }

  /** Decides until nobody has anything new to say. */
  function settle(): void {
    for (let at = 0; at < queue.length; at++) {
      const entry = queue[at]!
      entry.queued = false
      decide(entry)
      // What was done is let go of.
      if (at > 1 << 16) {
        queue.splice(0, at + 1)
        at = -1
      }
    }
    queue.length = 0
  }

  function without({ sessions: ended, given: left }: Lost): ReturnType<Settled['without']> {
    const before = { unstable, inside: aggregates.map((summaries) => summaries.map(({ inside }) => inside)) }
    unstable = []
    silent = ended
    kept = new Map()
    for (const speaker of speakers) {
      const over = speaker.sessions.filter(({ number }) => ended.has(number))
      if (over.length === 0) continue
      for (const table of [tables[speaker.number]!, evpn[speaker.number]!])
        for (const { evpn: isEvpn, prefix, heard } of [...table.values()])
          for (const { number } of over) if (heard.has(number)) hear(isEvpn, speaker, prefix, number, undefined)
    }
    for (const [speaker, routes] of left) {
      const own = new Map(ownPaths(speaker, routes, routerIds[speaker.number]!).map(({ prefix, path }) => [prefix, path]))
      for (const { prefix, heard } of [...tables[speaker.number]!.values()])
        if (heard.has('own') && !own.has(prefix)) hear(false, speaker, prefix, 'own', undefined)
    }
    settle()
    const changed = new Map<number, Map<string, readonly Path[]>>()
    for (const [{ speaker, prefix, chosen, evpn: isEvpn }, { chosen: last }] of kept) {
      if (isEvpn || sameItems(chosen, last)) continue
      const paths = changed.get(speaker.number) ?? new Map()
      changed.set(speaker.number, paths.set(prefix, chosen))
    }
    const found = { changed, unstable }
    for (const [entry, { heard, chosen, isNew }] of kept) {
      entry.heard = heard
      entry.chosen = chosen
      if (isNew) (entry.evpn ? evpn : tables)[entry.speaker.number]!.delete(entry.prefix)
    }
    for (const [index, summaries] of aggregates.entries()) for (const [at, summary] of summaries.entries()) summary.inside = before.inside[index]![at]!
    unstable = before.unstable
    silent = new Set()
    kept = undefined
    return found
  }

  function decide(entry: Entry): void {
    const { speaker, prefix, family, heard, chosen: before } = entry
    const { router } = speaker
    const { maximumPaths, maximumPathsIbgp } = entry.evpn ? router.ipv4 : unicastOf(router, family)
    const most = entry.evpn ? ALONE : { external: maximumPaths, internal: maximumPathsIbgp }
    const after = choose([...heard.values()], most, router.multipathRelax)
    if (sameItems(before, after)) return
    entry.changes++
    if (entry.changes === MOST_CHANGES) unstable.push({ speaker: speaker.number, prefix })
    if (entry.changes >= MOST_CHANGES) return
    entry.chosen = after
    const best = after[0]
    if (before[0] === best) return
    if (entry.evpn) {
      for (const session of speaker.sessions) if (session.evpn && session.other) tell(speaker, session, prefix, best, true)
      importInto(speaker, prefix, best)
      return
    }
    for (const session of speaker.sessions) {
      if (!session.unicast || !session.other || family !== session.family) continue
      if (session.unicast.defaultOriginate && isDefault(prefix)) continue
      tell(speaker, session, prefix, best, false)
    }
    exportFrom(speaker, prefix, best)
    if (before.length > 0 !== after.length > 0) summarize(speaker, prefix, family, after.length > 0 ? 1 : -1)
  }

  /** What a neighbour is told of a prefix, and makes of it. */
  function tell(speaker: Speaker, session: Session, prefix: string, best: Path | undefined, isEvpn: boolean): void {
    if (silent.has(session.number)) return
    const other = speakers[session.other!.speaker]!
    const far = sessions.get(session.other!.session)!
    const sent = best && sentBy(speaker, session, prefix, best, isEvpn)
    hear(isEvpn, other, prefix, far.number, sent && heardBy(other, far, prefix, sent, isEvpn))
  }

  function sentBy(speaker: Speaker, session: Session, prefix: string, best: Path, isEvpn: boolean): Path | undefined {
    const { router } = speaker
    const out = toldOver(speaker, session, prefix, best, isEvpn)
    if (!out) return undefined
    const path = !isEvpn && session.unicast?.removePrivateAsns ? out.asPath.map((asn) => (isPrivate(asn) ? router.asn : asn)) : out.asPath
    const next = session.external || session.unicast?.nextHopSelf || isOwnPath(best) ? undefined : best.hop
    return {
      from: out.from,
      kind: out.kind,
      asPath: session.external ? [router.asn, ...path] : path,
      localPreference: session.external ? DEFAULT_PREFERENCE : router.gracefulShutdown ? 0 : out.localPreference,
      origin: out.origin,
      largeCommunities: out.largeCommunities,
      leaving: out.leaving || (session.external && router.gracefulShutdown),
      hop: isEvpn ? out.hop : next,
      routerId: routerIds[speaker.number]!,
      targets: out.targets,
    }
  }

  function heardBy(speaker: Speaker, session: Session, prefix: string, sent: Path, isEvpn: boolean): Path | undefined {
    const { router } = speaker
    if (session.external && sent.asPath.includes(router.asn)) return undefined
    const leaving = sent.leaving || (session.external && router.gracefulShutdown)
    const path: Path = {
      from: session.number,
      kind: session.external ? 'external' : 'internal',
      asPath: sent.asPath,
      localPreference: leaving ? 0 : sent.localPreference,
      origin: sent.origin,
      largeCommunities: sent.largeCommunities,
      leaving,
      hop: isEvpn ? sent.hop : session.hop,
      routerId: sent.routerId,
      targets: sent.targets,
    }
    if (isEvpn) return path
    if (!session.unicast) return undefined
    const map = session.unicast.in
    if (map === undefined) return session.external && router.requiresPolicy ? undefined : path
    const taken = speaker.ask(map, prefix, path)
    // FRR heeds GRACEFUL_SHUTDOWN of another AS after the map, whatever that sets (measured).
    return taken && leaving && session.external ? { ...taken, localPreference: 0 } : taken
  }

  /** Defaults that are announced whatever the table holds. The `out` map is not asked. */
  function tellDefaults(speaker: Speaker): void {
    for (const session of speaker.sessions) {
      if (!session.unicast?.defaultOriginate || !session.other) continue
      const prefix = session.family === 4 ? '0.0.0.0/0' : '::/0'
      const other = speakers[session.other.speaker]!
      const far = sessions.get(session.other.session)!
      const { router } = speaker
      const asPath = session.external ? [router.asn] : []
      const sent: Path = { ...OUTSIDE, from: 'own', asPath, leaving: router.gracefulShutdown, routerId: routerIds[speaker.number]! }
      hear(false, other, prefix, far.number, heardBy(other, far, prefix, sent, false))
    }
  }

  /** A VRF's best path goes to the other devices of the fabric, unless it came from them. */
  function exportFrom(speaker: Speaker, prefix: string, best: Path | undefined): void {
    const { vrf } = speaker.router.evpn
    if (!vrf || speaker.vrf === '') return
    const above = byDevice.get(speaker.device)!.find((other) => other.vrf === '' && other.router.evpn.allVnis)
    const vni = links.vnis.get(speaker.device)?.find((one) => one.vrf === speaker.vrf)
    if (!above || !vni) return
    const key = `${vrf.distinguisher} ${prefix}`
    const isNew = best && best.targets === undefined
    const path: Path | undefined = isNew
      ? { ...best, from: 'own', hop: { tunnel: vni.local, port: '' }, targets: [vrf.exportTarget], localPreference: DEFAULT_PREFERENCE }
      : undefined
    hear(true, above, key, 'own', path)
  }

  /** The VRFs of the device take in what bears their target, as paths into the tunnel. */
  function importInto(speaker: Speaker, key: string, best: Path | undefined): void {
    const [distinguisher, prefix] = key.split(' ') as [string, string]
    for (const other of byDevice.get(speaker.device)!) {
      const { vrf } = other.router.evpn
      if (!vrf || other.vrf === '' || vrf.distinguisher === distinguisher) continue
      const vni = links.vnis.get(speaker.device)?.find((one) => one.vrf === other.vrf)
      const held = best && vni && best.from !== 'own' && best.targets?.includes(vrf.importTarget) && best.hop && 'tunnel' in best.hop
      const path = held ? { ...best, from: distinguisher, hop: { tunnel: (best.hop as { readonly tunnel: string }).tunnel, port: vni!.bridge } } : undefined
      hear(false, other, prefix, distinguisher, path)
    }
  }

  /** A summary is announced while something inside of it is known: so much more, or less, is now. */
  function summarize(speaker: Speaker, prefix: string, family: Family, more: 1 | -1): void {
    for (const summary of aggregates[speaker.number]!) {
      if (summary.prefix === prefix || summary.family !== family || !contains(summary.around, prefixOf(prefix))) continue
      summary.inside += more
      const path = summary.inside > 0 ? { ...OWN, from: 'aggregate', kind: 'aggregate' as const, routerId: routerIds[speaker.number]! } : undefined
      hear(false, speaker, summary.prefix, 'aggregate', path)
    }
  }
}

/** The best path to a prefix as its speaker's policy lets it be told over a session; undefined where it is not told there. */
export function toldOver({ router, ask }: Speaker, { number, external, unicast }: Session, prefix: string, best: Path, isEvpn: boolean): Path | undefined {
  if (best.from === number || (best.kind === 'internal' && !external)) return undefined
  if (isEvpn) return best
  if (external && router.requiresPolicy && (unicast?.out === undefined || unicast.in === undefined)) return undefined
  return unicast?.out === undefined ? best : ask(unicast.out, prefix, best)
}

const NONE: readonly Path[] = []

/** EVPN keeps one path of each distinguisher: those of several devices have several. */
const ALONE = { external: 1, internal: 1 }

function isOwnPath({ kind }: Path): boolean {
  return kind === 'own' || kind === 'aggregate'
}

function samePath(a: Path, b: Path): boolean {
  return (
    a.kind === b.kind &&
    a.localPreference === b.localPreference &&
    a.origin === b.origin &&
    a.leaving === b.leaving &&
    a.routerId === b.routerId &&
    sameItems(a.asPath, b.asPath) &&
    sameItems(a.largeCommunities, b.largeCommunities) &&
    sameItems(a.targets ?? [], b.targets ?? []) &&
    sameHop(a.hop, b.hop)
  )
}

function sameItems<T>(a: readonly T[], b: readonly T[]): boolean {
  return a === b || (a.length === b.length && a.every((item, index) => item === b[index]))
}

function isDefault(prefix: string): boolean {
  return prefix === '0.0.0.0/0' || prefix === '::/0'
}

/** RFC 6996 §5. */
function isPrivate(asn: number): boolean {
  return (asn >= 64_512 && asn <= 65_534) || (asn >= 4_200_000_000 && asn <= 4_294_967_294)
}

const OWN = { asPath: [], localPreference: DEFAULT_PREFERENCE, origin: 0, largeCommunities: [], leaving: false, hop: undefined, targets: undefined } as const

/** From somebody who is none of ours, or who says it whatever he knows. */
const OUTSIDE: Path = { ...OWN, from: 0, kind: 'external', routerId: 0 }

/** What a speaker announces of itself: `network` while the table holds that prefix, and connected prefixes by way of a map. */
function ownPaths({ router, ask }: Speaker, given: ReadonlyMap<string, Route>, routerId: number): { readonly prefix: string; readonly path: Path }[] {
  const own = (origin: 0 | 2): Path => ({ ...OWN, from: 'own', kind: 'own', origin, routerId })
  const found = new Map<string, Path>()
  for (const family of [4, 6] as const) {
    const { networks, redistributeConnected } = unicastOf(router, family)
    if (redistributeConnected) {
      for (const { prefix, protocol } of given.values()) {
        if (protocol !== 'connected' || familyOf(prefix) !== family) continue
        const path = ask(redistributeConnected.routeMap, prefix, own(2))
        if (path) found.set(prefix, path)
      }
    }
    for (const { prefix } of networks) if (given.has(prefix)) found.set(prefix, own(0))
  }
  return [...found].map(([prefix, path]) => ({ prefix, path }))
}
