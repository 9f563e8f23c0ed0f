/**
 * Route policies: what each side of a session says (announcements) and believes (acceptance), as prefix lists and policies. Policies are named after what they
 * say, so that sessions which say the same share one.
 */

import { bitsOf } from '#base/ip.ts'
import { anyOf, type Why } from '#base/place.ts'
import type { CommunityList, PrefixList, RoutePolicy, RoutePolicyEntry, Routing } from '#design/routing.ts'
import type { Located } from '../address/plan-company.ts'
import type { Session } from '../connect/connected.ts'
import { ledgerOrigin } from '../holdings.ts'
import type { OwnedLink } from '../join.ts'
import type { PlacedDevice } from '../place/place-site.ts'

/**
 * How many times a standby puts its own AS number in front, beyond the usual once: more than any detour inside a site is long. One that is of no hub does so more often, so that of two circuits between the active edge of a site
 * and the standby of its hub, and the other way round, both ends take the one of the site's active edge.
 */
const STANDBY_PREPEND = { hub: 3, site: 6 } as const

/**
 * Local preference of a default route that comes over the WAN, as a part of that of the way, so that it follows the same order: the internet by way of a hub is the last resort of a site that has a way of its own, which has the
 * usual 100.
 */
const LAST_RESORT = 1 / 4

/** Of a way that nothing is said of: a carrier's network. */
const USUAL_PREFERENCE = 100

/** What a large community says of a route (RFC 8092; the number of who set it, then 1, then one of these): of which kind of site it is, or that it is a summary or a default of a hub. */
const ORIGIN: Readonly<Record<string, number>> = { office: 1, warehouse: 2, 'call-centre': 3, 'data-centre': 4 }
const OTHER_ORIGIN = 9
const SUMMARY = 10
const WAY_OUT = 20

/**
 * The AS number by which routes say something that all devices read alike, each of which has a number of its own: AS_TRANS's neighbour 65000, private by RFC 6996. Route targets have it (two octets, RFC 4360 §4, so that
 * four are left for the VNI), and the large communities that say which preference a route was given where it came in.
 */
export const COMPANY_ASN = 65000

/** What the large community of a preference is about: `65000:2:200`. Preference itself ends at the next AS, which the next router is; RFC 1998 is the practice. */
const PREFERRED = 2

/** Distance between the sequence numbers of entries: room for a person to add one in an emergency. */
const STEP = 10

/** Blocks that a prefix list is made of, each with why it is that one. */
interface Blocks {
  readonly name: string
  readonly v4: readonly Located[]
  readonly v6: readonly Located[]
}

/** What one entry of a policy says. */
interface Clause {
  readonly action: 'permit' | 'deny'
  readonly match?: Blocks
  /** Exactly the blocks, everything inside them, or single hosts of them. */
  readonly extent?: Extent
  readonly preference?: number
  /** The preference is said by a large community too, for who hears it next. */
  readonly tells?: boolean
  /** Only of a route of which this preference was said. */
  readonly brought?: number
  /** Said of the route by a large community. */
  readonly origin?: number
}

type Extent = 'exact' | 'inside' | 'hosts'

const DEFAULTS: Blocks = { name: 'default', v4: [{ prefix: '0.0.0.0/0', why: [] }], v6: [{ prefix: '::/0', why: [] }] }

/** What sessions share: there because of any of them. */
interface Shared<T> {
  readonly users: Why[]
  readonly make: (why: Why) => T
}

