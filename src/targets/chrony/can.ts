/** What chrony can be asked: the time. */
import type { Abilities } from '#design/capability.ts'
import { only } from '../abilities.ts'

/** chrony 4.3's answers. */
export const can: Abilities = only(['manage.clock'], 'chrony sets the clock and does nothing else')
