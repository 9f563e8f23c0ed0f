/** FRR, the routing suite: static routes and BGP, from `frr.conf` and `daemons`. Written for FRR 8.4 (Debian 12). */
import type { Target } from '../target.ts'
import { can } from './can.ts'
import { lower } from './lower.ts'
import { parse } from './parse.ts'
import { print } from './print.ts'
import { rules } from './rules.ts'
import type { FrrTree } from './tree.ts'

export { checkReferences } from './references.ts'
export type { FrrTree } from './tree.ts'

/** The target. */
export const frr: Target<FrrTree> = { name: 'frr', can, rules: Object.values(rules), lower, print, parse }