/** Collects the policies that a device's sessions need. `preferences` are those that routes may have at this site, the least first. */
export function policyBook({
  here,
  kind,
  known,
  company,
  asn,
  preferences,
  isHub,
  ask,
  why: ground,
}: {
  readonly here: Blocks
  readonly kind: string
  readonly known: readonly Located[]
  readonly company: Omit<Blocks, 'name'>
  readonly asn: number
  readonly preferences: readonly number[]
  readonly isHub: boolean
} & Pick<PlacedDevice, 'ask' | 'why'>): {
  forSession(session: Session, zone?: Blocks): { importPolicy?: string; exportPolicy?: string }
  finish(): Pick<Routing, 'prefixLists' | 'communityLists' | 'policies'>
} {
  const { standby } = ask
  /** The device's own AS number, which it puts in front and signs communities with. */
  const own = ledgerOrigin(here.name, `asn ${ask.asn}`)
  const lists = new Map<string, Shared<PrefixList>>()
  const communities = new Map<string, Shared<CommunityList>>()
  const policies = new Map<string, Shared<RoutePolicy>>()
  const space: Blocks = { ...company, name: 'company' }

  /** The prefix list of one family, made when first named. */
  function list(blocks: Blocks, family: 4 | 6, extent: Extent, user: Why): string | undefined {
    const prefixes = family === 4 ? blocks.v4 : blocks.v6
    if (prefixes.length === 0) return undefined
    const name = `${extent === 'exact' ? '' : extent === 'inside' ? 'in-' : 'hosts-'}${blocks.name}-v${family}`
    const all = bitsOf(family)
    const make = (why: Why): PrefixList => ({
      name,
      family,
      entries: prefixes.map(({ prefix, why: own }, index) => ({
        sequence: (index + 1) * STEP,
        action: 'permit' as const,
        prefix,
        ...(extent === 'exact' ? {} : extent === 'inside' ? { le: all } : { ge: all, le: all }),
        why: [...own, ...why],
      })),
      why,
    })
    share(lists, name, user, make)
    return name
  }

  /** The list that holds routes of which this preference was said. */
  function saying(preference: number, user: Why): string {
    const name = `preference-${preference}`
    share(communities, name, user, (why) => ({ name, communities: [preferredBy(preference)], why }))
    return name
  }

  function policy(name: string, clauses: readonly Clause[], user: Why, prepend: boolean): string {
    const entries: Omit<RoutePolicyEntry, 'why'>[] = []
    for (const { action, match, extent = 'exact', preference, tells, brought, origin } of clauses) {
      const said = [...(origin === undefined ? [] : [`${asn}:1:${origin}`]), ...(tells && preference !== undefined ? [preferredBy(preference)] : [])]
      const set = {
        ...(prepend ? { prepend: STANDBY_PREPEND[isHub ? 'hub' : 'site'] } : {}),
        ...(preference === undefined ? {} : { localPreference: preference }),
        ...(said.length > 0 ? { largeCommunities: said } : {}),
      }
      const matches = match
        ? ([4, 6] as const).flatMap((family) => {
            const of = list(match, family, extent, user)
            return of === undefined ? [] : [family === 4 ? { prefixList4: of } : { prefixList6: of }]
          })
        : [brought === undefined ? {} : { communityList: saying(brought, user) }]
      for (const one of matches) entries.push({ sequence: (entries.length + 1) * STEP, action, match: one, set: action === 'permit' ? set : {} })
    }
    // That a device stands by was said where it was asked for.
    const make = (users: Why): RoutePolicy => {
      const why = prepend ? [...new Set([...users, ...ground])] : users
      const isSigned = ({ prepend, largeCommunities }: RoutePolicyEntry['set']) =>
        prepend !== undefined || largeCommunities?.some((one) => one.startsWith(`${asn}:`))
      const named = (set: RoutePolicyEntry['set']) => (isSigned(set) ? [...why, own] : why)
      return { name, entries: entries.map((entry) => ({ ...entry, why: named(entry.set) })), why }
    }
    share(policies, name, user, make)
    return name
  }

  function announcing(session: Session): Clause[] {
    const say = new Set(session.exchange.announce)
    if (say.has('all')) return [{ action: 'permit' }]
    const said = (origin: number) => (session.reach === 'wan' ? { origin } : {})
    const permit = (match: Blocks, extent: Extent, origin: number): Clause => ({ action: 'permit', match, extent, ...said(origin) })
    return [
      ...(say.has('inside') ? [permit(here, 'inside', 0)] : []),
      ...(say.has('site') ? [permit(here, 'exact', ORIGIN[kind] ?? OTHER_ORIGIN)] : []),
      ...(say.has('public') ? [permit({ name: 'public', v4: known, v6: here.v6 }, 'exact', ORIGIN[kind] ?? OTHER_ORIGIN)] : []),
      ...(say.has('learned') ? [{ action: 'deny' as const, match: here, extent: 'inside' as const }, { action: 'permit' as const }] : []),
      ...(say.has('company') && !say.has('learned') ? [permit(space, 'exact', SUMMARY)] : []),
      ...(say.has('default') && !say.has('learned') ? [permit(DEFAULTS, 'exact', WAY_OUT)] : []),
    ]
  }

  function exporting(session: Session): string {
    const words = [...session.exchange.announce].sort().join('-') || 'nothing'
    const clauses = announcing(session)
    return policy(`to-${session.reach === 'wan' ? 'wan-' : ''}${words}`, clauses.length > 0 ? clauses : [{ action: 'deny' }], session.asked, standby)
  }

  function importing(session: Session): string | undefined {
    const { accept, preference, keeps } = session.exchange
    const tells = session.reach === 'wan'
    const prefer = preference === undefined ? {} : { preference, tells }
    const named = (name: string) => (preference === undefined ? name : `${name}-${preference}`)
    const from = (name: string, clauses: readonly Clause[]) => policy(named(name), clauses, session.asked, false)
    /** Of several the least: it was said last. A preference that is kept never rises on the way, so nobody prefers what comes back to him. */
    const kept = preferences.map((brought): Clause => ({ action: 'permit', brought, preference: brought }))
    switch (accept) {
      case 'all':
        return undefined
      case 'inside':
        return from('from-inside', [{ action: 'permit', match: here, extent: 'inside' }])
      case 'default':
        return from('from-carrier', [{ action: 'permit', match: DEFAULTS }])
      case 'foreign': {
        const foreign: Clause = { action: 'deny', match: here, extent: 'inside' }
        if (session.reach === 'wan') {
          const lastResort: Clause = { action: 'permit', match: DEFAULTS, preference: lastResortBy(preference), tells }
          return from(keeps ? 'from-wan-kept' : 'from-wan', [foreign, ...(keeps ? kept : []), lastResort, { action: 'permit', ...prefer }])
        }
        // Routers that pass on what they learned are of one mind about it. Filters take the shorter way to who has the best.
        const isOfOneMind = session.exchange.announce.includes('learned')
        return from(isOfOneMind ? 'from-peer' : 'from-foreign', [foreign, ...(isOfOneMind ? kept : []), { action: 'permit', ...prefer }])
      }
      case 'their-inside': {
        const site = session.remoteSite
        return site && from(`from-in-${site.name}`, [{ action: 'permit', match: { ...site, name: `site-${site.name}` }, extent: 'inside', ...prefer }])
      }
      case 'their-site': {
        const site = session.remoteSite
        return site && from(`from-${site.name}`, [{ action: 'permit', match: { ...site, name: `site-${site.name}` }, ...prefer }])
      }
    }
  }

  return {
    forSession(session, zone) {
      // The site's own summary too: zones find each other when the WAN is gone.
      const outward: Clause[] = [
        { action: 'permit', match: here },
        { action: 'permit', match: space },
        { action: 'permit', match: DEFAULTS },
      ]
      switch (session.kind) {
        case 'fabric':
          return {}
        case 'vrf-handoff': {
          // A zone's VRF says its blocks and believes summaries and a way out, nothing finer: what other zones have is the firewall's business.
          const blocks = zone!
          return {
            importPolicy: policy('from-firewall', outward, session.asked, false),
            exportPolicy: policy(`to-firewall-${blocks.name}`, [{ action: 'permit', match: { ...blocks, name: `zone-${blocks.name}` } }], session.asked, false),
          }
        }
        case 'open-handoff':
          return {
            importPolicy: policy('from-zones', [{ action: 'permit', match: here, extent: 'inside' }], session.asked, false),
            exportPolicy: policy('to-zones', outward, session.asked, standby),
          }
        case 'to-host': {
          // A host says the addresses that it holds, one by one, and is told the ways out that its zone knows.
          const blocks = { ...zone!, name: `zone-${zone!.name}` }
          return {
            importPolicy: policy(`from-hosts-${zone!.name}`, [{ action: 'permit', match: blocks, extent: 'hosts' }], session.asked, false),
            exportPolicy: policy('to-hosts', outward, session.asked, false),
          }
        }
        case 'host':
          return {
            importPolicy: policy('from-leaf', outward, session.asked, false),
            exportPolicy: policy('to-leaf', [{ action: 'permit', match: { ...zone!, name: `zone-${zone!.name}` }, extent: 'hosts' }], session.asked, standby),
          }
        default: {
          const importPolicy = importing(session)
          return { ...(importPolicy === undefined ? {} : { importPolicy }), exportPolicy: exporting(session) }
        }
      }
    },
    finish: () => ({
      prefixLists: made(lists, ground),
      ...(communities.size > 0 ? { communityLists: made(communities, ground) } : {}),
      policies: made(policies, ground),
    }),
  }
}

