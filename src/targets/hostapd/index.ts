/** hostapd: IEEE 802.1X at the ports of a switch, and what the access points that hang on it are told. Written for hostapd 2.10 (Debian 12), iproute2 6.1 and Linux 6.0. */
import type { Target } from '../target.ts'
import { can } from './can.ts'
import { lower } from './lower.ts'
import { parse } from './parse.ts'
import { print } from './print.ts'
import { rules } from './rules.ts'
import type { HostapdTree } from './tree.ts'

/** The target. */
export const hostapd: Target<HostapdTree> = { name: 'hostapd', can, rules: Object.values(rules), lower, print, parse }
