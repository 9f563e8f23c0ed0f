/** What Unbound can be asked: names. */
import type { Abilities } from '#design/capability.ts'
import { only } from '../abilities.ts'

/** Unbound 1.17's answers. */
export const can: Abilities = only(['names'], 'Unbound answers names and does nothing else')
