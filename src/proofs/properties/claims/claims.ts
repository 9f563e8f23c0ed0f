/** What the company claims, `forbid` and `expect`: nobody gets there, somebody does, and only by way of a device of a role. */
import type { Family } from '#base/ip.ts'
import type { Claim } from '#model/policy.ts'
import { meet, type Point } from '../../engine/boxes/boxes.ts'
import { PACKETS } from '../../engine/packet.ts'
import { intervalsOf, packetsOf } from '../../intent/flows.ts'
import { isDestination, linksOf } from '../../intent/links.ts'
import type { Place } from '../../intent/places.ts'
import { showPacket } from '../../packet-text.ts'
import type { Counter, Proof, Property, Spreads, Verdict } from '../../proof.ts'
import { broken, sendersOf, waysOf } from '../works/works.ts'

const BOTH = [4, 6] as const

/** The property. */
export const claims: Property = {
  name: 'claims',
  title: 'what is claimed is true',
  *ofPlace(proof, place, spreads) {
    for (const { id, claim } of proof.company.declaration.expectations) {
      const from = proof.intent.side(claim.from)
      if (BOTH.every((family) => sendersOf({ from }, place, family).length === 0)) continue
      const verdict = claim.kind === 'isolate' ? isolated(proof, claim, place, spreads) : reached(proof, claim, place, spreads)
      if (verdict) yield { property: claims.name, id: `${id} from ${place.id}`, why: [`expectation ${id}`], ...verdict }
    }
  },
}

type Judged = Pick<Verdict, 'holds' | 'counter'>

function isolated(proof: Proof, { from, to }: Extract<Claim, { readonly kind: 'isolate' }>, place: Place, spreads: Spreads): Judged {
  const counter = first((family) => arriving(proof, place, from, to, spreads[family], family))
  return counter ? { holds: false, counter } : { holds: true }
}

function reached(
  proof: Proof,
  { from, to, survives, through }: Extract<Claim, { readonly kind: 'reach' }>,
  place: Place,
  spreads: Spreads,
): Judged | undefined {
  const { intent, design } = proof
  const flow = { from: intent.side(from), to: intent.target(to), services: to.kind === 'service' ? intent.listens(to.service) : [] }
  const found = BOTH.map((family) => broken(proof, flow, place, waysOf(design, family, spreads[family]), family))
  if (found.every((one) => one === 'none')) return undefined
  const counter = found.find((one) => typeof one === 'object') ?? (through === undefined ? undefined : goesRound(proof, { from, to }, through, place, spreads))
  if (counter) return { holds: false, counter }
  // That it outlives a failure takes routes anew for each, which is not done yet.
  return { holds: survives ? undefined : true }
}

/** A packet that arrives though no device of the role takes part. */
function goesRound(proof: Proof, { from, to }: Pick<Claim, 'from' | 'to'>, role: string, place: Place, spreads: Spreads): Counter | undefined {
  const without = spreads.without(role)
  const counter = first((family) => arriving(proof, place, from, to, without[family], family))
  return counter && { ...counter, says: `${counter.says}, and met no ${role}` }
}

function arriving(proof: Proof, place: Place, from: Claim['from'], to: Claim['to'], { arrivals }: Spreads[Family], family: Family): Counter | undefined {
  const space = PACKETS[family]
  const { intent, design } = proof
  const links = linksOf(design, family)
  const destinations = intervalsOf(
    family,
    // Members of a zone at one site are together: no claim parts them from themselves.
    intent.target(to).flatMap(({ prefix, site, zone }) => (site === place.site && zone === place.zone ? [] : [prefix])),
  )
  const meant = packetsOf(family, sendersOf({ from: intent.side(from) }, place, family), destinations, [])
  for (const arrival of arrivals) {
    // What leaves the company for a public address of it comes back as a stranger's, if at all.
    if (arrival.kind === 'outside' && to.kind !== 'external') continue
    if (!isDestination(arrival, links)) continue
    for (const box of arrival.boxes) {
      for (const one of meant) {
        const part = meet(space, box, one)
        if (part) return { says: `it arrives at ${arrival.device}`, packet: showPacket(family, part.slice(0, space.words) as Point), device: arrival.device }
      }
    }
  }
  return undefined
}

function first(find: (family: Family) => Counter | undefined): Counter | undefined {
  return find(4) ?? find(6)
}
