/**
 * Route policies: what each side of a session says (announcements) and believes (acceptance), as prefix lists and policies. Policies are named after what they
 * say, so that sessions which say the same share one.
 */

import { bitsOf } from '#base/ip.ts'
import { anyOf, type Why } from '#base/place.ts'
import type { PrefixList, RoutePolicy, RoutePolicyEntry, Routing } from '#design/routing.ts'
import type { Located } from '../address/plan-company.ts'
import type { Session } from '../connect/connected.ts'
import { ledgerOrigin } from '../holdings.ts'
import type { PlacedDevice } from '../place/place-site.ts'

/** How many times a standby puts its own AS number in front, beyond the usual once: more than any detour inside a site is long. */
const STANDBY_PREPEND = 3

/** Local preference of a default route that comes over the WAN: the internet by way of a hub is the last resort of a site that has a way of its own. */
const LAST_RESORT = 50

/** What a large community says of a route (RFC 8092; the number of who set it, then 1, then one of these): of which kind of site it is, or that it is a summary or a default of a hub. */
const ORIGIN: Readonly<Record<string, number>> = { office: 1, warehouse: 2, 'call-centre': 3, 'data-centre': 4 }
const OTHER_ORIGIN = 9
const SUMMARY = 10
const WAY_OUT = 20

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

/** Collects the policies that a device's sessions need. */
export function policyBook({
  here,
  kind,
  known,
  company,
  asn,
  ask,
  why: ground,
}: { readonly here: Blocks; readonly kind: string; readonly known: readonly Located[]; readonly company: Omit<Blocks, 'name'>; readonly asn: number } & Pick<
  PlacedDevice,
  'ask' | 'why'
>): {
  forSession(session: Session, zone?: Blocks): { importPolicy?: string; exportPolicy?: string }
  finish(): Pick<Routing, 'prefixLists' | 'policies'>
} {
  const { standby } = ask
  /** The device's own AS number, which it puts in front and signs communities with. */
  const own = ledgerOrigin(here.name, `asn ${ask.asn}`)
  const lists = new Map<string, Shared<PrefixList>>()
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

  function policy(name: string, clauses: readonly Clause[], user: Why, prepend: boolean): string {
    const entries: Omit<RoutePolicyEntry, 'why'>[] = []
    for (const { action, match, extent = 'exact', preference, origin } of clauses) {
      const set = {
        ...(prepend ? { prepend: STANDBY_PREPEND } : {}),
        ...(preference === undefined ? {} : { localPreference: preference }),
        ...(origin === undefined ? {} : { largeCommunities: [`${asn}:1:${origin}`] }),
      }
      const matches = match
        ? ([4, 6] as const).flatMap((family) => {
            const of = list(match, family, extent, user)
            return of === undefined ? [] : [family === 4 ? { prefixList4: of } : { prefixList6: of }]
          })
        : [{}]
      for (const one of matches) entries.push({ sequence: (entries.length + 1) * STEP, action, match: one, set: action === 'permit' ? set : {} })
    }
    // That a device stands by was said where it was asked for.
    const make = (users: Why): RoutePolicy => {
      const why = prepend ? [...new Set([...users, ...ground])] : users
      const named = (set: RoutePolicyEntry['set']) => (set.prepend === undefined && set.largeCommunities === undefined ? why : [...why, own])
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
    const { accept, preference } = session.exchange
    const prefer = preference === undefined ? {} : { preference }
    const named = (name: string) => (preference === undefined ? name : `${name}-${preference}`)
    const from = (name: string, clauses: readonly Clause[]) => policy(named(name), clauses, session.asked, false)
    switch (accept) {
      case 'all':
        return undefined
      case 'inside':
        return from('from-inside', [{ action: 'permit', match: here, extent: 'inside' }])
      case 'default':
        return from('from-carrier', [{ action: 'permit', match: DEFAULTS }])
      case 'foreign': {
        const lastResort: Clause[] = session.reach === 'wan' ? [{ action: 'permit', match: DEFAULTS, preference: LAST_RESORT }] : []
        return from(session.reach === 'wan' ? 'from-wan' : 'from-foreign', [
          { action: 'deny', match: here, extent: 'inside' },
          ...lastResort,
          { action: 'permit', ...prefer },
        ])
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
      policies: made(policies, ground),
    }),
  }
}

function share<T>(all: Map<string, Shared<T>>, name: string, user: Why, make: (why: Why) => T): void {
  const known = all.get(name)
  if (known) known.users.push(user)
  else all.set(name, { users: [user], make })
}

function made<T extends { readonly name: string }>(all: ReadonlyMap<string, Shared<T>>, ground: Why): T[] {
  return [...all.values()].map(({ users, make }) => make(anyOf(ground, users))).sort((a, b) => (a.name < b.name ? -1 : 1))
}
