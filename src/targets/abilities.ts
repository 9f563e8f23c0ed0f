/** Answers of targets that are for one thing. */
import { type Abilities, type Answer, CAPABILITIES, type Capability } from '#design/capability.ts'

/** A program that does `purpose` and nothing else, by its nature: every other capability, also one that is new, is answered with `no`. */
export function only(purpose: readonly Capability[], no: string): Abilities {
  const answer = (capability: Capability): Answer => purpose.includes(capability) || { no }
  return Object.fromEntries((Object.keys(CAPABILITIES) as Capability[]).map((capability) => [capability, answer(capability)])) as Abilities
}
