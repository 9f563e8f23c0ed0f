/** conntrackd, which keeps the connection tracking of two firewalls in step: `conntrackd.conf`, and what systemd is told besides. Written for conntrackd 1.4.7 (Debian 12). */
import type { Target } from '../target.ts'
import { can } from './can.ts'
import { lower } from './lower.ts'
import { parse } from './parse.ts'
import { print } from './print.ts'
import { rules } from './rules.ts'
import type { ConntrackdTree } from './tree.ts'

/** The target. */
export const conntrackd: Target<ConntrackdTree> = { name: 'conntrackd', can, rules: Object.values(rules), lower, print, parse }
