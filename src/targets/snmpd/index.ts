/** snmpd, the agent of Net-SNMP, which monitors ask, from `snmpd.conf`. Written for Net-SNMP 5.9 (Debian 12). */
import type { Target } from '../target.ts'
import { can } from './can.ts'
import { lower } from './lower.ts'
import { parse } from './parse.ts'
import { print } from './print.ts'
import { rules } from './rules.ts'
import type { SnmpdTree } from './tree.ts'

export type { SnmpdTree } from './tree.ts'

/** The target. */
export const snmpd: Target<SnmpdTree> = { name: 'snmpd', can, rules: Object.values(rules), lower, print, parse }
