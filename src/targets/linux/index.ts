/** The Linux kernel: links, addresses, routes that no daemon makes, and kernel parameters. */
import type { Target } from '../target.ts'
import { can } from './can.ts'
import { lower } from './lower.ts'
import { parse } from './parse.ts'
import { print } from './print.ts'
import { rules } from './rules.ts'
import type { LinuxTree } from './tree.ts'

/** The target. */
export const linux: Target<LinuxTree> = { name: 'linux', can, rules, lower, print, parse }