/** The large community that says it. */
function preferredBy(preference: number): string {
  return `${COMPANY_ASN}:${PREFERRED}:${preference}`
}

/** The preference of a default over a way of this one. */
function lastResortBy(preference = USUAL_PREFERENCE): number {
  return Math.floor(preference * LAST_RESORT)
}

/** The preferences that routes may have at a site, by the ways that lead from it, the least first. */
export function preferencesAt(site: string, links: readonly OwnedLink[]): readonly number[] {
  const sides = links.flatMap(({ link: { a, b, carries } }) => {
    if ((carries.kind !== 'route' && carries.kind !== 'tunnel') || !b || a.site === b.site) return []
    return [a.site === site ? carries.a : carries.b]
  })
  const all = sides.flatMap(({ accept, preference, keeps = [] }) => [
    ...(accept === 'foreign' ? [lastResortBy(preference)] : []),
    ...(preference === undefined ? [] : [preference]),
    ...keeps,
  ])
  return [...new Set(all)].sort((a, b) => a - b)
}

function share<T>(all: Map<string, Shared<T>>, name: string, user: Why, make: (why: Why) => T): void {
  const known = all.get(name)
  if (known) known.users.push(user)
  else all.set(name, { users: [user], make })
}

function made<T extends { readonly name: string }>(all: ReadonlyMap<string, Shared<T>>, ground: Why): T[] {
  return [...all.values()].map(({ users, make }) => make(anyOf(ground, users))).sort((a, b) => (a.name < b.name ? -1 : 1))
}
