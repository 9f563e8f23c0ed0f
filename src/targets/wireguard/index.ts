/** WireGuard: keys, port and peer of tunnels whose links linux makes, from `wireguard/NAME.conf` and the commands that load them. Written for wireguard-tools 1.0.20210914 (Debian 12). */
import type { Target } from '../target.ts'
import { can } from './can.ts'
import { lower } from './lower.ts'
import { parse } from './parse.ts'
import { print } from './print.ts'
import { rules } from './rules.ts'
import type { WireguardTree } from './tree.ts'

/** The target. */
export const wireguard: Target<WireguardTree> = { name: 'wireguard', can, rules, lower, print, parse }
