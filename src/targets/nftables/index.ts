/** nftables, the packet filter of Linux: the stateful filter between zones, and what the device itself accepts. */
import type { Target } from '../target.ts'
import { can } from './can.ts'
import { lower } from './lower.ts'
import { parse } from './parse.ts'
import { print } from './print.ts'
import { RULES } from './rules.ts'
import type { NftTree } from './tree.ts'

/** The target `nftables`: the file `nftables.conf`, loaded by `nft -f`. */
export const nftables: Target<NftTree> = { name: 'nftables', can, rules: Object.values(RULES), lower, print, parse }
