/** Kea, the DHCP server: `kea-dhcp4.conf` and `kea-dhcp6.conf`. Written for Kea 2.2 (Debian 12). */
import type { Target } from '../target.ts'
import { can } from './can.ts'
import { lower } from './lower.ts'
import { parse } from './parse.ts'
import { print } from './print.ts'
import { rules } from './rules.ts'
import type { KeaTree } from './tree.ts'

export { FAMILIES } from './family.ts'
export type { KeaTree } from './tree.ts'

/** The target. */
export const kea: Target<KeaTree> = { name: 'kea', can, rules: Object.values(rules), lower, print, parse }
