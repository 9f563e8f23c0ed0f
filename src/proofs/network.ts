/** A network, put together from what was routed; and the same about some destinations. */

import { type Asked, askedOf } from './asked.ts'
import { byFamily } from './by-family.ts'
import { fatesOf, kindsIn } from './engine/reach/fates.ts'
import { gatesOf } from './engine/reach/gates.ts'
import type { Spot } from './intent/flows.ts'
import { joined } from './intent/intervals.ts'
import { linksOf } from './intent/links.ts'
import { receiversOf } from './intent/receivers.ts'
import type { Network, Proof } from './proof.ts'

/** Looks at some destinations, or at all; `known` are the kinds of all, if they have been found. */
export function about<N extends Pick<Network, 'design' | 'world'>>(
  network: N,
  asked: Asked | undefined,
  known?: Network['kinds'],
): N & Pick<Network, 'asked' | 'kinds' | 'gates' | 'fates'> {
  const { design, world } = network
  const kinds = known ?? byFamily((family) => kindsIn(world, family, linksOf(design, family), asked?.intervals(family)))
  const gates = byFamily((family) => gatesOf(world, family))
  const fates = byFamily((family) => fatesOf(world, family, kinds(family), gates(family).gateOf))
  return { ...network, asked, kinds, gates, fates }
}

/** Looks at whoever receives of some sides. */
export function aboutReceivers(proof: Proof, sides: readonly (readonly Spot[])[]): Proof {
  const { design, world } = proof
  const addresses = byFamily((family) => joined(sides.flatMap((side) => receiversOf(design, world, side, family).map((receiver) => receiver.addresses))))
  return about(proof, askedOf(addresses))
}
