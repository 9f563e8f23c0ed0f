/** Claims that outlive failures: whichever of a kind fails, who is there still reaches who is there, and somebody is. */
import type { Family } from '#base/ip.ts'
import type { Claim } from '#model/policy.ts'
import { byFamily, FAMILIES } from '../../by-family.ts'
import { failuresOf } from '../../failures/failures.ts'
import { type Tried, trials } from '../../failures/trial.ts'
import { isConcerned } from '../../intent/concern.ts'
import type { Intent } from '../../intent/flows.ts'
import type { Place } from '../../intent/places.ts'
import { receiversOf } from '../../intent/receivers.ts'
import { aboutReceivers } from '../../network.ts'
import type { Counter, Proof, Property } from '../../proof.ts'

/** The property. That they hold while nothing fails is another one. */
export const survives: Property = {
  name: 'survives',
  title: 'failures are outlived',
  *ofNetwork(proof) {
    const { company, intent, places } = proof
    const claims = company.declaration.expectations.flatMap(({ id, claim }) =>
      claim.kind === 'reach' && claim.survives ? [{ id, kinds: claim.survives, tried: triedBy(intent, id, claim) }] : [],
    )
    // Where routing is another one, so are failures: of whom claims are about, all is looked at.
    const of = proof.since?.rerouted
      ? aboutReceivers(
          proof,
          claims.map(({ tried }) => tried.to),
        )
      : proof
    const judged = claims.filter(({ tried }) => FAMILIES.some((family) => receiversIn(of, tried, family).length > 0))
    const kinds = new Set(judged.flatMap((claim) => claim.kinds))
    const tried = judged.map((claim) => claim.tried)
    const tryOne = trials(of, tried, {
      places: places.filter((place) => tried.some((one) => isSender(proof, place, one))),
      kinds: byFamily((family) => {
        const receivers = tried.flatMap((one) => receiversIn(of, one, family))
        return new Set(receivers.flatMap(({ addresses }) => [...of.kinds(family).within(addresses)]))
      }),
    })
    const broken = new Map<string, Counter>()
    for (const failure of kinds.size > 0 ? failuresOf(proof) : []) {
      if (!kinds.has(failure.kind)) continue
      for (const { tried, place, counter } of tryOne(failure).lost) {
        const key = `${tried.id} from ${place.id}`
        const { kinds } = claims.find((claim) => claim.tried === tried)!
        if (kinds.includes(failure.kind) && !broken.has(key)) broken.set(key, { ...counter, says: `without ${failure.kind} ${failure.id}, ${counter.says}` })
      }
    }
    for (const { id, tried } of claims)
      for (const place of places) {
        if (!isSender(proof, place, tried)) continue
        const key = `${id} from ${place.id}`
        const counter = broken.get(key)
        yield { property: survives.name, id: key, holds: !counter, why: [`expectation ${id}`], ...(counter ? { counter } : {}) }
      }
  },
}

/** Those who receive, as far as that is asked. */
function receiversIn({ design, world, asked }: Proof, { to }: Tried, family: Family) {
  return receiversOf(design, world, to, family, asked)
}

function isSender(proof: Proof, place: Place, tried: Tried): boolean {
  return FAMILIES.some((family) => isConcerned(proof, tried, place, family))
}

function triedBy({ side, target, listens }: Intent, id: string, { from, to }: Extract<Claim, { readonly kind: 'reach' }>): Tried {
  return { id, from: side(from), to: target(to), services: to.kind === 'service' ? listens(to.service) : [] }
}
