/** What the company claims, `forbid` and `expect`: nobody gets there, somebody does, and only by way of a device of a role. */
import type { Family } from '#base/ip.ts'
import type { Claim } from '#model/policy.ts'
import type { Alike } from '../../alike.ts'
import { FAMILIES } from '../../by-family.ts'
import { type Boxes, lowest, meetAll } from '../../engine/boxes/boxes.ts'
import { byDestination, meetNear } from '../../engine/boxes/near.ts'
import { PACKETS } from '../../engine/packet.ts'
import { END } from '../../engine/reach/fate.ts'
import { sendersOf } from '../../intent/concern.ts'
import { packetsOf } from '../../intent/flows.ts'
import { intervalsOf } from '../../intent/intervals.ts'
import { isDestination, linksOf } from '../../intent/links.ts'
import type { Place } from '../../intent/places.ts'
import { showPacket } from '../../packet-text.ts'
import type { Counter, Proof, Property, Verdict } from '../../proof.ts'
import { DESTINATIONS } from '../denied/denied.ts'
import { lostFrom } from '../works/works.ts'

/** The property. */
export const claims: Property = {
  name: 'claims',
  title: 'what is claimed is true',
  *ofPlaces(proof, alike) {
    for (const { id, claim } of proof.company.declaration.expectations) {
      const from = proof.intent.side(claim.from)
      const senders = alike.places.filter((place) => FAMILIES.some((family) => sendersOf(from, [place], family).length > 0))
      if (senders.length === 0) continue
      const judged = claim.kind === 'isolate' ? isolated(proof, claim, senders, alike) : reached(proof, claim, senders, alike)
      for (const [place, verdict] of judged) yield { property: claims.name, id: `${id} from ${place.id}`, why: [`expectation ${id}`], ...verdict }
    }
  },
}

type Judged = Iterable<readonly [Place, Pick<Verdict, 'holds' | 'counter'>]>
type Ways = Pick<Alike, 'reached' | 'spread'>

function* isolated(proof: Proof, { from, to }: Extract<Claim, { readonly kind: 'isolate' }>, senders: readonly Place[], ways: Ways): Judged {
  const none = isKeptApart(proof, from, to, senders, ways)
  for (const place of senders) {
    const counter = none ? undefined : arriving(proof, place, from, to, ways)
    yield [place, counter ? { holds: false, counter } : { holds: true }]
  }
}

function* reached(proof: Proof, { from, to, through }: Extract<Claim, { readonly kind: 'reach' }>, senders: readonly Place[], ways: Alike): Judged {
  const { intent } = proof
  const flow = { from: intent.side(from), to: intent.target(to), services: to.kind === 'service' ? intent.listens(to.service) : [] }
  const without = through === undefined ? undefined : ways.without(through)
  const mayPassBy = without && !isKeptApart(proof, from, to, senders, without)
  for (const [place, lost] of lostFrom(proof, flow, senders, ways)) {
    const counter = lost ?? (without && mayPassBy ? passingBy(proof, { from, to }, through!, place, without) : undefined)
    yield [place, counter ? { holds: false, counter } : { holds: true }]
  }
}

/** A packet that arrives though no device of the role takes part. */
function passingBy(proof: Proof, { from, to }: Pick<Claim, 'from' | 'to'>, role: string, place: Place, without: Ways): Counter | undefined {
  const counter = arriving(proof, place, from, to, without)
  return counter && { ...counter, says: `${counter.says}, and met no ${role}` }
}

/** Whether nothing that the places send there arrives at all. */
function isKeptApart(proof: Proof, from: Claim['from'], to: Claim['to'], places: readonly Place[], { reached }: Ways): boolean {
  return FAMILIES.every((family) => {
    if (reached(family).rounds.length > 0) return false
    const space = PACKETS[family]
    const meant = meantFrom(proof, from, to, places, family)
    return DESTINATIONS.every((end) => {
      if (end === END.outside && to.kind !== 'external') return true
      return meetNear(space, meant, byDestination(space, reached(family).may.get(end) ?? [])).length === 0
    })
  })
}

function meantFrom({ intent, asked }: Proof, from: Claim['from'], to: Claim['to'], places: readonly Place[], family: Family): Boxes {
  const [{ site, zone }] = places as [Place]
  // Members of a zone at one site are together: no claim parts them from themselves.
  const others = intent.target(to).flatMap((spot) => (spot.site === site && spot.zone === zone ? [] : [spot.prefix]))
  const receivers = intervalsOf(family, others)
  return packetsOf(family, sendersOf(intent.side(from), places, family), asked ? asked.cut(family, receivers) : receivers, [])
}

/** A packet that arrives. */
function arriving(proof: Proof, place: Place, from: Claim['from'], to: Claim['to'], { spread }: Ways): Counter | undefined {
  for (const family of FAMILIES) {
    const space = PACKETS[family]
    const links = linksOf(proof.design, family)
    const meant = meantFrom(proof, from, to, [place], family)
    for (const arrival of spread(place)[family].arrivals) {
      // What leaves the company for a public address of it comes back as a stranger's, if at all.
      if (arrival.kind === 'outside' && to.kind !== 'external') continue
      if (!isDestination(arrival, links)) continue
      const [part] = meetAll(space, arrival.boxes, meant)
      if (part) return { says: `it arrives at ${arrival.device}`, packet: showPacket(family, lowest(space, part)), device: arrival.device }
    }
  }
  return undefined
}
