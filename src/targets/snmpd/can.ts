/** What snmpd can be asked: to be watched. */
import type { Abilities } from '#design/capability.ts'
import { only } from '../abilities.ts'

/** Net-SNMP 5.9's answers. */
export const can: Abilities = only(['manage.monitor'], 'snmpd answers monitors and does nothing else')
