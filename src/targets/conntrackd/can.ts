/** What conntrackd is asked: to tell the other device what the kernel knows of connections. */
import type { Abilities } from '#design/capability.ts'
import { only } from '../abilities.ts'

/** conntrackd 1.4's answers. */
export const can: Abilities = only(['filter.sync'], 'conntrackd tells another device of connections, and does nothing else')
