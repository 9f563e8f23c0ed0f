/** keepalived, which shares gateway addresses by VRRP: `keepalived.conf`, and the script that looks for routes. Written for keepalived 2.2 (Debian 12). */
import type { Target } from '../target.ts'
import { can } from './can.ts'
import { lower } from './lower.ts'
import { parse } from './parse.ts'
import { print } from './print.ts'
import { rules } from './rules.ts'
import type { KeepalivedTree } from './tree.ts'

/** The target. */
export const keepalived: Target<KeepalivedTree> = { name: 'keepalived', can, rules: Object.values(rules), lower, print, parse }
