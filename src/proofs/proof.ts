/** What a proof is asked and what it answers. A property is a folder below `properties` and a line in the list there. */
import type { Family } from '#base/ip.ts'
import type { Origin } from '#base/place.ts'
import type { Company } from '#compile/company.ts'
import type { Design } from '#design/design.ts'
import type { Alike } from './alike.ts'
import type { Asked } from './asked.ts'
import type { RuleRef } from './engine/filter/interpret.ts'
import type { Cable, Links } from './engine/network/links.ts'
import type { Fates } from './engine/reach/fates.ts'
import type { Gates } from './engine/reach/gates.ts'
import type { Kinds } from './engine/reach/kinds.ts'
import type { World } from './engine/reach/world.ts'
import type { Intent } from './intent/flows.ts'
import type { Place } from './intent/places.ts'

/** A network: what its devices are told, and where packets get to by that. */
export interface Network {
  readonly design: Design
  readonly world: World
  /** The destinations that are looked at; all, if undefined. */
  readonly asked: Asked | undefined
  /** The cables that routing runs over, by id of the link. */
  readonly cables: ReadonlyMap<string, Cable>
  /** Destinations that all tables treat alike; links and loopbacks of routers, of which no policy speaks, are not among them. */
  kinds(family: Family): Kinds
  /** What filters pass, and what becomes of packets behind them. */
  gates(family: Family): Gates
  fates(family: Family): Fates
  readonly places: readonly Place[]
}

/** What is proved, and from what. */
export interface Proof extends Network {
  readonly company: Company
  readonly intent: Intent
  /** Where only that is proved which is otherwise than in a proof before. */
  readonly since?: Since
}

/** What is otherwise than in a proof before, beside the destinations that are asked. */
export interface Since {
  /** The links of then, by which it is known what was found for them. */
  readonly before: Links
  /** Places that are new or others: of what they send all is proved. */
  readonly places: ReadonlySet<Place>
  /** Destinations of packets that go another way; absent where tables, what can fail, and who sends are as they were. */
  readonly rerouted?: Asked
}

/** A claim, judged. */
export interface Verdict {
  /** Name of the property. */
  readonly property: string
  /** The claim, unique in its property: `users → service/erp from ber-office/users-3`. */
  readonly id: string
  readonly holds: boolean
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

/** A property: what it claims of the network, and of each of some places that connections begin at. */
export interface Property {
  readonly name: string
  /** What holds when it holds, for people. */
  readonly title: string
  /** Whether it is of routing alone: while that is the same, so are its verdicts. */
  readonly ofRouting?: true
  ofNetwork?(proof: Proof): Iterable<Verdict>
  ofPlaces?(proof: Proof, alike: Alike): Iterable<Verdict>
}
