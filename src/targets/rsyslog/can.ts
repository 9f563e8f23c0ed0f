/** What rsyslog can be asked: to send the log on. */
import type { Abilities } from '#design/capability.ts'
import { only } from '../abilities.ts'

/** rsyslog 8.2302's answers. */
export const can: Abilities = only(['manage.log'], 'rsyslog sends the log on and does nothing else')
