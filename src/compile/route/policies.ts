/**
 * Route policies: what each side of a session says (announcements) and believes (acceptance), as prefix lists and policies. Policies are named after what they
 * say, so that sessions which say the same share one.
 */

import { bitsOf, familyOf } from '#base/ip.ts'
import type { Why } from '#base/place.ts'
import type { PrefixList, RoutePolicy, RoutePolicyEntry, Routing } from '#design/device.ts'
import type { Session } from '../connect/connect-site.ts'

/** How many times a standby puts its own AS number in front, beyond the usual once: more than any detour inside a site is long. */
const STANDBY_PREPEND = 3

/** Distance between the sequence numbers of entries: room for a person to add one in an emergency. */
const STEP = 10

/** Blocks that a prefix list is made of. */
interface Blocks {
  readonly name: string
  readonly v4: readonly string[]
  readonly v6: readonly string[]
  readonly why: Why
}

/** What one entry of a policy says. */
interface Clause {
  readonly action: 'permit' | 'deny'
  readonly match?: Blocks
  /** Exactly the blocks, or everything inside them. */
  readonly inside?: boolean
}

const DEFAULTS: Omit<Blocks, 'why'> = { name: 'default', v4: ['0.0.0.0/0'], v6: ['::/0'] }

/** Collects the policies that a device's sessions need. */
export function policyBook({ here, company, standby }: { readonly here: Blocks; readonly company: Omit<Blocks, 'name'>; readonly standby: boolean }): {
  forSession(session: Session, zone?: Blocks): { importPolicy?: string; exportPolicy?: string }
  finish(): Pick<Routing, 'prefixLists' | 'policies'>
} {
  const lists = new Map<string, PrefixList>()
  const policies = new Map<string, RoutePolicy>()
  const space: Blocks = { ...company, name: 'company' }

  /** The prefix list of one family, made when first named. */
  function list(blocks: Blocks, family: 4 | 6, inside: boolean): string | undefined {
    const prefixes = family === 4 ? blocks.v4 : blocks.v6
    if (prefixes.length === 0) return undefined
    const name = `${inside ? 'in-' : ''}${blocks.name}-v${family}`
    if (!lists.has(name)) {
      lists.set(name, {
        name,
        family,
        entries: prefixes.map((prefix, index) => ({
          sequence: (index + 1) * STEP,
          action: 'permit' as const,
          prefix,
          ...(inside ? { le: bitsOf(familyOf(prefix)) } : {}),
          why: blocks.why,
        })),
        why: blocks.why,
      })
    }
    return name
  }

  function policy(name: string, clauses: readonly Clause[], why: Why, prepend: boolean): string {
    const set = prepend ? { prepend: STANDBY_PREPEND } : {}
    const entries: RoutePolicyEntry[] = []
    for (const { action, match, inside = false } of clauses) {
      const because = match ? match.why : why
      const matches = match
        ? ([4, 6] as const).flatMap((family) => {
            const of = list(match, family, inside)
            return of === undefined ? [] : [family === 4 ? { prefixList4: of } : { prefixList6: of }]
          })
        : [{}]
      for (const one of matches) entries.push({ sequence: (entries.length + 1) * STEP, action, match: one, set: action === 'permit' ? set : {}, why: because })
    }
    if (!policies.has(name)) policies.set(name, { name, entries, why })
    return name
  }

  function announcing(session: Session): Clause[] {
    const say = new Set(session.exchange.announce)
    const defaults = { ...DEFAULTS, why: session.why }
    return [
      ...(say.has('site') ? [{ action: 'permit' as const, match: here }] : []),
      ...(say.has('learned') ? [{ action: 'deny' as const, match: here, inside: true }, { action: 'permit' as const }] : []),
      ...(say.has('company') && !say.has('learned') ? [{ action: 'permit' as const, match: space }] : []),
      ...(say.has('default') && !say.has('learned') ? [{ action: 'permit' as const, match: defaults }] : []),
    ]
  }

  function exporting(session: Session): string {
    const words = [...session.exchange.announce].sort().join('-') || 'nothing'
    const clauses = announcing(session)
    return policy(`to-${words}`, clauses.length > 0 ? clauses : [{ action: 'deny' }], session.why, standby)
  }

  function importing(session: Session): string | undefined {
    switch (session.exchange.accept) {
      case 'all':
        return undefined
      case 'foreign':
        return policy('from-foreign', [{ action: 'deny', match: here, inside: true }, { action: 'permit' }], session.why, false)
      case 'their-site': {
        const site = session.remoteSite
        return (
          site &&
          policy(
            `from-${site.name}`,
            [{ action: 'permit', match: { name: `site-${site.name}`, v4: site.v4, v6: site.v6, why: session.why } }],
            session.why,
            false,
          )
        )
      }
    }
  }

  return {
    forSession(session, zone) {
      const outward: Clause[] = [
        { action: 'permit', match: space },
        { action: 'permit', match: { ...DEFAULTS, why: session.why } },
      ]
      switch (session.kind) {
        case 'fabric':
          return {}
        case 'vrf-handoff': {
          // A zone's VRF says its blocks and believes a way out, nothing finer: what other zones have is the firewall's business.
          const blocks = zone!
          return {
            importPolicy: policy('from-firewall', outward, session.why, false),
            exportPolicy: policy(`to-firewall-${blocks.name}`, [{ action: 'permit', match: { ...blocks, name: `zone-${blocks.name}` } }], session.why, false),
          }
        }
        case 'open-handoff':
          return {
            importPolicy: policy('from-zones', [{ action: 'permit', match: here, inside: true }], session.why, false),
            exportPolicy: policy('to-zones', outward, session.why, standby),
          }
        default: {
          const importPolicy = importing(session)
          return { ...(importPolicy === undefined ? {} : { importPolicy }), exportPolicy: exporting(session) }
        }
      }
    },
    finish: () => ({
      prefixLists: [...lists.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
      policies: [...policies.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    }),
  }
}
