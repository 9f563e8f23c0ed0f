/** What a proof is asked and what it answers. A property is a folder below `properties` and a line in the list there. */
import type { Family } from '#base/ip.ts'
import type { Origin } from '#base/place.ts'
import type { Company } from '#compile/company.ts'
import type { Design } from '#design/design.ts'
import type { RuleRef } from './engine/filter/interpret.ts'
import type { Spread } from './engine/reach/spread.ts'
import type { World } from './engine/reach/world.ts'
import type { Intent } from './intent/flows.ts'
import type { Place } from './intent/places.ts'

/** What is proved, and from what. */
export interface Proof {
  readonly company: Company
  readonly design: Design
  readonly world: World
  readonly places: readonly Place[]
  readonly intent: Intent
}

/** A claim, judged. */
export interface Verdict {
  /** Name of the property. */
  readonly property: string
  /** The claim, unique in its property: `users → service/erp from ber-office/users-3`. */
  readonly id: string
  /** Undefined where it is not judged. */
  readonly holds: boolean | undefined
  /** What the claim is made by. */
  readonly why: readonly Origin[]
  /** What shows that it does not hold. */
  readonly counter?: Counter
}

/** Something that shows that a claim does not hold. */
export interface Counter {
  /** One sentence. */
  readonly says: string
  /** A packet, where one shows it: `10.32.16.57 → 10.1.80.20 tcp/5432`. */
  readonly packet?: string
  /** The device at which it ends. */
  readonly device?: string
  /** The rule there, if one decides. */
  readonly rule?: RuleRef
}

/** Where the packets of a place get to, by family. */
export type Spreads = Readonly<Record<Family, Spread>> & {
  /** The same when no device of this role takes part. */
  without(role: string): Readonly<Record<Family, Spread>>
}

/** A property: what it claims of the network, and of each place that connections begin at. */
export interface Property {
  readonly name: string
  /** What holds when it holds, for people. */
  readonly title: string
  ofNetwork?(proof: Proof): Iterable<Verdict>
  ofPlace?(proof: Proof, place: Place, spreads: Spreads): Iterable<Verdict>
}
