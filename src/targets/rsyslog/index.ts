/** rsyslog, which sends the log on, from `rsyslog.conf`. Written for rsyslog 8.2302 (Debian 12). */
import type { Target } from '../target.ts'
import { can } from './can.ts'
import { lower } from './lower.ts'
import { parse } from './parse.ts'
import { print } from './print.ts'
import { rules } from './rules.ts'
import type { RsyslogTree } from './tree.ts'

export type { RsyslogTree } from './tree.ts'

/** The target. */
export const rsyslog: Target<RsyslogTree> = { name: 'rsyslog', can, rules: Object.values(rules), lower, print, parse }
