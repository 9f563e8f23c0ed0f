/** The smallest edit that would open a way that is closed: tried, by compiling the company with it and proving that, so that what else it would open or break is known. */
import type { Origin, Place } from '#base/place.ts'
import type { Endpoint } from '#model/policy.ts'
import { planReach, type ReachPlan } from '#planner/diff-reach.ts'
import { type Asked, waysBetween } from '#proofs/between.ts'
import { type Change, changeBetween } from '#proofs/change.ts'
import { sizeOf } from '#proofs/engine/boxes/boxes.ts'
import { PACKETS } from '#proofs/engine/packet.ts'
import type { Flow, Spot } from '#proofs/intent/flows.ts'
import { endpointOf } from '#proofs/intent/named.ts'
import type { Proof, Verdict } from '#proofs/proof.ts'
import { claims } from '#proofs/properties/claims/claims.ts'
import { prove } from '#proofs/prove.ts'
import { type Edit, policiesFor, wideningsFor } from './edits.ts'
import { type Prover, verdictsOf } from './prove.ts'
import type { Built, Workspace } from './workspace.ts'

/** Where something is edited, and to what. */
export interface Writing extends Pick<Edit, 'code' | 'was'> {
  /** Where that stands; absent for a new statement. */
  readonly place?: Place
}

/** An edit that opens it. */
export interface Opening extends Writing {
  /** All that is otherwise then. */
  readonly reach: ReachPlan
  /** Claims that do not hold any more, with where they are made. */
  readonly breaks: readonly (Verdict & { readonly place?: Place })[]
  /** Edits that open just as much, and are larger or stand behind it. */
  readonly others: readonly Writing[]
}

/** Statements that there are which are tried. */
const MOST_WIDENED = 4

/**
 * Finds it: of edits of what there is, and the narrowest new policy that opens it, the one that newly allows the fewest packets. Of those that allow as many the smaller edit, and then the one that stands first in the
 * sources. Undefined where none opens it. `prover` has proved what is built.
 */
export function wouldOpen(workspace: Workspace, built: Built, prover: Prover, proof: Proof, asked: Asked): Opening | undefined {
  // Claims are judged first: where they hold, those of an edit are judged only as far as it makes a difference.
  const broken = new Set(verdictsOf(proof, [claims]).flatMap(({ id, holds }) => (holds ? [] : [id])))
  const tried = (edit: Edit) => tryEdit(workspace, built, prover, proof, asked, edit)
  const found = wideningsFor(proof, asked)
    .slice(0, MOST_WIDENED)
    .flatMap((edit) => tried(edit) ?? [])
  for (const edit of policiesFor(proof, asked)) {
    const opened = tried(edit)
    if (!opened) continue
    found.push(opened)
    break
  }
  const least = found.reduce<bigint | undefined>((size, one) => (size === undefined || one.size < size ? one.size : size), undefined)
  const [best, ...others] = found.filter(({ size }) => size === least)
  if (!best) return undefined
  const { design, after, change } = best
  return {
    ...writingOf(built, best.edit),
    reach: planReach(built.design, design, change),
    breaks: prove(after, [claims]).flatMap((claim) => (claim.holds || broken.has(claim.id) ? [] : [{ ...claim, ...placeOf(built, claim.why[0]) }])),
    others: others.map(({ edit }) => writingOf(built, edit)),
  }
}

/** An edit that opens the way, with the network that it makes. */
interface Tried {
  readonly edit: Edit
  readonly design: Built['design']
  readonly after: Proof
  readonly change: Change
  /** How many packets it newly allows. */
  readonly size: bigint
}

function tryEdit(workspace: Workspace, built: Built, prover: Prover, proof: Proof, asked: Asked, edit: Edit): Tried | undefined {
  const supposed = workspace.suppose(built, edit.company)
  if (!supposed.ok) return undefined
  const then = prover(supposed.value)
  if (!then.ok) return undefined
  const found = waysBetween(then.value, asked)
  if ('nobody' in found || found.ways.length === 0 || found.ways.some(({ arrives }) => !arrives)) return undefined
  const change = changeBetween(proof, then.value)
  const size = change.changes.reduce((sum, { family, opened }) => sum + sizeOf(PACKETS[family], opened), 0n)
  return { edit, design: supposed.value.design, after: then.value, change, size }
}

function writingOf(built: Built, { code, was, of }: Edit): Writing {
  return { code, ...(was === undefined ? {} : { was }), ...placeOf(built, of) }
}

/** Where an origin stands. */
function placeOf({ places }: Built, origin: Origin | undefined): { readonly place?: Place } {
  const place = origin === undefined ? undefined : places(origin).place
  return place ? { place } : {}
}

/** The flow of the company that is nearest to what is asked: to the same receivers, and if there is none from the same senders. */
export function nearestFlow({ design, intent }: Proof, asked: Asked): Flow | undefined {
  const [from, to] = [endpointOf(design, asked.from), endpointOf(design, asked.to)]
  const shares = (endpoint: Endpoint | undefined, side: (endpoint: Endpoint) => readonly Spot[], of: (spot: Spot) => string) => {
    const near = new Set((endpoint ? side(endpoint) : []).map(of))
    return (spots: readonly Spot[]) => spots.some((spot) => near.has(of(spot)))
  }
  const zoneOf = ({ site, zone }: Spot) => `${site} ${zone}`
  const isFrom = shares(from, intent.side, zoneOf)
  const isTo = [shares(to, intent.target, ({ prefix }) => prefix), shares(to, intent.target, zoneOf)]
  const near =
    isTo.map((is) => intent.flows.filter((flow) => is(flow.to))).find((flows) => flows.length > 0) ?? intent.flows.filter((flow) => isFrom(flow.from))
  return near.find((flow) => isFrom(flow.from)) ?? near.find(({ from: senders, to: receivers }) => senders !== receivers) ?? near[0]
}
