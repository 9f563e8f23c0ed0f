/** chrony, which sets the clock, from `chrony.conf`. Written for chrony 4.3 (Debian 12). */
import type { Target } from '../target.ts'
import { can } from './can.ts'
import { lower } from './lower.ts'
import { parse } from './parse.ts'
import { print } from './print.ts'
import { rules } from './rules.ts'
import type { ChronyTree } from './tree.ts'

export type { ChronyTree } from './tree.ts'

/** The target. */
export const chrony: Target<ChronyTree> = { name: 'chrony', can, rules: Object.values(rules), lower, print, parse }
