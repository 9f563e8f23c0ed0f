/** HAProxy, the load balancer, from `haproxy.cfg`; and the announcer beside it, which has the addresses of services on the loopback only while somebody answers there. Written for HAProxy 2.6 (Debian 12). */
import type { Target } from '../target.ts'
import { can } from './can.ts'
import { lower } from './lower.ts'
import { parse } from './parse.ts'
import { print } from './print.ts'
import { rules } from './rules.ts'
import type { HaproxyTree } from './tree.ts'

export type { HaproxyTree } from './tree.ts'

/** The target. */
export const haproxy: Target<HaproxyTree> = { name: 'haproxy', can, rules: Object.values(rules), lower, print, parse }
