/** What keepalived is asked: to share gateway addresses. */
import type { Abilities } from '#design/capability.ts'
import { only } from '../abilities.ts'

/** keepalived 2.2's answers. */
export const can: Abilities = only(['gateway'], 'keepalived decides who holds a shared gateway address, and nothing else')
