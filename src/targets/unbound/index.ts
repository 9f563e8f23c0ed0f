/** Unbound, the resolver: `unbound.conf`. Written for Unbound 1.17.1 (Debian 12). */
import type { Target } from '../target.ts'
import { can } from './can.ts'
import { lower } from './lower.ts'
import { parse } from './parse.ts'
import { print } from './print.ts'
import { rules } from './rules.ts'
import type { UnboundTree } from './tree.ts'

export type { UnboundTree } from './tree.ts'

/** The target. */
export const unbound: Target<UnboundTree> = { name: 'unbound', can, rules: Object.values(rules), lower, print, parse }
