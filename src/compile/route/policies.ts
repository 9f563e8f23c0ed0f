/**
 * Route policies: what each side of a session says (announcements) and believes (acceptance), as prefix lists and policies. Policies are named after what they
 * say, so that sessions which say the same share one.
 */

import { bitsOf, familyOf } from '#base/ip.ts'
import { anyOf, type Why } from '#base/place.ts'
import type { PrefixList, RoutePolicy, RoutePolicyEntry, Routing } from '#design/device.ts'
import type { Located } from '../address/plan-company.ts'
import type { Session } from '../connect/connected.ts'
import type { PlacedDevice } from '../place/place-site.ts'

/** How many times a standby puts its own AS number in front, beyond the usual once: more than any detour inside a site is long. */
const STANDBY_PREPEND = 3

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
  /** Exactly the blocks, or everything inside them. */
  readonly inside?: boolean
}

const DEFAULTS: Blocks = { name: 'default', v4: [{ prefix: '0.0.0.0/0', why: [] }], v6: [{ prefix: '::/0', why: [] }] }

/** What sessions share: there because of any of them. */
interface Shared<T> {
  readonly users: Why[]
  readonly make: (why: Why) => T
}

/** Collects the policies that a device's sessions need. */
export function policyBook({
  here,
  company,
  ask,
  why: ground,
}: { readonly here: Blocks; readonly company: Omit<Blocks, 'name'> } & Pick<PlacedDevice, 'ask' | 'why'>): {
  forSession(session: Session, zone?: Blocks): { importPolicy?: string; exportPolicy?: string }
  finish(): Pick<Routing, 'prefixLists' | 'policies'>
} {
  const { standby } = ask
  const lists = new Map<string, Shared<PrefixList>>()
  const policies = new Map<string, Shared<RoutePolicy>>()
  const space: Blocks = { ...company, name: 'company' }

  /** The prefix list of one family, made when first named. */
  function list(blocks: Blocks, family: 4 | 6, inside: boolean, user: Why): string | undefined {
    const prefixes = family === 4 ? blocks.v4 : blocks.v6
    if (prefixes.length === 0) return undefined
    const name = `${inside ? 'in-' : ''}${blocks.name}-v${family}`
    const make = (why: Why): PrefixList => ({
      name,
      family,
      entries: prefixes.map(({ prefix, why: own }, index) => ({
        sequence: (index + 1) * STEP,
        action: 'permit' as const,
        prefix,
        ...(inside ? { le: bitsOf(familyOf(prefix)) } : {}),
        why: [...own, ...why],
      })),
      why,
    })
    share(lists, name, user, make)
    return name
  }

  function policy(name: string, clauses: readonly Clause[], user: Why, prepend: boolean): string {
    const set = prepend ? { prepend: STANDBY_PREPEND } : {}
    const entries: Omit<RoutePolicyEntry, 'why'>[] = []
    for (const { action, match, inside = false } of clauses) {
      const matches = match
        ? ([4, 6] as const).flatMap((family) => {
            const of = list(match, family, inside, user)
            return of === undefined ? [] : [family === 4 ? { prefixList4: of } : { prefixList6: of }]
          })
        : [{}]
      for (const one of matches) entries.push({ sequence: (entries.length + 1) * STEP, action, match: one, set: action === 'permit' ? set : {} })
    }
    // That a device stands by was said where it was asked for.
    const make = (users: Why): RoutePolicy => {
      const why = prepend ? [...new Set([...users, ...ground])] : users
      return { name, entries: entries.map((entry) => ({ ...entry, why })), why }
    }
    share(policies, name, user, make)
    return name
  }

  function announcing(session: Session): Clause[] {
    const say = new Set(session.exchange.announce)
    return [
      ...(say.has('site') ? [{ action: 'permit' as const, match: here }] : []),
      ...(say.has('learned') ? [{ action: 'deny' as const, match: here, inside: true }, { action: 'permit' as const }] : []),
      ...(say.has('company') && !say.has('learned') ? [{ action: 'permit' as const, match: space }] : []),
      ...(say.has('default') && !say.has('learned') ? [{ action: 'permit' as const, match: DEFAULTS }] : []),
    ]
  }

  function exporting(session: Session): string {
    const words = [...session.exchange.announce].sort().join('-') || 'nothing'
    const clauses = announcing(session)
    return policy(`to-${words}`, clauses.length > 0 ? clauses : [{ action: 'deny' }], session.asked, standby)
  }

  function importing(session: Session): string | undefined {
    switch (session.exchange.accept) {
      case 'all':
        return undefined
      case 'foreign':
        return policy('from-foreign', [{ action: 'deny', match: here, inside: true }, { action: 'permit' }], session.asked, false)
      case 'their-site': {
        const site = session.remoteSite
        return site && policy(`from-${site.name}`, [{ action: 'permit', match: { ...site, name: `site-${site.name}` } }], session.asked, false)
      }
    }
  }

  return {
    forSession(session, zone) {
      const outward: Clause[] = [
        { action: 'permit', match: space },
        { action: 'permit', match: DEFAULTS },
      ]
      switch (session.kind) {
        case 'fabric':
          return {}
        case 'vrf-handoff': {
          // A zone's VRF says its blocks and believes a way out, nothing finer: what other zones have is the firewall's business.
          const blocks = zone!
          return {
            importPolicy: policy('from-firewall', outward, session.asked, false),
            exportPolicy: policy(`to-firewall-${blocks.name}`, [{ action: 'permit', match: { ...blocks, name: `zone-${blocks.name}` } }], session.asked, false),
          }
        }
        case 'open-handoff':
          return {
            importPolicy: policy('from-zones', [{ action: 'permit', match: here, inside: true }], session.asked, false),
            exportPolicy: policy('to-zones', outward, session.asked, standby),
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
