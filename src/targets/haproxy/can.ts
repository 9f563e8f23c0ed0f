/** What HAProxy can be asked: balancing. The rest of a device belongs to the targets that share it. */
import type { Abilities } from '#design/capability.ts'
import { only } from '../abilities.ts'

/** HAProxy 2.6's answers. */
export const can: Abilities = only(['balance'], 'HAProxy hands connections to servers and does nothing else')
