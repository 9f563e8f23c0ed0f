/** What sshd can be asked: to let people in. */
import type { Abilities } from '#design/capability.ts'
import { only } from '../abilities.ts'

/** OpenSSH 9.2's answers. */
export const can: Abilities = only(['manage.login'], 'sshd lets people log in and does nothing else')
