/** What Kea can be asked: leases. */
import type { Abilities } from '#design/capability.ts'
import { only } from '../abilities.ts'

/** Kea 2.2's answers. */
export const can: Abilities = only(['dhcp'], 'Kea hands out addresses and does nothing else')
