/** sshd, by which people log in, from `sshd_config`. Written for OpenSSH 9.2 (Debian 12). */
import type { Target } from '../target.ts'
import { can } from './can.ts'
import { lower } from './lower.ts'
import { parse } from './parse.ts'
import { print } from './print.ts'
import { rules } from './rules.ts'
import type { SshdTree } from './tree.ts'

export type { SshdTree } from './tree.ts'

/** The target. */
export const sshd: Target<SshdTree> = { name: 'sshd', can, rules: Object.values(rules), lower, print, parse }
